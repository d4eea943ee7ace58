"""Haloes of self-interacting dark matter at any stage of their evolution."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import root_from
from autogalaxy.profiles.mass.by_mass import HALO_DOMAINS, HaloMass, LensRedshifts
from autogalaxy.profiles.mass.circular import CircularMassProfile
from autogalaxy.profiles.mass.dark.concentration import ludlow_16_concentration_from, nfw_parameters_from
from autogalaxy.profiles.mass.dark.round_density import RoundLens
from autogalaxy.profiles.mass.dark.self_interaction import (
    CrossSection,
    HaloAge,
    collapse_time_from,
    effective_cross_section_from,
    effective_dispersion_from,
)
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain


@dataclass(eq=False)
class YangSIDMSph(CircularMassProfile):
    r"""Circular halo that scattering has given a core, which then collapses.

    .. math:: \rho = \frac{\rho_s}{\left[(r^4 + r_c^4)^{1/4} / r_s\right] (1 + r / r_s)^2}

    with :math:`\rho_s, r_s, r_c` functions of :math:`\tau = t / t_c` and of the NFW halo at :math:`\tau = 0`, fitted to
    a simulation. Deflection, convergence and potential are quadratures, good to 1e-9 from 0.001 to 100 scale radii.

    References
    ----------
    Yang, Nadler, Yu & Zhong (2024), JCAP 02, 032, eqs. 2.3 and 2.4.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    kappa_s: float = aa.parameter(0.05, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    r""":math:`\rho_s r_s / \Sigma_{cr}` of the NFW halo at the start."""
    scale_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.1, upper_limit=50.0))
    """Scale radius of the NFW halo at the start."""
    tau: float = aa.parameter(0.0, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    """Age over the time of core collapse; the fit ends at one, and later ages are taken as one."""

    domains: ClassVar[dict[str, Domain]] = {
        "kappa_s": NOT_NEGATIVE,
        "scale_radius": POSITIVE,
        "tau": NOT_NEGATIVE,
    }

    def evolved_from(self, xp: Namespace = np) -> tuple[Array, Array, Array]:
        r""":math:`\rho_s, r_s, r_c` over those of the NFW halo, the last over its scale radius."""
        t = xp.minimum(self.tau, 1.0)
        start = xp.log(t + 0.001) / math.log(0.001)
        density = 2.033 + 0.7381 * t + 7.264 * t**5 - 12.73 * t**7 + 9.915 * t**9 + (1.0 - 2.033) * start
        scale = 0.7178 - 0.1026 * t + 0.2474 * t**2 - 0.4079 * t**3 + (1.0 - 0.7178) * start
        core = 2.555 * root_from(t, xp=xp) - 3.632 * t + 2.131 * t**2 - 1.415 * t**3 + 0.4683 * t**4
        return density, scale, core

    def mean_convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Mean convergence inside the circle of squared radius ``squared`` [arcsec^2], ``(n,)``."""
        lens, kappa_s, _ = self._lens_from(squared, xp=xp)
        return kappa_s * lens.mean_convergence()

    def convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Convergence at the squared radius [arcsec^2], ``(n,)``."""
        lens, kappa_s, _ = self._lens_from(squared, xp=xp)
        return kappa_s * lens.convergence()

    def potential_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Potential [arcsec^2] at the squared radius [arcsec^2], zero at the centre, ``(n,)``."""
        lens, kappa_s, scale = self._lens_from(squared, xp=xp)
        return kappa_s * scale**2 * lens.potential()

    def _lens_from(self, squared: Array, xp: Namespace = np) -> tuple[RoundLens, Array, Array]:
        """The lens in units of the scale radius of the evolved halo, its kappa_s and that radius [arcsec]."""
        density, scale, core = self.evolved_from(xp=xp)
        core = core / scale

        def shape(radii_squared: Array) -> Array:
            cored = xp.sqrt(xp.sqrt(radii_squared**2 + core**4))
            return 1.0 / (cored * (1.0 + xp.sqrt(radii_squared)) ** 2)

        radius = scale * self.scale_radius
        return RoundLens(shape, core, squared / radius**2, xp=xp), self.kappa_s * density * scale, radius


@dataclass(eq=False)
class VelocityDependence:
    """How the cross section falls with the relative velocity."""

    velocity_exponent: float = aa.parameter(0.0, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=4.0))
    """a of a cross section that falls as ``v^-a``."""
    velocity_ref: float = aa.parameter(10.0, unit="km/s", prior=aa.LogUniformPrior(lower_limit=1.0, upper_limit=1000.0))
    """Velocity at which the cross section is ``sigma_over_m``."""


@dataclass(eq=False)
class YangSIDMMCRLudlowSph(LensRedshifts, HaloAge, VelocityDependence, CrossSection, HaloMass, DerivedMassProfile):
    """Circular halo of self-interacting dark matter by its mass, cross section and age.

    It starts as an NFW halo with the median concentration of Ludlow et al. (2016), whose mass is given.

    References
    ----------
    Yang, Nadler, Yu & Zhong (2024), JCAP 02, 032; Ludlow et al. (2016), MNRAS 460, 1214.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    domains: ClassVar[dict[str, Domain]] = {
        "sigma_over_m": NOT_NEGATIVE,
        "velocity_exponent": Domain(lower=0.0, upper=8.0, closed=True),
        "velocity_ref": POSITIVE,
        "t_age": NOT_NEGATIVE,
        **HALO_DOMAINS,
    }

    def equivalent_from(self, xp: Namespace = np) -> YangSIDMSph:
        """The halo at its age over the time of core collapse."""
        concentration = ludlow_16_concentration_from(self.mass_at_200, self.redshift_object, xp=xp)
        halo = nfw_parameters_from(self.mass_at_200, concentration, self.redshift_object, self.redshift_source, xp=xp)
        scale_radius_kpc = halo.scale_radius * halo.kpc_per_arcsec
        dispersion = effective_dispersion_from(halo.rho_s, scale_radius_kpc, xp=xp)
        cross_section = effective_cross_section_from(
            self.sigma_over_m, self.velocity_exponent, self.velocity_ref, dispersion, xp=xp
        )
        # A rate, not a time: without scattering the halo never collapses.
        rate = cross_section / collapse_time_from(1.0, halo.rho_s, scale_radius_kpc, xp=xp)
        return YangSIDMSph(
            centre=self.centre,
            kappa_s=halo.kappa_s,
            scale_radius=halo.scale_radius,
            tau=xp.minimum(self.t_age * rate, 1.0),
        )
