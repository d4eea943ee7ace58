"""Critical curves and caustics of a tracer as the lines of a figure."""

from __future__ import annotations

from autoarray.plot import Line
from autogalaxy import LensCalc
from autogalaxy.operate.curves_in_view import Extent
from autogalaxy.plot.curves import curves_of
from autolens.lens.tracer import Tracer


def critical_curves_from(tracer: Tracer, extent: Extent) -> list[Line]:
    """Curves in the image plane on which an eigenvalue of the Jacobian is zero, of those that reach into ``extent``."""
    return curves_of(LensCalc.from_tracer(tracer), extent, "critical_curve")


def caustics_from(tracer: Tracer, extent: Extent) -> list[Line]:
    """Those curves traced to the last plane."""
    return curves_of(LensCalc.from_tracer(tracer), extent, "caustic")
