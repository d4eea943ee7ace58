"""A small lens to fit, and notes of everything that a fit under JAX computes."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SHAPE, PIXEL_SCALE, RADIUS = (40, 40), 0.1, 1.9


def lens_from(note: Path, light: bool) -> tuple[Any, Any]:
    """A model and an analysis of an image of a lens, with the light of the lens or without; work is noted."""
    import autolens as al

    note_work(note)
    lens = {"mass": al.mp.Isothermal(centre=(0.0, 0.0), ell_comps=(0.1, -0.05), einstein_radius=1.1)}
    if light:
        lens["light"] = al.lp.Sersic(ell_comps=(0.1, 0.0), intensity=0.6, effective_radius=0.5, sersic_index=2.5)
    source = al.lp.Sersic(
        centre=(0.08, 0.05), ell_comps=(0.1, 0.1), intensity=1.0, effective_radius=0.2, sersic_index=1.5
    )
    galaxies = al.Galaxy(redshift=0.5, **lens), al.Galaxy(redshift=1.0, light=source)
    psf = al.Convolver.from_gaussian((11, 11), PIXEL_SCALE, sigma=0.1, normalize=True)
    simulator = al.SimulatorImaging(exposure_time=300.0, background_sky_level=0.3, psf=psf, noise_seed=1)
    whole = simulator.via_tracer_from(al.Tracer(galaxies), al.Grid2D.uniform(SHAPE, pixel_scales=PIXEL_SCALE))
    dataset = whole.apply_mask(al.Mask2D.circular(SHAPE, radius=RADIUS, pixel_scales=PIXEL_SCALE))
    return model_from(light), al.AnalysisImaging(dataset=dataset, use_jax=True)


def model_from(light: bool) -> Any:
    """The model that the lens was made from; centres and the ellipticity of its light are known."""
    import autolens as al

    def near(reach: float) -> tuple[Any, Any]:
        return tuple(al.UniformPrior(-reach, reach) for _ in range(2))

    def sersic(**known: Any) -> Any:
        return al.Model(
            al.lp.Sersic,
            intensity=al.UniformPrior(0.0, 10.0),
            effective_radius=al.UniformPrior(0.02, 1.5),
            sersic_index=al.UniformPrior(0.5, 5.0),
            **known,
        )

    mass = al.Model(al.mp.Isothermal, centre=(0.0, 0.0), ell_comps=near(0.4), einstein_radius=al.UniformPrior(0.5, 1.7))
    parts = {"light": sersic(centre=(0.0, 0.0), ell_comps=(0.1, 0.0))} if light else {}
    lens = al.Model(al.Galaxy, redshift=0.5, mass=mass, **parts)
    source = al.Model(al.Galaxy, redshift=1.0, light=sersic(centre=near(0.4), ell_comps=near(0.4)))
    return al.Collection(galaxies=al.Collection(lens=lens, source=source))


def note_work(note: Path) -> None:
    """Let runs of least squares, likelihoods and blocks of chains write when they began and ended, and of what.

    A line is ``begin end what number``; the end is zero in the line that is written at the beginning.
    """
    from autogalaxy.inference.posterior import nuts
    from autogalaxy.inference.posterior.density import LogDensity
    from autogalaxy.inference.search.kernel_jax import JaxKernel

    file = os.open(note, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def noted(function: Callable[..., Any], keys_of: Callable[..., list[str]]) -> Callable[..., Any]:
        def wrapped(*arguments: Any) -> Any:
            keys, begin = keys_of(*arguments), time.monotonic()
            os.write(file, f"{begin} 0 {keys[0]} {len(keys)}\n".encode())
            value = function(*arguments)
            each = (time.monotonic() - begin) / len(keys)
            lines = (f"{begin + i * each} {begin + (i + 1) * each} {key} 1\n" for i, key in enumerate(keys))
            os.write(file, "".join(lines).encode())
            return value

        return wrapped

    def of_run(kernel: Any, scaled: np.ndarray, *rest: Any) -> list[str]:
        problem = kernel.problem
        pixels = len(problem.analysis.dataset.grids.lp.over_sampled)
        return [key_of(scaled, rest, problem.size, problem.robust_scale, type(problem).__name__, pixels)]

    JaxKernel.run = noted(JaxKernel.run, of_run)  # type: ignore[method-assign]
    LogDensity._computed = noted(  # type: ignore[method-assign]
        LogDensity._computed, lambda density, vectors: [key_of(vector, density.size) for vector in vectors]
    )
    chains = nuts._Chains
    chains._blocks_of_all_chains = noted(  # type: ignore[method-assign]
        chains._blocks_of_all_chains, lambda run, warm: [key_of(run.z, run.index, warm)]
    )


def key_of(values: np.ndarray, *rest: Any) -> str:
    return hashlib.sha256(np.asarray(values, dtype=float).tobytes() + repr(rest).encode()).hexdigest()[:16]
