"""Draws of the parameters of any profile, for the tables that test every profile alike.

A profile is found by its export and drawn from its own declarations, so a new one is tested by being exported.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

FIXED: dict[str, dict[str, int]] = {
    "PowerLawMultipole": {"m": 3},
    "ShapeletCartesian": {"n_y": 2, "n_x": 3},
    "ShapeletCartesianSph": {"n_y": 2, "n_x": 3},
    "ShapeletPolar": {"n": 4, "m": 2},
    "ShapeletPolarSph": {"n": 4, "m": 2},
    "ShapeletExponential": {"n": 2, "m": 1},
    "ShapeletExponentialSph": {"n": 2, "m": 1},
}
"""Values of what is no parameter."""
TABULATED = {"InputDeflections", "InputPotential", "GaussianRandomField"}
"""Profiles made of tables, which have no parameters to draw; they have tests of their own."""
SPINS = {"ell_comps": 2, "multipole_comps": None}
"""How a pair (sine, cosine) turns: by this many times the angle (None: by ``m`` times)."""
COSINE_FIRST = {"gamma": 2, "tau": 1, "delta": 3}
"""The same of pairs of parameters ``name_1`` (cosine) and ``name_2`` (sine)."""
ANGLES = {"angle_binary", "angle_pos"}
"""Parameters that are directions [degrees]."""


def classes_of(namespace: Any) -> list[type]:
    """The profiles of ``ag.lp``, ``ag.mp`` and the like; their bases live in modules named ``abstract``."""
    found = [getattr(namespace, name) for name in sorted(namespace.__all__)]
    return [cls for cls in found if cls.__name__ not in TABULATED and not cls.__module__.endswith("abstract")]


def free_parameters(cls: type) -> list[tuple[str, int | None, Any]]:
    """Name, place in a pair (None of a number) and prior of each free number, in the order of the signature."""
    found: list[tuple[str, int | None, Any]] = []
    for item in fields(cls):
        if item.init and "prior" in item.metadata:
            places = range(len(item.default)) if isinstance(item.default, tuple) else [None]
            found += [(item.name, place, item.metadata["prior"]) for place in places]
    return found


def values_from(cls: type, units: Any) -> list[float]:
    """Numbers in the order of ``free_parameters`` from numbers in [0, 1]: an axis ratio of 0.2 to 1, a near centre."""
    parameters, values = free_parameters(cls), []
    for i, ((name, place, prior), unit) in enumerate(zip(parameters, units, strict=True)):
        if name == "centre":
            values.append(unit - 0.5)
        elif name == "ell_comps":
            first = units[i] if place == 0 else units[i - 1]
            second = units[i + 1] if place == 0 else units[i]
            q = 0.2 + 0.8 * first
            f = (1.0 - q) / (1.0 + q)
            values.append(f * (np.sin, np.cos)[place](2.0 * np.pi * second))
        else:
            values.append(float(prior.value_for(0.05 + 0.9 * unit)))
    return values


def profile_from(cls: type, values: Any) -> Any:
    """The profile with ``values`` (which may be traced) for its free parameters."""
    keywords: dict[str, Any] = dict(FIXED.get(cls.__name__, {}))
    for (name, place, _), value in zip(free_parameters(cls), values, strict=True):
        keywords[name] = value if place is None else (*keywords.get(name, ()), value)
    return cls(**keywords)


def keywords_of(profile: Any) -> dict[str, Any]:
    """What the constructor was given."""
    return {item.name: getattr(profile, item.name) for item in fields(profile) if item.init}


def turned(profile: Any, degrees: float) -> Any:
    """The profile turned counter-clockwise about its centre."""
    keywords = keywords_of(profile)
    for name, spin in SPINS.items():
        if name in keywords:
            keywords[name] = _turned_pair(
                keywords[name], np.radians(degrees) * (keywords["m"] if spin is None else spin)
            )
    for name, spin in COSINE_FIRST.items():
        if f"{name}_1" in keywords:
            pair = keywords[f"{name}_2"], keywords[f"{name}_1"]
            keywords[f"{name}_2"], keywords[f"{name}_1"] = _turned_pair(pair, np.radians(degrees) * spin)
    for name in ANGLES & keywords.keys():
        keywords[name] += degrees
    return type(profile)(**keywords)


def _turned_pair(pair: tuple[float, float], angle: float) -> tuple[float, float]:
    """(sine, cosine) components after a turn of their phase."""
    sine, cosine = pair
    return cosine * np.sin(angle) + sine * np.cos(angle), cosine * np.cos(angle) - sine * np.sin(angle)
