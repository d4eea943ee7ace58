"""Isothermal ellipsoid with a core."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import modulus_from
from autogalaxy.profiles.mass.total.cored import CoredMassProfile
from autogalaxy.profiles.mass.total.cored_isothermal import Cores
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain


@dataclass(eq=False)
class IsothermalCore(CoredMassProfile):
    r"""Isothermal ellipsoid with a core, the cored power law of slope 2.

    .. math:: \kappa = \frac{1}{1 + q} \frac{\theta_E}{\sqrt{m^2 + s^2}}, \quad m^2 = x^2 + y^2 / q^2

    Deflection, convergence, potential and shear are closed forms, with relative errors of the order of 1e-14 for q
    above 0.1.

    References
    ----------
    Kormann, Schneider & Bartelmann (1994), A&A 284, 285; Keeton (2001), astro-ph/0102341.
    """

    einstein_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Radius inside which the mean convergence of the circular lens without core is one."""
    core_radius: float = aa.parameter(0.01, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=0.5))
    """s, along the major axis; may be zero."""

    domains: ClassVar[dict[str, Domain]] = {"einstein_radius": NOT_NEGATIVE, "core_radius": NOT_NEGATIVE}

    def cores_from(self, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Cores:
        """The one core, scaled to the squeezed coordinates."""
        f = modulus_from(*ell_comps, xp=xp)
        return Cores(strength=0.5 * self.einstein_radius * (1.0 - f**2), inner=(1.0 - f) * self.core_radius)


@dataclass(eq=False)
class IsothermalCoreSph(IsothermalCore):
    """Isothermal sphere with a core."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
