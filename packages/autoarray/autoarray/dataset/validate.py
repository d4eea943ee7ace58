"""What a dataset must be before anything is computed from it; every check names what is wrong and what to write."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_numpy, is_traced
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.convolver import Convolver
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.uniform import raw_array_from
from autoarray.type import ArrayLike, PixelScales

_LARGEST = 1e100  # what is larger overflows when it is squared
_MASK_THEM = "mask them: Imaging.from_fits(..., mask=mask), or Imaging(..., check_values=False).apply_mask(mask)."


def image_from(values: ArrayLike, name: str, pixel_scales: PixelScales | None, mask: Mask2D | None = None) -> Array2D:
    """``values`` as a float64 copy on ``mask`` (every pixel when ``None``); structures keep their own mask."""
    if isinstance(values, Array2D):
        if not is_numpy(values.array):
            return values.slim  # held by JAX, which cannot be written to: nothing to copy
        image = Array2D(values, values.mask, header=values.header)
    else:
        array = raw_array_from(values)
        if mask is None:
            image = _unmasked_from(array, name, pixel_scales)
        else:
            _same_shape(array.shape, mask, name)
            image = Array2D(array, mask)
    if image.array.dtype.kind != "f":
        raise exc.DatasetException(f"{name} of type {image.array.dtype}, wanted real numbers.")
    image.array.flags.writeable = False
    return image


def _unmasked_from(array: np.ndarray, name: str, pixel_scales: PixelScales | None) -> Array2D:
    if array.ndim != 2:
        raise exc.DatasetException(
            f"{name} of shape {array.shape}, wanted an image (ny, nx); of a cube choose one plane: {name}[0]."
        )
    if pixel_scales is None:
        raise exc.DatasetException(
            f"{name} is a plain array without a pixel scale: Imaging({name}, ..., pixel_scales=0.05) [arcsec]."
        )
    return Array2D.no_mask(array, pixel_scales)


def _same_shape(shape: tuple[int, ...], mask: Mask2D, name: str) -> None:
    if shape not in (mask.shape_native, (mask.pixels_in_mask,)):
        raise exc.DatasetException(f"{name} of shape {shape}, wanted {mask.shape_native}, the shape of the data.")


def same_pixel_scales(a: tuple[float, float], b: tuple[float, float]) -> bool:
    """Whether two pixel scales agree to a part in a million."""
    return bool(np.allclose(a, b, rtol=1e-6, atol=0.0))


def same_frame(data: Array2D, noise_map: Array2D) -> None:
    """Data and noise map belong to the same pixels."""
    if data.shape_native != noise_map.shape_native:
        raise exc.DatasetException(
            f"noise_map of shape {noise_map.shape_native}, wanted {data.shape_native}, the shape of the data."
        )
    if not same_pixel_scales(data.pixel_scales, noise_map.pixel_scales):
        raise exc.DatasetException(
            f"noise_map has pixel_scales={noise_map.pixel_scales}, wanted {data.pixel_scales} arcsec as the data have."
        )
    if data.mask != noise_map.mask:
        raise exc.DatasetException(
            f"noise_map uses {noise_map.shape_slim} pixels and the data use {data.shape_slim}, wanted the same mask: "
            "noise_map.apply_mask(data.mask)."
        )


def mask_fits(mask: Any, data: Array2D) -> None:
    """A new mask belongs to the frame of the data."""
    if not isinstance(mask, Mask2D):
        raise exc.MaskException(
            f"mask of type {type(mask).__name__}, wanted a Mask2D: Mask2D(mask=array_2d, pixel_scales=0.05)."
        )
    if mask.shape_native != data.shape_native:
        raise exc.MaskException(
            f"mask of shape {mask.shape_native}, wanted {data.shape_native}, the shape of the data: "
            "Mask2D.circular(shape_native=dataset.shape_native, pixel_scales=dataset.pixel_scales, radius=3.0)."
        )
    if not same_pixel_scales(mask.pixel_scales, data.pixel_scales):
        raise exc.MaskException(
            f"mask with pixel_scales={mask.pixel_scales}, wanted {data.pixel_scales} arcsec as the data have: "
            "Mask2D.circular(..., pixel_scales=dataset.pixel_scales)."
        )
    if not np.allclose(mask.origin, data.origin, rtol=0.0, atol=1e-6 * min(data.pixel_scales)):
        raise exc.MaskException(
            f"mask with origin={mask.origin}, wanted {data.origin} arcsec as the data have: "
            f"Mask2D.circular(..., origin={data.origin})."
        )


def some_pixels(mask: Mask2D) -> None:
    """At least one pixel is used."""
    if mask.pixels_in_mask == 0:
        raise exc.MaskException(
            f"mask leaves none of {mask.shape_native} pixels (True is left out), wanted at least one: if True means "
            "used in it, write Mask2D(mask, pixel_scales, invert=True)."
        )


def values(data: Array2D, noise_map: Array2D) -> None:
    """Data are finite and the noise is finite and above zero in every used pixel; traced values are not looked at."""
    if not is_traced(data.array):
        _every(np.abs(np.asarray(data.array, dtype=float)) < _LARGEST, data, "data", "finite values")
    if not is_traced(noise_map.array):
        noise = np.asarray(noise_map.array, dtype=float)
        _every(np.abs(noise) < _LARGEST, noise_map, "noise_map", "finite values")
        _every(noise > 0.0, noise_map, "noise_map", "values above zero")


def _every(good: np.ndarray, image: Array2D, name: str, wanted: str) -> None:
    if bad := int(np.sum(~good)):
        first = int(np.argmin(good))
        row, column = (int(i) for i in image.mask.native_for_slim[first])
        raise exc.DatasetException(
            f"{name} is {np.asarray(image.array)[first]} at row {row}, column {column} ({bad} of {image.array.size} "
            f"pixels are bad), wanted {wanted}. If these pixels are not to be used, {_MASK_THEM}"
        )


def psf_from(
    psf: Convolver | ArrayLike | None, data: Array2D, normalize: bool, convolve_over_sample_size: int | None = None
) -> Convolver | None:
    """The PSF as a :class:`Convolver` that fits the data; a plain array has their pixels or, as asked, finer ones."""
    if psf is None:
        return None
    if not isinstance(psf, Convolver):
        own = isinstance(psf, Array2D)
        size = 1 if own or convolve_over_sample_size is None else convolve_over_sample_size
        psf = Convolver(psf, None if own else data.pixel_scales, convolve_over_sample_size=size)
    size = psf.convolve_over_sample_size_on(data.pixel_scales)
    if convolve_over_sample_size not in (None, size):
        raise exc.KernelException(
            f"convolve_over_sample_size_lp={exc.shown(convolve_over_sample_size)} with a PSF of "
            f"{psf.pixel_scales} arcsec and "
            f"data of {data.pixel_scales} arcsec, wanted {size}, or leave it out."
        )
    if any(k > n for k, n in zip(psf.shape_on(data.pixel_scales), data.shape_native, strict=True)):
        raise exc.KernelException(
            f"PSF of {psf.shape_native} pixels of {psf.pixel_scales} arcsec is larger than the image of "
            f"{data.shape_native} pixels of {data.pixel_scales}, wanted it to fit in: "
            "psf.resized_from((21, 21)) trims an Array2D about its centre."
        )
    return psf.normalized if normalize else psf
