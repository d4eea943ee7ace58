"""Arguments of public functions, looked at by their type hints before anything is computed from them.

What JAX holds is not looked at: there may be no number yet.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import inspect
import math
import os
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_held_by_jax
from autoarray.concrete import number_from, real_array_from
from autoarray.prior_arithmetic import Operand

_Function = TypeVar("_Function", bound=Callable[..., Any])
_BAD = object()
LARGEST = 1e100
"""What is larger overflows where it is squared."""


def checked(error: type[exc.AutoException]) -> Callable[[_Function], _Function]:
    """A function of which every argument with a plain type hint is looked at; ``error`` names what is wrong.

    Hints that are known: ``float``, ``int``, ``bool``, ``str``, ``PixelScales``, paths, pairs of ``float`` or ``int``,
    and the names of our classes; each may be ``| None``. Numbers arrive as ``float``, ``int`` or ``bool``.
    """

    def decorate(function: _Function) -> _Function:
        parameters = inspect.signature(function).parameters
        names = [p.name for p in parameters.values() if p.kind is not p.VAR_KEYWORD]
        takes_any = len(names) < len(parameters)
        kinds = {n: _kind_of(str(parameters[n].annotation)) for n in names}
        title = function.__qualname__.removesuffix(".__init__")

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if unknown := [name for name in kwargs if name not in kinds and not takes_any]:
                near = difflib.get_close_matches(unknown[0], names, n=1)
                hint = f". Did you mean {near[0]}?" if near else "."
                wanted = ", ".join(name for name in names if name not in ("self", "cls"))
                raise error(f"{title} got the keyword {unknown[0]!r}, wanted some of {wanted}{hint}")
            given = [_looked_at(v, n, kinds[n], title, error) for n, v in zip(names, args, strict=False)]
            kwargs = {n: _looked_at(v, n, kinds.get(n), title, error) for n, v in kwargs.items()}
            return function(*given, *args[len(given) :], **kwargs)

        return wrapper  # type: ignore[return-value]

    return decorate


def check_fields(instance: Any, error: type[exc.AutoException]) -> None:
    """Look at the numbers and switches among the fields of a dataclass, as :func:`checked` does at arguments."""
    title = type(instance).__name__
    for field in dataclasses.fields(instance):
        kind = _kind_of(str(field.type))
        if kind is not None and kind[0] in _KINDS:
            value = _looked_at(getattr(instance, field.name), field.name, kind, title, error)
            object.__setattr__(instance, field.name, value)


def _kind_of(hint: str) -> tuple[str, bool] | None:
    """The hint without ``| None``, and whether it had it; ``None`` where nothing is known about it."""
    plain = hint.removesuffix(" | None").removeprefix("aa.")
    known = plain in _KINDS or plain in _OURS
    return (plain, hint.endswith(" | None")) if known else None


_OURS = {
    *("AbstractModel", "Analysis", "Array2D", "Convolver", "DatasetModel", "Grid2D", "Grid2DIrregular", "Imaging"),
    *("LensingCosmology", "Mask2D", "OverSampler", "Samples", "Settings", "Tracer"),
}


def _looked_at(value: Any, name: str, kind: tuple[str, bool] | None, title: str, error: Any) -> Any:
    """The value as its hint says, or our error."""
    if kind is None or (value is None and kind[1]):
        return value
    hint, _ = kind
    if hint in _OURS:
        if any(cls.__name__ == hint for cls in type(value).__mro__):
            return value
        may = " or None" if kind[1] else ""
        raise error(f"{title} got {name}={exc.shown(value)} of type {type(value).__name__}, wanted a {hint}{may}.")
    read, wanted, example = _KINDS[hint]
    if is_held_by_jax(value):
        return value
    seen = read(value)
    if seen is _BAD:
        may = " or None" if kind[1] else ""
        mend = f"{name}={example}" if example else f"see help({title})"
        raise _ERRORS.get(hint, error)(f"{title} got {name}={exc.shown(value)}, wanted {wanted}{may}: {mend}.")
    return seen


def _float(value: Any) -> Any:
    number = math.nan if isinstance(value, Operand) else number_from(value)
    if not abs(number) <= LARGEST:
        return _BAD
    return value if isinstance(value, np.floating) else number


def _int(value: Any) -> Any:
    number = _float(value)
    return int(value) if number is not _BAD and number == int(number) and abs(number) < 2**62 else _BAD


def _bool(value: Any) -> Any:
    return bool(value) if isinstance(value, bool | np.bool_) else _BAD


def _str(value: Any) -> Any:
    return value if isinstance(value, str) else _BAD


def _path(value: Any) -> Any:
    good = isinstance(value, str | os.PathLike) and os.fspath(value) and "\0" not in str(value)
    return value if good else _BAD


def _hdu(value: Any) -> Any:
    return value if isinstance(value, str) and value else _int(value)


def _pair_of(read: Callable[[Any], Any], length: int = 2) -> Callable[[Any], Any]:
    def pair(value: Any) -> Any:
        if isinstance(value, str | bytes | dict | set) or hasattr(value, "to_value"):
            return _BAD
        if not hasattr(value, "__len__") or getattr(value, "shape", (length,)) != (length,) or len(value) != length:
            return _BAD
        items = tuple(item if is_held_by_jax(item) else read(item) for item in value)
        return _BAD if any(item is _BAD for item in items) else items

    return pair


def _numbers(value: Any) -> Any:
    numbers = None if isinstance(value, bool) else real_array_from(value)
    if numbers is None or not np.all(np.abs(numbers) <= LARGEST):
        return _BAD
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "f":
        return value
    return numbers if numbers.shape else float(numbers)


def pair_or_none(value: Any) -> tuple[float, float] | None:
    """A pair of finite floats, or ``None`` where ``value`` is none."""
    pair = _pair_of(_float)(value)
    return None if pair is _BAD else (float(pair[0]), float(pair[1]))


def positive_pair_from(value: Any) -> tuple[float, float] | None:
    """A pair of positive floats from one or two, or ``None`` where there are none."""
    pair = pair_or_none(value if _float(value) is _BAD else (value, value))
    return pair if pair is not None and 1e-15 < min(pair) and max(pair) < 1e15 else None


def shape_or_none(value: Any, largest: int = 2**31) -> tuple[int, int] | None:
    """Rows and columns of an image that fits into a computer, or ``None``."""
    shape = _pair_of(_int)(value)
    return shape if shape is not _BAD and min(shape) >= 1 and shape[0] * shape[1] <= largest else None


def _scales(value: Any) -> Any:
    return _BAD if positive_pair_from(value) is None else value


_KINDS: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "float": (_float, "a finite number (at most 1e100)", "1.0"),
    "int": (_int, "a whole number", "1"),
    "bool": (_bool, "True or False", "True"),
    "str": (_str, "a text", ""),
    "str | Path": (_path, "the path of a file", "'image.fits'"),
    "int | str": (_hdu, "the number or the name of an HDU", "0"),
    "PixelScales": (_scales, "one positive number or a pair (y, x) [arcsec]", "0.05"),
    "tuple[float, float]": (_pair_of(_float), "a finite pair (y, x)", "(0.0, 0.0)"),
    "tuple[int, int]": (_pair_of(_int), "two positive whole numbers", "(100, 100)"),
    "Array": (_numbers, "finite numbers (at most 1e100)", "1.0"),
    "tuple[Array, Array]": (_pair_of(_numbers), "a pair of finite numbers", "(0.1, 0.0)"),
    "tuple[float, float, float, float]": (_pair_of(_float, 4), "four finite numbers", "(-1.0, 1.0, -1.0, 1.0)"),
}
_ERRORS: dict[str, type[exc.AutoException]] = {
    "PixelScales": exc.MaskException,
    "tuple[int, int]": exc.MaskException,
    "tuple[float, float]": exc.GridException,
    "str | Path": exc.FileException,
    "int | str": exc.FileException,
}
"""Errors that belong to what an argument is, whatever function it is given to."""
