"""Figures of lenses."""

from autolens.plot.fit_imaging import subplot_fit

__all__ = ["subplot_fit"]
