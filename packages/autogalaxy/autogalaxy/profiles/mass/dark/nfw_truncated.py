"""Truncated NFW lens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.circular import CircularMassProfile
from autogalaxy.profiles.mass.dark.nfw_ellipsoid import nfw_convergence_from, nfw_f_from
from autogalaxy.profiles.mass.dark.tails import arcsinh_tail_from, arctan_tail_from
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain

_SMALLEST_SQUARED = 1e-20
"""Squared radius in scale radii below which everything stays what it is there: convergence grows as a logarithm."""
_INNER_SQUARED = 0.25
_OUTER_SQUARED = 4.0


@dataclass(eq=False)
class NFWTruncatedSph(CircularMassProfile):
    r"""Circular NFW halo with a finite mass.

    .. math:: \rho = \frac{\rho_s}{(r / r_s) (1 + r / r_s)^2} \, \frac{r_t^2}{r^2 + r_t^2}

    With :math:`x = r / r_s`, :math:`\tau = r_t / r_s`, :math:`S = \sqrt{x^2 + \tau^2}`,
    :math:`v = \mathrm{arsinh}(\tau / x)` and :math:`F(x) = \mathrm{arcosh}(1 / x) / \sqrt{1 - x^2}`,

    .. math::

        \kappa &= \frac{2 \kappa_s \tau^2}{(1 + \tau^2)^2} \left[(1 + \tau^2) \frac{1 - F}{x^2 - 1} + 2 F
                  - \frac{\pi}{S} - \frac{\tau^2 - 1}{\tau S} v\right] \
        \bar\kappa &= \frac{4 \kappa_s \tau^2}{x^2 (1 + \tau^2)^2} \left[(\tau^2 - 1 + 2 x^2) F + \pi (\tau - S)
                  + (\tau^2 - 1) \left(\ln \tau - \frac{S}{\tau} v\right)\right]

    and the potential is elementary too. They are computed here in forms without cancellation, good to 4e-14 up to 100
    scale radii and 4e-11 at 1e5.

    References
    ----------
    Baltz, Marshall & Oguri (2009), JCAP 01, 015, appendix A (n = 1).
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    kappa_s: float = aa.parameter(0.05, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    r""":math:`\rho_s r_s / \Sigma_{cr}`, the characteristic convergence."""
    scale_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.1, upper_limit=50.0))
    """Radius at which the slope of the density without truncation is -2."""
    truncation_radius: float = aa.parameter(
        2.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.1, upper_limit=100.0)
    )
    """Radius beyond which the slope of the density turns to -5."""

    domains: ClassVar[dict[str, Domain]] = {
        "kappa_s": NOT_NEGATIVE,
        "scale_radius": POSITIVE,
        "truncation_radius": POSITIVE,
    }

    def mean_convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Mean convergence inside the circle of squared radius ``squared`` [arcsec^2], ``(n,)``."""
        squared, tau, scale = self._scaled(squared, xp=xp)
        terms = _Terms(squared, tau, xp=xp)
        bracket = (tau**2 - 1.0) * (terms.nfw_mass - terms.log_ratio - terms.v * terms.d)
        bracket += 2.0 * squared * terms.nfw_f - np.pi * tau * terms.d
        return 4.0 * scale * bracket / squared

    def convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Convergence at the squared radius [arcsec^2], ``(n,)``; at the centre that of a tiny radius."""
        squared, tau, scale = self._scaled(squared, xp=xp)
        outside = squared > _OUTER_SQUARED
        terms = _Terms(squared, tau, xp=xp)
        inner = (tau**2 + 1.0) * nfw_convergence_from(squared, xp=xp) + 2.0 * terms.nfw_f
        inner = inner - (np.pi + (tau**2 - 1.0) / tau * terms.v) / terms.s
        outer = _outer_convergence_from(xp.where(outside, squared, _OUTER_SQUARED), tau, xp=xp)
        return 2.0 * scale * xp.where(outside, outer, inner)

    def potential_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Potential [arcsec^2] at the squared radius [arcsec^2], zero at the centre, ``(n,)``."""
        is_centre = squared <= 0.0
        squared, tau, scale = self._scaled(squared, xp=xp)
        terms = _Terms(squared, tau, xp=xp)
        ratio = terms.log_ratio
        bracket = (tau**2 - 1.0) * (terms.nfw_potential + ratio * (terms.v - 0.5 * ratio - 1.0) - terms.v * terms.d)
        bracket += 2.0 * (squared * terms.nfw_f - terms.nfw_mass) - np.pi * tau * (terms.d - ratio)
        return xp.where(is_centre, 0.0, 4.0 * scale * self.scale_radius**2 * bracket)

    def _scaled(self, squared: Array, xp: Namespace = np) -> tuple[Array, Array, Array]:
        """x^2 above zero, tau, and ``kappa_s tau^2 / (1 + tau^2)^2``."""
        tau = self.truncation_radius / self.scale_radius
        squared = squared / self.scale_radius**2
        squared = xp.where(squared > _SMALLEST_SQUARED, squared, _SMALLEST_SQUARED)
        return squared, tau, self.kappa_s * (tau / (1.0 + tau**2)) ** 2


class _Terms:
    """What the closed forms share, of the squared radius and tau, each without cancellation at small radii."""

    def __init__(self, squared: Array, tau: Array, xp: Namespace = np) -> None:
        self.nfw_f = nfw_f_from(squared, xp=xp)
        self.s = xp.sqrt(squared + tau**2)
        self.d = squared / (tau * (self.s + tau))
        """S / tau - 1."""
        self.log_ratio = xp.log1p(0.5 * self.d)
        """ln[(S + tau) / (2 tau)]."""
        x = xp.sqrt(squared)
        self.v = xp.log1p((tau + tau**2 / (self.s + x)) / x)

        inside = squared < _INNER_SQUARED
        inner = xp.where(inside, squared, 0.5)
        part = inner / (1.0 + xp.sqrt(1.0 - inner))
        log_part = xp.log1p(-0.5 * part)
        log_half = -0.5 * xp.log(0.25 * squared)
        self.nfw_mass = xp.where(inside, part * self.nfw_f + log_part, self.nfw_f - log_half)
        """F + ln(x / 2)."""
        near = -0.5 * log_part * (2.0 * log_half + log_part)
        self.nfw_potential = xp.where(inside, near, 0.5 * (log_half**2 - (1.0 - squared) * self.nfw_f**2))
        """[ln^2(x / 2) - arcosh^2(1 / x)] / 2."""


def _outer_convergence_from(squared: Array, tau: Array, xp: Namespace = np) -> Array:
    r"""The bracket of the convergence for x > 2, where its terms fall as 1 / x and their sum as x^-4.

    With :math:`s^2 = x^2 - 1`, :math:`F = [\pi / 2 - \arctan(1 / s)] / s`; the leading terms are combined by hand.
    """
    root, x, s = xp.sqrt(squared - 1.0), xp.sqrt(squared), xp.sqrt(squared + tau**2)
    arctan_tail = arctan_tail_from(1.0 / root, xp=xp)
    arcsinh_tail = arcsinh_tail_from(tau / x, xp=xp)
    mass = tau**2 + 1.0
    value = mass * (1.0 - arctan_tail / root**2) / root**4 + 2.0 * arctan_tail / root**4
    difference = x * tau**2 / (s + x) + 1.0 + root**2 * (tau / x) ** 2 * arcsinh_tail
    value += (tau**2 - 1.0) * difference / (root**2 * s * x)
    return value - np.pi * mass**2 * (2.0 * root + s) / (2.0 * root**3 * s * (root + s) ** 2)
