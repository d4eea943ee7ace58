r"""Closed forms for the circular NFW lens, of the squared radius in scale radii, without cancellation at the centre.

With :math:`T^2 = 1 - m^2` and :math:`A = \ln[(1 + T) / 2]`, so that :math:`T F = A - \ln(m / 2)`, the mean convergence
:math:`4 \kappa_s [\ln(m / 2) + F] / m^2` (Wright & Brainerd 2000, ApJ 534, 34, eq. 13) is

.. math:: \bar\kappa = 4 \kappa_s \left[\frac{F}{1 + T} + \frac{A}{m^2}\right].
"""

from __future__ import annotations

import math

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.dark.nfw_ellipsoid import F_SERIES, NEAR_ONE, series_from
from autogalaxy.profiles.mass.elementary import arctan_from, log_one_plus_from

_SMALLEST_SQUARED = 1e-20
_LARGEST_INNER = 1.0 - NEAR_ONE
"""Squared radius below which the form above is used; T has no derivative at one, and F is a series there."""
_LN_2 = math.log(2.0)


def nfw_mean_convergence_from(squared: Array, xp: Namespace = np) -> Array:
    """Mean convergence over ``4 kappa_s``, of ``m^2``; that of a tiny radius at the centre."""
    squared, log, t, a = _parts_from(squared, xp=xp)
    inner = (a - log) / (t * (1.0 + t)) + a / squared
    return xp.where(squared < _LARGEST_INNER, inner, (log + _outer_f_from(squared, xp=xp)) / squared)


def nfw_mean_and_local_convergence_from(squared: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """Mean convergence over ``4 kappa_s`` and convergence over ``2 kappa_s``, of ``m^2``, from the same logarithms.

    ``(1 - F) / (m^2 - 1)``, with ``F = (A - ln(m / 2)) / T`` inside.
    """
    squared, log, t, a = _parts_from(squared, xp=xp)
    is_inner = squared < _LARGEST_INNER
    outer_f = _outer_f_from(squared, xp=xp)
    inner = (a - log) / (t * (1.0 + t)) + a / squared
    nfw_f = xp.where(is_inner, (a - log) / t, outer_f)
    near = abs(squared - 1.0) < NEAR_ONE
    far = (nfw_f - 1.0) / xp.where(near, 1.0, 1.0 - squared)
    series = series_from(F_SERIES[1:], xp.where(near, 1.0 - squared, 0.0))
    return xp.where(is_inner, inner, (log + outer_f) / squared), xp.where(near, series, far)


def nfw_round_potential_from(squared: Array, xp: Namespace = np) -> Array:
    r"""Potential over ``2 kappa_s r_s^2``, of ``m^2``; zero at the centre.

    :math:`\ln^2(m / 2) - T^2 F^2 = A [2 \ln(m / 2) - A]`
    """
    off = squared > _SMALLEST_SQUARED
    safe, log, _, a = _parts_from(squared, xp=xp)
    outer = log**2 - (1.0 - safe) * _outer_f_from(safe, xp=xp) ** 2
    return xp.where(off, xp.where(safe < _LARGEST_INNER, a * (2.0 * log - a), outer), 0.0)


def _outer_f_from(squared: Array, xp: Namespace = np) -> Array:
    """F where the form above is not used: two logarithms less than F everywhere."""
    outside = squared > 1.0 + NEAR_ONE
    outer = xp.sqrt(xp.where(outside, squared - 1.0, 0.5))
    near = series_from(F_SERIES, xp.where(abs(squared - 1.0) > NEAR_ONE, 0.0, 1.0 - squared))
    return xp.where(outside, arctan_from(outer, xp=xp) / outer, near)


def _parts_from(squared: Array, xp: Namespace = np) -> tuple[Array, Array, Array, Array]:
    """``m^2``, ``ln(m / 2)``, T and A; T and A of another radius where they are not used."""
    squared = xp.where(squared > _SMALLEST_SQUARED, squared, _SMALLEST_SQUARED)
    inner = xp.where(squared < _LARGEST_INNER, squared, 0.5)
    t = xp.sqrt(1.0 - inner)
    return squared, 0.5 * xp.log(squared) - _LN_2, t, log_one_plus_from(-0.5 * inner / (1.0 + t), xp=xp)
