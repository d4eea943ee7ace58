r"""Closed forms of isothermal ellipsoids with a core, and of the difference of two, in the orientation of the sky.

With :math:`\zeta = z - \epsilon \bar z`, :math:`R^2 = \sigma^2 + |\zeta|^2` and :math:`D = R + \sigma` the convergence
:math:`\kappa = B / R` has

.. math:: \bar\alpha = 2 B \, \frac{\bar\zeta}{D} \frac{\arctan \sqrt S}{\sqrt S}, \quad
          S = \epsilon \frac{\bar\zeta^2}{D^2}, \quad
          \gamma = -\kappa \, \frac{\epsilon + \tau}{1 + \bar\epsilon \tau}, \quad \tau = \frac{\zeta^2}{D^2},

.. math:: \psi = \mathrm{Re}(\bar z \alpha) - \frac{B \sigma}{1 - f^2} \ln\left[|z|^2
                 + 2 \sigma^2 \frac{1 + f^2}{(1 - f^2)^2} + \frac{2 \sigma R}{1 - f^2}\right].

These are Kassiola & Kovner (1993, ApJ 417, 450), Kormann, Schneider & Bartelmann (1994, A&A 284, 285) and, for the
potential, Keeton (2001, astro-ph/0102341), with the difference of the two arctangents taken through half of the angle:
no root or angle of the ellipticity is left, nothing is singular but the centre of a lens without core, and
:math:`|S| \le f`. The core s of a convergence :math:`1 / \sqrt{s^2 + m^2}`, :math:`m^2 = x^2 + y^2 / q^2`, is
:math:`\sigma = (1 - f) s`.

The difference of two cores is again one arctangent, and its distance from zero is taken out as a factor, so that close
cores and large radii lose no digits.

In every function y, x are offsets from the centre [arcsec], each ``(n,)``. Relative errors are of the order of 1e-14
for q above 0.1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from autoarray.abstract_ndarray import is_concrete_number
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import squeezed_from
from autogalaxy.profiles.mass.complex_plane import Parts, divided, multiplied
from autogalaxy.profiles.mass.total.angular import arctan_over_root_from
from autogalaxy.profiles.mass.total.isothermal import SMALLEST_RADIUS

_LOG_SERIES = [(-1.0) ** k / (k + 1) for k in range(7)]


class Cores(NamedTuple):
    r"""One core, or two.

    Without ``outer`` the convergence is ``strength / R``; with it ``strength (1 / R - 1 / R_outer) / (outer - inner)``,
    which is finite where the two are the same.
    """

    strength: Array
    """B."""
    inner: Array
    r""":math:`\sigma`, not negative."""
    outer: Array | None = None
    r"""The larger :math:`\sigma`, positive."""


def radius_from(core: Array, squared: Array, xp: Namespace = np) -> Array:
    """R; at the centre of a lens without core that of a tiny radius."""
    total = core**2 + squared
    return xp.sqrt(xp.where(total > 0.0, total, SMALLEST_RADIUS**2))


def _zeta_from(y: Array, x: Array, ell_comps: tuple[Array, Array]) -> tuple[Parts, Array]:
    """zeta as (real, imaginary) and its squared modulus."""
    zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
    return (zeta_x, zeta_y), zeta_x**2 + zeta_y**2


def _square(a: Parts) -> Parts:
    return a[0] ** 2 - a[1] ** 2, 2.0 * a[0] * a[1]


def _tilted_from(square: Parts, ell_comps: tuple[Array, Array]) -> Parts:
    r""":math:`\bar\epsilon \zeta^2`."""
    e0, e1 = ell_comps
    return multiplied((e1, -e0), square)


def _angular_from(ell_comps: tuple[Array, Array], real: Array, imaginary: Array, xp: Namespace = np) -> Parts:
    """``arctan(sqrt S) / sqrt S``, which is one for a circle."""
    if all(is_concrete_number(e) and float(e) == 0.0 for e in ell_comps):
        return 1.0, 0.0
    return arctan_over_root_from(real, imaginary, xp=xp)


def cored_deflections_from(
    y: Array, x: Array, ell_comps: tuple[Array, Array], cores: Cores, xp: Namespace = np
) -> tuple[Array, Array]:
    """(y, x) deflections [arcsec], each ``(n,)``; zero at the centre."""
    zeta, squared = _zeta_from(y, x, ell_comps)
    tilted = _tilted_from(_square(zeta), ell_comps)
    inner, outer = cores.inner, cores.outer
    radius = radius_from(inner, squared, xp=xp)
    d = radius + inner
    if outer is None:
        ratio = 1.0 / d, 0.0
        argument = tilted[0] * ratio[0] ** 2, tilted[1] * ratio[0] ** 2
    else:
        # arctan a - arctan b = arctan[(a - b) / (1 + a b)]
        outer_radius = radius_from(outer, squared, xp=xp)
        growth = growth_from(cores, radius, outer_radius)
        ratio = divided((growth, 0.0), (d * (outer_radius + outer) + tilted[0], tilted[1]))
        gap, argument = (outer - inner) ** 2, multiplied(tilted, _square(ratio))
        argument = gap * argument[0], gap * argument[1]
    turned = multiplied(multiplied(zeta, ratio), _angular_from(ell_comps, *argument, xp=xp))
    return 2.0 * cores.strength * turned[1], 2.0 * cores.strength * turned[0]


def growth_from(cores: Cores, radius: Array, outer_radius: Array) -> Array:
    """``(D_outer - D) / (outer - inner)``."""
    return 1.0 + (cores.inner + cores.outer) / (radius + outer_radius)


def cored_convergence_from(
    y: Array, x: Array, ell_comps: tuple[Array, Array], cores: Cores, xp: Namespace = np
) -> Array:
    """Convergence, ``(n,)``; at a singular centre a large number."""
    return cores.strength * inverse_radius_from(cores, _zeta_from(y, x, ell_comps)[1], xp=xp)


def inverse_radius_from(cores: Cores, squared: Array, xp: Namespace = np) -> Array:
    """``1 / R``, or the difference of two over that of their cores."""
    radius = radius_from(cores.inner, squared, xp=xp)
    if cores.outer is None:
        return 1.0 / radius
    outer_radius = radius_from(cores.outer, squared, xp=xp)
    return (cores.inner + cores.outer) / ((radius + outer_radius) * radius * outer_radius)


def cored_shear_from(
    y: Array, x: Array, ell_comps: tuple[Array, Array], cores: Cores, xp: Namespace = np
) -> tuple[Array, Array]:
    """Shear (gamma_1, gamma_2), each ``(n,)``."""
    e0, e1 = ell_comps
    zeta, squared = _zeta_from(y, x, ell_comps)
    square = _square(zeta)
    tilted = _tilted_from(square, ell_comps)
    radius = radius_from(cores.inner, squared, xp=xp)
    d = radius + cores.inner
    inverse = inverse_radius_from(cores, squared, xp=xp)
    last = d if cores.outer is None else cores.outer + radius_from(cores.outer, squared, xp=xp)
    below = last**2 + tilted[0], tilted[1]
    turned = divided((e1 * last**2 + square[0], e0 * last**2 + square[1]), below)
    gamma = inverse * turned[0], inverse * turned[1]
    if cores.outer is not None:
        # the difference of the two fractions, over their common denominator
        step = growth_from(cores, radius, last - cores.outer) * (d + last) * (1.0 - e0**2 - e1**2) / radius
        extra = divided(square, multiplied(below, (d**2 + tilted[0], tilted[1])))
        gamma = gamma[0] + step * extra[0], gamma[1] + step * extra[1]
    return -cores.strength * gamma[0], -cores.strength * gamma[1]


def cored_potential_from(y: Array, x: Array, ell_comps: tuple[Array, Array], cores: Cores, xp: Namespace = np) -> Array:
    """Potential [arcsec^2], up to a constant, ``(n,)``."""
    alpha_y, alpha_x = cored_deflections_from(y, x, ell_comps, cores, xp=xp)
    squared, f_squared = _zeta_from(y, x, ell_comps)[1], ell_comps[0] ** 2 + ell_comps[1] ** 2
    return y * alpha_y + x * alpha_x + logarithms_from(y**2 + x**2, squared, f_squared, cores, xp=xp)


def logarithms_from(distance: Array, squared: Array, f_squared: Array, cores: Cores, xp: Namespace = np) -> Array:
    r"""The potential less :math:`\mathrm{Re}(\bar z \alpha)`, at ``|z|^2`` and ``|zeta|^2``, ``(n,)``."""
    area = 1.0 - f_squared
    quadratic = 2.0 * (1.0 + f_squared) / area**2

    inner, outer = cores.inner, cores.outer
    radius = radius_from(inner, squared, xp=xp)
    first = distance + quadratic * inner**2 + 2.0 * inner * radius / area
    first = xp.where(first > 0.0, first, 1.0)  # without core, at the centre: its factor is zero
    if outer is None:
        return -cores.strength * inner / area * xp.log(first)
    outer_radius = radius_from(outer, squared, xp=xp)
    # [s ln L(s) - a ln L(a)] / (s - a) = ln L(s) + a ln[L(s) / L(a)] / (s - a), the first less its value at the centre
    total = inner + outer
    step = total * (inner**2 + outer**2 + squared) / (inner * radius + outer * outer_radius)
    slope = (quadratic * total + 2.0 * step / area) / first
    between = inner * slope * _log_over(slope * (outer - inner), xp=xp)
    excess = distance + 2.0 * outer * squared / (area * (outer_radius + outer))
    return cores.strength / area * (xp.log1p(excess * (0.5 * area / outer) ** 2) + between)


def _log_over(u: Array, xp: Namespace = np) -> Array:
    """``ln(1 + u) / u``, one at zero."""
    near = abs(u) < 1e-2
    far, small = xp.where(near, 1.0, u), xp.where(near, u, 0.0)
    series = 0.0 * small
    for coefficient in reversed(_LOG_SERIES):
        series = series * small + coefficient
    return xp.where(near, series, xp.log1p(far) / far)
