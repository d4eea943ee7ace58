"""Singular isothermal ellipsoid."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.abstract_ndarray import is_concrete_number
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import modulus_from, root_from, squeezed_from
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.circular import CircularMassProfile
from autogalaxy.profiles.mass.closed_jacobian import Elements, with_closed_jacobian
from autogalaxy.profiles.mass.complex_plane import Parts
from autogalaxy.profiles.mass.total.angular import arctan_over_root_from
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain

SMALLEST_RADIUS = 1e-8
"""The convergence is infinite at the centre; it is that of this radius [arcsec] there."""


def squared_radius_and_doubled_angle(
    y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
) -> tuple[Array, tuple[Array, Array], tuple[Array, Array]]:
    r""":math:`|\zeta|^2` (one at the centre), zeta as (y, x), and :math:`s = \bar\epsilon \zeta / \bar\zeta`."""
    zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
    squared = zeta_y**2 + zeta_x**2
    squared = xp.where(squared > 0.0, squared, 1.0)  # zeta itself is 0 at the centre, and so is the deflection
    inverse = 1.0 / squared
    cos, sin = (zeta_x**2 - zeta_y**2) * inverse, 2.0 * zeta_x * zeta_y * inverse
    e0, e1 = ell_comps
    return squared, (zeta_y, zeta_x), (e1 * cos + e0 * sin, e1 * sin - e0 * cos)


def isothermal_deflections_from(
    y: Array, x: Array, ell_comps: tuple[Array, Array], einstein_radius: Array, xp: Namespace = np
) -> tuple[Array, Array]:
    r"""(y, x) deflections, each ``(n,)``: Tessore & Metcalf (2015), eq. 13 and 19 at slope 2.

    .. math:: \alpha = \theta_E (1 - f^2) \frac{\zeta}{|\zeta|} \frac{\arctan \sqrt s}{\sqrt s}
    """
    function = with_closed_jacobian(_deflections_from, _with_jacobian_from, xp=xp)
    return function(y, x, *ell_comps, einstein_radius)


def isothermal_convergence_from(
    y: Array, x: Array, ell_comps: tuple[Array, Array], einstein_radius: Array, xp: Namespace = np
) -> Array:
    """Convergence, ``(n,)``; at the singular centre that of a tiny radius."""
    zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
    squared = zeta_y**2 + zeta_x**2
    squared = xp.where(squared > SMALLEST_RADIUS**2, squared, SMALLEST_RADIUS**2)
    return 0.5 * einstein_radius * (1.0 - ell_comps[0] ** 2 - ell_comps[1] ** 2) / xp.sqrt(squared)


def _deflections_from(
    y: Array, x: Array, e0: Array, e1: Array, einstein_radius: Array, xp: Namespace = np
) -> tuple[Array, Array]:
    if xp is np and is_concrete_number(e0) and is_concrete_number(e1) and float(e0) ** 2 + float(e1) ** 2 > 1e-20:
        return _deflections_of_numbers(y, x, float(e0), float(e1), einstein_radius)
    squared, (zeta_y, zeta_x), (s_real, s_imaginary) = squared_radius_and_doubled_angle(y, x, (e0, e1), xp=xp)
    real, imaginary = arctan_over_root_from(s_real, s_imaginary, modulus_from(e0, e1, xp=xp), xp=xp)
    scale = einstein_radius * (1.0 - e0**2 - e1**2) / xp.sqrt(squared)
    return scale * (zeta_y * real + zeta_x * imaginary), scale * (zeta_x * real - zeta_y * imaginary)


def _deflections_of_numbers(
    y: np.ndarray, x: np.ndarray, e0: float, e1: float, einstein_radius: float
) -> tuple[np.ndarray, np.ndarray]:
    r"""The same where the lens is known not to be round: two functions of real numbers, which NumPy computes fast.

    With :math:`u = \sqrt s = \sqrt f e^{-i \phi} \zeta / |\zeta|`, whose modulus is the same everywhere,
    :math:`\arctan u = \frac{1}{2} \arctan \frac{2 \Re u}{1 - f} + \frac{i}{2} \mathrm{artanh} \frac{2 \Im u}{1 + f}`.
    """
    f, angle = math.hypot(e0, e1), 0.5 * math.atan2(e0, e1)
    cos, sin, root = math.cos(angle), math.sin(angle), math.sqrt(f)
    zeta_y, zeta_x = squeezed_from(y, x, (e0, e1))
    squared = zeta_y**2 + zeta_x**2
    inverse = 2.0 * root / np.sqrt(np.where(squared > 0.0, squared, 1.0))
    along = np.arctan((cos * zeta_x + sin * zeta_y) * inverse / (1.0 - f))
    across = np.arctanh((cos * zeta_y - sin * zeta_x) * inverse / (1.0 + f))
    scale = 0.5 * einstein_radius * (1.0 - f**2) / root
    cos, sin = scale * cos, scale * sin
    return sin * along + cos * across, cos * along - sin * across


def _with_jacobian_from(
    y: Array, x: Array, e0: Array, e1: Array, einstein_radius: Array, alpha: Parts | None, xp: Namespace = np
) -> tuple[Parts, Elements]:
    r"""From :math:`\gamma = -\kappa e^{2 i \varphi}`; at the centre, where it is infinite, that of one arcsec."""
    alpha = _deflections_from(y, x, e0, e1, einstein_radius, xp=xp) if alpha is None else alpha
    squared = y**2 + x**2
    is_centre = squared < SMALLEST_RADIUS**2
    y, x = xp.where(is_centre, 0.0, y), xp.where(is_centre, 1.0, x)
    kappa = isothermal_convergence_from(y, x, (e0, e1), einstein_radius, xp=xp)
    ratio = 2.0 * kappa / (y**2 + x**2)
    # kappa - gamma_1 = kappa (1 + cos 2 phi) = 2 kappa cos^2 phi
    return alpha, (ratio * x**2, -ratio * x * y, ratio * y**2)


@dataclass(eq=False)
class Isothermal(MassProfile):
    r"""Singular isothermal ellipsoid; ``einstein_radius`` is :math:`\theta_E` and q the axis ratio.

    .. math:: \kappa = \frac{1}{1 + q} \frac{\theta_E}{m}, \quad m^2 = x^2 + y^2 / q^2

    References
    ----------
    Kormann, Schneider & Bartelmann (1994), A&A 284, 285; Tessore & Metcalf (2015), A&A 580, A79.
    """

    einstein_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Radius inside which the mean convergence of the circular lens is one."""

    domains: ClassVar[dict[str, Domain]] = {"einstein_radius": NOT_NEGATIVE}
    deflects_in_one_loop: ClassVar[bool] = True

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``; zero at the centre."""
        return isothermal_deflections_from(y, x, ell_comps, self.einstein_radius, xp=xp)

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``; at the singular centre a large number."""
        return isothermal_convergence_from(y, x, ell_comps, self.einstein_radius, xp=xp)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], ``(n,)``: homogeneous of degree one, so ``x alpha_x + y alpha_y``."""
        alpha_y, alpha_x = self.deflections_at(y, x, ell_comps, xp=xp)
        return y * alpha_y + x * alpha_x

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        r"""Shear (gamma_1, gamma_2), each ``(n,)``: :math:`\gamma = -\kappa e^{2 i \varphi}`."""
        squared = y**2 + x**2
        ratio = self.convergence_at(y, x, ell_comps, xp=xp) / xp.where(squared > 0.0, squared, 1.0)
        return -ratio * (x**2 - y**2), -2.0 * ratio * x * y


@dataclass(eq=False)
class IsothermalSph(CircularMassProfile, Isothermal):
    """Singular isothermal sphere."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    def mean_convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Mean convergence inside the circle of squared radius ``squared``; at the centre that of one arcsec."""
        return self.einstein_radius / xp.sqrt(xp.where(squared > 0.0, squared, 1.0))

    def convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Convergence at the squared radius; at the singular centre a large number."""
        squared = xp.where(squared > SMALLEST_RADIUS**2, squared, SMALLEST_RADIUS**2)
        return 0.5 * self.einstein_radius / xp.sqrt(squared)

    def potential_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Potential [arcsec^2] at the squared radius."""
        return self.einstein_radius * root_from(squared, xp=xp)
