"""Exponential profile with a core of shallower slope."""

from __future__ import annotations

from dataclasses import dataclass, field

import autoarray as aa
from autogalaxy.profiles.light.standard.sersic_core import SersicCore


@dataclass(eq=False)
class ExponentialCore(SersicCore):
    """Elliptical exponential disc with a core: a core-Sersic profile of index 1."""

    sersic_index: float = field(init=False, default=1.0)
    radius_break: float = aa.parameter(0.01, unit="arcsec", prior=aa.LogUniformPrior(lower_limit=1e-3, upper_limit=0.1))
    """Radius R_b at which the core begins."""


@dataclass(eq=False)
class ExponentialCoreSph(ExponentialCore):
    """Circular exponential disc with a core."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
