"""Stars that shine and lens: one set of parameters for a light and a mass profile."""

from __future__ import annotations

import sys
from typing import Any

from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.light.variants import dataclass_of
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.validation import Domain


class LightMassProfile:
    """A profile that is light and mass at once; ``mass_to_light_ratio`` is the convergence over surface brightness."""


def light_and_mass(mass: type[MassProfile], light: type[LightProfile]) -> Any:
    """The class that is both, of the name of ``mass`` and in the module that asks for it.

    Parameters are declared by ``mass``, whose intensity is not linear: the lens depends on it. Each has the values that
    both allow.
    """
    domains = dict(light.domains)
    for name, domain in mass.domains.items():
        domains[name] = _common(domain, domains.get(name, domain))
    names = {"__doc__": f"``ag.lp.{light.__name__}`` and ``ag.mp.{mass.__name__}`` in one.", "domains": domains}
    module = sys._getframe(1).f_globals["__name__"]
    return dataclass_of(mass.__name__, (mass, light, LightMassProfile), names, module=module)


def _common(first: Domain, second: Domain) -> Domain:
    """The values in both domains."""
    higher, lower = (first, second) if first.lower >= second.lower else (second, first)
    closed = higher.closed and (lower.closed or higher.lower > lower.lower)
    return Domain(lower=higher.lower, upper=min(first.upper, second.upper), closed=closed)
