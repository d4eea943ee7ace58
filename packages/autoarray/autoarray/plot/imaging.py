"""Figures of imaging data and of any fit to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray.plot import style
from autoarray.plot.output import Output
from autoarray.plot.panels import Panel, Points, panel_from
from autoarray.plot.subplot import figure_from, figure_to

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from autoarray.dataset.imaging import Imaging
    from autoarray.fit.fit_imaging import FitImaging


def wcs_of(dataset: Any) -> Any:
    """Where a dataset is on the sky, ``None`` where it is not known."""
    return getattr(dataset, "wcs", None)


def panels_of_dataset(dataset: Imaging, positions: Any = None) -> list[Panel]:
    """Data, noise map, signal to noise and, where there is one, PSF of an imaging dataset."""
    if not all(hasattr(dataset, name) for name in ("data", "noise_map", "psf")):
        raise exc.PlotException(
            f"panels_of_dataset got a {type(dataset).__name__}, wanted an Imaging: "
            "subplot_imaging_dataset(Imaging.from_fits(...))."
        )
    wcs = wcs_of(dataset)
    signal_to_noise = dataset.data.with_new_array(dataset.data.array / dataset.noise_map.array)
    unit = style.unit_of_image_from(dataset)
    panels = [
        panel_from(dataset.data, "Data", unit=unit, wcs=wcs, points=points_from(positions)),
        panel_from(dataset.noise_map, "Noise map", unit=unit, kind="linear", wcs=wcs),
        panel_from(signal_to_noise, "Signal to noise", wcs=wcs),
    ]
    return panels if dataset.psf is None else [*panels, panel_of_psf(dataset)]


def panel_of_psf(dataset: Imaging) -> Panel:
    """The kernel of the PSF about its own centre."""
    if dataset.psf is None:
        raise exc.PlotException("panel_of_psf got a dataset without a PSF, wanted one with: Imaging(..., psf=psf).")
    kernel = np.asarray(dataset.psf.kernel.native.array)
    (ny, nx), scales = kernel.shape, dataset.psf.pixel_scales
    half_y, half_x = 0.5 * ny * scales[0], 0.5 * nx * scales[1]
    return Panel(kernel, (-half_x, half_x, -half_y, half_y), title="PSF", stretch="log")  # the wings matter


def points_from(positions: Any, label: str | None = "positions") -> tuple[Points, ...]:
    """Markers at (y, x) positions [arcsec]; none where there are none."""
    if positions is None:
        return ()
    try:
        places = np.asarray(getattr(positions, "array", positions), dtype=float)
        good = places.ndim == 2 and places.shape[1] == 2 and bool(np.all(np.isfinite(places)))
    except (TypeError, ValueError):
        good = False
    if not good:
        raise exc.PlotException(
            f"positions={positions!r}, wanted (y, x) pairs [arcsec]: positions=[(1.2, 0.1), (-0.9, 0.4)]."
        )
    return (Points(places, label=label),)


def subplot_imaging_dataset(
    dataset: Imaging,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    positions: Any = None,
    stretch: str | None = None,
    sky: bool | str = False,
) -> Figure:
    """Data (with ``positions`` where given), noise map, signal to noise and PSF of an imaging dataset."""
    panels = panels_of_dataset(dataset, positions=positions)
    return figure_to(panels, "subplot_imaging_dataset", path, title, output, stretch, sky)


def subplot_imaging(dataset: Imaging, title: str = "") -> Figure:
    """Data, noise map, signal to noise and PSF of an imaging dataset."""
    return figure_from(panels_of_dataset(dataset), title=title)


def panels_of_fit(fit: FitImaging) -> list[Panel]:
    """Data, model, normalized residuals and chi-squared of any fit to an image; the first two share their colours."""
    if not all(hasattr(fit, name) for name in ("data", "model_data", "normalized_residual_map")):
        raise exc.PlotException(
            f"panels_of_fit got a {type(fit).__name__}, wanted a fit: subplot_fit_imaging(FitImaging(dataset, tracer))."
        )
    wcs = wcs_of(fit.dataset)
    unit = style.unit_of_image_from(fit.dataset)
    data = panel_from(fit.data, "Data", unit=unit, wcs=wcs)
    limits = data.colour_limits()
    residuals, chi_squared = fit.normalized_residual_map, fit.chi_squared_map
    return [
        replace(data, limits=limits),
        panel_from(fit.model_data, "Model", unit=unit, limits=limits, wcs=wcs),
        panel_from(residuals, "Normalized residuals", unit=style.UNIT_SIGMA, kind="residual", wcs=wcs),
        panel_from(chi_squared, "Chi-squared", unit=style.UNIT_CHI_SQUARED, kind="chi_squared", wcs=wcs),
    ]


def subplot_fit_imaging(
    fit: FitImaging,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
    sky: bool | str = False,
) -> Figure:
    """Data, model, normalized residuals and chi-squared of any fit to an image."""
    return figure_to(panels_of_fit(fit), "subplot_fit_imaging", path, title, output, stretch, sky)
