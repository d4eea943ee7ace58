"""External shear."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

import autoarray as aa
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile, shear_columns_from
from autogalaxy.profiles.validation import reject_keywords


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

    @aa.decorators.to_vector_yx
    def deflections_yx_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Deflection angles [arcsec] in (y, x) order, ``(n, 2) -> (n, 2)``."""
        reject_keywords("deflections_yx_2d_from", kwargs)
        y, x = grid.array[:, 0], grid.array[:, 1]
        return xp.stack((self.gamma_2 * x - self.gamma_1 * y, self.gamma_1 * x + self.gamma_2 * y), axis=-1)

    @aa.over_sample
    @aa.decorators.to_array
    def convergence_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Zero, ``(n, 2) -> (n,)``."""
        reject_keywords("convergence_2d_from", kwargs)
        return xp.zeros_like(grid.array[:, 0])

    @aa.over_sample
    @aa.decorators.to_array
    def potential_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Potential [arcsec^2], ``gamma_1 (x^2 - y^2) / 2 + gamma_2 x y``, ``(n, 2) -> (n,)``."""
        reject_keywords("potential_2d_from", kwargs)
        y, x = grid.array[:, 0], grid.array[:, 1]
        return 0.5 * self.gamma_1 * (x**2 - y**2) + self.gamma_2 * x * y

    @aa.decorators.to_vector_yx
    def shear_yx_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """The same shear everywhere, columns gamma_2 and gamma_1, ``(n, 2) -> (n, 2)``."""
        reject_keywords("shear_yx_2d_from", kwargs)
        ones = xp.ones_like(grid.array[:, 0])
        return shear_columns_from(self.gamma_1 * ones, self.gamma_2 * ones, xp=xp)
