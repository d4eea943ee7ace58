"""Potential of matter far from the lens, to third order."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile

_SHEAR_PRIOR = aa.UniformPrior(lower_limit=-0.2, upper_limit=0.2)
_THIRD_PRIOR = aa.UniformPrior(lower_limit=-0.05, upper_limit=0.05)


@dataclass(eq=False)
class ExternalPotential(MassProfile):
    r"""Shear and the third derivatives of an external potential about ``centre``.

    .. math:: \psi = \frac{1}{2} \mathrm{Re}(\bar\gamma z^2) + \frac{1}{4} |z|^2 \mathrm{Re}(\bar\tau z)
                     + \frac{1}{6} \mathrm{Re}(\bar\delta z^3)

    with :math:`\gamma = \gamma_1 + i \gamma_2` and the same for :math:`\tau` and :math:`\delta`. The convergence is
    :math:`\mathrm{Re}(\bar\tau z)`: :math:`\tau` is the gradient of the convergence, :math:`\delta` that of the shear
    which turns three times. In terms of flexion :math:`\tau = \mathcal{F}`, :math:`\delta = \mathcal{G} / 2`.

    References
    ----------
    Kochanek (1991), ApJ 382, 58; Bernstein & Fischer (1999), AJ 118, 14; Bacon et al. (2006), MNRAS 365, 414.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    gamma_1: float = aa.parameter(0.0, unit="", prior=_SHEAR_PRIOR)
    """Shear along x (positive) and y (negative)."""
    gamma_2: float = aa.parameter(0.0, unit="", prior=_SHEAR_PRIOR.copy())
    """Shear along the diagonals."""
    tau_1: float = aa.parameter(0.0, unit="arcsec^-1", prior=_THIRD_PRIOR)
    """Growth of the convergence along x."""
    tau_2: float = aa.parameter(0.0, unit="arcsec^-1", prior=_THIRD_PRIOR.copy())
    """Growth of the convergence along y."""
    delta_1: float = aa.parameter(0.0, unit="arcsec^-1", prior=_THIRD_PRIOR.copy())
    """Third derivative without convergence, stretching along x."""
    delta_2: float = aa.parameter(0.0, unit="arcsec^-1", prior=_THIRD_PRIOR.copy())
    """The same, a twelfth of a turn further."""

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        r"""(y, x) deflections [arcsec], each ``(n,)``.

        .. math:: \alpha = \gamma \bar z + (2 \tau |z|^2 + \bar\tau z^2) / 4 + \delta \bar z^2 / 2
        """
        cos, sin, squared = x**2 - y**2, 2.0 * x * y, x**2 + y**2
        alpha_x = self.gamma_1 * x + self.gamma_2 * y
        alpha_x = alpha_x + 0.25 * (2.0 * self.tau_1 * squared + self.tau_1 * cos + self.tau_2 * sin)
        alpha_x = alpha_x + 0.5 * (self.delta_1 * cos + self.delta_2 * sin)
        alpha_y = self.gamma_2 * x - self.gamma_1 * y
        alpha_y = alpha_y + 0.25 * (2.0 * self.tau_2 * squared + self.tau_1 * sin - self.tau_2 * cos)
        alpha_y = alpha_y + 0.5 * (self.delta_2 * cos - self.delta_1 * sin)
        return alpha_y, alpha_x

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``, negative on one side."""
        return self.tau_1 * x + self.tau_2 * y

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], zero at the centre, ``(n,)``."""
        second = 0.5 * self.gamma_1 * (x**2 - y**2) + self.gamma_2 * x * y
        third = 0.25 * (x**2 + y**2) * (self.tau_1 * x + self.tau_2 * y)
        turning = self.delta_1 * x * (x**2 - 3.0 * y**2) + self.delta_2 * y * (3.0 * x**2 - y**2)
        return second + third + turning / 6.0

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        r"""Shear (gamma_1, gamma_2), each ``(n,)``: :math:`\gamma + \tau z / 2 + \delta \bar z`."""
        gamma_1 = self.gamma_1 + 0.5 * (self.tau_1 * x - self.tau_2 * y) + self.delta_1 * x + self.delta_2 * y
        gamma_2 = self.gamma_2 + 0.5 * (self.tau_1 * y + self.tau_2 * x) + self.delta_2 * x - self.delta_1 * y
        return gamma_1, gamma_2
