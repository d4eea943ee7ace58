"""The results folder of a fit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import autoarray as aa
from autoarray import exc
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.galaxy.to_inversion import linear_components_of
from autogalaxy.inference.output import write_json
from autolens.analysis.result import LensResult
from autolens.cli.installed import is_installed
from autolens.imaging.fit_imaging import FitImaging

PICTURES = ("subplot_fit.png", "corner.png")
REPORT = "report.html"


def fit_of(result: LensResult) -> FitImaging:
    """The fit of the best instance, in NumPy."""
    analysis = result.analysis
    return analysis.with_dataset(analysis.dataset, use_jax=False).fit_from(result.max_log_likelihood_instance)


def add_linear_light(result: LensResult) -> None:
    """Note the intensities that were solved for in what the search says, before its result is written."""
    fit = fit_of(result)
    if fit.inversion is not None:
        intensities = intensities_of(fit, result.max_log_likelihood_instance)
        result.search_info["linear_light"] = {"warnings": fit.warnings, "intensities": intensities}


def add_latents(result: LensResult) -> None:
    """Compute what follows from the parameters, with errors, so that it is written and a report has it.

    Not of a search that was interrupted: whoever ends it waits.
    """
    if not result.is_finished:
        return
    try:
        result.latents  # noqa: B018 - kept by the result, and in what the search says
    except exc.AutoException as error:
        print(f"no latent quantities: {error}", file=sys.stderr, flush=True)


def remove_pictures(folder: Path) -> None:
    """Forget the pictures and the report of another result."""
    for name in (*PICTURES, REPORT):
        (folder / name).unlink(missing_ok=True)


def draw(result: LensResult, folder: Path, title: str, truths: dict[str, float] | None = None) -> FitImaging:
    """Draw those of ``subplot_fit.png`` and ``corner.png`` that are missing; returns the fit.

    ``truths`` are known parameters by path.
    """
    fit = fit_of(result)
    if is_installed("matplotlib"):
        from autolens.plot import corner, subplot_fit

        if not (folder / PICTURES[0]).exists():
            subplot_fit(fit, folder / PICTURES[0], title=title)
        if not (folder / PICTURES[1]).exists():
            corner(result, folder / PICTURES[1], truths=truths, title=title)
    return fit


def write_report(folder: Path) -> Path | None:
    """The report of a result, if it is not there yet; ``None`` where nothing that writes it is installed."""
    page = folder / REPORT
    if page.exists():
        return page
    if not (is_installed("jinja2") and is_installed("plotly")):
        return None
    from autolens.html_report import report

    try:
        return report(folder, page)
    except exc.AutoException as error:
        print(f"no report: {error}", file=sys.stderr, flush=True)
        return None


def intensities_of(fit: FitImaging, instance: Any) -> dict[str, list[float]]:
    """The intensities [e- s^-1] that were solved for, by galaxy and component: ``lens.light``."""
    found = fit.linear_light_profile_intensity_dict
    named = [*instance.galaxies.items(), *_named(getattr(instance, "extra_galaxies", None))]
    return {
        f"{name}.{component}": values
        for name, galaxy in named
        for component, profiles in linear_components_of(galaxy)
        if (values := [float(found[p]) for p in profiles if p in found])
    }


def _named(galaxies: Any) -> list[tuple[str, Galaxy]]:
    """Galaxies of a model under their names, or under numbers."""
    if galaxies is None:
        return []
    items = galaxies.items() if hasattr(galaxies, "items") else enumerate(galaxies)
    return [(f"extra_galaxies.{name}", galaxy) for name, galaxy in items]


def write_dataset(dataset: aa.Imaging, folder: Path, facts: dict[str, float]) -> None:
    """Write what ``autolens fit`` reads: the images, in electrons per second, and ``info.json``."""
    data = aa.Array2D(dataset.data.array, dataset.data.mask, header={"BUNIT": "electron/s"})
    dataset.with_data(data).output_to_fits(
        data_path=folder / "data.fits",
        noise_map_path=folder / "noise_map.fits",
        psf_path=folder / "psf.fits",
        overwrite=True,
    )
    write_json(folder / "info.json", facts)
