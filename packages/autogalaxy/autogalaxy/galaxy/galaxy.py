"""A galaxy: named light and mass profiles at one redshift."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree, is_concrete_number, is_held_by_jax
from autoarray.concrete import number_from
from autoarray.prior_arithmetic import Operand
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.galaxy.signal_to_noise import set_signal_to_noise
from autogalaxy.galaxy.sums import flattened, sum_over
from autogalaxy.operate.image import OperateImage
from autogalaxy.profiles.basis import Basis
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.point_sources import Point


class Galaxy(OperateImage, InstancePytree):
    """Light and mass profiles, or lists of them, by keyword: ``Galaxy(redshift=0.5, bulge=..., mass=...)``.

    The redshift is static under JAX unless a model made it free.
    """

    no_flatten: ClassVar[tuple[str, ...]] = ("redshift",)
    ordering_parameter: ClassVar[str] = "redshift"
    not_components: ClassVar[tuple[str, ...]] = ("redshift", "_traced", "_plane_key")

    def __init__(self, redshift: float, **profiles: Any) -> None:
        number = 0.0 if is_held_by_jax(redshift) or isinstance(redshift, Operand) else number_from(redshift)
        if is_concrete_number(redshift) and not isinstance(redshift, bool) and not 0.0 <= number < 1e9:
            raise exc.GalaxyException(
                f"redshift={exc.shown(redshift)}, wanted a finite number of at least 0: redshift=0.5."
            )
        if isinstance(redshift, Operand) or math.isnan(number):
            raise exc.GalaxyException(
                f"redshift={exc.shown(redshift)}, wanted a number: Galaxy(redshift=0.5, bulge=...)."
            )
        self.redshift = redshift
        for name, profile in profiles.items():
            for part in flattened([profile]):
                if isinstance(part, type) or not isinstance(part, LightProfile | MassProfile | Basis | Point):
                    raise exc.GalaxyException(
                        f"{name}={exc.shown(part)} is neither a light nor a mass profile, nor a point; write "
                        f"for example "
                        f"Galaxy(redshift={exc.shown(redshift)}, {name}=lp.Sersic(intensity=1.0))."
                    )
            setattr(self, name, profile)

    @property
    def profiles(self) -> list[Any]:
        """All profiles, in the order they were given."""
        return flattened(v for k, v in vars(self).items() if k not in self.not_components)

    @property
    def light_profiles(self) -> list[Any]:
        """Light profiles, and each basis that holds some as one of them: the parts of the image."""
        return lit_among(self.profiles)

    @property
    def mass_profiles(self) -> list[MassProfile]:
        return self.cls_list_from(MassProfile)

    @property
    def light_profile_list(self) -> list[LightProfile]:
        """Every light profile, those inside a basis too."""
        return self.cls_list_from(LightProfile)

    @property
    def plane_key(self) -> tuple[float, int]:
        """What orders planes: the fixed redshift, or median and number of the prior of a free one."""
        key = vars(self).get("_plane_key")
        if key is not None:
            return key
        if not is_concrete_number(self.redshift):
            raise exc.GalaxyException(
                "the redshift is traced by JAX, so planes cannot be ordered by it; make it free in a model instead: "
                "Model(Galaxy, redshift=UniformPrior(0.1, 1.0), ...)."
            )
        return (float(self.redshift), 0)

    def is_physical(self, xp: Namespace = np) -> Any:
        """Whether the redshift is not negative and the parameters of every profile are inside their domain."""
        good = xp.asarray(self.redshift >= 0.0)
        for profile in self.profiles:
            good = xp.logical_and(good, profile.is_physical(xp=xp))
        return good

    def has(self, cls: type) -> bool:
        """Whether a profile of this class is present."""
        return bool(self.cls_list_from(cls))

    def cls_list_from(self, cls: type) -> list[Any]:
        """The profiles of a class, those inside a basis too."""
        found: list[Any] = []
        for profile in self.profiles:
            members = profile.profile_list if isinstance(profile, Basis) else []
            found.extend(p for p in (profile, *members) if isinstance(p, cls))
        return found

    def extract_attribute(self, cls: type, attr_name: str) -> list[Any]:
        """An attribute of every profile of a class that has it."""
        return [getattr(p, attr_name) for p in self.cls_list_from(cls) if hasattr(p, attr_name)]

    @aa.over_sample
    @aa.decorators.to_array
    def image_2d_from(self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None) -> Array:
        """Light [e- s^-1] of all light profiles, ``(n, 2) -> (n,)``."""
        return sum_over(self.light_profiles, "image_2d_from", grid, xp=xp, operated_only=operated_only)

    def image_2d_list_from(self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None) -> list[Any]:
        """Light of each light profile."""
        return [p.image_2d_from(grid, xp=xp, operated_only=operated_only) for p in self.light_profiles]

    @aa.decorators.to_vector_yx
    def deflections_yx_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Deflection angles [arcsec] of all mass profiles, ``(n, 2) -> (n, 2)``."""
        return sum_over(self.mass_profiles, "deflections_yx_2d_from", grid, xp=xp, trailing=(2,))

    @aa.over_sample
    @aa.decorators.to_array
    def convergence_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Convergence of all mass profiles, ``(n, 2) -> (n,)``."""
        return sum_over(self.mass_profiles, "convergence_2d_from", grid, xp=xp)

    @aa.over_sample
    @aa.decorators.to_array
    def potential_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Lensing potential [arcsec^2] of all mass profiles, ``(n, 2) -> (n,)``."""
        return sum_over(self.mass_profiles, "potential_2d_from", grid, xp=xp)

    @aa.decorators.to_vector_yx
    def shear_yx_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Shear of all mass profiles, column 0 gamma_2 and column 1 gamma_1, ``(n, 2) -> (n, 2)``."""
        return sum_over(self.mass_profiles, "shear_yx_2d_from", grid, xp=xp, trailing=(2,))

    def traced_grid_2d_from(self, grid: GridLike, xp: Namespace = np) -> Any:
        """``beta = theta - alpha``, for this galaxy as the only lens."""
        return grid.grid_2d_via_deflection_grid_from(self.deflections_yx_2d_from(grid, xp=xp))

    def luminosity_within_circle_from(self, radius: float, xp: Namespace = np) -> Array:
        """Light [e- s^-1] inside a circle [arcsec] about each profile's centre."""
        return sum(p.luminosity_within_circle_from(radius, xp=xp) for p in self.light_profiles)

    def mass_angular_within_circle_from(self, radius: float, xp: Namespace = np) -> Array:
        """Mass [arcsec^2 of critical surface density] inside a circle [arcsec] about each profile's centre."""
        return sum(p.mass_angular_within_circle_from(radius, xp=xp) for p in self.mass_profiles)

    def set_snr_of_snr_light_profiles(
        self,
        grid: GridLike,
        exposure_time: float,
        background_sky_level: float = 0.0,
        psf: aa.Convolver | None = None,
    ) -> None:
        """Set the intensity of each ``lp_snr`` profile from its signal to noise in an observation.

        ``exposure_time`` [s] and ``background_sky_level`` [e- s^-1 per pixel]; the signal to noise is that of the
        brightest pixel of the profile alone, on ``grid`` and after the ``psf``.
        """
        set_signal_to_noise(self.light_profile_list, grid, exposure_time, background_sky_level, psf)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.profiles)

    def __repr__(self) -> str:
        names = [k for k in vars(self) if k not in self.not_components]
        return f"Galaxy(redshift={self.redshift}, {', '.join(names)})"


def lit_among(profiles: list[Any]) -> list[Any]:
    """The light profiles among them, and the bases that hold some."""
    return [p for p in profiles if isinstance(p, LightProfile) or getattr(p, "light_profile_list", [])]
