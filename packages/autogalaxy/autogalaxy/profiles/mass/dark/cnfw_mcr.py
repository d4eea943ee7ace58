"""Cored NFW haloes given by their mass, with a concentration from its relation to the mass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, ArrayLike, Namespace
from autogalaxy.profiles.mass.by_mass import (
    HALO_DOMAINS,
    SCATTER_DOMAINS,
    ConcentrationScatter,
    HaloMass,
    LensRedshifts,
)
from autogalaxy.profiles.mass.dark.cnfw import cNFW
from autogalaxy.profiles.mass.dark.concentration import (
    ludlow_16_concentration_from,
    nfw_mass_integral_from,
    nfw_parameters_from,
)
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain

_SMALLEST_CORE = 1e-30
_LOG_TAIL = [1.0 / (k + 2) for k in range(16)]
"""Of ``-(ln(1 - w) + w) / w^2`` in powers of w."""


def cored_mass_integral_from(concentration: ArrayLike, f_c: ArrayLike, xp: Namespace = np) -> Array:
    r"""Mass inside c scale radii over :math:`4 \pi \rho_s r_s^3` of a halo with a core of b scale radii.

    .. math:: m(c, b) = \int_0^c \frac{x^2 \, dx}{(x + b) (1 + x)^2} = m(c, 0)
              - b \left[\frac{c^2}{(c + b) (1 + c)} + \frac{b \, c^2}{(c + b)^2} \frac{\ln(1 - w) + w}{w^2}\right],
              \quad w = \frac{(1 - b) c}{c + b}
    """
    c, b = concentration, xp.where(f_c > _SMALLEST_CORE, f_c, _SMALLEST_CORE)
    w = (1.0 - b) * c / (c + b)
    small = abs(w) < 0.1
    near, far = xp.where(small, w, 0.0), xp.where(small, 0.5, w)
    series = 0.0 * near
    for coefficient in reversed(_LOG_TAIL):
        series = series * near + coefficient
    logarithm = xp.log(xp.where(small, 0.5, (1.0 + c) * b / (c + b)))
    tail = xp.where(small, -series, (logarithm + far) / far**2)
    missing = c**2 / ((c + b) * (1.0 + c)) + b * c**2 / (c + b) ** 2 * tail
    return nfw_mass_integral_from(c, xp=xp) - b * missing


@dataclass(eq=False)
class CoreFraction:
    """The core of a halo relative to its scale radius."""

    f_c: float = aa.parameter(0.01, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=0.5))
    """Core radius over scale radius; 0 is the NFW halo."""


@dataclass(eq=False)
class cNFWMCRLudlow(LensRedshifts, CoreFraction, HaloMass, DerivedMassProfile):
    """Elliptical cored NFW halo of a given mass, with the median concentration of Ludlow et al. (2016).

    The mass is that of the circular halo with the same parameters, core included. PyAutoLens 2026.10 has a
    normalization that is about 6 per cent larger.

    References
    ----------
    Penarrubia, Pontzen, Walker & Koposov (2012), ApJ 759, L42; Ludlow et al. (2016), MNRAS 460, 1214.
    """

    domains: ClassVar[dict[str, Domain]] = {"f_c": NOT_NEGATIVE, **HALO_DOMAINS}

    def equivalent_from(self, xp: Namespace = np) -> cNFW:
        """The elliptical cored NFW lens."""
        return _cored_from(self, ludlow_16_concentration_from(self.mass_at_200, self.redshift_object, xp=xp), xp=xp)


@dataclass(eq=False)
class cNFWMCRLudlowSph(cNFWMCRLudlow):
    """Circular cored NFW halo of a given mass, with the median concentration of Ludlow et al. (2016)."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))


@dataclass(eq=False)
class cNFWMCRScatterLudlow(LensRedshifts, CoreFraction, ConcentrationScatter, HaloMass, DerivedMassProfile):
    """Elliptical cored NFW halo of a given mass, its concentration off the median of Ludlow et al. (2016).

    The mass is that of the circular halo with the same parameters, core included.

    References
    ----------
    Penarrubia, Pontzen, Walker & Koposov (2012), ApJ 759, L42; Ludlow et al. (2016), MNRAS 460, 1214.
    """

    domains: ClassVar[dict[str, Domain]] = {"f_c": NOT_NEGATIVE, **SCATTER_DOMAINS}

    def equivalent_from(self, xp: Namespace = np) -> cNFW:
        """The elliptical cored NFW lens."""
        concentration = ludlow_16_concentration_from(
            self.mass_at_200, self.redshift_object, scatter_sigma=self.scatter_sigma, xp=xp
        )
        return _cored_from(self, concentration, xp=xp)


@dataclass(eq=False)
class cNFWMCRScatterLudlowSph(cNFWMCRScatterLudlow):
    """Circular cored NFW halo of a given mass, its concentration off the median of Ludlow et al. (2016)."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))


def _cored_from(profile: cNFWMCRLudlow | cNFWMCRScatterLudlow, concentration: Array, xp: Namespace = np) -> cNFW:
    halo = nfw_parameters_from(
        profile.mass_at_200,
        concentration,
        profile.redshift_object,
        profile.redshift_source,
        mass_integral=cored_mass_integral_from(concentration, profile.f_c, xp=xp),
        xp=xp,
    )
    return cNFW(
        centre=profile.centre,
        ell_comps=profile.ell_comps,
        kappa_s=halo.kappa_s,
        scale_radius=halo.scale_radius,
        core_radius=profile.f_c * halo.scale_radius,
    )
