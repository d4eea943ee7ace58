r"""Closed forms for the elliptical NFW lens, with coordinates in units of the scale radius.

The deflection of elliptical isodensity contours (Bourassa & Kantowski 1975, ApJ 195, 13; Bray 1984, MNRAS 208, 511),

.. math:: \bar\alpha(z) = 2 q \int_0^M \frac{\kappa(m) \, m \, dm}{\sqrt{z^2 - (1 - q^2) m^2}},

is elementary for the NFW convergence (Heyrovsky & Karamazov 2024, A&A 690, A19). With :math:`T^2 = 1 - m^2` the
integrand is :math:`(1 - \mathrm{artanh}(T) / T) / T` over a root of a quadratic in T, and integrating by parts gives

.. math:: \bar\alpha = 4 q \kappa_s \frac{W F(M) + z \ln[M z / (z + W)]}{z^2 - (1 - q^2) e^{2 i \phi}}, \quad
          W = \frac{(1 + f^2) z - 2 \epsilon \bar z}{1 - f^2},

where W is :math:`q x + i y / q` in the profile's frame and :math:`F(m) = \mathrm{artanh}(T) / T`. Inside M = 1, where
the denominator vanishes at the foci, the same is

.. math:: \bar\alpha = 4 q \kappa_s \frac{M^2}{W + z T} \left[F - \frac{1}{1 + T} \frac{\ln(1 + u)}{u}\right], \quad
          u = \frac{W / z - T}{1 + T} .

No angle of the profile appears, so the circular limit is exact. Relative errors are of the order of 1e-14 at every
radius and axis ratio.
"""

from __future__ import annotations

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.complex_plane import Parts, divided, polynomial_from
from autogalaxy.profiles.mass.elementary import arctan_from, log_one_plus_from

_SMALLEST_SQUARED = 1e-20
"""Squared radius in scale radii below which convergence stays what it is there: it grows as a logarithm."""


def series_from(coefficients: list[float], t: Array) -> Array:
    value = 0.0 * t
    for coefficient in reversed(coefficients):
        value = value * t + coefficient
    return value


F_SERIES = [1.0 / (2 * k + 1) for k in range(11)]
NEAR_ONE = 0.05


def nfw_f_from(squared: Array, xp: Namespace = np) -> Array:
    r""":math:`F(m) = \mathrm{arcosh}(1 / m) / \sqrt{1 - m^2}` and its continuation beyond m = 1, of ``m^2``."""
    t = 1.0 - squared
    inside, outside = t > NEAR_ONE, t < -NEAR_ONE
    if xp is np:
        return _f_of_numbers(np.asarray(squared), inside, outside)
    far = abs(t) > NEAR_ONE
    root = xp.sqrt(xp.where(far, abs(t), 0.5))
    above = log_one_plus_from(xp.where(inside, root, 0.5), xp=xp) - 0.5 * xp.log(xp.where(inside, squared, 0.5))
    near = series_from(F_SERIES, xp.where(far, 0.0, t))
    return xp.where(far, xp.where(inside, above, arctan_from(root, xp=xp)) / root, near)


def _f_of_numbers(squared: np.ndarray, inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """The same with NumPy, each form at the points that it is for."""

    def inner_from(squared: np.ndarray) -> np.ndarray:
        t = np.sqrt(1.0 - squared)
        return (np.log(1.0 + t) - 0.5 * np.log(squared)) / t

    def outer_from(squared: np.ndarray) -> np.ndarray:
        t = np.sqrt(squared - 1.0)
        return np.arctan(t) / t

    def near_from(squared: np.ndarray) -> np.ndarray:
        return series_from(F_SERIES, 1.0 - squared)

    forms = ((inside, inner_from), (outside, outer_from), (~(inside | outside), near_from))
    f = np.empty_like(squared, dtype=float)
    for part, form in forms:
        if part.all():
            return form(squared)
        if part.any():
            f[part] = form(squared[part])
    return f


def nfw_convergence_from(squared: Array, xp: Namespace = np) -> Array:
    """``(1 - F) / (m^2 - 1)``, the convergence over ``2 kappa_s``, of ``m^2``; that of a tiny radius at the centre."""
    squared = xp.where(squared > _SMALLEST_SQUARED, squared, _SMALLEST_SQUARED)
    return nfw_convergence_of_f(squared, nfw_f_from(squared, xp=xp), xp=xp)


def nfw_convergence_of_f(squared: Array, nfw_f: Array, xp: Namespace = np) -> Array:
    """The same where F is known, of ``m^2`` above zero."""
    t = 1.0 - squared
    near = abs(t) < NEAR_ONE
    far = (nfw_f - 1.0) / xp.where(near, 1.0, t)
    return xp.where(near, series_from(F_SERIES[1:], xp.where(near, t, 0.0)), far)


LOG_SERIES = [(-1.0) ** k / (k + 1) for k in range(9)]
LOG_SLOPE_SERIES = [(-1.0) ** k * k / (k + 1) for k in range(1, 9)]


def log_over(u: Parts, log: Parts, xp: Namespace = np) -> Parts:
    """``ln(1 + u) / u`` given the logarithm; by its series where that cancels."""
    small = u[0] ** 2 + u[1] ** 2 < 1e-4
    far = divided(log, (xp.where(small, 1.0, u[0]), xp.where(small, 0.0, u[1])))
    if xp is np and not small.any():
        return far
    near = polynomial_from(LOG_SERIES, (xp.where(small, u[0], 0.0), xp.where(small, u[1], 0.0)))
    return xp.where(small, near[0], far[0]), xp.where(small, near[1], far[1])
