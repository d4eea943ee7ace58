"""C5 through our public profiles and ``LensCalc``; ``--numpy`` for the path without JAX."""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from worker import CENTRE, E1, E2, EINSTEIN_RADIUS, KAPPA_S, SAMPLE, SCALE_RADIUS, SLOPE, axis_ratio, grid, serve

import autolens as al


def lenses() -> dict[str, Any]:
    """Our profiles; radii of the intermediate axis turned into ours."""
    q = axis_ratio()
    place: dict[str, Any] = {"centre": CENTRE, "ell_comps": (E2, E1)}
    radius = {g: EINSTEIN_RADIUS / np.sqrt(q) * (0.5 * (1.0 + q)) ** (1.0 / (g - 1.0)) for g in (2.0, SLOPE)}
    return {
        "sie": al.mp.Isothermal(**place, einstein_radius=radius[2.0]),
        "epl": al.mp.PowerLaw(**place, einstein_radius=radius[SLOPE], slope=SLOPE),
        "nfw_sph": al.mp.NFWSph(centre=CENTRE, kappa_s=KAPPA_S, scale_radius=SCALE_RADIUS),
        "nfw": al.mp.NFW(**place, kappa_s=KAPPA_S, scale_radius=SCALE_RADIUS / np.sqrt(q)),
    }


def serve_numpy(points: np.ndarray) -> None:
    """Deflections and the memory they take, without JAX."""
    structure = al.Grid2DIrregular(points)
    calls: dict[str, Callable] = {}
    facts: dict[str, Callable] = {}
    for name, lens in lenses().items():
        calls[f"{name}/deflections"] = partial(lens.deflections_yx_2d_from, structure)
        facts[f"{name}/values"] = lambda lens=lens: lens.deflections_yx_2d_from(points[SAMPLE]).tolist()
        facts[f"{name}/deflections/arrays"] = partial(_traced_peak, calls[f"{name}/deflections"], len(points))
    serve(calls, facts)


def _traced_peak(call: Callable, number: int) -> float:
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / (8.0 * number)


def serve_jax(points: np.ndarray) -> None:
    """Deflections, Hessian, value and gradient, compiled with every parameter traced."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    held = jnp.asarray(points)

    def deflections(lens: Any, points: Any) -> Any:
        return lens.deflections_yx_2d_from(al.Grid2DIrregular(points, xp=jnp), xp=jnp).array

    def hessian(lens: Any, points: Any) -> Any:
        return al.LensCalc.from_mass_obj(lens).hessian_from(points, xp=jnp)

    def squares(lens: Any, points: Any) -> Any:
        return jnp.sum(deflections(lens, points) ** 2)

    def potential(lens: Any, points: Any) -> Any:
        return lens.potential_2d_from(al.Grid2DIrregular(points, xp=jnp), xp=jnp).array

    functions = {
        "deflections": deflections,
        "hessian": hessian,
        "value_and_grad": jax.value_and_grad(squares),
        "potential": potential,
    }
    calls: dict[str, Callable] = {}
    facts: dict[str, Callable] = {}
    compiled: dict[str, Any] = {}

    def compiled_of(key: str, function: Callable, lens: Any) -> Any:
        if key not in compiled:
            start = time.perf_counter()
            compiled[key] = jax.jit(function).lower(lens, held).compile(), time.perf_counter() - start
        return compiled[key]

    for name, lens in lenses().items():
        for kind, function in functions.items():
            key = f"{name}/{kind}"
            of = partial(compiled_of, key, function, lens)
            calls[key] = lambda of=of, lens=lens: jax.block_until_ready(of()[0](lens, held))
            facts[f"{key}/compile_s"] = lambda of=of: of()[1]
            facts[f"{key}/arrays"] = lambda of=of: _arrays_of(of()[0], len(points))
        facts[f"{name}/values"] = lambda lens=lens: deflections(lens, held[SAMPLE]).tolist()
    serve(calls, facts)


def _arrays_of(compiled: Any, number: int) -> float:
    memory = compiled.memory_analysis()
    return (memory.temp_size_in_bytes + memory.output_size_in_bytes) / (8.0 * number)


if __name__ == "__main__":
    both = np.stack(grid(), axis=-1)
    if "--numpy" in sys.argv:
        serve_numpy(both)
    else:
        serve_jax(both)
