"""Grids that follow from a mask; reached as ``mask.derive_grid``."""

from __future__ import annotations

import numpy as np

from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.type import Namespace


class DeriveGrid2D:
    """Grids of the pixels of ``mask``."""

    def __init__(self, mask: Mask2D, xp: Namespace = np) -> None:
        self.mask = mask
        self._xp = xp

    @property
    def all_false(self) -> Grid2D:
        """Every pixel of the frame."""
        return Grid2D.from_mask(self.mask.derive_mask.all_false, xp=self._xp)

    @property
    def unmasked(self) -> Grid2D:
        """The pixels that are used."""
        return Grid2D.from_mask(self.mask, xp=self._xp)

    @property
    def edge(self) -> Grid2DIrregular:
        """The used pixels that touch a masked one or the frame."""
        return Grid2DIrregular(self.mask.derive_mask.edge.grid_slim, xp=self._xp)

    @property
    def border(self) -> Grid2DIrregular:
        """The edge pixels on the outer rim."""
        return Grid2DIrregular(self.mask.derive_mask.border.grid_slim, xp=self._xp)
