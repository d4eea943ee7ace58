r"""Linear least squares for coefficients that are non-negative, or free, with derivatives on both backends.

.. math:: \min_s \; |b - A s|^2 + s^T H s

A has one column for every component (pixel values over the noise), so that the problem is small in one dimension. The
normal matrix of A with its columns scaled to norm one is factorized with a ridge just above rounding; a last
correction with the residuals of A itself recovers what the normal equations lost, and carries the derivatives.

References
----------
Lawson & Hanson (1974), Solving Least Squares Problems, chapter 23; Bjorck (1987), Linear Algebra Appl. 88, 31
(corrected semi-normal equations); Fukaya et al. (2020), SIAM J. Sci. Comput. 42, A477 (shifted Cholesky QR).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.inversion.active_set import (
    active_set_from,
    cholesky_from,
    masked_from,
    rows_solved_from,
    solved_from,
)
from autoarray.type import Array, ArrayLike, Namespace

_SECOND_RIDGE = 1e-8
_UNDETERMINED = 1e-10


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
    damp combinations of normalized columns whose norm is below 1e-11. Derivatives of the coefficients are those on the
    passive set.
    """
    design, target, regularization = _checked(design, target, regularization_matrix, xp=xp)
    a, b, h = (_frozen(value, xp=xp) for value in (design, target, regularization))
    start, result = _positive_start(a, b, h, xp=xp) if positive else _free_start(a, b, h, xp=xp)
    correct = _correction(xp, positive)
    coefficients = correct(design, target, regularization, start, result.passive)
    return result._replace(coefficients=coefficients)


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
    factor, scale = _factor_from(design, matrix, passive, positive=False, xp=xp)
    half = rows_solved_from(factor, xp.diag(xp.where(passive, 1.0 / scale, 0.0)), xp=xp)
    return half @ half.T


def _checked(
    design: ArrayLike, target: ArrayLike, regularization_matrix: ArrayLike | None, xp: Namespace = np
) -> tuple[Array, Array, Array]:
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
    return design, target, regularization


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


def _frozen(value: Array, xp: Namespace = np) -> Array:
    """``value`` as a constant of differentiation: the loop finds the active set, which has no derivative."""
    if xp is np:
        return value
    import jax

    return jax.lax.stop_gradient(value)


def _scale_from(curvature: Array, xp: Namespace = np) -> Array:
    """Norms of the columns, one for empty columns, ``(k,)``."""
    squared = xp.diagonal(curvature)
    return xp.sqrt(xp.where(squared > 0.0, squared, 1.0))


def _scaled_curvature_from(design: Array, regularization: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """``A^T A + H`` of columns of norm one with its ridge ``(k, k)``, and the norms ``(k,)``."""
    curvature = design.T @ design + regularization
    scale = _scale_from(curvature, xp=xp)
    size = curvature.shape[0]
    ridge = 4.0 * size * xp.finfo(curvature.dtype).eps
    return curvature / scale[:, None] / scale[None, :] + ridge * xp.eye(size, dtype=curvature.dtype), scale


def _positive_start(
    design: Array, target: Array, regularization: Array, xp: Namespace = np
) -> tuple[Array, SolverResult]:
    """The scaled non-negative coefficients, and the result without them."""
    curvature, scale = _scaled_curvature_from(design, regularization, xp=xp)
    vector = target @ design / scale
    allowed = xp.diagonal(curvature) > 0.5
    state = active_set_from(curvature, vector, allowed, xp=xp)
    passive = state.coefficients > 0.0
    gradient = xp.abs(vector - curvature @ state.coefficients)
    idle = xp.logical_and(allowed, xp.logical_not(passive))
    undetermined = xp.logical_and(idle, gradient < _UNDETERMINED * xp.max(xp.abs(vector)))
    empty = xp.logical_not(allowed)
    return state.coefficients, SolverResult(
        state.coefficients, passive, empty, undetermined, state.iterations, state.converged
    )


def _free_start(design: Array, target: Array, regularization: Array, xp: Namespace = np) -> tuple[Array, SolverResult]:
    """The scaled free coefficients, and the result without them."""
    curvature, _ = _scaled_curvature_from(design, regularization, xp=xp)
    passive = xp.diagonal(curvature) > 0.5
    factor, scale = _factor_from(design, regularization, passive, positive=False, xp=xp)
    start = xp.zeros_like(scale)
    for _ in range(2):
        start = start + _scaled_step(design, target, regularization, start, passive, factor, scale, xp=xp)
    undetermined = xp.diagonal(factor) < _UNDETERMINED
    result = SolverResult(
        start, passive, xp.logical_not(passive), undetermined, xp.asarray(2), xp.all(xp.isfinite(start))
    )
    return start, result


def _factor_from(
    design: Array, regularization: Array, passive: Array, positive: bool, xp: Namespace = np
) -> tuple[Array, Array]:
    """Lower factor L of the passive part of the scaled normal matrix ``(k, k)``, and the norms of the columns ``(k,)``.

    Free coefficients need directions whose square is lost in the normal matrix: a second factorization, of the columns
    that the first has made nearly orthogonal, finds them.
    """
    curvature, scale = _scaled_curvature_from(design, regularization, xp=xp)
    first = cholesky_from(masked_from(curvature, passive, xp=xp), xp=xp)
    if positive:
        return first, scale
    inverse_scale = xp.where(passive, 1.0 / scale, 0.0)
    nearly = rows_solved_from(first, design * inverse_scale, xp=xp)
    smooth = rows_solved_from(first, regularization * inverse_scale[:, None] * inverse_scale[None, :], xp=xp)
    second = nearly.T @ nearly + rows_solved_from(first, smooth.T, xp=xp)
    second = masked_from(second + _SECOND_RIDGE * xp.eye(scale.shape[0], dtype=second.dtype), passive, xp=xp)
    return first @ cholesky_from(second, xp=xp), scale


def _scaled_step(
    design: Array,
    target: Array,
    regularization: Array,
    scaled: Array,
    passive: Array,
    factor: Array,
    scale: Array,
    xp: Namespace = np,
) -> Array:
    """What the residuals of ``scaled`` coefficients add to them, ``(k,)``."""
    coefficients = scaled / scale
    gradient = (target - design @ coefficients) @ design - regularization @ coefficients
    return solved_from(factor, xp.where(passive, gradient / scale, 0.0), xp=xp)


@lru_cache(maxsize=4)
def _correction(xp: Namespace, positive: bool) -> Callable[..., Array]:
    r"""The function that corrects scaled coefficients once and undoes the scale; under JAX with its derivative.

    .. math:: (A^T A + H) \, ds = dA^T r - A^T dA \, s + A^T db - dH \, s, \quad r = b - A s

    on the passive set, with ds = 0 elsewhere.
    """

    def corrected(design: Array, target: Array, regularization: Array, start: Array, passive: Array) -> Array:
        factor, scale = _factor_from(design, regularization, passive, positive, xp=xp)
        scaled = start + _scaled_step(design, target, regularization, start, passive, factor, scale, xp=xp)
        usable = xp.all(xp.isfinite(scaled))
        if positive:
            usable = xp.logical_and(usable, xp.all(xp.logical_or(scaled > 0.0, xp.logical_not(passive))))
        return xp.where(usable, scaled, start) / scale

    if xp is np:
        return corrected
    import jax

    differentiable: Any = jax.custom_jvp(corrected)

    @differentiable.defjvp
    def tangent(primals: tuple, tangents: tuple) -> tuple[Array, Array]:
        design, target, regularization, start, passive = primals
        d_design, d_target, d_regularization = tangents[:3]
        solution = differentiable(*primals)
        factor, scale = _factor_from(design, regularization, passive, positive, xp=xp)
        residual = target - design @ solution
        gradient = residual @ d_design + (d_target - d_design @ solution) @ design - d_regularization @ solution
        return solution, solved_from(factor, xp.where(passive, gradient / scale, 0.0), xp=xp) / scale

    return differentiable
