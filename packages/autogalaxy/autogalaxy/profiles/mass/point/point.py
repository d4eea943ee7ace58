"""Point lens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain


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

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        squared = self._squared_from(y, x, xp=xp)
        scale = self.einstein_radius**2 / squared
        return scale * y, scale * x

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Zero but for the point itself, which no grid resolves, ``(n,)``."""
        return xp.zeros_like(y)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], ``theta_E^2 ln r``, ``(n,)``."""
        squared = self._squared_from(y, x, xp=xp)
        return 0.5 * self.einstein_radius**2 * xp.log(squared)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        r"""Shear (gamma_1, gamma_2), each ``(n,)``: :math:`\gamma = -\theta_E^2 / \bar z^2`."""
        squared = self._squared_from(y, x, xp=xp)
        scale = -(self.einstein_radius**2) / squared**2
        return scale * (x**2 - y**2), scale * 2.0 * x * y

    @staticmethod
    def _squared_from(y: Array, x: Array, xp: Namespace = np) -> Array:
        """The squared distance, one at the point itself."""
        squared = y**2 + x**2
        return xp.where(squared > 0.0, squared, 1.0)
