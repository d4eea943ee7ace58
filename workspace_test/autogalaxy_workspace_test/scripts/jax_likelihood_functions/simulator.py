"""Simulating with JAX: what NumPy refuses is refused, and a traced simulator wants a seed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import jax
import jax.numpy as jnp
import numpy as np
from parity import check

import autogalaxy as ag


def refusal_of(call: Callable[[], object]) -> str:
    """The message of our error, empty when there is none."""
    try:
        call()
    except ag.exc.DatasetException as error:
        return str(error)
    return ""


MASK = ag.Mask2D.all_false((5, 5), 0.1)


def data_of(simulator: ag.SimulatorImaging) -> Callable[[jax.Array], jax.Array]:
    return lambda values: simulator.via_image_from(ag.Array2D(values, MASK, xp=jnp)).data.array


ones = ag.Array2D(jnp.ones(25), MASK, xp=jnp)
zeros = ag.Array2D(jnp.zeros(25), MASK, xp=jnp)

check("noise_map is 0.0" in refusal_of(lambda: ag.Imaging(ones, zeros)), "a noise map of zeros held by JAX is refused")
check(
    "25 pixels" in refusal_of(lambda: ag.SimulatorImaging(100.0, use_jax=True).via_image_from(zeros)),
    "an empty image held by JAX is refused",
)
unseeded = data_of(ag.SimulatorImaging(100.0, use_jax=True))
check("explicit seed" in refusal_of(lambda: jax.jit(unseeded)(jnp.ones(25))), "a traced simulator wants a seed")
check(np.any(unseeded(jnp.ones(25)) != unseeded(jnp.ones(25))), "without jit every call draws anew")

seeded = data_of(ag.SimulatorImaging(100.0, noise_seed=3, use_jax=True))
check(np.allclose(jax.jit(seeded)(jnp.ones(25)), seeded(jnp.ones(25)), rtol=1e-12), "a seed gives the same under jit")
print("simulator: ok")
