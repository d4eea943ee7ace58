"""A field of (y,x) vectors on a uniform grid."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.structures.uniform import UniformStructure, raw_array_from, slim_from
from autoarray.type import ArrayLike, Namespace


class VectorYX2D(UniformStructure):
    """Vectors (y,x) at the unmasked pixels of an image, ``(n, 2)``, and the ``grid`` they belong to."""

    _trailing_dimensions = 1

    @checked(exc.GridException)
    def __init__(
        self,
        values: ArrayLike,
        grid: Grid2D,
        mask: Mask2D | None = None,
        store_native: bool = False,
        xp: Namespace = np,
    ) -> None:
        mask = grid.mask if mask is None else mask
        super().__init__(slim_from(raw_array_from(values, xp=xp), mask, trailing=(2,)), xp=xp)
        self.grid = grid
        self.mask = mask
        if store_native:
            self._array = self.native._array

    def _on_pixels(self, key: slice, mask: Mask2D) -> VectorYX2D:
        new = super()._on_pixels(key, mask)
        new.grid = self.grid.slim[key]
        return new

    @property
    def y(self) -> Array2D:
        return Array2D.from_raw(self.slim.array[:, 0], mask=self.mask, header=None)

    @property
    def x(self) -> Array2D:
        return Array2D.from_raw(self.slim.array[:, 1], mask=self.mask, header=None)

    @property
    def magnitudes(self) -> Array2D:
        """Lengths of the vectors."""
        return Array2D.from_raw(self._xp.sqrt((self.slim.array**2).sum(axis=-1)), mask=self.mask, header=None)
