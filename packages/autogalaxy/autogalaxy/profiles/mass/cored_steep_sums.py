r"""Sums over cored steep ellipsoids: the loops, and under JAX the derivatives of the deflection.

The deflection needs one sum of :math:`M^2`, the complex number :math:`c = z \bar v` and :math:`t = 1 + q`,

.. math:: H = \sum_i a_i \frac{s_i^2 (S_i + s_i)}{S_i B_i}, \quad B_i = t s_i (S_i + s_i) + c,

whose derivatives are sums of the same kind. Only two are new, since :math:`t H_t = -(H + c H_c)`. They are given to JAX
in closed form: differentiating the sum by rule costs ten times the function, in time and in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.complex_plane import Parts, multiplied
from autogalaxy.profiles.mass.cored_steep_turned import turned_deflection_term, turned_slopes_term

_GROUPS = {2: 4, 4: 1}
"""Real or complex terms in one turn of a loop under JAX: all at once takes XLA seconds to compile, and runs slower."""

Terms = tuple[Array, ...]
"""Amplitudes and cores, each ``(k,)``; of complex ones the parts, first of the amplitudes, then of the cores."""


def summed(term: Callable[..., tuple], like: Array, count: int, terms: Terms, xp: Namespace = np) -> tuple:
    """The sum of ``term`` of the elements of ``terms``, a tuple of ``count`` arrays shaped like ``like``."""
    if xp is np:
        total = term(*(values[0] for values in terms))
        for item in zip(*(values[1:] for values in terms), strict=True):
            total = tuple(old + new for old, new in zip(total, term(*item), strict=True))
        return total
    import jax

    number, group = len(terms[0]), _GROUPS[len(terms)]
    rest = -number % group
    # an amplitude of zero, and a core that is not
    padding = [xp.zeros(rest)] * (len(terms) // 2) + [xp.ones(rest)] * (len(terms) // 2)
    terms = tuple(xp.concatenate((xp.asarray(values), more)) for values, more in zip(terms, padding, strict=True))

    def turn(index: Array, total: tuple) -> tuple:
        for i in range(group):
            added = term(*(values[group * index + i] for values in terms))
            total = tuple(old + new for old, new in zip(total, added, strict=True))
        return total

    return jax.lax.fori_loop(0, (number + rest) // group, turn, (0.0 * like,) * count)


def deflection_sum_from(squared: Array, c: Parts, t: Array, terms: Terms, xp: Namespace = np) -> Parts:
    """H as (real, imaginary), each ``(n,)``."""
    if xp is np:
        return _deflection_sum(squared, c, t, terms, xp=xp)
    return _with_derivatives(xp)(squared, c, t, tuple(xp.asarray(values) for values in terms))


def _deflection_sum(squared: Array, c: Parts, t: Array, terms: Terms, xp: Namespace = np) -> Parts:
    def term(*item: Array) -> Parts:
        return _deflection_term(squared, c, t, item, xp=xp)

    real, flat = summed(term, squared, 2, terms, xp=xp)
    return real, -c[1] * flat


def _deflection_term(squared: Array, c: Parts, t: Array, item: Terms, xp: Namespace = np) -> tuple:
    """The real part of one term of H, and the imaginary part over ``-Im c``."""
    if len(item) == 4:
        return turned_deflection_term(squared, c, t, item[:2], item[2:], xp=xp)
    a, s = item
    root = xp.sqrt(s * s + squared)
    above = root + s
    b = (t * s) * above + c[0]
    weight = (a * s * s) * above / (root * (b * b + c[1] * c[1]))
    return weight * b, weight


def slopes_from(squared: Array, c: Parts, t: Array, terms: Terms, xp: Namespace = np) -> tuple[Parts, Parts, Parts]:
    r"""H and its derivatives by :math:`M^2` and by c, each (real, imaginary)."""

    def term(*item: Array) -> tuple:
        if len(item) == 4:
            return turned_slopes_term(squared, c, t, item[:2], item[2:], xp=xp)
        a, s = item
        inverse_root = 1.0 / xp.sqrt(s * s + squared)
        above = (s * s + squared) * inverse_root + s
        b = (t * s) * above + c[0]
        size = 1.0 / (b * b + c[1] * c[1])
        real, imaginary = b * size, -c[1] * size
        slope = (a * s * s) * inverse_root
        weight = slope * above
        real_squared, imaginary_squared = real * real - imaginary * imaginary, 2.0 * real * imaginary
        one, two = (-0.5 * s) * slope * inverse_root**2, (-0.5 * s * t) * weight * inverse_root
        return (
            weight * real,
            weight * imaginary,
            one * real + two * real_squared,
            one * imaginary + two * imaginary_squared,
            -weight * real_squared,
            -weight * imaginary_squared,
        )

    sums = summed(term, squared, 6, terms, xp=xp)
    return sums[:2], sums[2:4], sums[4:]


@lru_cache(maxsize=1)
def _with_derivatives(xp: Namespace) -> Callable:
    """The sum under JAX with its derivatives attached."""
    import jax

    def deflection_sum(squared: Array, c: Parts, t: Array, terms: Terms) -> Parts:
        return _deflection_sum(squared, c, t, terms, xp=xp)

    with_derivatives: Any = jax.custom_jvp(deflection_sum)

    def tangent(primals: tuple, tangents: tuple) -> tuple[Parts, Parts]:
        squared, c, t, terms = primals
        d_squared, d_c, d_t, d_terms = tangents
        value, by_squared, by_c = slopes_from(squared, c, t, terms, xp=xp)
        turned = multiplied(c, by_c)
        by_t = -(value[0] + turned[0]) / t, -(value[1] + turned[1]) / t
        along = multiplied(by_c, (_filled(d_c[0]), _filled(d_c[1])))
        moved = tuple(by_squared[i] * _filled(d_squared) + along[i] + by_t[i] * _filled(d_t) for i in (0, 1))
        if not all(_is_zero(d) for d in d_terms):
            across = _moved_by_terms(squared, c, t, terms, d_terms, xp=xp)
            moved = moved[0] + across[0], moved[1] + across[1]
        return value, moved

    with_derivatives.defjvp(tangent, symbolic_zeros=True)
    return with_derivatives


def _is_zero(tangent: Any) -> bool:
    """Whether JAX knows that nothing moves, as for a constant."""
    from jax.custom_derivatives import SymbolicZero

    return isinstance(tangent, SymbolicZero)


def _filled(tangent: Any) -> Array:
    return 0.0 if _is_zero(tangent) else tangent


def _moved_by_terms(
    squared: Array, c: Parts, t: Array, terms: Terms, tangents: tuple[Any, ...], xp: Namespace = np
) -> Parts:
    """Change of H with amplitudes and cores; the terms are computed again in a reverse pass instead of kept."""
    import jax

    half = len(terms) // 2
    still = all(_is_zero(d) for d in tangents[half:])

    def term(*item: Array) -> Parts:
        return _deflection_term(squared, c, t, item, xp=xp)

    def turn(total: Parts, item: tuple) -> tuple[Parts, None]:
        values, moves = item[: 2 * half], item[2 * half :]
        # linear in the amplitude
        added = term(*moves[:half], *values[half:]) if still else jax.jvp(term, values, moves)[1]
        return (total[0] + added[0], total[1] + added[1]), None

    zero = 0.0 * (squared + c[0])
    moving = tuple(xp.zeros_like(terms[0]) if _is_zero(d) else d for d in tangents)
    (real, flat), _ = jax.lax.scan(jax.checkpoint(turn), (zero, zero), (*terms, *moving), unroll=_GROUPS[2 * half])
    return real, -c[1] * flat
