"""C1 through our public Model, AnalysisImaging and Fitness."""

from __future__ import annotations

from typing import Any

from dataset import dataset_from
from measure import main
from problem import REDSHIFTS, Problem, values_from, vector_from

import autolens as al


def model_from() -> al.Collection:
    """SIE + shear and a Sersic for the lens, a Sersic for the source: 21 free parameters."""
    lens = al.Model(
        al.Galaxy,
        redshift=REDSHIFTS["lens"],
        bulge=al.Model(al.lp.Sersic),
        mass=al.Model(al.mp.Isothermal),
        shear=al.Model(al.mp.ExternalShear),
    )
    source = al.Model(al.Galaxy, redshift=REDSHIFTS["source"], bulge=al.Model(al.lp.Sersic))
    return al.Collection(galaxies=al.Collection(lens=lens, source=source))


def fitness_from(problem: Problem) -> tuple[Any, list[str]]:
    """The fitness under JAX and the paths of its parameters in the order of its vector."""
    model = model_from()
    analysis = al.AnalysisImaging(dataset=dataset_from(problem), use_jax=True)
    return al.Fitness(model=model, analysis=analysis), list(model.paths)


def log_likelihood_with_sampled_ring(problem: Problem) -> float:
    """ln L at the truth with 4 x 4 sub-pixels in the ring too, as the reference image has; NumPy, not timed."""
    model = model_from()
    analysis = al.AnalysisImaging(dataset=dataset_from(problem, over_sample_size_blurring=4))
    return al.Fitness(model=model, analysis=analysis)(vector_from(list(model.paths), values_from(problem.truth)))


if __name__ == "__main__":
    main("ours", fitness_from, log_likelihood_with_sampled_ring)
