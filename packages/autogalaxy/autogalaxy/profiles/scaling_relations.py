"""Lenses whose strength follows from their luminosity, as ``ag.sr``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.mass.total.isothermal import Isothermal
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain, check_arguments, checked_number


@dataclass(eq=False)
class MassLightRelation(InstancePytree):
    r"""Einstein radius as a power of the luminosity; a power of 1/2 is that of Faber & Jackson.

    .. math:: \theta_E = g \, (L / L_0)^p

    Members of a cluster share one relation: give the same ``Model(MassLightRelation)`` to each.

    References
    ----------
    Faber & Jackson (1976), ApJ 204, 668; Brainerd, Blandford & Smail (1996), ApJ 466, 623.
    """

    gradient: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=5.0))
    """Einstein radius g at the luminosity ``denominator``."""
    denominator: float = aa.parameter(1.0, unit="", prior=aa.LogUniformPrior(lower_limit=1e-3, upper_limit=1e3))
    """Luminosity L_0, in the unit of the luminosities."""
    power: float = aa.parameter(0.5, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=2.0))
    """Exponent p."""

    domains: ClassVar[dict[str, Domain]] = {"gradient": NOT_NEGATIVE, "denominator": POSITIVE}

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        check_arguments(cls, positional=len(args), keywords=kwargs)
        return super().__new__(cls)  # type: ignore[return-value]

    def __post_init__(self) -> None:
        for name in ("gradient", "denominator", "power"):
            setattr(self, name, checked_number(type(self).__name__, name, getattr(self, name), self.domains.get(name)))

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether every parameter is inside its domain, a boolean scalar."""
        return xp.logical_and(xp.asarray(self.gradient >= 0.0), self.denominator > 0.0)

    def einstein_radius_from(self, luminosity: Array) -> Array:
        """Einstein radius [arcsec] at a luminosity."""
        return self.gradient * (luminosity / self.denominator) ** self.power


@dataclass(eq=False)
class Luminosity:
    """What a scaled lens has ahead of its other arguments."""

    relation: MassLightRelation = field(default_factory=MassLightRelation)
    """The relation that gives the Einstein radius."""
    luminosity: float = aa.parameter(1.0, unit="", prior=aa.LogUniformPrior(lower_limit=1e-2, upper_limit=1e2))
    """Luminosity, in the unit of the relation's ``denominator``."""


@dataclass(eq=False)
class IsothermalMLR(DerivedMassProfile, Luminosity):
    """Singular isothermal ellipsoid whose Einstein radius follows from the luminosity."""

    domains: ClassVar[dict[str, Domain]] = {"luminosity": POSITIVE}

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.relation, MassLightRelation):
            raise exc.ProfileException(
                f"{type(self).__name__} got relation={exc.shown(self.relation)}, wanted one of ag.sr: "
                "relation=ag.sr.MassLightRelation(gradient=1.0, denominator=1.0, power=0.5)."
            )
        self._traced = ("relation",)  # its parameters may be free, though it is none itself

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether the parameters of the lens and of its relation are inside their domains."""
        return xp.logical_and(super().is_physical(xp=xp), self.relation.is_physical(xp=xp))

    @property
    def einstein_radius(self) -> Array:
        """Einstein radius [arcsec] of the luminosity."""
        return self.relation.einstein_radius_from(self.luminosity)

    def equivalent_from(self, xp: Namespace = np) -> Isothermal:
        """The isothermal ellipsoid of that Einstein radius."""
        return Isothermal(centre=self.centre, ell_comps=self.ell_comps, einstein_radius=self.einstein_radius)


@dataclass(eq=False)
class IsothermalSphMLR(IsothermalMLR):
    """Singular isothermal sphere whose Einstein radius follows from the luminosity."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))


__all__ = ["IsothermalMLR", "IsothermalSphMLR", "MassLightRelation"]
