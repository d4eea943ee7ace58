"""C1 through the public API of the PyPI package autolens; run in an environment of its own.

It needs no convention of ours but the conversions of ``problem.py``: its parameters are the ones we read.
"""

from __future__ import annotations

from typing import Any

import autofit as af
from autofit.non_linear.fitness import Fitness
from measure import main
from problem import PIXEL_SCALE, REDSHIFTS, Problem

import autolens as al


def dataset_from(problem: Problem) -> Any:
    """The masked dataset with uniform 4 x 4 sub-pixels."""
    mask = al.Mask2D(mask=problem.mask, pixel_scales=PIXEL_SCALE)
    psf = al.Convolver(kernel=al.Array2D.no_mask(values=problem.psf, pixel_scales=PIXEL_SCALE), normalize=True)
    dataset = al.Imaging(
        data=al.Array2D.no_mask(values=problem.data, pixel_scales=PIXEL_SCALE),
        noise_map=al.Array2D.no_mask(values=problem.noise_map, pixel_scales=PIXEL_SCALE),
        psf=psf,
    )
    return dataset.apply_mask(mask=mask).apply_over_sampling(over_sample_size_lp=4)


def fitness_from(problem: Problem) -> tuple[Any, list[str]]:
    """The fitness under JAX and the paths of its 21 parameters in the order of its vector."""
    lens = af.Model(
        al.Galaxy,
        redshift=REDSHIFTS["lens"],
        bulge=af.Model(al.lp.Sersic),
        mass=af.Model(al.mp.Isothermal),
        shear=af.Model(al.mp.ExternalShear),
    )
    source = af.Model(al.Galaxy, redshift=REDSHIFTS["source"], bulge=af.Model(al.lp.Sersic))
    model = af.Collection(galaxies=af.Collection(lens=lens, source=source))
    analysis = al.AnalysisImaging(dataset=dataset_from(problem), use_jax=True)
    fitness = Fitness(model=model, analysis=analysis, fom_is_log_likelihood=True, resample_figure_of_merit=-1e99)
    return fitness, [".".join(path) for path in model.paths]


if __name__ == "__main__":
    main("autolens 2026.10", fitness_from)
