"""Critical curves and caustics as the lines of a figure."""

from __future__ import annotations

from autoarray.plot import Line
from autogalaxy.operate.curves_in_view import Extent, curves_in_view
from autogalaxy.operate.lens_calc import LensCalc


def curves_of(calc: LensCalc, extent: Extent, what: str) -> list[Line]:
    """Tangential and radial curves that reach into ``extent``; ``what`` is "critical_curve" or "caustic"."""
    lines: list[Line] = []
    for name, colour, points in curves_in_view(calc, extent, what):
        is_first = all(line.colour != colour for line in lines)
        lines.append(Line(points, colour, label=name if is_first and what == "critical_curve" else None))
    return lines
