"""An expansion in Gaussians, light that is convolved with the PSF already, and an unresolved nucleus."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import parity

import autogalaxy as ag


def model_from() -> ag.Collection:
    """Gaussians that share a centre and a shape, a star that is the PSF itself, and a point."""
    shape = ag.Model(ag.lp.Gaussian)
    gaussians = [
        ag.Model(ag.lp.Gaussian, centre=shape.centre, ell_comps=shape.ell_comps, sigma=sigma)
        for sigma in (0.2, 0.5, 1.2)
    ]
    galaxy = ag.Model(
        ag.Galaxy,
        redshift=0.5,
        bulge=ag.Model(ag.lp_basis.Basis, profile_list=gaussians),
        star=ag.Model(ag.lp_operated.Moffat, alpha=ag.UniformPrior(0.2, 0.6), beta=ag.UniformPrior(2.0, 4.0)),
        nucleus=ag.Model(ag.lp.PointSource, centre=(0.1, 0.1)),
    )
    return ag.Collection(galaxies=ag.Collection(galaxy=galaxy))


def analysis_from(use_jax: bool) -> Any:
    """The analysis of the image of the model's own median."""
    galaxies = ag.Galaxies(model_from().instance_from_prior_medians().galaxies)
    return ag.AnalysisImaging(parity.imaging_from(galaxies), use_jax=use_jax)


if __name__ == "__main__":
    parity.round_trip(analysis_from, model_from())
    parity.batch(analysis_from, model_from())
