r"""Deflection and potential of elliptical shells whose convergence is a power of the radius.

Shells with :math:`\kappa = m^{-t}` out to an elliptical radius m deflect a ray at z on or outside the last of them by

.. math:: \bar\alpha = 2 q \int_0^m \frac{m'^{1 - t} \, dm'}{\sqrt{z^2 - a m'^2}}
                     = \frac{2 q}{z} m^{2 - t} \left[\frac{1}{2 - t} + R_b(y)\right], \quad
          a = (1 - q^2) e^{2 i \phi}, \quad b = \frac{t}{2}, \quad
          y = \frac{1 - T}{1 + T}, \quad T = \sqrt{1 - a m^2 / z^2} .

:math:`R_b = [(1 + y) \, {}_2F_1(1, b; 2 - b; -y) - 1] / (2 - 2 b)` is regular at b = 1, the logarithm, where it is
:math:`\ln(1 + y)`, and so is :math:`Q_b = [R_b - \ln(1 + y)] / (2 - 2 b)`, which the potential needs. Both are power
series in :math:`w = (\sqrt{1 + y} - 1) / (\sqrt{1 + y} + 1)`; since :math:`|y| \le f`, 24 terms give 1e-14 for q above
0.2, 1e-9 at q = 0.1 and 1e-6 at q = 0.05. Their poles begin at b = 2.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.complex_plane import Parts, multiplied, polynomial_from
from autogalaxy.profiles.mass.total.angular import (
    inverse_one_plus_root,
    number_of_terms,
    series_coefficients_from,
)

_TERMS = 24
_DEGREE = 30
_GROUP = 4
"""Terms in one turn of a loop under JAX."""
_ORDERS, _POWERS = np.arange(1, _TERMS), np.arange(1, _DEGREE)


def mapped_from(y: Parts, xp: Namespace = np) -> Parts:
    """w of y, for which ``y = 4 w / (1 - w)^2``."""
    inverse = inverse_one_plus_root(y, xp=xp)
    return multiplied(y, multiplied(inverse, inverse))


def excess_from(w: Parts, b: Array, f: Array, xp: Namespace = np) -> Parts:
    """``R_b`` for 0 < b < 2, of the w of a y with ``abs(y) <= f``."""
    if xp is np:
        return _sum(*w, b, 0, min(number_of_terms(f), _TERMS), xp=xp)
    return _with_derivatives(xp)[0](*w, b)


def second_excess_from(w: Parts, b: Array, f: Array, xp: Namespace = np) -> Parts:
    """``Q_b``, of the same arguments."""
    if xp is np:
        return _sum(*w, b, 1, min(number_of_terms(f), _TERMS), xp=xp)
    return _with_derivatives(xp)[1](*w, b)


def _sum(real: Array, imaginary: Array, b: Array, which: int, terms: int, xp: Namespace = np) -> Parts:
    coefficients = xp.asarray(_tables()[which][:terms]) @ _powers_of(b, xp=xp) / (2.0 - b)
    return (
        polynomial_from(coefficients, (real, imaginary)) if xp is np else _in_loop(coefficients, real, imaginary, xp=xp)
    )


def _in_loop(coefficients: Array, real: Array, imaginary: Array, xp: Namespace = np) -> Parts:
    """The same sum as a loop of a few terms a turn, which XLA computes three times as fast as all of them at once."""
    import jax

    coefficients = xp.concatenate((coefficients, xp.zeros(-len(coefficients) % _GROUP)))[::-1]
    trace, squared = 2.0 * real, real**2 + imaginary**2

    def turn(index: Array, pair: Parts) -> Parts:
        last, before = pair
        for i in range(_GROUP):
            last, before = coefficients[_GROUP * index + i] + trace * last - squared * before, last
        return last, before

    nothing = 0.0 * real + 0.0 * coefficients[0]
    last, before = jax.lax.fori_loop(0, len(coefficients) // _GROUP, turn, (nothing, nothing))
    # the last step of the recursion takes the real part of w, not its trace
    return last - real * before, imaginary * before


def _powers_of(b: Array, xp: Namespace = np) -> Array:
    """Powers of ``b - 1`` by doubling their number: ``**`` has no second derivative at zero."""
    step = b - 1.0
    powers = xp.stack((1.0 + 0.0 * step, step))
    while len(powers) < _DEGREE:
        step = step * step
        powers = xp.concatenate((powers, powers * step))
    return powers[:_DEGREE]


@lru_cache(maxsize=1)
def _tables() -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of ``(2 - b) R_b`` and ``(2 - b) Q_b`` in powers of w and of ``b - 1``, ``(terms, degree)``.

    Fitted in Chebyshev nodes, none of which is b = 1. The pole nearest to them is b = 3, so the fit is exact to
    rounding.
    """
    b = 1.0 + np.polynomial.chebyshev.chebpts1(_DEGREE)
    order = np.arange(_TERMS)
    # (1 + y) = [(1 + w) / (1 - w)]^2 = 1 + sum 4 k w^k
    stretch = np.where(order > 0, 4.0 * order, 1.0)
    series = series_coefficients_from(b, _TERMS)
    product = np.stack([np.sum(stretch[k::-1, None] * series[: k + 1], axis=0) for k in range(_TERMS)])
    product[0] -= 1.0
    logarithm = np.where(order % 2 == 1, 4.0 / np.maximum(order, 1), 0.0)  # ln(1 + y) = 4 artanh(w)
    excess = product / (2.0 - 2.0 * b)
    return _fitted((2.0 - b) * excess), _fitted((2.0 - b) * (excess - logarithm[:, None]) / (2.0 - 2.0 * b))


def _fitted(values: np.ndarray) -> np.ndarray:
    """Monomials in ``b - 1`` through values in the nodes."""
    nodes = np.polynomial.chebyshev.chebpts1(_DEGREE)
    chebyshev = np.polynomial.chebyshev.chebfit(nodes, values.T, _DEGREE - 1)
    monomials = np.zeros((_TERMS, _DEGREE))
    for row, column in zip(monomials, chebyshev.T, strict=True):
        polynomial = np.polynomial.chebyshev.cheb2poly(column)  # without trailing zeros
        row[: len(polynomial)] = polynomial
    return monomials


@lru_cache(maxsize=1)
def _with_derivatives(xp: Namespace) -> tuple[Callable, Callable]:
    """R and Q under JAX with their derivatives attached."""
    return _with_derivative(0, xp=xp), _with_derivative(1, xp=xp)


def _with_derivative(which: int, xp: Namespace = np) -> Callable:
    import jax

    def value(real: Array, imaginary: Array, b: Array) -> Parts:
        return _sum(real, imaginary, b, which, _TERMS, xp=xp)

    function: Any = jax.custom_jvp(value)

    @function.defjvp
    def tangent(primals: tuple, tangents: tuple) -> tuple[Parts, Parts]:
        (real, imaginary, b), (d_real, d_imaginary, d_b) = primals, tangents
        table, powers = _tables()[which], _powers_of(b, xp=xp)
        coefficients = xp.asarray(table) @ powers / (2.0 - b)
        slopes = (xp.asarray(table[:, 1:] * _POWERS) @ powers[:-1] + coefficients) / (2.0 - b)
        along = _in_loop(coefficients[1:] * _ORDERS, real, imaginary, xp=xp)
        across = _in_loop(slopes, real, imaginary, xp=xp)
        moved = multiplied(along, (d_real, d_imaginary))
        return function(real, imaginary, b), (moved[0] + across[0] * d_b, moved[1] + across[1] * d_b)

    return function
