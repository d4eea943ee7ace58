"""Critical curves and caustics of what a picture shows."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from autoarray.colours import RADIAL, TANGENTIAL
from autogalaxy.operate.lens_calc import LensCalc

Extent = tuple[float, float, float, float]
"""x_min, x_max, y_min, y_max [arcsec]."""


class CurveInView(NamedTuple):
    """One closed curve."""

    name: str
    """``tangential`` or ``radial``."""
    colour: str
    points: np.ndarray
    """(y, x) [arcsec], ``(n, 2)``."""


def curves_in_view(calc: LensCalc, extent: Extent, what: str = "critical_curve") -> list[CurveInView]:
    """Tangential and radial curves that reach into ``extent``; ``what`` is ``critical_curve`` or ``caustic``."""
    x_min, x_max, y_min, y_max = extent
    corners = np.array([(y_min, x_min), (y_max, x_max)])
    found = []
    for name, colour in (("tangential", TANGENTIAL), ("radial", RADIAL)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a curve that never closes is drawn as far as it was followed
            curves = getattr(calc, f"{name}_{what}_list_from")(corners, pixel_scale=(x_max - x_min) / 100)
        found += [CurveInView(name, colour, np.asarray(curve.array)) for curve in curves]
    return found
