"""Checks of the parameters and keywords of profiles; only values that can be looked at are checked."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.concrete import number_from
from autoarray.prior_arithmetic import Operand
from autoarray.type import Namespace


@dataclass(frozen=True)
class Domain:
    """The values a parameter may have: above ``lower`` (or equal to it where ``closed``) and below ``upper``."""

    lower: float = -math.inf
    upper: float = math.inf
    closed: bool = False

    def contains(self, value: Any, xp: Namespace = np) -> Any:
        """Whether ``value`` is inside, as a boolean of the backend."""
        above = value >= self.lower if self.closed else value > self.lower
        return xp.logical_and(above, value < self.upper)

    def __str__(self) -> str:
        text = (
            [f"of at least {self.lower:g}" if self.closed else f"above {self.lower:g}"]
            if self.lower > -math.inf
            else []
        )
        text += [f"below {self.upper:g}"] if self.upper < math.inf else []
        return "a finite number " + " and ".join(text)


LARGEST = 1e120
"""What is larger overflows where it is squared; nothing that is observed is."""
POSITIVE = Domain(lower=0.0)
NOT_NEGATIVE = Domain(lower=0.0, closed=True)


def checked_number(owner: str, name: str, value: Any, domain: Domain | None, good: Any = None) -> Any:
    """``value`` as a float; tracers and arrays of JAX come back as they are.

    ``good`` is a value that would do, for the call that an error shows.
    """
    if isinstance(value, Operand):
        raise exc.ProfileException(
            f"{owner} got a prior for {name}, wanted a number: Model({owner}, {name}={exc.shown(value)})."
        )
    if is_traced(value):
        return value
    number = number_from(value)
    if math.isfinite(number) and abs(number) > LARGEST:
        raise exc.ProfileException(
            f"{owner} got {name}={exc.shown(value)}, wanted at most {LARGEST:g}, beyond which formulas overflow: "
            f"{owner}({name}={1.0 if good is None else good!r})."
        )
    if not math.isfinite(number) or (domain is not None and not domain.contains(number)):
        wanted = domain if domain is not None else "a finite number"
        mend = f"see help({owner})" if good is None else f"{owner}({name}={good!r})"
        raise exc.ProfileException(f"{owner} got {name}={exc.shown(value)}, wanted {wanted}: {mend}.")
    return value if getattr(value, "dtype", np.dtype(int)).kind == "f" else number


def checked_pair(owner: str, name: str, value: Any) -> tuple[Any, Any]:
    """``value`` as a tuple of two numbers."""
    if getattr(value, "shape", None) == (2,) or (isinstance(value, tuple | list) and len(value) == 2):
        return checked_number(owner, name, value[0], None), checked_number(owner, name, value[1], None)
    raise exc.ProfileException(
        f"{owner} got {name}={exc.shown(value)}, wanted a pair of numbers: {owner}({name}=(0.0, 0.0))."
    )


def check_arguments(cls: type, positional: int, keywords: Iterable[str]) -> None:
    """Raise where ``cls(...)`` was given a keyword it does not have, one twice, or too many values."""
    names = [f.name for f in dataclasses.fields(cls) if f.init] if dataclasses.is_dataclass(cls) else []
    if positional > len(names):
        raise exc.ProfileException(
            f"{cls.__name__} got {positional} values, wanted at most {len(names)}: {', '.join(names)}."
        )
    for keyword in keywords:
        if keyword not in names:
            raise exc.ProfileException(
                f"{cls.__name__} got the keyword {exc.shown(keyword)}, wanted one of "
                f"{', '.join(names)}{_near(keyword, names)}"
            )
        if keyword in names[:positional]:
            raise exc.ProfileException(
                f"{cls.__name__} got {exc.shown(keyword)} twice, by position and by keyword: give it once."
            )


def reject_keywords(method: str, keywords: dict[str, Any]) -> None:
    """Raise where a method of a grid was given keywords that it does not know."""
    for keyword in keywords:
        names = ["grid", "xp", "operated_only", "binned"]
        raise exc.ProfileException(
            f"{method} got the keyword {exc.shown(keyword)}, wanted grid and xp{_near(keyword, names)}"
        )


def _near(word: str, names: list[str]) -> str:
    match = difflib.get_close_matches(word, names, n=1)
    return f". Did you mean {match[0]}?" if match else "."
