"""The figure of a lens fit: what was seen, what the model makes of it, and the source as it would look unlensed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import autoarray as aa
from autoarray.plot import Line, Panel, figure_from, panel_from, panels_of_fit, save, style
from autolens.lens.tracer import Tracer
from autolens.plot.curves import Extent, caustics_from, critical_curves_from, points_from

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from autolens.imaging.fit_imaging import FitImaging

PIXELS = 200
"""Side of the images that are evaluated for the figure alone."""


def subplot_fit(fit: FitImaging, path: str | Path | None = None, title: str = "") -> Figure:
    """Eight panels: data, model, normalized residuals, chi-squared; data without the light of the lens, the lensed
    source, the source in its own plane with the caustics, and the convergence with the critical curves.
    """
    data, model, residuals, chi_squared = panels_of_fit(fit)
    curves = critical_curves_from(fit.tracer, data.extent)
    source = fit.model_images_of_planes_list[-1]
    lensed = panel_from(source, "Lensed source model", unit=style.UNIT_IMAGE)
    arcs = panel_from(fit.data - (fit.model_data - source), "Data - lens light", unit=style.UNIT_IMAGE)
    noise = float(np.median(np.asarray(fit.noise_map.array)))
    limits = (-2.0 * noise, max(lensed.colour_limits()[1], noise))
    panels = [
        data,
        model,
        residuals,
        chi_squared,
        replace(arcs, limits=limits),
        replace(lensed, limits=limits),
        source_plane_panel(fit.tracer, data.extent, caustics_from(fit.tracer, data.extent)),
        convergence_panel(fit.tracer, data.extent, curves),
    ]
    figure = figure_from(panels, title=title)
    if path is not None:
        save(figure, path)
    return figure


def source_plane_panel(tracer: Tracer, extent: Extent, caustics: list[Line]) -> Panel:
    """The light of the last plane on a fine grid around the source and the caustics."""
    extent = source_extent_from(tracer, extent, caustics)
    values = _source_light_from(tracer, points_from(extent, PIXELS)[2])
    return Panel(values, extent, title="Source plane", unit=style.UNIT_IMAGE, lines=caustics)


def convergence_panel(tracer: Tracer, extent: Extent, critical_curves: list[Line]) -> Panel:
    """The convergence with the critical curves; the end colour stands for the centre, where it may diverge."""
    points = points_from(extent, PIXELS)[2]
    values = np.asarray(tracer.convergence_2d_from(aa.Grid2DIrregular(points)).array).reshape(PIXELS, PIXELS)
    finite = values[np.isfinite(values)]
    limits = (min(0.0, float(finite.min())), float(np.percentile(finite, 99.5)) or 1.0)
    return Panel(values, extent, title="Convergence", lines=critical_curves, limits=limits)


def source_extent_from(tracer: Tracer, extent: Extent, caustics: list[Line]) -> Extent:
    """A square around the caustics and every place where the source has 2 per cent of its peak."""
    _, _, points = points_from(extent, PIXELS)
    traced = tracer.traced_grid_2d_list_from(aa.Grid2DIrregular(points))[-1].array
    light = _source_light_from(tracer, traced).ravel()
    bright = traced[light > 0.02 * light.max()] if light.max() > 0.0 else traced
    places = np.concatenate([bright, *(line.points for line in caustics)])
    low, high = places.min(axis=0), places.max(axis=0)
    centre, half = 0.5 * (low + high), 0.55 * max(float(np.max(high - low)), 1e-3)
    return (centre[1] - half, centre[1] + half, centre[0] - half, centre[0] + half)


def _source_light_from(tracer: Tracer, points: np.ndarray) -> np.ndarray:
    """Unlensed light of the last plane at square-many positions, as an image."""
    galaxies = tracer.planes[-1].galaxies
    side = int(round(len(points) ** 0.5))
    return np.asarray(galaxies.image_2d_from(aa.Grid2DIrregular(points)).array).reshape(side, side)
