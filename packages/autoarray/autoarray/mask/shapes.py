"""Radii and shapes from which masks are cut: raw arrays only."""

from __future__ import annotations

import numpy as np

from autoarray import arguments, exc
from autoarray.concrete import number_from
from autoarray.geometry import Geometry2D, pair_from, pixel_scales_from
from autoarray.type import Array, PixelScales


def shape_from(shape_native: tuple[int, int]) -> tuple[int, int]:
    """A pair of positive integers, or an error."""
    shape = arguments.shape_or_none(shape_native)
    if shape is None:
        raise exc.MaskException(
            f"shape_native={exc.shown(shape_native)}, wanted two positive whole numbers, of at most 2e9 pixels: "
            "(100, 100)."
        )
    return shape


def radius_from(radius: float) -> float:
    """A positive finite radius [arcsec], widened by rounding error so that pixels exactly on the rim are in."""
    if not 0.0 < number_from(radius) < np.inf:
        raise exc.MaskException(f"radius={exc.shown(radius)}, wanted a positive number of arc-seconds.")
    return float(radius) * (1.0 + 1e-10)


def elliptical_radii_from(
    shape_native: tuple[int, int],
    axis_ratio: float,
    angle: float,
    pixel_scales: PixelScales,
    origin: tuple[float, float],
    centre: tuple[float, float],
) -> Array:
    """Major-axis elliptical radius [arcsec] of every pixel's centre, ``(ny, nx)``; ``angle`` [deg]."""
    if not 0.0 < number_from(axis_ratio) <= 1.0:
        raise exc.MaskException(
            f"axis_ratio={exc.shown(axis_ratio)}, wanted minor over major axis, above 0 and at most 1."
        )
    if not np.isfinite(number_from(angle)):
        raise exc.MaskException(f"angle={exc.shown(angle)}, wanted a finite number of degrees.")
    geometry = Geometry2D(shape_from(shape_native), pixel_scales_from(pixel_scales), pair_from(origin, "origin"))
    pixels = np.stack(np.meshgrid(*(np.arange(s) for s in geometry.shape_native), indexing="ij"), axis=-1)
    offsets = geometry.grid_scaled_from(pixels) - np.array(pair_from(centre, "centre"))
    y, x = offsets[..., 0], offsets[..., 1]
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.sqrt((c * x + s * y) ** 2 + ((c * y - s * x) / axis_ratio) ** 2)


def resized_from(array: Array, new_shape: tuple[int, int], pad_value: float | bool) -> Array:
    """``array`` trimmed or padded about its centre, ``(ny, nx) -> new_shape``.

    Each side stays even or odd: otherwise the centre would move by half a pixel.
    """
    new_shape = shape_from(new_shape)
    if any((new - old) % 2 for old, new in zip(array.shape, new_shape, strict=True)):
        nearest = tuple(new + (new - old) % 2 for old, new in zip(array.shape, new_shape, strict=True))
        wanted = " and ".join(
            f"an {'odd' if n % 2 else 'even'} {side}" for side, n in zip(("ny", "nx"), array.shape, strict=True)
        )
        raise exc.MaskException(
            f"new_shape={new_shape} for an image of {tuple(array.shape)} pixels would move its centre by half a pixel, "
            f"wanted {wanted}: resized_from({nearest})."
        )
    resized = np.full(new_shape, pad_value, dtype=array.dtype)
    source, target = [], []
    for old, new in zip(array.shape, new_shape, strict=True):
        overlap = min(old, new)
        source.append(slice((old - overlap) // 2, (old - overlap) // 2 + overlap))
        target.append(slice((new - overlap) // 2, (new - overlap) // 2 + overlap))
    resized[tuple(target)] = array[tuple(source)]
    return resized
