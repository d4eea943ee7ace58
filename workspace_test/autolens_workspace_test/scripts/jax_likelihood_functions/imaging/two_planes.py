"""Two lens planes, the redshift of the nearer one free, in front of a Sersic source."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import parity

import autolens as al


def model_from() -> al.Collection:
    """The lens model, priors narrowed around what was simulated."""
    lens = al.Model(al.Galaxy, redshift=0.5, mass=al.mp.Isothermal)
    lens.mass.einstein_radius = al.UniformPrior(1.0, 1.5)
    perturber = al.Model(al.Galaxy, redshift=al.UniformPrior(0.2, 0.4), mass=al.mp.IsothermalSph)
    perturber.mass.centre = (0.8, -0.4)
    perturber.mass.einstein_radius = al.UniformPrior(0.1, 0.3)
    source = parity.sersic_source()
    return al.Collection(galaxies=al.Collection(lens=lens, perturber=perturber, source=source))


def analysis_from(use_jax: bool) -> Any:
    """The analysis of the image of the model's own median."""
    tracer = al.Tracer(model_from().instance_from_prior_medians().galaxies)
    return al.AnalysisImaging(parity.imaging_from(tracer), use_jax=use_jax)


if __name__ == "__main__":
    parity.round_trip(analysis_from, model_from())
    parity.batch(analysis_from, model_from())
