"""NFW haloes given by their mass, with a concentration from a relation between mass and concentration."""

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
from autogalaxy.profiles.mass.dark.nfw import NFW
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.validation import Domain


@dataclass(eq=False)
class NFWMCRLudlow(LensRedshifts, HaloMass, DerivedMassProfile):
    """Elliptical NFW halo of a given mass, with the median concentration of Ludlow et al. (2016).

    The mass is that of the circular halo with the same ``kappa_s`` and ``scale_radius``.

    References
    ----------
    Ludlow et al. (2016), MNRAS 460, 1214.
    """

    domains: ClassVar[dict[str, Domain]] = HALO_DOMAINS

    def equivalent_from(self, xp: Namespace = np) -> NFW:
        """The elliptical NFW lens."""
        return _nfw_from(self, ludlow_16_concentration_from(self.mass_at_200, self.redshift_object, xp=xp), xp=xp)


@dataclass(eq=False)
class NFWMCRLudlowSph(NFWMCRLudlow):
    """Circular NFW halo of a given mass, with the median concentration of Ludlow et al. (2016)."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))


@dataclass(eq=False)
class NFWMCRScatterLudlow(LensRedshifts, ConcentrationScatter, HaloMass, DerivedMassProfile):
    """Elliptical NFW halo of a given mass, its concentration off the median of Ludlow et al. (2016).

    The mass is that of the circular halo with the same ``kappa_s`` and ``scale_radius``.

    References
    ----------
    Ludlow et al. (2016), MNRAS 460, 1214.
    """

    domains: ClassVar[dict[str, Domain]] = SCATTER_DOMAINS

    def equivalent_from(self, xp: Namespace = np) -> NFW:
        """The elliptical NFW lens."""
        concentration = ludlow_16_concentration_from(
            self.mass_at_200, self.redshift_object, scatter_sigma=self.scatter_sigma, xp=xp
        )
        return _nfw_from(self, concentration, xp=xp)


@dataclass(eq=False)
class NFWMCRScatterLudlowSph(NFWMCRScatterLudlow):
    """Circular NFW halo of a given mass, its concentration off the median of Ludlow et al. (2016)."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))


@dataclass(eq=False)
class NFWMCRDuffySph(LensRedshifts, HaloMass, DerivedMassProfile):
    """Circular NFW halo of a given mass, with the concentration of Duffy et al. (2008).

    References
    ----------
    Duffy, Schaye, Kay & Dalla Vecchia (2008), MNRAS 390, L64.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    domains: ClassVar[dict[str, Domain]] = HALO_DOMAINS

    def equivalent_from(self, xp: Namespace = np) -> NFW:
        """The circular NFW lens."""
        return _nfw_from(self, duffy_08_concentration_from(self.mass_at_200, self.redshift_object, xp=xp), xp=xp)


def _nfw_from(
    profile: NFWMCRLudlow | NFWMCRScatterLudlow | NFWMCRDuffySph, concentration: Array, xp: Namespace = np
) -> NFW:
    halo = nfw_parameters_from(
        profile.mass_at_200, concentration, profile.redshift_object, profile.redshift_source, xp=xp
    )
    return NFW(centre=profile.centre, ell_comps=profile.ell_comps, kappa_s=halo.kappa_s, scale_radius=halo.scale_radius)
