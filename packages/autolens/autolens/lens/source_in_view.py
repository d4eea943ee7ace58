"""The source plane of a picture: which part of it to show, and its light there."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

import autoarray as aa
from autogalaxy.operate.curves_in_view import Extent
from autolens.lens.tracer import Tracer

PIXELS = 200
"""Side of the grid on which the source is looked for."""
BRIGHT = 0.02
"""Of its peak: where the source is worth to be shown."""


def points_over(extent: Extent, pixels: int) -> np.ndarray:
    """(y, x) of the pixel centres of a square image over ``extent``: y falling, x rising, ``(pixels^2, 2)``."""
    x_min, x_max, y_min, y_max = extent
    steps = (np.arange(pixels) + 0.5) / pixels
    y, x = y_max - steps * (y_max - y_min), x_min + steps * (x_max - x_min)
    return np.stack([np.repeat(y, pixels), np.tile(x, pixels)], axis=-1)


def light_of_plane_from(tracer: Tracer, points: np.ndarray, plane: int = -1) -> np.ndarray:
    """Unlensed light of a plane at square-many positions in it, as an image."""
    side = int(round(len(points) ** 0.5))
    galaxies = tracer.planes[plane].galaxies
    return np.asarray(galaxies.image_2d_from(aa.Grid2DIrregular(points)).array).reshape(side, side)


def traced_from(tracer: Tracer, points: np.ndarray, plane: int = -1) -> np.ndarray:
    """Where positions in the image plane come from in another, ``(n, 2)``."""
    return np.asarray(tracer.traced_grid_2d_list_from(aa.Grid2DIrregular(points))[plane].array)


def source_extent_from(tracer: Tracer, extent: Extent, caustics: Iterable[np.ndarray], plane: int = -1) -> Extent:
    """A square around the caustics and every place where the source has 2 per cent of its peak.

    ``extent`` is that of the image plane, and ``caustics`` their points, ``(n, 2)`` each.
    """
    traced = traced_from(tracer, points_over(extent, PIXELS), plane)
    light = light_of_plane_from(tracer, traced, plane).ravel()
    bright = traced[light > BRIGHT * light.max()] if light.max() > 0.0 else traced
    places = np.concatenate([bright, *caustics])
    low, high = places.min(axis=0), places.max(axis=0)
    (y, x), half = 0.5 * (low + high), 0.55 * max(float(np.max(high - low)), 1e-3)
    return float(x - half), float(x + half), float(y - half), float(y + half)
