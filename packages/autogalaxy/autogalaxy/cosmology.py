"""Distances of a Friedmann universe, for NumPy and JAX alike; redshifts and parameters may be traced."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree, is_held_by_jax
from autoarray.concrete import number_from, real_array_from
from autoarray.type import Array, ArrayLike, Namespace

SPEED_OF_LIGHT = 299792.458
"""[km/s], exact (SI)."""
KPC_IN_KM = 3.0856775814913673e16
"""IAU 2015 resolution B2 (a parsec is 648000 / pi astronomical units)."""
GRAVITATIONAL_CONSTANT = 1.3271244e11 / KPC_IN_KM
"""[kpc (km/s)^2 / solar mass], from the nominal solar mass parameter of IAU 2015 resolution B3."""
GRAVITATIONAL_CONSTANT_SI = 6.6743e-11
"""[m^3 / (kg s^2)], CODATA 2018."""
STEFAN_BOLTZMANN = 5.670374419e-8
"""[W / (m^2 K^4)], CODATA 2018."""
BOLTZMANN_EV = 1.380649e-23 / 1.602176634e-19
"""[eV/K], exact (SI)."""
ARCSEC_IN_RADIANS = math.pi / 648000.0
SOLAR_MASS_PER_KPC3_IN_CGS = GRAVITATIONAL_CONSTANT * 1e6 / (GRAVITATIONAL_CONSTANT_SI * KPC_IN_KM**2 * 1e6) * 1e-3
"""One solar mass per kpc^3 in g/cm^3."""
SECONDS_IN_DAY = 86400.0

NEUTRINO_TEMPERATURE = 0.7137658555036082
"""Of the cosmic neutrino background over that of the photons, (4/11)^(1/3)."""
NEUTRINO_DENSITY = 0.22710731766
"""Energy density of a massless neutrino over that of the photons, 7/8 (4/11)^(4/3)."""
KOMATSU_SCALE, KOMATSU_POWER = 0.3173, 1.83
"""Of the fit to the energy density of a massive neutrino: Komatsu et al. (2011), ApJS 192, 18, eq. 26."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)


class LensingCosmology(InstancePytree):
    """Distances and the quantities of lensing that follow from them; a subclass gives the expansion history.

    Redshifts are numbers or arrays of any shape, distances have the shape of the redshifts.
    """

    H0: float

    @abstractmethod
    def inverse_efunc_from(self, redshift: ArrayLike, xp: Namespace = np) -> Array:
        """``H0 / H(z)``."""
        raise NotImplementedError

    def comoving_distance_between_redshifts_mpc_from(
        self, redshift_0: ArrayLike, redshift_1: ArrayLike, xp: Namespace = np
    ) -> Array:
        r"""Line-of-sight comoving distance [Mpc] between two redshifts.

        .. math:: D_C = \frac{c}{H_0} \int_{z_0}^{z_1} \frac{dz}{E(z)}

        Gauss-Legendre in :math:`u = \ln(1 + z)`, in which the integrand is smooth out to recombination: 40 nodes
        leave an error of 1e-15 to z = 10 and of 1e-10 to z = 1100.
        """
        _check_redshifts(redshift_0, redshift_1)
        u_0 = xp.log(1.0 + _float_from(redshift_0, xp=xp))[..., None]
        u_1 = xp.log(1.0 + _float_from(redshift_1, xp=xp))[..., None]
        scale = xp.exp(0.5 * (u_1 + u_0) + 0.5 * (u_1 - u_0) * xp.asarray(_NODES))
        integrand = scale * self.inverse_efunc_from(scale - 1.0, xp=xp)
        integral = 0.5 * (u_1 - u_0)[..., 0] * xp.sum(integrand * xp.asarray(_WEIGHTS), axis=-1)
        return SPEED_OF_LIGHT / self.H0 * integral

    def comoving_distance_mpc_from(self, redshift: ArrayLike, xp: Namespace = np) -> Array:
        """Comoving distance [Mpc] from Earth."""
        return self.comoving_distance_between_redshifts_mpc_from(0.0, redshift, xp=xp)

    def luminosity_distance_mpc_from(self, redshift: ArrayLike, xp: Namespace = np) -> Array:
        """Luminosity distance [Mpc], ``(1 + z) D_C`` in a flat universe."""
        comoving = self.comoving_distance_mpc_from(redshift, xp=xp)
        return (1.0 + _float_from(redshift, xp=xp)) * comoving

    def angular_diameter_distance_between_redshifts_in_kpc_from(
        self, redshift_0: ArrayLike, redshift_1: ArrayLike, xp: Namespace = np
    ) -> Array:
        """Angular diameter distance [kpc] of an object at ``redshift_1`` seen from ``redshift_0``."""
        comoving = self.comoving_distance_between_redshifts_mpc_from(redshift_0, redshift_1, xp=xp)
        return 1e3 * comoving / (1.0 + _float_from(redshift_1, xp=xp))

    def angular_diameter_distance_to_earth_in_kpc_from(self, redshift: ArrayLike, xp: Namespace = np) -> Array:
        """Angular diameter distance [kpc] from Earth."""
        return self.angular_diameter_distance_between_redshifts_in_kpc_from(0.0, redshift, xp=xp)

    def kpc_per_arcsec_from(self, redshift: ArrayLike, xp: Namespace = np) -> Array:
        """Proper transverse size [kpc] of one arc-second."""
        return ARCSEC_IN_RADIANS * self.angular_diameter_distance_to_earth_in_kpc_from(redshift, xp=xp)

    def arcsec_per_kpc_from(self, redshift: ArrayLike, xp: Namespace = np) -> Array:
        """Angle [arcsec] of one proper kpc; ``redshift`` is above 0."""
        _check_not_here(redshift)
        return 1.0 / self.kpc_per_arcsec_from(redshift, xp=xp)

    def critical_surface_density_between_redshifts_solar_mass_per_kpc2_from(
        self, redshift_0: ArrayLike, redshift_1: ArrayLike, xp: Namespace = np
    ) -> Array:
        r"""Critical surface density [solar mass / kpc^2] of a lens at ``redshift_0`` and a source at ``redshift_1``.

        .. math:: \Sigma_{cr} = \frac{c^2}{4 \pi G} \frac{D_s}{D_l D_{ls}}
        """
        _check_lens_before_source(redshift_0, redshift_1)
        d_l, d_s, d_ls = self._lens_distances_from(redshift_0, redshift_1, xp=xp)
        return SPEED_OF_LIGHT**2 / (4.0 * math.pi * GRAVITATIONAL_CONSTANT) * d_s / (d_l * d_ls)

    def critical_surface_density_between_redshifts_from(
        self, redshift_0: ArrayLike, redshift_1: ArrayLike, xp: Namespace = np
    ) -> Array:
        """Critical surface density [solar mass / arcsec^2], the angle seen at the lens (``redshift_0``).

        Multiplied by an area of convergence [arcsec^2] it gives a mass.
        """
        per_kpc2 = self.critical_surface_density_between_redshifts_solar_mass_per_kpc2_from(
            redshift_0, redshift_1, xp=xp
        )
        return per_kpc2 * self.kpc_per_arcsec_from(redshift_0, xp=xp) ** 2

    def scaling_factor_between_redshifts_from(
        self, redshift_0: ArrayLike, redshift_1: ArrayLike, redshift_final: ArrayLike, xp: Namespace = np
    ) -> Array:
        r"""Factor of the deflection by a lens at ``redshift_0`` of light from ``redshift_1``.

        .. math:: \beta_{ij} = \frac{D_{ij} D_s}{D_j D_{is}}

        One where ``redshift_1`` is the final plane, zero where it is the lens itself; above one behind the final plane.
        """
        between = self.angular_diameter_distance_between_redshifts_in_kpc_from
        d_ij, d_is = between(redshift_0, redshift_1, xp=xp), between(redshift_0, redshift_final, xp=xp)
        d_j, d_s = between(0.0, redshift_1, xp=xp), between(0.0, redshift_final, xp=xp)
        denominator = d_j * d_is
        defined = denominator != 0.0  # 0 / 0 for planes at the same redshift, which do not deflect each other
        return xp.where(defined, d_ij * d_s / xp.where(defined, denominator, 1.0), 0.0)

    def time_delay_distance_mpc_from(self, redshift_0: ArrayLike, redshift_1: ArrayLike, xp: Namespace = np) -> Array:
        r"""Time-delay distance [Mpc] of a lens at ``redshift_0`` and a source at ``redshift_1``.

        .. math:: D_{\Delta t} = (1 + z_l) \frac{D_l D_s}{D_{ls}}

        References
        ----------
        Suyu et al. (2010), ApJ 711, 201.
        """
        _check_lens_before_source(redshift_0, redshift_1)
        d_l, d_s, d_ls = self._lens_distances_from(redshift_0, redshift_1, xp=xp)
        return 1e-3 * (1.0 + _float_from(redshift_0, xp=xp)) * d_l * d_s / d_ls

    def days_per_arcsec2_from(self, redshift_0: ArrayLike, redshift_1: ArrayLike, xp: Namespace = np) -> Array:
        """Delay [days] of a Fermat potential of one arcsec^2: ``D_dt / c``."""
        distance = 1e3 * KPC_IN_KM * self.time_delay_distance_mpc_from(redshift_0, redshift_1, xp=xp)
        return distance * (ARCSEC_IN_RADIANS**2 / SPEED_OF_LIGHT / SECONDS_IN_DAY)

    def velocity_dispersion_from(
        self, redshift_0: ArrayLike, redshift_1: ArrayLike, einstein_radius: ArrayLike, xp: Namespace = np
    ) -> Array:
        r"""Velocity dispersion [km/s] of the singular isothermal sphere with ``einstein_radius`` [arcsec].

        .. math:: \theta_E = 4 \pi \frac{\sigma^2}{c^2} \frac{D_{ls}}{D_s}
        """
        _check_lens_before_source(redshift_0, redshift_1)
        _, d_s, d_ls = self._lens_distances_from(redshift_0, redshift_1, xp=xp)
        angle = ARCSEC_IN_RADIANS * _float_from(einstein_radius, xp=xp)
        return SPEED_OF_LIGHT * xp.sqrt(angle * d_s / (4.0 * math.pi * d_ls))

    def critical_density_solar_mass_per_kpc3_from(self, redshift: ArrayLike, xp: Namespace = np) -> Array:
        r"""Critical density of the universe [solar mass / kpc^3], :math:`3 H(z)^2 / (8 \pi G)`."""
        _check_redshifts(redshift, redshift)
        hubble = 1e-3 * self.H0 / self.inverse_efunc_from(_float_from(redshift, xp=xp), xp=xp)
        return 3.0 * hubble**2 / (8.0 * math.pi * GRAVITATIONAL_CONSTANT)

    def critical_density_from(self, redshift: ArrayLike, xp: Namespace = np) -> Array:
        """Critical density of the universe [g / cm^3]."""
        return SOLAR_MASS_PER_KPC3_IN_CGS * self.critical_density_solar_mass_per_kpc3_from(redshift, xp=xp)

    def _lens_distances_from(
        self, redshift_0: ArrayLike, redshift_1: ArrayLike, xp: Namespace = np
    ) -> tuple[Array, Array, Array]:
        """Angular diameter distances [kpc] ``D_l, D_s, D_ls``."""
        return (
            self.angular_diameter_distance_to_earth_in_kpc_from(redshift_0, xp=xp),
            self.angular_diameter_distance_to_earth_in_kpc_from(redshift_1, xp=xp),
            self.angular_diameter_distance_between_redshifts_in_kpc_from(redshift_0, redshift_1, xp=xp),
        )


@dataclass(eq=False)
class FlatLambdaCDM(LensingCosmology):
    r"""Flat universe of matter, radiation, neutrinos and a cosmological constant.

    .. math:: E^2(z) = \Omega_m (1 + z)^3 + [\Omega_\gamma + \Omega_\nu(z)] (1 + z)^4 + \Omega_\Lambda

    As in astropy, ``Om0`` counts no neutrinos, ``Neff`` is shared by ``floor(Neff)`` species, the radiation density
    follows from ``Tcmb0`` and the cosmological constant makes the universe flat. The defaults are those of Planck 2018
    without neutrino mass.

    References
    ----------
    Planck Collaboration (2020), A&A 641, A6; Komatsu et al. (2011), ApJS 192, 18 (massive neutrinos).
    """

    H0: float = aa.parameter(67.66, unit="km/s/Mpc", prior=aa.UniformPrior(lower_limit=10.0, upper_limit=150.0))
    """Hubble constant."""
    Om0: float = aa.parameter(0.30966, unit="", prior=aa.UniformPrior(lower_limit=0.05, upper_limit=0.95))
    """Density of non-relativistic matter today over the critical density."""
    Tcmb0: float = 2.7255
    """Temperature [K] of the microwave background today."""
    Neff: float = 3.046
    """Effective number of neutrino species."""
    m_nu: float | tuple[float, ...] = 0.0
    """Mass [eV] of every neutrino species, or of each one."""
    Ob0: float = 0.04897
    """Density of baryons today; part of ``Om0``, no distance depends on it."""

    def __post_init__(self) -> None:
        for name in ("H0", "Om0", "Tcmb0", "Neff", "Ob0"):
            value = getattr(self, name)
            if is_held_by_jax(value):
                continue
            number = number_from(value)
            if not _is_in_domain(name, number):
                wanted = "a number above 0" if name == "H0" else "a finite number not below 0"
                raise exc.CosmologyException(
                    f"{type(self).__name__} got {name}={exc.shown(value)}, wanted {wanted}: "
                    "FlatLambdaCDM(H0=67.66, Om0=0.3)."
                )
            setattr(self, name, number)
        masses = self._masses()
        species = math.floor(self.Neff)
        if len(masses) != species or not all(math.isfinite(m) and m >= 0.0 for m in masses):
            raise exc.CosmologyException(
                f"{type(self).__name__} got m_nu={exc.shown(self.m_nu)} [eV] with Neff={self.Neff}, wanted one "
                f"mass not below 0 or a tuple of {species}."
            )

    def _masses(self) -> tuple[float, ...]:
        """Masses of the species of neutrinos [eV]; what is no number becomes NaN."""
        if isinstance(self.m_nu, int | float):
            return (number_from(self.m_nu),) * math.floor(self.Neff)
        given = real_array_from(self.m_nu)
        if given is None or given.ndim != 1:
            return (math.nan,)
        self.m_nu = tuple(given.tolist())
        return self.m_nu

    @property
    def static_key(self) -> tuple | None:
        """What JAX compares where a cosmology is a constant; None when a parameter is an array.

        The class and every field, those of a subclass too: two that differ in one of them are two constants.
        """
        values = tuple((f.name, getattr(self, f.name)) for f in fields(self))
        return (type(self), *values) if _is_constant(values) else None

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether traced parameters are inside their domain."""
        return xp.logical_and(self.H0 > 0.0, self.Om0 >= 0.0)

    @property
    def Ogamma0(self) -> Array:
        r"""Density of photons today over the critical density, :math:`4 \sigma T^4 / c^3` over it."""
        density = 4.0 * STEFAN_BOLTZMANN * self.Tcmb0**4 / (1e3 * SPEED_OF_LIGHT) ** 3
        hubble = self.H0 / (1e3 * KPC_IN_KM)
        return density * 8.0 * math.pi * GRAVITATIONAL_CONSTANT_SI / (3.0 * hubble**2)

    def neutrino_density_ratio_from(self, redshift: ArrayLike, xp: Namespace = np) -> Array:
        """Density of neutrinos over that of photons: Komatsu et al. (2011), eq. 26."""
        redshift = _number_above_minus_one(redshift)
        species = math.floor(self.Neff)
        masses = self.m_nu if isinstance(self.m_nu, tuple) else (self.m_nu,) * species
        massive = [m for m in masses if m > 0.0 and self.Tcmb0 > 0.0]
        if not massive:
            return NEUTRINO_DENSITY * self.Neff
        total: Any = float(species - len(massive))
        for mass in massive:
            over_temperature = mass / (BOLTZMANN_EV * NEUTRINO_TEMPERATURE * self.Tcmb0) / (1.0 + redshift)
            total = total + (1.0 + (KOMATSU_SCALE * over_temperature) ** KOMATSU_POWER) ** (1.0 / KOMATSU_POWER)
        return NEUTRINO_DENSITY * self.Neff / species * total

    def inverse_efunc_from(self, redshift: ArrayLike, xp: Namespace = np) -> Array:
        """``H0 / H(z)``."""
        redshift = _number_above_minus_one(redshift)
        photons = self.Ogamma0
        dark_energy = 1.0 - self.Om0 - photons * (1.0 + self.neutrino_density_ratio_from(0.0, xp=xp))
        radiation = photons * (1.0 + self.neutrino_density_ratio_from(redshift, xp=xp))
        scale = 1.0 + redshift
        return 1.0 / xp.sqrt(scale**3 * (self.Om0 + radiation * scale) + dark_energy)


@dataclass(eq=False)
class Planck15(FlatLambdaCDM):
    """The cosmology of the Planck 2015 results, one neutrino of 0.06 eV.

    References
    ----------
    Planck Collaboration (2016), A&A 594, A13, Table 4 (TT, TE, EE + lowP + lensing + ext).
    """

    H0: float = aa.parameter(67.74, unit="km/s/Mpc", prior=aa.UniformPrior(lower_limit=10.0, upper_limit=150.0))
    """Hubble constant."""
    Om0: float = aa.parameter(0.3075, unit="", prior=aa.UniformPrior(lower_limit=0.05, upper_limit=0.95))
    """Density of non-relativistic matter today over the critical density."""
    m_nu: float | tuple[float, ...] = (0.0, 0.0, 0.06)
    """Mass [eV] of each neutrino species."""
    Ob0: float = 0.0486
    """Density of baryons today."""


def _is_constant(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(_is_constant(item) for item in value)
    return value is None or isinstance(value, float | int | str)


_LARGEST_REDSHIFT = 1e9


def _is_in_domain(name: str, value: float) -> bool:
    return value < 1e6 and (value > 0.0 if name == "H0" else value >= 0.0)  # 1e6 of anything is no universe


def _float_from(value: ArrayLike, xp: Namespace = np) -> Array:
    return value if is_held_by_jax(value) else xp.asarray(value, dtype=float)


def _concrete_from(value: ArrayLike) -> np.ndarray | None:
    """The redshifts of ``value``, None when they are held by JAX (and perhaps have no numbers yet)."""
    if is_held_by_jax(value):
        return None
    numbers = None if isinstance(value, bool) else real_array_from(value)
    if numbers is None or not np.all((numbers >= 0.0) & (numbers < _LARGEST_REDSHIFT)):
        raise exc.CosmologyException(
            f"got redshift {exc.shown(value)}, wanted a finite number not below 0: redshift=0.5."
        )
    return numbers


def _check_not_here(redshift: ArrayLike) -> None:
    at = _concrete_from(redshift)
    if at is not None and np.any(at == 0.0):
        raise exc.CosmologyException("arcsec_per_kpc_from got redshift=0, where a kpc has no angle; wanted z > 0.")


def _number_above_minus_one(redshift: ArrayLike) -> Array:
    """The redshift, which rounding may have made negative, as floats."""
    if is_held_by_jax(redshift):
        return redshift
    numbers = None if isinstance(redshift, bool) else real_array_from(redshift)
    if numbers is None or not np.all((numbers > -1.0) & (numbers < _LARGEST_REDSHIFT)):
        raise exc.CosmologyException(f"got redshift {exc.shown(redshift)}, wanted a finite number: redshift=0.5.")
    return numbers


def _check_redshifts(redshift_0: ArrayLike, redshift_1: ArrayLike) -> None:
    pair = [_concrete_from(z) for z in (redshift_0, redshift_1)]
    if pair[0] is not None and pair[1] is not None and np.any(pair[0] > pair[1]):
        raise exc.CosmologyException(
            f"got redshifts {pair[0]} and {pair[1]} in this order, wanted the nearer one first: swap the arguments."
        )


def _check_lens_before_source(redshift_0: ArrayLike, redshift_1: ArrayLike) -> None:
    lens, source = _concrete_from(redshift_0), _concrete_from(redshift_1)
    if lens is not None and source is not None and np.any(lens == source):
        raise exc.CosmologyException(
            f"got a lens and a source both at redshift {lens}, where light is not deflected; wanted the source behind."
        )
    if lens is not None and np.any(lens == 0.0):
        raise exc.CosmologyException("got a lens at redshift 0, wanted redshift_0 above 0.")
