"""The figure of a fit of galaxies, without lensing, to an image."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autoarray.plot import figure_from, panel_from, panels_of_fit, save, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from autogalaxy.imaging.fit_imaging import FitImaging


def subplot_fit(fit: FitImaging, path: str | Path | None = None, title: str = "") -> Figure:
    """Data, model, residuals and chi-squared, and the image of each galaxy where there are several."""
    panels = panels_of_fit(fit)
    images = list(fit.galaxy_model_image_dict.values())
    if len(images) > 1:
        panels += [panel_from(image, f"Galaxy {i}", unit=style.UNIT_IMAGE) for i, image in enumerate(images)]
    figure = figure_from(panels, title=title)
    if path is not None:
        save(figure, path)
    return figure
