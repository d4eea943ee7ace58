"""Truncated NFW haloes given by their mass, with a concentration from a relation between mass and concentration.

The mass is that of the NFW halo before truncation, which ends at twice its radius of 200 critical densities. PyAutoLens
2026.10 takes the number of kpc of that radius for arc-seconds, so it truncates several times farther out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.by_mass import (
    HALO_DOMAINS,
    SCATTER_DOMAINS,
    ConcentrationScatter,
    HaloMass,
    LensRedshifts,
)
from autogalaxy.profiles.mass.dark.concentration import (
    duffy_08_concentration_from,
    ludlow_16_concentration_from,
    nfw_parameters_from,
)
from autogalaxy.profiles.mass.dark.nfw_truncated import NFWTruncatedSph
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.validation import Domain

TRUNCATION = 2.0
"""Truncation radius over the radius of 200 critical densities."""


@dataclass(eq=False)
class NFWTruncatedMCRLudlowSph(LensRedshifts, HaloMass, DerivedMassProfile):
    """Circular truncated NFW halo of a given mass, with the median concentration of Ludlow et al. (2016).

    References
    ----------
    Ludlow et al. (2016), MNRAS 460, 1214; Baltz, Marshall & Oguri (2009), JCAP 01, 015.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    domains: ClassVar[dict[str, Domain]] = HALO_DOMAINS

    def equivalent_from(self, xp: Namespace = np) -> NFWTruncatedSph:
        """The truncated NFW lens."""
        return _truncated_from(self, ludlow_16_concentration_from(self.mass_at_200, self.redshift_object, xp=xp), xp=xp)


@dataclass(eq=False)
class NFWTruncatedMCRScatterLudlowSph(LensRedshifts, ConcentrationScatter, HaloMass, DerivedMassProfile):
    """Circular truncated NFW halo of a given mass, its concentration off the median of Ludlow et al. (2016).

    References
    ----------
    Ludlow et al. (2016), MNRAS 460, 1214; Baltz, Marshall & Oguri (2009), JCAP 01, 015.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    domains: ClassVar[dict[str, Domain]] = SCATTER_DOMAINS

    def equivalent_from(self, xp: Namespace = np) -> NFWTruncatedSph:
        """The truncated NFW lens."""
        concentration = ludlow_16_concentration_from(
            self.mass_at_200, self.redshift_object, scatter_sigma=self.scatter_sigma, xp=xp
        )
        return _truncated_from(self, concentration, xp=xp)


@dataclass(eq=False)
class NFWTruncatedMCRDuffySph(LensRedshifts, HaloMass, DerivedMassProfile):
    """Circular truncated NFW halo of a given mass, with the concentration of Duffy et al. (2008).

    References
    ----------
    Duffy, Schaye, Kay & Dalla Vecchia (2008), MNRAS 390, L64; Baltz, Marshall & Oguri (2009), JCAP 01, 015.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    domains: ClassVar[dict[str, Domain]] = HALO_DOMAINS

    def equivalent_from(self, xp: Namespace = np) -> NFWTruncatedSph:
        """The truncated NFW lens."""
        return _truncated_from(self, duffy_08_concentration_from(self.mass_at_200, self.redshift_object, xp=xp), xp=xp)


def _truncated_from(
    profile: NFWTruncatedMCRLudlowSph | NFWTruncatedMCRScatterLudlowSph | NFWTruncatedMCRDuffySph,
    concentration: Array,
    xp: Namespace = np,
) -> NFWTruncatedSph:
    halo = nfw_parameters_from(
        profile.mass_at_200, concentration, profile.redshift_object, profile.redshift_source, xp=xp
    )
    return NFWTruncatedSph(
        centre=profile.centre,
        kappa_s=halo.kappa_s,
        scale_radius=halo.scale_radius,
        truncation_radius=TRUNCATION * halo.virial_radius,
    )
