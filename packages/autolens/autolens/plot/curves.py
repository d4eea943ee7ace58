"""Critical curves and caustics as the lines of a figure."""

from __future__ import annotations

import warnings

import numpy as np

from autoarray.plot import Line, style
from autogalaxy import LensCalc
from autolens.lens.tracer import Tracer

Extent = tuple[float, float, float, float]


def points_from(extent: Extent, pixels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixel centres of a square image over ``extent``: y falling, x rising, and all (y, x), ``(pixels^2, 2)``."""
    x_min, x_max, y_min, y_max = extent
    steps = (np.arange(pixels) + 0.5) / pixels
    y, x = y_max - steps * (y_max - y_min), x_min + steps * (x_max - x_min)
    return y, x, np.stack([np.repeat(y, pixels), np.tile(x, pixels)], axis=-1)


def critical_curves_from(tracer: Tracer, extent: Extent) -> list[Line]:
    """Curves in the image plane on which an eigenvalue of the Jacobian is zero, of those that reach into ``extent``."""
    return _lines_of(tracer, extent, "critical_curve")


def caustics_from(tracer: Tracer, extent: Extent) -> list[Line]:
    """Those curves traced to the last plane."""
    return _lines_of(tracer, extent, "caustic")


def _lines_of(tracer: Tracer, extent: Extent, what: str) -> list[Line]:
    x_min, x_max, y_min, y_max = extent
    corners = np.array([(y_min, x_min), (y_max, x_max)])
    calc, lines = LensCalc.from_tracer(tracer), []
    for name, colour in (("tangential", style.TANGENTIAL), ("radial", style.RADIAL)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a curve that never closes is drawn as far as it was followed
            curves = getattr(calc, f"{name}_{what}_list_from")(corners, pixel_scale=(x_max - x_min) / 100)
        lines += [
            Line(curve.array, colour, label=name if i == 0 and what == "critical_curve" else None)
            for i, curve in enumerate(curves)
        ]
    return lines
