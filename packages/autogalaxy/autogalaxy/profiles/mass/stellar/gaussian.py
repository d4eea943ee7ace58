"""Elliptical Gaussian of stars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import modulus_from
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.stellar.gaussian_ellipsoid import (
    gaussian_convergence_from,
    gaussian_deflections_from,
    gaussian_potential_from,
    gaussian_shear_from,
)
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain


@dataclass(eq=False)
class Gaussian(MassProfile):
    r"""Elliptical Gaussian; ``sigma`` is the minor-axis value, as that of the light.

    .. math:: \kappa = \Upsilon I_0 \exp[-(q^2 x^2 + y^2) / (2 \sigma^2)]

    For q of 0.2 to 1 and 0.01 to 100 sigma the relative error of the deflection is below 2e-11, of the potential 5e-11
    and of the shear (over the convergence or itself, what is larger) 2e-10; for q above 0.35 below 5e-12. At q = 0.1
    the deflection is good to 2e-10, and to 1e-6 where the ellipticity is traced by JAX.

    References
    ----------
    Shajib (2019), MNRAS 488, 1387.
    """

    intensity: float = aa.parameter(0.1, unit="e- s^-1", prior=aa.LogUniformPrior(lower_limit=1e-4, upper_limit=1e3))
    """Light at the centre."""
    sigma: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.01, upper_limit=10.0))
    """Standard deviation along the minor axis."""
    mass_to_light_ratio: float = aa.parameter(
        1.0, unit="", prior=aa.LogUniformPrior(lower_limit=0.01, upper_limit=10.0)
    )
    """Convergence over light."""

    domains: ClassVar[dict[str, Domain]] = {"sigma": POSITIVE, "mass_to_light_ratio": NOT_NEGATIVE}

    def central_convergence_from(self, xp: Namespace = np) -> Array:
        """Convergence at the centre."""
        return self.mass_to_light_ratio * self.intensity

    def _scaled(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array, Array]:
        """Offsets in units of ``s = (1 + f) sigma``, and s."""
        scale = (1.0 + modulus_from(*ell_comps, xp=xp)) * self.sigma
        return y / scale, x / scale, scale

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        y, x, scale = self._scaled(y, x, ell_comps, xp=xp)
        alpha_y, alpha_x = gaussian_deflections_from(y, x, ell_comps, xp=xp)
        factor = self.central_convergence_from(xp=xp) * scale
        return factor * alpha_y, factor * alpha_x

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``."""
        y, x, _ = self._scaled(y, x, ell_comps, xp=xp)
        return self.central_convergence_from(xp=xp) * gaussian_convergence_from(y, x, ell_comps, xp=xp)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], zero at the centre, ``(n,)``."""
        y, x, scale = self._scaled(y, x, ell_comps, xp=xp)
        return self.central_convergence_from(xp=xp) * scale**2 * gaussian_potential_from(y, x, ell_comps, xp=xp)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``."""
        y, x, _ = self._scaled(y, x, ell_comps, xp=xp)
        gamma_1, gamma_2 = gaussian_shear_from(y, x, ell_comps, xp=xp)
        central = self.central_convergence_from(xp=xp)
        return central * gamma_1, central * gamma_2
