"""Sersic profile of mass with a gradient of the mass-to-light ratio."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.light.standard.sersic import sersic_from
from autogalaxy.profiles.mass.stellar.expansion import Shares, gradient_fits_from
from autogalaxy.profiles.mass.stellar.sersic import Sersic
from autogalaxy.profiles.validation import Domain

_SMALLEST_SQUARED = 1e-30
"""A cusp is infinite at the centre; inside this squared radius, in effective radii, it is flat."""


@dataclass(eq=False)
class SersicGradient(Sersic):
    r"""Elliptical Sersic profile whose mass-to-light ratio is a power of the radius.

    .. math:: \kappa = \Upsilon \left(\frac{q R}{R_e}\right)^{-\Gamma} I(R), \quad R = \sqrt{q} \, m

    with the surface brightness I of a Sersic profile. The ratio is :math:`\Upsilon` at :math:`R = R_e / q`; for that to
    be at :math:`R_e` multiply it by :math:`q^\Gamma`. Relative errors of the deflection from 0.01 to 100 effective
    radii, for q of 0.2 to 1 and any index, are below 8e-7 against quadrature, for gradients of up to 0.8 below 3e-7.

    References
    ----------
    Nightingale et al. (2019), MNRAS 489, 2049.
    """

    mass_to_light_gradient: float = aa.parameter(0.0, unit="", prior=aa.UniformPrior(lower_limit=-1.0, upper_limit=1.0))
    r""":math:`\Gamma`; above zero the ratio falls outwards."""

    domains: ClassVar[dict[str, Domain]] = Sersic.domains | {
        "mass_to_light_gradient": Domain(lower=-1.0, upper=1.0 + 1e-9, closed=True)
    }
    has_cusp: ClassVar[bool] = True

    def _fits_from(self, xp: Namespace = np) -> Shares:
        return gradient_fits_from(self.mass_to_light_gradient, xp=xp)

    def _shape_parameters(self) -> tuple[Array, ...]:
        return self.sersic_index, self.mass_to_light_gradient

    def _shape_at(self, squared_ratios: Array, xp: Namespace = np) -> Array:
        off = squared_ratios > _SMALLEST_SQUARED
        squared = xp.where(off, squared_ratios, _SMALLEST_SQUARED)
        ratio = xp.exp(-0.5 * self.mass_to_light_gradient * xp.log(squared))
        return ratio * sersic_from(squared_ratios, 1.0, 1.0, self.sersic_index, xp=xp)

    def _factor(self, xp: Namespace = np) -> Array:
        flattening = xp.exp(-self.mass_to_light_gradient * xp.log(self.axis_ratio(xp=xp)))
        return super()._factor(xp=xp) * flattening


@dataclass(eq=False)
class SersicGradientSph(SersicGradient):
    """Circular Sersic profile with a gradient of the mass-to-light ratio."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
