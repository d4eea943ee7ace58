"""An image on a uniform grid of pixels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autoarray.mask import shapes
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.header import Header, pixel_scales_from, without_wrong_wcs
from autoarray.structures.uniform import UniformStructure, raw_array_from, slim_from, stacked_yx_from
from autoarray.type import Array, ArrayLike, Namespace, PixelScales


class Array2D(UniformStructure):
    """Values of the unmasked pixels of an image, slim ``(n,)`` or native ``(ny, nx)``.

    The header stays through masks, slices, NumPy functions and arithmetic, that of the first operand that has one. It
    is no part of the pytree: what comes out of ``jax.jit``, ``tree_map`` or ``scan`` has none.
    """

    header: Header | None = None

    def __init__(
        self,
        values: ArrayLike,
        mask: Mask2D,
        header: Any = None,
        store_native: bool = False,
        xp: Namespace = np,
    ) -> None:
        array = raw_array_from(values, xp=xp)
        if not isinstance(mask, Mask2D):
            raise exc.ArrayException(
                f"mask of type {type(mask).__name__}, wanted a Mask2D: Array2D.no_mask(values, pixel_scales=0.05)."
            )
        super().__init__(slim_from(array, mask), xp=xp)
        self.mask = mask
        self.header = Header.of(header)
        if store_native:
            self._array = self.native._array

    @classmethod
    @checked(exc.ArrayException)
    def no_mask(
        cls,
        values: ArrayLike,
        pixel_scales: PixelScales,
        shape_native: tuple[int, int] | None = None,
        origin: tuple[float, float] = (0.0, 0.0),
        header: Any = None,
        xp: Namespace = np,
    ) -> Array2D:
        """An image of which every pixel is used; 1-D values need ``shape_native``."""
        array = raw_array_from(values, xp=xp)
        if shape_native is None:
            if array.ndim != 2:
                raise exc.ArrayException(
                    f"values of shape {tuple(array.shape)}, wanted an image (ny, nx); for slim values write "
                    "Array2D.no_mask(values, pixel_scales, shape_native=(ny, nx))."
                )
            shape_native = array.shape
        mask = Mask2D.all_false(shape_native, pixel_scales, origin)
        return cls(array, mask, header=header, xp=xp)

    @classmethod
    @checked(exc.ArrayException)
    def full(
        cls,
        fill_value: float,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        header: Any = None,
        xp: Namespace = np,
    ) -> Array2D:
        """An image of one value."""
        values = xp.full(shapes.shape_from(shape_native), float(fill_value))
        return cls.no_mask(values, pixel_scales, origin=origin, header=header, xp=xp)

    @classmethod
    def ones(cls, shape_native: tuple[int, int], pixel_scales: PixelScales, **kwargs: Any) -> Array2D:
        """An image of ones; keywords as in :meth:`full`."""
        return cls.full(1.0, shape_native, pixel_scales, **kwargs)

    @classmethod
    def zeros(cls, shape_native: tuple[int, int], pixel_scales: PixelScales, **kwargs: Any) -> Array2D:
        """An image of zeros; keywords as in :meth:`full`."""
        return cls.full(0.0, shape_native, pixel_scales, **kwargs)

    @classmethod
    @checked(exc.ArrayException)
    def from_fits(
        cls,
        file_path: str | Path,
        pixel_scales: PixelScales | None = None,
        hdu: int | str = 0,
        origin: tuple[float, float] = (0.0, 0.0),
    ) -> Array2D:
        """Read an image with its header; ``hdu`` by number or name, the pixel scale from the header if not given.

        Of a header that contradicts itself a given scale decides; a WCS with other pixels is left out then.
        """
        from autoarray.dataset import fits

        header = Header(fits.header_from(file_path, hdu=hdu))
        scales = pixel_scales_from(header, pixel_scales, file_path)
        header = without_wrong_wcs(header, scales)
        return cls.no_mask(fits.array_2d_from(file_path, hdu=hdu), scales, origin=origin, header=header)

    @classmethod
    @checked(exc.ArrayException)
    def from_yx_and_values(
        cls,
        y: ArrayLike,
        x: ArrayLike,
        values: ArrayLike,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        header: Any = None,
    ) -> Array2D:
        """An image from values at pixel-centre coordinates (y,x) [arcsec] in any order."""
        mask = Mask2D.all_false(shape_native, pixel_scales)
        grid = stacked_yx_from(y, x)
        rows, columns = np.floor(mask.geometry.grid_pixels_from(grid) + 0.5).astype(int).T
        native = np.zeros(mask.shape_native)
        raw = raw_array_from(values)
        if raw.shape != rows.shape or not all(
            0 <= i.min(initial=0) and i.max(initial=0) < n for i, n in zip((rows, columns), native.shape, strict=True)
        ):
            raise exc.ArrayException(
                f"{raw.size} values at coordinates of shape {grid.shape[:-1]}, wanted as many of both, and coordinates "
                f"[arcsec] inside the {mask.shape_native} pixels about the origin."
            )
        native[rows, columns] = raw
        return cls(native, mask, header=header)

    def _after(self, function: Any, inputs: tuple, result: Array) -> Array2D:
        """With the header of the first operand that has one."""
        new = self.with_new_array(result)
        headers = (item.header for item in inputs if isinstance(item, Array2D))
        new.header = next((header for header in headers if header is not None), None)
        return new

    @checked(exc.ArrayException)
    def apply_mask(self, mask: Mask2D) -> Array2D:
        """The image with another mask of the same shape; pixels that were masked before hold 0."""
        if mask.shape_native != self.shape_native:
            raise exc.ArrayException(
                f"mask of shape {mask.shape_native} for an image of shape {self.shape_native}; wanted equal shapes."
            )
        return Array2D(self.native.array, mask, header=self.header, xp=self._xp)

    @checked(exc.ArrayException)
    def resized_from(self, new_shape: tuple[int, int], mask_pad_value: bool = False) -> Array2D:
        """The image trimmed or padded with zeros about its centre to ``new_shape``."""
        mask = self.mask.resized_from(new_shape, pad_value=mask_pad_value)
        rows, columns = ((old - new) / 2 for old, new in zip(self.shape_native, mask.shape_native, strict=True))
        header = None if self.header is None else self.header.shifted_from(columns, rows)
        return Array2D(shapes.resized_from(np.asarray(self.native.array), new_shape, 0.0), mask, header=header)

    def padded_before_convolution_from(self, kernel_shape: tuple[int, int], mask_pad_value: bool = False) -> Array2D:
        """The image with half a kernel of zeros on every side."""
        ny, nx = self.shape_native
        return self.resized_from((ny + kernel_shape[0] - 1, nx + kernel_shape[1] - 1), mask_pad_value)

    def trimmed_after_convolution_from(self, kernel_shape: tuple[int, int]) -> Array2D:
        """The image without half a kernel on every side."""
        ny, nx = self.shape_native
        return self.resized_from((ny - kernel_shape[0] + 1, nx - kernel_shape[1] + 1))

    def output_to_fits(self, file_path: str | Path, overwrite: bool = False) -> None:
        """Write the native image, masked pixels as 0."""
        from autoarray.dataset import fits

        fits.write_array_2d(self, file_path, overwrite=overwrite)
