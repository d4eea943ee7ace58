"""How the search went, in a sentence and in tables, and how to run it again."""

from __future__ import annotations

import keyword
import math
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autolens.html_report.numbers import number_or_none, plain_from, seconds_from
from autolens.html_report.opened import OpenedFit
from autolens.html_report.read import list_from, mapping_from

HOLDS = {
    "model.json": "the model with its priors",
    "samples.npz": "every sample, as arrays",
    "samples.csv": "every sample, as a table",
    "dataset.npz": "the data as they were fitted",
    "analysis.json": "how they were fitted",
    "fit.fits": "data, model, residuals, light of the lens and of the source",
}
_FACTS = (
    ("jacobians", "Jacobians"),
    ("starts_followed", "starts followed"),
    ("starts_agreeing", "starts that agree"),
    ("log_likelihood", "ln likelihood at the maximum"),
    ("log_evidence", "ln evidence"),
    ("log_evidence_error", "its error"),
    ("fisher_condition_number", "condition of the Fisher matrix"),
)
_SAMPLING = (
    ("evaluations", "likelihood evaluations"),
    ("pareto_k", "Pareto k of the weights"),
    ("efficiency", "efficiency of the sampling"),
    ("draws", "draws"),
    ("modes", "modes"),
    ("laplace_log_evidence", "ln evidence of the Gaussian"),
)
_TIMES = (
    ("total_seconds", "time in all"),
    ("maximum_seconds", "time for the maximum"),
    ("compile_seconds", "time to compile"),
)
_SEARCHES = ("Auto", "Nautilus", "DynestyStatic", "DynestyDynamic", "Emcee", "NUTS", "SMC", "LevenbergMarquardt")


_STAGES = {
    "lens light": "the image, few sub-pixels; arcs count little",
    "mass and source": "the image less the lens light, few sub-pixels",
    "lens light anew": "the image less the lensed light",
    "all": "the image",
    "final": "the image, sub-pixels made finer if need be",
}
"""What the likelihood of a stage is of, by which it cannot be compared with another."""


def sentence_from(fit: OpenedFit, pixels: int) -> str:
    """What was done and why."""
    search = fit.search
    says = [f"{search.get('search') or 'The search'} fitted {fit.result.samples.model.prior_count} free parameters"]
    if pixels:
        says.append(f" to {pixels} pixels")
    if (seconds := number_or_none(search.get("total_seconds", search.get("seconds")))) is not None:
        says.append(f" in {seconds_from(seconds)}")
    text = "".join(says) + "."
    followed, agreeing = search.get("starts_followed"), search.get("starts_agreeing")
    if isinstance(followed, int) and isinstance(agreeing, int):
        text += f" {agreeing} of {followed} starts that were followed end in the best fit."
    sampling = mapping_from(search.get("sampling"))
    if sampling:
        trusted = "" if sampling.get("accepted") else ", whose samples cannot be trusted"
        text += f" The posterior is by {sampling.get('method')}{trusted}."
        text += "".join(f" Rejected before: {why}." for why in list_from(sampling.get("rejected")))
    elif fit.result.samples.covariance is not None:
        text += " Errors are those of the Gaussian around the maximum, from the Fisher matrix."
    return text


def stages_of(search: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each stage."""
    rows = []
    for stage in list_from(search.get("stages")):
        if not isinstance(stage, Mapping):
            continue
        value = number_or_none(stage.get("log_likelihood"))
        rows.append(
            {
                "stage": str(stage.get("stage", "")),
                "of": _STAGES.get(str(stage.get("stage", "")), "–"),
                "log_likelihood": value,
                "log_likelihood_text": "–" if value is None else f"{value:.2f}".replace("-", "−"),
                "starts": f"{stage.get('starts_agreeing', '–')} of {stage.get('starts_followed', '–')}",
                "jacobians": stage.get("jacobians", "–"),
                "seconds": number_or_none(stage.get("seconds")),
                "compile_seconds": number_or_none(stage.get("compile_seconds")),
            }
        )
    return rows


def facts_of(search: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What else is known of the search."""
    found = []
    if (effective := number_or_none(search.get("effective_samples"))) is not None:
        found.append(("effective samples", f"{effective:.0f}"))
    in_table = {"jacobians", "starts_followed", "starts_agreeing"} if search.get("stages") else set()
    known = [(key, label) for key, label in _FACTS if key not in in_table]
    found += [(label, _exact(search[key])) for key, label in known if search.get(key) is not None]
    sampling = mapping_from(search.get("sampling"))
    found += [(label, plain_from(sampling[key])) for key, label in _SAMPLING if sampling.get(key) is not None]
    command = mapping_from(search.get("command"))
    times = {**search, "compile_seconds": _compile_seconds(search, command)}
    found += [(label, seconds_from(times[key])) for key, label in _TIMES if times.get(key) is not None]
    if "use_jax" in command:
        found.append(("computed with", "JAX" if command["use_jax"] else "NumPy"))
    return found


def _compile_seconds(search: Mapping[str, Any], command: Mapping[str, Any]) -> float | None:
    """Seconds of all programs: as the command counted them, or those of all stages, of which a search has the last."""
    if (counted := number_or_none(command.get("compile_seconds"))) is not None:
        return counted
    stages = [s for s in list_from(search.get("stages")) if isinstance(s, Mapping)]
    known = [n for s in stages if (n := number_or_none(s.get("compile_seconds"))) is not None]
    own = number_or_none(search.get("compile_seconds"))
    return max(sum(known), own or 0.0) if known else own


def lines_of(search: Mapping[str, Any]) -> list[str]:
    """Sentences about sub-pixels and linear light."""
    summary = mapping_from(search.get("over_sampling")).get("summary")
    found = [f"Sub-pixels: {summary}."] if summary else []
    return found + [f"Linear light: {w}" for w in list_from(mapping_from(search.get("linear_light")).get("warnings"))]


def reproduction_of(fit: OpenedFit) -> list[dict[str, str]]:
    """What to type to have this result, and to have it again."""
    folder = fit.folder.resolve().name if fit.folder is not None else "FOLDER"
    blocks = [
        {
            "title": "Read it",
            "code": f"import autolens as al\n\nresult = al.load_result({folder!r})  # the folder of this fit\n"
            "fit = result.max_log_likelihood_fit\nprint(result.verdict)",
        }
    ]
    if search := _search_call_of(fit):
        blocks.append(
            {
                "title": "Search again",
                "code": f"search = al.{search}\nagain = search.fit(result.original_model, result.analysis)\n"
                "print(again.log_likelihood - result.log_likelihood)",
            }
        )
    command = mapping_from(fit.search.get("command"))
    arguments = command.get("arguments")
    if isinstance(arguments, list) and arguments:
        blocks.append({"title": "On the command line", "code": "autolens " + shlex.join(str(a) for a in arguments)})
    elif isinstance(seed := command.get("seed"), int):
        backend = "" if command.get("use_jax", True) else " --no-jax"
        line = f"autolens fit FOLDER_OF_THE_DATA --seed {seed:d}{backend}"
        blocks.append({"title": "On the command line", "code": line})
    versions = mapping_from(fit.summary.get("versions"))
    version = versions.get("autolens-xp")
    if isinstance(version, str) and re.fullmatch("[0-9A-Za-z.+!-]+", version):
        wanted = f"autolens-xp[{'jax,' if 'jax' in versions else ''}plot,report]=={version}"
        blocks.append({"title": "The same software", "code": f"pip install {shlex.quote(wanted)}"})
    return blocks


def _search_call_of(fit: OpenedFit) -> str:
    """The search as a line of Python, where its settings are known and plain; nothing else of a file is in it."""
    settings = dict(mapping_from(getattr(fit.result.identity, "settings", None)))
    name = settings.pop("class", fit.search.get("search"))
    if name not in _SEARCHES:
        return ""
    plain = {key: value for key, value in settings.items() if _is_name(key) and _is_plain(value)}
    given = ", ".join(f"{key}={value!r}" for key, value in {"name": "again", **plain}.items())
    return f"{name}({given})"


def _is_name(key: Any) -> bool:
    return isinstance(key, str) and key.isascii() and key.isidentifier() and not keyword.iskeyword(key)


def _is_plain(value: Any) -> bool:
    """Whether the text of a value is that value in Python: no infinite numbers, and no classes of other people."""
    if isinstance(value, list):
        return all(not isinstance(part, list) and _is_plain(part) for part in value)
    return type(value) in (bool, int, str) or (type(value) is float and math.isfinite(value))


def files_of(fit: OpenedFit) -> list[dict[str, Any]]:
    """The files of the folder with their sizes and hashes."""
    rows = []
    for name, digest in mapping_from(fit.summary.get("files")).items():
        path = (fit.folder or Path()) / Path(str(name)).name
        size = path.stat().st_size if path.is_file() else None
        rows.append(
            {
                "name": str(name),
                "bytes": size if size is not None else "",
                "size": "–" if size is None else f"{size / 1024:.0f} kB",
                "holds": HOLDS.get(str(name), ""),
                "hash": str(digest),
            }
        )
    return rows


def _exact(value: Any) -> str:
    number = number_or_none(value)
    if number is None:
        return "–"
    if abs(number) >= 1e7:
        return plain_from(number)
    if number == int(number) or abs(number) >= 1e5:
        return f"{number:,.0f}".replace(",", " ").replace("-", "−")
    return f"{number:.3f}".replace("-", "−")
