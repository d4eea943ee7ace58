"""Potential and shear of the elliptical NFW lens, from its deflection in closed form; lengths in scale radii."""

from __future__ import annotations

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.closed_jacobian import held
from autogalaxy.profiles.mass.complex_plane import Parts, divided, multiplied, polynomial_from
from autogalaxy.profiles.mass.dark.nfw_ellipsoid import (
    LOG_SLOPE_SERIES,
    Coordinates,
    coordinates_from,
    focal_from,
    log_over,
    nfw_convergence_of_f,
    shared_from,
)
from autogalaxy.profiles.mass.dark.nfw_ellipsoid_deflection import nfw_deflections_from
from autogalaxy.profiles.mass.elementary import log_one_plus_from

# Gauss-Legendre nodes on (0, 1), cubed: the potential is r^2 ln r at the centre.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_WEIGHTS = 0.5 * _WEIGHTS * 3.0 * (0.5 * (_NODES + 1.0)) ** 2
_NODES = (0.5 * (_NODES + 1.0)) ** 3


Shared = tuple[Array, Parts, Parts]
"""F, ``p = W / z`` and ``ln(1 + p)``."""
Slopes = tuple[Array, Parts, Array]
"""Derivatives of W by z, of M^2 by z and of F by M^2."""


def nfw_potential_from(y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
    r"""Potential over ``kappa_s r_s^2``, zero at the centre, ``(n,)``.

    :math:`\psi = \int_0^1 \alpha(\lambda z) \cdot z \, d\lambda` at 24 nodes spaced as the asinh of the radius; the
    relative error is below 1e-12 from 0.001 to 1000 scale radii and for q of 0.2 to 1.
    """
    squared = x**2 + y**2
    off = squared > 1e-20
    y, x = xp.where(off, y, 0.0), xp.where(off, x, 1e-10)
    radius = xp.sqrt(xp.where(off, squared, 1e-20))
    reach = xp.arcsinh(radius)[:, None]
    stretched = xp.sinh(reach * _NODES) / radius[:, None]
    steps = reach * xp.cosh(reach * _NODES) / radius[:, None] * _WEIGHTS
    alpha_y, alpha_x = nfw_deflections_from(stretched * y[:, None], stretched * x[:, None], ell_comps, xp=xp)
    along = xp.sum((alpha_y * y[:, None] + alpha_x * x[:, None]) * steps, axis=-1)
    return xp.where(off, along, 0.0)


def nfw_shear_from(y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
    r"""gamma_1 and gamma_2 over ``kappa_s``, each ``(n,)``: :math:`\bar\gamma = \partial \bar\alpha / \partial z`."""
    return nfw_convergence_and_shear_from(y, x, ell_comps, xp=xp)[1]


def nfw_convergence_and_shear_from(
    y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
) -> tuple[Array, Parts]:
    """Convergence over ``2 kappa_s`` and the shear, from the same logarithms."""
    c = coordinates_from(y, x, ell_comps, xp=xp)
    shared = held(shared_from(c, xp=xp), xp=xp)
    kappa = nfw_convergence_of_f(c.squared, shared[0], xp=xp)
    # dF / d(M^2) = (1 - M^2 F) / (2 M^2 (M^2 - 1)), of which 1 - M^2 F = (1 - M^2) + M^2 (1 - F) does not cancel at one
    slope_f = 0.5 * (kappa - 1.0 / c.squared)
    focal = focal_from(c, ell_comps)
    slope_w = (1.0 + ell_comps[0] ** 2 + ell_comps[1] ** 2) / (1.0 - ell_comps[0] ** 2 - ell_comps[1] ** 2)
    slope_m = _slope_of_squared_from(c, ell_comps)
    inside = xp.logical_and(c.squared < 1.0, focal[0] ** 2 + focal[1] ** 2 < (1.0 - c.squared) ** 2)
    slopes = slope_w, slope_m, slope_f
    inner = held(_inner_from(c, shared, slopes, inside, xp=xp), xp=xp)
    outer = held(_outer_from(c, shared, slopes, focal, inside, xp=xp), xp=xp)
    scale = xp.where(c.is_centre, 0.0, 4.0 * (1.0 - c.f) / (1.0 + c.f))
    return kappa, (scale * xp.where(inside, inner[0], outer[0]), -scale * xp.where(inside, inner[1], outer[1]))


def _inner_from(c: Coordinates, shared: Shared, slopes: Slopes, inside: Array, xp: Namespace = np) -> Parts:
    """Derivative of the form without a pole at the foci: ``M^2 G / D``, ``G = F - ln(1 + u) / u / (1 + T)``."""
    (nfw_f, p, log), (slope_w, slope_m, slope_f) = shared, slopes
    t = xp.sqrt(xp.where(inside, 1.0 - c.squared, 0.25))
    d_t = -0.5 * slope_m[0] / t, -0.5 * slope_m[1] / t
    above = 1.0 + t
    u = (p[0] - t) / above, p[1] / above
    ratio = held(log_over(u, (log[0] - log_one_plus_from(t, xp=xp), log[1]), xp=xp), xp=xp)
    d_ratio_du = _slope_of_log_over(u, ratio, xp=xp)
    d_p = divided((slope_w - p[0], -p[1]), c.z)
    u_dt = multiplied(u, d_t)
    d_u = (d_p[0] - d_t[0] - u_dt[0]) / above, (d_p[1] - d_t[1] - u_dt[1]) / above
    d_ratio, ratio_dt = multiplied(d_ratio_du, d_u), multiplied(ratio, d_t)
    bracket = nfw_f - ratio[0] / above, -ratio[1] / above
    d_bracket = tuple(slope_f * slope_m[i] - d_ratio[i] / above + ratio_dt[i] / above**2 for i in (0, 1))
    below = c.w[0] + c.z[0] * t, c.w[1] + c.z[1] * t
    z_dt = multiplied(c.z, d_t)
    d_below = slope_w + t + z_dt[0], z_dt[1]
    shrink = divided(multiplied(bracket, d_below), below)
    top = multiplied(slope_m, bracket)
    return divided(tuple(top[i] + c.squared * (d_bracket[i] - shrink[i]) for i in (0, 1)), below)


def _outer_from(
    c: Coordinates, shared: Shared, slopes: Slopes, focal: Parts, inside: Array, xp: Namespace = np
) -> Parts:
    """Derivative of ``N / A`` with ``N = W F + z L``, ``L = ln[M z / (z + W)]`` and ``A = z^2 - ...``."""
    (nfw_f, p, log), (slope_w, slope_m, slope_f) = shared, slopes
    focal = xp.where(inside, 1.0, focal[0]), xp.where(inside, 0.0, focal[1])
    logarithm = 0.5 * xp.log(c.squared) - log[0], -log[1]
    z_log, w_slope, z_slope = multiplied(c.z, logarithm), multiplied(c.w, slope_m), multiplied(c.z, slope_m)
    # z dL/dz = z (M^2)' / (2 M^2) + 1 - (1 + W') / (1 + p)
    turned = divided((1.0 + slope_w, 0.0 * p[1]), (1.0 + p[0], p[1]))
    ones = (1.0, 0.0)
    d_top = tuple(
        ones[i] * (slope_w * nfw_f + 1.0)
        + slope_f * w_slope[i]
        + logarithm[i]
        + 0.5 * z_slope[i] / c.squared
        - turned[i]
        for i in (0, 1)
    )
    value = divided((c.w[0] * nfw_f + z_log[0], c.w[1] * nfw_f + z_log[1]), focal)
    z_value = multiplied(c.z, value)
    return divided((d_top[0] - 2.0 * z_value[0], d_top[1] - 2.0 * z_value[1]), focal)


def _slope_of_log_over(u: Parts, ratio: Parts, xp: Namespace = np) -> Parts:
    """Derivative of ``ln(1 + u) / u``: ``(1 / (1 + u) - ln(1 + u) / u) / u``, by its series where that cancels."""
    small = u[0] ** 2 + u[1] ** 2 < 1e-4
    inverse = divided((1.0, 0.0), (1.0 + u[0], u[1]))
    safe = xp.where(small, 1.0, u[0]), xp.where(small, 0.0, u[1])
    far = divided((inverse[0] - ratio[0], inverse[1] - ratio[1]), safe)
    near = polynomial_from(LOG_SLOPE_SERIES, (xp.where(small, u[0], 0.0), xp.where(small, u[1], 0.0)))
    return xp.where(small, near[0], far[0]), xp.where(small, near[1], far[1])


def _slope_of_squared_from(c: Coordinates, ell_comps: tuple[Array, Array]) -> Parts:
    r""":math:`\partial M^2 / \partial z = (\bar\zeta - \bar\epsilon \zeta) / (1 - f)^2`."""
    e0, e1 = ell_comps
    x, y = c.z
    zeta = (1.0 - e1) * x - e0 * y, (1.0 + e1) * y - e0 * x
    turned = multiplied((e1, -e0), zeta)
    scale = 1.0 / (1.0 - c.f) ** 2
    return (zeta[0] - turned[0]) * scale, (-zeta[1] - turned[1]) * scale
