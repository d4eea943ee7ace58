"""Coordinates that form no grid."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import AbstractNDArray, is_numpy
from autoarray.arguments import checked
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.over_sampling import OverSampler
from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.uniform import raw_array_from, stacked_yx_from
from autoarray.type import Array, ArrayLike, Namespace


def coordinates_from(values: ArrayLike, xp: Namespace = np) -> Array:
    """Raw coordinates ``(n, 2)``, finite where they can be looked at; a single (y, x) pair becomes one row."""
    array = raw_array_from(values, xp=xp)
    if array.ndim == 1 and array.shape == (2,):
        array = array[None, :]
    if array.ndim != 2 or array.shape[1] != 2:
        raise exc.GridException(
            f"coordinates of shape {tuple(array.shape)}, wanted (n, 2) in (y, x) order: np.stack((y, x), axis=-1)."
        )
    check_coordinates(array)
    return array


FARTHEST = 1e30
"""Arc-seconds beyond which profiles overflow."""


def check_coordinates(array: Array) -> None:
    """Our error, which names the first, unless all coordinates of NumPy are finite, ``(n, 2)``."""
    if not is_numpy(array):
        return
    near = np.abs(array) <= (FARTHEST if array.dtype.itemsize == 8 else np.finfo(array.dtype).max)
    if not np.all(near):
        row = int(np.argmin(near.all(axis=1)))
        raise exc.GridException(f"coordinate {row} is {tuple(array[row].tolist())}, wanted finite (y, x) [arcsec].")


class Grid2DIrregular(AbstractNDArray):
    """Coordinates (y,x) [arcsec] in any order, ``(n, 2)``.

    Those that are the sub-pixels of a ``Grid2D`` have its ``over_sampler``, which says whose they are, and its
    ``turned_by``.
    """

    _static = (*AbstractNDArray._static, "over_sampler")
    over_sampler: OverSampler | None = None
    turned_by: Any = None

    def __init__(self, values: ArrayLike, xp: Namespace = np) -> None:
        super().__init__(coordinates_from(values, xp=xp), xp=xp)
        self.is_transformed = False

    @classmethod
    def from_yx_1d(cls, y: ArrayLike, x: ArrayLike, xp: Namespace = np) -> Grid2DIrregular:
        """From separate y and x coordinates, each ``(n,)``."""
        return cls(stacked_yx_from(y, x, xp=xp), xp=xp)

    @classmethod
    @checked(exc.GridException)
    def from_pixels_and_mask(cls, pixels: ArrayLike, mask: Mask2D) -> Grid2DIrregular:
        """Centres of (row, column) ``pixels`` of the frame of ``mask``."""
        return cls(mask.geometry.grid_scaled_from(coordinates_from(pixels)))

    @property
    def in_list(self) -> list[tuple[float, float]]:
        """The coordinates as a list of (y, x) tuples."""
        return [tuple(row) for row in self._array]

    @property
    def slim(self) -> Grid2DIrregular:
        return self

    def grid_2d_via_deflection_grid_from(self, deflection_grid: AbstractNDArray, xp: Namespace = np) -> Grid2DIrregular:
        """``beta = theta - alpha``."""
        return Grid2DIrregular(self.array - raw_array_from(deflection_grid, xp=xp), xp=xp)

    def squared_distances_to_coordinate_from(
        self, coordinate: tuple[float, float] = (0.0, 0.0), xp: Namespace = np
    ) -> ArrayIrregular:
        """Squared distances [arcsec^2] to a (y, x) coordinate, ``(n,)``."""
        dy, dx = self.array[:, 0] - coordinate[0], self.array[:, 1] - coordinate[1]
        return ArrayIrregular(dy**2 + dx**2, xp=xp)

    def distances_to_coordinate_from(
        self, coordinate: tuple[float, float] = (0.0, 0.0), xp: Namespace = np
    ) -> ArrayIrregular:
        """Distances [arcsec] to a (y, x) coordinate, ``(n,)``."""
        squared = self.squared_distances_to_coordinate_from(coordinate, xp=xp)
        return ArrayIrregular(xp.sqrt(squared.array), xp=xp)

    def grid_of_closest_from(self, grid_pair: Grid2DIrregular) -> Grid2DIrregular:
        """For each coordinate of ``grid_pair`` the nearest of these."""
        separation = self.array[None, :, :] - grid_pair.array[:, None, :]
        return Grid2DIrregular(self.array[np.argmin((separation**2).sum(axis=-1), axis=1)])
