"""Complex numbers as pairs of real arrays, which a CPU computes several times faster than complex ones."""

from __future__ import annotations

from collections.abc import Sequence

from autoarray.type import Array

Parts = tuple[Array, Array]
"""Real and imaginary part."""


def multiplied(a: Parts, b: Parts) -> Parts:
    """Product ``a b``."""
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def divided(a: Parts, b: Parts) -> Parts:
    """Quotient ``a / b``, of a ``b`` that is not zero."""
    scale = 1.0 / (b[0] ** 2 + b[1] ** 2)
    return (a[0] * b[0] + a[1] * b[1]) * scale, (a[1] * b[0] - a[0] * b[1]) * scale


def inverted(a: Parts) -> Parts:
    """Inverse ``1 / a`` of an ``a`` that is not zero."""
    scale = 1.0 / (a[0] ** 2 + a[1] ** 2)
    return a[0] * scale, -a[1] * scale


def polynomial_from(coefficients: Sequence[Array], s: Parts) -> Parts:
    """Polynomial with real coefficients (constant first) at a complex point: two products a term.

    References
    ----------
    Knuth, The Art of Computer Programming 2, section 4.6.4, eq. 3.
    """
    real, imaginary = s
    trace, squared = 2.0 * real, real**2 + imaginary**2
    last = before = 0.0 * real
    for k in range(len(coefficients) - 1, 0, -1):
        last, before = coefficients[k] + trace * last - squared * before, last
    return coefficients[0] + real * last - squared * before, imaginary * last
