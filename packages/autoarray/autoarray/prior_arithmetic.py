"""Arithmetic with the parameters of a model: expressions of priors and numbers, and comparisons to be asserted.

``2 * prior`` is no new free parameter: it is written down, and evaluated wherever the prior has a value.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autoarray import exc

LARGEST_EXPRESSION = 200
"""Operations in one expression; every one of them is compiled wherever it is used."""

OPERATORS: dict[str, tuple[Callable[..., Any], int, int]] = {
    "+": (operator.add, 2, 1),
    "-": (operator.sub, 2, 1),
    "*": (operator.mul, 2, 2),
    "/": (operator.truediv, 2, 2),
    "neg": (operator.neg, 1, 3),
    "**": (operator.pow, 2, 4),
    "abs": (abs, 1, 5),
}
"""Function, number of operands and precedence of each operator, by the name it has in a file."""

_BRACES = {"+": (1, 1), "-": (1, 2), "*": (2, 2), "/": (2, 3), "neg": (3,), "**": (5, 3), "abs": (0,)}
"""The precedence below which an operand is written in brackets."""
_NUMPY = (np.ndarray, np.generic, float, int)
"""What NumPy computes with; anything else is traced by JAX."""


class Operand:
    """What has a value at every point of a parameter space: a prior, or an expression of priors."""

    __array_ufunc__ = None  # a NumPy number on the left leaves the operation to us

    def __add__(self, other: Any) -> Operand:
        return Expression("+", (self, other))

    def __radd__(self, other: Any) -> Operand:
        is_start_of_a_sum = isinstance(other, int) and other == 0
        return self if is_start_of_a_sum else Expression("+", (other, self))

    def __sub__(self, other: Any) -> Operand:
        return Expression("-", (self, other))

    def __rsub__(self, other: Any) -> Operand:
        return Expression("-", (other, self))

    def __mul__(self, other: Any) -> Operand:
        return Expression("*", (self, other))

    def __rmul__(self, other: Any) -> Operand:
        return Expression("*", (other, self))

    def __truediv__(self, other: Any) -> Operand:
        return Expression("/", (self, other))

    def __rtruediv__(self, other: Any) -> Operand:
        return Expression("/", (other, self))

    def __pow__(self, other: Any) -> Operand:
        return Expression("**", (self, other))

    def __rpow__(self, other: Any) -> Operand:
        return Expression("**", (other, self))

    def __neg__(self) -> Operand:
        return Expression("neg", (self,))

    def __pos__(self) -> Operand:
        return self

    def __abs__(self) -> Operand:
        return Expression("abs", (self,))

    def __lt__(self, other: Any) -> PriorOrder:
        return PriorOrder(lower=self, upper=other)

    def __gt__(self, other: Any) -> PriorOrder:
        return PriorOrder(lower=other, upper=self)

    def __le__(self, other: Any) -> PriorOrder:
        return PriorOrder(lower=self, upper=other, strict=False)

    def __ge__(self, other: Any) -> PriorOrder:
        return PriorOrder(lower=other, upper=self, strict=False)


@dataclass(frozen=True, eq=False)
class Expression(Operand):
    """An operation on priors, expressions and numbers; the same object in two fields has the same value in both."""

    operator: str
    operands: tuple[Any, ...]

    def __post_init__(self) -> None:
        count = OPERATORS[self.operator][1] if isinstance(self.operator, str) and self.operator in OPERATORS else None
        if count is None:
            raise exc.ModelException(
                f"an expression got {exc.shown(self.operator)}, but wants one of {', '.join(OPERATORS)}."
            )
        if len(self.operands) != count:
            raise exc.ModelException(
                f"{exc.shown(self.operator)} got {len(self.operands)} operands, but wants {count}."
            )
        object.__setattr__(self, "operands", tuple(_checked(operand) for operand in self.operands))
        if self.size > LARGEST_EXPRESSION:
            raise exc.ModelException(
                f"an expression of priors got {self.size} operations, but wants at most {LARGEST_EXPRESSION}: write a "
                "class with the formula, whose arguments are the priors: Model(MyProfile, ...)."
            )

    @property
    def size(self) -> int:
        """How many operations it takes."""
        return 1 + sum(operand.size for operand in self.operands if isinstance(operand, Expression))

    @property
    def median(self) -> float:
        """The value at the medians of the priors, which is the median where it rises with a single one."""
        return float(value_of(self, {id(prior): prior.median for prior in priors_of(self)}))

    @property
    def can_be_infinite(self) -> bool:
        """Whether finite priors may have no finite value: a division, or a power that is not a whole number."""
        own = self.operator == "/" or (self.operator == "**" and not _is_whole(self.operands[1]))
        return own or any(o.can_be_infinite for o in self.operands if isinstance(o, Expression))

    def __repr__(self) -> str:
        return f"Expression({text_of(self, lambda prior: repr(prior))})"


@dataclass(frozen=True, eq=False)
class PriorOrder:
    """What ``a < b`` means of priors: the value of ``lower`` is below that of ``upper``; either may be a number."""

    lower: Any
    upper: Any
    strict: bool = True
    """False where both may be equal (``a <= b``)."""
    name: str | None = None

    def __post_init__(self) -> None:
        for side in ("lower", "upper"):
            object.__setattr__(self, side, _checked(getattr(self, side)))

    @property
    def priors(self) -> list[Any]:
        """The priors it is about, each once."""
        return priors_of(self.lower, self.upper)

    def holds(self, values: dict[int, Any]) -> Any:
        """Whether it is so at the ``values`` of its priors, see :func:`value_of`; not where a side is NaN."""
        lower, upper = (value_of(side, values) for side in (self.lower, self.upper))
        return lower < upper if self.strict else lower <= upper

    def text(self, name_of: Callable[[Any], str]) -> str:
        """``lens.mass.x < 2 * lens.bulge.x``, after its name if it has one."""
        lower, upper = (text_of(side, name_of) for side in (self.lower, self.upper))
        relation = f"{lower} {'<' if self.strict else '<='} {upper}"
        return relation if self.name is None else f"{self.name}: {relation}"

    def __bool__(self) -> bool:
        raise exc.PriorException(
            "A comparison of priors is neither true nor false, but wants to be asserted of a model: "
            "model.add_assertion(model.a.x < model.b.x). Of a chain a < b < c, which is two comparisons, assert one "
            "after the other: model.add_assertion(a < b), model.add_assertion(b < c)."
        )


def _is_whole(value: Any) -> bool:
    return isinstance(value, float | int) and float(value).is_integer() and value >= 0


def _checked(operand: Any) -> Any:
    """A prior or an expression as it is, anything else as a finite float, or our error."""
    if isinstance(operand, Operand):
        return operand
    try:
        is_number = not isinstance(operand, str | bool | np.bool_) and getattr(operand, "shape", ()) == ()
        number = float(operand) if is_number else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise exc.ModelException(
            f"arithmetic with a prior got {exc.shown(operand)}, but wants a finite number, a prior or an "
            f"expression of priors: "
            "model.b.x = 2.0 * model.a.x + 0.1. Of a centre take one component: model.a.centre.centre_0."
        )
    return number


def priors_of(*items: Any) -> list[Any]:
    """Every prior in priors and expressions, each once, in the order they are written."""
    found: dict[int, Any] = {}
    for item in items:
        if isinstance(item, Expression):
            found.update({id(prior): prior for prior in priors_of(*item.operands) if id(prior) not in found})
        elif isinstance(item, Operand):
            found.setdefault(id(item), item)
    return list(found.values())


def value_of(item: Any, values: dict[int, Any]) -> Any:
    """The value of a prior, an expression or a number where priors have ``values``, by ``id``.

    Values may be arrays of one shape, of NumPy or of JAX, which they stay. What is found for an expression is kept in
    ``values``, for its other places.
    """
    if not isinstance(item, Operand):
        return item
    if isinstance(item, Expression) and id(item) not in values:
        operands = [value_of(operand, values) for operand in item.operands]
        values[id(item)] = _applied(item.operator, operands)
    return values[id(item)]


def _applied(name: str, operands: list[Any]) -> Any:
    """One operation; what has no real value is NaN or infinite on either backend."""
    if name == "**" and isinstance(operands[1], float) and operands[1].is_integer():
        operands[1] = int(operands[1])  # a product, whose derivative is finite everywhere
    function = OPERATORS[name][0]
    if not all(isinstance(operand, _NUMPY) for operand in operands):
        return function(*operands)
    with np.errstate(all="ignore"):
        result = function(np.asarray(operands[0], dtype=float), *operands[1:])
    return float(result) if np.ndim(result) == 0 else result


def text_of(item: Any, name_of: Callable[[Any], str]) -> str:
    """An expression as it is written in Python, with the names of its priors."""
    if not isinstance(item, Expression):
        return name_of(item) if isinstance(item, Operand) else f"{item:g}"
    parts = []
    for operand, least in zip(item.operands, _BRACES[item.operator], strict=True):
        text = text_of(operand, name_of)
        binds = OPERATORS[operand.operator][2] if isinstance(operand, Expression) else 6
        is_negative = not isinstance(operand, Operand) and operand < 0.0
        parts.append(f"({text})" if binds < least or (is_negative and least > 1) else text)
    if item.operator == "abs":
        return f"abs({parts[0]})"
    return f"-{parts[0]}" if item.operator == "neg" else f" {item.operator} ".join(parts)
