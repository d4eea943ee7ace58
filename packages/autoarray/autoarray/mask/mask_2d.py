"""The mask: which pixels of an image are left out, and where the others are."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autoarray.concrete import real_array_from
from autoarray.geometry import Geometry2D, pair_from, pixel_scales_from
from autoarray.mask import index, shapes
from autoarray.type import Array, PixelScales


class Mask2D:
    """Pixels of a uniform grid that are left out (``True``) or used (``False``).

    The array is copied and read-only. Two masks are equal when shape, pixel scales, origin and every pixel are; the
    digest behind that comparison is what JAX compares, so an equal copy costs no retrace.
    """

    @checked(exc.MaskException)
    def __init__(
        self,
        mask: Any,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
    ) -> None:
        array = real_array_from(getattr(mask, "array", mask))
        if array is None or np.ma.is_masked(mask):
            raise exc.MaskException(
                f"mask={exc.shown(mask)}, wanted booleans (ny, nx), True where a pixel is left out."
            )
        if array.ndim != 2 or array.size == 0:
            raise exc.MaskException(
                f"mask of shape {array.shape}, wanted (ny, nx) booleans: Mask2D(mask=array_2d, pixel_scales=0.05)."
            )
        if not np.all(np.isfinite(array)):
            raise exc.MaskException("mask holds values that are neither True (left out) nor False (used).")
        array = array.astype(bool)
        self._array = ~array if invert else array
        self._array.flags.writeable = False
        self.pixel_scales = pixel_scales_from(pixel_scales)
        self.origin = pair_from(origin, "origin")
        self.native_for_slim = index.native_for_slim_from(self._array)
        """(row, column) of each unmasked pixel, ``(n, 2)``."""
        digest = hashlib.blake2b(self._array.tobytes(), digest_size=16).hexdigest()
        self.static_key = ("Mask2D", self._array.shape, self.pixel_scales, self.origin, digest)

    @property
    def array(self) -> Array:
        """Read-only booleans, ``(ny, nx)``; ``True`` is left out."""
        return self._array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self._array, dtype=dtype)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mask2D) and self.static_key == other.static_key

    def __hash__(self) -> int:
        return hash(self.static_key)

    def __getitem__(self, key: Any) -> Any:
        return self._array[key]

    def __add__(self, other: Mask2D) -> Mask2D:
        return Mask2D.combined([self, other])

    def __deepcopy__(self, memo: dict) -> Mask2D:
        return self  # immutable

    def __repr__(self) -> str:
        return f"Mask2D(shape_native={self.shape_native}, pixel_scales={self.pixel_scales}, used={self.pixels_in_mask})"

    @property
    def shape_native(self) -> tuple[int, int]:
        return self._array.shape  # type: ignore[return-value]

    shape = shape_native

    @property
    def pixel_scale(self) -> float:
        """Size of a square pixel [arcsec]."""
        if abs(self.pixel_scales[0] - self.pixel_scales[1]) > 1e-8 * self.pixel_scales[0]:
            raise exc.MaskException(f"pixel_scales={self.pixel_scales} are not square: use mask.pixel_scales.")
        return self.pixel_scales[0]

    @property
    def pixels_in_mask(self) -> int:
        """Number of pixels that are used."""
        return len(self.native_for_slim)

    @property
    def geometry(self) -> Geometry2D:
        return Geometry2D(self.shape_native, self.pixel_scales, self.origin)

    @property
    def grid_slim(self) -> Array:
        """Centres (y,x) [arcsec] of the unmasked pixels, ``(n, 2)``."""
        return self.geometry.grid_scaled_from(self.native_for_slim)

    @property
    def mask_centre(self) -> tuple[float, float]:
        """Centre (y,x) [arcsec] of the box around the unmasked pixels."""
        grid = self.grid_slim
        if len(grid) == 0:
            raise exc.MaskException(f"mask uses none of {self.shape_native} pixels, so it has no centre.")
        y, x = 0.5 * (grid.min(axis=0) + grid.max(axis=0))
        return float(y), float(x)

    @property
    def circular_radius(self) -> float:
        """Largest distance [arcsec] of an unmasked pixel's centre from the mask's centre."""
        return float(np.sqrt(((self.grid_slim - np.array(self.mask_centre)) ** 2).sum(axis=1).max()))

    @property
    def derive_mask(self) -> Any:
        from autoarray.mask.derive import DeriveMask2D

        return DeriveMask2D(self)

    @property
    def derive_grid(self) -> Any:
        from autoarray.structures.grids.derive import DeriveGrid2D

        return DeriveGrid2D(self)

    def resized_from(self, new_shape: tuple[int, int], pad_value: bool = False) -> Mask2D:
        """The mask trimmed or padded about its centre to ``new_shape``."""
        return Mask2D(shapes.resized_from(self._array, new_shape, pad_value), self.pixel_scales, self.origin)

    @classmethod
    @checked(exc.MaskException)
    def all_false(
        cls,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
    ) -> Mask2D:
        """A mask that uses every pixel."""
        return cls(np.zeros(shapes.shape_from(shape_native), dtype=bool), pixel_scales, origin, invert)

    @classmethod
    @checked(exc.MaskException)
    def circular(
        cls,
        shape_native: tuple[int, int],
        radius: float,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        centre: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
    ) -> Mask2D:
        """Uses the pixels whose centre is within ``radius`` [arcsec] of ``centre`` (y,x)."""
        return cls.elliptical(shape_native, radius, 1.0, 0.0, pixel_scales, origin, centre, invert)

    @classmethod
    @checked(exc.MaskException)
    def circular_annular(
        cls,
        shape_native: tuple[int, int],
        inner_radius: float,
        outer_radius: float,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        centre: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
    ) -> Mask2D:
        """Uses the pixels between two radii [arcsec] about ``centre``."""
        return cls.elliptical_annular(
            shape_native, inner_radius, 1.0, 0.0, outer_radius, 1.0, 0.0, pixel_scales, origin, centre, invert
        )

    @classmethod
    @checked(exc.MaskException)
    def elliptical(
        cls,
        shape_native: tuple[int, int],
        major_axis_radius: float,
        axis_ratio: float,
        angle: float,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        centre: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
    ) -> Mask2D:
        """Uses the pixels inside an ellipse; ``angle`` [deg] counter-clockwise from the x-axis to the major axis."""
        radii = shapes.elliptical_radii_from(shape_native, axis_ratio, angle, pixel_scales, origin, centre)
        return cls(radii > shapes.radius_from(major_axis_radius), pixel_scales, origin, invert)

    @classmethod
    @checked(exc.MaskException)
    def elliptical_annular(
        cls,
        shape_native: tuple[int, int],
        inner_major_axis_radius: float,
        inner_axis_ratio: float,
        inner_phi: float,
        outer_major_axis_radius: float,
        outer_axis_ratio: float,
        outer_phi: float,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        centre: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
    ) -> Mask2D:
        """Uses the pixels outside an inner and inside an outer ellipse."""
        place = (pixel_scales, origin, centre)
        inner = shapes.elliptical_radii_from(shape_native, inner_axis_ratio, inner_phi, *place)
        outer = shapes.elliptical_radii_from(shape_native, outer_axis_ratio, outer_phi, *place)
        is_alike = (inner_axis_ratio, inner_phi) == (outer_axis_ratio, outer_phi)
        most = outer_major_axis_radius if is_alike else np.inf  # a thin ellipse may reach beyond a round one
        if not 0.0 <= inner_major_axis_radius < most:
            raise exc.MaskException(
                f"inner radius {exc.shown(inner_major_axis_radius)} and outer radius "
                f"{exc.shown(outer_major_axis_radius)}, wanted "
                "0 <= inner < outer [arcsec]."
            )
        used = (inner >= inner_major_axis_radius) & (outer <= shapes.radius_from(outer_major_axis_radius))
        return cls(~used, pixel_scales, origin, invert)

    @classmethod
    @checked(exc.MaskException)
    def from_pixel_coordinates(
        cls,
        shape_native: tuple[int, int],
        pixel_coordinates: list[tuple[int, int]],
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        buffer: int = 0,
        invert: bool = False,
    ) -> Mask2D:
        """Uses the listed (row, column) pixels and those within ``buffer`` pixels of them."""
        mask = np.ones(shapes.shape_from(shape_native), dtype=bool)
        pixels = real_array_from(pixel_coordinates)
        good = pixels is not None and np.all(np.isfinite(pixels)) and np.all(pixels == np.floor(pixels))
        if pixels is None or not good or pixels.shape[-1:] not in ((2,), (0,)) or not 0 <= buffer <= max(mask.shape):
            raise exc.MaskException(
                f"pixel_coordinates={exc.shown(pixel_coordinates)} with buffer={buffer}, wanted whole numbers (row, "
                "column) and a buffer of at least 0: pixel_coordinates=[(10, 12)]."
            )
        for row, column in np.clip(pixels, -1e9, 1e9).astype(int).reshape(-1, 2):
            if not (0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]):
                raise exc.MaskException(f"pixel ({row}, {column}) is outside the image of shape {mask.shape}.")
            mask[max(row - buffer, 0) : row + buffer + 1, max(column - buffer, 0) : column + buffer + 1] = False
        return cls(mask, pixel_scales, origin, invert)

    @classmethod
    @checked(exc.MaskException)
    def from_fits(
        cls,
        file_path: str | Path,
        pixel_scales: PixelScales,
        hdu: int | str = 0,
        origin: tuple[float, float] = (0.0, 0.0),
        resized_mask_shape: tuple[int, int] | None = None,
        invert: bool = False,
    ) -> Mask2D:
        """Read a mask; non-zero is left out. ``invert=True`` for files in which non-zero is used."""
        from autoarray.dataset import fits

        mask = cls(fits.array_2d_from(file_path, hdu=hdu) != 0, pixel_scales, origin, invert)
        return mask if resized_mask_shape is None else mask.resized_from(resized_mask_shape)

    @classmethod
    def combined(cls, masks: list[Mask2D]) -> Mask2D:
        """A pixel is left out when any of ``masks`` leaves it out."""
        if not isinstance(masks, list | tuple) or not masks or not all(isinstance(m, Mask2D) for m in masks):
            kinds = [type(m).__name__ for m in masks] if isinstance(masks, list | tuple) else exc.shown(masks)
            raise exc.MaskException(f"masks of type {kinds}, wanted one or more Mask2D: Mask2D(mask, pixel_scales).")
        first = masks[0]
        for other in masks[1:]:
            same_scale = np.allclose(other.pixel_scales, first.pixel_scales, rtol=1e-6)
            if other.shape_native != first.shape_native or not same_scale:
                raise exc.MaskException(
                    f"masks of shape {first.shape_native} at {first.pixel_scales} and {other.shape_native} at "
                    f"{other.pixel_scales} arcsec cannot be combined; wanted equal shapes and pixel scales."
                )
        return cls(np.any([m.array for m in masks], axis=0), first.pixel_scales, first.origin)
