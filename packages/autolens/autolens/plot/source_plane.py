"""Panels of a plane behind the lens, and of what the lens does there."""

from __future__ import annotations

from autoarray.plot import Line, Panel, style
from autogalaxy import LensCalc
from autogalaxy.operate.curves_in_view import Extent
from autogalaxy.plot.lensing import grid_over, panel_of_convergence, panel_of_effective_convergence
from autolens.lens.source_in_view import PIXELS, light_of_plane_from, points_over, source_extent_from
from autolens.lens.tracer import Tracer


def source_plane_panel(
    tracer: Tracer, extent: Extent, caustics: list[Line], plane: int = -1, title: str = "Source plane"
) -> Panel:
    """The light of a plane, the last where not given, on a fine grid around the source and the caustics."""
    extent = source_extent_from(tracer, extent, [line.points for line in caustics], plane)
    values = light_of_plane_from(tracer, points_over(extent, PIXELS), plane)
    return Panel(values, extent, title=title, unit=style.UNIT_IMAGE, lines=caustics)


def convergence_panel(tracer: Tracer, extent: Extent, critical_curves: list[Line]) -> Panel:
    """The convergence with the critical curves; the end colour stands for the centre, where it may diverge."""
    grid = grid_over(extent, PIXELS)
    if has_several_lenses(tracer):
        return panel_of_effective_convergence(LensCalc.from_tracer(tracer), grid, critical_curves)
    return panel_of_convergence(tracer, grid, critical_curves)


def has_several_lenses(tracer: Tracer) -> bool:
    """Whether light of the last plane is deflected in more than one."""
    return sum(plane.has_mass for plane in tracer.planes[:-1]) > 1
