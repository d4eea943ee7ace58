"""Elliptical NFW lens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import modulus_from, squeezed_from
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.circular import CircularMassProfile
from autogalaxy.profiles.mass.closed_jacobian import Elements, jacobian_from, with_closed_jacobian
from autogalaxy.profiles.mass.complex_plane import Parts
from autogalaxy.profiles.mass.dark.nfw_ellipsoid import nfw_convergence_from
from autogalaxy.profiles.mass.dark.nfw_ellipsoid_deflection import nfw_deflections_from
from autogalaxy.profiles.mass.dark.nfw_ellipsoid_derived import (
    nfw_convergence_and_shear_from,
    nfw_potential_from,
    nfw_shear_from,
)
from autogalaxy.profiles.mass.dark.nfw_round import (
    nfw_mean_and_local_convergence_from,
    nfw_mean_convergence_from,
    nfw_round_potential_from,
)
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain


def _deflections_from(y: Array, x: Array, e0: Array, e1: Array, xp: Namespace = np) -> tuple[Array, Array]:
    return nfw_deflections_from(y, x, (e0, e1), xp=xp)


def _convergence_from(y: Array, x: Array, e0: Array, e1: Array, xp: Namespace = np) -> Array:
    """Over ``kappa_s``, of points in scale radii."""
    zeta_y, zeta_x = squeezed_from(y, x, (e0, e1))
    squared = (zeta_y**2 + zeta_x**2) / (1.0 - modulus_from(e0, e1, xp=xp)) ** 2
    return 2.0 * nfw_convergence_from(squared, xp=xp)


def _with_jacobian_from(
    y: Array, x: Array, e0: Array, e1: Array, alpha: Parts | None, xp: Namespace = np
) -> tuple[Parts, Elements]:
    alpha = _deflections_from(y, x, e0, e1, xp=xp) if alpha is None else alpha
    kappa, gamma = nfw_convergence_and_shear_from(y, x, (e0, e1), xp=xp)
    return alpha, jacobian_from(2.0 * kappa, gamma)


def _round_deflections_from(y: Array, x: Array, xp: Namespace = np) -> tuple[Array, Array]:
    mean = 4.0 * nfw_mean_convergence_from(y**2 + x**2, xp=xp)
    return mean * y, mean * x


def _round_with_jacobian_from(y: Array, x: Array, alpha: Parts | None, xp: Namespace = np) -> tuple[Parts, Elements]:
    squared = y**2 + x**2
    mean, kappa = nfw_mean_and_local_convergence_from(squared, xp=xp)
    mean = 4.0 * mean
    slope = 2.0 * (2.0 * kappa - mean) / xp.where(squared > 0.0, squared, 1.0)
    return (mean * y, mean * x), (mean + slope * y**2, slope * y * x, mean + slope * x**2)


@dataclass(eq=False)
class NFW(MassProfile):
    r"""Elliptical Navarro-Frenk-White halo; the contours of the convergence are ellipses.

    .. math:: \kappa = 2 \kappa_s \frac{1 - F(m / r_s)}{(m / r_s)^2 - 1}, \quad m^2 = x^2 + y^2 / q^2

    with :math:`F(x) = \mathrm{arcosh}(1 / x) / \sqrt{1 - x^2}`. With the intermediate axis of other codes,
    :math:`\sqrt q \, m`, the scale radius is :math:`r_s / \sqrt q`. Deflection, convergence and shear are closed forms,
    good to 1e-12; the potential is a quadrature of the deflection, good to 1e-12.

    References
    ----------
    Navarro, Frenk & White (1997), ApJ 490, 493; Wright & Brainerd (2000), ApJ 534, 34; Heyrovsky & Karamazov (2024),
    A&A 690, A19.
    """

    kappa_s: float = aa.parameter(0.05, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    r""":math:`\rho_s r_s / \Sigma_{cr}`, the characteristic convergence."""
    scale_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.1, upper_limit=50.0))
    """Major-axis radius at which the slope of the density is -2."""

    domains: ClassVar[dict[str, Domain]] = {"kappa_s": NOT_NEGATIVE, "scale_radius": POSITIVE}

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        y, x = y / self.scale_radius, x / self.scale_radius
        scale = self.kappa_s * self.scale_radius
        function = with_closed_jacobian(_deflections_from, _with_jacobian_from, xp=xp)
        alpha_y, alpha_x = function(y, x, *ell_comps)
        return scale * alpha_y, scale * alpha_x

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``; at the centre, where it grows as a logarithm, that of a tiny radius."""
        y, x = y / self.scale_radius, x / self.scale_radius
        return self.kappa_s * _convergence_from(y, x, *ell_comps, xp=xp)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], zero at the centre, ``(n,)``."""
        y, x = y / self.scale_radius, x / self.scale_radius
        return self.kappa_s * self.scale_radius**2 * nfw_potential_from(y, x, ell_comps, xp=xp)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``."""
        y, x = y / self.scale_radius, x / self.scale_radius
        gamma_1, gamma_2 = nfw_shear_from(y, x, ell_comps, xp=xp)
        return self.kappa_s * gamma_1, self.kappa_s * gamma_2


@dataclass(eq=False)
class NFWSph(CircularMassProfile, NFW):
    """Circular Navarro-Frenk-White halo, good to 1e-14.

    References
    ----------
    Wright & Brainerd (2000), ApJ 534, 34; Golse & Kneib (2002), A&A 390, 821, for the potential.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        y, x = y / self.scale_radius, x / self.scale_radius
        scale = self.kappa_s * self.scale_radius
        function = with_closed_jacobian(_round_deflections_from, _round_with_jacobian_from, xp=xp)
        alpha_y, alpha_x = function(y, x)
        return scale * alpha_y, scale * alpha_x

    def mean_convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Mean convergence inside the circle of squared radius ``squared``, ``(n,) -> (n,)``."""
        return 4.0 * self.kappa_s * nfw_mean_convergence_from(squared / self.scale_radius**2, xp=xp)

    def convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Convergence at the squared radius, ``(n,) -> (n,)``."""
        return 2.0 * self.kappa_s * nfw_convergence_from(squared / self.scale_radius**2, xp=xp)

    def potential_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Potential [arcsec^2] at the squared radius, zero at the centre, ``(n,) -> (n,)``."""
        scale = 2.0 * self.kappa_s * self.scale_radius**2
        return scale * nfw_round_potential_from(squared / self.scale_radius**2, xp=xp)
