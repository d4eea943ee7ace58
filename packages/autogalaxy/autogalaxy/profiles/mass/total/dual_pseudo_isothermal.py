"""Pseudo-isothermal ellipsoids with a core and a truncation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.total.cored import CoredMassProfile, check_cores
from autogalaxy.profiles.mass.total.cored_isothermal import Cores
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain


def _area(ell_comps: tuple[Array, Array]) -> Array:
    """``1 - f^2``."""
    return 1.0 - ell_comps[0] ** 2 - ell_comps[1] ** 2


@dataclass(eq=False)
class CoreAndTruncation:
    """Parameters of dual pseudo-isothermal profiles; named first among the bases."""

    ra: float = aa.parameter(0.1, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    """Core radius; may be zero."""
    rs: float = aa.parameter(2.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=1.0, upper_limit=20.0))
    """Truncation radius, not below the core radius."""
    b0: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Einstein radius of the circular lens without core and truncation."""

    domains: ClassVar[dict[str, Domain]] = {"ra": NOT_NEGATIVE, "rs": POSITIVE, "b0": NOT_NEGATIVE}

    def __post_init__(self) -> None:
        super().__post_init__()  # type: ignore[misc]
        check_cores(type(self).__name__, "ra", self.ra, "rs", self.rs)

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether every parameter is inside its domain and the core inside the truncation."""
        return xp.logical_and(super().is_physical(xp=xp), self.ra <= self.rs)  # type: ignore[misc]


@dataclass(eq=False)
class PIEMass(CoredMassProfile):
    r"""Pseudo-isothermal elliptical mass distribution: isothermal with a core, without truncation.

    .. math:: \kappa = \frac{b_0}{2} \frac{1}{\sqrt{r_a^2 + R^2}}, \quad
              R^2 = \frac{x^2}{(1 + e)^2} + \frac{y^2}{(1 - e)^2}, \quad e = \frac{1 - q}{1 + q}

    Deflection, convergence, potential and shear are closed forms, with relative errors of the order of 1e-14 for q
    above 0.1.

    References
    ----------
    Kassiola & Kovner (1993), ApJ 417, 450.
    """

    ra: float = aa.parameter(0.1, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    """Core radius; may be zero."""
    b0: float = aa.parameter(0.1, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Einstein radius of the circular lens without core."""

    domains: ClassVar[dict[str, Domain]] = {"ra": NOT_NEGATIVE, "b0": NOT_NEGATIVE}

    def cores_from(self, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Cores:
        """The one core; the squeezed radius is ``(1 - f^2) R``."""
        area = _area(ell_comps)
        return Cores(strength=0.5 * self.b0 * area, inner=area * self.ra)


@dataclass(eq=False)
class dPIEMassB0(CoreAndTruncation, CoredMassProfile):
    r"""Dual pseudo-isothermal elliptical mass distribution: isothermal between its core and its truncation.

    .. math:: \kappa = \frac{b_0}{2} \frac{r_s}{r_s - r_a}
              \left(\frac{1}{\sqrt{r_a^2 + R^2}} - \frac{1}{\sqrt{r_s^2 + R^2}}\right), \quad
              R^2 = \frac{x^2}{(1 + e)^2} + \frac{y^2}{(1 - e)^2}, \quad e = \frac{1 - q}{1 + q}

    Deflection, convergence, potential and shear are closed forms, with relative errors of the order of 1e-14 for q
    above 0.1, whatever the distance between the two radii.

    References
    ----------
    Kassiola & Kovner (1993), ApJ 417, 450; Eliasdottir et al. (2007), arXiv:0710.5636, appendix A.
    """

    ra: float = aa.parameter(0.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    """Core radius; may be zero."""
    b0: float = aa.parameter(0.1, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Einstein radius of the circular lens without core and truncation."""

    def cores_from(self, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Cores:
        """Both cores; the squeezed radius is ``(1 - f^2) R``, and the strength is without ``1 / (rs - ra)``."""
        area = _area(ell_comps)
        return Cores(strength=0.5 * self.b0 * self.rs * area**2, inner=area * self.ra, outer=area * self.rs)


@dataclass(eq=False)
class dPIEMassB0Sph(dPIEMassB0):
    """Circular dual pseudo-isothermal mass distribution."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    ra: float = aa.parameter(0.1, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    """Core radius; may be zero."""
    b0: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Einstein radius of the lens without core and truncation."""
