"""Thirty linear Gaussians for the light of a lens, a linear Sersic for its source."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import parity

import autolens as al


def model_from() -> al.Collection:
    """The lens model: 4 parameters of light, whatever the number of Gaussians."""
    bulge = al.mge_model_from(mask_radius=2.0, total_gaussians=30, sigma_min=0.05)
    lens = al.Model(al.Galaxy, redshift=0.5, bulge=bulge, mass=al.mp.Isothermal, shear=al.mp.ExternalShear)
    lens.mass.einstein_radius = al.UniformPrior(1.0, 1.5)
    return al.Collection(galaxies=al.Collection(lens=lens, source=parity.sersic_source(al.lp_linear.Sersic)))


def analysis_from(use_jax: bool) -> Any:
    """The analysis of the image of a Sersic galaxy that lenses another one."""
    bulge = al.lp.Sersic(ell_comps=(0.1, 0.05), intensity=1.0, effective_radius=0.6, sersic_index=3.0)
    mass = al.mp.Isothermal(ell_comps=(0.1, 0.0), einstein_radius=1.25)
    source = al.lp.Sersic(centre=(0.05, 0.05), intensity=0.5, effective_radius=0.3, sersic_index=1.5)
    tracer = al.Tracer([al.Galaxy(redshift=0.5, bulge=bulge, mass=mass), al.Galaxy(redshift=1.0, bulge=source)])
    return al.AnalysisImaging(parity.imaging_from(tracer), use_jax=use_jax)


if __name__ == "__main__":
    parity.round_trip(analysis_from, model_from())
    parity.batch(analysis_from, model_from())
