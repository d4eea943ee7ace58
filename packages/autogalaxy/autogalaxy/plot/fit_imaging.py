"""The figures of a fit of galaxies, without lensing, to an image."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray.plot import Output, Panel, figure_to, panel_from, panels_of_fit, style, wcs_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from autogalaxy.imaging.fit_imaging import FitImaging, LightFit


def panels_of_galaxy_fit(fit: FitImaging) -> list[Panel]:
    """Data, model, residuals and chi-squared, and the image of each galaxy where there are several."""
    panels = panels_of_fit(fit)
    images = list(fit.galaxy_model_image_dict.values())
    if len(images) > 1:
        wcs = wcs_of(fit.dataset)
        panels += [panel_from(image, f"Galaxy {i}", unit=style.UNIT_IMAGE, wcs=wcs) for i, image in enumerate(images)]
    return panels


def with_common_limits(data: Panel, model: Panel, fit: LightFit) -> tuple[Panel, Panel]:
    """Data and model in the same colours, from two sigma of the noise below zero to the peak of the model."""
    noise = float(np.median(np.asarray(fit.noise_map.array)))
    limits = (-2.0 * noise, max(model.colour_limits()[1], noise))
    return replace(data, limits=limits), replace(model, limits=limits)


def subplot_fit(
    fit: FitImaging,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
    sky: bool | str = False,
) -> Figure:
    """Data, model, residuals and chi-squared, and the image of each galaxy where there are several."""
    return figure_to(panels_of_galaxy_fit(fit), "subplot_fit", path, title, output, stretch, sky)


def subplot_fit_imaging_of_galaxy(
    fit: FitImaging,
    galaxy_index: int = 0,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
    sky: bool | str = False,
) -> Figure:
    """The data without the light of every other galaxy, the model of this one, and the residuals."""
    images, apart = (list(d.values()) for d in (fit.galaxy_model_image_dict, fit.subtracted_images_of_galaxies_dict))
    if isinstance(galaxy_index, bool) or galaxy_index not in range(len(images)):
        raise exc.PlotException(
            f"galaxy_index={galaxy_index!r}, wanted one of {list(range(len(images)))}: "
            "subplot_fit_imaging_of_galaxy(fit, galaxy_index=0)."
        )
    wcs = wcs_of(fit.dataset)
    model = panel_from(images[galaxy_index], f"Model of galaxy {galaxy_index}", unit=style.UNIT_IMAGE, wcs=wcs)
    data = panel_from(apart[galaxy_index], "Data without the others", unit=style.UNIT_IMAGE, wcs=wcs)
    panels = [*with_common_limits(data, model, fit), *panels_of_fit(fit)[2:]]
    return figure_to(panels, f"subplot_fit_imaging_of_galaxy_{galaxy_index}", path, title, output, stretch, sky)
