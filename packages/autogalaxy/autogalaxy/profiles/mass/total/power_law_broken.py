"""Elliptical power law whose slope changes at a radius."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import modulus_from, squeezed_from
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.complex_plane import Parts, divided, multiplied
from autogalaxy.profiles.mass.total.angular import inverse_one_plus_root
from autogalaxy.profiles.mass.total.elliptical_power import excess_from, mapped_from, second_excess_from
from autogalaxy.profiles.mass.total.isothermal import SMALLEST_RADIUS
from autogalaxy.profiles.mass.total.scaling import growth_from, second_growth_from
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain


@dataclass(frozen=True, eq=False)
class _Shells:
    """The ellipse through a point (at the centre through another) and the largest one inside the break within it."""

    f: Array
    squared: Array
    """Squared distance from the centre."""
    z_bar: Parts
    radius: Array
    """Elliptical radius of the point in break radii."""
    inner: Array
    """The same, at most one."""
    is_outside: Array
    log: Array
    """Log of the ratio of the two."""
    y_inner: Parts
    """y of ``elliptical_power.py``, of the inner ellipse."""
    w: Parts
    w_inner: Parts


@dataclass(eq=False)
class PowerLawBroken(MassProfile):
    r"""Elliptical power law with slope :math:`t_1` of the convergence inside a break radius, :math:`t_2` outside.

    .. math:: \kappa = \kappa_b \left(\frac{r_b}{q m}\right)^{t_1 \text{ or } t_2}, \quad m^2 = x^2 + y^2 / q^2

    The slopes are those of the projected density (one less than those of :class:`PowerLaw`), the break radius is the
    minor axis of the ellipse at which the slope changes, and the mean convergence is one inside the ellipse of area
    :math:`\pi \theta_E^2`, be it smaller or larger than the break:

    .. math:: \kappa_b^{-1} = 2 \nu^2 \left[\frac{1}{2 - t_1} + \frac{\nu^{t_2 - 2} - 1}{2 - t_2}\right]
              \;\; (\nu < 1), \quad \kappa_b = \frac{2 - t_1}{2} \nu^{-t_1} \;\; (\nu > 1), \quad
              \nu = \frac{r_b}{\sqrt q \, \theta_E} .

    Deflection, potential and shear are closed forms, good to 1e-13 for q above 0.2 and at all radii.

    References
    ----------
    O'Riordan, Warren & Mortlock (2021), MNRAS 501, 3687.
    """

    einstein_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Radius of the circle that has the area of the ellipse with a mean convergence of one."""
    inner_slope: float = aa.parameter(1.5, unit="", prior=aa.UniformPrior(lower_limit=0.2, upper_limit=1.8))
    """Slope of the convergence inside the break, below 2 (infinite mass at the centre)."""
    outer_slope: float = aa.parameter(2.5, unit="", prior=aa.UniformPrior(lower_limit=0.5, upper_limit=3.0))
    """Slope of the convergence outside the break; from 2 on the mass is finite or grows as a logarithm."""
    break_radius: float = aa.parameter(0.01, unit="arcsec", prior=aa.UniformPrior(lower_limit=1e-3, upper_limit=2.0))
    """Minor-axis radius of the break."""

    domains: ClassVar[dict[str, Domain]] = {
        "einstein_radius": NOT_NEGATIVE,
        "inner_slope": Domain(lower=0.0, upper=2.0),
        "outer_slope": Domain(lower=0.0, upper=4.0),
        "break_radius": POSITIVE,
    }

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``; zero at the centre."""
        c = self._shells_from(y, x, ell_comps, xp=xp)
        inner, outer = self._parts_from(c, xp=xp)
        off = c.squared > 0.0
        return xp.where(off, inner[1] + outer[1], 0.0), xp.where(off, inner[0] + outer[0], 0.0)

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``; at the singular centre a large number."""
        c = self._shells_from(y, x, ell_comps, xp=xp)
        return self._convergence_from(c, xp=xp)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        r"""Potential [arcsec^2], zero at the centre, ``(n,)``.

        .. math:: \psi = 2 q \int_0^M \kappa \ln \frac{|z + \sqrt{z^2 - a m^2}|}{(1 + q) m} \, m \, dm ,

        where the logarithm is the potential of a shell minus its value inside; by parts it comes back to R and Q of
        ``elliptical_power.py``.
        """
        c = self._shells_from(y, x, ell_comps, xp=xp)
        b, p_1, p_2 = 0.5 * self.outer_slope, 2.0 - self.inner_slope, 2.0 - self.outer_slope
        # |z + sqrt(z^2 - a m^2)| = 2 |z| / |1 + y|, which is (1 + q) m on the ellipse through the point
        size = (1.0 + c.y_inner[0]) ** 2 + c.y_inner[1] ** 2
        log = 0.5 * xp.log((c.z_bar[0] ** 2 + c.z_bar[1] ** 2) / size) + xp.log((1.0 + c.f) / self._break_from(c))
        first = excess_from(c.w_inner, 0.5 * self.inner_slope, c.f, xp=xp)[0]
        inner = xp.where(c.is_outside, log, 0.0) + 1.0 / p_1 + first
        second = second_excess_from(c.w, b, c.f, xp=xp)[0] - second_excess_from(c.w_inner, b, c.f, xp=xp)[0]
        at_point = excess_from(c.w, b, c.f, xp=xp)[0]
        outer = c.log**2 * second_growth_from(p_2 * c.log, xp=xp) + second
        outer = outer + c.log * growth_from(p_2 * c.log, xp=xp) * at_point
        total = xp.exp(p_1 * xp.log(c.inner)) / p_1 * inner + xp.where(c.is_outside, outer, 0.0)
        return xp.where(c.squared > 0.0, self._scale_from(c, xp=xp) * total, 0.0)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        r"""Shear (gamma_1, gamma_2), each ``(n,)``; zero at the centre.

        By Euler's theorem for each part, whose terms at the break cancel,
        :math:`\gamma = [(1 - t_1) \alpha_1 + (1 - t_2) \alpha_2 - \kappa z] / \bar z`.
        """
        c = self._shells_from(y, x, ell_comps, xp=xp)
        inner, outer = self._parts_from(c, xp=xp)
        kappa, one, two = self._convergence_from(c, xp=xp), 1.0 - self.inner_slope, 1.0 - self.outer_slope
        top = (
            one * inner[0] + two * outer[0] - kappa * c.z_bar[0],
            one * inner[1] + two * outer[1] + kappa * c.z_bar[1],
        )
        gamma = divided(top, c.z_bar)
        off = c.squared > 0.0
        return xp.where(off, gamma[0], 0.0), xp.where(off, gamma[1], 0.0)

    def _shells_from(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> _Shells:
        squared = y**2 + x**2
        off = squared > 0.0
        y, x = xp.where(off, y, 0.0), xp.where(off, x, SMALLEST_RADIUS)
        f = modulus_from(*ell_comps, xp=xp)
        zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
        zeta_squared = zeta_y**2 + zeta_x**2
        # y on the ellipse through the point, with all angles reversed: conj(epsilon) zeta / conj(zeta)
        e0, e1 = ell_comps
        inverse = 1.0 / zeta_squared
        outer = multiplied((e1, -e0), ((zeta_x**2 - zeta_y**2) * inverse, 2.0 * zeta_x * zeta_y * inverse))
        # in break radii, of which m = r_b / q is the major axis
        radius = xp.sqrt(zeta_squared) / ((1.0 + f) * self.break_radius)
        is_outside = radius > 1.0
        far = xp.where(is_outside, radius, 1.0)
        # a m^2 / z^2 = 4 epsilon r_b^2 / [(1 - f)^2 z^2], and y from it
        z_bar = x, -y
        scale = 4.0 * (self.break_radius / (1.0 - f)) ** 2
        ratio = divided((scale * e1, -scale * e0), multiplied(z_bar, z_bar))
        ratio = xp.where(is_outside, ratio[0], 0.0), xp.where(is_outside, ratio[1], 0.0)
        root = inverse_one_plus_root((-ratio[0], -ratio[1]), xp=xp)
        inner = multiplied(ratio, multiplied(root, root))
        inner = xp.where(is_outside, inner[0], outer[0]), xp.where(is_outside, inner[1], outer[1])
        return _Shells(
            f=f,
            squared=squared,
            z_bar=z_bar,
            radius=radius,
            inner=xp.where(is_outside, 1.0, radius),
            is_outside=is_outside,
            log=xp.log(far),
            y_inner=inner,
            w=mapped_from(outer, xp=xp),
            w_inner=mapped_from(inner, xp=xp),
        )

    def _parts_from(self, c: _Shells, xp: Namespace = np) -> tuple[Parts, Parts]:
        """Deflections (real, imaginary) by the shells inside and outside the break."""
        p_1, p_2 = 2.0 - self.inner_slope, 2.0 - self.outer_slope
        scale = self._scale_from(c, xp=xp)
        power = scale * xp.exp(p_1 * xp.log(c.inner))
        first = excess_from(c.w_inner, 0.5 * self.inner_slope, c.f, xp=xp)
        inner = divided((power * (1.0 / p_1 + first[0]), power * first[1]), c.z_bar)
        at_point = excess_from(c.w, 0.5 * self.outer_slope, c.f, xp=xp)
        at_break = excess_from(c.w_inner, 0.5 * self.outer_slope, c.f, xp=xp)
        growth = xp.exp(p_2 * c.log)
        real = c.log * growth_from(p_2 * c.log, xp=xp) + growth * at_point[0] - at_break[0]
        imaginary = growth * at_point[1] - at_break[1]
        scale = xp.where(c.is_outside, scale, 0.0)
        return inner, divided((scale * real, scale * imaginary), c.z_bar)

    def _convergence_from(self, c: _Shells, xp: Namespace = np) -> Array:
        smallest = SMALLEST_RADIUS / self.break_radius
        radius = xp.where(c.radius > smallest, c.radius, smallest)
        slope = xp.where(c.is_outside, self.outer_slope, self.inner_slope)
        return self._convergence_at_break_from(c.f, xp=xp) * xp.exp(-slope * xp.log(radius))

    def _break_from(self, c: _Shells) -> Array:
        """Major axis of the ellipse of the break."""
        return self.break_radius * (1.0 + c.f) / (1.0 - c.f)

    def _scale_from(self, c: _Shells, xp: Namespace = np) -> Array:
        """``2 q kappa_b m_b^2``."""
        q = (1.0 - c.f) / (1.0 + c.f)
        return 2.0 * q * self._convergence_at_break_from(c.f, xp=xp) * self._break_from(c) ** 2

    def _convergence_at_break_from(self, f: Array, xp: Namespace = np) -> Array:
        """Convergence at the break, :math:`\\kappa_b`."""
        p_1, p_2 = 2.0 - self.inner_slope, 2.0 - self.outer_slope
        einstein_radius = xp.where(self.einstein_radius > 0.0, self.einstein_radius, 1e-300)
        log = xp.log(einstein_radius / self.break_radius) + 0.5 * xp.log((1.0 - f) / (1.0 + f))
        beyond = xp.where(log > 0.0, log, 0.0)
        above = xp.exp(2.0 * beyond) / (1.0 / p_1 + beyond * growth_from(p_2 * beyond, xp=xp))
        below = p_1 * xp.exp(self.inner_slope * xp.where(log > 0.0, 0.0, log))
        return 0.5 * xp.where(log > 0.0, above, below)


@dataclass(eq=False)
class PowerLawBrokenSph(PowerLawBroken):
    """Circular power law whose slope changes at a radius."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
