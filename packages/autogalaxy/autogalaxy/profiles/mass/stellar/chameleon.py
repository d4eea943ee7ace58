"""Chameleon, a Sersic-like profile made of isothermal ellipsoids."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.total.cored import CoredMassProfile, check_cores
from autogalaxy.profiles.mass.total.cored_isothermal import Cores
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain


@dataclass(eq=False)
class Chameleon(CoredMassProfile):
    r"""Difference of two cored isothermal ellipsoids, close to a Sersic profile between the cores.

    .. math:: \kappa = \frac{\Upsilon I_0}{2} \left(\frac{1}{\sqrt{s_0^2 + R^2}} - \frac{1}{\sqrt{s_1^2 + R^2}}\right),
              \quad R = \frac{1 + q}{2} m, \quad m^2 = x^2 + y^2 / q^2

    Deflection, convergence, potential and shear are closed forms, with relative errors of the order of 1e-14 for q
    above 0.1, however close the cores.

    References
    ----------
    Dutton et al. (2011), MNRAS 417, 1621; Maller, Flores & Primack (1997), ApJ 486, 681.
    """

    intensity: float = aa.parameter(0.1, unit="e- s^-1", prior=aa.LogUniformPrior(lower_limit=1e-4, upper_limit=1e3))
    """Normalization of the light."""
    core_radius_0: float = aa.parameter(
        0.01, unit="arcsec", prior=aa.LogUniformPrior(lower_limit=1e-3, upper_limit=0.014)
    )
    """The smaller core; may be zero."""
    core_radius_1: float = aa.parameter(
        0.02, unit="arcsec", prior=aa.LogUniformPrior(lower_limit=0.015, upper_limit=10.0)
    )
    """The larger core, about the radius beyond which the convergence falls steeply."""
    mass_to_light_ratio: float = aa.parameter(
        1.0, unit="", prior=aa.LogUniformPrior(lower_limit=0.01, upper_limit=10.0)
    )
    """Convergence over light."""

    domains: ClassVar[dict[str, Domain]] = {
        "core_radius_0": NOT_NEGATIVE,
        "core_radius_1": POSITIVE,
        "mass_to_light_ratio": NOT_NEGATIVE,
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        check_cores(type(self).__name__, "core_radius_0", self.core_radius_0, "core_radius_1", self.core_radius_1)

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether every parameter is inside its domain and the cores are in order."""
        return xp.logical_and(super().is_physical(xp=xp), self.core_radius_0 <= self.core_radius_1)

    def cores_from(self, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Cores:
        """Both cores; the squeezed radius is ``(1 - f^2) R``, and the strength is times their distance."""
        area = 1.0 - ell_comps[0] ** 2 - ell_comps[1] ** 2
        gap = self.core_radius_1 - self.core_radius_0
        strength = 0.5 * self.mass_to_light_ratio * self.intensity * gap * area**2
        return Cores(strength=strength, inner=area * self.core_radius_0, outer=area * self.core_radius_1)


@dataclass(eq=False)
class ChameleonSph(Chameleon):
    """Circular Chameleon."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
