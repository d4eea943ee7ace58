"""The best fit to several datasets from that to the first, where its analysis has a strategy of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autogalaxy.inference.checkpoint import Checkpoint
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.result import Result

if TYPE_CHECKING:
    from autogalaxy.inference.combined import CombinedAnalysis

_OPTIMA = 3
"""Optima of the first dataset that the fit to all of them starts from."""
_COUNTED = ("starts_screened", "starts_followed", "starts_dropped", "starts_agreeing")


def most_likely_from(
    analysis: CombinedAnalysis,
    model: AbstractModel,
    seed: int = 1,
    show_progress: bool = True,
    check_over_sampling: bool = True,
    checkpoint: Checkpoint | None = None,
) -> Result | None:
    """The first dataset alone, what the others have for themselves with the rest held, then everything.

    ``None`` where the analysis of the first dataset has no strategy of its own. How many starts agree is what that of
    the first dataset says.
    """
    from autogalaxy.inference.search.levenberg_marquardt import LevenbergMarquardt

    checkpoint = Checkpoint() if checkpoint is None else checkpoint
    settings: dict[str, Any] = {"seed": seed, "show_progress": show_progress, "check_over_sampling": False}
    parts = analysis.parts_of(model)
    name, first_model, columns = parts[0]
    first = analysis[name].most_likely_from(first_model, **settings, checkpoint=checkpoint.part("first"))
    if first is None:
        return None
    starts: list[np.ndarray] = []
    interrupted = bool(first.search_info["interrupted"])
    for vector in first.samples.parameters[:_OPTIMA]:
        if interrupted and starts:
            break
        start = np.full(model.prior_count, np.nan)
        start[columns] = vector
        for name, own_model, own_columns in parts[1:]:
            settings["checkpoint"] = checkpoint.part(f"{name}_alone_{len(starts)}")
            interrupted |= _fill(start, own_columns, own_model, analysis[name], f"{name} alone", interrupted, settings)
        starts.append(start)
    search = LevenbergMarquardt(
        name="all datasets",
        seed=seed,
        n_screen=0,
        n_starts=len(starts),
        agree=len(starts),
        initial_vectors=np.array(starts),
        show_progress=show_progress,
        check_over_sampling=check_over_sampling,
        max_jacobians=1 if interrupted else 100,
    )
    search.checkpoint = checkpoint.part("all")
    result: Result = search.fit(model, analysis)
    info = result.search_info
    info |= {key: first.search_info[key] for key in _COUNTED if key in first.search_info}
    info["interrupted"] = bool(info["interrupted"] or interrupted)
    return result


def _fill(
    start: np.ndarray, columns: np.ndarray, model: AbstractModel, analysis: Any, name: str, interrupted: bool,
    settings: dict[str, Any],
) -> bool:  # fmt: skip
    """Find the parameters of one dataset that are not known yet, with those that are held, and whether that was
    interrupted; medians where it fails, or where all was ``interrupted`` before.
    """
    from autogalaxy.inference.search.levenberg_marquardt import LevenbergMarquardt

    unknown = np.isnan(start[columns])
    if not np.any(unknown):
        return False
    pairs = zip(model.priors, start[columns], unknown, strict=True)
    held = model.with_priors([prior if is_free else float(value) for prior, value, is_free in pairs])
    start[columns[unknown]] = held.physical_values_from_prior_medians
    if interrupted:
        return False
    settings = dict(settings)
    checkpoint = settings.pop("checkpoint")
    try:
        search = LevenbergMarquardt(name=name, n_starts=4, n_screen=64, agree=2, **settings)
        search.checkpoint = checkpoint
        result = search.fit(held, analysis)
    except KeyboardInterrupt:  # before it had a single likelihood
        return True
    except exc.SearchException:  # as where an assertion on what is held leaves nothing; the joint fit judges
        return False
    start[columns[unknown]] = result.samples.max_log_likelihood_vector
    return bool(result.search_info["interrupted"])
