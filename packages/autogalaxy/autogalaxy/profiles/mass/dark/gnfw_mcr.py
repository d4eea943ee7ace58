"""Generalised NFW haloes given by their mass, with a concentration from its relation to the mass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, ArrayLike, Namespace
from autogalaxy.profiles.mass.by_mass import HALO_DOMAINS, HaloMass, LensRedshifts
from autogalaxy.profiles.mass.dark.concentration import ludlow_16_concentration_from, nfw_parameters_from
from autogalaxy.profiles.mass.dark.gnfw import gNFW
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.validation import Domain

# Gauss-Legendre nodes on (0, 1) to the fourth power: the integrand is a broken power at zero.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
_WEIGHTS = 2.0 * _WEIGHTS * (0.5 * (_NODES + 1.0)) ** 3
_NODES = (0.5 * (_NODES + 1.0)) ** 4


def generalised_mass_integral_from(concentration: ArrayLike, inner_slope: ArrayLike, xp: Namespace = np) -> Array:
    r"""Mass inside c scale radii over :math:`4 \pi \rho_s r_s^3` of a halo with inner slope :math:`\gamma`.

    .. math:: m(c, \gamma) = \int_0^c x^{2 - \gamma} (1 + x)^{\gamma - 3} dx
              = \int_0^{\ln(1 + c)} (1 - e^{-y})^{2 - \gamma} dy

    at 32 nodes; the relative error is below 1e-12 for slopes from 0 to 2 and concentrations from 1 to 100.
    """
    reach = xp.log1p(concentration)
    total = 0.0 * reach
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        total = total + weight * (-xp.expm1(-node * reach)) ** (2.0 - inner_slope)
    return reach * total


@dataclass(eq=False)
class InnerSlope:
    """The slope of a halo given by its mass."""

    inner_slope: float = aa.parameter(1.0, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.9))
    """Minus the logarithmic slope of the density at the centre; 1 is the NFW halo."""


@dataclass(eq=False)
class gNFWMCRLudlow(InnerSlope, LensRedshifts, HaloMass, DerivedMassProfile):
    """Elliptical generalised NFW halo of a given mass, with the median concentration of Ludlow et al. (2016).

    The concentration is the radius of 200 critical densities over the scale radius at every inner slope, and the mass
    that of the circular halo with the same parameters. PyAutoLens 2026.10 takes ``kappa_s`` of the NFW halo, which has
    another mass.

    References
    ----------
    Ludlow et al. (2016), MNRAS 460, 1214.
    """

    domains: ClassVar[dict[str, Domain]] = {"inner_slope": gNFW.domains["inner_slope"], **HALO_DOMAINS}

    def equivalent_from(self, xp: Namespace = np) -> gNFW:
        """The elliptical generalised NFW lens."""
        concentration = ludlow_16_concentration_from(self.mass_at_200, self.redshift_object, xp=xp)
        halo = nfw_parameters_from(
            self.mass_at_200,
            concentration,
            self.redshift_object,
            self.redshift_source,
            mass_integral=generalised_mass_integral_from(concentration, self.inner_slope, xp=xp),
            xp=xp,
        )
        return gNFW(
            centre=self.centre,
            ell_comps=self.ell_comps,
            kappa_s=halo.kappa_s,
            scale_radius=halo.scale_radius,
            inner_slope=self.inner_slope,
        )
