"""The table that ``model.info`` prints."""

from __future__ import annotations

import dataclasses
from typing import Any

from autoarray.parameter import Prior
from autogalaxy.inference.model import AbstractModel, Entry


def info_from(model: AbstractModel) -> str:
    """One line a parameter: path, number in the vector, prior or value, unit."""
    number_of = {id(prior): i for i, prior in enumerate(model.priors)}
    rows = [("parameter", "#", "prior or value", "unit")]
    rows += [_row(entry, number_of) for entry in model.entries()]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "-" * max(len(line) for line in lines))
    for assertion in model.assertions:
        lines.append(f"asserted: {_side(assertion.lower, number_of)} < {_side(assertion.upper, number_of)}")
    return "\n".join([f"Total free parameters: {model.prior_count}", "", *lines])


def _row(entry: Entry, number_of: dict[int, int]) -> tuple[str, str, str, str]:
    unit = entry.declared.unit if entry.declared else ""
    if isinstance(entry.value, Prior):
        return entry.path, str(number_of[id(entry.value)]), prior_text(entry.value), unit
    return entry.path, "", _value_text(entry.value), unit


def prior_text(prior: Prior) -> str:
    """``UniformPrior(0 to 2)`` and the like."""
    values = {f.name: getattr(prior, f.name) for f in dataclasses.fields(prior)}  # type: ignore[arg-type]
    parts = [f"{values['mean']:g} +- {values['sigma']:g}"] if "mean" in values else []
    if "lower_limit" in values:
        parts.append(f"{values['lower_limit']:g} to {values['upper_limit']:g}")
    return f"{type(prior).__name__}({', '.join(parts)})"


def _value_text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if isinstance(value, int | str | tuple | None) else f"{value!r} (fixed)"


def _side(side: Prior | float, number_of: dict[int, int]) -> str:
    return f"parameter {number_of.get(id(side), '?')}" if isinstance(side, Prior) else f"{side:g}"
