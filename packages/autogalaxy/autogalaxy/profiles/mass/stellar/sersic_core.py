"""Core-Sersic profile of mass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.type import Array, Namespace
from autogalaxy.profiles.light.standard.sersic_core import CoreSersicShape, sersic_core_from
from autogalaxy.profiles.mass.stellar.abstract import StellarMassProfile
from autogalaxy.profiles.mass.stellar.sersic import INDEX_DOMAIN
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain

_LARGEST_BREAK = 0.5
_LARGEST_SHARP_BREAK = 0.05
"""Break radius in effective radii, for a sharpness of up to ``_SHARP`` and above."""
_SHARP = 3.0


@dataclass(eq=False)
class SersicCore(StellarMassProfile, CoreSersicShape):
    r"""Elliptical core-Sersic profile of stellar mass; ``intensity`` is the brightness at the break.

    .. math:: \kappa = \Upsilon I' \left[1 + (R_b / R)^\alpha\right]^{\gamma / \alpha}
              \exp\{-b_n [(R^\alpha + R_b^\alpha) / R_e^\alpha]^{1 / (\alpha n)}\}, \quad R = \sqrt{q} \, m

    The sharper the break and the larger its radius, the less the profile looks like cored steep ellipsoids. So the
    break is at most at 0.5 effective radii for a sharpness of up to 3, and 0.05 for one of up to 5, the largest; the
    slope is at most 1. Relative errors of the deflection from 0.01 to 100 effective radii, of any index and for q of
    0.2 to 1, are then below 1e-6 for a sharpness of 0.6 to 2, 7e-6 for 0.3 to 2.5, 2e-5 at 3 and 7e-5 at 5; for an
    index of up to 2 below 1e-6 from 0.6 to 3.

    References
    ----------
    Trujillo et al. (2004), AJ 127, 1917, eq. 5 and 6; Graham et al. (2003), AJ 125, 2951.
    """

    radius_break: float = aa.parameter(0.01, unit="arcsec", prior=aa.LogUniformPrior(lower_limit=1e-3, upper_limit=0.1))
    """Radius R_b at which the core begins."""
    intensity: float = aa.parameter(0.05, unit="e- s^-1", prior=aa.LogUniformPrior(lower_limit=1e-4, upper_limit=1e3))
    """Surface brightness at the break radius."""
    gamma: float = aa.parameter(0.25, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    """Logarithmic slope of the brightness inside the core."""
    alpha: float = aa.parameter(3.0, unit="", prior=aa.UniformPrior(lower_limit=1.0, upper_limit=3.0))
    """Sharpness of the break."""
    mass_to_light_ratio: float = aa.parameter(
        1.0, unit="", prior=aa.LogUniformPrior(lower_limit=0.01, upper_limit=10.0)
    )
    """Convergence over surface brightness."""

    domains: ClassVar[dict[str, Domain]] = CoreSersicShape.domains | {
        "sersic_index": INDEX_DOMAIN,
        "gamma": Domain(lower=0.0, upper=1.0 + 1e-9, closed=True),
        "alpha": Domain(lower=0.3, upper=5.0 + 1e-9, closed=True),
        "mass_to_light_ratio": NOT_NEGATIVE,
    }
    has_cusp: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(is_traced(value) for value in (self.radius_break, self.effective_radius, self.alpha)):
            return
        if not self._break_is_inside():
            owner, radius, alpha = type(self).__name__, float(self.effective_radius), float(self.alpha)
            largest = self._largest_break() * radius
            raise exc.ProfileException(
                f"{owner} got radius_break={float(self.radius_break):g} with effective_radius={radius:g} and "
                f"alpha={alpha:g}, wanted a break of at most {_LARGEST_BREAK} effective radii, or "
                f"{_LARGEST_SHARP_BREAK} for alpha above {_SHARP:g}, where the deflection is accurate: "
                f"{owner}(effective_radius={radius:g}, radius_break={largest:g}, alpha={alpha:g})."
            )

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether every parameter is inside its domain and the break is where the expansion is accurate."""
        return xp.logical_and(super().is_physical(xp=xp), self._break_is_inside(xp=xp))

    def _largest_break(self, xp: Namespace = np) -> Array:
        """In effective radii."""
        return xp.where(self.alpha > _SHARP, _LARGEST_SHARP_BREAK, _LARGEST_BREAK)

    def _break_is_inside(self, xp: Namespace = np) -> Array:
        return self.radius_break <= self._largest_break(xp=xp) * self.effective_radius * (1.0 + 1e-9)

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
