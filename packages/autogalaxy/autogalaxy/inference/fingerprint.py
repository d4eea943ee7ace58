"""Anything that a fit depends on, in plain JSON types: arrays become hashes of their bytes, objects what they hold."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import inspect
import json
import math
import os
from collections.abc import Mapping
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autoarray import exc
from autogalaxy.inference.analysis import Analysis

_IGNORED = frozenset({"use_jax", "log_likelihood_offset", "check_values"})
"""Attributes that change nothing in what is found, or follow from others."""
_OWN = frozenset({"autoarray", "autogalaxy", "autolens"})
"""Packages whose private attributes follow from the public ones."""


def hash_of(value: Any) -> str:
    """SHA-256 of anything that :func:`fingerprint_of` knows."""
    return _hash_of_plain(fingerprint_of(value))


def fingerprint_of(value: Any) -> Any:
    """``value`` in plain JSON types; our error, by name, where something in it has no content that could be hashed."""
    try:
        return _Walk(type(value).__name__).plain(value, "", ())
    except RecursionError:
        raise _refusal(type(value).__name__, "what it holds", "nested too deeply to be hashed") from None


def array_hash_of(array: np.ndarray) -> str:
    """SHA-256 of type, shape and bytes; arrays of objects go by what they hold."""
    if array.dtype.hasobject:
        return hash_of(array.tolist())
    if array.dtype.kind == "f":
        array = array.astype(float)  # big-endian data of a FITS file are the same data
    head = f"{array.dtype.str}{array.shape}".encode()
    return hashlib.sha256(head + np.ascontiguousarray(array).tobytes()).hexdigest()


def _hash_of_plain(plain: Any) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True, allow_nan=False).encode()).hexdigest()


def _refusal(owner: str, place: str, why: str) -> exc.SearchException:
    return exc.SearchException(
        f"{owner}: {place} is {why}, so that fits of other data could not be told apart. Give the analysis a "
        "data_hash() that returns a string of its data, or name attributes that change nothing in what is found in "
        "its not_in_identifier."
    )


def _is_own(kind: Any) -> bool:
    return str(getattr(kind, "__module__", "")).partition(".")[0] in _OWN


@dataclasses.dataclass(frozen=True)
class _Walk:
    """Goes through what an object holds; ``above`` are the objects on the way, ``path`` is their names."""

    owner: str

    def plain(self, value: Any, path: str, above: tuple[int, ...]) -> Any:
        if value is None or isinstance(value, bool | int | str) and type(value).__module__ == "builtins":
            return value
        if isinstance(value, float | np.floating):
            return float(value) if math.isfinite(value) else str(float(value))
        if isinstance(value, np.bool_ | np.integer):
            return value.item()
        if isinstance(value, complex | np.complexfloating):
            return ["complex", str(complex(value))]
        if isinstance(value, bytes | bytearray):
            return ["bytes", hashlib.sha256(value).hexdigest()]
        if isinstance(value, os.PathLike):
            return os.fspath(value)
        if id(value) in above:
            return f"above {above[::-1].index(id(value))}"
        above = (*above, id(value))
        if isinstance(value, Mapping):
            return {str(name): self.plain(item, f"{path}.{name}", above) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(item, f"{path}[{i}]", above) for i, item in enumerate(value)]
        if isinstance(value, set | frozenset):
            return sorted((self.plain(item, path, above) for item in value), key=repr)
        if isinstance(value, type | ModuleType | CodeType | MethodType) or hasattr(value, "__qualname__"):
            return self._of_code(value, path, above)
        if hasattr(value, "static_key"):
            return self.plain(value.static_key, path, above)
        if hasattr(value, "__array__"):
            return self._of_array(value, path, above)
        return self._of_object(value, path, above)

    def _of_array(self, value: Any, path: str, above: tuple[int, ...]) -> Any:
        """Numbers, and what belongs to them: a mask, a unit, the names of rows and columns."""
        if isinstance(value, np.ma.MaskedArray):
            return [array_hash_of(np.ma.getdata(value)), array_hash_of(np.ma.getmaskarray(value))]
        if hasattr(value, "mask") and hasattr(value, "array") and any(map(_is_own, type(value).__mro__)):
            return [array_hash_of(np.asarray(value.array)), self.plain(value.mask, f"{path}.mask", above)]
        content = array_hash_of(np.asarray(value))
        beside = {name: getattr(value, name, None) for name in ("unit", "columns", "index", "mask")}
        held = {
            name: str(item) if name == "unit" else array_hash_of(np.asarray(item))
            for name, item in beside.items()
            if item is not None and not callable(item)
        }
        return {"array": content, **held} if held and not _is_own(type(value)) else content

    def _of_code(self, value: Any, path: str, above: tuple[int, ...]) -> Any:
        """Functions of others by name and code, with the values they close over; classes and our functions by name."""
        if isinstance(value, ModuleType):
            return value.__name__
        if isinstance(value, MethodType):
            return [self.plain(value.__func__, path, above), self.plain(value.__self__, path, above)]
        if isinstance(value, CodeType):
            constants = [self.plain(item, path, above) for item in value.co_consts]
            return [hashlib.sha256(value.co_code).hexdigest(), list(value.co_names), constants]
        if _is_own(value):
            return value.__qualname__
        name = f"{value.__module__}.{value.__qualname__}"
        if isinstance(value, type):
            return name
        if not isinstance(value, FunctionType):
            wrapped = getattr(value, "__wrapped__", getattr(value, "__self__", None))
            return name if wrapped is None else [name, self.plain(wrapped, path, above)]
        held = [value.__defaults__, value.__kwdefaults__, *_closure_of(value)]
        return [name, self.plain(value.__code__, path, above), [self.plain(item, path, above) for item in held]]

    def _of_object(self, value: Any, path: str, above: tuple[int, ...]) -> Any:
        """The class, and the attributes or what a copy is made from."""
        kind = type(value)
        if isinstance(value, Analysis):
            own_hash = getattr(value, "data_hash", None)
            held = {"data_hash": own_hash()} if callable(own_hash) else _attributes_of_analysis(value)
        elif dataclasses.is_dataclass(value):
            held = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            held = _public(held) if _is_own(kind) else held
        elif _is_own(kind):
            held = _public(vars(value)) if hasattr(value, "__dict__") else {}
        elif kind.__reduce_ex__ is object.__reduce_ex__ and kind.__reduce__ is object.__reduce__ and _is_plain(value):
            held = {**getattr(value, "__dict__", {}), **_slots_of(value)}
        else:
            held = self._parts_of(value, path)
        plain = {n: self.plain(v, f"{path}.{n}", above) for n, v in held.items() if n not in _IGNORED}
        return {"class": kind.__qualname__, **plain}

    def _parts_of(self, value: Any, path: str) -> dict[str, Any]:
        """What ``copy`` and ``pickle`` make an object of that keeps its content elsewhere than in attributes."""
        try:
            reduced = value.__reduce_ex__(4)
        except Exception as error:
            what = f"a {type(value).__name__} without content that can be hashed ({error})"
            raise _refusal(self.owner, path.lstrip(".") or "it", what) from None
        if isinstance(reduced, str):
            return {"name": reduced}
        make, arguments, state, items, pairs = (*reduced, None, None, None)[:5]
        parts = {"make": make, "arguments": arguments, "state": state}
        return {**parts, "items": list(items or ()), "pairs": [list(pair) for pair in pairs or ()]}


def _public(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if not name.startswith("_")}


def _attributes_of_analysis(analysis: Analysis) -> dict[str, Any]:
    """All attributes, private ones too, but for those that follow from others."""
    kind = type(analysis)
    cached = functools.cached_property  # noqa: TID251 - that of a user is told apart from data
    return {
        name: value
        for name, value in vars(analysis).items()
        if name not in kind.not_in_identifier and not isinstance(inspect.getattr_static(kind, name, None), cached)
    }


def _is_plain(value: Any) -> bool:
    """Whether an object holds attributes and nothing else: no class on the way is made in C."""
    has_attributes = hasattr(value, "__dict__") or bool(_slots_of(value))
    return has_attributes and all(base is object or base.__flags__ & (1 << 9) for base in type(value).__mro__)


def _slots_of(value: Any) -> dict[str, Any]:
    named = [vars(base).get("__slots__", ()) for base in type(value).__mro__]
    slots = [slot for slot in named for slot in ([slot] if isinstance(slot, str) else slot)]
    return {slot: getattr(value, slot) for slot in slots if hasattr(value, slot) and slot[:2] != "__"}


def _closure_of(function: FunctionType) -> list[Any]:
    held = []
    for cell in function.__closure__ or ():
        try:
            held.append(cell.cell_contents)
        except ValueError:  # a name that is not bound yet
            held.append(None)
    return held
