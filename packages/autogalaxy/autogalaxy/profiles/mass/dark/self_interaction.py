"""Haloes of dark matter that scatters off itself: rates, times and the parameters they depend on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

import autoarray as aa
from autoarray.special_functions import special_functions_from
from autoarray.type import Array, ArrayLike, Namespace
from autogalaxy.cosmology import GRAVITATIONAL_CONSTANT, KPC_IN_KM, SOLAR_MASS_PER_KPC3_IN_CGS

GYR_IN_SECONDS = 3.15576e16
KM_PER_S_GYR_IN_KPC = GYR_IN_SECONDS / KPC_IN_KM
"""Length in kpc of 1 km/s in a Gyr."""
CM2_PER_G = SOLAR_MASS_PER_KPC3_IN_CGS * KPC_IN_KM * 1e5
"""One cm^2/g in kpc^2 / solar mass."""
COLLAPSE_CONSTANT = 0.75
MAXIMUM_VELOCITY = 1.6483500
"""Largest circular velocity of an NFW halo over ``r_s sqrt(G rho_s)``."""
EFFECTIVE_VELOCITY = 0.64
"""One-dimensional velocity dispersion that sets the scattering rate, over the largest circular velocity."""


@dataclass(eq=False)
class CrossSection:
    """How strongly dark matter scatters."""

    sigma_over_m: float = aa.parameter(1.0, unit="cm2 / g", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=100.0))
    """Cross section over mass [cm^2/g]."""


@dataclass(eq=False)
class HaloAge:
    """For how long a halo has evolved."""

    t_age: float = aa.parameter(10.0, unit="Gyr", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=13.0))
    """Age of the halo [Gyr]."""


def effective_dispersion_from(rho_s: ArrayLike, scale_radius_kpc: ArrayLike, xp: Namespace = np) -> Array:
    r"""Velocity dispersion [km/s] at which particles of an NFW halo scatter: :math:`0.64 \, V_{max}`.

    References
    ----------
    Outmezguine et al. (2023), MNRAS 523, 4786.
    """
    return EFFECTIVE_VELOCITY * MAXIMUM_VELOCITY * scale_radius_kpc * xp.sqrt(GRAVITATIONAL_CONSTANT * rho_s)


def effective_cross_section_from(
    sigma_over_m: ArrayLike,
    velocity_exponent: ArrayLike,
    velocity_ref: ArrayLike,
    dispersion: ArrayLike,
    xp: Namespace = np,
) -> Array:
    r"""Constant cross section [cm^2/g] that conducts as much heat as :math:`\sigma = \sigma_0 (v / v_0)^{-a}`, a < 8.

    .. math:: \sigma_{eff} = \frac{\langle \sigma v^5 \rangle}{\langle v^5 \rangle}
              = \sigma_0 \left(\frac{2 \nu}{v_0}\right)^{-a} \frac{\Gamma(4 - a / 2)}{\Gamma(4)}

    over relative velocities with the distribution :math:`v^2 e^{-v^2 / 4 \nu^2}`, :math:`\nu` the dispersion.

    References
    ----------
    Yang & Yu (2022), JCAP 09, 077; Outmezguine et al. (2023), MNRAS 523, 4786.
    """
    gammaln = special_functions_from(xp).gammaln
    moment = xp.exp(gammaln(4.0 - 0.5 * velocity_exponent)) / 6.0
    return sigma_over_m * (2.0 * dispersion / velocity_ref) ** (-velocity_exponent) * moment


def collapse_time_from(
    sigma_over_m: ArrayLike, rho_s: ArrayLike, scale_radius_kpc: ArrayLike, xp: Namespace = np
) -> Array:
    r"""Time [Gyr] in which the core of an NFW halo collapses; ``rho_s`` in solar mass / kpc^3, cross section in cm^2/g.

    .. math:: t_c = \frac{150}{C} \frac{1}{(\sigma / m) \, \rho_s r_s} \frac{1}{\sqrt{4 \pi G \rho_s}}, \quad C = 0.75

    References
    ----------
    Balberg, Shapiro & Inagaki (2002), ApJ 568, 475; Yang, Nadler, Yu & Zhong (2024), JCAP 02, 032, eq. 2.2.
    """
    frequency = KM_PER_S_GYR_IN_KPC * xp.sqrt(4.0 * math.pi * GRAVITATIONAL_CONSTANT * rho_s)
    return 150.0 / COLLAPSE_CONSTANT / (CM2_PER_G * sigma_over_m * rho_s * scale_radius_kpc * frequency)


def scattering_rate_from(
    sigma_over_m: ArrayLike, rho_s: ArrayLike, scale_radius_kpc: ArrayLike, xp: Namespace = np
) -> Array:
    r"""Scatterings per Gyr of a particle at the density and velocity scales of an NFW halo.

    .. math:: \Gamma = \frac{\sigma}{m} \rho_s \frac{4}{\sqrt \pi} v_s, \quad v_s = r_s \sqrt{4 \pi G \rho_s}
    """
    velocity = scale_radius_kpc * xp.sqrt(4.0 * math.pi * GRAVITATIONAL_CONSTANT * rho_s)
    return CM2_PER_G * sigma_over_m * rho_s * 4.0 / math.sqrt(math.pi) * KM_PER_S_GYR_IN_KPC * velocity
