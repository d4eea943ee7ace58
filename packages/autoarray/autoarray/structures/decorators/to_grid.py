"""Coordinates: Grid2D -> Grid2D, Grid2DIrregular -> Grid2DIrregular."""

from __future__ import annotations

from autoarray.abstract_ndarray import Deferred
from autoarray.structures.decorators.abstract import AbstractMaker, decorator_from
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.type import Array


class GridMaker(AbstractMaker):
    def via_grid_2d(self, result: Array) -> Grid2D:
        """The sub-pixels go through the same function, when somebody asks for them."""
        grid = self.grid

        def over_sampled() -> Array:
            return self.func(self.obj, grid.over_sampled, self._xp, *self.args, **self.kwargs)

        return grid.moved_from(result, Deferred(over_sampled))

    def via_grid_2d_irr(self, result: Array) -> Grid2DIrregular:
        return Grid2DIrregular.from_raw(result, is_transformed=self.grid.is_transformed)


to_grid = decorator_from(GridMaker)
"""Wrap the raw ``(n, 2)`` output in the type of the grid."""
