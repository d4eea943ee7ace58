"""Images as the telescope sees them: blurred by its PSF."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np

from autoarray import Array2D, Convolver, Grid2D, Mask2D
from autoarray.type import Namespace


class OperateImage:
    """Adds blurred images to anything with ``image_2d_from`` and ``image_2d_list_from``."""

    @abstractmethod
    def image_2d_from(self, grid: Any, xp: Namespace = np, operated_only: bool | None = None) -> Any:
        raise NotImplementedError

    @abstractmethod
    def image_2d_list_from(self, grid: Any, xp: Namespace = np, operated_only: bool | None = None) -> list[Any]:
        raise NotImplementedError

    def blurred_image_2d_from(self, grid: Grid2D, psf: Convolver, blurring_grid: Grid2D, xp: Namespace = np) -> Array2D:
        """Image [e- s^-1] on ``grid`` after the PSF, ``(n,)``; light of ``blurring_grid`` comes in."""
        image = self.image_2d_from(grid, xp=xp)
        blurring_image = self.image_2d_from(blurring_grid, xp=xp)
        return psf.convolved_image_from(image, blurring_image, xp=xp)

    def blurred_image_2d_via_extended_from(
        self, extended_grid: Grid2D, psf: Convolver, mask: Mask2D, xp: Namespace = np
    ) -> Array2D:
        """The same from one evaluation on mask and ring together (``dataset.grids.extended``), ``(n,)``."""
        image = self.image_2d_from(extended_grid, xp=xp)
        return psf.convolved_extended_image_from(image, mask, xp=xp)

    def blurred_image_2d_list_from(
        self, grid: Grid2D, psf: Convolver, blurring_grid: Grid2D, xp: Namespace = np
    ) -> list[Array2D]:
        """Blurred images of the parts."""
        images = self.image_2d_list_from(grid, xp=xp)
        blurring_images = self.image_2d_list_from(blurring_grid, xp=xp)
        return [
            psf.convolved_image_from(image, blurring_image, xp=xp)
            for image, blurring_image in zip(images, blurring_images, strict=True)
        ]

    def unmasked_blurred_image_2d_from(self, grid: Grid2D, psf: Convolver, xp: Namespace = np) -> Array2D:
        """Blurred image on every pixel of the frame of ``grid``, masked or not."""
        mask = grid.mask.derive_mask.all_false
        return self.blurred_image_2d_via_extended_from(grid.padded_grid_from(psf.shape_native), psf, mask, xp=xp)
