"""The noise that an uncertain PSF adds to an image.

With errors of the PSF that are independent between its pixels, e(u), light I before the PSF has an error in pixel x of

.. math:: \\sigma^2(x) = \\sum_u e^2(u) \\, I^2(x - u)

so a point of flux f adds :math:`f^2 e^2`. The errors of two pixels that see the same light are correlated,
:math:`\\sum_u e^2(u) I(x - u) I(y - u)`, which a noise map cannot hold and a noise covariance does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.convolver import Convolver, ConvolverState
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.uniform import raw_array_from
from autoarray.type import ArrayLike


def error_map_from(values: ArrayLike, psf: Convolver | None) -> np.ndarray:
    """Standard deviation of each pixel of the PSF, ``(ky, kx)``, or our error."""
    if psf is None:
        raise exc.DatasetException("apply_psf_error of a dataset without a PSF: Imaging(data, noise_map, psf, ...).")
    errors = _real_from(values.native if isinstance(values, Array2D) else values, "psf_error_map")
    if errors.shape != psf.shape_native:
        raise exc.KernelException(f"psf_error_map of shape {errors.shape}, wanted {psf.shape_native}, that of the PSF.")
    if not np.all(np.isfinite(errors) & (errors >= 0.0)):
        raise exc.KernelException(
            f"psf_error_map holds {np.min(errors)} to {np.max(errors)}, wanted finite errors of at least 0."
        )
    return errors


def _real_from(values: ArrayLike, name: str) -> np.ndarray:
    array = np.asarray(raw_array_from(values))
    if array.dtype.kind == "c":
        raise exc.DatasetException(f"{name} of complex numbers, wanted real ones: {name}.real.")
    return array.astype(float)


def light_from(image: Any, state: ConvolverState) -> np.ndarray:
    """Light before the PSF in the frame of the extended mask, averaged over an image pixel from each of its pixels on.

    ``image`` is on the extended mask (``dataset.grids.extended``) or, for a PSF on the image's pixels, on the mask.
    """
    values = _real_from(image.slim if isinstance(image, Array2D) else image, "image")
    is_on_mask = values.shape == (state.mask.pixels_in_mask,) and state.convolve_over_sample_size == 1
    if is_on_mask:
        values = state.extended_from(values, np.zeros(len(state.extended_for_ring)))
    if values.shape != (state.pixels_extended,) or not np.all(np.isfinite(values)):
        raise exc.DatasetException(
            f"image of shape {values.shape} for the error of the PSF, wanted {(state.pixels_extended,)} finite values: "
            "light before the PSF on dataset.grids.extended, galaxies.image_2d_from(dataset.grids.extended)."
        )
    light, size = np.zeros(state.extended_mask.shape_native), state.convolve_over_sample_size
    light[~state.extended_mask.array] = values
    for axis in (0, 1):
        light = np.mean([np.roll(light, -step, axis=axis) for step in range(size)], axis=0)
    return light


def columns_from(errors: np.ndarray, image: Any, psf: Convolver, mask: Mask2D) -> Iterator[np.ndarray]:
    """What an error of one sigma in each pixel of the PSF adds to the image, one ``(n,)`` after another."""
    state = psf.state_from(mask)
    light = light_from(image, state)
    first = state.convolve_over_sample_size * mask.native_for_slim
    for row, column in np.argwhere(errors > 0.0):
        # a PSF pixel at u moves light by u - half a kernel, and the frame of the light has half a kernel more
        sources = first + np.array(errors.shape) - 1 - (row, column)
        yield errors[row, column] * light[sources[:, 0], sources[:, 1]]
