"""What is said when no draw from the priors has a likelihood."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.instance import REFUSALS
from autogalaxy.inference.model import AbstractModel

MAX_DRAWS = 1000
"""Draws after which a search without one finite likelihood stops."""

_TRIED = 20


def no_finite_draw(
    model: AbstractModel, analysis: Analysis, vectors: np.ndarray, error: Exception | None = None
) -> exc.SearchException:
    """The error for ``vectors``, ``(n, p)``, none of which has a finite likelihood, naming what is to blame.

    ``error`` is the last one that a likelihood raised.
    """
    if not np.any(model.assertions_hold(vectors)):
        return none_as_asserted(model, vectors)
    if error is not None:
        return exc.SearchException(
            f"The search got a finite likelihood for none of {len(vectors)} draws from the priors; the last one "
            f"raised {type(error).__name__}: {error}. Look at one draw: "
            "analysis.log_likelihood_function(model.instance_from_prior_medians())."
        )
    unphysical, raised = _reasons(model, analysis, vectors[:_TRIED])
    if raised:
        why = f"the model raises: {raised}"
    elif unphysical:
        why = f"parameters are outside the domain of their profile: {', '.join(unphysical)}"
    else:
        ranges = [f"{path} ({low:.4g} to {high:.4g})" for path, low, high in _ranges(model, vectors)]
        why = (
            "the likelihood is NaN or infinite although every profile accepts its parameters. "
            f"Look for NaN in the data and for priors that are too wide: {', '.join(ranges)}"
        )
    return exc.SearchException(
        f"The search got a finite likelihood for none of {len(vectors)} draws from the priors; {why}. "
        "Change the priors, e.g. model.galaxies.lens.mass.einstein_radius = aa.UniformPrior(0.1, 3.0), and look at "
        "one draw: analysis.log_likelihood_function(model.instance_from_prior_medians())."
    )


def raised_line(raised: int, evaluations: int, error: Exception | None) -> str:
    """How many likelihoods raised, and what the last one said."""
    why = "" if error is None else f", the last one {type(error).__name__}: {error}"
    return f"{raised} of {evaluations} likelihoods raised{why}"


def none_as_asserted(model: AbstractModel, vectors: np.ndarray) -> exc.SearchException:
    """The error for ``vectors``, ``(n, p)``, too few of which are as the model asserts, naming what is to blame."""
    vectors = np.atleast_2d(np.asarray(vectors, dtype=float))
    names = dict(zip(map(id, model.priors), model.paths, strict=True))
    counted = []
    for assertion, hold in zip(model.assertions, model.assertions_each(vectors), strict=True):
        count = int(np.sum(np.broadcast_to(hold, len(vectors))))
        counted.append((count, f"{assertion.text(lambda prior: names.get(id(prior), '?'))} (holds for {count})"))
    never = [text for count, text in counted if count == 0]
    blamed = never or [text for _, text in counted]
    if not counted:
        blamed = ["a quotient or root of priors has no finite value"]
    count = int(np.sum(model.assertions_hold(vectors)))
    return exc.SearchException(
        f"{f'Only {count}' if count else 'None'} of {len(vectors)} draws from the priors fulfil the assertions of the "
        f"model: {'; '.join(blamed)}. Choose priors that overlap in the asserted order, see model.info."
    )


def _ranges(model: AbstractModel, vectors: np.ndarray) -> list[tuple[str, float, float]]:
    return list(zip(model.paths, np.min(vectors, axis=0), np.max(vectors, axis=0), strict=True))


def _reasons(model: AbstractModel, analysis: Analysis, vectors: np.ndarray) -> tuple[list[str], str]:
    """Paths of parameters inside objects that are not physical in any draw, and the first error raised."""
    fitness = Fitness(model, analysis)
    blamed: set[str] | None = None
    raised = ""
    for vector in vectors:
        try:
            instance = model.instance_from_vector(vector)
            allowed = bool(fitness.is_allowed(vector, instance))
        except REFUSALS as error:
            raised = raised or str(error)
            continue
        here = set() if allowed else _unphysical_paths(model, analysis, instance)
        blamed = here if blamed is None else blamed & here
    if blamed is None:
        return [], raised
    return [path for path in model.paths if path in blamed], ""


def _unphysical_paths(model: AbstractModel, analysis: Analysis, instance: object) -> set[str]:
    blamed = set()
    for path in model.paths:
        owner = instance
        for name in path.split(".")[:-1]:
            try:
                inner = getattr(owner, name)
            except AttributeError:
                break
            if not isinstance(inner, InstancePytree):
                break
            owner = inner
        physical = getattr(owner, "is_physical", None)
        if physical is None or not bool(physical(xp=analysis._xp)):
            blamed.add(path)
    return blamed
