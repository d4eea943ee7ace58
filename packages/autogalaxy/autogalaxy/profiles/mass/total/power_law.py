"""Elliptical power law."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.fused import held
from autogalaxy.profiles.geometry import modulus_from, squeezed_from
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.circular import CircularMassProfile
from autogalaxy.profiles.mass.closed_jacobian import Elements, jacobian_from, with_closed_jacobian
from autogalaxy.profiles.mass.complex_plane import Parts
from autogalaxy.profiles.mass.total.angular import power_law_angular_from
from autogalaxy.profiles.mass.total.isothermal import SMALLEST_RADIUS, squared_radius_and_doubled_angle
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain


def power_law_deflections_from(
    y: Array, x: Array, ell_comps: tuple[Array, Array], einstein_radius: Array, slope: Array, xp: Namespace = np
) -> tuple[Array, Array]:
    r"""(y, x) deflections, each ``(n,)``: Tessore & Metcalf (2015), eq. 13, with ``t = slope - 1``.

    .. math:: \alpha = (1 - f^2) \, \theta_E \left(\frac{\theta_E}{m}\right)^{t - 1} \frac{\zeta}{|\zeta|}
              \, {}_2F_1(1, t/2; 2 - t/2; -s), \quad m = |\zeta| / (1 - f)
    """
    function = with_closed_jacobian(_deflections_from, _with_jacobian_from, xp=xp)
    return function(y, x, *ell_comps, einstein_radius, slope)


def _deflections_from(
    y: Array, x: Array, e0: Array, e1: Array, einstein_radius: Array, slope: Array, xp: Namespace = np
) -> Parts:
    return _deflections_and_scale_from(y, x, e0, e1, einstein_radius, slope, xp=xp)[0]


def _deflections_and_scale_from(
    y: Array, x: Array, e0: Array, e1: Array, einstein_radius: Array, slope: Array, xp: Namespace = np
) -> tuple[Parts, Array]:
    t, f = slope - 1.0, modulus_from(e0, e1, xp=xp)
    squared, (zeta_y, zeta_x), (s_real, s_imaginary) = squared_radius_and_doubled_angle(y, x, (e0, e1), xp=xp)
    real, imaginary = power_law_angular_from(s_real, s_imaginary, 0.5 * t, f, xp=xp)
    scale = _scale_from(squared, f, einstein_radius, t, xp=xp)
    alpha = scale * (zeta_y * real + zeta_x * imaginary), scale * (zeta_x * real - zeta_y * imaginary)
    return alpha, scale


def _with_jacobian_from(
    y: Array,
    x: Array,
    e0: Array,
    e1: Array,
    einstein_radius: Array,
    slope: Array,
    alpha: Parts | None,
    xp: Namespace = np,
) -> tuple[Parts, Elements]:
    """Finite at the centre, where it is infinite: that of a sheet."""
    if alpha is None:
        alpha, scale = _deflections_and_scale_from(y, x, e0, e1, einstein_radius, slope, xp=xp)
    else:
        squared, _, _ = squared_radius_and_doubled_angle(y, x, (e0, e1), xp=xp)
        scale = _scale_from(squared, modulus_from(e0, e1, xp=xp), einstein_radius, slope - 1.0, xp=xp)
    alpha = held(alpha, xp=xp)
    kappa = 0.5 * (3.0 - slope) * scale
    return alpha, jacobian_from(kappa, _shear_from(y, x, kappa, slope, alpha, xp=xp))


def _scale_from(squared: Array, f: Array, einstein_radius: Array, t: Array, xp: Namespace = np) -> Array:
    """``2 kappa / (2 - t)``, of the squared radius ``|zeta|^2``."""
    return (1.0 + f) * ((1.0 - f) * einstein_radius) ** t * xp.exp(-0.5 * t * xp.log(squared))


def _shear_from(
    y: Array, x: Array, kappa: Array, slope: Array, alpha: tuple[Array, Array], xp: Namespace = np
) -> tuple[Array, Array]:
    r"""By Euler's theorem :math:`\gamma = [(2 - g) \alpha - \kappa z] / \bar z`, Tessore & Metcalf (2015), eq. 18."""
    squared = y**2 + x**2
    inverse = 1.0 / xp.where(squared > 0.0, squared, 1.0)
    top_x, top_y = (2.0 - slope) * alpha[1] - kappa * x, (2.0 - slope) * alpha[0] - kappa * y
    return (top_x * x - top_y * y) * inverse, (top_x * y + top_y * x) * inverse


def power_law_convergence_from(
    y: Array, x: Array, ell_comps: tuple[Array, Array], einstein_radius: Array, slope: Array, xp: Namespace = np
) -> Array:
    r"""Convergence, ``(n,)``; at the singular centre that of a tiny radius."""
    t, f = slope - 1.0, modulus_from(*ell_comps, xp=xp)
    zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
    squared = zeta_y**2 + zeta_x**2
    squared = xp.where(squared > SMALLEST_RADIUS**2, squared, SMALLEST_RADIUS**2)
    return 0.5 * (2.0 - t) * _scale_from(squared, f, einstein_radius, t, xp=xp)


@dataclass(eq=False)
class PowerLaw(MassProfile):
    r"""Elliptical power law; ``slope`` g is that of the density in three dimensions, 2 is isothermal.

    .. math:: \kappa = \frac{3 - g}{1 + q} \left(\frac{\theta_E}{m}\right)^{g - 1}, \quad m^2 = x^2 + y^2 / q^2

    Other codes normalize on the intermediate axis, :math:`\kappa = \frac{3 - g}{2} (\theta'_E / \sqrt{q} m)^{g - 1}`:
    :math:`\theta_E^{g - 1} = \frac{1 + q}{2} q^{-(g - 1) / 2} \theta'^{g - 1}_E` converts. The deflection is good to
    1e-14 for q above 0.2, to 1e-11 at q = 0.1 and to 1e-7 at q = 0.05.

    References
    ----------
    Tessore & Metcalf (2015), A&A 580, A79.
    """

    einstein_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Radius inside which the mean convergence of the circular lens is one."""
    slope: float = aa.parameter(2.0, unit="", prior=aa.UniformPrior(lower_limit=1.5, upper_limit=2.8))
    """Logarithmic slope of the density, between 1 (a sheet) and 3 (infinite mass at the centre)."""

    domains: ClassVar[dict[str, Domain]] = {"einstein_radius": NOT_NEGATIVE, "slope": Domain(lower=1.0, upper=3.0)}

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``; zero at the centre."""
        return power_law_deflections_from(y, x, ell_comps, self.einstein_radius, self.slope, xp=xp)

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``; at the singular centre a large number."""
        return power_law_convergence_from(y, x, ell_comps, self.einstein_radius, self.slope, xp=xp)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], of degree 3 - g: ``(x alpha_x + y alpha_y) / (3 - g)``, ``(n,)``."""
        alpha_y, alpha_x = self.deflections_at(y, x, ell_comps, xp=xp)
        return (y * alpha_y + x * alpha_x) / (3.0 - self.slope)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``."""
        alpha = self.deflections_at(y, x, ell_comps, xp=xp)
        return _shear_from(y, x, self.convergence_at(y, x, ell_comps, xp=xp), self.slope, alpha, xp=xp)


@dataclass(eq=False)
class PowerLawSph(CircularMassProfile, PowerLaw):
    """Circular power law."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    def mean_convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Mean convergence inside the circle of squared radius ``squared``; at the centre that of one arcsec."""
        return self._power_of(xp.where(squared > 0.0, squared, 1.0), xp=xp)

    def convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Convergence at the squared radius; at the singular centre a large number."""
        squared = xp.where(squared > SMALLEST_RADIUS**2, squared, SMALLEST_RADIUS**2)
        return 0.5 * (3.0 - self.slope) * self._power_of(squared, xp=xp)

    def potential_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Potential [arcsec^2] at the squared radius, zero at the centre."""
        safe = xp.where(squared > 0.0, squared, 1.0)
        return xp.where(squared > 0.0, safe * self._power_of(safe, xp=xp) / (3.0 - self.slope), 0.0)

    def _power_of(self, squared: Array, xp: Namespace = np) -> Array:
        t = self.slope - 1.0
        return self.einstein_radius**t * xp.exp(-0.5 * t * xp.log(squared))
