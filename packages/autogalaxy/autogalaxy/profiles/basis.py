"""Many profiles that together are one component, as ``ag.lp_basis``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.mass.abstract import MassProfile


class Basis(InstancePytree):
    """A group of profiles, such as the Gaussians of an expansion or a set of shapelets; its image is their sum.

    A galaxy's mass is that of the mass profiles in the group too. ``regularization`` is that of the intensities where a
    linear inversion solves for them.
    """

    no_flatten: ClassVar[tuple[str, ...]] = ()

    def __init__(self, profile_list: Iterable[LightProfile | MassProfile], regularization: Any = None) -> None:
        wanted = "wanted a list of profiles: Basis(profile_list=[lp.Gaussian(sigma=0.1), lp.Gaussian(sigma=1.0)])"
        if isinstance(profile_list, str | type) or not isinstance(profile_list, Iterable):
            raise exc.ProfileException(f"Basis got profile_list={exc.shown(profile_list)}, {wanted}.")
        try:
            self.profile_list: list[Any] = list(profile_list)
        except TypeError:  # an array of no dimension says that it can be iterated over
            self.profile_list = [profile_list]
        if not self.profile_list:
            raise exc.ProfileException(f"Basis got no profiles, {wanted}.")
        for profile in self.profile_list:
            if not isinstance(profile, LightProfile | MassProfile):
                raise exc.ProfileException(f"Basis got {exc.shown(profile)}, {wanted}.")
        if regularization is not None and (
            isinstance(regularization, type) or not hasattr(regularization, "regularization_matrix_from")
        ):
            raise exc.ProfileException(
                f"Basis got regularization={exc.shown(regularization)}, wanted None or an object of reg: "
                "Basis(profile_list, regularization=reg.Constant(coefficient=1.0))."
            )
        if regularization is not None and not any(getattr(p, "is_linear", False) for p in self.profile_list):
            raise exc.ProfileException(
                "Basis got a regularization and no linear profile, whose intensities it is for; wanted profiles of "
                "lp_linear: Basis([lp_linear.Gaussian(sigma=0.1)], regularization=reg.Zeroth(coefficient=1.0))."
            )
        self.regularization = regularization

    @property
    def light_profile_list(self) -> list[LightProfile]:
        """The light profiles of the group."""
        return [profile for profile in self.profile_list if isinstance(profile, LightProfile)]

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether the parameters of every profile are inside their domain, a boolean scalar."""
        good = xp.asarray(True)
        for profile in self.profile_list:
            good = xp.logical_and(good, profile.is_physical(xp=xp))
        return good

    @aa.over_sample
    @aa.decorators.to_array
    def image_2d_from(self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None) -> Array:
        """Light [e- s^-1] of all light profiles, ``(n, 2) -> (n,)``."""
        images = [p.image_2d_from(grid, xp=xp, operated_only=operated_only).array for p in self.light_profile_list]
        return sum(images[1:], start=images[0]) if images else xp.zeros(grid.shape[0])

    def image_2d_list_from(self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None) -> list[Any]:
        """Light of each light profile."""
        return [p.image_2d_from(grid, xp=xp, operated_only=operated_only) for p in self.light_profile_list]

    def luminosity_within_circle_from(self, radius: float, xp: Namespace = np) -> Array:
        """Light [e- s^-1 arcsec^2] inside a circle of ``radius`` [arcsec] about each profile's centre."""
        return sum(p.luminosity_within_circle_from(radius, xp=xp) for p in self.light_profile_list)

    def __repr__(self) -> str:
        return f"Basis({len(self.profile_list)} profiles: {', '.join(type(p).__name__ for p in self.profile_list[:3])})"


__all__ = ["Basis"]
