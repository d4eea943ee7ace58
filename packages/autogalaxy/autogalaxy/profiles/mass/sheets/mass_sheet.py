"""Sheet of constant convergence."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile


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

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        return self.kappa * y, self.kappa * x

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """``kappa`` everywhere, ``(n,)``."""
        return self.kappa * xp.ones_like(y)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], ``kappa r^2 / 2``, ``(n,)``."""
        return 0.5 * self.kappa * (y**2 + x**2)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Zero, each ``(n,)``."""
        return xp.zeros_like(y), xp.zeros_like(y)
