"""What the command prints; results on the standard output, everything else on the error stream."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

import autoarray as aa
from autoarray.dataset.display_unit import display_unit_from
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference.model import Collection
from autogalaxy.inference.result_folder import AnotherFitException
from autogalaxy.inference.verdict import Verdict
from autolens.analysis.result import LensResult
from autolens.cli import threads
from autolens.cli.amounts import radius_lines_from
from autolens.cli.observation import Facts
from autolens.cli.settings import Settings, is_unfinished
from autolens.imaging.fit_imaging import FitImaging
from autolens.lens.parameter_names import short_name_of


def _console(stderr: bool = False) -> Console:
    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """A line on the standard error stream."""
    _console(stderr=True).print(text, markup=False)


def engine_of(use_jax: bool) -> str:
    """What likelihoods are computed with."""
    if not use_jax:
        return "NumPy (slow; for JAX: pip install 'autolens-xp[jax]')"
    import jax

    return f"JAX {jax.__version__} on {jax.default_backend()}"


def print_start(name: str, dataset: aa.Imaging, model: Collection, use_jax: bool) -> None:
    """What is fitted, with what."""
    mask = dataset.mask
    _console(stderr=True).print(
        f"Fitting {name}: {mask.pixels_in_mask} pixels of {mask.pixel_scales[0]:g} arcsec, "
        f"{model.prior_count} free parameters, {engine_of(use_jax)}, {threads.in_use()} threads",
        markup=False,
    )


def print_folder(settings: Settings, folder: Path) -> None:
    """Where results go, and what was left unfinished beside it."""
    left = None if settings.output is not None or folder.exists() else settings.unfinished()
    said = f"results go to {folder}" if left is None else f"results go to {folder}; {left} is not finished (--resume)"
    begun = ", where a fit was begun: with the same options it goes on" if is_unfinished(folder) else ""
    say(f"{said}{begun}")


def print_stopped(settings: Settings, folder: Path) -> None:
    """How an interrupted fit goes on."""
    if not is_unfinished(folder):
        say("stopped before anything could be saved")
        return
    command = "the same command" if settings.output is not None or settings.resume else "the same command with --resume"
    say(f"stopped; {command} goes on from {folder}")


_DIFFERS = {
    "model": "model (--model, --light, --lens-sersics, redshifts, or the mask that priors follow)",
    "data": "data (the files, --pixel-scale or the mask)",
    "settings": "search (--search, --seed, or the version of the package)",
}


def another_fit(error: AnotherFitException, settings: Settings) -> str:
    """What to do about a folder with another fit, in words of the command."""
    what = error.what
    for name, words in _DIFFERS.items():
        what = re.sub(rf"(?<=its ){name} \(|(?<=, ){name} \(", f"{words} (", what)
    wanted = "give the options of that fit again" if settings.resume else "give the options of that fit"
    return f"{error.folder} holds {what}. To go on there {wanted}; or fit anew in another --output, or --overwrite it."


def print_facts(facts: Facts, centre: tuple[float, float]) -> None:
    """Numbers that an option may change, and where they come from."""
    rows = ("pixel_scale", "mask_radius", "redshift_lens", "redshift_source")
    said = [f"{name.replace('_', ' ')} {getattr(facts, name):g} ({facts.origins[name]})" for name in rows]
    _console(stderr=True).print(f"{', '.join(said)}, centre (y, x) = ({centre[0]:g}, {centre[1]:g})", markup=False)


def print_noise(noise: aa.preprocess.NoiseCorrelation | None) -> None:
    """A line where the noise is correlated between pixels, so that errors come out too small."""
    if noise is not None and noise.is_significant:
        _console().print(noise.line, markup=False)


def print_parameters(result: LensResult, truth: dict[str, Galaxy] | None = None) -> None:
    """A table of the parameters with their errors, beside the truth where it is known."""
    samples, at_limits = result.samples, set(result.search_info.get("parameters_at_limits", ()))
    table = Table(title="Truth and fit" if truth else "Parameters", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("parameter", overflow="fold")  # the first to become narrower, so that no number is cut
    for name in ("truth", "fit", "error", "sigmas") if truth else ("best fit", "1 sigma"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    rows = zip(samples.names, samples.max_log_likelihood_vector, samples.errors_at_sigma(1.0), strict=True)
    units = [display_unit_from(unit, result.analysis.dataset) for unit in result.original_model.units]
    for (path, value, (low, high)), unit in zip(rows, units, strict=True):
        error = 0.5 * (low + high)
        cells = [f"{value:.4f}", "at limit" if path in at_limits else f"{error:.4f}"]
        if truth:
            true = truth_of(path, truth)
            cells = [f"{true:.4f}", *cells, f"{(value - true) / error:+.1f}" if error > 0.0 else "-"]
        table.add_row(words_of(path), *cells, unit)
    _console().print(table)


_COMPONENTS = {
    "centre_0": "centre y",
    "centre_1": "centre x",
    "ell_comps_0": "e0 (sin)",
    "ell_comps_1": "e1 (cos)",
    "gamma_1": "gamma_1 (cos)",
    "gamma_2": "gamma_2 (sin)",
}


def words_of(path: str) -> str:
    """A parameter for people: ``lens.mass centre y``, where files have ``galaxies.lens.mass.centre.centre_0``."""
    owner, _, name = short_name_of(path).rpartition(".")
    words = _COMPONENTS.get(name, name.replace("_", " "))
    return f"{owner} {words}".strip()


def truth_of(path: str, galaxies: dict[str, Galaxy]) -> float:
    """The value at a parameter's path, such as ``galaxies.lens.mass.centre.centre_0``."""
    _, name, *rest = path.split(".")
    value: Any = galaxies[name]
    for step in rest:
        value = value[int(step.rsplit("_", 1)[1])] if isinstance(value, tuple) else getattr(value, step)
    return float(value)


def print_end(
    fit: FitImaging, result: LensResult, times: dict[str, Any], folder: Path, page: Path | None = None
) -> None:
    """How good the fit is, how finely it was computed, how long it took and where it is, and the verdict."""
    search_info = result.search_info
    chi_squared, pixels = float(fit.chi_squared), fit.mask.pixels_in_mask
    console = _console()
    console.print(
        f"chi-squared {chi_squared:.1f} for {pixels} pixels ({chi_squared / pixels:.3f} per pixel), "
        f"ln likelihood {float(fit.log_likelihood):.2f}"
    )
    for warning in search_info.get("linear_light", {}).get("warnings", ()):
        console.print(f"linear light: {warning}", markup=False)
    if check := search_info.get("over_sampling"):
        style = None if check["holds"] else "bold red"
        console.print(f"over-sampling: {check['summary']}", style=style, markup=False)
    print_sampling(search_info, console)
    for line in radius_lines_from(search_info.get("latents")):
        console.print(line, markup=False)
    if not math.isclose(times["compile_seconds"], 0.0):
        apart = f", {times['compile_seconds']:.1f} s of it to compile"
    else:
        apart = ""
    console.print(f"{times['seconds']:.1f} s{apart}; results in {folder}", markup=False)
    if page is not None:
        console.print(f"report: {page}", markup=False)
    if not (folder / "subplot_fit.png").exists():
        console.print("no picture without matplotlib: pip install 'autolens-xp[plot]'", markup=False)
    print_verdict(result.verdict)


def print_sampling(search_info: dict[str, Any], console: Console) -> None:
    """How the posterior was sampled, and its evidence."""
    sampling = search_info.get("sampling")
    if sampling is None:
        return
    text = f"posterior by {sampling['method']}"
    if search_info.get("effective_samples"):
        text += f", {search_info['effective_samples']:.0f} effective samples"
    if search_info.get("log_evidence") is not None:
        text += f", ln evidence {search_info['log_evidence']:.2f} +- {search_info['log_evidence_error']:.2f}"
    console.print(text, markup=False)


def print_verdict(verdict: Verdict | None) -> None:
    """Good, check or failed, and a line for each reason."""
    if verdict is None:
        return
    style = {"good": "bold green", "check": "bold yellow", "failed": "bold red"}[verdict.grade]
    console = _console()
    console.print(f"verdict: {verdict.grade}", style=style)
    for reason in verdict.reasons if verdict.grade != "good" else ():
        console.print(f"- {reason}", markup=False)
