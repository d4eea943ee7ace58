r"""Arctangent and ``ln(1 + u)`` as polynomials under JAX; with NumPy they are NumPy's.

In a loop over blocks XLA computes its own ones several times as slowly on a CPU. The largest relative error is 4e-16.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from autoarray.type import Array, Namespace

_DEGREE = 12
_ARCTAN_REACH = math.tan(math.pi / 8.0)
_ARTANH_REACH = 1.0 / 3.0


def arctan_from(x: Array, xp: Namespace = np) -> Array:
    """Arctangent of any real number."""
    return np.arctan(x) if xp is np else _with_derivatives()[0](x)


def log_one_plus_from(u: Array, xp: Namespace = np) -> Array:
    """``ln(1 + u)`` for ``-1/2 <= u <= 1``, where the sum is not taken."""
    return np.log1p(u) if xp is np else _with_derivatives()[1](u)


@lru_cache(maxsize=1)
def _with_derivatives() -> tuple[Any, Any]:
    import jax

    arctan: Any = jax.custom_jvp(_arctan)
    log_one_plus: Any = jax.custom_jvp(_log_one_plus)
    arctan.defjvps(lambda tangent, _, x: tangent / (1.0 + x**2))
    log_one_plus.defjvps(lambda tangent, _, u: tangent / (1.0 + u))
    return arctan, log_one_plus


def _arctan(x: Array) -> Array:
    r"""At :math:`|x| < \tan(\pi / 8)`, others turned back by a quarter or a half of a right angle."""
    import jax.numpy as jnp

    size = abs(x)
    far, middle = size > 1.0 / _ARCTAN_REACH, size > _ARCTAN_REACH
    top = jnp.where(far, -1.0, jnp.where(middle, size - 1.0, size))
    turned = top / jnp.where(far, size, jnp.where(middle, size + 1.0, 1.0))
    angle = jnp.where(far, 0.5 * math.pi, jnp.where(middle, 0.25 * math.pi, 0.0))
    return jnp.sign(x) * (angle + turned + turned * _rest_of(turned**2, -1.0, _ARCTAN_REACH))


def _log_one_plus(u: Array) -> Array:
    r""":math:`\ln(1 + u) = 2 \, \mathrm{artanh} \frac{u}{2 + u}`."""
    ratio = u / (2.0 + u)
    return 2.0 * (ratio + ratio * _rest_of(ratio**2, 1.0, _ARTANH_REACH))


def _rest_of(squared: Array, sign: float, reach: float) -> Array:
    r"""The series :math:`\sum_k (\pm z)^k / (2 k + 1)` without its first term, which is one."""
    coefficients = _coefficients(sign, reach)
    value = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        value = value * squared + coefficient
    return value * squared


@lru_cache(maxsize=2)
def _coefficients(sign: float, reach: float) -> tuple[float, ...]:
    """Of that rest over z for z of 0 to ``reach**2``, constant first, fitted in Chebyshev nodes."""
    nodes = np.polynomial.chebyshev.chebpts1(_DEGREE + 1)
    powers = np.arange(60)
    z = 0.5 * reach**2 * (nodes + 1.0)
    values = (sign * (sign * z[:, None]) ** powers / (2 * powers + 3)).sum(axis=1)
    fitted = np.polynomial.chebyshev.chebfit(nodes, values, _DEGREE)
    series = np.polynomial.Chebyshev(fitted, domain=[0.0, reach**2]).convert(kind=np.polynomial.Polynomial)
    return tuple(series.coef.tolist())
