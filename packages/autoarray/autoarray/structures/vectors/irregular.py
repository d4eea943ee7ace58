"""A field of (y,x) vectors at coordinates that form no grid."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import AbstractNDArray
from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.uniform import raw_array_from
from autoarray.type import ArrayLike, Namespace


class VectorYX2DIrregular(AbstractNDArray):
    """Vectors (y,x) ``(n, 2)`` and the coordinates ``grid`` they belong to."""

    def __init__(self, values: ArrayLike, grid: Grid2DIrregular | ArrayLike, xp: Namespace = np) -> None:
        super().__init__(raw_array_from(values, xp=xp), xp=xp)
        self.grid = grid if isinstance(grid, AbstractNDArray) else Grid2DIrregular(grid, xp=xp)
        if self.shape != self.grid.shape:
            raise exc.GridException(f"vectors of shape {self.shape} at {self.grid.shape}, wanted (n, 2) of both.")

    @property
    def slim(self) -> VectorYX2DIrregular:
        return self

    @property
    def y(self) -> ArrayIrregular:
        return ArrayIrregular.from_raw(self.array[:, 0])

    @property
    def x(self) -> ArrayIrregular:
        return ArrayIrregular.from_raw(self.array[:, 1])

    @property
    def magnitudes(self) -> ArrayIrregular:
        """Lengths of the vectors."""
        return ArrayIrregular.from_raw(self._xp.sqrt((self.array**2).sum(axis=-1)))

    @property
    def average_magnitude(self) -> float:
        """Length of the mean vector."""
        return self._xp.sqrt((self.array.mean(axis=0) ** 2).sum())
