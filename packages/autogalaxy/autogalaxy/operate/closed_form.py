"""The Hessian of a single lens plane from its convergence and shear, where the mass has both in closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autoarray as aa
from autoarray.abstract_ndarray import AbstractNDArray
from autoarray.type import Array, Namespace
from autogalaxy.operate.hessian import matrices_from
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.total.isothermal import SMALLEST_RADIUS

DEFLECTIONS = ("deflections_yx_2d_from", "deflections_at")
BESIDE = 10.0 * SMALLEST_RADIUS
"""Distance [arcsec] from a singular point at which formulas are still those of the profile, for any axis ratio."""
DERIVATIVES = (
    ("convergence_2d_from", "convergence_at", "convergence_of"),
    ("shear_yx_2d_from", "shear_at", "mean_convergence_of"),
)


def hessian_function_of(mass_obj: Any) -> Callable[..., Array] | None:
    r"""Hessian of a profile, galaxy or galaxies of one plane; None without a closed form.

    It is called as ``(points, xp=xp)`` with raw points, ``(n, 2) -> (n, 2, 2)``.

    .. math::
        \alpha_{yy} = \kappa - \gamma_1, \quad \alpha_{xx} = \kappa + \gamma_1, \quad
        \alpha_{xy} = \alpha_{yx} = \gamma_2
    """
    if getattr(mass_obj, "total_planes", 1) != 1 or not _has_closed_form(mass_obj):
        return None

    def hessian_from(points: Array, xp: Namespace = np) -> Array:
        grid = aa.Grid2DIrregular.from_raw(points, is_transformed=False)
        convergence = _raw_from(mass_obj.convergence_2d_from(grid, xp=xp))
        gamma_2, gamma_1 = _raw_from(mass_obj.shear_yx_2d_from(grid, xp=xp)).T
        return matrices_from(convergence - gamma_1, gamma_2, gamma_2, convergence + gamma_1, xp=xp)

    return hessian_from


def _has_closed_form(mass_obj: Any) -> bool:
    """Whether convergence and shear of an object and of all its parts belong to its deflections."""
    parts = [*getattr(mass_obj, "galaxies", []), *getattr(mass_obj, "mass_profiles", [])]
    return _defines_derivatives(type(mass_obj)) and all(_has_closed_form(part) for part in parts)


def _defines_derivatives(cls: type) -> bool:
    """Whether a class that redefines the deflections of its bases redefines what follows from them too.

    A profile that a user derives from ours with other deflections would keep our convergence and shear.
    """
    order = cls.__mro__

    def position_of(names: tuple[str, ...]) -> int:
        return next((i for i, base in enumerate(order) if any(name in vars(base) for name in names)), len(order))

    deflections = position_of(DEFLECTIONS)
    return deflections < len(order) and all(position_of(names) <= deflections for names in DERIVATIVES)


def _raw_from(values: Any) -> Array:
    return values.array if isinstance(values, AbstractNDArray) else values


def singular_points_of(mass_obj: Any, xp: Namespace = np) -> list[tuple[Array, Array]]:
    """Points (y,x) [arcsec] about which the mass profiles of an object gather; none of an object of another kind."""
    parts = [*getattr(mass_obj, "galaxies", []), *getattr(mass_obj, "mass_profiles", [])]
    if parts:
        return [point for part in parts for point in singular_points_of(part, xp=xp)]
    if isinstance(mass_obj, MassProfile):
        return mass_obj.singular_points(xp=xp)
    centre = getattr(mass_obj, "centre", None)
    return [] if centre is None else [centre]


def centres_of(mass_obj: Any) -> Array:
    """The different ones of these points as an array, ``(m, 2)``."""
    points = np.array(singular_points_of(mass_obj), dtype=float).reshape(-1, 2)
    return np.unique(points, axis=0)


def beside_singular_points(points: Array, mass_obj: Any, xp: Namespace = np) -> Array:
    """``points``, ``(n, 2)``, with those on a singular point of the mass moved off it by a tiny distance along x.

    Convergence and shear may be infinite there. What they are beside it is what a map can show of them, and is the same
    on both backends.
    """
    y, x = points[:, 0], points[:, 1]
    for y_0, x_0 in singular_points_of(mass_obj, xp=xp):
        is_on = (y - y_0) ** 2 + (x - x_0) ** 2 < BESIDE**2
        y, x = xp.where(is_on, y_0, y), xp.where(is_on, x_0 + BESIDE, x)
    return xp.stack((y, x), axis=-1)
