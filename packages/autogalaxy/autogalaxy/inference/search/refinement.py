"""The end of a search: is the best fit computed finely enough, and if not, the search goes on where it is."""

from __future__ import annotations

from typing import Any

from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.progress import Progress

MAX_REFINEMENTS = 2
_COUNTED = ("jacobians", "evaluations", "seconds", "compile_seconds")
_OF_THE_LAST = (
    "log_likelihood",
    "chi_squared",
    "converged",
    "interrupted",
    "fisher_condition_number",
    "flat_directions",
    "parameters_at_limits",
    "optima",
)


def refined(
    search: Any, model: AbstractModel, analysis: Analysis, samples: Samples, progress: Progress
) -> tuple[Samples, Analysis]:
    """The samples and the analysis they belong to, finer ones where a check of the best fit fails.

    How the check went is in ``search.info["over_sampling"]``. An interruption keeps what there is.
    """
    try:
        for number in range(MAX_REFINEMENTS + 1):
            check = analysis.over_sampling_check_from(samples.max_log_likelihood_instance)
            if check is None:
                break
            search.info["over_sampling"] = {**check, "refinements": number}
            follow = search.continued_from(samples.max_log_likelihood_vector)
            if check["holds"] or number == MAX_REFINEMENTS or follow is None or search.info.get("interrupted"):
                progress.line(f"over-sampling: {check['summary']}")
                break
            progress.line(_going_on(check))
            finer = analysis.refined_for(samples.max_log_likelihood_instance)
            follow.checkpoint = search.checkpoint.part(f"refinement_{number}")
            further, info = follow._search(model, finer, progress)
            samples, analysis = further, finer
            search.info = _joined(search.info, info)
    except KeyboardInterrupt:
        search.info["interrupted"] = True
    return samples, analysis


def _going_on(check: dict[str, Any]) -> str:
    """What is said where sub-pixels become finer, which is no fault."""
    change = check.get("delta_log_likelihood")
    told = "" if change is None else f" (twice as many change ln L by {change:.2f})"
    return f"sub-pixels are refined for the best fit{told}, the fit goes on from there"


def check_the_end(search: Any, model: AbstractModel, analysis: Analysis, samples: Samples, progress: Progress) -> None:
    """Measure again at the best fit what was checked before the search; whoever interrupted it does not wait."""
    if search.info.get("interrupted"):
        return
    try:
        for name, check in analysis.checks_after_search(model, samples.max_log_likelihood_vector).items():
            progress.line(f"{name}: {check['summary']}")
            search.info[name] = {**search.info.get(name, {}), **check}
    except KeyboardInterrupt:
        search.info["interrupted"] = True


def _joined(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """How the search went in all: counts and times of both runs, and where the second one ended."""
    counts = {key: first[key] + second[key] for key in _COUNTED if key in first and key in second}
    joined = {**first, **counts, **{key: second[key] for key in _OF_THE_LAST if key in second}}
    if first.get("optima") and second.get("optima"):
        joined["optima"] = [*second["optima"], *_others(first["optima"], second["optima"][0])]
    return joined


def _others(optima: list[dict[str, Any]], best: dict[str, Any]) -> list[dict[str, Any]]:
    """The other optima that a search on coarser sub-pixels found, as far below ``best`` as they were below its own."""
    difference = best["log_likelihood"] - optima[0]["log_likelihood"]
    return [{**optimum, "log_likelihood": optimum["log_likelihood"] + difference} for optimum in optima[1:]]
