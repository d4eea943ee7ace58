"""Smooth functions through values on the pixels of a mask, with their derivatives, for NumPy and JAX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from autoarray import Mask2D
from autoarray.type import Array, Namespace

if TYPE_CHECKING:
    from scipy.sparse import csr_array

RING = 14
"""Pixels around the mask in which values are continued, so that its edge has no kink."""
_DIFFERENCE = (1.0, -4.0, 6.0, -4.0, 1.0)
_DIRECTIONS = ((1, 0), (0, 1), (1, 1), (1, -1))
"""Fourth differences along rows, columns and diagonals measure how rough values are."""


@dataclass(frozen=True, eq=False)
class Lattice:
    """The pixels of a mask in a frame that is wider by ``RING`` on every side; rows go down from the top."""

    shape: tuple[int, int]
    top_left: tuple[float, float]
    """(y, x) of the centre of the first pixel."""
    pixel_scales: tuple[float, float]
    nearest: np.ndarray
    """Flat index of the unmasked pixel nearest to each pixel, ``(pixels,)``: its own where it is unmasked."""
    unmasked: np.ndarray
    """Flat indexes of the unmasked pixels in their order, ``(n,)``."""

    @classmethod
    def from_mask(cls, mask: Mask2D) -> Lattice:
        from scipy.ndimage import distance_transform_edt

        outside = np.pad(np.asarray(mask.array), RING, constant_values=True)
        centres = np.asarray(mask.derive_grid.all_false.array).reshape(*mask.shape_native, 2)
        scales = float(mask.pixel_scales[0]), float(mask.pixel_scales[1])
        rows, columns = distance_transform_edt(outside, sampling=scales, return_distances=False, return_indices=True)
        return cls(
            shape=outside.shape,
            top_left=(centres[0, 0, 0] + RING * scales[0], centres[0, 0, 1] - RING * scales[1]),
            pixel_scales=scales,
            nearest=(rows * outside.shape[1] + columns).ravel(),
            unmasked=np.flatnonzero(~outside.ravel()),
        )

    def places_from(self, y: Array, x: Array, xp: Namespace = np) -> Places:
        """Where points (y, x) are, each ``(n,)``."""
        row, column = (self.top_left[0] - y) / self.pixel_scales[0], (x - self.top_left[1]) / self.pixel_scales[1]
        i = xp.clip(xp.floor(row + 0.5), 0, self.shape[0] - 1).astype(int)
        j = xp.clip(xp.floor(column + 0.5), 0, self.shape[1] - 1).astype(int)
        own = i * self.shape[1] + j
        nearest = xp.asarray(self.nearest)[own]
        in_frame = xp.logical_and(abs(row - i) <= 0.5, abs(column - j) <= 0.5)
        is_inside = xp.logical_and(nearest == own, in_frame)
        near_row, near_column = (nearest // self.shape[1]).astype(float), (nearest % self.shape[1]).astype(float)
        return Places(
            row=xp.where(is_inside, row, near_row),
            column=xp.where(is_inside, column, near_column),
            is_inside=is_inside,
            beyond_y=xp.where(is_inside, 0.0, (near_row - row) * self.pixel_scales[0]),
            beyond_x=xp.where(is_inside, 0.0, (column - near_column) * self.pixel_scales[1]),
        )

    def continued(self, values: np.ndarray) -> np.ndarray:
        """Values of the unmasked pixels, ``(n,)``, on the whole frame, ``(rows, columns)``.

        In the ring they continue with the smallest fourth differences, farther out they are those of the nearest pixel.
        """
        from scipy.sparse import coo_array, csr_array
        from scipy.sparse.linalg import spsolve

        frame = np.full(self.shape, np.nan)
        frame.flat[self.unmasked] = values
        known = np.isfinite(frame)
        ring = np.logical_and(_dilated(known, RING), ~known)
        number = np.full(self.shape, -1)
        number[ring] = np.arange(ring.sum())
        rows, columns, weights, wanted = [], [], [], []
        count = 0
        for direction in _DIRECTIONS:
            stencil = _stencils(direction, self.shape)
            use = np.logical_and((known | ring).flat[stencil].all(axis=0), ring.flat[stencil].any(axis=0))
            stencil = stencil[:, use]
            equation = count + np.arange(stencil.shape[1])
            count += stencil.shape[1]
            target = np.zeros(stencil.shape[1])
            for pixels, weight in zip(stencil, _DIFFERENCE, strict=True):
                is_ring = ring.flat[pixels]
                rows.append(equation[is_ring])
                columns.append(number.flat[pixels[is_ring]])
                weights.append(np.full(is_ring.sum(), weight))
                target[~is_ring] -= weight * frame.flat[pixels[~is_ring]]
            wanted.append(target)
        matrix = csr_array(
            coo_array(
                (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), shape=(count, ring.sum())
            )
        )
        normal = matrix.T @ matrix + 1e-12 * _identity(int(ring.sum()))
        frame[ring] = spsolve(normal.tocsc(), matrix.T @ np.concatenate(wanted))
        return self._filled(frame)

    def _filled(self, frame: np.ndarray) -> np.ndarray:
        from scipy.ndimage import distance_transform_edt

        rows, columns = distance_transform_edt(np.isnan(frame), return_distances=False, return_indices=True)
        return frame[rows, columns]


@dataclass(frozen=True, eq=False)
class Places:
    """Points in units of pixels; one outside the mask is at the nearest pixel and (y, x) beyond it."""

    row: Array
    column: Array
    is_inside: Array
    beyond_y: Array
    beyond_x: Array


@dataclass(frozen=True, eq=False)
class Spline:
    """A B-spline of odd ``order`` through values on the pixels of a lattice."""

    lattice: Lattice
    coefficients: np.ndarray
    """Of the whole frame, ``(rows, columns)``."""
    order: int

    @classmethod
    def from_values(cls, lattice: Lattice, values: np.ndarray, order: int) -> Spline:
        from scipy.ndimage import spline_filter

        coefficients = spline_filter(lattice.continued(values), order=order, mode="mirror", output=np.float64)
        return cls(lattice=lattice, coefficients=coefficients, order=order)

    def derivatives_from(
        self, places: Places, orders: tuple[tuple[int, int], ...], xp: Namespace = np
    ) -> tuple[Array, ...]:
        """Derivatives of the (y, x) ``orders`` at places [per arcsec to that power], each ``(n,)``."""
        half = (self.order - 1) // 2
        top, left = xp.floor(places.row), xp.floor(places.column)
        highest = max(max(pair) for pair in orders)
        weights_y = [_weights(places.row - top, self.order, d) for d in range(highest + 1)]
        weights_x = [_weights(places.column - left, self.order, d) for d in range(highest + 1)]
        first = (top.astype(int) - half) * self.lattice.shape[1] + left.astype(int) - half
        table, sums = xp.asarray(self.coefficients.ravel()), [0.0 * places.row for _ in orders]
        for a in range(self.order + 1):
            along = {d_x: 0.0 * places.row for _, d_x in orders}
            for b in range(self.order + 1):
                value = table[first + (a * self.lattice.shape[1] + b)]
                along = {d_x: total + weights_x[d_x][b] * value for d_x, total in along.items()}
            sums = [total + weights_y[d_y][a] * along[d_x] for total, (d_y, d_x) in zip(sums, orders, strict=True)]
        step_y, step_x = -self.lattice.pixel_scales[0], self.lattice.pixel_scales[1]
        return tuple(total / (step_y**d_y * step_x**d_x) for total, (d_y, d_x) in zip(sums, orders, strict=True))

    def matrix_from(self, places: Places, order: tuple[int, int]) -> csr_array:
        """What a derivative is of the coefficients, a sparse matrix of ``(n, pixels of the frame)``."""
        from scipy.sparse import csr_array

        half, n = (self.order - 1) // 2, len(places.row)
        top, left = np.floor(places.row), np.floor(places.column)
        weights_y = _weights(places.row - top, self.order, order[0])
        weights_x = _weights(places.column - left, self.order, order[1])
        first = (top.astype(int) - half) * self.lattice.shape[1] + left.astype(int) - half
        near = range(self.order + 1)
        columns = np.stack([first + a * self.lattice.shape[1] + b for a in near for b in near], axis=-1)
        values = np.stack([weights_y[a] * weights_x[b] for a in near for b in near], axis=-1)
        starts = np.arange(n + 1) * columns.shape[1]
        scale = (-self.lattice.pixel_scales[0]) ** order[0] * self.lattice.pixel_scales[1] ** order[1]
        return csr_array((values.ravel() / scale, columns.ravel(), starts), shape=(n, self.coefficients.size))


def _weights(u: Array, order: int, derivative: int) -> list[Array]:
    """B-splines (or a derivative of them) that are not zero at ``u`` of a unit interval, from the left.

    References
    ----------
    de Boor (1978), A Practical Guide to Splines, chapter IX, for equidistant knots.
    """
    values = [1.0 + 0.0 * u]
    for p in range(1, order - derivative + 1):
        values = [
            ((u + (p - k)) * values[k - 1] if k > 0 else 0.0) / p + ((k + 1 - u) * values[k] if k < p else 0.0) / p
            for k in range(p + 1)
        ]
    for _ in range(derivative):
        values = [
            (values[k - 1] if k > 0 else 0.0) - (values[k] if k < len(values) else 0.0) for k in range(len(values) + 1)
        ]
    return values


def _dilated(region: np.ndarray, steps: int) -> np.ndarray:
    from scipy.ndimage import binary_dilation

    return binary_dilation(region, structure=np.ones((3, 3), dtype=bool), iterations=steps)


def _identity(size: int) -> Array:
    from scipy.sparse import eye_array

    return eye_array(size, format="csr")


def _stencils(direction: tuple[int, int], shape: tuple[int, int]) -> np.ndarray:
    """Flat indexes of successive pixels of a frame in a direction, as many as a difference takes, ``(5, stencils)``."""
    rows, columns = np.indices(shape)
    steps = len(_DIFFERENCE) - 1
    last_row, last_column = rows + steps * direction[0], columns + steps * direction[1]
    good = (last_row < shape[0]) & (last_column < shape[1]) & (last_column >= 0)
    start = (rows * shape[1] + columns)[good]
    return np.stack([start + k * (direction[0] * shape[1] + direction[1]) for k in range(steps + 1)])
