r"""Deflection, potential and shear of an elliptical Gaussian convergence, in the orientation of the sky.

.. math:: \kappa = \kappa_0 e^{-E}, \quad E = \frac{|\zeta|^2}{2 s^2}, \quad \zeta = z - \epsilon \bar z, \quad
          \tau = \frac{\bar\epsilon \zeta^2}{4 s^2}

The deflection integral of elliptical contours (Bourassa & Kantowski 1975, ApJ 195, 13), along the straight path between
its limits, is

.. math:: \alpha = \kappa_0 \zeta I(E, \tau), \quad I = \int_0^1 e^{-E v - 2 \tau v (1 - v)} dv,

the difference of two Faddeeva functions of Shajib (2019, MNRAS 488, 1387) without their singular circular limit. By
parts, and along a ray for the potential,

.. math:: \gamma = -\epsilon \kappa - \kappa_0 (1 - f^2) \frac{\zeta}{\bar\zeta - \bar\epsilon \zeta}
          \left(I - e^{-E} + 2 \tau \frac{\partial I}{\partial \tau}\right), \quad
          \psi = \frac{\kappa_0 s^2}{1 - f^2} \mathrm{Re} \Psi(E, \tau) .

``gaussian_series.py`` has I and Psi. In every function y, x are offsets from the centre in units of s, each ``(n,)``.
"""

from __future__ import annotations

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import squeezed_from
from autogalaxy.profiles.mass.complex_plane import Parts, divided, multiplied
from autogalaxy.profiles.mass.stellar.gaussian_series import (
    ein_from,
    gaussian_integral_and_slope_from,
    gaussian_integral_from,
    gaussian_potential_integral_from,
    number_of_terms,
)
from autogalaxy.profiles.mass.total.scaling import growth_from


def _arguments_from(y: Array, x: Array, ell_comps: tuple[Array, Array]) -> tuple[Parts, Array, Parts]:
    """zeta, E and tau."""
    zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
    e0, e1 = ell_comps
    square = 0.25 * (zeta_x**2 - zeta_y**2), 0.5 * zeta_x * zeta_y
    return (zeta_x, zeta_y), 0.5 * (zeta_x**2 + zeta_y**2), multiplied((e1, -e0), square)


def gaussian_deflections_from(
    y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
) -> tuple[Array, Array]:
    """(y, x) deflections over ``kappa_0 s``, each ``(n,)``."""
    zeta, energy, tau = _arguments_from(y, x, ell_comps)
    terms = number_of_terms(ell_comps)
    if terms == 0:
        scale = growth_from(-energy, xp=xp)
        return scale * y, scale * x
    alpha = multiplied(zeta, gaussian_integral_from(energy, tau, terms, xp=xp))
    return alpha[1], alpha[0]


def gaussian_convergence_from(y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
    """Convergence over ``kappa_0``, ``(n,)``."""
    zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
    return xp.exp(-0.5 * (zeta_y**2 + zeta_x**2))


def gaussian_shear_from(y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
    """Shear (gamma_1, gamma_2) over ``kappa_0``, each ``(n,)``."""
    e0, e1 = ell_comps
    zeta, energy, tau = _arguments_from(y, x, ell_comps)
    kappa, terms = xp.exp(-energy), number_of_terms(ell_comps)
    if terms == 0:
        rest = growth_from(-energy, xp=xp) - kappa, 0.0
    else:
        value, slope = gaussian_integral_and_slope_from(energy, tau, terms, xp=xp)
        turned = multiplied(tau, slope)
        rest = value[0] - kappa + 2.0 * turned[0], value[1] + 2.0 * turned[1]
    off = energy > 0.0  # at the centre ``rest`` is zero
    zeta = xp.where(off, zeta[0], 1.0), xp.where(off, zeta[1], 0.0)
    tilted = multiplied((e1, -e0), zeta)
    gamma = multiplied(divided(zeta, (zeta[0] - tilted[0], -zeta[1] - tilted[1])), rest)
    area = 1.0 - e0**2 - e1**2
    return -e1 * kappa - area * gamma[0], -e0 * kappa - area * gamma[1]


def gaussian_potential_from(y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
    """Potential over ``kappa_0 s^2``, zero at the centre, ``(n,)``."""
    _, energy, tau = _arguments_from(y, x, ell_comps)
    area, terms = 1.0 - ell_comps[0] ** 2 - ell_comps[1] ** 2, number_of_terms(ell_comps)
    if terms == 0:
        return ein_from(energy, xp=xp) / area
    return gaussian_potential_integral_from(energy, tau, terms, xp=xp) / area
