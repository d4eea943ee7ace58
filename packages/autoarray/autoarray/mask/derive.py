"""Masks that follow from a mask: its edge, its border and the pixels that the PSF connects with it."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray.mask import index
from autoarray.mask.mask_2d import Mask2D


class DeriveMask2D:
    """Masks that follow from ``mask``; reached as ``mask.derive_mask``."""

    def __init__(self, mask: Mask2D) -> None:
        self.mask = mask

    def _like(self, array: np.ndarray) -> Mask2D:
        return Mask2D(array, self.mask.pixel_scales, self.mask.origin)

    @property
    def all_false(self) -> Mask2D:
        """Every pixel of the same frame."""
        return self._like(np.zeros(self.mask.shape_native, dtype=bool))

    @property
    def edge(self) -> Mask2D:
        """Used pixels that touch a masked one or the frame."""
        return self._like(index.edge_from(self.mask.array))

    @property
    def border(self) -> Mask2D:
        """Edge pixels on the outer rim; those around holes are left out."""
        return self._like(index.border_from(self.mask.array))

    def blurring_from(self, kernel_shape_native: tuple[int, int], allow_padding: bool = False) -> Mask2D:
        """Masked pixels whose light reaches the mask through a PSF of this shape.

        The ring must fit in the frame; ``allow_padding=True`` pads the frame by half a kernel on every side instead.
        """
        shape = index.odd_kernel_shape_from(kernel_shape_native)
        extended = self.extended_from(shape)
        ring = extended.array | ~self._padded(shape)
        if allow_padding:
            return self._like(ring)
        half = (shape[0] // 2, shape[1] // 2)
        inner = ring[half[0] : ring.shape[0] - half[0], half[1] : ring.shape[1] - half[1]]
        if np.sum(~inner) != np.sum(~ring):
            raise exc.MaskException(
                f"a PSF of {shape} pixels reaches beyond the image of {self.mask.shape_native} pixels at the mask's "
                "edge: use a smaller mask, or derive_mask.blurring_from(shape, allow_padding=True)."
            )
        return self._like(inner)

    def extended_from(self, kernel_shape_native: tuple[int, int]) -> Mask2D:
        """The mask and the ring around it that a PSF of this shape connects with it.

        The frame is padded by half a kernel on every side (shape ``(ny + ky - 1, nx + kx - 1)``, same centre), so a
        mask at the image's edge loses no light.
        """
        shape = index.odd_kernel_shape_from(kernel_shape_native)
        return self._like(index.dilated_from(self._padded(shape), shape))

    def _padded(self, shape: tuple[int, int]) -> np.ndarray:
        half = [(k // 2, k // 2) for k in shape]
        return np.pad(self.mask.array, half, constant_values=True)
