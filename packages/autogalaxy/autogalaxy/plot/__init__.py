"""Figures of galaxies."""

from autogalaxy.plot.fit_imaging import subplot_fit

__all__ = ["subplot_fit"]
