"""What is left of inverse functions after their first term, without cancellation at small arguments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autoarray.type import Array, Namespace

_SMALL = 0.1
_ARCTAN = [(-1.0) ** k / (2 * k + 3) for k in range(12)]
_ARCSINH = [1 / 6, -3 / 40, 5 / 112, -35 / 1152, 63 / 2816, -231 / 13312, 143 / 10240, -6435 / 557056]


def arctan_tail_from(u: Array, xp: Namespace = np) -> Array:
    """``(1 - arctan(u) / u) / u^2``, 1/3 at zero."""
    return _tail(u, _ARCTAN, xp.arctan, xp=xp)


def arcsinh_tail_from(u: Array, xp: Namespace = np) -> Array:
    """``(1 - arcsinh(u) / u) / u^2``, 1/6 at zero."""
    return _tail(u, _ARCSINH, xp.arcsinh, xp=xp)


def _tail(u: Array, coefficients: list[float], function: Callable, xp: Namespace = np) -> Array:
    small = abs(u) < _SMALL
    near = xp.where(small, u, 0.0) ** 2
    far = xp.where(small, 1.0, u)
    series = 0.0 * near
    for coefficient in reversed(coefficients):
        series = series * near + coefficient
    return xp.where(small, series, (1.0 - function(far) / far) / far**2)
