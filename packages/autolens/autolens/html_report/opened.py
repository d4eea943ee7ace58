"""A fit as the page needs it: from its folder or from memory, with what is missing in words."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autogalaxy.inference.combined import CombinedAnalysis
from autogalaxy.inference.combined_fit import CombinedFit
from autogalaxy.inference.latent import N_DRAWS, Latent, LatentTable, latents_of
from autogalaxy.inference.load_result import load_result, read_summary
from autogalaxy.inference.result import Result
from autolens.analysis.latents import einstein_latents_from
from autolens.data_doctor.diagnosis import Diagnosis
from autolens.html_report.numbers import number_or_none
from autolens.html_report.read import mapping_from
from autolens.imaging.analysis import AnalysisImaging

KNOWN = (AnalysisImaging,)
"""Loaded so that folders may name them."""
_LARGEST_DOCTOR = 2**23
_LONGEST_NAME = 100


@dataclass
class OpenedFit:
    """One fit and everything that belongs to it."""

    name: str
    result: Any
    summary: Mapping[str, Any]
    """``result.json``, or what it would hold."""
    folder: Path | None = None
    doctor: Diagnosis | None = None
    """What the data doctor found; ``None`` where it was not asked."""
    notices: list[str] = field(default_factory=list)
    """What the reader must know before all else."""

    @property
    def search(self) -> Mapping[str, Any]:
        return mapping_from(self.summary.get("search"))

    @property
    def dataset(self) -> Any:
        """What was fitted; ``None`` where it is not known, or where there are several."""
        return getattr(self.result.analysis, "dataset", None)

    def fits(self) -> list[tuple[str, Any]]:
        """The fits in NumPy, by the name of their dataset; what cannot be fitted anew becomes a notice."""
        if self.result.analysis is None:
            self.notices.append(
                "The folder does not hold the data of an analysis that was written by its user: no pictures. "
                "al.report(al.load_result(folder, analysis=analysis)) has them."
            )
            return []
        try:
            fit = in_numpy(self.result.analysis).fit_from(self.result.max_log_likelihood_instance)
        except (exc.AutoException, AttributeError, NotImplementedError) as error:
            self.notices.append(f"The fit could not be computed again: {error}")
            return []
        if isinstance(fit, CombinedFit):
            return list(zip(fit.names, fit.fits, strict=True))
        return [("", fit)] if hasattr(fit, "model_data") else []

    def latents(self, seconds: float) -> tuple[LatentTable | None, str]:
        """Latent quantities, and words about them: those of the folder, or new ones from draws for some seconds."""
        stored = mapping_from(self.summary.get("latents"))
        if stored:
            table = LatentTable.from_dict(stored)
            return table, _from_draws(max(latent.draws for latent in table))
        analysis = self.result.analysis
        if analysis is None or not hasattr(analysis, "latents_from"):
            return None, "None: the analysis of this fit offers no latent quantities."
        try:
            return _latents_within(self.result.samples, in_numpy(analysis), seconds)
        except Exception as error:  # may be code of the user; the rest of the page is worth having
            return None, f"None could be computed ({type(error).__name__}: {error})."


def opened(result_or_folder: Any) -> OpenedFit:
    """A fit from a ``Result`` or from the folder of one; our error where it is neither or cannot be read."""
    if isinstance(result_or_folder, Result):
        result = result_or_folder
        folder = None if result.read_from is None else Path(result.read_from).parent
        summary = result.to_dict() if folder is None else {**read_summary(folder), "latents": _latents_held_by(result)}
        return _checked(OpenedFit(_name_of(summary, folder), result, summary, folder))
    if not isinstance(result_or_folder, str | Path):
        raise exc.FileException(
            f"report got a {type(result_or_folder).__name__}, wanted the folder of a result or a Result: "
            "al.report('output/lens') or al.report(search.fit(model, analysis))."
        )
    folder = Path(result_or_folder)
    if not folder.is_dir():
        raise exc.FileException(f"{folder} is no folder, wanted that of a result: al.report('output/lens').")
    if not (folder / "result.json").exists() and (folder / "checkpoints").is_dir():
        raise exc.FileException(
            f"{folder} holds a search that has not ended and no result yet: run the same command again, it goes on."
        )
    result = load_result(folder)
    summary = read_summary(folder)
    return _checked(OpenedFit(_name_of(summary, folder), result, summary, folder))


def _name_of(summary: Mapping[str, Any], folder: Path | None) -> str:
    """What the command called the data, else the name of the folder."""
    name = mapping_from(mapping_from(summary.get("search")).get("command")).get("name")
    if isinstance(name, str) and name.strip():
        return name.strip()[:_LONGEST_NAME]
    return folder.resolve().name if folder is not None else "Lens fit"


def _latents_held_by(result: Any) -> Any:
    return result.search_info.get("latents")


def _checked(fit: OpenedFit) -> OpenedFit:
    if not fit.summary.get("finished", True):
        ended = number_or_none(mapping_from(fit.summary.get("search")).get("time_limit_reached"))
        why = "was interrupted" if ended is None else f"ended at its time limit of {ended:g} s"
        fit.notices.append(
            f"This search {why}: the numbers are those of the best so far. The same command goes on with it."
        )
    if error := mapping_from(fit.summary.get("fit")).get("error"):
        fit.notices.append(f"The images of this fit could not be written: {error}")
    if fit.folder is not None:
        fit.doctor = doctor_of(fit.folder, fit.notices)
    return fit


def doctor_of(folder: Path, notices: list[str]) -> Diagnosis | None:
    """What the data doctor found, from beside a result; ``None`` without any file."""
    path = folder / "doctor.json"
    if path.is_symlink() or not path.is_file():
        return None
    try:
        if path.stat().st_size > _LARGEST_DOCTOR:
            raise ValueError(f"{path.stat().st_size} bytes")
        diagnosis = Diagnosis.from_dict(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError) as error:
        notices.append(f"{path.name} cannot be read ({error}): autolens doctor FOLDER --json writes it anew.")
        return None
    if diagnosis is None:
        notices.append(f"{path.name} is no diagnosis of the data doctor.")
    elif diagnosis.worst in ("warning", "error"):
        notices.append("The data doctor has something to say about these data: see the section Data.")
    return diagnosis


def in_numpy(analysis: Any) -> Any:
    """The same analysis without JAX, so that nothing has to be compiled for one evaluation."""
    plain = copy.copy(analysis)
    plain.use_jax = False
    if hasattr(plain, "precision"):
        plain.precision = "double"
    if isinstance(plain, CombinedAnalysis):
        plain.analyses = tuple(in_numpy(part) for part in analysis.analyses)
    return plain


def _latents_within(samples: Any, analysis: Any, seconds: float) -> tuple[LatentTable | None, str]:
    """From :data:`N_DRAWS` draws if there is time for these; of the Einstein radius alone where it is short."""
    best = samples.model.instance_from_vector(samples.max_log_likelihood_vector)
    values, each = _timed(analysis.latents_from, best)
    at_maximum = LatentTable([_bare(name, value, analysis.latent_units) for name, value in values.items()])
    if not len(at_maximum):
        return None, "None: the model of this fit implies no latent quantities."
    if each * N_DRAWS <= seconds:
        return latents_of(samples, analysis=analysis, n_draws=N_DRAWS), _from_draws(N_DRAWS)
    note = "At the maximum of the likelihood, without errors: autolens fit computes these, and result.latents does."
    if seconds <= 0.0 or not {"einstein_radius", "einstein_mass"} <= set(at_maximum.names):
        return at_maximum, note
    radius = _einstein_radius_within(samples, analysis, seconds)
    if radius is None:
        return at_maximum, note
    known = {latent.name: latent for latent in at_maximum} | {"einstein_radius": radius}
    known["einstein_mass"] = _mass_with_errors_of(known["einstein_mass"], radius)
    return LatentTable(list(known.values())), f"{note} That of the Einstein radius is from {radius.draws} draws."


def _from_draws(draws: int) -> str:
    return f"Errors from {draws} draws of the posterior."


def _timed(function: Callable[[Any], Any], argument: Any) -> tuple[Any, float]:
    """What a function returns, and how many seconds it took."""
    begin = time.perf_counter()
    return function(argument), time.perf_counter() - begin


def _bare(name: str, value: Any, units: Mapping[str, str]) -> Latent:
    unit = units.get(name, units.get(name.rpartition(".")[2], ""))
    return Latent(name, float(value), np.nan, np.nan, np.nan, unit)


def _einstein_radius_within(samples: Any, analysis: Any, seconds: float) -> Latent | None:
    """``None`` where :data:`N_DRAWS` draws take longer."""
    extent = float(np.abs(analysis.dataset.mask.grid_slim).max())

    def radius(instance: Any) -> float:
        return float(einstein_latents_from(analysis.tracer_from(instance), extent=extent)["einstein_radius"])

    if _timed(radius, samples.max_log_likelihood_instance)[1] * N_DRAWS > seconds:
        return None
    functions = {"einstein_radius": (radius, "arcsec")}
    return latents_of(samples, analysis=analysis, functions=functions, n_draws=N_DRAWS)["einstein_radius"]


def _mass_with_errors_of(mass: Latent, radius: Latent) -> Latent:
    """The mass inside the Einstein radius goes as its square."""
    low, high = radius.median - radius.lower_error, radius.median + radius.upper_error
    scale = mass.maximum / radius.maximum**2
    median = scale * radius.median**2
    return replace(
        mass,
        median=median,
        lower_error=median - scale * low**2,
        upper_error=scale * high**2 - median,
        draws=radius.draws,
    )
