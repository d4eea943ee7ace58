"""Differences of powers over differences of exponents, regular where the exponent is zero and a power a logarithm."""

from __future__ import annotations

import numpy as np

from autoarray.type import Array, Namespace

_NEAR = 0.1
_TERMS = 10


def growth_from(u: Array, xp: Namespace = np) -> Array:
    r""":math:`(e^u - 1) / u`, one at zero: :math:`(r^p - 1) / p = \ln r \, (e^u - 1) / u` at :math:`u = p \ln r`."""
    near = abs(u) < _NEAR
    far = xp.where(near, 1.0, u)
    return xp.where(near, _series(xp.where(near, u, 0.0), first=1), xp.expm1(far) / far)


def second_growth_from(u: Array, xp: Namespace = np) -> Array:
    r""":math:`(e^u - 1 - u) / u^2`, one half at zero."""
    near = abs(u) < _NEAR
    far = xp.where(near, 1.0, u)
    return xp.where(near, _series(xp.where(near, u, 0.0), first=2), (xp.expm1(far) - far) / far**2)


def _series(u: Array, first: int) -> Array:
    """Sum of ``u^k / (k + first)!``, to rounding for abs(u) < 0.1."""
    value, factor = 0.0 * u, 1.0
    for k in range(1, first):
        factor /= k
    terms = []
    for k in range(_TERMS):
        factor /= k + first
        terms.append(factor)
    for term in reversed(terms):
        value = value * u + term
    return value
