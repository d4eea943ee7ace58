"""Where a profile is, how elliptical it is, and the coordinates in which it is simple."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree, is_traced
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.profiles.validation import Domain, check_arguments, checked_number, checked_pair


def components_of(vectors: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """The y and the x components of raw vectors, ``(..., 2) -> (...,), (...,)``.

    Under JAX by a primitive whose transpose puts them together again; that of an index fills an array with zeros.
    """
    if xp is np:
        return vectors[..., 0], vectors[..., 1]
    y, x = xp.unstack(vectors, axis=-1)
    return y, x


def modulus_from(a: Array, b: Array, xp: Namespace = np) -> Array:
    r"""``sqrt(a^2 + b^2)`` with the gradient zero where both are zero, the limit of a central difference."""
    squared = a**2 + b**2
    off = squared > 0.0
    return xp.where(off, xp.sqrt(xp.where(off, squared, 1.0)), 0.0)


def squeezed_from(y: Array, x: Array, ell_comps: tuple[Array, Array]) -> tuple[Array, Array]:
    r"""Coordinates in which ellipses of the profile are circles, in the orientation of the sky.

    .. math:: \zeta = z - \epsilon \bar z, \quad z = x + i y, \quad \epsilon = f e^{2 i \phi} = e_1 + i e_0

    In the profile's frame :math:`\zeta = 2 (q x + i y) / (1 + q)`. No root or angle of the ellipticity is taken, so
    the circular limit is exact and smooth.

    Returns
    -------
    The (y, x) components of zeta, each ``(n,)``.
    """
    e0, e1 = ell_comps
    return (1.0 + e1) * y - e0 * x, (1.0 - e1) * x - e0 * y


def eccentric_radii_squared_from(y: Array, x: Array, ell_comps: tuple[Array, Array]) -> Array:
    r"""Square of the eccentric radius, :math:`q m^2 = q x^2 + y^2 / q = |\zeta|^2 / (1 - f^2)`, ``(n,)``."""
    zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
    return (zeta_y**2 + zeta_x**2) / (1.0 - ell_comps[0] ** 2 - ell_comps[1] ** 2)


def root_from(squared: Array, xp: Namespace = np) -> Array:
    """Square root with a finite gradient (zero) at zero."""
    off = squared > 0.0
    return xp.where(off, xp.sqrt(xp.where(off, squared, 1.0)), 0.0)


@dataclass(eq=False)
class EllProfile(InstancePytree):
    """Base of light and mass profiles: a centre, elliptical components and the transforms they define."""

    centre: tuple[float, float] = aa.parameter((0.0, 0.0), unit="arcsec", prior=aa.GaussianPrior(mean=0.0, sigma=0.3))
    """(y, x) of the centre."""
    ell_comps: tuple[float, float] = aa.parameter(
        (0.0, 0.0), unit="", prior=aa.TruncatedGaussianPrior(mean=0.0, sigma=0.3, lower_limit=-1.0, upper_limit=1.0)
    )
    r"""``(f sin 2 phi, f cos 2 phi)`` with ``f = (1 - q) / (1 + q)``."""

    domains: ClassVar[dict[str, Domain]] = {}
    """Values that parameters may have, by name; what is not named may have any finite value."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        check_arguments(cls, positional=len(args), keywords=kwargs)
        return super().__new__(cls)  # type: ignore[return-value]

    def __post_init__(self) -> None:
        """Integers become floats (JAX has no gradient of an integer) and values outside their domain raise."""
        owner = type(self).__name__
        for item in fields(self):
            if "prior" not in item.metadata:
                continue
            value = getattr(self, item.name)
            if isinstance(item.default, tuple):
                setattr(self, item.name, checked_pair(owner, item.name, value))
            else:
                domain = self.domains.get(item.name)
                setattr(self, item.name, checked_number(owner, item.name, value, domain, good=item.default))
        e0, e1 = self.ell_comps
        if not is_traced(e0) and not is_traced(e1) and float(e0) * float(e0) + float(e1) * float(e1) >= 1.0:
            raise exc.ProfileException(
                f"{owner} got ell_comps=({float(e0):g}, {float(e1):g}), wanted a pair inside the unit disc: "
                "ell_comps=ag.convert.ell_comps_from(axis_ratio=0.7, angle=45.0)."
            )

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether every parameter is inside its domain, a boolean scalar; what a sampler asks of traced parameters."""
        e0, e1 = self.ell_comps
        good = xp.asarray(e0**2 + e1**2 < 1.0)
        for name, domain in self.domains.items():
            good = xp.logical_and(good, domain.contains(getattr(self, name), xp=xp))
        return good

    def _shifted(self, xp: Namespace = np) -> tuple[Array, Array]:
        """``ell_comps`` moved off the circular limit, where the direction of the major axis has no gradient.

        By 2 sqrt(eps), so that derivatives through an angle keep half of the digits.
        """
        e0, e1 = self.ell_comps
        step = float(np.finfo(xp.result_type(e0, e1, float)).eps) ** 0.5
        return e0, e1 + xp.where(e0**2 + e1**2 < step**2, 2.0 * step, 0.0)

    def axis_ratio(self, xp: Namespace = np) -> Array:
        """Minor over major axis."""
        f = modulus_from(*self.ell_comps, xp=xp)
        return (1.0 - f) / (1.0 + f)

    def angle(self, xp: Namespace = np) -> Array:
        """Direction of the major axis [degrees], counter-clockwise from the positive x-axis."""
        return xp.rad2deg(self.angle_radians(xp=xp))

    def angle_radians(self, xp: Namespace = np) -> Array:
        """Direction of the major axis [radians]."""
        e0, e1 = self._shifted(xp=xp)
        return 0.5 * xp.arctan2(e0, e1)

    @aa.decorators.to_grid
    def transformed_to_reference_frame_grid_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Shift to the centre and rotate the major axis onto x, ``(n, 2) -> (n, 2)``."""
        y, x = grid.array[:, 0] - self.centre[0], grid.array[:, 1] - self.centre[1]
        cos, sin = self._cos_sin(xp=xp)
        return xp.stack((cos * y - sin * x, cos * x + sin * y), axis=-1)

    def rotated_grid_from_reference_frame_from(
        self, grid: Array, xp: Namespace = np, angle: float | None = None
    ) -> Array:
        """Turn raw vectors of the profile's frame back onto the sky, ``(n, 2) -> (n, 2)``.

        ``angle`` [degrees] replaces the direction of the major axis (twice it turns a shear).
        """
        cos, sin = self._cos_sin(xp=xp) if angle is None else (xp.cos(xp.deg2rad(angle)), xp.sin(xp.deg2rad(angle)))
        y, x = grid[:, 0], grid[:, 1]
        return xp.stack((cos * y + sin * x, cos * x - sin * y), axis=-1)

    def _cos_sin(self, xp: Namespace = np) -> tuple[Array, Array]:
        angle = self.angle_radians(xp=xp)
        return xp.cos(angle), xp.sin(angle)

    def offsets_from(self, grid: GridLike, xp: Namespace = np) -> tuple[Array, Array, tuple[Array, Array]]:
        """(y, x) from the centre, each ``(n,)``, and the elliptical components in the orientation of that grid.

        A grid that ``aa.decorators.transform`` brought into the frame of the profile is centred and has its major axis
        along x.
        """
        y, x = components_of(grid.array, xp=xp)
        if grid.is_transformed:
            return y, x, (0.0, modulus_from(*self.ell_comps, xp=xp))
        return y - self.centre[0], x - self.centre[1], self.ell_comps

    @aa.decorators.to_array
    def radial_grid_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Distances [arcsec] from the centre, ``(n, 2) -> (n,)``."""
        y, x, _ = self.offsets_from(grid, xp=xp)
        return root_from(y**2 + x**2, xp=xp)

    @aa.decorators.to_array
    def elliptical_radii_grid_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """``m = sqrt(x^2 + y^2 / q^2)`` in the profile's frame [arcsec], ``(n, 2) -> (n,)``."""
        y, x, ell_comps = self.offsets_from(grid, xp=xp)
        squared = eccentric_radii_squared_from(y, x, ell_comps)
        return root_from(squared / self.axis_ratio(xp=xp), xp=xp)

    @aa.decorators.to_array
    def eccentric_radii_grid_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """``sqrt(q) m``, the radius of the circle of equal area [arcsec], ``(n, 2) -> (n,)``."""
        y, x, ell_comps = self.offsets_from(grid, xp=xp)
        return root_from(eccentric_radii_squared_from(y, x, ell_comps), xp=xp)
