"""Elliptical power law with a core."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.special_functions import special_functions_from
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import modulus_from, squeezed_from
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.cored_steep import (
    cored_steep_deflections_from,
    cored_steep_potential_from,
    cored_steep_shear_from,
)
from autogalaxy.profiles.mass.total.cored_power import LARGEST_RADIUS, amplitudes_from, cores
from autogalaxy.profiles.mass.total.power_law import PowerLaw
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain

_SMALLEST_CORE = 1e-20
"""Core radius [arcsec] by which lengths are divided where there is none."""


@dataclass(eq=False)
class PowerLawCore(MassProfile):
    r"""Elliptical power law of slope g whose convergence is flat inside a core of radius s.

    .. math:: \kappa = \frac{3 - g}{1 + q} \left(\frac{\theta_E^2}{m^2 + s^2}\right)^{(g - 1) / 2},
              \quad m^2 = x^2 + y^2 / q^2

    The Einstein radius is that of the power law without the core, in the normalization of :class:`PowerLaw`. The
    deflection, potential and shear are a sum of 45 cored steep ellipsoids up to :math:`m = 10^5 s`, beyond it the power
    law minus the mass that the core lacks, as a point. For slopes of 1.05 to 2.95, q above 0.2 and every radius the
    relative error of the deflection is 1.5e-9, that of the shear 5e-9, that of the potential 2e-9 (1e-8 for slopes
    below 1.2); the convergence is exact.

    References
    ----------
    Barkana (1998), ApJ 502, 531; O'Riordan, Warren & Mortlock (2020), MNRAS 496, 3424; Oguri (2021), PASP 133, 074504.
    """

    einstein_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Radius inside which the mean convergence of the circular lens without a core is one."""
    slope: float = aa.parameter(2.0, unit="", prior=aa.UniformPrior(lower_limit=1.5, upper_limit=2.8))
    """Logarithmic slope of the density far outside the core, between 1 (a sheet) and 3."""
    core_radius: float = aa.parameter(0.01, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=0.5))
    """Major-axis radius s of the core."""

    domains: ClassVar[dict[str, Domain]] = {
        "einstein_radius": NOT_NEGATIVE,
        "slope": Domain(lower=1.0, upper=3.0),
        "core_radius": NOT_NEGATIVE,
    }

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        s, scale = self._core_from(xp=xp), self._central_convergence_from(ell_comps, xp=xp)
        amplitudes = amplitudes_from(self.slope - 1.0, xp=xp)
        near_y, near_x = cored_steep_deflections_from(y / s, x / s, ell_comps, amplitudes, cores(), xp=xp)
        near_y, near_x = scale * s * near_y, scale * s * near_x
        is_far = self._is_far(y, x, ell_comps, xp=xp)
        if xp is np and not is_far.any():
            return near_y, near_x
        far_y, far_x = self._singular().deflections_at(y, x, ell_comps, xp=xp)
        squared = y**2 + x**2
        pull = self._lacking_from(ell_comps, xp=xp) / xp.where(squared > 0.0, squared, 1.0)
        return xp.where(is_far, far_y - pull * y, near_y), xp.where(is_far, far_x - pull * x, near_x)

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``."""
        t, s = self.slope - 1.0, self._core_from(xp=xp)
        squared = self._squared_from(y, x, ell_comps, xp=xp) / s**2
        return self._central_convergence_from(ell_comps, xp=xp) * xp.exp(-0.5 * t * xp.log1p(squared))

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        r"""Potential [arcsec^2], zero at the centre, ``(n,)``.

        That of the lacking mass is, with :math:`b = (g - 1) / 2`, :math:`\mu = 2 q \kappa_0 s^2 / (2 - 2 b)` and the
        mean of :math:`\ln |z|` over an ellipse, :math:`\ln [(1 + q) m / 2]`,

        .. math:: \psi = \mu \left[\ln \frac{2 |z|}{(1 + q) s} + \frac{1}{2}
                  \left(\gamma_E + \psi_0(b) + \frac{1}{1 - b}\right)\right] .
        """
        s, scale = self._core_from(xp=xp), self._central_convergence_from(ell_comps, xp=xp)
        amplitudes, b = amplitudes_from(self.slope - 1.0, xp=xp), 0.5 * (self.slope - 1.0)
        near = scale * s**2 * cored_steep_potential_from(y / s, x / s, ell_comps, amplitudes, cores(), xp=xp)
        is_far = self._is_far(y, x, ell_comps, xp=xp)
        if xp is np and not is_far.any():
            return near
        squared = y**2 + x**2
        f = modulus_from(*ell_comps, xp=xp)
        log = 0.5 * xp.log(xp.where(squared > 0.0, squared, 1.0)) + xp.log((1.0 + f) / s)
        digamma = special_functions_from(xp).digamma(b)
        lacking = log + 0.5 * (np.euler_gamma + digamma + 1.0 / (1.0 - b))
        far = self._singular().potential_at(y, x, ell_comps, xp=xp)
        return xp.where(is_far, far - self._lacking_from(ell_comps, xp=xp) * lacking, near)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``."""
        s, scale = self._core_from(xp=xp), self._central_convergence_from(ell_comps, xp=xp)
        amplitudes = amplitudes_from(self.slope - 1.0, xp=xp)
        near_1, near_2 = cored_steep_shear_from(y / s, x / s, ell_comps, amplitudes, cores(), xp=xp)
        near_1, near_2 = scale * near_1, scale * near_2
        is_far = self._is_far(y, x, ell_comps, xp=xp)
        if xp is np and not is_far.any():
            return near_1, near_2
        far_1, far_2 = self._singular().shear_at(y, x, ell_comps, xp=xp)
        squared = y**2 + x**2
        pull = self._lacking_from(ell_comps, xp=xp) / xp.where(squared > 0.0, squared, 1.0) ** 2
        far_1, far_2 = far_1 + pull * (x**2 - y**2), far_2 + 2.0 * pull * x * y
        return xp.where(is_far, far_1, near_1), xp.where(is_far, far_2, near_2)

    def _core_from(self, xp: Namespace = np) -> Array:
        return xp.where(self.core_radius > _SMALLEST_CORE, self.core_radius, _SMALLEST_CORE)

    def _central_convergence_from(self, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        f = modulus_from(*ell_comps, xp=xp)
        power = (self.einstein_radius / self._core_from(xp=xp)) ** (self.slope - 1.0)
        return 0.5 * (3.0 - self.slope) * (1.0 + f) * power

    @staticmethod
    def _squared_from(y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Squared elliptical radius m^2."""
        zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
        return (zeta_y**2 + zeta_x**2) / (1.0 - modulus_from(*ell_comps, xp=xp)) ** 2

    def _is_far(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Where the sum ends."""
        return self._squared_from(y, x, ell_comps, xp=xp) > (LARGEST_RADIUS * self._core_from(xp=xp)) ** 2

    def _singular(self) -> PowerLaw:
        """The power law without the core."""
        return PowerLaw(einstein_radius=self.einstein_radius, slope=self.slope)

    def _lacking_from(self, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Mass that the core takes away from the power law, over pi [arcsec^2]."""
        f = modulus_from(*ell_comps, xp=xp)
        q = (1.0 - f) / (1.0 + f)
        scale = self._central_convergence_from(ell_comps, xp=xp) * self._core_from(xp=xp) ** 2
        return xp.where(self.core_radius > 0.0, 2.0 * q * scale / (3.0 - self.slope), 0.0)


@dataclass(eq=False)
class PowerLawCoreSph(PowerLawCore):
    """Circular power law with a core."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
