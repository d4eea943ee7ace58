r"""Non-negative least squares on normal equations: the active-set method with a fixed shape of every array.

.. math:: \min_s \; s^T F s - 2 d^T s, \quad s \ge 0

One pass of the loop solves for the passive (free) coefficients, then either steps back to the first coefficient that
would turn negative and fixes it at zero, or frees the coefficient with the steepest gradient. The objective falls in
every pass, so that no passive set returns.

References
----------
Lawson & Hanson (1974), Solving Least Squares Problems, chapter 23; Bro & de Jong (1997), J. Chemometrics 11, 393.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autoarray.inversion.normal_matrix import cholesky_from, masked_from, solved_from
from autoarray.type import Array, Namespace


class ActiveSet(NamedTuple):
    """The state of the loop; every point of it obeys the bounds."""

    coefficients: Array
    """s, ``(k,)``, zero outside the passive set."""
    passive: Array
    """Which coefficients are free, ``(k,)`` bool."""
    refused: Array
    """Which could not be freed since the last progress, because rounding hides their descent, ``(k,)`` bool."""
    iterations: Array
    """Passes made, one factorization each."""
    converged: Array
    """Whether no gradient at the bound is left that would lower the objective."""


def active_set_from(curvature: Array, vector: Array, allowed: Array, xp: Namespace = np) -> ActiveSet:
    """The solution for ``curvature`` F ``(k, k)``, its diagonal near one, and ``vector`` d ``(k,)``.

    Coefficients that are not ``allowed`` ``(k,)`` stay zero.
    """
    size = vector.shape[0]
    tolerance = 8.0 * size * xp.finfo(vector.dtype).eps * xp.max(xp.abs(vector))
    start = ActiveSet(
        coefficients=xp.zeros_like(vector),
        passive=xp.zeros(size, dtype=bool),
        refused=xp.zeros(size, dtype=bool),
        iterations=xp.asarray(0),
        converged=xp.asarray(False),
    )

    def is_running(state: ActiveSet) -> Array:
        return xp.logical_and(xp.logical_not(state.converged), state.iterations < 5 * size + 10)

    def step(state: ActiveSet) -> ActiveSet:
        return _step(state, curvature, vector, allowed, tolerance, xp=xp)

    return _while_loop(is_running, step, start, xp=xp)


def _step(
    state: ActiveSet, curvature: Array, vector: Array, allowed: Array, tolerance: Array, xp: Namespace = np
) -> ActiveSet:
    """One pass: solve, then fix what turns negative or free what descends."""
    old, passive = state.coefficients, state.passive
    factor = cholesky_from(masked_from(curvature, passive, xp=xp), xp=xp)
    wanted = solved_from(factor, xp.where(passive, vector, 0.0), xp=xp)
    # a singular passive set turns its newcomer, the one coefficient that is zero, back at the bound
    wanted = xp.where(xp.all(xp.isfinite(wanted)), wanted, xp.where(old > 0.0, old, -1.0))
    wanted = xp.where(passive, wanted, 0.0)

    falling = xp.logical_and(passive, wanted <= 0.0)
    feasible = xp.logical_not(xp.any(falling))
    drop = old - wanted
    fraction = xp.where(falling, old / xp.where(drop > 0.0, drop, 1.0), xp.inf)
    length = xp.where(feasible, 1.0, xp.min(fraction))
    fixed = xp.logical_and(falling, fraction <= length)
    stepped = xp.where(fixed, 0.0, xp.maximum(old + length * (wanted - old), 0.0))
    new = xp.where(feasible, wanted, stepped)
    kept = xp.logical_and(passive, xp.logical_not(fixed))

    partial = xp.logical_and(xp.logical_not(feasible), length > 0.0)
    progress = xp.logical_or(partial, xp.any(xp.logical_and(old == 0.0, new > 0.0)))
    refused = xp.logical_and(xp.logical_or(state.refused, fixed), xp.logical_not(progress))

    closed = xp.logical_or(xp.logical_or(kept, refused), xp.logical_not(allowed))
    gradient = xp.where(closed, 0.0, vector - curvature @ new)
    best = xp.argmax(gradient)
    enters = xp.logical_and(feasible, gradient[best] > tolerance)
    freed = xp.logical_and(enters, xp.arange(vector.shape[0]) == best)
    return ActiveSet(
        coefficients=new,
        passive=xp.logical_or(kept, freed),
        refused=refused,
        iterations=state.iterations + 1,
        converged=xp.logical_and(feasible, xp.logical_not(enters)),
    )


def _while_loop(
    condition: Callable[[ActiveSet], Any], body: Callable[[ActiveSet], ActiveSet], state: ActiveSet, xp: Namespace = np
) -> ActiveSet:
    """``body`` while ``condition``, compiled under JAX."""
    if xp is np:
        while condition(state):
            state = body(state)
        return state
    import jax

    return jax.lax.while_loop(condition, body, state)
