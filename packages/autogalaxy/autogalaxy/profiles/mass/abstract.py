"""What every mass profile is and does."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.profiles.geometry import EllProfile
from autogalaxy.profiles.mass.blocks import in_blocks, in_one_loop
from autogalaxy.profiles.validation import NOT_NEGATIVE, checked_number, reject_keywords

# The trapezoidal rule over a turn; its error falls exponentially, to 1e-12 at an axis ratio of 0.2.
_DIRECTIONS = 2.0 * np.pi * (np.arange(512) + 0.5) / 512
_SIN, _COS = np.sin(_DIRECTIONS), np.cos(_DIRECTIONS)


@dataclass(eq=False)
class MassProfile(EllProfile):
    """Base of mass profiles: deflection, convergence, potential and shear of a thin lens.

    Angles are reduced deflections for a source on the last plane, so convergence is in units of the critical surface
    density there.

    A subclass gives its formulas as ``deflections_at``, ``convergence_at``, ``potential_at`` and ``shear_at``: raw
    offsets (y, x) from the centre [arcsec], each ``(n,)``, and the elliptical components in the orientation of those
    offsets come in, raw arrays go out. The methods that take a grid are defined here, once. Where a formula is singular
    at the centre, deflections are zero there and convergence and potential finite.
    """

    deflects_in_one_loop: ClassVar[bool] = False
    """Whether XLA fuses the whole deflection into few loops over the points, faster on all cores than block by block.

    To be measured: it holds for a short formula, not for one with a long sum.
    """

    @abstractmethod
    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        raise NotImplementedError

    @abstractmethod
    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``."""
        raise NotImplementedError

    @abstractmethod
    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], up to a constant, ``(n,)``."""
        raise NotImplementedError

    @abstractmethod
    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``."""
        raise NotImplementedError

    @aa.decorators.to_vector_yx
    def deflections_yx_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Deflection angles [arcsec] in (y, x) order, ``(n, 2) -> (n, 2)``; zero at a singular centre."""
        reject_keywords("deflections_yx_2d_from", kwargs)
        if xp is np or not self.deflects_in_one_loop:
            return self._stacked(self.deflections_at, grid, xp=xp)

        def divided(lens: MassProfile, points: Array) -> Array:
            part = aa.Grid2DIrregular.from_raw(points, is_transformed=grid.is_transformed)
            return lens._stacked(lens.deflections_at, part, xp=xp)

        def whole(lens: MassProfile, points: Array) -> Array:
            part = aa.Grid2DIrregular.from_raw(points, is_transformed=grid.is_transformed)
            # columns that are rows first fuse with what they are computed from
            return xp.stack(lens.deflections_at(*lens.offsets_from(part, xp=xp), xp=xp)).T

        return in_one_loop(whole, divided, self, grid.array)

    @aa.over_sample
    @aa.decorators.to_array
    def convergence_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Convergence, ``(n, 2) -> (n,)``; at a singular centre a large number."""
        reject_keywords("convergence_2d_from", kwargs)
        return self._in_blocks(self.convergence_at, grid, xp=xp)

    @aa.over_sample
    @aa.decorators.to_array
    def potential_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Lensing potential [arcsec^2], up to a constant, ``(n, 2) -> (n,)``."""
        reject_keywords("potential_2d_from", kwargs)
        return self._in_blocks(self.potential_at, grid, xp=xp)

    @aa.decorators.to_vector_yx
    def shear_yx_2d_from(self, grid: GridLike, xp: Namespace = np, **kwargs: Any) -> Array:
        """Shear in the (y, x) order of the field, column 0 gamma_2 and column 1 gamma_1, ``(n, 2) -> (n, 2)``."""
        reject_keywords("shear_yx_2d_from", kwargs)
        return self._stacked(self.shear_at, grid, xp=xp, reverse=True)

    def mass_angular_within_circle_from(self, radius: float, xp: Namespace = np) -> Array:
        r"""Mass inside a circle of ``radius`` [arcsec] about the centre, in critical surface densities [arcsec^2].

        By Gauss's theorem, :math:`M(r) = \frac{1}{2} \oint \alpha \cdot n \, r \, d\varphi`.
        """
        checked_number(type(self).__name__, "radius", radius, NOT_NEGATIVE)
        points = xp.stack((self.centre[0] + radius * _SIN, self.centre[1] + radius * _COS), axis=-1)
        deflections = self.deflections_yx_2d_from(aa.Grid2DIrregular(points, xp=xp), xp=xp).array
        return np.pi * radius * xp.mean(deflections[:, 0] * _SIN + deflections[:, 1] * _COS)

    def singular_points(self, xp: Namespace = np) -> list[tuple[Array, Array]]:
        """Points (y,x) [arcsec] about which the mass gathers: critical curves are looked for around them.

        A profile of several lumps says where each of them is.
        """
        return [self.centre]

    @property
    def average_convergence_of_1_radius(self) -> float:
        """Radius [arcsec] of the circle about the centre inside which the mean convergence is one."""
        return _radius_of_mean_convergence_one(self)

    def _stacked(self, function: Callable, grid: GridLike, xp: Namespace = np, reverse: bool = False) -> Array:
        """The two arrays that ``function`` returns as the columns of one, ``(n, 2)``."""

        def columns_at(y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
            first, second = function(y, x, ell_comps, xp=xp)
            return xp.stack((second, first) if reverse else (first, second), axis=-1)

        return self._in_blocks(columns_at, grid, xp=xp)

    def _in_blocks(self, function: Callable, grid: GridLike, xp: Namespace = np) -> Array:
        """What ``function`` of offsets and elliptical components returns at the points of ``grid``."""

        def values_at(points: Array) -> Array:
            block = aa.Grid2DIrregular.from_raw(points, is_transformed=grid.is_transformed)
            return function(*self.offsets_from(block, xp=xp), xp=xp)

        return in_blocks(values_at, grid.array, xp=xp)


def _radius_of_mean_convergence_one(profile: MassProfile) -> float:
    """Bisection in the logarithm of the radius, outwards from where the mean convergence is above one."""

    def excess(radius: float) -> float:
        return float(profile.mass_angular_within_circle_from(radius)) / (np.pi * radius**2) - 1.0

    radii = np.geomspace(1e-6, 1e5, 56)
    above = np.flatnonzero([excess(r) > 0.0 for r in radii])
    if len(above) == 0 or above[-1] == len(radii) - 1:
        raise exc.ProfileException(
            f"{type(profile).__name__} has no circle with a mean convergence of one between {radii[0]:g} and "
            f"{radii[-1]:g} arcsec; look at profile.mass_angular_within_circle_from(radius)."
        )
    low, high = radii[above[-1]], radii[above[-1] + 1]
    for _ in range(60):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return float(np.sqrt(low * high))
