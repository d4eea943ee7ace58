"""Priors in a file: ``{ prior = "gaussian", mean = 0.0, sigma = 0.1 }``."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from autoarray import exc
from autoarray.parameter import (
    GaussianPrior,
    LogGaussianPrior,
    LogUniformPrior,
    Prior,
    TruncatedGaussianPrior,
    UniformPrior,
)
from autolens.description.document import Place, Table, shown
from autolens.description.registry import nearest

PRIORS: dict[str, type[Prior]] = {
    "uniform": UniformPrior,
    "log_uniform": LogUniformPrior,
    "gaussian": GaussianPrior,
    "truncated_gaussian": TruncatedGaussianPrior,
    "log_gaussian": LogGaussianPrior,
}
EXAMPLES = {
    "uniform": '{ prior = "uniform", lower = 0.5, upper = 3.0 }',
    "log_uniform": '{ prior = "log_uniform", lower = 0.01, upper = 10.0 }',
    "gaussian": '{ prior = "gaussian", mean = 0.0, sigma = 0.1 }',
    "truncated_gaussian": '{ prior = "truncated_gaussian", mean = 2.0, sigma = 0.2, lower = 1.5, upper = 2.5 }',
    "log_gaussian": '{ prior = "log_gaussian", mean = 0.0, sigma = 0.5 }',
}
_NAMES = {"lower_limit": "lower", "upper_limit": "upper"}


def prior_from(content: dict[str, Any], place: Place) -> Prior:
    """The prior of one number."""
    table = Table(content, place)
    kind = table.get("prior")
    if kind not in PRIORS:
        raise place.error(f"has the prior {shown(kind)}: {nearest(str(kind), list(PRIORS))}")
    keys = {_NAMES.get(f.name, f.name): f for f in dataclasses.fields(PRIORS[kind])}  # type: ignore[arg-type]
    table.only(["prior", *keys])
    given = {}
    for key, field in keys.items():
        if key in table:
            given[field.name] = number_from(table.get(key), place.at(key))
        elif kind != "truncated_gaussian" or key in ("mean", "sigma"):
            raise place.error(f"is a {kind} prior without {key}, wanted {EXAMPLES[kind]}.")
    try:
        return PRIORS[kind](**given)
    except exc.PriorException:
        wanted = "limits that rise and a sigma above zero" if "sigma" in keys else "limits that rise"
        said = ", ".join(f"{key} = {table.get(key)}" for key in keys if key in table)
        raise place.error(f"is a {kind} prior with {said}, wanted {wanted}: {EXAMPLES[kind]}.") from None


def pair_of_priors_from(content: dict[str, Any], length: int, place: Place) -> tuple[Prior, ...]:
    """A prior for each component: numbers are those of all components, lists have one for each."""
    for key, value in content.items():
        if isinstance(value, list) and len(value) != length:
            raise place.at(key).error(f"has {len(value)} numbers, wanted one, or {length} of them.")
    parts = [{k: v[i] if isinstance(v, list) else v for k, v in content.items()} for i in range(length)]
    return tuple(prior_from(part, place) for part in parts)


def number_from(value: Any, place: Place) -> float:
    """A number; ``inf`` stands for no limit."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or (isinstance(value, float) and math.isnan(value))
    ):
        raise place.error(f"is {shown(value)}, wanted a number.")
    try:
        return float(value)
    except OverflowError:
        raise place.error(f"is {shown(value)}, wanted a number that is not as large.") from None


def text_of(*priors: Prior) -> str:
    """A prior as it stands in a file, or priors of one kind for each component of a parameter."""
    kind = next(name for name, cls in PRIORS.items() if type(priors[0]) is cls)
    said = [f'prior = "{kind}"']
    for field in dataclasses.fields(priors[0]):  # type: ignore[arg-type]
        texts = [number_text(getattr(prior, field.name)) for prior in priors]
        number = texts[0] if len(set(texts)) == 1 else f"[{', '.join(texts)}]"
        said.append(f"{_NAMES.get(field.name, field.name)} = {number}")
    return "{ " + ", ".join(said) + " }"


def number_text(value: float) -> str:
    """A number that reads back to the last digit."""
    return repr(float(value))
