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

from dataclasses import dataclass

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import modulus_from, squeezed_from
from autogalaxy.profiles.mass.complex_plane import Parts, divided, polynomial_from
from autogalaxy.profiles.mass.elementary import arctan_from, log_one_plus_from

_SMALLEST_SQUARED = 1e-20
"""Squared radius in scale radii below which convergence stays what it is there: it grows as a logarithm."""


@dataclass(frozen=True, eq=False)
class Coordinates:
    """What all formulas below start from; at the centre those of another point, so that everything is finite."""

    f: Array
    z: Parts
    w: Parts
    squared: Array
    """Squared elliptical radius M^2."""
    is_centre: Array


def coordinates_from(y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Coordinates:
    """z, W and M^2 of points (y, x) in scale radii."""
    e0, e1 = ell_comps
    f = modulus_from(e0, e1, xp=xp)
    is_centre = x**2 + y**2 < _SMALLEST_SQUARED
    y, x = xp.where(is_centre, 0.0, y), xp.where(is_centre, 1e-10, x)
    zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
    squared = (zeta_y**2 + zeta_x**2) / (1.0 - f) ** 2
    f_squared = e0**2 + e1**2
    scale = 1.0 / (1.0 - f_squared)
    # epsilon z-bar = z - zeta
    w_x = ((1.0 + f_squared) * x - 2.0 * (x - zeta_x)) * scale
    w_y = ((1.0 + f_squared) * y - 2.0 * (y - zeta_y)) * scale
    return Coordinates(f=f, z=(x, y), w=(w_x, w_y), squared=squared, is_centre=is_centre)


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


def shared_from(c: Coordinates, xp: Namespace = np) -> tuple[Array, Parts, Parts]:
    """F, ``p = W / z`` and ``ln(1 + p)``, whose argument has a positive real part."""
    p = divided(c.w, c.z)
    log = 0.5 * xp.log((1.0 + p[0]) ** 2 + p[1] ** 2), arctan_from(p[1] / (1.0 + p[0]), xp=xp)
    return nfw_f_from(c.squared, xp=xp), p, log


def focal_from(c: Coordinates, ell_comps: tuple[Array, Array]) -> Parts:
    """``z^2 - (1 - q^2) e^(2 i phi)``, zero at the foci."""
    e0, e1 = ell_comps
    x, y = c.z
    scale = 4.0 / (1.0 + c.f) ** 2
    return x**2 - y**2 - scale * e1, 2.0 * x * y - scale * e0
