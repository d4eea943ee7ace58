r"""Haloes by their mass: concentrations, radii and the lensing parameters that follow from them.

Masses are in solar masses, radii in kpc unless angles are named, redshifts and cosmologies as in ``ag.cosmo``. Every
argument may be traced by JAX; without a cosmology that of Planck 2015 is used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from autoarray.type import Array, ArrayLike, Namespace
from autogalaxy.cosmology import FlatLambdaCDM, Planck15

OVERDENSITY = 200.0
"""Mean density inside the radius of a halo over the critical density at its redshift."""
SCATTER_DEX = 0.15
"""Standard deviation of the logarithm (base 10) of the concentration at a given mass."""
THRESHOLD = 1.686
"""Linear overdensity at which a sphere collapses."""

DUFFY_AMPLITUDE, DUFFY_MASS_POWER, DUFFY_REDSHIFT_POWER, DUFFY_PIVOT = 5.71, -0.084, -0.47, 2e12
"""Of all haloes, overdensity 200, redshifts 0 to 2: Duffy et al. (2008), Table 1; the pivot is in solar mass / h."""


@dataclass(frozen=True)
class NFWParameters:
    """What an NFW lens is made of."""

    kappa_s: Array
    r""":math:`\rho_s r_s / \Sigma_{cr}`."""
    scale_radius: Array
    """[arcsec]."""
    virial_radius: Array
    """[arcsec]; that of 200 critical densities unless another overdensity was asked for."""
    rho_s: Array
    """Density scale [solar mass / kpc^3]."""
    kpc_per_arcsec: Array
    """Proper size [kpc] of an arc-second at the halo."""


def duffy_08_concentration_from(
    mass_at_200: ArrayLike, redshift: ArrayLike, cosmology: FlatLambdaCDM | None = None, xp: Namespace = np
) -> Array:
    r"""Concentration ``r_200 / r_s`` of haloes at ``redshift``.

    .. math:: c = 5.71 \left(\frac{M_{200}}{2 \times 10^{12} h^{-1} M_\odot}\right)^{-0.084} (1 + z)^{-0.47}

    References
    ----------
    Duffy, Schaye, Kay & Dalla Vecchia (2008), MNRAS 390, L64, eq. 4 and Table 1.
    """
    mass = _mass_per_h_from(mass_at_200, cosmology, xp=xp)
    growth = (1.0 + _number_from(redshift, xp=xp)) ** DUFFY_REDSHIFT_POWER
    return DUFFY_AMPLITUDE * (mass / DUFFY_PIVOT) ** DUFFY_MASS_POWER * growth


def ludlow_16_concentration_from(
    mass_at_200: ArrayLike,
    redshift: ArrayLike,
    scatter_sigma: ArrayLike = 0.0,
    cosmology: FlatLambdaCDM | None = None,
    xp: Namespace = np,
) -> Array:
    r"""Concentration ``r_200 / r_-2`` of haloes at ``redshift`` (below 7).

    .. math:: c = c_0 \left(\frac{\nu}{\nu_0}\right)^{-\gamma_1}
              \left[1 + \left(\frac{\nu}{\nu_0}\right)^{1 / \beta}\right]^{-\beta (\gamma_2 - \gamma_1)}, \quad
              \nu = \frac{1.686}{D(z) \, \sigma}, \quad
              \sigma = \frac{22.26 \, \xi^{0.292}}{1 + 1.53 \, \xi^{0.275} + 3.36 \, \xi^{0.198}}, \quad
              \xi = \frac{10^{10} h^{-1} M_\odot}{M}

    This is the median; the result is it times ``10 ** (0.15 * scatter_sigma)``. The fit to sigma is that to the Planck
    power spectrum, good to 2.5 per cent for masses of 1e7 to 1e15; codes that integrate the power spectrum instead find
    concentrations that differ by up to 3 per cent.

    References
    ----------
    Ludlow et al. (2016), MNRAS 460, 1214, Appendix C.
    """
    z = 1.0 + _number_from(redshift, xp=xp)
    c_0, beta = 3.395 * z**-0.215, 0.307 * z**0.540
    gamma_1, gamma_2 = 0.628 * z**-0.047, 0.317 * z**-0.893
    xi = 1e10 / _mass_per_h_from(mass_at_200, cosmology, xp=xp)
    sigma = 22.26 * xi**0.292 / (1.0 + 1.53 * xi**0.275 + 3.36 * xi**0.198)
    # The growth factor D(z) divides both peak heights, so it is left out of their ratio.
    nu_0 = 4.135 - 0.564 * z - 0.210 * z**2 + 0.0557 * z**3 - 0.00348 * z**4
    ratio = THRESHOLD / sigma / nu_0
    median = c_0 * ratio**-gamma_1 * (1.0 + ratio ** (1.0 / beta)) ** (-beta * (gamma_2 - gamma_1))
    return median * 10.0 ** (SCATTER_DEX * _number_from(scatter_sigma, xp=xp))


def virial_radius_kpc_from(
    mass: ArrayLike,
    redshift: ArrayLike,
    overdensity: ArrayLike = OVERDENSITY,
    cosmology: FlatLambdaCDM | None = None,
    xp: Namespace = np,
) -> Array:
    r"""Radius [kpc] of the sphere of ``mass`` with a mean density of ``overdensity`` times the critical density.

    .. math:: M = \frac{4 \pi}{3} \Delta \, \rho_c(z) \, r^3
    """
    cosmology = cosmology or Planck15()
    density = overdensity * cosmology.critical_density_solar_mass_per_kpc3_from(redshift, xp=xp)
    return (3.0 * _number_from(mass, xp=xp) / (4.0 * math.pi * density)) ** (1.0 / 3.0)


def nfw_mass_integral_from(concentration: ArrayLike, xp: Namespace = np) -> Array:
    r"""Mass inside c scale radii over :math:`4 \pi \rho_s r_s^3`, :math:`\ln(1 + c) - c / (1 + c)`."""
    c = _number_from(concentration, xp=xp)
    return xp.log1p(c) - c / (1.0 + c)


def nfw_parameters_from(
    mass: ArrayLike,
    concentration: ArrayLike,
    redshift_object: ArrayLike,
    redshift_source: ArrayLike,
    overdensity: ArrayLike = OVERDENSITY,
    mass_integral: ArrayLike | None = None,
    cosmology: FlatLambdaCDM | None = None,
    xp: Namespace = np,
) -> NFWParameters:
    r"""Lensing parameters of the halo of ``mass`` inside the virial radius, ``concentration`` scale radii.

    .. math:: \rho_s = \frac{M}{4 \pi r_s^3 \, m(c)}, \quad \kappa_s = \frac{\rho_s r_s}{\Sigma_{cr}}

    ``mass_integral`` is m(c), that of the NFW halo unless given: a density of another shape has another one. Angles are
    reduced for a source at ``redshift_source``.

    References
    ----------
    Navarro, Frenk & White (1997), ApJ 490, 493.
    """
    cosmology = cosmology or Planck15()
    radius = virial_radius_kpc_from(mass, redshift_object, overdensity=overdensity, cosmology=cosmology, xp=xp)
    scale_radius = radius / concentration
    integral = nfw_mass_integral_from(concentration, xp=xp) if mass_integral is None else mass_integral
    rho_s = _number_from(mass, xp=xp) / (4.0 * math.pi * scale_radius**3 * integral)
    critical = cosmology.critical_surface_density_between_redshifts_solar_mass_per_kpc2_from(
        redshift_object, redshift_source, xp=xp
    )
    kpc_per_arcsec = cosmology.kpc_per_arcsec_from(redshift_object, xp=xp)
    return NFWParameters(
        kappa_s=rho_s * scale_radius / critical,
        scale_radius=scale_radius / kpc_per_arcsec,
        virial_radius=radius / kpc_per_arcsec,
        rho_s=rho_s,
        kpc_per_arcsec=kpc_per_arcsec,
    )


def _mass_per_h_from(mass: ArrayLike, cosmology: FlatLambdaCDM | None, xp: Namespace = np) -> Array:
    """``mass`` in units of solar mass / h."""
    return _number_from(mass, xp=xp) * (cosmology or Planck15()).H0 / 100.0


def _number_from(value: ArrayLike, xp: Namespace = np) -> Array:
    """Integers and lists as an array of floats, which have powers; what is traced as it is."""
    return xp.asarray(value, dtype=float) if isinstance(value, int | float | list | tuple) else value
