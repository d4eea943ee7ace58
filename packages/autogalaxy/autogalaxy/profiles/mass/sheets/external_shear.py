"""External shear."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile


@dataclass(eq=False)
class ExternalShear(MassProfile):
    r"""Tidal field of matter far from the lens, without convergence, about the origin.

    .. math:: \alpha_x = \gamma_1 x + \gamma_2 y, \quad \alpha_y = \gamma_2 x - \gamma_1 y
    """

    centre: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    gamma_1: float = aa.parameter(0.0, unit="", prior=aa.UniformPrior(lower_limit=-0.2, upper_limit=0.2))
    """Component along x (positive) and y (negative)."""
    gamma_2: float = aa.parameter(0.0, unit="", prior=aa.UniformPrior(lower_limit=-0.2, upper_limit=0.2))
    """Component along the diagonals."""

    def magnitude(self, xp: Namespace = np) -> Array:
        """``sqrt(gamma_1^2 + gamma_2^2)``."""
        from autogalaxy import convert

        return convert.shear_magnitude_from(self.gamma_1, self.gamma_2, xp=xp)

    def angle(self, xp: Namespace = np) -> Array:
        """Direction of stretching [degrees], counter-clockwise from the positive x-axis."""
        from autogalaxy import convert

        return convert.shear_angle_from(self.gamma_1, self.gamma_2, xp=xp)

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        return self.gamma_2 * x - self.gamma_1 * y, self.gamma_1 * x + self.gamma_2 * y

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Zero, ``(n,)``."""
        return xp.zeros_like(y)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], ``gamma_1 (x^2 - y^2) / 2 + gamma_2 x y``, ``(n,)``."""
        return 0.5 * self.gamma_1 * (x**2 - y**2) + self.gamma_2 * x * y

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """(gamma_1, gamma_2), the same everywhere, each ``(n,)``."""
        ones = xp.ones_like(y)
        return self.gamma_1 * ones, self.gamma_2 * ones
