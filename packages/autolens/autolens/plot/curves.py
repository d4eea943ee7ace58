"""Critical curves and caustics, as accurate as a figure needs them."""

from __future__ import annotations

import numpy as np

import autoarray as aa
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


def critical_curves_from(tracer: Tracer, extent: Extent, pixels: int = 120) -> list[Line]:
    """Curves in the image plane on which an eigenvalue of the Jacobian is zero."""
    from contourpy import contour_generator

    y, x, points = points_from(extent, pixels)
    calc = LensCalc.from_tracer(tracer)
    lines = []
    for name, colour, eigen_value_from in (
        ("tangential", style.TANGENTIAL, calc.tangential_eigen_value_from),
        ("radial", style.RADIAL, calc.radial_eigen_value_from),
    ):
        values = np.asarray(eigen_value_from(points)).reshape(pixels, pixels)
        curves = contour_generator(x, y, np.ma.masked_invalid(values)).lines(0.0)
        longest_first = sorted((curve for curve in curves if len(curve) > 8), key=len, reverse=True)
        lines += [
            Line(np.asarray(curve)[:, ::-1], colour, label=name if i == 0 else None)
            for i, curve in enumerate(longest_first)
        ]
    return lines


def caustics_from(tracer: Tracer, critical_curves: list[Line]) -> list[Line]:
    """Critical curves traced to the last plane."""
    return [
        Line(tracer.traced_grid_2d_list_from(aa.Grid2DIrregular(line.points))[-1].array, line.colour)
        for line in critical_curves
    ]
