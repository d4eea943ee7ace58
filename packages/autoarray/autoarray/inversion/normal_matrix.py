r"""The normal matrix :math:`M = A^T A + H` of columns scaled to norm one, factorized on the passive coefficients.

References
----------
Bjorck (1987), Linear Algebra Appl. 88, 31 (corrected semi-normal equations); Fukaya et al. (2020), SIAM J. Sci. Comput.
42, A477 (shifted Cholesky QR).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from autoarray.type import Array, Namespace

_FREE_RIDGES = (1e-10, 1e-8)
"""Of the two factorizations for free coefficients: directions below the root of their product, 1e-9, are damped."""


class Problem(NamedTuple):
    """The arrays of a linear fit, which JAX may differentiate."""

    design: Array
    """A, ``(n, k)``, over the noise."""
    target: Array
    """b, ``(n,)``, over the noise."""
    regularization: Array
    """H, ``(k, k)``."""


class Factor(NamedTuple):
    """Triangular factors of the passive part of the scaled M; the identity elsewhere."""

    passive: Array
    """Which coefficients are free, ``(k,)`` bool."""
    scale: Array
    """Norms of the columns, ``(k,)``."""
    first: Array
    """Lower factor, ``(k, k)``: all of M, or what the second leaves."""
    second: Array | None = None
    """Lower factor of the normal matrix of ``orthogonal``, ``(k, k)``."""
    orthogonal: Array | None = None
    """The scaled A after the first factor, with nearly orthogonal columns, ``(n, k)``."""

    def solved_from(self, vector: Array, xp: Namespace = np) -> Array:
        """x of ``M x = vector`` on the passive coefficients in their own units, zero elsewhere, ``(k,) -> (k,)``."""
        scaled = xp.where(self.passive, vector / self.scale, 0.0)
        if self.second is None:
            return solved_from(self.first, scaled, xp=xp) / self.scale
        inner = solved_from(self.second, half_solved_from(self.first, scaled, xp=xp), xp=xp)
        return half_solved_from(self.first, inner, transposed=True, xp=xp) / self.scale

    def step_from(self, problem: Problem, coefficients: Array, xp: Namespace = np) -> Array:
        """What the residuals of ``coefficients`` add to them, ``(k,) -> (k,)``."""
        residuals = problem.target - problem.design @ coefficients
        smoothing = problem.regularization @ coefficients
        if self.second is None:
            return self.solved_from(residuals @ problem.design - smoothing, xp=xp)
        # orthogonal columns lose nothing of small directions, which A^T r does
        smoothing = xp.where(self.passive, smoothing / self.scale, 0.0)
        inner = residuals @ self.orthogonal - half_solved_from(self.first, smoothing, xp=xp)
        inner = solved_from(self.second, inner, xp=xp)
        return half_solved_from(self.first, inner, transposed=True, xp=xp) / self.scale

    def inverse(self, xp: Namespace = np) -> Array:
        """The inverse of the passive part of M in units of the coefficients, zero elsewhere, ``(k, k)``."""
        rows = rows_solved_from(self.first, xp.diag(xp.where(self.passive, 1.0 / self.scale, 0.0)), xp=xp)
        if self.second is not None:
            rows = rows_solved_from(self.second, rows, xp=xp)
        return rows @ rows.T


def factor_from(problem: Problem, passive: Array, positive: bool, xp: Namespace = np) -> Factor:
    """The factor for ``passive`` coefficients ``(k,)``; see :func:`scaled_curvature_from` for ``positive``.

    Free coefficients need directions whose square is lost in the normal matrix: a second factorization, of the columns
    that the first has made nearly orthogonal, finds them.
    """
    curvature, scale = scaled_curvature_from(problem, positive, xp=xp)
    first = cholesky_from(masked_from(curvature, passive, xp=xp), xp=xp)
    if positive:
        return Factor(passive, scale, first)
    inverse = xp.where(passive, 1.0 / scale, 0.0)
    orthogonal = rows_solved_from(first, problem.design * inverse, xp=xp)
    smoothing = rows_solved_from(first, problem.regularization * inverse[:, None] * inverse[None, :], xp=xp)
    second = orthogonal.T @ orthogonal + rows_solved_from(first, smoothing.T, xp=xp)
    second = masked_from(_ridged(second, _FREE_RIDGES[1], xp=xp), passive, xp=xp)
    return Factor(passive, scale, first, cholesky_from(second, xp=xp), orthogonal)


def scaled_curvature_from(problem: Problem, positive: bool, xp: Namespace = np) -> tuple[Array, Array]:
    """M of columns of norm one with a ridge on its diagonal ``(k, k)``, and the norms ``(k,)``, one for empty columns.

    Positive coefficients do not cancel, so that a ridge just above rounding leaves the fit as it is.
    """
    curvature = problem.design.T @ problem.design + problem.regularization
    squared = xp.diagonal(curvature)
    scale = xp.sqrt(xp.where(squared > 0.0, squared, 1.0))
    scaled = curvature / scale[:, None] / scale[None, :]
    return _ridged(scaled, 0.0 if positive else _FREE_RIDGES[0], xp=xp), scale


def _ridged(matrix: Array, ridge: float, xp: Namespace = np) -> Array:
    """``matrix`` with ``ridge`` on its diagonal, and at least what rounding of its entries needs."""
    size = matrix.shape[0]
    ridge = max(ridge, float(4.0 * size * xp.finfo(matrix.dtype).eps))
    return matrix + ridge * xp.eye(size, dtype=matrix.dtype)


def masked_from(matrix: Array, passive: Array, xp: Namespace = np) -> Array:
    """``matrix`` of the passive coefficients and the identity elsewhere, ``(k, k)``: its shape never changes."""
    both = xp.logical_and(passive[:, None], passive[None, :])
    return xp.where(both, matrix, xp.eye(passive.shape[0], dtype=matrix.dtype))


def cholesky_from(matrix: Array, xp: Namespace = np) -> Array:
    """The lower Cholesky factor, not a number where ``matrix`` is not positive definite."""
    if xp is not np:
        return xp.linalg.cholesky(matrix)
    try:
        return np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return np.full_like(matrix, np.nan)


def solved_from(factor: Array, vector: Array, xp: Namespace = np) -> Array:
    """x of ``L L^T x = vector`` for a lower ``factor`` L, ``(k,) -> (k,)``."""
    if xp is np:
        from scipy.linalg.lapack import dpotrs

        return dpotrs(factor, vector, lower=1)[0]
    from jax.scipy.linalg import cho_solve

    return cho_solve((factor, True), vector)


def half_solved_from(factor: Array, vector: Array, transposed: bool = False, xp: Namespace = np) -> Array:
    """x of ``L x = vector`` for a lower ``factor`` L, or of ``L^T x = vector``, ``(k,) -> (k,)``."""
    if xp is np:
        from scipy.linalg import solve_triangular

        return solve_triangular(factor, vector, lower=True, trans=int(transposed), check_finite=False)
    from jax.scipy.linalg import solve_triangular as solve_triangular_jax

    return solve_triangular_jax(factor, vector, lower=True, trans=int(transposed))


def rows_solved_from(factor: Array, rows: Array, xp: Namespace = np) -> Array:
    """X of ``X L^T = rows`` for a lower ``factor`` L, ``(n, k) -> (n, k)``."""
    if xp is np:
        from scipy.linalg import solve_triangular

        return solve_triangular(factor, rows.T, lower=True, check_finite=False).T
    # a product with the inverse: XLA's CPU code for a batch of many columns is a hundred times slower
    from jax.scipy.linalg import solve_triangular as solve_triangular_jax

    return rows @ solve_triangular_jax(factor, xp.eye(factor.shape[0], dtype=factor.dtype), lower=True).T
