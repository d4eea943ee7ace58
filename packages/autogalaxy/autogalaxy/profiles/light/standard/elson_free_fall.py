"""Profile of young star clusters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.light.standard.moffat import light_of_power_from
from autogalaxy.profiles.validation import POSITIVE, Domain


@dataclass(eq=False)
class ElsonFreeFall(LightProfile):
    r"""Elliptical Elson, Fall and Freeman light profile of a star cluster.

    .. math:: I(R) = I_0 \, [1 + R^2 / a^2]^{-\eta}, \quad R = \sqrt{q} \, m

    References
    ----------
    Elson, Fall & Freeman (1987), ApJ 323, 54, eq. 1 (their gamma is ``2 eta``).
    """

    effective_radius: float = aa.parameter(
        0.6, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.01, upper_limit=10.0)
    )
    r"""The scale a; half of the light is inside :math:`a \sqrt{2^{1 / (\eta - 1)} - 1}`."""
    eta: float = aa.parameter(1.5, unit="", prior=aa.UniformPrior(lower_limit=1.0, upper_limit=5.0))
    """Exponent of the wings; all of the light is finite only for ``eta > 1``."""

    domains: ClassVar[dict[str, Domain]] = {"effective_radius": POSITIVE, "eta": POSITIVE}

    def image_2d_via_squared_radii_from(self, squared_radii: Array, xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] at squared eccentric radii [arcsec^2], ``(n,) -> (n,)``."""
        return self.intensity * xp.exp(-self.eta * xp.log1p(squared_radii / self.effective_radius**2))

    def luminosity_within_ellipse_from(self, radius: Array, xp: Namespace = np) -> Array:
        """``pi I_0 a^2 [1 - (1 + R^2 / a^2)^(1 - eta)] / (eta - 1)``."""
        area = self.effective_radius**2
        return np.pi * self.intensity * area * light_of_power_from(radius**2 / area, self.eta, xp=xp)


@dataclass(eq=False)
class ElsonFreeFallSph(ElsonFreeFall):
    """Circular Elson, Fall and Freeman light profile."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
