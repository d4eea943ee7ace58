"""Exponential profile of mass."""

from __future__ import annotations

from dataclasses import dataclass, field

from autogalaxy.profiles.mass.stellar.sersic import Sersic


@dataclass(eq=False)
class Exponential(Sersic):
    """Elliptical exponential disc of stellar mass: a Sersic profile of index 1."""

    sersic_index: float = field(init=False, default=1.0)


@dataclass(eq=False)
class ExponentialSph(Exponential):
    """Circular exponential disc of stellar mass."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
