"""Sersic profile of mass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.light.standard.sersic import sersic_from
from autogalaxy.profiles.mass.stellar.abstract import StellarMassProfile
from autogalaxy.profiles.mass.stellar.expansion import LARGEST_INDEX
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain

INDEX_DOMAIN = Domain(lower=0.5, upper=LARGEST_INDEX, closed=True)
"""Indices for which the expansion is good; a light profile may have others."""


@dataclass(eq=False)
class Sersic(StellarMassProfile):
    r"""Elliptical Sersic profile of stellar mass.

    .. math:: \kappa = \Upsilon I_e \exp\{-b_n [(R / R_e)^{1/n} - 1]\}, \quad R = \sqrt{q} \, m, \quad
              m^2 = x^2 + y^2 / q^2

    Relative errors of the deflection from 0.01 to 100 effective radii and for q of 0.2 to 1, against quadrature, are
    below 1e-6, for an index of 1.4 to 7 below 1e-7. Half of its divergence differs from the convergence by up to 1.5e-5
    (index 0.5), 2e-6 (0.6 to 0.8, 8) and 1e-6 (between) of the mean convergence inside.

    References
    ----------
    Sersic (1968), Atlas de Galaxias Australes; Graham & Driver (2005), PASA 22, 118, eq. 1.
    """

    intensity: float = aa.parameter(0.1, unit="e- s^-1", prior=aa.LogUniformPrior(lower_limit=1e-4, upper_limit=1e3))
    """Surface brightness at the effective radius."""
    effective_radius: float = aa.parameter(
        0.6, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.01, upper_limit=10.0)
    )
    """Radius of the circle whose area is that of the ellipse that holds half of the light."""
    sersic_index: float = aa.parameter(0.6, unit="", prior=aa.UniformPrior(lower_limit=0.5, upper_limit=8.0))
    """Concentration n: 1 is an exponential disc, 4 a de Vaucouleurs bulge."""
    mass_to_light_ratio: float = aa.parameter(
        1.0, unit="", prior=aa.LogUniformPrior(lower_limit=0.01, upper_limit=10.0)
    )
    """Convergence over surface brightness."""

    domains: ClassVar[dict[str, Domain]] = {
        "effective_radius": POSITIVE,
        "sersic_index": INDEX_DOMAIN,
        "mass_to_light_ratio": NOT_NEGATIVE,
    }

    def _shape_parameters(self) -> tuple[Array, ...]:
        return (self.sersic_index,)

    def _shape_at(self, squared_ratios: Array, xp: Namespace = np) -> Array:
        return sersic_from(squared_ratios, 1.0, 1.0, self.sersic_index, xp=xp)


@dataclass(eq=False)
class SersicSph(Sersic):
    """Circular Sersic profile of stellar mass."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
