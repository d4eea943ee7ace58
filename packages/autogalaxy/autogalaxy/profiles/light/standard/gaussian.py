"""Gaussian profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.validation import POSITIVE, Domain


@dataclass(eq=False)
class Gaussian(LightProfile):
    r"""Elliptical Gaussian light profile; ``sigma`` is the minor-axis value.

    .. math:: I(R) = I_0 \exp[-q R^2 / (2 \sigma^2)], \quad R = \sqrt{q} \, m

    that is :math:`\exp[-(q^2 x^2 + y^2) / (2 \sigma^2)]` in the profile's frame.
    """

    sigma: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.01, upper_limit=10.0))
    """Standard deviation along the minor axis."""

    domains: ClassVar[dict[str, Domain]] = {"sigma": POSITIVE}

    def image_2d_via_squared_radii_from(self, squared_radii: Array, xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] at squared eccentric radii [arcsec^2], ``(n,) -> (n,)``."""
        return self.intensity * xp.exp((-0.5 * self.axis_ratio(xp=xp) / self.sigma**2) * squared_radii)

    def luminosity_within_ellipse_from(self, radius: Array, xp: Namespace = np) -> Array:
        """``2 pi I_0 sigma^2 / q (1 - exp(-q R^2 / (2 sigma^2)))``."""
        scale = self.sigma**2 / self.axis_ratio(xp=xp)
        return 2.0 * np.pi * self.intensity * scale * -xp.expm1(-0.5 * radius**2 / scale)


@dataclass(eq=False)
class GaussianSph(Gaussian):
    """Circular Gaussian light profile."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
