"""Bad input under JAX: concrete values raise the error of NumPy, traced ones give a finite, refused value."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import jax
import jax.numpy as jnp
import numpy as np
import parity

import autolens as al
from autolens import exc

SHAPE = (15, 15)
ONES = np.ones(SHAPE)


def with_value(value: float) -> np.ndarray:
    array = np.ones(SHAPE)
    array[5, 6] = value
    return array


def dataset_from(data: Any = ONES, noise: Any = ONES, **settings: Any) -> al.Imaging:
    return al.Imaging(data, noise, pixel_scales=0.1, over_sample_size_lp=1, **settings)


def model_from() -> al.Collection:
    """A lens and a source whose priors leave the domains of their profiles."""
    lens = al.Model(al.Galaxy, redshift=0.5, mass=al.mp.PowerLaw)
    lens.mass.ell_comps = tuple(al.UniformPrior(-2.0, 2.0) for _ in range(2))
    lens.mass.slope = al.UniformPrior(0.0, 5.0)
    source = al.Model(al.Galaxy, redshift=1.0, bulge=al.lp.Sersic)
    source.bulge.effective_radius = al.UniformPrior(-1.0, 1.0)
    source.bulge.sersic_index = al.UniformPrior(-1.0, 5.0)
    return al.Collection(galaxies=al.Collection(lens=lens, source=source))


def fit(dataset: al.Imaging, use_jax: bool) -> Any:
    return al.AnalysisImaging(dataset, use_jax=use_jax)


UNCHECKED: dict[str, Callable[[bool], Any]] = {
    "NaN in data": lambda j: fit(dataset_from(with_value(np.nan)), j),
    "inf in data": lambda j: fit(dataset_from(with_value(np.inf)), j),
    "NaN in noise": lambda j: fit(dataset_from(noise=with_value(np.nan)), j),
    "noise of 0": lambda j: fit(dataset_from(noise=with_value(0.0)), j),
    "PSF of zeros": lambda j: fit(dataset_from(psf=np.zeros((3, 3))), j),
    "mask of another shape": lambda j: fit(dataset_from().apply_mask(al.Mask2D.all_false((3, 3), 0.1)), j),
    "mask removes all pixels": lambda j: fit(dataset_from().apply_mask(al.Mask2D(ONES, 0.1)), j),
    "a class for a dataset": lambda j: fit(al.Imaging, j),
    "positions of one image": lambda j: al.AnalysisImaging(
        dataset_from(), al.PositionsLH([(1.0, 0.0)], 0.3), use_jax=j
    ),
    "exposure time -1": lambda j: al.SimulatorImaging(-1.0, use_jax=j),
    "vector of strings": lambda j: model_from().instance_from_vector(["a"] * model_from().prior_count),
}
"""Calls that say by ``use_jax`` where they compute."""

CONCRETE: dict[str, Callable[[Any], Any]] = {
    "Einstein radius -1": lambda number: al.mp.Isothermal(einstein_radius=number(-1.0)),
    "Einstein radius NaN": lambda number: al.mp.Isothermal(einstein_radius=number(np.nan)),
    "slope 3.5": lambda number: al.mp.PowerLaw(slope=number(3.5)),
    "ell_comps outside": lambda number: al.mp.Isothermal(ell_comps=(number(0.9), number(0.9))),
    "regularization 0": lambda number: al.reg.Constant(number(0.0)),
}
"""Numbers that JAX holds outside of a traced function are looked at like any others."""


def error_of(call: Callable[[], Any]) -> str:
    try:
        call()
    except exc.AutoException as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"


def the_same_errors() -> None:
    for name, call in UNCHECKED.items():
        said = [error_of(lambda call=call, j=j: call(j)) for j in (False, True)]
        parity.check(said[0] == said[1] != "nothing", f"{name}: {said}")
    for name, call in CONCRETE.items():
        said = [error_of(lambda call=call, n=n: call(n)).split(" got ")[0] for n in (float, jnp.asarray)]
        parity.check(said[0] == said[1] != "nothing", f"{name}: {said}")


def traced_points_are_refused_and_finite() -> None:
    """Draws of the whole prior: those outside of a domain are refused, and every value is finite."""
    model = model_from()
    fitness = {j: al.Fitness(model, fit(dataset_from(), j)) for j in (False, True)}
    units = np.random.default_rng(1).uniform(size=(200, model.prior_count))
    rows = np.array([model.vector_from_unit_vector(unit) for unit in units])
    values = {j: np.array([float(fitness[j](row)) for row in rows]) for j in (False, True)}
    refused = values[True] <= -1e90
    parity.check(20 < refused.sum() < 200, f"{refused.sum()} of 200 draws are outside of a domain")
    parity.check(np.array_equal(refused, values[False] <= -1e90), "NumPy refuses the same draws")
    parity.check(np.all(np.isfinite(values[True])), "every value is finite")
    together = np.asarray(jax.jit(jax.vmap(fitness[True].call))(jnp.asarray(rows)))
    parity.check(
        np.array_equal(together <= -1e90, refused) and np.all(np.isfinite(together)), "a batch refuses the same"
    )
    for row in (np.full(model.prior_count, np.nan), np.full(model.prior_count, np.inf)):
        parity.check(np.isfinite(float(fitness[True](row))), f"a vector of {row[0]} gives a finite value")


if __name__ == "__main__":
    the_same_errors()
    traced_points_are_refused_and_finite()
    print("bad input: ok")
