"""A singular isothermal ellipsoid with shear and light of its own lenses a Sersic source."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import parity

import autolens as al


def model_from() -> al.Collection:
    """The lens model, priors narrowed around what was simulated."""
    lens = al.Model(al.Galaxy, redshift=0.5, bulge=al.lp.Sersic, mass=al.mp.Isothermal, shear=al.mp.ExternalShear)
    lens.mass.einstein_radius = al.UniformPrior(1.0, 1.5)
    source = parity.sersic_source()
    return al.Collection(galaxies=al.Collection(lens=lens, source=source))


def analysis_from(use_jax: bool) -> Any:
    """The analysis of the image of the model's own median."""
    tracer = al.Tracer(model_from().instance_from_prior_medians().galaxies)
    return al.AnalysisImaging(parity.imaging_from(tracer), use_jax=use_jax)


if __name__ == "__main__":
    parity.round_trip(analysis_from, model_from())
    parity.batch(analysis_from, model_from())
