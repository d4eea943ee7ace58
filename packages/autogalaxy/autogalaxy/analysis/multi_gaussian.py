"""Ready-made models of a multi-Gaussian expansion: many Gaussians that share a place and a shape.

References
----------
Cappellari (2002), MNRAS 333, 400; He et al. (2024), MNRAS 532, 2441 (linear intensities, positive, in lens models).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.model import Model
from autogalaxy.profiles import light_linear_profiles as lp_linear
from autogalaxy.profiles.basis import Basis

_MOST = 1000
"""Gaussians, or sets of them, that a linear inversion can hold."""
_CENTRE_WIDTH = 0.1
"""Half width [arcsec] of uniform priors of a centre."""


@checked(exc.ModelException)
def mge_model_from(
    mask_radius: float,
    total_gaussians: int = 30,
    gaussian_per_basis: int = 1,
    centre_prior_is_uniform: bool = True,
    centre: tuple[float, float] = (0.0, 0.0),
    centre_fixed: tuple[float, float] | None = None,
    centre_per_basis: bool = False,
    centre_sigma: float = 0.3,
    ell_comps_prior_is_uniform: bool = False,
    ell_comps_uniform_width: float = 0.2,
    ell_comps_sigma: float = 0.3,
    use_spherical: bool = False,
    sigma_min: float = 0.01,
    ell_comps_limit: float = 1.0,
    order_bases: bool = False,
    regularization: Any = None,
) -> Model:
    """A basis of Gaussians with linear intensities whose sigmas go from ``sigma_min`` to ``mask_radius`` [arcsec].

    The sigmas are spaced evenly in their logarithm and fixed, so that 4 parameters stay free: a centre, and the
    elliptical components (2 with ``use_spherical``). ``gaussian_per_basis`` sets of ``total_gaussians`` each have
    elliptical components of their own, and a centre too with ``centre_per_basis``; ``order_bases`` sorts the sets by
    their first elliptical component, so that they cannot change places. A ``sigma_min`` below a fifth of a sub-pixel
    adds Gaussians that are points for this image, which no sub-pixel may see.

    Returns
    -------
    A model of ``lp_basis.Basis``: ``Model(Galaxy, redshift=0.5, bulge=mge_model_from(mask_radius=3.0))``.
    """
    _check_counts(total_gaussians=total_gaussians, gaussian_per_basis=gaussian_per_basis)
    _check_lengths(total_gaussians, mask_radius=mask_radius, sigma_min=sigma_min)
    cls: Any = lp_linear.GaussianSph if use_spherical else lp_linear.Gaussian

    def centre_priors() -> Any:
        if centre_fixed is not None:
            return tuple(float(c) for c in centre_fixed)
        if centre_prior_is_uniform:
            return tuple(aa.UniformPrior(c - _CENTRE_WIDTH, c + _CENTRE_WIDTH) for c in centre)
        return tuple(aa.GaussianPrior(mean=c, sigma=centre_sigma) for c in centre)

    def ell_comps_priors() -> Any:
        if ell_comps_prior_is_uniform:
            return tuple(aa.UniformPrior(-ell_comps_uniform_width, ell_comps_uniform_width) for _ in range(2))
        limit = ell_comps_limit
        return tuple(aa.TruncatedGaussianPrior(0.0, ell_comps_sigma, -limit, limit) for _ in range(2))

    gaussians, shared, shapes = [], centre_priors(), []
    for _ in range(gaussian_per_basis):
        values = {"centre": centre_priors() if centre_per_basis else shared}
        if not use_spherical:
            values["ell_comps"] = ell_comps_priors()
            shapes.append(values["ell_comps"][0])
        sigmas = np.geomspace(sigma_min, mask_radius, total_gaussians)
        gaussians += [Model(cls, **values, sigma=float(sigma)) for sigma in sigmas]
    basis = Model(Basis, profile_list=gaussians, regularization=regularization)
    if order_bases:
        for lower, upper in zip(shapes[:-1], shapes[1:], strict=True):
            basis.add_assertion(lower < upper)
    return basis


@checked(exc.ModelException)
def mge_point_model_from(
    pixel_scales: float,
    total_gaussians: int = 10,
    centre: tuple[float, float] = (0.0, 0.0),
    sigma_min: float = 0.01,
) -> Model:
    """A basis of round Gaussians for a point-like source of light: sigmas up to two pixels, a centre within 0.1 arcsec.

    ``pixel_scales`` is the size of a pixel [arcsec], ``centre`` (y,x) the middle of the prior of the centre.
    """
    _check_counts(total_gaussians=total_gaussians)
    _check_lengths(total_gaussians, pixel_scales=pixel_scales, sigma_min=sigma_min)
    return mge_model_from(
        mask_radius=2.0 * pixel_scales,
        total_gaussians=total_gaussians,
        centre=centre,
        use_spherical=True,
        sigma_min=min(sigma_min, pixel_scales),
    )


def _check_counts(**counts: int) -> None:
    for name, value in counts.items():
        if not 1 <= value <= _MOST:
            raise exc.ModelException(f"{name}={value}, wanted a whole number from 1 to {_MOST}: {name}=20.")


def _check_lengths(total_gaussians: int, **lengths: float) -> None:
    for name, value in lengths.items():
        if not (isinstance(value, int | float | np.number) and math.isfinite(value) and value > 0.0):
            raise exc.ModelException(
                f"{name}={exc.shown(value)}, wanted a finite number above zero [arcsec]: {name}=0.05."
            )
    first, last = lengths["sigma_min"], lengths.get("mask_radius", math.inf)
    if total_gaussians > 1 and not first < last:
        raise exc.ModelException(
            f"sigma_min={exc.shown(first)} and mask_radius={exc.shown(last)}, wanted sigma_min < mask_radius."
        )
