"""Point lens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile, shear_columns_from
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain, reject_keywords


@dataclass(eq=False)
class PointMass(MassProfile):
    r"""Point lens: :math:`\alpha = \theta_E^2 \, \theta / \theta^2`, set to zero at its own position.

    References
    ----------
    Schneider, Ehlers & Falco (1992), Gravitational Lenses, section 2.1.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    einstein_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Radius of the ring that a source behind the lens becomes."""

    domains: ClassVar[dict[str, Domain]] = {"einstein_radius": NOT_NEGATIVE}

    @aa.decorators.to_vector_yx
    def deflections_yx_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Deflection angles [arcsec] in (y, x) order, ``(n, 2) -> (n, 2)``."""
        reject_keywords("deflections_yx_2d_from", kwargs)
        y, x, squared = self._coordinates(grid, xp=xp)
        scale = self.einstein_radius**2 / squared
        return xp.stack((scale * y, scale * x), axis=-1)

    @aa.over_sample
    @aa.decorators.to_array
    def convergence_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Zero but for the point itself, which no grid resolves, ``(n, 2) -> (n,)``."""
        reject_keywords("convergence_2d_from", kwargs)
        return xp.zeros_like(grid.array[:, 0])

    @aa.over_sample
    @aa.decorators.to_array
    def potential_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Potential [arcsec^2], ``theta_E^2 ln r``, ``(n, 2) -> (n,)``."""
        reject_keywords("potential_2d_from", kwargs)
        _, _, squared = self._coordinates(grid, xp=xp)
        return 0.5 * self.einstein_radius**2 * xp.log(squared)

    @aa.decorators.to_vector_yx
    def shear_yx_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        r"""Shear, columns gamma_2 and gamma_1, ``(n, 2) -> (n, 2)``: :math:`\gamma = -\theta_E^2 / \bar z^2`."""
        reject_keywords("shear_yx_2d_from", kwargs)
        y, x, squared = self._coordinates(grid, xp=xp)
        scale = -(self.einstein_radius**2) / squared**2
        return shear_columns_from(scale * (x**2 - y**2), scale * 2.0 * x * y, xp=xp)

    def _coordinates(self, grid: GridLike, xp: Namespace = np) -> tuple[Array, Array, Array]:
        """(y, x) from the centre and the squared distance, one at the centre itself."""
        y, x, _ = self.offsets_from(grid, xp=xp)
        squared = y**2 + x**2
        return y, x, xp.where(squared > 0.0, squared, 1.0)
