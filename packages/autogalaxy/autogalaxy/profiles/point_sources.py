"""Sources without extent whose multiple images are positions, as ``ag.ps``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

import autoarray as aa
from autoarray.abstract_ndarray import InstancePytree
from autoarray.type import Array, Namespace
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain, check_arguments, checked_number, checked_pair


@dataclass(eq=False)
class Point(InstancePytree):
    """A point in the plane of its galaxy. It has no image: what is compared with data are its lensed positions."""

    centre: tuple[float, float] = aa.parameter((0.0, 0.0), unit="arcsec", prior=aa.GaussianPrior(mean=0.0, sigma=0.3))
    """(y, x) of the point."""

    domains: ClassVar[dict[str, Domain]] = {}

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        check_arguments(cls, positional=len(args), keywords=kwargs)
        return super().__new__(cls)  # type: ignore[return-value]

    def __post_init__(self) -> None:
        self.centre = checked_pair(type(self).__name__, "centre", self.centre)

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether every parameter is inside its domain, a boolean scalar."""
        good = xp.asarray(True)
        for name, domain in self.domains.items():
            good = xp.logical_and(good, domain.contains(getattr(self, name), xp=xp))
        return good


@dataclass(eq=False)
class PointFlux(Point):
    """A point with a flux, which each of its images has times its magnification."""

    flux: float = aa.parameter(0.1, unit="e- s^-1", prior=aa.LogUniformPrior(lower_limit=1e-4, upper_limit=1e4))
    """Flux without lensing."""

    domains: ClassVar[dict[str, Domain]] = {"flux": NOT_NEGATIVE}

    def __post_init__(self) -> None:
        super().__post_init__()
        self.flux = checked_number(type(self).__name__, "flux", self.flux, NOT_NEGATIVE)


__all__ = ["Point", "PointFlux"]
