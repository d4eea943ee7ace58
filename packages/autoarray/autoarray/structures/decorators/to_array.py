"""Scalars: Grid2D -> Array2D, Grid2DIrregular -> ArrayIrregular."""

from __future__ import annotations

from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.decorators.abstract import AbstractMaker, decorator_from
from autoarray.type import Array


class ArrayMaker(AbstractMaker):
    def via_grid_2d(self, result: Array) -> Array2D:
        return Array2D.from_raw(result, mask=self.grid.mask, header=None)

    def via_grid_2d_irr(self, result: Array) -> ArrayIrregular:
        return ArrayIrregular.from_raw(result)


to_array = decorator_from(ArrayMaker)
"""Wrap the raw ``(n,)`` output in the array type that fits the grid."""
