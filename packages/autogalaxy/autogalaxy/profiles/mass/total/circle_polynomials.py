r"""Power series with real coefficients on a circle, as polynomials of one real variable.

Where ``|s| = f`` at every point, :math:`F(s) = \sum_k c_k y^k`, with y the map of s that sends the plane cut at -1 to
the unit disc, is :math:`G + i \Im(s) H` for two functions G and H of :math:`\Re s`. They are analytic but for the root
of :math:`|1 + s|`, so that polynomials in a ratio of it converge twice as fast as the series, and a point takes
roots and a division of real numbers. Their coefficients come from interpolation, which costs as much as a few points.

References
----------
Trefethen (2013), Approximation Theory and Approximation Practice, chapters 3 and 8.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.fused import held
from autogalaxy.profiles.mass.complex_plane import Parts

_NODES = {4: 12, 8: 20}
"""Terms by the bytes of a number, for errors of 2e-6 and 1e-14 at f = 2/3, an axis ratio of 0.2."""
_SMALLEST_RADIUS = 0.1
"""The interval of a smaller circle is that of this one, so that its ends stay apart."""
_GROUP = 4
"""Terms of a series in one loop, because XLA computes those of a longer one several times."""


def series_on_circle_from(
    s_real: Array, s_imaginary: Array, f: Array, coefficients: Array, xp: Namespace = np
) -> list[Parts]:
    """Sums of ``coefficients`` (constant first, ``(k, m)``) times powers of y where ``|s| = f``, m of ``(n,)``."""
    dtype = s_real.dtype
    to_chebyshev, to_powers, nodes = (xp.asarray(t) for t in _tables(_NODES.get(np.dtype(dtype).itemsize, _NODES[8])))
    f = xp.asarray(f, dtype=nodes.dtype)
    middle, half = _interval_from(f, xp=xp)
    at_nodes = middle * (1.0 + half * nodes) / (1.0 - half * nodes)
    values = xp.concatenate(_at_nodes(0.5 * (at_nodes**4 - 1.0 - f**2), f, coefficients, xp=xp)).T
    # not in one step: the entries of the second matrix are large where the Chebyshev coefficients are small
    powers = (to_powers @ (to_chebyshev @ values)).astype(dtype)
    squared, middle, half = ((1.0 + f**2).astype(dtype), middle.astype(dtype), half.astype(dtype))
    root = xp.sqrt(xp.sqrt(squared + 2.0 * s_real))
    (x,) = held(((root - middle) / (half * (root + middle)),), xp=xp)
    number = coefficients.shape[1]
    sums = [_polynomial_of(powers[:, column], x) for column in range(2 * number)]
    # held, or both are computed again for each component of a vector that is made of them
    return [held((sums[i], s_imaginary * sums[number + i]), xp=xp) for i in range(number)]


def _polynomial_of(coefficients: Array, x: Array) -> Array:
    """Horner's rule, constant first."""
    total = 0.0 * x
    for k in range(len(coefficients) - 1, -1, -1):
        total = coefficients[k] + x * total
    return total


def _interval_from(f: Array, xp: Namespace = np) -> Parts:
    """Geometric middle of the roots of ``|1 + s|`` on the circle, and where their ratio to it ends."""
    g = xp.maximum(f, _SMALLEST_RADIUS)
    first, last = ((1.0 + f**2 + sign * g) ** 0.25 for sign in (-2.0, 2.0))
    middle = xp.sqrt(first * last)
    return middle, (last - middle) / (last + middle)


def _at_nodes(s_real: Array, f: Array, coefficients: Array, xp: Namespace = np) -> Parts:
    """G and H of the real part, ``(m, n)``, by the series in y with its trace and norm, as in ``polynomial_from``."""
    modulus = xp.sqrt(1.0 + f**2 + 2.0 * s_real)
    twice = xp.sqrt(2.0 * (1.0 + s_real + modulus))  # of the real part of sqrt(1 + s)
    bottom = 1.0 + twice + modulus  # |1 + sqrt(1 + s)|^2
    trace, squared = 2.0 * (f**2 + 2.0 * s_real) / ((1.0 + modulus) * bottom), (f / bottom) ** 2
    trace, squared = held((trace, squared), xp=xp)
    columns = coefficients[:, :, None]
    last = before = 0.0 * columns[0] * s_real
    for k in range(len(coefficients) - 1, 0, -1):
        last, before = columns[k] + trace * last - squared * before, last
        if k % _GROUP == 1:
            last, before = held((last, before), xp=xp)
    return columns[0] + 0.5 * trace * last - squared * before, 2.0 * last / (twice * bottom)


@lru_cache(maxsize=4)
def _tables(number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Matrices from values at the nodes to Chebyshev coefficients, from those to powers, and Chebyshev's nodes."""
    nodes = np.polynomial.chebyshev.chebpts1(number)
    to_chebyshev = 2.0 / number * np.polynomial.chebyshev.chebvander(nodes, number - 1).T
    to_chebyshev[0] *= 0.5
    to_powers = np.zeros((number, number))
    for k in range(number):
        to_powers[: k + 1, k] = np.polynomial.chebyshev.cheb2poly(np.eye(number)[k, : k + 1])
    return to_chebyshev, to_powers, nodes
