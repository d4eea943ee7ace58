"""Haloes of self-interacting dark matter with an isothermal core."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.by_mass import HALO_DOMAINS, HaloMass, LensRedshifts
from autogalaxy.profiles.mass.circular import CircularMassProfile
from autogalaxy.profiles.mass.dark.concentration import ludlow_16_concentration_from, nfw_parameters_from
from autogalaxy.profiles.mass.dark.isothermal_sphere import edge_from, isothermal_sphere
from autogalaxy.profiles.mass.dark.nfw_ellipsoid import nfw_convergence_from
from autogalaxy.profiles.mass.dark.nfw_ellipsoid_deflection import nfw_deflections_from
from autogalaxy.profiles.mass.dark.nfw_ellipsoid_derived import nfw_potential_from
from autogalaxy.profiles.mass.dark.round_density import RoundLens
from autogalaxy.profiles.mass.dark.self_interaction import CrossSection, HaloAge, scattering_rate_from
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain, checked_number

_SMALLEST_EDGE = 1e-8
_SMALLEST_SQUARED = 4e-20
_EXPOSURE = 100.0
"""[cm^2 Gyr / g]; of the stand-in for an interaction radius that was not given."""


@dataclass(eq=False)
class NFWHalo:
    """The NFW halo that self-interaction has not reached."""

    kappa_s: float = aa.parameter(0.05, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    r""":math:`\rho_s r_s / \Sigma_{cr}`, the characteristic convergence."""
    scale_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.1, upper_limit=50.0))
    """Radius at which the slope of the density is -2."""


@dataclass(eq=False)
class KaplinghatCoredNFWSph(HaloAge, CrossSection, NFWHalo, CircularMassProfile):
    r"""Circular NFW halo, inside ``interaction_radius`` an isothermal sphere of the same density and mass there.

    Outside, lensing is that of the NFW halo; inside, the difference is a quadrature. Deflection, convergence and
    potential are good to 1e-9 from 0.001 scale radii on, to 5e-8 where the radius is above two scale radii.

    The radius is where a particle has scattered once, :math:`\rho(r_1) \langle \sigma v \rangle t / m = 1`. Without
    redshifts the density has no physical units, so where no radius is given, that of PyAutoLens stands in,
    :math:`r_1 = r_s \, u / (1 + u)` with u the product of ``sigma_over_m`` and ``t_age`` over 100 cm^2 Gyr/g.
    ``KaplinghatCoredNFWMCRLudlowSph`` solves for the radius.

    References
    ----------
    Kaplinghat, Tulin & Yu (2016), PRL 116, 041302.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    interaction_radius: float | None = None
    """Radius of the isothermal sphere [arcsec], below 3.97 scale radii; then cross section and age have no effect."""

    domains: ClassVar[dict[str, Domain]] = {
        "kappa_s": NOT_NEGATIVE,
        "scale_radius": POSITIVE,
        "sigma_over_m": NOT_NEGATIVE,
        "t_age": NOT_NEGATIVE,
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        owner = type(self).__name__
        if self.interaction_radius is None:
            return
        self.interaction_radius = checked_number(owner, "interaction_radius", self.interaction_radius, NOT_NEGATIVE)
        largest = isothermal_sphere().largest_edge
        radius, scale = self.interaction_radius, self.scale_radius
        if not is_traced(radius) and not is_traced(scale) and radius > largest * scale:
            raise exc.ProfileException(
                f"{owner} got interaction_radius={float(radius):g} and scale_radius={float(scale):g}, wanted at most "
                f"{largest:.3f} scale radii, beyond which no isothermal sphere fits: {owner}(interaction_radius=0.5)."
            )

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether every parameter is inside its domain and an isothermal sphere fits into the halo."""
        radius = self.interaction_radius_from(xp=xp)
        fits = xp.logical_and(radius >= 0.0, radius <= isothermal_sphere().largest_edge * self.scale_radius)
        return xp.logical_and(super().is_physical(xp=xp), fits)

    def interaction_radius_from(self, xp: Namespace = np) -> Array:
        """Radius [arcsec] of the isothermal sphere."""
        if self.interaction_radius is not None:
            return xp.asarray(self.interaction_radius)
        exposure = self.sigma_over_m * self.t_age / _EXPOSURE
        return self.scale_radius * exposure / (1.0 + exposure)

    def mean_convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Mean convergence inside the circle of squared radius ``squared`` [arcsec^2], ``(n,)``."""
        squared = self._scaled(squared, xp=xp)
        radii = xp.sqrt(squared)
        _, nfw = nfw_deflections_from(0.0 * radii, radii, (0.0, 0.0), xp=xp)
        return self.kappa_s * (nfw / radii + self._change_from(squared, xp=xp).mean_convergence())

    def convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Convergence at the squared radius [arcsec^2], ``(n,)``."""
        squared = self._scaled(squared, xp=xp)
        return self.kappa_s * (
            2.0 * nfw_convergence_from(squared, xp=xp) + self._change_from(squared, xp=xp).convergence()
        )

    def potential_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Potential [arcsec^2] at the squared radius [arcsec^2], zero at the centre, ``(n,)``."""
        squared = self._scaled(squared, xp=xp)
        radii = xp.sqrt(squared)
        nfw = nfw_potential_from(0.0 * radii, radii, (0.0, 0.0), xp=xp)
        return self.kappa_s * self.scale_radius**2 * (nfw + self._change_from(squared, xp=xp).potential())

    def _scaled(self, squared: Array, xp: Namespace = np) -> Array:
        """Squared radii in squared scale radii, above zero: the NFW halo and its change are singular there."""
        squared = squared / self.scale_radius**2
        return xp.where(squared > _SMALLEST_SQUARED, squared, _SMALLEST_SQUARED)

    def _change_from(self, squared: Array, xp: Namespace = np) -> RoundLens:
        """The isothermal sphere minus the NFW halo that it replaces, together without mass."""
        sphere = isothermal_sphere()
        edge = xp.clip(self.interaction_radius_from(xp=xp) / self.scale_radius, _SMALLEST_EDGE, sphere.largest_edge)
        density, core = sphere.core_from(edge, xp=xp)

        def change(radii_squared: Array) -> Array:
            radii = xp.sqrt(radii_squared)
            isothermal = density * sphere.density_ratio_from(radii_squared / core**2, xp=xp)
            return isothermal - 1.0 / (radii * (1.0 + radii) ** 2)

        return RoundLens(change, 0.0, squared, edge=edge, xp=xp)


@dataclass(eq=False)
class KaplinghatCoredNFWMCRLudlowSph(LensRedshifts, HaloAge, CrossSection, HaloMass, DerivedMassProfile):
    r"""Circular halo of self-interacting dark matter by its mass, cross section and age.

    An NFW halo with the median concentration of Ludlow et al. (2016) has an isothermal core inside the radius where
    :math:`\rho(r_1) (\sigma / m) (4 \sigma_0 / \sqrt \pi) \, t = 1`; the mean relative speed is that of a Maxwell
    distribution with the dispersion :math:`\sigma_0` of the core. PyAutoLens 2026.10 has the circular velocity at
    :math:`r_1` in its place, which is 0.6 times as large. The radius is at most 3.97 scale radii.

    References
    ----------
    Kaplinghat, Tulin & Yu (2016), PRL 116, 041302; Ludlow et al. (2016), MNRAS 460, 1214.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    domains: ClassVar[dict[str, Domain]] = {"sigma_over_m": NOT_NEGATIVE, "t_age": NOT_NEGATIVE, **HALO_DOMAINS}

    def equivalent_from(self, xp: Namespace = np) -> KaplinghatCoredNFWSph:
        """The NFW lens with its isothermal core."""
        concentration = ludlow_16_concentration_from(self.mass_at_200, self.redshift_object, xp=xp)
        halo = nfw_parameters_from(self.mass_at_200, concentration, self.redshift_object, self.redshift_source, xp=xp)
        rate = scattering_rate_from(self.sigma_over_m, halo.rho_s, halo.scale_radius * halo.kpc_per_arcsec, xp=xp)
        return KaplinghatCoredNFWSph(
            centre=self.centre,
            kappa_s=halo.kappa_s,
            scale_radius=halo.scale_radius,
            interaction_radius=halo.scale_radius * edge_from(rate * self.t_age, xp=xp),
        )
