r"""A cored power of the radius as a sum of cored steep ellipsoids, for every slope the same cores.

.. math:: (1 + m^2)^{-t / 2} = \frac{2}{B(\frac{3 - t}{2}, \frac{t}{2})} \int_0^\infty
          \frac{v^{2 - t} \, dv}{(1 + m^2 + v^2)^{3 / 2}}, \quad 0 < t < 2

The trapezoidal rule in ln v converges exponentially. Its two infinite tails, in which the integrand is a power of v
times a smooth function of :math:`v^2` (small v) or :math:`v^{-2}` (large v), are interpolated at a few points each; the
weights follow from moments that are geometric series, so that all slopes are equally exact.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from autoarray.special_functions import special_functions_from
from autoarray.type import Array, Namespace

LARGEST_RADIUS = 1e5
"""Elliptical radius in core radii up to which the sum holds."""
_STEP = 0.42
_TAIL = 6
_SMALL, _LARGE = 0.32, 3.2 * LARGEST_RADIUS
_LEVELS = np.log(_SMALL) + _STEP * np.arange(1, 1 + int(np.ceil(np.log(_LARGE / _SMALL) / _STEP)))
"""ln v of the terms that are kept as they are; the tails begin one step before and after."""
_LOWEST, _HIGHEST = _LEVELS[0] - _STEP, _LEVELS[-1] + _STEP
_ORDERS = 2.0 * np.arange(_TAIL)
"""Powers of v between moments."""
_FACTOR = np.sqrt(np.pi) * _STEP
"""Step of the rule times ``2 Gamma(3/2)``, of the beta function."""


@lru_cache(maxsize=1)
def _tail() -> tuple[np.ndarray, np.ndarray]:
    """Points in (0, 1) and the matrix that makes interpolation weights of the moments of ``xi^0, xi^1, ...``."""
    points = 0.5 * (1.0 + np.polynomial.chebyshev.chebpts1(_TAIL))
    return points, np.linalg.inv(points[None, :] ** np.arange(_TAIL)[:, None])


@lru_cache(maxsize=1)
def cores() -> np.ndarray:
    """Core radii of the terms in units of the core radius of the profile, rising from one."""
    points, _ = _tail()
    small, large = points * np.exp(2.0 * _LOWEST), _largest()
    return np.sqrt(1.0 + np.concatenate((small, np.exp(2.0 * _LEVELS), large)))


def _largest() -> np.ndarray:
    """Values of ``v^2`` in the upper tail."""
    return np.exp(2.0 * _HIGHEST) / _tail()[0][::-1]


def amplitudes_from(t: Array, xp: Namespace = np) -> Array:
    """Central values of the terms, in the order of ``cores``, for a power ``t`` between 0 and 2."""
    special = special_functions_from(xp)
    _, matrix = _tail()
    # sum over j >= 0 of exp(-(p + 2 l) j h) for the moments of order l
    small = xp.exp((3.0 - t) * _LOWEST) * (matrix @ (-1.0 / xp.expm1(-(3.0 - t + _ORDERS) * _STEP)))
    large = xp.exp(-t * _HIGHEST) * (matrix @ (-1.0 / xp.expm1(-(t + _ORDERS) * _STEP)))[::-1]
    weights = xp.concatenate((small, xp.exp((3.0 - t) * _LEVELS), large * _largest() ** 1.5))
    beta = special.gammaln(0.5 * (3.0 - t)) + special.gammaln(0.5 * t)
    return _FACTOR * xp.exp(-beta) * weights / cores() ** 3
