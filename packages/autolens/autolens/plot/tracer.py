"""Figures of a tracer: its image, its planes, what its mass does, its critical curves and caustics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import autoarray as aa
from autoarray import exc
from autoarray.plot import Line, Output, Panel, figure_to, panel_from, points_from, style
from autogalaxy import LensCalc
from autogalaxy.plot.lensing import (
    checked_grid,
    panel_of_effective_convergence,
    panel_of_image,
    panels_of_mass,
)
from autolens.lens.tracer import Tracer
from autolens.plot.curves import caustics_from, critical_curves_from
from autolens.plot.source_plane import has_several_lenses, source_plane_panel

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def panels_of_tracer(tracer: Tracer, grid: aa.Grid2D) -> list[Panel]:
    """The image, the lensed light of the last plane, that plane with the caustics; convergence, potential, deflections
    and magnification with the critical curves. Where several planes deflect there is an effective convergence, and no
    potential.
    """
    _checked_tracer(tracer, "subplot_tracer(tracer, grid)")
    grid = checked_grid(grid, "subplot_tracer(tracer, grid)")
    panels = [panel_of_image(tracer, grid)]
    extent = panels[0].extent
    if tracer.total_planes > 1:
        lensed = tracer.image_2d_list_from(grid)[-1]
        panels.append(panel_from(lensed, "Lensed source", unit=style.UNIT_IMAGE))
        panels.append(source_plane_panel(tracer, extent, _lines(caustics_from, tracer, extent)))
    if any(plane.has_mass for plane in tracer.planes):
        calc, curves = LensCalc.from_tracer(tracer), _lines(critical_curves_from, tracer, extent)
        panels += _panels_of_mass(tracer, calc, grid, curves)
    return panels


def _panels_of_mass(tracer: Tracer, calc: LensCalc, grid: aa.Grid2D, curves: list[Line]) -> list[Panel]:
    """Those of one plane; several have an effective convergence, and no potential."""
    panels = panels_of_mass(tracer, calc, grid, curves)
    if not has_several_lenses(tracer):
        return panels
    return [panel_of_effective_convergence(calc, grid, curves), *panels[2:]]


def subplot_tracer(
    tracer: Tracer,
    grid: aa.Grid2D,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
) -> Figure:
    """Image, lensed source, source plane with caustics, convergence, potential, deflections and magnification."""
    return figure_to(panels_of_tracer(tracer, grid), "subplot_tracer", path, title, output, stretch)


def plot_source_plane(
    tracer: Tracer,
    grid: aa.Grid2D,
    path: str | Path | None = None,
    title: str = "Source plane",
    output: Output | None = None,
    plane: int = -1,
    stretch: str | None = None,
) -> Figure:
    """The light of a plane as it would look unlensed, with the caustics where it is the last."""
    _checked_tracer(tracer, "plot_source_plane(tracer, grid)")
    extent = checked_grid(grid, "plot_source_plane(tracer, grid)").geometry.extent
    total = tracer.total_planes
    if isinstance(plane, bool) or not isinstance(plane, int) or not -total <= plane < total:
        raise exc.PlotException(f"plane={plane!r} of {total} planes, wanted a number from 0: plane={total - 1}.")
    caustics = _lines(caustics_from, tracer, extent) if plane in (-1, total - 1) else []
    panel = source_plane_panel(tracer, extent, caustics, plane, title)
    return figure_to([panel], "plot_source_plane", path, output=output, stretch=stretch)


def plot_critical_curves(
    tracer: Tracer,
    grid: aa.Grid2D,
    path: str | Path | None = None,
    title: str = "Critical curves",
    output: Output | None = None,
    stretch: str | None = None,
) -> Figure:
    """The lensed image with the tangential and radial critical curves."""
    _checked_tracer(tracer, "plot_critical_curves(tracer, grid)")
    grid = checked_grid(grid, "plot_critical_curves(tracer, grid)")
    panel = panel_of_image(tracer, grid, title, _lines(critical_curves_from, tracer, grid.geometry.extent))
    return figure_to([panel], "plot_critical_curves", path, output=output, stretch=stretch)


def plot_caustics(
    tracer: Tracer,
    grid: aa.Grid2D,
    path: str | Path | None = None,
    title: str = "Caustics",
    output: Output | None = None,
    stretch: str | None = None,
) -> Figure:
    """The source plane with the caustics."""
    return plot_source_plane(tracer, grid, path, title, output, stretch=stretch)


def plot_positions_overlay(
    array: aa.Array2D,
    positions: Any,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    tracer: Tracer | None = None,
    stretch: str | None = None,
    sky: bool | str = False,
) -> Figure:
    """An image with (y, x) positions marked and, of a ``tracer``, its critical curves."""
    points = points_from(positions)
    if not points:
        raise exc.PlotException(f"positions={positions!r}, wanted (y, x) pairs [arcsec]: positions=[(1.2, 0.1)].")
    panel = panel_from(array, title, unit=style.UNIT_IMAGE)
    if tracer is not None:
        _checked_tracer(tracer, "plot_positions_overlay(array, positions, tracer=tracer)")
    lines = () if tracer is None else tuple(_lines(critical_curves_from, tracer, panel.extent))
    panel = panel_from(array, title, unit=style.UNIT_IMAGE, points=points, lines=lines)
    return figure_to([panel], "plot_positions_overlay", path, output=output, stretch=stretch, sky=sky)


def _lines(curves_from: Any, tracer: Tracer, extent: tuple[float, float, float, float]) -> list[Line]:
    """Curves of a tracer that has mass; none of one without."""
    return curves_from(tracer, extent) if any(plane.has_mass for plane in tracer.planes) else []


def _checked_tracer(tracer: Any, call: str) -> None:
    if not isinstance(tracer, Tracer):
        raise exc.PlotException(f"got a {type(tracer).__name__}, wanted a Tracer: {call}.")
