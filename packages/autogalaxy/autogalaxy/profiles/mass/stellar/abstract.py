"""Mass that follows the light of stars."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import numpy as np

from autoarray.abstract_ndarray import is_concrete_number
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import eccentric_radii_squared_from
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.cored_steep import (
    cored_steep_deflections_from,
    cored_steep_potential_from,
    cored_steep_shear_from,
)
from autogalaxy.profiles.mass.cored_steep_sums import Terms
from autogalaxy.profiles.mass.stellar.expansion import Shares, stellar_fit_from

_CUSP = 1e-7
"""Radius in effective radii inside which a cusp is flattened by its expansion."""


class StellarMassProfile(MassProfile):
    r"""Base of profiles whose convergence is a function of the eccentric radius in effective radii, times a factor.

    The convergence is exact. Deflection, potential and shear are those of an expansion of it in cored steep ellipsoids
    (Oguri 2021, PASP 133, 074504), an exact lens with a convergence that differs a little. That of a Sersic profile has
    a set of cores for each of ten ranges of the index. From one to the next, at an index of 0.57, 0.73, 0.93, 1.33,
    1.87, 2.67, 3.7, 5.3 and 7.7, the deflection jumps by at most 5e-7 of itself: a difference that straddles one of
    them is off by that over its step, where a derivative by JAX is not.

    A subclass declares the parameters that are named here.
    """

    intensity: float
    effective_radius: float
    sersic_index: float
    mass_to_light_ratio: float

    has_cusp: ClassVar[bool] = False
    """Whether the convergence may be infinite at the centre."""

    @abstractmethod
    def _shape_parameters(self) -> tuple[Array, ...]:
        """All parameters that ``_shape_at`` reads."""
        raise NotImplementedError

    @abstractmethod
    def _shape_at(self, squared_ratios: Array, xp: Namespace = np) -> Array:
        """Convergence over intensity and mass-to-light ratio at ``(R / R_e)^2``, ``(n,) -> (n,)``."""
        raise NotImplementedError

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``; at a singular centre a large number."""
        squared_ratios = eccentric_radii_squared_from(y, x, ell_comps) / self.effective_radius**2
        return self._factor(xp=xp) * self._shape_at(squared_ratios, xp=xp)

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        unit, terms = self._expansion_from(xp=xp)
        alpha_y, alpha_x = cored_steep_deflections_from(y / unit, x / unit, ell_comps, *terms, xp=xp)
        scale = self._factor(xp=xp) * unit
        return scale * alpha_y, scale * alpha_x

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], zero at the centre, ``(n,)``."""
        unit, terms = self._expansion_from(xp=xp)
        potential = cored_steep_potential_from(y / unit, x / unit, ell_comps, *terms, xp=xp)
        return self._factor(xp=xp) * unit**2 * potential

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``; zero at the centre of a cusp, where it has no limit."""
        unit, terms = self._expansion_from(xp=xp)
        gamma_1, gamma_2 = cored_steep_shear_from(y / unit, x / unit, ell_comps, *terms, xp=xp)
        factor = self._factor(xp=xp)
        if self.has_cusp:
            factor = xp.where(y**2 + x**2 > (_CUSP * unit) ** 2, factor, 0.0)
        return factor * gamma_1, factor * gamma_2

    def _factor(self, xp: Namespace = np) -> Array:
        return self.intensity * self.mass_to_light_ratio

    def _fits_from(self, xp: Namespace = np) -> Shares:
        """The fits that give the amplitudes."""
        return ((1.0, stellar_fit_from(self.sersic_index, xp=xp)),)

    def _expansion_from(self, xp: Namespace = np) -> tuple[Array, tuple[Array, Array, Terms | None]]:
        """Effective radius along the major axis [arcsec], and the terms for a factor of one, cores in that unit."""
        concrete = all(is_concrete_number(value) for value in self._shape_parameters())
        backend = np if concrete else xp
        fits = self._fits_from(xp=backend)
        values = self._shape_at(fits[0][1].radii ** 2, xp=backend)
        amplitudes = sum(share * fit.amplitudes_from(values, xp=backend) for share, fit in fits)
        return self.effective_radius / xp.sqrt(self.axis_ratio(xp=xp)), fits[0][1].terms_from(amplitudes)
