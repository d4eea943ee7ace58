"""Figures of datasets, lenses and posteriors, as ``al.plot``."""

from autoarray.plot.output import save
from autoarray.plot.subplot import subplot_imaging
from autolens.plot.corner import corner
from autolens.plot.fit_imaging import subplot_fit

__all__ = ["corner", "save", "subplot_fit", "subplot_imaging"]
