"""Critical curves and caustics as the lines of a figure."""

from __future__ import annotations

import warnings

import numpy as np

from autoarray.plot import Line, style
from autogalaxy.operate.lens_calc import LensCalc

Extent = tuple[float, float, float, float]


def curves_of(calc: LensCalc, extent: Extent, what: str) -> list[Line]:
    """Tangential and radial curves that reach into ``extent``; ``what`` is "critical_curve" or "caustic"."""
    x_min, x_max, y_min, y_max = extent
    corners = np.array([(y_min, x_min), (y_max, x_max)])
    lines = []
    for name, colour in (("tangential", style.TANGENTIAL), ("radial", style.RADIAL)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a curve that never closes is drawn as far as it was followed
            curves = getattr(calc, f"{name}_{what}_list_from")(corners, pixel_scale=(x_max - x_min) / 100)
        lines += [
            Line(curve.array, colour, label=name if i == 0 and what == "critical_curve" else None)
            for i, curve in enumerate(curves)
        ]
    return lines
