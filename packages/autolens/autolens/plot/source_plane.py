"""Panels of a plane behind the lens, and of what the lens does there."""

from __future__ import annotations

import numpy as np

import autoarray as aa
from autoarray.plot import Line, Panel, style
from autogalaxy import LensCalc
from autogalaxy.plot.lensing import grid_over, panel_of_convergence, panel_of_effective_convergence
from autolens.lens.tracer import Tracer
from autolens.plot.curves import Extent, points_from

PIXELS = 200
"""Side of the images that are evaluated for the figure alone."""


def source_plane_panel(
    tracer: Tracer, extent: Extent, caustics: list[Line], plane: int = -1, title: str = "Source plane"
) -> Panel:
    """The light of a plane, the last where not given, on a fine grid around the source and the caustics."""
    extent = source_extent_from(tracer, extent, caustics, plane)
    values = _light_of_plane(tracer, points_from(extent, PIXELS)[2], plane)
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


def source_extent_from(tracer: Tracer, extent: Extent, caustics: list[Line], plane: int = -1) -> Extent:
    """A square around the caustics and every place where the source has 2 per cent of its peak."""
    _, _, points = points_from(extent, PIXELS)
    traced = tracer.traced_grid_2d_list_from(aa.Grid2DIrregular(points))[plane].array
    light = _light_of_plane(tracer, traced, plane).ravel()
    bright = traced[light > 0.02 * light.max()] if light.max() > 0.0 else traced
    places = np.concatenate([bright, *(line.points for line in caustics)])
    low, high = places.min(axis=0), places.max(axis=0)
    centre, half = 0.5 * (low + high), 0.55 * max(float(np.max(high - low)), 1e-3)
    return (centre[1] - half, centre[1] + half, centre[0] - half, centre[0] + half)


def _light_of_plane(tracer: Tracer, points: np.ndarray, plane: int) -> np.ndarray:
    """Unlensed light of a plane at square-many positions, as an image."""
    galaxies = tracer.planes[plane].galaxies
    side = int(round(len(points) ** 0.5))
    return np.asarray(galaxies.image_2d_from(aa.Grid2DIrregular(points)).array).reshape(side, side)
