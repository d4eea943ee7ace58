"""Critical curves and caustics of a tracer as the lines of a figure."""

from __future__ import annotations

import numpy as np

from autoarray.plot import Line
from autogalaxy import LensCalc
from autogalaxy.plot.curves import Extent, curves_of
from autolens.lens.tracer import Tracer


def points_from(extent: Extent, pixels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixel centres of a square image over ``extent``: y falling, x rising, and all (y, x), ``(pixels^2, 2)``."""
    x_min, x_max, y_min, y_max = extent
    steps = (np.arange(pixels) + 0.5) / pixels
    y, x = y_max - steps * (y_max - y_min), x_min + steps * (x_max - x_min)
    return y, x, np.stack([np.repeat(y, pixels), np.tile(x, pixels)], axis=-1)


def critical_curves_from(tracer: Tracer, extent: Extent) -> list[Line]:
    """Curves in the image plane on which an eigenvalue of the Jacobian is zero, of those that reach into ``extent``."""
    return curves_of(LensCalc.from_tracer(tracer), extent, "critical_curve")


def caustics_from(tracer: Tracer, extent: Extent) -> list[Line]:
    """Those curves traced to the last plane."""
    return curves_of(LensCalc.from_tracer(tracer), extent, "caustic")
