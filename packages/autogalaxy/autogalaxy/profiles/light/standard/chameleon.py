"""Chameleon profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.type import Array, Namespace
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.validation import POSITIVE, Domain


@dataclass(eq=False)
class Chameleon(LightProfile):
    r"""Elliptical Chameleon light profile: the difference of two cored isothermals, close to a Sersic profile.

    .. math:: I = \frac{I_0}{1 + q} \left[(m^2 + s_0^2)^{-1/2} - (m^2 + s_1^2)^{-1/2}\right], \quad
              s_i = \frac{2 w_i}{1 + q}, \quad m^2 = x^2 + y^2 / q^2

    References
    ----------
    Dutton et al. (2011), MNRAS 417, 1621, appendix A; Suyu et al. (2014), ApJ 788, L35, eq. 3.
    """

    core_radius_0: float = aa.parameter(
        0.01, unit="arcsec", prior=aa.LogUniformPrior(lower_limit=1e-3, upper_limit=0.014)
    )
    """Radius w_0 of the core."""
    core_radius_1: float = aa.parameter(
        0.05, unit="arcsec", prior=aa.LogUniformPrior(lower_limit=0.015, upper_limit=10.0)
    )
    """Radius w_1 at which the light is truncated, above ``core_radius_0``."""

    domains: ClassVar[dict[str, Domain]] = {"core_radius_0": POSITIVE, "core_radius_1": POSITIVE}

    def __post_init__(self) -> None:
        super().__post_init__()
        first, second = self.core_radius_0, self.core_radius_1
        if not is_traced(first) and not is_traced(second) and float(first) >= float(second):
            raise exc.ProfileException(
                f"{type(self).__name__} got core_radius_0={float(first):g} and core_radius_1={float(second):g}, wanted "
                "the core below the truncation: core_radius_0=0.01, core_radius_1=0.05."
            )

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether the parameters are inside their domains and the core is below the truncation."""
        return xp.logical_and(super().is_physical(xp=xp), self.core_radius_0 < self.core_radius_1)

    def _squared_scales(self, xp: Namespace = np) -> tuple[Array, Array, Array]:
        q = self.axis_ratio(xp=xp)
        return q, (2.0 * self.core_radius_0 / (1.0 + q)) ** 2, (2.0 * self.core_radius_1 / (1.0 + q)) ** 2

    def image_2d_via_squared_radii_from(self, squared_radii: Array, xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] at squared eccentric radii [arcsec^2], ``(n,) -> (n,)``.

        The difference is written as ``(s_1^2 - s_0^2) / (a b (a + b))`` of the two roots: far out nothing cancels.
        """
        q, core, truncation = self._squared_scales(xp=xp)
        a, b = xp.sqrt(squared_radii / q + core), xp.sqrt(squared_radii / q + truncation)
        return self.intensity / (1.0 + q) * (truncation - core) / (a * b * (a + b))

    def luminosity_within_ellipse_from(self, radius: Array, xp: Namespace = np) -> Array:
        r"""The closed form, without its cancellations; a, b are the roots at :math:`M = R / \sqrt{q}`.

        .. math:: 2 \pi I_0 \frac{q}{1 + q} [(a - s_0) - (b - s_1)], \quad a^2 = M^2 + s_0^2, \quad b^2 = M^2 + s_1^2
        """
        q, core, truncation = self._squared_scales(xp=xp)
        a, b = xp.sqrt(radius**2 / q + core), xp.sqrt(radius**2 / q + truncation)
        first, second = xp.sqrt(core), xp.sqrt(truncation)
        # the bracket is (s_1 - s_0) [(a - s_0) + (b - s_1)] / (a + b)
        grown = radius**2 / q * (1.0 / (a + first) + 1.0 / (b + second))
        return 2.0 * np.pi * self.intensity * q / (1.0 + q) * (second - first) * grown / (a + b)


@dataclass(eq=False)
class ChameleonSph(Chameleon):
    """Circular Chameleon light profile."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
