"""Values at coordinates that form no grid."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray.abstract_ndarray import AbstractNDArray
from autoarray.structures.uniform import raw_array_from
from autoarray.type import ArrayLike, Namespace


class ArrayIrregular(AbstractNDArray):
    """Values ``(n,)`` at irregular coordinates."""

    def __init__(self, values: ArrayLike, xp: Namespace = np) -> None:
        super().__init__(raw_array_from(values, xp=xp), xp=xp)

    @property
    def slim(self) -> ArrayIrregular:
        return self

    @property
    def in_list(self) -> list[Any]:
        """The values as a Python list."""
        return list(self._array)
