"""Noise that is correlated between pixels: the covariance of every pair of them, for small cut-outs."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_numpy, namespace_from
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.uniform import raw_array_from
from autoarray.type import Array, ArrayLike, Namespace

LARGEST_NUMBER_OF_PIXELS = 5000
"""More pixels are refused: the matrix and its factor would take more than 400 MB."""


def matrix_from(values: ArrayLike, mask: Mask2D) -> np.ndarray:
    """The covariance of the pixels of ``mask``, a read-only float64 copy ``(n, n)``; of its values nothing is checked.

    Rows and columns are either the unmasked pixels, or all pixels of the frame in reading order.
    """
    matrix = np.array(raw_array_from(values))
    used, every = mask.pixels_in_mask, mask.array.size
    if matrix.shape not in ((used, used), (every, every)) or matrix.dtype.kind not in "fiu":
        raise exc.DatasetException(
            f"noise_covariance_matrix of shape {matrix.shape} and type {matrix.dtype}, wanted real numbers of shape "
            f"{(used, used)}, one row for each unmasked pixel in reading order, or {(every, every)}, one for each "
            "pixel of the image."
        )
    if matrix.shape[0] != used:
        matrix = matrix[np.ix_(~mask.array.ravel(), ~mask.array.ravel())]
    matrix = matrix.astype(float, copy=False)
    matrix.flags.writeable = False
    return matrix


def with_independent_from(matrix: np.ndarray, marked: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """The covariance with ``marked`` pixels made independent of all others, with a standard deviation of ``noise``."""
    changed = matrix.copy()
    changed[marked, :] = 0.0
    changed[:, marked] = 0.0
    changed[marked, marked] = noise[marked] ** 2
    return changed


class WhitenedNoise:
    """A covariance known by the transpose W of the inverse of its Cholesky factor, which JAX may trace."""

    def __init__(self, whitening: Array) -> None:
        self.whitening = whitening
        """Values times it have independent noise of 1, ``(n, n)``."""

    def whitened_from(self, values: Array, xp: Namespace = np) -> Array:
        """``L^-1 v`` of the last axis, ``(..., n) -> (..., n)``."""
        return xp.matmul(values, xp.asarray(self.whitening))

    @property
    def log_determinant(self) -> Array:
        """``ln det(2 pi C)``."""
        xp = namespace_from(not is_numpy(self.whitening))
        diagonal = xp.diagonal(self.whitening)
        return diagonal.shape[0] * xp.log(2.0 * np.pi) - 2.0 * xp.sum(xp.log(diagonal))


class NoiseCovariance:
    r"""A covariance matrix with its Cholesky factor, C = L L^T, both computed once in NumPy.

    .. math:: \chi^2 = r^T C^{-1} r = |L^{-1} r|^2, \quad \ln \det (2 \pi C) = n \ln 2 \pi + 2 \sum \ln L_{ii}
    """

    def __init__(self, matrix: np.ndarray) -> None:
        _validate(matrix)
        self.matrix = matrix
        """Covariance C [e-^2 s^-2], ``(n, n)``."""
        try:
            self.factor = np.linalg.cholesky(matrix)
            """Lower triangular L, ``(n, n)``."""
        except np.linalg.LinAlgError:
            lowest, highest = np.linalg.eigvalsh(matrix)[[0, -1]]
            raise exc.DatasetException(
                f"noise_covariance_matrix is not positive definite (its eigenvalues go from {lowest:.3g} to "
                f"{highest:.3g}), wanted all above zero: a sample covariance needs more samples than pixels, or "
                "matrix + 1e-6 * np.diag(np.diag(matrix))."
            ) from None

    @cached_property
    def whitening(self) -> np.ndarray:  # xp: of the dataset, computed once
        """Transpose of the inverse of L, ``(n, n)``: values times it have independent noise of 1."""
        from scipy.linalg import solve_triangular

        inverse = solve_triangular(self.factor, np.eye(len(self.factor)), lower=True)
        return np.ascontiguousarray(inverse.T)

    def whitened_from(self, values: Array, xp: Namespace = np) -> Array:
        """``L^-1 v`` of the last axis, ``(..., n) -> (..., n)``."""
        return xp.matmul(values, xp.asarray(self.whitening))

    def same_noise_as(self, noise_map: Array2D) -> None:
        """A noise map given beside the covariance agrees with its diagonal, or our error."""
        noise, wanted = np.asarray(noise_map.array), np.sqrt(np.diag(self.matrix))
        wrong = np.abs(noise - wanted) > 1e-6 * wanted
        if bad := int(np.sum(wrong)):
            first = int(np.argmax(wrong))
            raise exc.DatasetException(
                f"noise_map is {noise[first]:.6g} where noise_covariance_matrix has a standard deviation of "
                f"{wanted[first]:.6g} ({bad} pixels differ), wanted the same: leave the noise_map out, "
                "Imaging(data, psf=psf, noise_covariance_matrix=matrix, pixel_scales=0.05)."
            )

    @property
    def log_determinant(self) -> float:  # xp: of the dataset, a number
        """``ln det(2 pi C)``."""
        return float(len(self.factor) * np.log(2.0 * np.pi) + 2.0 * np.sum(np.log(np.diag(self.factor))))


def _validate(matrix: np.ndarray) -> None:
    """Not too large, finite and symmetric, or our error."""
    number = len(matrix)
    if number > LARGEST_NUMBER_OF_PIXELS:
        raise exc.DatasetException(
            f"noise_covariance_matrix of {number} pixels, which takes {2 * 8 * number**2 / 1e9:.1f} GB with its "
            f"factor, wanted at most {LARGEST_NUMBER_OF_PIXELS} pixels: a smaller mask, "
            "Imaging(..., check_values=False).apply_mask(mask)."
        )
    if bad := int(np.sum(~np.isfinite(matrix))):
        raise exc.DatasetException(f"noise_covariance_matrix has {bad} values that are nan or inf, wanted none.")
    variances = np.diag(matrix)
    if bad := int(np.sum(variances <= 0.0)):
        raise exc.DatasetException(
            f"noise_covariance_matrix has {bad} variances on its diagonal that are not above zero (the lowest is "
            f"{variances.min():.3g}), wanted none."
        )
    scale = np.sqrt(variances)
    excess = np.abs(matrix - matrix.T) - 1e-8 * scale[:, None] * scale[None, :]
    if np.any(excess > 0.0):
        i, j = (int(k) for k in np.unravel_index(np.argmax(excess), matrix.shape))
        raise exc.DatasetException(
            f"noise_covariance_matrix is {matrix[i, j]:.6g} at ({i}, {j}) and {matrix[j, i]:.6g} at ({j}, {i}), wanted "
            "a symmetric matrix: 0.5 * (matrix + matrix.T) if the difference is rounding."
        )
