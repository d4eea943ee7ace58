"""Core-Sersic profile of mass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.light.standard.sersic_core import CoreSersicShape, sersic_core_from
from autogalaxy.profiles.mass.stellar.abstract import StellarMassProfile
from autogalaxy.profiles.mass.stellar.sersic import INDEX_DOMAIN
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain


@dataclass(eq=False)
class SersicCore(StellarMassProfile, CoreSersicShape):
    r"""Elliptical core-Sersic profile of stellar mass; ``intensity`` is the brightness at the break.

    .. math:: \kappa = \Upsilon I' \left[1 + (R_b / R)^\alpha\right]^{\gamma / \alpha}
              \exp\{-b_n [(R^\alpha + R_b^\alpha) / R_e^\alpha]^{1 / (\alpha n)}\}, \quad R = \sqrt{q} \, m

    Relative errors of the deflection from 0.01 to 100 effective radii are about 1e-6 for a sharpness of up to 3, and
    1e-5 at 5 (3e-5 for an index of 8); the sharper the break, the less it looks like cored steep ellipsoids. A cusp is
    flat inside 1e-8 effective radii, which is felt for a slope above 1 only (8e-4 at 1.5).

    References
    ----------
    Trujillo et al. (2004), AJ 127, 1917, eq. 5 and 6; Graham et al. (2003), AJ 125, 2951.
    """

    radius_break: float = aa.parameter(0.01, unit="arcsec", prior=aa.LogUniformPrior(lower_limit=1e-3, upper_limit=1.0))
    """Radius R_b at which the core begins."""
    intensity: float = aa.parameter(0.05, unit="e- s^-1", prior=aa.LogUniformPrior(lower_limit=1e-4, upper_limit=1e3))
    """Surface brightness at the break radius."""
    gamma: float = aa.parameter(0.25, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    """Logarithmic slope of the brightness inside the core."""
    alpha: float = aa.parameter(3.0, unit="", prior=aa.UniformPrior(lower_limit=1.0, upper_limit=5.0))
    """Sharpness of the break."""
    mass_to_light_ratio: float = aa.parameter(
        1.0, unit="", prior=aa.LogUniformPrior(lower_limit=0.01, upper_limit=10.0)
    )
    """Convergence over surface brightness."""

    domains: ClassVar[dict[str, Domain]] = CoreSersicShape.domains | {
        "sersic_index": INDEX_DOMAIN,
        "mass_to_light_ratio": NOT_NEGATIVE,
    }
    has_cusp: ClassVar[bool] = True

    def _shape_parameters(self) -> tuple[Array, ...]:
        return self.sersic_index, self.radius_break, self.effective_radius, self.gamma, self.alpha

    def _shape_at(self, squared_ratios: Array, xp: Namespace = np) -> Array:
        relative_break = self.radius_break / self.effective_radius
        return sersic_core_from(
            squared_ratios, 1.0, 1.0, self.sersic_index, relative_break, self.gamma, self.alpha, xp=xp
        )


@dataclass(eq=False)
class SersicCoreSph(SersicCore):
    """Circular core-Sersic profile of stellar mass."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
