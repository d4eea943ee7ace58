"""Generalised NFW haloes given by their virial mass and concentration."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, ArrayLike, Namespace
from autogalaxy.cosmology import FlatLambdaCDM, Planck15
from autogalaxy.profiles.mass.by_mass import LENS_DOMAINS, LensRedshifts
from autogalaxy.profiles.mass.dark.concentration import nfw_parameters_from
from autogalaxy.profiles.mass.dark.gnfw import gNFW, gNFWSph
from autogalaxy.profiles.mass.dark.gnfw_mcr import InnerSlope, generalised_mass_integral_from
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain, checked_number


def virial_overdensity_from(redshift: ArrayLike, cosmology: FlatLambdaCDM | None = None, xp: Namespace = np) -> Array:
    r"""Mean density of a collapsed sphere over the critical density at ``redshift``, in a flat universe.

    .. math:: \Delta = 18 \pi^2 + 82 x - 39 x^2, \quad x = \Omega_m(z) - 1

    References
    ----------
    Bryan & Norman (1998), ApJ 495, 80, eq. 6.
    """
    cosmology = cosmology or Planck15()
    excess = cosmology.Om0 * (1.0 + redshift) ** 3 * cosmology.inverse_efunc_from(redshift, xp=xp) ** 2 - 1.0
    return 18.0 * math.pi**2 + 82.0 * excess - 39.0 * excess**2


@dataclass(eq=False)
class _LogMass:
    log10m_vir: float = aa.parameter(12.0, unit="", prior=aa.UniformPrior(lower_limit=8.0, upper_limit=15.0))
    """Logarithm (base 10) of the mass [solar mass] inside the virial radius."""


@dataclass(eq=False)
class _ConcentrationOfSlopeTwo:
    c_2: float = aa.parameter(10.0, unit="", prior=aa.LogUniformPrior(lower_limit=1.0, upper_limit=50.0))
    r"""Virial radius over the radius where the slope of the density is -2, which is :math:`(2 - \gamma) \, r_s`."""


@dataclass(eq=False)
class _ConcentrationOfScaleRadius:
    c_gNFW: float = aa.parameter(10.0, unit="", prior=aa.LogUniformPrior(lower_limit=1.0, upper_limit=50.0))
    """Virial radius over scale radius."""


@dataclass(eq=False)
class _Overdensity:
    overdens: float = 0.0
    """Mean density inside the virial radius over the critical density at the redshift of the halo; 0 stands for that of
    Bryan & Norman (1998). Fixed in a fit."""

    def __post_init__(self) -> None:
        super().__post_init__()  # type: ignore[misc]
        checked_number(type(self).__name__, "overdens", self.overdens, NOT_NEGATIVE)


_DOMAINS: dict[str, Domain] = {
    "c_2": POSITIVE,
    "c_gNFW": POSITIVE,
    "inner_slope": gNFW.domains["inner_slope"],
    **LENS_DOMAINS,
}


@dataclass(eq=False)
class gNFWVirialMassConcSph(
    InnerSlope, LensRedshifts, _Overdensity, _ConcentrationOfSlopeTwo, _LogMass, DerivedMassProfile
):
    """Circular generalised NFW halo of a given virial mass, its concentration that of the slope -2.

    References
    ----------
    Bryan & Norman (1998), ApJ 495, 80; Zhao (1996), MNRAS 278, 488.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    domains: ClassVar[dict[str, Domain]] = {name: _DOMAINS[name] for name in _DOMAINS if name != "c_gNFW"}

    def equivalent_from(self, xp: Namespace = np) -> gNFWSph:
        """The generalised NFW lens."""
        return _gnfw_from(self, self.c_2 * (2.0 - self.inner_slope), xp=xp)


@dataclass(eq=False)
class gNFWVirialMassgNFWConcSph(
    InnerSlope, LensRedshifts, _Overdensity, _ConcentrationOfScaleRadius, _LogMass, DerivedMassProfile
):
    """Circular generalised NFW halo of a given virial mass, its concentration that of the scale radius.

    References
    ----------
    Bryan & Norman (1998), ApJ 495, 80; Zhao (1996), MNRAS 278, 488.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    domains: ClassVar[dict[str, Domain]] = {name: _DOMAINS[name] for name in _DOMAINS if name != "c_2"}

    def equivalent_from(self, xp: Namespace = np) -> gNFWSph:
        """The generalised NFW lens."""
        return _gnfw_from(self, self.c_gNFW, xp=xp)


def _gnfw_from(
    profile: gNFWVirialMassConcSph | gNFWVirialMassgNFWConcSph, concentration: Array, xp: Namespace = np
) -> gNFWSph:
    lens = profile.redshift_object
    halo = nfw_parameters_from(
        10.0**profile.log10m_vir,
        concentration,
        lens,
        profile.redshift_source,
        overdensity=profile.overdens if profile.overdens > 0.0 else virial_overdensity_from(lens, xp=xp),
        mass_integral=generalised_mass_integral_from(concentration, profile.inner_slope, xp=xp),
        xp=xp,
    )
    return gNFWSph(
        centre=profile.centre,
        kappa_s=halo.kappa_s,
        scale_radius=halo.scale_radius,
        inner_slope=profile.inner_slope,
    )
