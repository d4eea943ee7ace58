"""The dual pseudo-isothermal mass distribution in the parameters of Lenstool."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.abstract_ndarray import is_numpy, namespace_from
from autoarray.type import Array, Namespace
from autogalaxy.cosmology import FlatLambdaCDM
from autogalaxy.profiles.mass.by_mass import LensRedshifts
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.mass.total.cored import check_cores
from autogalaxy.profiles.mass.total.dual_pseudo_isothermal import dPIEMassB0
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain

_SPEED_OF_LIGHT = 299792.458
_ARCSEC = np.pi / 648000.0


def _ell_comps_of(profile: LenstoolHalo) -> tuple[Array, Array]:
    r"""``(f sin 2 phi, f cos 2 phi)`` with :math:`f = \epsilon / (1 + \sqrt{1 - \epsilon^2})`."""
    xp = namespace_from(use_jax=not (is_numpy(profile.ellipticity) and is_numpy(profile.angle_pos)))
    f = profile.ellipticity / (1.0 + (1.0 - profile.ellipticity**2) ** 0.5)
    angle = 2.0 * xp.deg2rad(profile.angle_pos)
    return f * xp.sin(angle), f * xp.cos(angle)


@dataclass(eq=False)
class LenstoolHalo(DerivedMassProfile):
    """Shape and velocity dispersion of a halo as Lenstool has them."""

    ell_comps: ClassVar[property] = property(_ell_comps_of)  # type: ignore[assignment, misc]
    """Of the ellipticity and angle below."""
    ellipticity: float = aa.parameter(0.0, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=0.9))
    """``(a^2 - b^2) / (a^2 + b^2)`` of the axes a and b of the contours of convergence."""
    angle_pos: float = aa.parameter(0.0, unit="degrees", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=180.0))
    """Direction of the major axis, counter-clockwise from the positive x-axis."""
    sigma: float = aa.parameter(200.0, unit="km/s", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1500.0))
    """Velocity dispersion in the definition of Lenstool."""
    r_core: float = aa.parameter(0.1, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    """Core radius; may be zero."""
    r_cut: float = aa.parameter(20.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=1.0, upper_limit=100.0))
    """Truncation radius, not below the core radius."""

    domains: ClassVar[dict[str, Domain]] = {
        "ellipticity": Domain(lower=0.0, upper=1.0, closed=True),
        "sigma": NOT_NEGATIVE,
        "r_core": NOT_NEGATIVE,
        "r_cut": POSITIVE,
        "redshift_object": POSITIVE,
        "redshift_source": POSITIVE,
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        check_cores(type(self).__name__, "r_core", self.r_core, "r_cut", self.r_cut)

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether every parameter is inside its domain and the core inside the truncation."""
        return xp.logical_and(super().is_physical(xp=xp), self.r_core <= self.r_cut)


@dataclass(eq=False)
class dPIEMass(LensRedshifts, LenstoolHalo):
    r"""Dual pseudo-isothermal elliptical mass distribution by its velocity dispersion.

    It is :class:`dPIEMassB0` with

    .. math:: b_0 = 6 \pi \frac{\sigma^2}{c^2} \frac{D_{ls}}{D_s}, \quad r_a = r_{core}, \quad r_s = r_{cut} .

    Distances are those of a flat universe with ``H0`` and ``Om0``, not of the cosmology of a tracer.

    References
    ----------
    Eliasdottir et al. (2007), arXiv:0710.5636, appendix A; Jullo et al. (2007), New J. Phys. 9, 447.
    """

    H0: float = 67.66
    """Hubble constant [km/s/Mpc]."""
    Om0: float = 0.30966
    """Density of matter over the critical density, today."""

    def __post_init__(self) -> None:
        super().__post_init__()
        FlatLambdaCDM(H0=self.H0, Om0=self.Om0)  # raises where there is no such universe

    def equivalent_from(self, xp: Namespace = np) -> dPIEMassB0:
        """The profile with the same lensing effect in terms of its deflection scale."""
        lens, source = self.redshift_object, self.redshift_source
        distances = FlatLambdaCDM(H0=self.H0, Om0=self.Om0)
        between = distances.angular_diameter_distance_between_redshifts_in_kpc_from
        ratio = between(lens, source, xp=xp) / between(0.0, source, xp=xp)
        b0 = 6.0 * np.pi / _ARCSEC * (self.sigma / _SPEED_OF_LIGHT) ** 2 * ratio
        return dPIEMassB0(centre=self.centre, ell_comps=self.ell_comps, ra=self.r_core, rs=self.r_cut, b0=b0)


@dataclass(eq=False)
class dPIEMassSph(dPIEMass):
    """Circular dual pseudo-isothermal mass distribution by its velocity dispersion."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))  # type: ignore[assignment, misc]
    ellipticity: float = field(init=False, default=0.0)
    angle_pos: float = field(init=False, default=0.0)
