"""The table that ``model.info`` prints."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from autoarray.parameter import Prior
from autoarray.prior_arithmetic import Expression, text_of
from autogalaxy.inference.abstract_model import AbstractModel, Entry
from autogalaxy.inference.model import Model
from autogalaxy.inference.tuple_parameter import TupleParameter


def info_from(model: AbstractModel) -> str:
    """One line a parameter, in blocks: path, number in the vector, prior or value, unit; then what is asserted."""
    number_of = {id(prior): i for i, prior in enumerate(model.priors)}
    names = names_of(model)
    groups = [(title, [_row(entry, number_of, names) for entry in entries]) for title, entries in _groups(model)]
    only_inside = [e for e in model.free_entries if e.path.rpartition(".")[2].startswith("prior_")]
    if only_inside:
        groups.append(("priors of expressions", [_row(entry, number_of, names) for entry in only_inside]))
    head = ("parameter", "#", "prior or value", "unit")
    rows = [head, *(row for _, group in groups for row in group)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    text = {id(row): "  ".join(t.ljust(w) for t, w in zip(row, widths, strict=True)).rstrip() for row in rows}
    lines = [text[id(head)], "-" * max(map(len, text.values()))]
    for title, group in groups:
        lines += ["", *([title] if title else []), *(text[id(row)] for row in group)]
    if model.assertions:
        lines += ["", *(f"asserted: {a.text(lambda prior: names.get(id(prior), '?'))}" for a in model.assertions)]
    return "\n".join([f"Total free parameters: {model.prior_count}", "", *lines])


def names_of(model: AbstractModel) -> dict[int, str]:
    """The path of each free parameter by ``id`` of its prior."""
    return {id(prior): path for path, prior in zip(model.paths, model.priors, strict=True)}


def _groups(model: AbstractModel, path: str = "") -> Iterator[tuple[str, list[Entry]]]:
    """The entries of each component under its path and class; leaves of a model before the models in it."""
    leaves: list[Entry] = []
    for name, item in model.items():
        if isinstance(item, TupleParameter):
            leaves += [Entry(f"{path}{name}.{key}", value, model._declared(name)) for key, value in item.items()]
        elif not isinstance(item, AbstractModel):
            leaves.append(Entry(f"{path}{name}", item, model._declared(name)))
    if leaves:
        kind = f"({model.cls.__name__})" if isinstance(model, Model) else ""
        yield f"{path.rstrip('.')} {kind}".strip(), leaves
    for name, item in model.items():
        if isinstance(item, AbstractModel):
            yield from _groups(item, f"{path}{name}.")


def _row(entry: Entry, number_of: dict[int, int], names: dict[int, str]) -> tuple[str, str, str, str]:
    unit = entry.declared.unit if entry.declared else ""
    if isinstance(entry.value, Expression):
        return entry.path, "", text_of(entry.value, lambda prior: names.get(id(prior), "?")), unit
    if isinstance(entry.value, Prior):
        shared = names[id(entry.value)]
        text = prior_text(entry.value) if shared == entry.path else f"{shared} (shared)"
        return entry.path, str(number_of[id(entry.value)]), text, unit
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
