"""C1 through our public Model, AnalysisImaging and Fitness."""

from __future__ import annotations

from typing import Any

from dataset import dataset_from
from measure import main
from problem import REDSHIFTS, Problem

import autolens as al


def fitness_from(problem: Problem) -> tuple[Any, list[str]]:
    """The fitness under JAX and the paths of its 21 parameters in the order of its vector."""
    lens = al.Model(
        al.Galaxy,
        redshift=REDSHIFTS["lens"],
        bulge=al.Model(al.lp.Sersic),
        mass=al.Model(al.mp.Isothermal),
        shear=al.Model(al.mp.ExternalShear),
    )
    source = al.Model(al.Galaxy, redshift=REDSHIFTS["source"], bulge=al.Model(al.lp.Sersic))
    model = al.Collection(galaxies=al.Collection(lens=lens, source=source))
    analysis = al.AnalysisImaging(dataset=dataset_from(problem), use_jax=True)
    return al.Fitness(model=model, analysis=analysis), list(model.paths)


if __name__ == "__main__":
    main("ours", fitness_from)
