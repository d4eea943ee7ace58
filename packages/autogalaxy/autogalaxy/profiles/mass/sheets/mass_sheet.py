"""Sheet of constant convergence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

import autoarray as aa
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.validation import reject_keywords


@dataclass(eq=False)
class MassSheet(MassProfile):
    r"""Constant convergence, which may be negative: :math:`\alpha = \kappa (\theta - \theta_0)`.

    References
    ----------
    Falco, Gorenstein & Shapiro (1985), ApJ 289, L1.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    kappa: float = aa.parameter(0.0, unit="", prior=aa.UniformPrior(lower_limit=-0.2, upper_limit=0.2))
    """Convergence of the sheet."""

    @aa.decorators.to_vector_yx
    def deflections_yx_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Deflection angles [arcsec] in (y, x) order, ``(n, 2) -> (n, 2)``."""
        reject_keywords("deflections_yx_2d_from", kwargs)
        y, x, _ = self.offsets_from(grid, xp=xp)
        return xp.stack((self.kappa * y, self.kappa * x), axis=-1)

    @aa.over_sample
    @aa.decorators.to_array
    def convergence_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """``kappa`` everywhere, ``(n, 2) -> (n,)``."""
        reject_keywords("convergence_2d_from", kwargs)
        return self.kappa * xp.ones_like(grid.array[:, 0])

    @aa.over_sample
    @aa.decorators.to_array
    def potential_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Potential [arcsec^2], ``kappa r^2 / 2``, ``(n, 2) -> (n,)``."""
        reject_keywords("potential_2d_from", kwargs)
        y, x, _ = self.offsets_from(grid, xp=xp)
        return 0.5 * self.kappa * (y**2 + x**2)

    @aa.decorators.to_vector_yx
    def shear_yx_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Zero, ``(n, 2) -> (n, 2)``."""
        reject_keywords("shear_yx_2d_from", kwargs)
        return xp.zeros_like(grid.array)
