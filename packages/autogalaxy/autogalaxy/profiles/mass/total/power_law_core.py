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
from autogalaxy.profiles.mass.total.isothermal import SMALLEST_RADIUS
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain

_SMALLEST_CORE = 1e-20
"""Core radius [arcsec] by which lengths are divided where there is none."""


@dataclass(frozen=True, eq=False)
class _Core:
    r"""Points in core radii, those beyond the sum shrunk onto its edge by :math:`\lambda \le 1`."""

    radius: Array
    central: Array
    """Convergence at the centre."""
    amplitudes: Array
    y: Array
    x: Array
    log: Array
    r""":math:`\ln \lambda`."""
    squared: Array
    """Squared distance from the centre [arcsec^2], one at the centre."""
    lacking: Array
    """Mass that the core takes away from the power law, over pi [arcsec^2]."""
    growth: Array
    r""":math:`\lambda^{g - 3} - 1`."""


@dataclass(eq=False)
class PowerLawCore(MassProfile):
    r"""Elliptical power law of slope g whose convergence is flat inside a core of radius s.

    .. math:: \kappa = \frac{3 - g}{1 + q} \left(\frac{\theta_E^2}{m^2 + s^2}\right)^{(g - 1) / 2},
              \quad m^2 = x^2 + y^2 / q^2

    The Einstein radius is that of the power law without the core, in the normalization of :class:`PowerLaw`. The
    deflection, potential and shear are a sum of 45 cored steep ellipsoids up to :math:`m = 10^5 s`. Beyond it the lens
    is the power law, which is the same at all scales, minus the mass that the core lacks, as a point. For slopes of
    1.05 to 2.95, q above 0.2 and every radius the relative error of the deflection is 1.5e-9, that of the shear 5e-9,
    that of the potential 2e-9 (1e-8 for slopes below 1.2); the convergence is exact.

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
        r"""(y, x) deflections [arcsec], each ``(n,)``: :math:`\lambda^{g - 2}` times that of the shrunken point."""
        c = self._core_from(y, x, ell_comps, xp=xp)
        alpha_y, alpha_x = cored_steep_deflections_from(c.y, c.x, ell_comps, c.amplitudes, cores(), xp=xp)
        scale = c.central * c.radius * xp.exp((self.slope - 2.0) * c.log)
        pull = c.lacking * c.growth / c.squared
        return scale * alpha_y + pull * y, scale * alpha_x + pull * x

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``."""
        core = xp.where(self.core_radius > SMALLEST_RADIUS, self.core_radius, SMALLEST_RADIUS)
        zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
        f = modulus_from(*ell_comps, xp=xp)
        squared = (zeta_y**2 + zeta_x**2) / ((1.0 - f) * core) ** 2
        return self._central_from(core, f) * xp.exp(-0.5 * (self.slope - 1.0) * xp.log1p(squared))

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        r"""Potential [arcsec^2], zero at the centre, ``(n,)``.

        That of the lacking mass :math:`\pi \mu` is, with :math:`b = (g - 1) / 2` and the mean of :math:`\ln |z|` over
        an ellipse, :math:`\ln [(1 + q) m / 2]`,

        .. math:: \psi = \mu \left[\ln \frac{2 |z|}{(1 + q) s} + \frac{1}{2}
                  \left(\gamma_E + \psi_0(b) + \frac{1}{1 - b}\right)\right] .
        """
        c = self._core_from(y, x, ell_comps, xp=xp)
        potential = cored_steep_potential_from(c.y, c.x, ell_comps, c.amplitudes, cores(), xp=xp)
        b, f = 0.5 * (self.slope - 1.0), modulus_from(*ell_comps, xp=xp)
        constant = 0.5 * (np.euler_gamma + special_functions_from(xp).digamma(b) + 1.0 / (1.0 - b))
        log = 0.5 * xp.log(c.squared) + xp.log((1.0 + f) / c.radius) + constant
        power = xp.exp((self.slope - 3.0) * c.log)
        return c.central * c.radius**2 * power * potential + c.lacking * (c.growth * log + power * c.log)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        r"""Shear (gamma_1, gamma_2), each ``(n,)``: :math:`\lambda^{g - 1}` times that of the shrunken point."""
        c = self._core_from(y, x, ell_comps, xp=xp)
        gamma_1, gamma_2 = cored_steep_shear_from(c.y, c.x, ell_comps, c.amplitudes, cores(), xp=xp)
        scale = c.central * xp.exp((self.slope - 1.0) * c.log)
        pull = c.lacking * c.growth / c.squared**2
        return scale * gamma_1 - pull * (x**2 - y**2), scale * gamma_2 - 2.0 * pull * x * y

    def _core_from(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> _Core:
        f = modulus_from(*ell_comps, xp=xp)
        radius = xp.where(self.core_radius > _SMALLEST_CORE, self.core_radius, _SMALLEST_CORE)
        y, x = y / radius, x / radius
        zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
        m = (zeta_y**2 + zeta_x**2) / ((1.0 - f) * LARGEST_RADIUS) ** 2
        log = -0.5 * xp.log(xp.where(m > 1.0, m, 1.0))
        shrink = xp.exp(log)
        squared = (y**2 + x**2) * radius**2
        central = self._central_from(radius, f)
        # what is added to the shrunken point is taken away again from a lens with a core
        growth = xp.exp((self.slope - 3.0) * log) - xp.where(self.core_radius > 0.0, 1.0, 0.0)
        return _Core(
            radius=radius,
            central=central,
            amplitudes=amplitudes_from(self.slope - 1.0, xp=xp),
            y=y * shrink,
            x=x * shrink,
            log=log,
            squared=xp.where(squared > 0.0, squared, 1.0),
            lacking=2.0 * (1.0 - f) / (1.0 + f) * central * radius**2 / (3.0 - self.slope),
            growth=growth,
        )

    def _central_from(self, core_radius: Array, f: Array) -> Array:
        """Convergence at the centre."""
        return 0.5 * (3.0 - self.slope) * (1.0 + f) * (self.einstein_radius / core_radius) ** (self.slope - 1.0)


@dataclass(eq=False)
class PowerLawCoreSph(PowerLawCore):
    """Circular power law with a core."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
