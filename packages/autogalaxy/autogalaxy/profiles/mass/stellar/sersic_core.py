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
from autogalaxy.profiles.mass.stellar.expansion import Shares, core_fits_from
from autogalaxy.profiles.mass.stellar.sersic import INDEX_DOMAIN
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain

_LARGEST_BREAK = 1.0
"""Break radius in effective radii."""
_SMALLEST = 1e-12
"""A cusp is infinite at the centre; inside this radius, in effective radii, it is flat."""


@dataclass(eq=False)
class SersicCore(StellarMassProfile, CoreSersicShape):
    r"""Elliptical core-Sersic profile of stellar mass; ``intensity`` is the brightness at the break.

    .. math:: \kappa = \Upsilon I' \left[1 + (R_b / R)^\alpha\right]^{\gamma / \alpha}
              \exp\{-b_n [(R^\alpha + R_b^\alpha) / R_e^\alpha]^{1 / (\alpha n)}\}, \quad R = \sqrt{q} \, m

    The break is at most at the effective radius, the sharpness 0.3 to 5 and the slope at most 1: the sharper the break
    and the larger its radius, the less the profile looks like the ellipsoids of which it is made. Relative errors of
    the deflection from 0.01 to 100 effective radii, for q of 0.2 to 1 and any index, are below 3e-7 against quadrature.

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
        if any(is_traced(value) for value in (self.radius_break, self.effective_radius)):
            return
        if not self._break_is_inside():
            owner, radius = type(self).__name__, float(self.effective_radius)
            raise exc.ProfileException(
                f"{owner} got radius_break={float(self.radius_break):g} with effective_radius={radius:g}, wanted a "
                f"break of at most {_LARGEST_BREAK:g} effective radii, where the deflection is accurate: "
                f"{owner}(effective_radius={radius:g}, radius_break={_LARGEST_BREAK * radius:g})."
            )

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether every parameter is inside its domain and the break is where the expansion is accurate."""
        return xp.logical_and(super().is_physical(xp=xp), self._break_is_inside())

    def _break_is_inside(self) -> Array:
        return self.radius_break <= _LARGEST_BREAK * self.effective_radius * (1.0 + 1e-9)

    def _fits_from(self, xp: Namespace = np) -> Shares:
        return core_fits_from(self.gamma, xp=xp)

    def _shape_parameters(self) -> tuple[Array, ...]:
        return self.sersic_index, self.radius_break, self.effective_radius, self.gamma, self.alpha

    def _shape_at(self, squared_ratios: Array, xp: Namespace = np) -> Array:
        relative_break = self.radius_break / self.effective_radius
        return sersic_core_from(
            squared_ratios, 1.0, 1.0, self.sersic_index, relative_break, self.gamma, self.alpha,
            smallest=_SMALLEST, xp=xp,
        )  # fmt: skip


@dataclass(eq=False)
class SersicCoreSph(SersicCore):
    """Circular core-Sersic profile of stellar mass."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
