"""Moffat profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.validation import POSITIVE, Domain


def light_of_power_from(squared: Array, exponent: Array, xp: Namespace = np) -> Array:
    r""":math:`\int_0^s (1 + t)^{-p} dt = [1 - (1 + s)^{1 - p}] / (p - 1)`, smooth through p = 1, ``(n,) -> (n,)``."""
    log = xp.log1p(squared)
    z = (1.0 - exponent) * log
    small = xp.abs(z) < 1e-5
    ratio = xp.expm1(xp.where(small, 1.0, z)) / xp.where(small, 1.0, z)
    return log * xp.where(small, 1.0 + z * (0.5 + z / 6.0), ratio)


@dataclass(eq=False)
class Moffat(LightProfile):
    r"""Elliptical Moffat light profile, the usual model of a star seen through the atmosphere.

    .. math:: I(R) = I_0 \, [1 + q R^2 / \alpha^2]^{-\beta}, \quad R = \sqrt{q} \, m

    that is :math:`[1 + (q^2 x^2 + y^2) / \alpha^2]^{-\beta}` in the profile's frame: ``alpha`` is the minor-axis value.

    References
    ----------
    Moffat (1969), A&A 3, 455.
    """

    alpha: float = aa.parameter(0.5, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.01, upper_limit=10.0))
    """Core radius along the minor axis."""
    beta: float = aa.parameter(2.0, unit="", prior=aa.UniformPrior(lower_limit=1.0, upper_limit=10.0))
    """Exponent of the wings; all of the light is finite only for ``beta > 1``."""

    domains: ClassVar[dict[str, Domain]] = {"alpha": POSITIVE, "beta": POSITIVE}

    def image_2d_via_squared_radii_from(self, squared_radii: Array, xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] at squared eccentric radii [arcsec^2], ``(n,) -> (n,)``."""
        return self.intensity * xp.exp(-self.beta * xp.log1p(squared_radii / self._area(xp=xp)))

    def luminosity_within_ellipse_from(self, radius: Array, xp: Namespace = np) -> Array:
        """``pi I_0 alpha^2 / q [1 - (1 + q R^2 / alpha^2)^(1 - beta)] / (beta - 1)``."""
        area = self._area(xp=xp)
        return np.pi * self.intensity * area * light_of_power_from(radius**2 / area, self.beta, xp=xp)

    def _area(self, xp: Namespace = np) -> Array:
        """Square of the eccentric radius [arcsec^2] of the ellipse whose minor axis is alpha."""
        return self.alpha**2 / self.axis_ratio(xp=xp)


@dataclass(eq=False)
class MoffatSph(Moffat):
    """Circular Moffat light profile."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
