"""Two black holes in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.by_mass import LensRedshifts
from autogalaxy.profiles.mass.point.point import PointMass
from autogalaxy.profiles.mass.point.smbh import BLACK_HOLE_DOMAINS, BlackHoleMass, point_einstein_radius_from
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain, checked_number


@dataclass(eq=False)
class BinaryPositions:
    """Where two black holes are on the sky."""

    separation: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=5.0))
    """Distance between the two; the centre is halfway."""
    angle_binary: float = aa.parameter(0.0, unit="degrees", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=360.0))
    """Direction of the first from the centre [degrees], counter-clockwise from the positive x-axis."""


@dataclass(eq=False)
class MassRatio:
    """How the mass of a binary is shared."""

    mass_ratio: float = aa.parameter(1.0, unit="", prior=aa.LogUniformPrior(lower_limit=1e-2, upper_limit=1e2))
    """Mass of the first over that of the second."""


@dataclass(eq=False)
class SMBHBinary(LensRedshifts, MassRatio, BlackHoleMass, BinaryPositions, MassProfile):
    r"""Two black holes, point lenses at opposite sides of the centre.

    .. math:: M_1 = \frac{\mu}{1 + \mu} M, \quad M_2 = \frac{1}{1 + \mu} M

    with :math:`\mu` the mass ratio and M the mass of both. PyAutoLens 2026.10 documents these masses and gives one of
    the two the number of the ratio in solar masses instead.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    domains: ClassVar[dict[str, Domain]] = {
        "separation": NOT_NEGATIVE,
        "mass_ratio": POSITIVE,
        **BLACK_HOLE_DOMAINS,
    }

    def points_from(self, xp: Namespace = np) -> tuple[PointMass, PointMass]:
        """The two point lenses, the first at ``angle_binary``."""
        angle = xp.deg2rad(self.angle_binary)
        y, x = 0.5 * self.separation * xp.sin(angle), 0.5 * self.separation * xp.cos(angle)
        radius = point_einstein_radius_from(self.mass, self.redshift_object, self.redshift_source, xp=xp)
        share = 1.0 / (1.0 + self.mass_ratio)
        first = PointMass(
            centre=(self.centre[0] + y, self.centre[1] + x),
            einstein_radius=radius * xp.sqrt(self.mass_ratio * share),
        )
        second = PointMass(centre=(self.centre[0] - y, self.centre[1] - x), einstein_radius=radius * xp.sqrt(share))
        return first, second

    def singular_points(self, xp: Namespace = np) -> list[tuple[Array, Array]]:
        """Where the two holes are, (y,x) [arcsec]."""
        return [point.centre for point in self.points_from(xp=xp)]

    def mass_angular_within_circle_from(self, radius: float, xp: Namespace = np) -> Array:
        r"""Mass inside a circle of ``radius`` [arcsec] about the centre, in critical surface densities [arcsec^2].

        :math:`\pi \theta_i^2` of each hole inside, half of it on the circle itself: both are as far from the centre.
        """
        checked_number(type(self).__name__, "radius", radius, NOT_NEGATIVE)
        squared = point_einstein_radius_from(self.mass, self.redshift_object, self.redshift_source, xp=xp) ** 2
        return np.pi * squared * 0.5 * (1.0 + xp.sign(radius - 0.5 * self.separation))

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        (y_1, x_1), (y_2, x_2) = self._of_points("deflections_at", y, x, ell_comps, xp=xp)
        return y_1 + y_2, x_1 + x_2

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Zero but for the points themselves, which no grid resolves, ``(n,)``."""
        return xp.zeros_like(y)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], ``(n,)``."""
        first, second = self._of_points("potential_at", y, x, ell_comps, xp=xp)
        return first + second

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``."""
        (first_1, first_2), (second_1, second_2) = self._of_points("shear_at", y, x, ell_comps, xp=xp)
        return first_1 + second_1, first_2 + second_2

    def _of_points(
        self, formula: str, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> list[Any]:
        """A formula of each point lens at offsets from the centre of the binary."""
        return [
            getattr(point, formula)(
                y - (point.centre[0] - self.centre[0]), x - (point.centre[1] - self.centre[1]), ell_comps, xp=xp
            )
            for point in self.points_from(xp=xp)
        ]
