"""Black hole given by its mass."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, ArrayLike, Namespace
from autogalaxy.cosmology import FlatLambdaCDM, Planck15
from autogalaxy.profiles.geometry import root_from
from autogalaxy.profiles.mass.by_mass import LENS_DOMAINS, LensRedshifts
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.mass.point.point import PointMass
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain


def point_einstein_radius_from(
    mass: ArrayLike,
    redshift_object: ArrayLike,
    redshift_source: ArrayLike,
    cosmology: FlatLambdaCDM | None = None,
    xp: Namespace = np,
) -> Array:
    r"""Einstein radius [arcsec] of a point of ``mass`` [solar mass].

    .. math:: \theta_E^2 = \frac{4 G M}{c^2} \frac{D_{ls}}{D_l D_s} = \frac{M}{\pi \Sigma_{cr}}

    References
    ----------
    Schneider, Ehlers & Falco (1992), Gravitational Lenses, section 2.1.
    """
    critical = (cosmology or Planck15()).critical_surface_density_between_redshifts_from(
        redshift_object, redshift_source, xp=xp
    )
    return root_from(mass / (math.pi * critical), xp=xp)


@dataclass(eq=False)
class BlackHoleMass:
    """The mass of one black hole or of two together."""

    mass: float = aa.parameter(1e10, unit="solMass", prior=aa.LogUniformPrior(lower_limit=1e6, upper_limit=1e12))
    """Mass [solar mass]; that of both in a binary."""


BLACK_HOLE_DOMAINS: dict[str, Domain] = {"mass": NOT_NEGATIVE, **LENS_DOMAINS}


@dataclass(eq=False)
class SMBH(LensRedshifts, BlackHoleMass, DerivedMassProfile):
    """Black hole of a given mass, a point lens."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    domains: ClassVar[dict[str, Domain]] = BLACK_HOLE_DOMAINS

    def equivalent_from(self, xp: Namespace = np) -> PointMass:
        """The point lens."""
        radius = point_einstein_radius_from(self.mass, self.redshift_object, self.redshift_source, xp=xp)
        return PointMass(centre=self.centre, einstein_radius=radius)
