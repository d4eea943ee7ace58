"""Figures: a list of panels in, a figure or a file out. The only packages that import matplotlib are named ``plot``."""

from autoarray.plot.output import save
from autoarray.plot.panels import Line, Panel, panel_from
from autoarray.plot.subplot import figure_from, panels_of_fit, subplot_imaging

__all__ = ["Line", "Panel", "figure_from", "panel_from", "panels_of_fit", "save", "subplot_imaging"]
