"""Parameters of several components, and the names a model knows."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator
from typing import Any

from autoarray import exc
from autoarray.concrete import number_from
from autoarray.prior_arithmetic import Expression, Operand, priors_of, value_of


class UnknownNameException(exc.ModelException, AttributeError):
    """A name that the model does not have; an ``AttributeError`` too, so that ``hasattr`` works."""


class TupleParameter:
    """A parameter of several components, reached as ``centre.centre_0``; each is a prior, an expression or a number."""

    def __init__(self, name: str, items: tuple | list) -> None:
        object.__setattr__(self, "_items", {f"{name}_{i}": item for i, item in enumerate(items)})
        for key, item in self._items.items():
            setattr(self, key, item)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._items:
            raise unknown_name(name, "a tuple parameter", list(self._items))
        return self._items[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._items:
            raise unknown_name(name, "a tuple parameter", list(self._items))
        self._items[name] = number_or_prior(name, value)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items.values())

    def __getitem__(self, index: int) -> Any:
        return list(self._items.values())[index]

    def __len__(self) -> int:
        return len(self._items)

    def items(self) -> list[tuple[str, Any]]:
        return list(self._items.items())

    def fold_constants(self) -> None:
        """Numbers in place of expressions without a prior."""
        for key, item in self._items.items():
            self._items[key] = folded(item)


def folded(item: Any) -> Any:
    """The number that an expression without priors is, anything else as it is."""
    return value_of(item, {}) if isinstance(item, Expression) and not priors_of(item) else item


def number_or_prior(name: str, value: Any) -> Any:
    value = folded(value)
    if isinstance(value, Operand):
        return value
    number = number_from(value)
    if not math.isfinite(number):
        raise exc.ModelException(
            f"The parameter {name} got {exc.shown(value)}, but wants a number or a prior: "
            f"model.{name} = aa.UniformPrior(lower_limit=0.0, upper_limit=1.0)."
        )
    return number


def tuple_from(name: str, value: Any, length: int, title: str) -> TupleParameter:
    is_several = isinstance(value, TupleParameter | tuple | list) or getattr(value, "ndim", 0) == 1
    if not is_several or len(value) != length:
        numbers = ", ".join(["0.0"] * length)
        raise exc.ModelException(
            f"{title} got {name}={exc.shown(value)}, but wants {length} numbers or priors: model.{name} = ({numbers}), "
            f"or one of them by name: model.{name}.{name}_0 = ..."
        )
    return TupleParameter(name, tuple(value))


def unknown_name(name: str, title: str, known: list[str]) -> UnknownNameException:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"It has {', '.join(known) or 'nothing yet'}."
    return UnknownNameException(f"{title} has no {exc.shown(name)}. {hint}")
