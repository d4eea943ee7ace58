r"""Linear least squares for coefficients that are non-negative, or free, with derivatives on both backends.

.. math:: \min_s \; |b - A s|^2 + s^T H s

A has one column for every component (pixel values over the noise), so that the problem is small in one dimension. The
normal matrix is factorized with a ridge just above rounding; a last correction with the residuals of A itself recovers
what the normal equations lost, and carries the derivatives.

References
----------
Lawson & Hanson (1974), Solving Least Squares Problems, chapter 23; Golub & Pereyra (1973), SIAM J. Numer. Anal. 10, 413
(derivatives of a linear solution).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.inversion.active_set import active_set_from
from autoarray.inversion.normal_matrix import Problem, factor_from, scaled_curvature_from
from autoarray.type import Array, ArrayLike, Namespace

_DEPENDENT = 1e-8
"""Distance of a column of norm one from the span of those before it, below which free coefficients mean nothing."""
_IDLE_GRADIENT = 1e-10
"""Gradient of a coefficient at its bound, relative to the largest of all, below which it may as well be free."""


class SolverResult(NamedTuple):
    """The coefficients and what is worth knowing about them."""

    coefficients: Array
    """s, ``(k,)``."""
    passive: Array
    """Which coefficients are free, ``(k,)`` bool; the others are zero, at their bound or because of an empty column."""
    empty: Array
    """Columns of A that are zero (and not regularized), ``(k,)`` bool; their coefficients are set to zero."""
    undetermined: Array
    """Columns that others can replace without a change of the fit, ``(k,)`` bool: duplicates, for example."""
    iterations: Array
    """Factorizations made by the active-set loop."""
    converged: Array
    """Whether the loop ended before its limit."""


def solution_from(
    design: ArrayLike,
    target: ArrayLike,
    regularization_matrix: ArrayLike | None = None,
    positive: bool = True,
    xp: Namespace = np,
) -> Array:
    """The coefficients ``(k,)`` of :func:`result_from`."""
    return result_from(design, target, regularization_matrix, positive=positive, xp=xp).coefficients


def result_from(
    design: ArrayLike,
    target: ArrayLike,
    regularization_matrix: ArrayLike | None = None,
    positive: bool = True,
    xp: Namespace = np,
) -> SolverResult:
    """Coefficients of the columns of ``design`` A ``(n, k)`` that fit ``target`` b ``(n,)``, both over the noise.

    ``regularization_matrix`` H ``(k, k)`` is positive semi-definite. Non-negative coefficients reach the chi-squared of
    the exact problem to 1e-14 of ``|b|^2`` however collinear the columns are. Free coefficients (``positive=False``)
    damp combinations of normalized columns whose norm is below 1e-9. Derivatives of the coefficients are those on the
    passive set.
    """
    problem = _checked(design, target, regularization_matrix, xp=xp)
    frozen = _frozen(problem, xp=xp)
    start = _positive_start(frozen, xp=xp) if positive else _free_start(frozen, xp=xp)
    return start._replace(coefficients=_correction(xp, positive)(problem, start.coefficients, start.passive))


def covariance_from(
    design: ArrayLike,
    passive: ArrayLike,
    regularization_matrix: ArrayLike | None = None,
    xp: Namespace = np,
) -> Array:
    """Covariance ``(k, k)`` of the free coefficients, zero for those at the bound.

    The inverse of the free part of ``A^T A + H``, for A over the noise. Undetermined coefficients have a variance that
    is large and finite.
    """
    design = xp.asarray(design, dtype=float)
    passive = xp.asarray(passive, dtype=bool)
    matrix = _regularization_from(design, regularization_matrix, xp=xp)
    problem = Problem(design, xp.zeros(design.shape[0]), matrix)
    return factor_from(problem, passive, positive=False, xp=xp).inverse(xp=xp)


def _checked(
    design: ArrayLike, target: ArrayLike, regularization_matrix: ArrayLike | None, xp: Namespace = np
) -> Problem:
    """The arrays in the floating type of the backend; shapes and, where there are any, numbers are looked at."""
    design, target = xp.asarray(design, dtype=float), xp.asarray(target, dtype=float)
    if len(design.shape) != 2 or design.shape[1] == 0 or target.shape != design.shape[:1]:
        raise exc.InversionException(
            f"Linear fits need a design matrix (n, k) and a target (n,), but got {design.shape} and {target.shape}. "
            "Write: solution_from(np.stack(columns, axis=1), target)."
        )
    regularization = _regularization_from(design, regularization_matrix, xp=xp)
    for name, value in (("design", design), ("target", target), ("regularization_matrix", regularization)):
        if is_traced(value):
            continue
        good = np.count_nonzero(np.isfinite(np.asarray(value)))  # xp: under jit, JAX would trace a concrete array
        if bad := value.size - int(good):
            raise exc.InversionException(
                f"Linear fits need finite numbers, but {bad} of the {value.size} values of {name} are not. Look for "
                "them in the images of the linear components with np.isfinite(image)."
            )
    return Problem(design, target, regularization)


def _regularization_from(design: Array, matrix: ArrayLike | None, xp: Namespace = np) -> Array:
    """H, or zeros."""
    shape = (design.shape[1], design.shape[1])
    if matrix is None:
        return xp.zeros(shape, dtype=design.dtype)
    matrix = xp.asarray(matrix, dtype=float)
    if matrix.shape != shape:
        raise exc.InversionException(
            f"The regularization matrix needs one row and column for each of the {shape[0]} components, but got shape "
            f"{matrix.shape}. Write: solution_from(design, target, regularization_matrix=np.eye({shape[0]}))."
        )
    return matrix


def _frozen(problem: Problem, xp: Namespace = np) -> Problem:
    """``problem`` as a constant of differentiation: the loop finds the active set, which has no derivative."""
    if xp is np:
        return problem
    import jax

    return jax.lax.stop_gradient(problem)


def _positive_start(problem: Problem, xp: Namespace = np) -> SolverResult:
    """The solution of the normal equations with non-negative coefficients."""
    curvature, scale = scaled_curvature_from(problem, positive=True, xp=xp)
    vector = problem.target @ problem.design / scale
    allowed = xp.diagonal(curvature) > 0.5
    state = active_set_from(curvature, vector, allowed, xp=xp)
    passive = state.coefficients > 0.0
    gradient = xp.abs(vector - curvature @ state.coefficients)
    idle = xp.logical_and(allowed, xp.logical_not(passive))
    return SolverResult(
        coefficients=state.coefficients / scale,
        passive=passive,
        empty=xp.logical_not(allowed),
        undetermined=xp.logical_and(idle, gradient < _IDLE_GRADIENT * xp.max(xp.abs(vector))),
        iterations=state.iterations,
        converged=state.converged,
    )


def _free_start(problem: Problem, xp: Namespace = np) -> SolverResult:
    """The solution with free coefficients, one correction short."""
    curvature, _ = scaled_curvature_from(problem, positive=False, xp=xp)
    passive = xp.diagonal(curvature) > 0.5
    factor = factor_from(problem, passive, positive=False, xp=xp)
    coefficients = xp.zeros_like(factor.scale)
    for _ in range(2):
        coefficients = coefficients + factor.step_from(problem, coefficients, xp=xp)
    return SolverResult(
        coefficients=coefficients,
        passive=passive,
        empty=xp.logical_not(passive),
        undetermined=xp.diagonal(factor.first) * xp.diagonal(factor.second) < _DEPENDENT,
        iterations=xp.asarray(1),
        converged=xp.all(xp.isfinite(coefficients)),
    )


@lru_cache(maxsize=4)
def _correction(xp: Namespace, positive: bool) -> Callable[..., Array]:
    r"""The function that corrects coefficients once; under JAX with its derivative.

    .. math:: (A^T A + H) \, ds = dA^T r - A^T dA \, s + A^T db - dH \, s, \quad r = b - A s

    on the passive set, with ds = 0 elsewhere.
    """

    def corrected(problem: Problem, start: Array, passive: Array) -> Array:
        factor = factor_from(problem, passive, positive, xp=xp)
        new = start + factor.step_from(problem, start, xp=xp)
        usable = xp.all(xp.isfinite(new))
        if positive:
            usable = xp.logical_and(usable, xp.all(xp.logical_or(new > 0.0, xp.logical_not(passive))))
        return xp.where(usable, new, start)

    if xp is np:
        return corrected
    import jax

    differentiable: Any = jax.custom_jvp(corrected)

    @differentiable.defjvp
    def tangent(primals: tuple, tangents: tuple) -> tuple[Array, Array]:
        problem, _, passive = primals
        change = tangents[0]
        solution = differentiable(*primals)
        residuals = problem.target - problem.design @ solution
        moved = change.target - change.design @ solution
        gradient = residuals @ change.design + moved @ problem.design - change.regularization @ solution
        return solution, factor_from(problem, passive, positive, xp=xp).solved_from(gradient, xp=xp)

    return differentiable
