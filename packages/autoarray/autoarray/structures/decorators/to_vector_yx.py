"""Vectors: Grid2D -> VectorYX2D, Grid2DIrregular -> VectorYX2DIrregular."""

from __future__ import annotations

from autoarray.structures.decorators.abstract import AbstractMaker, decorator_from
from autoarray.structures.vectors.irregular import VectorYX2DIrregular
from autoarray.structures.vectors.uniform import VectorYX2D
from autoarray.type import Array


class VectorYXMaker(AbstractMaker):
    def via_grid_2d(self, result: Array) -> VectorYX2D:
        return VectorYX2D.from_raw(result, grid=self.grid, mask=self.grid.mask)

    def via_grid_2d_irr(self, result: Array) -> VectorYX2DIrregular:
        return VectorYX2DIrregular.from_raw(result, grid=self.grid)


to_vector_yx = decorator_from(VectorYXMaker)
"""Wrap the raw ``(n, 2)`` output in the vector type that fits the grid."""
