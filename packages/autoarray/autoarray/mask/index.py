"""Which pixels a mask keeps, which are at its edge and which can send light into it: raw boolean arrays only."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray.type import Array


def native_for_slim_from(mask: Array) -> Array:
    """(row, column) of each unmasked pixel in reading order, ``(ny, nx) -> (n, 2)``."""
    return np.argwhere(~mask)


def native_from(values: Array, mask: Array) -> Array:
    """Values of unmasked pixels put back in the image, 0 elsewhere, ``(n, ...) -> (ny, nx, ...)``."""
    native = np.zeros(mask.shape + values.shape[1:], dtype=values.dtype)
    native[~mask] = values
    return native


def edge_from(mask: Array) -> Array:
    """Mask of the unmasked pixels that touch a masked pixel or the image's border (eight neighbours)."""
    inside = np.pad(~mask, 1, constant_values=False)
    surrounded = np.ones(mask.shape, dtype=bool)
    for dy in (0, 1, 2):
        for dx in (0, 1, 2):
            surrounded &= inside[dy : dy + mask.shape[0], dx : dx + mask.shape[1]]
    return mask | surrounded


def border_from(mask: Array) -> Array:
    """Mask of the edge pixels on the *outside*: those that touch the masked region connected with the image's frame."""
    from scipy import ndimage

    outside, _ = ndimage.label(np.pad(mask, 1, constant_values=True), structure=np.ones((3, 3)))
    frame = outside == outside[0, 0]
    near = ndimage.binary_dilation(frame, structure=np.ones((3, 3)))[1:-1, 1:-1]
    return ~(~mask & near)


def dilated_from(mask: Array, kernel_shape: tuple[int, int]) -> Array:
    """Mask of every pixel within half a kernel (a box) of an unmasked one, in the frame of ``mask``."""
    kept = ~mask
    for axis in (0, 1):
        half = (kernel_shape[axis] - 1) // 2
        counts = np.cumsum(
            np.pad(kept.astype(int), [(half + 1, half) if a == axis else (0, 0) for a in (0, 1)]), axis=axis
        )
        upper = np.take(counts, np.arange(2 * half + 1, counts.shape[axis]), axis=axis)
        lower = np.take(counts, np.arange(0, counts.shape[axis] - 2 * half - 1), axis=axis)
        kept = (upper - lower) > 0
    return ~kept


def odd_kernel_shape_from(kernel_shape: tuple[int, int]) -> tuple[int, int]:
    """The shape, or an error when a side is even: such a kernel has no central pixel."""
    if len(kernel_shape) != 2 or any(int(k) != k or k < 1 or k % 2 == 0 for k in kernel_shape):
        raise exc.KernelException(
            f"kernel shape {tuple(kernel_shape)}, wanted two odd numbers of pixels: pad or trim the PSF by one row "
            "and column about its peak."
        )
    return int(kernel_shape[0]), int(kernel_shape[1])
