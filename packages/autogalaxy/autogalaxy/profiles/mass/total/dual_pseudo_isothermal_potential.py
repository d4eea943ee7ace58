"""Dual pseudo-isothermal profile with an elliptical potential."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import squeezed_from
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.total.cored_isothermal import (
    Cores,
    growth_from,
    inverse_radius_from,
    logarithms_from,
    radius_from,
)
from autogalaxy.profiles.mass.total.dual_pseudo_isothermal import CoreAndTruncation


def _mean_convergence_from(squared: Array, cores: Cores, outer: Array, xp: Namespace = np) -> Array:
    r""":math:`\bar\kappa`, the mean convergence of the circular lens inside the squared radius."""
    radius, outer_radius = radius_from(cores.inner, squared, xp=xp), radius_from(outer, squared, xp=xp)
    product = (radius + cores.inner) * (outer_radius + outer)
    return 2.0 * cores.strength * growth_from(cores, radius, outer_radius) / product


def _slope_from(squared: Array, cores: Cores, outer: Array, xp: Namespace = np) -> Array:
    r""":math:`d \bar\kappa / d R^2`, of which each core has :math:`-B / (R D^2)`."""
    radius, outer_radius = radius_from(cores.inner, squared, xp=xp), radius_from(outer, squared, xp=xp)
    d, d_outer = radius + cores.inner, outer_radius + outer
    growth = growth_from(cores, radius, outer_radius)
    top = (growth - 1.0) * d_outer**2 + radius * growth * (d + d_outer)
    return -cores.strength * top / (radius * outer_radius * (d * d_outer) ** 2)


@dataclass(eq=False)
class dPIEPotential(CoreAndTruncation, MassProfile):
    r"""Dual pseudo-isothermal profile whose potential, not convergence, is constant on ellipses.

    .. math:: \psi(x, y) = \psi_\circ(R), \quad R^2 = (1 - e) x^2 + (1 + e) y^2 = \mathrm{Re}(\bar z \zeta), \quad
              e = \frac{1 - q}{1 + q}

    with the potential :math:`\psi_\circ` of :class:`dPIEMassB0Sph`; q isn't the axis ratio of the convergence, which
    is dumbbell-shaped and negative in places for a large e. With the mean convergence :math:`\bar\kappa(R)` of the
    circle

    .. math:: \alpha = \bar\kappa \zeta, \quad \kappa = \bar\kappa + |\zeta|^2 \frac{d \bar\kappa}{d R^2}, \quad
              \gamma = -\epsilon \bar\kappa + \zeta^2 \frac{d \bar\kappa}{d R^2} .

    All are exact to rounding.

    References
    ----------
    Golse & Kneib (2002), A&A 390, 821; Eliasdottir et al. (2007), arXiv:0710.5636, appendix A.
    """

    def _cores(self) -> Cores:
        return Cores(strength=0.5 * self.b0 * self.rs, inner=self.ra, outer=self.rs)

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``; zero at the centre."""
        zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
        mean = _mean_convergence_from(y * zeta_y + x * zeta_x, self._cores(), self.rs, xp=xp)
        return mean * zeta_y, mean * zeta_x

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, half of the Laplacian of the potential, ``(n,)``; at a singular centre a large number."""
        zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
        squared, cores = y * zeta_y + x * zeta_x, self._cores()
        # R^2 d(mean) / d(R^2) is kappa - mean of the circle, so that large numbers do not cancel
        excess = zeta_y**2 + zeta_x**2 - squared
        circular = cores.strength * inverse_radius_from(cores, squared, xp=xp)
        return circular + excess * _slope_from(squared, cores, self.rs, xp=xp)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], up to a constant, ``(n,)``."""
        zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
        squared, cores = y * zeta_y + x * zeta_x, self._cores()
        mean = _mean_convergence_from(squared, cores, self.rs, xp=xp)
        return squared * mean + logarithms_from(squared, squared, 0.0, cores, xp=xp)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``."""
        zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
        squared, cores = y * zeta_y + x * zeta_x, self._cores()
        mean = _mean_convergence_from(squared, cores, self.rs, xp=xp)
        slope = _slope_from(squared, cores, self.rs, xp=xp)
        e0, e1 = ell_comps
        return slope * (zeta_x**2 - zeta_y**2) - e1 * mean, 2.0 * slope * zeta_x * zeta_y - e0 * mean


@dataclass(eq=False)
class dPIEPotentialSph(dPIEPotential):
    """Circular dual pseudo-isothermal profile."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
