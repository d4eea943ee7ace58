"""Figures of datasets and lenses, as ``al.plot``."""

from autoarray.plot.output import save
from autoarray.plot.subplot import subplot_imaging
from autolens.plot.fit_imaging import subplot_fit

__all__ = ["save", "subplot_fit", "subplot_imaging"]
