"""A bulge and a disk."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import parity

import autogalaxy as ag


def model_from() -> ag.Collection:
    """The galaxy's model, with its default priors."""
    return ag.Collection(
        galaxies=ag.Collection(
            galaxy=ag.Model(ag.Galaxy, redshift=0.5, bulge=ag.lp.DevVaucouleurs, disk=ag.lp.Exponential)
        )
    )


def analysis_from(use_jax: bool) -> Any:
    """The analysis of the image of the model's own median."""
    galaxies = ag.Galaxies(model_from().instance_from_prior_medians().galaxies)
    return ag.AnalysisImaging(parity.imaging_from(galaxies), use_jax=use_jax)


if __name__ == "__main__":
    parity.round_trip(analysis_from, model_from())
    parity.batch(analysis_from, model_from())
