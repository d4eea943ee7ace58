"""Elliptical power law, normalized on the intermediate axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Namespace
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.mass.total.power_law import PowerLaw
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain


@dataclass(eq=False)
class PowerLawIntermediate(DerivedMassProfile):
    r"""Elliptical power law in the normalization of lenstronomy and of COOLEST.

    .. math:: \kappa = \frac{3 - g}{2} \left(\frac{\theta_E}{\sqrt q \, m}\right)^{g - 1}, \quad m^2 = x^2 + y^2 / q^2

    The mean convergence is one inside the ellipse of area :math:`\pi \theta_E^2`. Numerics are those of
    :class:`PowerLaw`, whose Einstein radius is :math:`[(1 + q) / 2]^{1 / (g - 1)} \theta_E / \sqrt q`.

    References
    ----------
    Tessore & Metcalf (2015), A&A 580, A79.
    """

    einstein_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Radius of the circle that has the area of the ellipse with a mean convergence of one."""
    slope: float = aa.parameter(2.0, unit="", prior=aa.UniformPrior(lower_limit=1.5, upper_limit=2.8))
    """Logarithmic slope of the density, between 1 (a sheet) and 3 (infinite mass at the centre)."""

    domains: ClassVar[dict[str, Domain]] = {"einstein_radius": NOT_NEGATIVE, "slope": Domain(lower=1.0, upper=3.0)}

    def equivalent_from(self, xp: Namespace = np) -> PowerLaw:
        """The same lens normalized on the major axis."""
        q = self.axis_ratio(xp=xp)
        ratio = xp.exp(xp.log(0.5 * (1.0 + q)) / (self.slope - 1.0) - 0.5 * xp.log(q))
        return PowerLaw(
            centre=self.centre,
            ell_comps=self.ell_comps,
            einstein_radius=ratio * self.einstein_radius,
            slope=self.slope,
        )
