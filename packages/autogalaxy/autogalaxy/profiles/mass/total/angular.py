r"""The angular part of the deflection of elliptical power laws, a holomorphic function of one complex number.

.. math:: F_b(s) = {}_2F_1(1, b; 2 - b; -s), \quad |s| = f = (1 - q) / (1 + q)

The derivatives are given in closed form, because differentiating the sums costs ten times the function.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from autoarray.abstract_ndarray import is_concrete_number
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.complex_plane import Parts, divided, multiplied, polynomial_from
from autogalaxy.profiles.mass.total.circle_polynomials import series_on_circle_from

_TERMS = 32
_ARCTAN_DEGREE = 7


def inverse_one_plus_root(s: Parts, xp: Namespace = np) -> Parts:
    """``1 / (1 + sqrt(1 + s))`` for the root with a positive real part."""
    real, imaginary = 1.0 + s[0], s[1]
    root = xp.sqrt(0.5 * (xp.sqrt(real**2 + imaginary**2) + real))
    real, imaginary = 1.0 + root, 0.5 * imaginary / root
    scale = 1.0 / (real**2 + imaginary**2)
    return real * scale, -imaginary * scale


def arctan_over_root_from(s_real: Array, s_imaginary: Array, f: Array | None = None, xp: Namespace = np) -> Parts:
    r""":math:`\arctan(\sqrt s) / \sqrt s`, the angular part at slope 2 (b = 1/2).

    Halves the angle, :math:`\arctan u = 2 \arctan(u / (1 + \sqrt{1 + u^2}))`, then takes a ratio of two polynomials of
    degree 7, Gauss's rule for :math:`\int_0^1 dt / (1 + s t^2)`: the error is 1e-15 for q above 0.2, 6e-14 at q = 0.1,
    2e-11 at q = 0.05 and 1e-7 at q = 0.01. Where ``f = |s|`` is a number, the degree is that which it needs.
    """
    if xp is np:
        return _arctan_ratio(s_real, s_imaginary, _arctan_degree(f), xp=xp)
    return _arctan_with_derivative(xp)(s_real, s_imaginary)


def power_law_angular_from(s_real: Array, s_imaginary: Array, b: Array, f: Array, xp: Namespace = np) -> Parts:
    r""":math:`F_b(s)` where ``|s| = f``, from the power series in :math:`y = (\sqrt{1 + s} - 1) / (\sqrt{1 + s} + 1)`.

    The map sends the plane cut along the singularity to the unit disc, so that 32 terms give 1e-14 for q above 0.2,
    1e-11 at q = 0.1 and 1e-7 at q = 0.05, where the series in s (Tessore & Metcalf 2015, A&A 580, A79, eq. 29) needs
    eight times as many. JAX goes through the points with two polynomials of a real variable, which are as accurate.
    Where NumPy has b and f as numbers, Gauss's rule for Euler's integral takes fewer passes over the points.
    """
    if xp is np:
        if _is_number(b) and _is_number(f) and 0.0 < float(b) < 1.0:
            return _gauss_sum(s_real, s_imaginary, float(b), float(f))
        return _power_law_sum(s_real, s_imaginary, b, number_of_terms(f), xp=xp)
    return _power_law_with_derivatives(xp)(s_real, s_imaginary, b, f)


def _is_number(value: Array) -> bool:
    """Whether ``value`` is one number, an array without axes included, that can be looked at."""
    return is_concrete_number(value) or (isinstance(value, np.ndarray) and value.ndim == 0)


def number_of_terms(f: Array) -> int:
    """Terms for an error of 1e-16 where the ellipticity is a number, at most the fixed length used for tracers."""
    if not _is_number(f):
        return _TERMS
    root = math.sqrt(max(1.0 - float(f), 0.0))
    y = (1.0 - root) / (1.0 + root)
    return min(_TERMS, 2 + math.ceil(41.0 / -math.log(y))) if y > 1e-16 else 2


def _gauss_sum(s_real: np.ndarray, s_imaginary: np.ndarray, b: float, f: float) -> tuple[np.ndarray, np.ndarray]:
    r""":math:`F_b = \sum_i w_i / (1 + s t_i)`, where :math:`|1 + s t|^2 = 1 + t^2 f^2 + 2 t \Re s` is a real number."""
    # the error of n nodes is y^(2 n), y the map of f
    nodes, weights = _euler_rule(b, min(_TERMS, 1 + number_of_terms(f) // 2))
    terms = np.add.outer((1.0 + (nodes * f) ** 2) / (2.0 * nodes), s_real)
    np.divide(1.0, terms, out=terms)
    plain, weighted = np.stack((0.5 * weights / nodes, 0.5 * weights)) @ terms
    return plain + s_real * weighted, -s_imaginary * weighted


@lru_cache(maxsize=16)
def _euler_rule(b: float, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights on (0, 1) for ``t^(b - 1) (1 - t)^(1 - 2 b)``, the weights' sum one (Golub & Welsch 1969)."""
    alpha, beta, n = 1.0 - 2.0 * b, b - 1.0, np.arange(1.0, number)
    twice = 2.0 * n + alpha + beta
    diagonal = np.append((beta - alpha) / (alpha + beta + 2.0), (beta**2 - alpha**2) / (twice * (twice + 2.0)))
    # the factor (n + alpha + beta) / (twice - 1) is one at n = 1
    ratio = np.where(n > 1.0, (n + alpha + beta) / np.where(n > 1.0, twice - 1.0, 1.0), 1.0)
    squared = 4.0 * n * (n + alpha) * (n + beta) * ratio / (twice**2 * (twice + 1.0))
    beside = np.sqrt(squared)
    nodes, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
    return 0.5 * (1.0 + nodes), vectors[0] ** 2


def _arctan_degree(f: Array | None) -> int:
    """Degree for an error of 1e-16, which is that of ``y^(2 n + 1)`` with y the map of the halved s."""
    if f is None or not _is_number(f):
        return _ARCTAN_DEGREE
    halved = float(f) / (1.0 + math.sqrt(max(1.0 - float(f), 0.0))) ** 2
    root = math.sqrt(max(1.0 - halved, 0.0))
    y = (1.0 - root) / (1.0 + root)
    return min(_ARCTAN_DEGREE, math.ceil(18.4 / -math.log(y) - 0.5)) if y > 1e-16 else 1


@lru_cache(maxsize=16)
def _arctan_polynomials(degree: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Numerator and denominator, constant first: the sum over nodes t of ``w / (1 + s t^2)`` on one denominator."""
    nodes, weights = np.polynomial.legendre.leggauss(2 * degree + 1)
    factors = [np.array([1.0, node**2]) for node in nodes[:degree]]
    below = reduce(np.convolve, factors, np.ones(1))
    above = 0.5 * weights[degree] * below
    for k in range(degree):
        above[:degree] += weights[k] * reduce(np.convolve, factors[:k] + factors[k + 1 :], np.ones(1))
    return tuple(above.tolist()), tuple(below.tolist())


def _arctan_ratio(s_real: Array, s_imaginary: Array, degree: int = _ARCTAN_DEGREE, xp: Namespace = np) -> Parts:
    inverse = inverse_one_plus_root((s_real, s_imaginary), xp=xp)
    s = multiplied((s_real, s_imaginary), multiplied(inverse, inverse))
    above, below = (polynomial_from(coefficients, s) for coefficients in _arctan_polynomials(degree))
    return divided(multiplied((2.0 * inverse[0], 2.0 * inverse[1]), above), below)


def _power_law_sum(s_real: Array, s_imaginary: Array, b: Array, terms: int, xp: Namespace = np) -> Parts:
    coefficients = xp.asarray(_COEFFICIENTS[:terms]) @ _powers_of(b, xp=xp)
    return polynomial_from(coefficients, _mapped(s_real, s_imaginary, xp=xp))


def _series_from(
    s_real: Array, s_imaginary: Array, b: Array, f: Array, tables: list[np.ndarray], xp: Namespace = np
) -> list[Parts]:
    """Sums over powers of y on the circle, whose coefficients are polynomials in ``2 b - 1`` given by ``tables``."""
    powers = _powers_of(b, xp=xp)
    coefficients = xp.stack([xp.asarray(table) @ powers[: table.shape[1]] for table in tables], axis=-1)
    return series_on_circle_from(s_real, s_imaginary, f, coefficients, xp=xp)


def _mapped(s_real: Array, s_imaginary: Array, xp: Namespace = np) -> Parts:
    """y of s, for which ``s = 4 y / (1 - y)^2``."""
    inverse = inverse_one_plus_root((s_real, s_imaginary), xp=xp)
    return multiplied((s_real, s_imaginary), multiplied(inverse, inverse))


def _powers_of(b: Array, xp: Namespace = np) -> Array:
    """Powers of ``2 b - 1`` by products: ``**`` has no second derivative at zero, which is slope 2."""
    powers = [1.0 + 0.0 * b]
    for _ in _EXPONENTS[1:]:
        powers.append(powers[-1] * (2.0 * b - 1.0))
    return xp.stack(powers)


def series_coefficients_from(b: np.ndarray, terms: int) -> np.ndarray:
    """Coefficients of ``F_b`` in powers of y for each b, ``(terms, b)``.

    From ``z (1 - z) F' = (1 - b) (1 - F) + b z F`` (the hypergeometric equation at a = 1, integrated once) with
    ``z = -s = 4 w / (1 + w)^2`` and ``y = -w``.
    """
    first, second = np.ones_like(b), np.zeros_like(b)
    out = [first]
    for k in range(1, terms):
        source = (2.0, 1.0)[k - 1] * (1.0 - b) if k < 3 else 0.0
        first, second = ((k - 3 + b) * second + (6.0 * b - 2.0) * first + source) / (k + 1 - b), first
        out.append((-1) ** k * first)
    return np.stack(out)


def _fitted() -> np.ndarray:
    """The coefficients as polynomials in ``2 b - 1`` for slopes of 1 to 3 (0 < b < 1), ``(terms, degree + 1)``.

    Their nearest pole is b = 2, so that degree 20 is exact to rounding.
    """
    nodes = np.polynomial.chebyshev.chebpts1(len(_EXPONENTS))
    chebyshev = np.polynomial.chebyshev.chebfit(
        nodes, series_coefficients_from(0.5 * (nodes + 1.0), _TERMS).T, len(_EXPONENTS) - 1
    )
    return np.stack([np.polynomial.chebyshev.cheb2poly(column) for column in chebyshev.T])


_EXPONENTS = np.arange(21.0)
_COEFFICIENTS = _fitted()
_SLOPES = 2.0 * _COEFFICIENTS[:, 1:] * _EXPONENTS[1:]
"""Their derivatives by b, in the same powers."""


def _derivative_from(s: Parts, value: Parts, b: Array, xp: Namespace = np) -> Parts:
    """``dF/ds`` from the differential equation, and from the series where that cancels."""
    real, imaginary = s
    size = real**2 + imaginary**2
    small = size < 1e-6
    # F' = [(1 - b) (1 - F) - b s F] / (-s) / (1 + s) with z = -s, dF/ds = -dF/dz
    product = multiplied(s, value)
    top = ((1.0 - b) * (1.0 - value[0]) - b * product[0], -(1.0 - b) * value[1] - b * product[1])
    bottom = (real + real**2 - imaginary**2, imaginary + 2.0 * real * imaginary)
    scale = 1.0 / xp.where(small, 1.0, bottom[0] ** 2 + bottom[1] ** 2)
    ratio = multiplied(top, (bottom[0] * scale, -bottom[1] * scale))
    series, coefficient = [], 1.0
    for n in range(1, 6):
        coefficient = -coefficient * (n - 1 + b) / (n + 1 - b)
        series.append(n * coefficient)
    near = polynomial_from(series, s)
    return xp.where(small, near[0], ratio[0]), xp.where(small, near[1], ratio[1])


@lru_cache(maxsize=2)
def _arctan_with_derivative(xp: Namespace) -> Callable[..., Parts]:
    """JAX's function of s, with its derivative attached."""
    import jax

    def arctan_over_root(real: Array, imaginary: Array) -> Parts:
        return _arctan_ratio(real, imaginary, xp=xp)

    attached: Any = jax.custom_jvp(arctan_over_root)

    @attached.defjvp
    def tangent_from(primals: tuple, tangents: tuple) -> tuple[Parts, Parts]:
        value = attached(*primals)
        return value, multiplied(_derivative_from(primals, value, 0.5, xp=xp), tangents)

    return attached


@lru_cache(maxsize=2)
def _power_law_with_derivatives(xp: Namespace) -> Callable[..., Parts]:
    """JAX's function of s, b and f, with its derivatives attached; that by b is computed along with the value."""
    import jax

    def power_law(real: Array, imaginary: Array, b: Array, f: Array) -> Parts:
        return _series_from(real, imaginary, b, f, [_COEFFICIENTS], xp=xp)[0]

    def with_slope(real: Array, imaginary: Array, b: Array, f: Array) -> tuple[Parts, Parts]:
        value, (across_real, across_imaginary) = _series_from(real, imaginary, b, f, [_COEFFICIENTS, _SLOPES], xp=xp)
        # always so; it keeps the polynomials out of sums over points, in which XLA computes them term by term
        return value, (xp.where(f < 1.0, across_real, 0.0), xp.where(f < 1.0, across_imaginary, 0.0))

    attached: Any = jax.custom_jvp(power_law)
    both: Any = jax.custom_jvp(with_slope)

    def moved_from(primals: tuple, tangents: tuple) -> tuple[Parts, Parts, Parts]:
        (real, imaginary, b, _), (d_real, d_imaginary, d_b, _) = primals, tangents  # |s| is f, not a variable of F
        value, across = both(*primals)
        moved = multiplied(_derivative_from((real, imaginary), value, b, xp=xp), (d_real, d_imaginary))
        return value, across, (moved[0] + across[0] * d_b, moved[1] + across[1] * d_b)

    @attached.defjvp
    def tangent_from(primals: tuple, tangents: tuple) -> tuple[Parts, Parts]:
        value, _, moved = moved_from(primals, tangents)
        return value, moved

    @both.defjvp
    def tangents_from(primals: tuple, tangents: tuple) -> tuple[tuple[Parts, Parts], tuple[Parts, Parts]]:
        value, across, moved = moved_from(primals, tangents)
        _, bent = jax.jvp(lambda *arguments: with_slope(*arguments)[1], primals, tangents)
        return (value, across), (moved, bent)

    return attached
