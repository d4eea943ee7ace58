"""The figures of a lens fit: what was seen, what the model makes of it, and the source as it would look unlensed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray.plot import Output, Panel, figure_to, panel_from, panels_of_fit, style, wcs_of
from autogalaxy import LensCalc
from autogalaxy.plot.fit_imaging import with_common_limits
from autogalaxy.plot.lensing import grid_over, panel_of_magnification
from autolens.plot.curves import caustics_from, critical_curves_from
from autolens.plot.source_plane import convergence_panel, source_plane_panel
from autolens.plot.tracer import panels_of_tracer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from autolens.imaging.fit_imaging import FitImaging
    from autolens.lens.tracer import Tracer


def panels_of_lens_fit(fit: FitImaging) -> list[Panel]:
    """Data, model, normalized residuals, chi-squared; data without the light of the lens, the lensed source, the
    source in its own plane with the caustics, and the convergence with the critical curves.
    """
    data, model, residuals, chi_squared = panels_of_fit(fit)
    tracer = _solved(fit)
    curves = critical_curves_from(tracer, data.extent)
    source = fit.model_images_of_planes_list[-1]
    lensed = panel_from(source, "Lensed source model", unit=data.unit, wcs=data.wcs)
    arcs = panel_from(fit.data - (fit.model_data - source), "Data - lens light", unit=data.unit, wcs=data.wcs)
    return [
        data,
        model,
        residuals,
        chi_squared,
        *with_common_limits(arcs, lensed, fit),
        replace(source_plane_panel(tracer, data.extent, caustics_from(tracer, data.extent)), unit=data.unit),
        replace(convergence_panel(tracer, data.extent, curves), wcs=data.wcs),
    ]


def subplot_fit(
    fit: FitImaging,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
    sky: bool | str = False,
) -> Figure:
    """Eight panels: data, model, normalized residuals, chi-squared; data without the light of the lens, the lensed
    source, the source in its own plane with the caustics, and the convergence with the critical curves.
    """
    return figure_to(panels_of_lens_fit(_checked(fit)), "subplot_fit", path, title, output, stretch, sky)


def subplot_fit_imaging(
    fit: FitImaging,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
    sky: bool | str = False,
) -> Figure:
    """The eight panels of :func:`subplot_fit`, signal to noise, residuals, light of the lens, and magnification."""
    return figure_to(_twelve_panels(fit), "subplot_fit_imaging", path, title, output, stretch, sky)


def subplot_fit_imaging_log10(
    fit: FitImaging,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    sky: bool | str = False,
) -> Figure:
    """The panels of :func:`subplot_fit_imaging`, images of light on a logarithmic stretch."""
    return figure_to(_twelve_panels(fit), "subplot_fit_imaging_log10", path, title, output, "log", sky)


def subplot_fit_imaging_x1_plane(
    fit: FitImaging,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
    sky: bool | str = False,
) -> Figure:
    """What a fit without lensing has to show: data, model, signal to noise, residuals and chi-squared."""
    data, model, residuals, chi_squared = panels_of_fit(_checked(fit))
    signal_to_noise = fit.data.with_new_array(np.asarray(fit.data.array) / np.asarray(fit.noise_map.array))
    panels = [
        data,
        panel_from(signal_to_noise, "Signal to noise", wcs=data.wcs),
        model,
        panel_from(fit.residual_map, "Residuals", unit=data.unit, kind="signed", wcs=data.wcs),
        residuals,
        chi_squared,
    ]
    return figure_to(panels, "subplot_fit_imaging_x1_plane", path, title, output, stretch, sky, columns=3)


def subplot_fit_imaging_of_planes(
    fit: FitImaging,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    plane_index: int | None = None,
    stretch: str | None = None,
    sky: bool | str = False,
) -> Figure:
    """A row for each plane, or for one: the data without the light of the others, its model image, and its own light
    unlensed, the last with the caustics.
    """
    total = _checked(fit).tracer.total_planes
    if isinstance(plane_index, bool) or (plane_index is not None and plane_index not in range(total)):
        raise exc.PlotException(
            f"plane_index={plane_index!r}, wanted one of {list(range(total))}: "
            "subplot_fit_imaging_of_planes(fit, plane_index=0)."
        )
    chosen = range(total) if plane_index is None else [plane_index]
    panels = [panel for plane in chosen for panel in _panels_of_plane(fit, plane)]
    return figure_to(panels, "subplot_fit_imaging_of_planes", path, title, output, stretch, sky, columns=3)


def subplot_fit_imaging_tracer(
    fit: FitImaging,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
) -> Figure:
    """The tracer of a fit, with the intensities that were found, over the pixels of the data."""
    extent = panels_of_fit(_checked(fit))[0].extent
    panels = panels_of_tracer(_solved(fit), grid_over(extent))
    return figure_to(panels, "subplot_fit_imaging_tracer", path, title, output, stretch)


def _twelve_panels(fit: FitImaging) -> list[Panel]:
    panels = panels_of_lens_fit(_checked(fit))
    data, curves = panels[0], panels[-1].lines
    lens_light = fit.model_data - fit.model_images_of_planes_list[-1]
    signal_to_noise = fit.data.with_new_array(np.asarray(fit.data.array) / np.asarray(fit.noise_map.array))
    calc = LensCalc.from_tracer(_solved(fit))
    return [
        *panels,
        panel_from(signal_to_noise, "Signal to noise", wcs=data.wcs),
        panel_from(fit.residual_map, "Residuals", unit=data.unit, kind="signed", wcs=data.wcs),
        panel_from(lens_light, "Lens light model", unit=data.unit, limits=data.limits, wcs=data.wcs),
        replace(panel_of_magnification(calc, grid_over(data.extent), curves), wcs=data.wcs),
    ]


def _panels_of_plane(fit: FitImaging, plane: int) -> list[Panel]:
    wcs, tracer = wcs_of(fit.dataset), _solved(fit)
    apart, image = fit.subtracted_images_of_planes_list[plane], fit.model_images_of_planes_list[plane]
    model = panel_from(image, f"Model of plane {plane}", unit=style.unit_of_image_from(fit.dataset), wcs=wcs)
    data = panel_from(apart, f"Data of plane {plane}", unit=model.unit, wcs=wcs)
    is_last = plane == tracer.total_planes - 1
    lines = caustics_from(tracer, model.extent) if is_last and plane else []
    redshift = tracer.plane_redshifts[plane]
    return [
        *with_common_limits(data, model, fit),
        source_plane_panel(tracer, model.extent, lines, plane, f"Plane {plane} unlensed, z = {float(redshift):.4g}"),
    ]


def _solved(fit: FitImaging) -> Tracer:
    """The tracer with the intensities of linear light."""
    return fit.tracer_linear_light_profiles_to_light_profiles


def _checked(fit: FitImaging) -> FitImaging:
    if not hasattr(fit, "tracer_linear_light_profiles_to_light_profiles"):
        raise exc.PlotException(
            f"got a {type(fit).__name__}, wanted the fit of a lens: subplot_fit(result.max_log_likelihood_fit), or "
            "subplot_fit(FitImaging(dataset, tracer))."
        )
    return fit
