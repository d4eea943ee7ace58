"""Where pixels are on the sky: [0, 0] is top left, y falls with the row index, x grows with the column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autoarray import arguments, exc
from autoarray.type import Array, PixelScales


def pixel_scales_from(pixel_scales: PixelScales) -> tuple[float, float]:
    """``pixel_scales`` as a pair (y, x) of positive finite floats [arcsec]."""
    pair = arguments.positive_pair_from(pixel_scales)
    if pair is None:
        raise exc.MaskException(
            f"pixel_scales={exc.shown(pixel_scales)}, wanted one positive number or a pair (y, x) [arcsec]: "
            "pixel_scales=0.05."
        )
    return pair


def pair_from(value: tuple[float, float], name: str) -> tuple[float, float]:
    """A (y, x) pair of finite floats, or an error that names the argument."""
    pair = arguments.pair_or_none(value)
    if pair is None:
        raise exc.GridException(f"{name}={exc.shown(value)}, wanted a finite pair (y, x): {name}=(0.0, 0.0).")
    return pair


@dataclass(frozen=True)
class Geometry2D:
    """Relation between pixels and arc-seconds of a uniform grid."""

    shape_native: tuple[int, int]
    """Rows and columns."""
    pixel_scales: tuple[float, float]
    """Size of a pixel [arcsec], (y, x)."""
    origin: tuple[float, float] = (0.0, 0.0)
    """Coordinate of the image's centre [arcsec], (y, x)."""

    @property
    def central_pixel_coordinates(self) -> tuple[float, float]:
        """Pixel coordinates of the image's centre; half-integer for an even number of pixels."""
        return ((self.shape_native[0] - 1) / 2.0, (self.shape_native[1] - 1) / 2.0)

    central_scaled_coordinates = property(lambda self: self.origin)

    @property
    def shape_native_scaled(self) -> tuple[float, float]:
        """Height and width [arcsec]."""
        return (self.shape_native[0] * self.pixel_scales[0], self.shape_native[1] * self.pixel_scales[1])

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Outer edges [arcsec] as matplotlib wants them: (x_min, x_max, y_min, y_max)."""
        height, width = self.shape_native_scaled
        y, x = self.origin
        return (x - width / 2.0, x + width / 2.0, y - height / 2.0, y + height / 2.0)

    def grid_scaled_from(self, pixels: Array) -> Array:
        """Coordinates (y,x) [arcsec] of (row, column) ``pixels``, ``(n, 2) -> (n, 2)``; integers are pixel centres."""
        pixels = np.asarray(pixels, dtype=float)
        centre = self.central_pixel_coordinates
        y = -(pixels[..., 0] - centre[0]) * self.pixel_scales[0] + self.origin[0]
        x = (pixels[..., 1] - centre[1]) * self.pixel_scales[1] + self.origin[1]
        return np.stack((y, x), axis=-1)

    def grid_pixels_from(self, grid: Array) -> Array:
        """Fractional (row, column) of coordinates (y,x) [arcsec], ``(n, 2) -> (n, 2)``; the inverse."""
        grid = np.asarray(grid, dtype=float)
        centre = self.central_pixel_coordinates
        row = -(grid[..., 0] - self.origin[0]) / self.pixel_scales[0] + centre[0]
        column = (grid[..., 1] - self.origin[1]) / self.pixel_scales[1] + centre[1]
        return np.stack((row, column), axis=-1)

    def pixel_coordinates_2d_from(self, scaled_coordinates_2d: tuple[float, float]) -> tuple[int, int]:
        """Row and column of the pixel that holds a coordinate (y,x) [arcsec]."""
        row, column = np.floor(self.grid_pixels_from(np.asarray(scaled_coordinates_2d)) + 0.5)
        return int(row), int(column)

    def scaled_coordinates_2d_from(self, pixel_coordinates_2d: tuple[float, float]) -> tuple[float, float]:
        """Coordinate (y,x) [arcsec] of a (row, column)."""
        y, x = self.grid_scaled_from(np.asarray(pixel_coordinates_2d))
        return float(y), float(x)
