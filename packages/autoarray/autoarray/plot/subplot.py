"""The one layout of every figure: panels in rows, without pyplot, so nothing global is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from autoarray import exc
from autoarray.plot import style
from autoarray.plot.panels import Panel, draw, panel_from

if TYPE_CHECKING:
    from autoarray.dataset.imaging import Imaging
    from autoarray.fit.fit_imaging import FitImaging


def figure_from(panels: Sequence[Panel], columns: int = 4, title: str = "") -> Figure:
    """A figure of ``panels``, filled row by row."""
    if not panels:
        raise exc.PlotException("figure_from got an empty list of panels and wants at least one: figure_from([panel]).")
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    figure = Figure(figsize=(4.1 * columns, 3.6 * rows + (0.4 if title else 0.0)), layout="constrained")
    FigureCanvasAgg(figure)
    for index, panel in enumerate(panels):
        axes = figure.add_subplot(rows, columns, index + 1)
        draw(axes, panel)
        if index % columns == 0:
            axes.set_ylabel("y (arcsec)", fontsize=style.FONT["label"])
        if index + columns >= len(panels):
            axes.set_xlabel("x (arcsec)", fontsize=style.FONT["label"])
    if title:
        figure.suptitle(title, fontsize=style.FONT["title"] + 1.5)
    return figure


def subplot_imaging(dataset: Imaging, title: str = "") -> Figure:
    """Data, noise map, signal to noise and PSF of an imaging dataset."""
    panels = [
        panel_from(dataset.data, "Data", unit=style.UNIT_IMAGE),
        panel_from(dataset.noise_map, "Noise map", unit=style.UNIT_IMAGE, kind="linear"),
        panel_from(dataset.data.with_new_array(dataset.data.array / dataset.noise_map.array), "Signal to noise"),
    ]
    if dataset.psf is not None:
        kernel = np.asarray(dataset.psf.kernel.native.array)
        (ny, nx), scales = kernel.shape, dataset.psf.pixel_scales
        half_y, half_x = 0.5 * ny * scales[0], 0.5 * nx * scales[1]
        panels.append(Panel(kernel, (-half_x, half_x, -half_y, half_y), title="PSF"))
    return figure_from(panels, title=title)


def panels_of_fit(fit: FitImaging) -> list[Panel]:
    """Data, model, normalized residuals and chi-squared of any fit to an image; the first two share their colours."""
    data = panel_from(fit.data, "Data", unit=style.UNIT_IMAGE)
    limits = data.colour_limits()
    return [
        replace(data, limits=limits),
        panel_from(fit.model_data, "Model", unit=style.UNIT_IMAGE, limits=limits),
        panel_from(fit.normalized_residual_map, "Normalized residuals", unit=style.UNIT_SIGMA, kind="residual"),
        panel_from(fit.chi_squared_map, "Chi-squared", unit=style.UNIT_CHI_SQUARED, kind="chi_squared"),
    ]
