"""Images as the telescope sees them: blurred by its PSF."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np

from autoarray import Array2D, Convolver, Grid2D, Mask2D, exc
from autoarray.type import Namespace


class OperateImage:
    """Adds blurred images to anything with ``image_2d_from`` and ``image_2d_list_from``.

    Light that is convolved with the PSF already (``lp_operated``) is added after the blurring.
    """

    @property
    @abstractmethod
    def light_profile_list(self) -> list[Any]:
        """Every light profile whose light is in the image."""
        raise NotImplementedError

    @abstractmethod
    def image_2d_from(self, grid: Any, xp: Namespace = np, operated_only: bool | None = None) -> Any:
        raise NotImplementedError

    @abstractmethod
    def image_2d_list_from(self, grid: Any, xp: Namespace = np, operated_only: bool | None = None) -> list[Any]:
        raise NotImplementedError

    @property
    def has_operated_light(self) -> bool:
        """Whether any light is convolved with the PSF already."""
        return any(profile.is_operated for profile in self.light_profile_list)

    def blurred_image_2d_from(self, grid: Grid2D, psf: Convolver, blurring_grid: Grid2D, xp: Namespace = np) -> Array2D:
        """Image [e- s^-1] on ``grid`` after the PSF, ``(n,)``; light of ``blurring_grid`` comes in."""
        if not self.has_operated_light:
            image, blurring_image = self.image_2d_from(grid, xp=xp), self.image_2d_from(blurring_grid, xp=xp)
            return psf.convolved_image_from(image, blurring_image, xp=xp)
        image = self.image_2d_from(grid, xp=xp, operated_only=False)
        blurring_image = self.image_2d_from(blurring_grid, xp=xp, operated_only=False)
        blurred = psf.convolved_image_from(image, blurring_image, xp=xp)
        return blurred + self.image_2d_from(grid, xp=xp, operated_only=True)

    def blurred_image_2d_via_extended_from(
        self, extended_grid: Grid2D, psf: Convolver, mask: Mask2D, xp: Namespace = np
    ) -> Array2D:
        """The same from one evaluation on mask and ring together (``dataset.grids.extended``), ``(n,)``."""
        if not self.has_operated_light:
            image = self.image_2d_from(extended_grid, xp=xp)
            return psf.convolved_extended_image_from(image, mask, xp=xp)
        image = self.image_2d_from(extended_grid, xp=xp, operated_only=False)
        blurred = psf.convolved_extended_image_from(image, mask, xp=xp)
        operated = self.image_2d_from(extended_grid, xp=xp, operated_only=True)
        return blurred.with_new_array(blurred.array + psf.state_from(mask).unblurred_from(operated.array))

    def blurred_image_2d_list_from(
        self, grid: Grid2D, psf: Convolver, blurring_grid: Grid2D, xp: Namespace = np
    ) -> list[Array2D]:
        """Blurred images of the parts."""
        images = self.image_2d_list_from(grid, xp=xp, operated_only=False)
        blurring_images = self.image_2d_list_from(blurring_grid, xp=xp, operated_only=False)
        blurred = [
            psf.convolved_image_from(image, blurring_image, xp=xp)
            for image, blurring_image in zip(images, blurring_images, strict=True)
        ]
        if not self.has_operated_light:
            return blurred
        operated = self.image_2d_list_from(grid, xp=xp, operated_only=True)
        return [image + already for image, already in zip(blurred, operated, strict=True)]

    def unmasked_blurred_image_2d_from(self, grid: Grid2D, psf: Convolver, xp: Namespace = np) -> Array2D:
        """Blurred image on every pixel of the frame of ``grid``, masked or not."""
        mask = grid.mask.derive_mask.all_false
        return self.blurred_image_2d_via_extended_from(psf.padded_grid_from(grid), psf, mask, xp=xp)


def reject_linear_light(light: OperateImage, owner: str) -> None:
    """Raise where an intensity is left to a linear solution, which ``owner`` does not do: it has no number."""
    for profile in light.light_profile_list:
        if profile.is_linear:
            name = type(profile).__name__
            raise exc.FitException(
                f"{owner} got the linear light profile {name}, whose intensity has no value and is not solved for "
                f"here; wanted one with an intensity: ag.lp.{name}(intensity=1.0)."
            )
