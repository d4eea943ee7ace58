r"""Closed forms for the circular NFW lens, of the squared radius in scale radii, without cancellation at the centre.

With :math:`T^2 = 1 - m^2` and :math:`A = \ln[(1 + T) / 2]`, so that :math:`T F = A - \ln(m / 2)`, the mean convergence
:math:`4 \kappa_s [\ln(m / 2) + F] / m^2` (Wright & Brainerd 2000, ApJ 534, 34, eq. 13) is

.. math:: \bar\kappa = 4 \kappa_s \left[\frac{F}{1 + T} + \frac{A}{m^2}\right].
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.dark.nfw_ellipsoid import F_SERIES, NEAR_ONE, series_from
from autogalaxy.profiles.mass.elementary import arctan_from, log_one_plus_from

_SMALLEST_SQUARED = 1e-20
_LN_2 = math.log(2.0)


def nfw_mean_convergence_from(squared: Array, xp: Namespace = np) -> Array:
    """Mean convergence over ``4 kappa_s``, of ``m^2``; that of a tiny radius at the centre."""
    return _mean_from(_parts_from(squared, xp=xp), xp=xp)


def nfw_mean_and_local_convergence_from(squared: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """Mean convergence over ``4 kappa_s`` and convergence over ``2 kappa_s``, of ``m^2``, from the same logarithms.

    ``(1 - F) / (m^2 - 1)``, near ``m = 1`` the series of ``(F - 1) / (1 - m^2)``.
    """
    parts = _parts_from(squared, xp=xp)
    local = xp.where(parts.is_near, parts.series, (parts.nfw_f - 1.0) / xp.where(parts.is_near, 1.0, parts.below))
    return _mean_from(parts, xp=xp), local


def nfw_round_potential_from(squared: Array, xp: Namespace = np) -> Array:
    r"""Potential over ``2 kappa_s r_s^2``, of ``m^2``; zero at the centre.

    :math:`\ln^2(m / 2) - T^2 F^2 = A [2 \ln(m / 2) - A]`
    """
    off = squared > _SMALLEST_SQUARED
    parts = _parts_from(squared, xp=xp)
    outer = parts.log**2 - parts.below * parts.nfw_f**2
    return xp.where(off, xp.where(parts.is_inner, parts.a * (2.0 * parts.log - parts.a), outer), 0.0)


@dataclass(frozen=True, eq=False)
class _Parts:
    """What all formulas are made of; T and A of another radius where they are not used."""

    squared: Array
    is_inner: Array
    is_near: Array
    below: Array
    """``1 - m^2``."""
    log: Array
    """``ln(m / 2)``."""
    t: Array
    a: Array
    nfw_f: Array
    series: Array
    """``(F - 1) / (1 - m^2)``, near ``m = 1``."""


def _parts_from(squared: Array, xp: Namespace = np) -> _Parts:
    """One root, logarithm and arctangent a point: T and the root of ``m^2 - 1`` are one function."""
    squared = xp.where(squared > _SMALLEST_SQUARED, squared, _SMALLEST_SQUARED)
    below = 1.0 - squared
    is_inner, is_near = below > NEAR_ONE, abs(below) <= NEAR_ONE
    log = 0.5 * xp.log(squared) - _LN_2
    root = xp.sqrt(xp.where(is_near, 0.5, abs(below)))
    t = xp.where(is_inner, root, 1.0)
    a = log_one_plus_from(-0.5 * xp.where(is_inner, squared, 0.5) / (1.0 + t), xp=xp)
    far = xp.where(is_inner, a - log, arctan_from(root, xp=xp)) / root
    series = series_from(F_SERIES[1:], xp.where(is_near, below, 0.0))
    nfw_f = xp.where(is_near, 1.0 + below * series, far)
    return _Parts(squared, is_inner, is_near, below, log, t, a, nfw_f, series)


def _mean_from(parts: _Parts, xp: Namespace = np) -> Array:
    """``F / (1 + T) + A / m^2`` inside, ``(ln(m / 2) + F) / m^2`` elsewhere."""
    inner = xp.where(parts.is_inner, parts.nfw_f / (1.0 + parts.t), 0.0)
    return inner + xp.where(parts.is_inner, parts.a, parts.log + parts.nfw_f) / parts.squared
