"""What a fit is of: a hash of model, data and settings, and in which of them two fits differ."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autogalaxy.inference.model import AbstractModel

_DEEPEST = 30
"""Levels of nested objects beyond which only the class counts."""
_IGNORED = frozenset({"use_jax", "log_likelihood_offset", "check_values"})
"""Attributes that change nothing in what is found, or follow from others."""


@dataclass(frozen=True)
class Identity:
    """What a fit is of, in plain JSON types."""

    model: dict[str, Any]
    """``model.to_dict()``."""
    data: dict[str, Any]
    """Hashes and values of what the analysis holds, by name."""
    settings: dict[str, Any]
    """The class of the search and what it was set to."""

    @classmethod
    def of(cls, model: AbstractModel, analysis: Any, search: Any) -> Identity:
        return cls(fingerprint_of(model.to_dict()), fingerprint_of(analysis), fingerprint_of(settings_of(search)))

    @classmethod
    def from_dict(cls, dictionary: Any) -> Identity | None:
        """What :meth:`to_dict` wrote, ``None`` where it is something else."""
        names = [field.name for field in dataclasses.fields(cls)]
        if not isinstance(dictionary, dict) or not all(isinstance(dictionary.get(name), dict) for name in names):
            return None
        return cls(**{name: dictionary[name] for name in names})

    def to_dict(self) -> dict[str, Any]:
        return {"identifier": self.identifier, **{f.name: getattr(self, f.name) for f in dataclasses.fields(self)}}

    @property
    def key(self) -> dict[str, str]:
        """A hash for each of model, data and settings."""
        return {field.name: hash_of(getattr(self, field.name)) for field in dataclasses.fields(self)}

    @property
    def identifier(self) -> str:
        """Sixteen hexadecimal digits that name the folder of a fit."""
        return hash_of(self.key)[:16]

    def difference_from(self, other: Identity) -> str:
        """In which of model, data and settings ``other`` differs, and where first; empty where it does not."""
        found = []
        for field in dataclasses.fields(self):
            place = _first_difference(getattr(other, field.name), getattr(self, field.name))
            if place is not None:
                path, there, here = place
                found.append(f"{field.name} (at {path or 'the top'}: there {_short(there)}, here {_short(here)})")
        return ", ".join(found)


def settings_of(search: Any) -> dict[str, Any]:
    """The class and the public attributes of a search, without those that change nothing in what it finds."""
    ignored = set(search.not_in_identifier)
    values = {name: value for name, value in vars(search).items() if name[0] != "_" and name not in ignored}
    return {"class": type(search).__name__, **values}


def hash_of(value: Any) -> str:
    """SHA-256 of anything that :func:`fingerprint_of` knows."""
    return hashlib.sha256(json.dumps(fingerprint_of(value), sort_keys=True, allow_nan=False).encode()).hexdigest()


def fingerprint_of(value: Any, depth: int = 0) -> Any:
    """``value`` in plain JSON types; arrays become hashes of their bytes, objects what they hold."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, np.bool_ | np.integer):
        return value.item()
    if depth > _DEEPEST:
        return type(value).__name__
    if isinstance(value, Mapping):
        return {str(name): fingerprint_of(item, depth) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [fingerprint_of(item, depth) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((fingerprint_of(item, depth + 1) for item in value), key=repr)
    if hasattr(value, "__array__") and not hasattr(value, "mask"):
        return array_hash_of(np.asarray(value))
    return _of_object(value, depth)


def _of_object(value: Any, depth: int) -> Any:
    """The class and the attributes; a function or class is its name."""
    if isinstance(value, type) or not hasattr(value, "__dict__"):
        return getattr(value, "__qualname__", type(value).__name__)
    if callable(value) and hasattr(value, "__qualname__"):
        return value.__qualname__
    if hasattr(value, "static_key"):
        return fingerprint_of(value.static_key, depth + 1)
    if hasattr(value, "mask") and hasattr(value, "array"):
        return [array_hash_of(np.asarray(value.array)), fingerprint_of(value.mask, depth + 1)]
    attributes = vars(value)
    if dataclasses.is_dataclass(value):
        attributes = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    held = {n: fingerprint_of(v, depth + 1) for n, v in attributes.items() if n[0] != "_" and n not in _IGNORED}
    return {"class": type(value).__qualname__, **held}


def array_hash_of(array: np.ndarray) -> str:
    """SHA-256 of type, shape and bytes; arrays of objects go by what they hold."""
    if array.dtype.hasobject:
        return hash_of(array.tolist())
    if array.dtype.kind == "f":
        array = array.astype(float)  # big-endian data of a FITS file are the same data
    head = f"{array.dtype.str}{array.shape}".encode()
    return hashlib.sha256(head + np.ascontiguousarray(array).tobytes()).hexdigest()


def _first_difference(there: Any, here: Any, path: str = "") -> tuple[str, Any, Any] | None:
    """Path and both values of the first leaf that differs; a prior is a leaf."""
    if there == here and type(there) is type(here):
        return None
    if _is_prior(there) or _is_prior(here):
        return path, there, here
    if isinstance(there, dict) and isinstance(here, dict):
        for name in [*here, *(name for name in there if name not in here)]:
            deeper = path if name == "items" else f"{path}.{name}".lstrip(".")
            found = _first_difference(there.get(name, "nothing"), here.get(name, "nothing"), deeper)
            if found is not None:
                return found
        return None
    if isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        for i, (a, b) in enumerate(zip(there, here, strict=True)):
            found = _first_difference(a, b, f"{path}[{i}]")
            if found is not None:
                return found
        return None
    return path, there, here


def _is_prior(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") == "prior"


def _short(value: Any) -> str:
    """A value as a reader wants it: hashes and long tables are cut."""
    if _is_prior(value):
        numbers = ", ".join(f"{k}={v}" for k, v in value.items() if k not in ("type", "prior", "id"))
        return f"{value.get('prior')}({numbers})"
    text = str(value)
    return text if len(text) <= 40 else f"{text[:12]}..."
