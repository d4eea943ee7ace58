"""What a fit is of: a hash of model, data and settings, and in which of them two fits differ."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from autogalaxy.inference.fingerprint import fingerprint_of, hash_of
from autogalaxy.inference.model import AbstractModel


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
