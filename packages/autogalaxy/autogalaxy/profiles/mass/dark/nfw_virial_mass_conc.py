"""NFW halo given by its virial mass and concentration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Namespace
from autogalaxy.profiles.mass.by_mass import LENS_DOMAINS, LensRedshifts
from autogalaxy.profiles.mass.dark.concentration import OVERDENSITY, nfw_parameters_from
from autogalaxy.profiles.mass.dark.nfw import NFWSph
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.validation import POSITIVE, Domain, checked_number


@dataclass(eq=False)
class _VirialHalo:
    virial_mass: float = aa.parameter(1e12, unit="solMass", prior=aa.LogUniformPrior(lower_limit=1e8, upper_limit=1e15))
    """Mass [solar mass] inside the virial radius."""
    concentration: float = aa.parameter(10.0, unit="", prior=aa.LogUniformPrior(lower_limit=1.0, upper_limit=50.0))
    """Virial radius over scale radius."""
    virial_overdens: float = OVERDENSITY
    """Mean density inside the virial radius over the critical density at the redshift of the halo; fixed in a fit."""


@dataclass(eq=False)
class NFWVirialMassConcSph(LensRedshifts, _VirialHalo, DerivedMassProfile):
    """Circular NFW halo of a given virial mass and concentration.

    References
    ----------
    Navarro, Frenk & White (1997), ApJ 490, 493.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    domains: ClassVar[dict[str, Domain]] = {"virial_mass": POSITIVE, "concentration": POSITIVE, **LENS_DOMAINS}

    def __post_init__(self) -> None:
        super().__post_init__()
        checked_number(type(self).__name__, "virial_overdens", self.virial_overdens, POSITIVE)

    def equivalent_from(self, xp: Namespace = np) -> NFWSph:
        """The NFW lens."""
        halo = nfw_parameters_from(
            self.virial_mass,
            self.concentration,
            self.redshift_object,
            self.redshift_source,
            overdensity=self.virial_overdens,
            xp=xp,
        )
        return NFWSph(centre=self.centre, kappa_s=halo.kappa_s, scale_radius=halo.scale_radius)
