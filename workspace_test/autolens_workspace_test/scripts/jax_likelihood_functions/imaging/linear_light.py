"""Linear light of every kind at once: with numbers beside it, operated, in a regularized basis, and behind the lens."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import parity

import autolens as al


def model_from() -> al.Collection:
    """The lens model; the coefficient of the regularization is free too."""
    gaussians = [al.Model(al.lp_linear.Gaussian, centre=(0.0, 0.0), sigma=sigma) for sigma in (0.1, 0.2, 0.4, 0.8)]
    regularization = al.Model(al.reg.Constant, coefficient=al.LogUniformPrior(1e-2, 1e2))
    lens = al.Model(
        al.Galaxy,
        redshift=0.5,
        disk=al.lp.Exponential,
        star=al.Model(al.lp_linear_operated.Gaussian, centre=(0.8, -0.9), sigma=al.UniformPrior(0.1, 0.2)),
        bulge=al.Model(al.lp_basis.Basis, profile_list=gaussians, regularization=regularization),
        mass=al.mp.Isothermal,
    )
    lens.mass.einstein_radius = al.UniformPrior(1.0, 1.5)
    return al.Collection(galaxies=al.Collection(lens=lens, source=parity.sersic_source(al.lp_linear.Sersic)))


def analysis_from(use_jax: bool) -> Any:
    """The analysis of the image of a Sersic galaxy that lenses another one."""
    bulge = al.lp.Sersic(intensity=1.0, effective_radius=0.6, sersic_index=2.0)
    star = al.lp_operated.Gaussian(centre=(0.8, -0.9), sigma=0.15, intensity=2.0)
    mass = al.mp.Isothermal(ell_comps=(0.1, 0.0), einstein_radius=1.25)
    source = al.lp.Sersic(centre=(0.05, 0.05), intensity=0.5, effective_radius=0.3, sersic_index=1.5)
    lens = al.Galaxy(redshift=0.5, bulge=bulge, star=star, mass=mass)
    tracer = al.Tracer([lens, al.Galaxy(redshift=1.0, bulge=source)])
    return al.AnalysisImaging(parity.imaging_from(tracer), use_jax=use_jax)


if __name__ == "__main__":
    parity.round_trip(analysis_from, model_from())
    parity.batch(analysis_from, model_from())
