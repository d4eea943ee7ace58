"""A lens with values, on its way from one file to another."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autoarray import exc
from autogalaxy import Galaxy
from autolens.description.document import shown

MOST_PROFILES = 2000
"""Profiles of one file beyond which it is not read."""
DEFAULT_REDSHIFTS = (0.5, 1.0)


class NotExpressible(exc.ModelException):
    """A profile, or a value of one, that a format has no words for."""


@dataclass(frozen=True)
class LeftOut:
    """A part that the other format cannot express."""

    part: str
    why: str

    def __str__(self) -> str:
        return f"{self.part}: {self.why}"


@dataclass
class Lens:
    """Galaxies by name, and what is known beside them."""

    galaxies: dict[str, Galaxy]
    pixel_scale: float | None = None
    """Size of the pixels [arcsec] in which our intensities count; other codes count per square arc-second."""
    title: str | None = None
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    draws: list[dict[str, Galaxy]] = field(default_factory=list)
    """The same galaxies at draws of the posterior of a fit."""

    def parts(self) -> list[tuple[str, str, Any]]:
        """Every profile as galaxy, name and object."""
        return [
            (name, part, profile)
            for name, galaxy in self.galaxies.items()
            for part, item in vars(galaxy).items()
            if part not in galaxy.not_components
            for profile in _flat(item)
        ]

    @property
    def area(self) -> float:
        """Square arc-seconds of a pixel."""
        if self.pixel_scale is None:
            raise exc.FileException(
                "intensities are e- s^-1 per pixel here and per square arc-second in the other format, and the size of "
                "the pixels is not known: --pixel-scale 0.05."
            )
        return self.pixel_scale**2


@dataclass(frozen=True)
class Row:
    """A profile of another code: its name, its parameters, and the way to ours and back.

    ``read(values, area)`` makes our profile; ``write(profile, area)`` makes their values, where ``ours`` is written
    under this name.
    """

    theirs: str
    ours: type
    keys: tuple[str, ...]
    read: Callable[[dict[str, float], float], Any]
    write: Callable[[Any, float], dict[str, float]] | None = None
    is_light: bool = False


class Builder:
    """Galaxies that are put together profile by profile; profiles of one galaxy get names of their own."""

    def __init__(self) -> None:
        self.redshifts: dict[str, float] = {}
        self.profiles: dict[str, dict[str, Any]] = {}

    def galaxy(self, name: str, redshift: float) -> str:
        """Make a galaxy, under a name that Python and TOML can use."""
        base = re.sub(r"\W+", "_", str(name).strip().lower(), flags=re.ASCII).strip("_")[:40] or "galaxy"
        base = base if base[0].isalpha() else f"galaxy_{base}"
        free = next(n for i in range(1, 10**6) if (n := base if i == 1 else f"{base}_{i}") not in self.redshifts)
        self.redshifts[free] = redshift
        self.profiles[free] = {}
        return free

    def add(self, galaxy: str, part: str, profile: Any) -> None:
        parts = self.profiles[galaxy]
        parts[next(n for i in range(10**6) if (n := part if i == 0 else f"{part}_{i}") not in parts)] = profile

    def galaxies(self) -> dict[str, Galaxy]:
        """All of them in the order of their redshifts; one without profiles is a plane that others are seen on."""
        names = sorted(self.redshifts, key=lambda n: self.redshifts[n])
        return {name: Galaxy(redshift=self.redshifts[name], **self.profiles[name]) for name in names}


def number(content: Any, key: str, where: str) -> float:
    """A finite number of a JSON object."""
    value = content.get(key) if isinstance(content, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise exc.FileException(f"{where} has {key} = {shown(value)}, wanted a number.")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise exc.FileException(f"{where} has {key} = {shown(value)}, wanted a finite number.")
    return found


def part_of(profile: Any) -> str:
    """The name of a profile in a galaxy."""
    from autogalaxy.profiles.light.abstract import LightProfile

    if isinstance(profile, LightProfile):
        return "light"
    return "shear" if type(profile).__name__ == "ExternalShear" else "mass"


def plain(values: dict[str, Any]) -> dict[str, float]:
    """Numbers as JSON has them."""
    return {key: float(np.asarray(value)) for key, value in values.items()}


def _flat(item: Any) -> list[Any]:
    if hasattr(item, "profile_list"):
        return _flat(item.profile_list)
    return [part for each in item for part in _flat(each)] if isinstance(item, list | tuple) else [item]
