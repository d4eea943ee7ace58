"""Figures: a list of panels in, a figure or a file out. The only packages that import matplotlib are named ``plot``."""

from autoarray.plot.arrays import plot_array, plot_grid, plot_yx
from autoarray.plot.charts import Chart, Curve, Marker, Scatter
from autoarray.plot.imaging import (
    panel_of_psf,
    panels_of_dataset,
    panels_of_fit,
    points_from,
    subplot_fit_imaging,
    subplot_imaging,
    subplot_imaging_dataset,
    wcs_of,
)
from autoarray.plot.output import Output, save
from autoarray.plot.panels import Line, Panel, Points, panel_from
from autoarray.plot.subplot import figure_from, figure_to

__all__ = [
    "Chart",
    "Curve",
    "Line",
    "Marker",
    "Output",
    "Panel",
    "Points",
    "Scatter",
    "figure_from",
    "figure_to",
    "panel_from",
    "panel_of_psf",
    "panels_of_dataset",
    "panels_of_fit",
    "plot_array",
    "plot_grid",
    "plot_yx",
    "points_from",
    "save",
    "subplot_fit_imaging",
    "subplot_imaging",
    "subplot_imaging_dataset",
    "wcs_of",
]
