"""Several galaxies seen together, without lensing between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.galaxy.signal_to_noise import set_signal_to_noise
from autogalaxy.galaxy.sums import flattened, sum_over
from autogalaxy.operate.image import OperateImage
from autogalaxy.operate.light_parts import LightPart


class Galaxies(OperateImage, InstancePytree):
    """A sequence of :class:`Galaxy` with the sums of their images, deflections, convergences and potentials."""

    no_flatten: ClassVar[tuple[str, ...]] = ()

    def __init__(self, galaxies: Iterable[Galaxy]) -> None:
        self.galaxies = flattened(galaxies)
        for galaxy in self.galaxies:
            if not isinstance(galaxy, Galaxy):
                raise exc.GalaxyException(
                    f"{exc.shown(galaxy)} is no Galaxy: Galaxies([Galaxy(redshift=0.5, bulge=...)])."
                )

    def __iter__(self) -> Iterator[Galaxy]:
        return iter(self.galaxies)

    def __len__(self) -> int:
        return len(self.galaxies)

    def __getitem__(self, index: int) -> Galaxy:
        return self.galaxies[index]

    @property
    def redshifts(self) -> list[float]:
        return [g.redshift for g in self.galaxies]

    @property
    def light_profile_list(self) -> list[Any]:
        """Every light profile of every galaxy."""
        return [profile for galaxy in self.galaxies for profile in galaxy.light_profile_list]

    def with_galaxies(self, galaxies: Iterable[Galaxy]) -> Galaxies:
        """Other galaxies in place of these."""
        return Galaxies(galaxies)

    def light_parts_from(self, grid: aa.Grid2D, lensed_grid: aa.Grid2D, xp: Namespace = np) -> list[LightPart]:
        """The parts of the image: one, on ``grid``, for nothing is lensed."""
        return [LightPart([component for galaxy in self.galaxies for component in galaxy.light_profiles], grid)]

    def set_snr_of_snr_light_profiles(
        self,
        grid: GridLike,
        exposure_time: float,
        background_sky_level: float = 0.0,
        psf: aa.Convolver | None = None,
    ) -> None:
        """Set the intensity of each ``lp_snr`` profile, as ``Galaxy.set_snr_of_snr_light_profiles`` does."""
        set_signal_to_noise(self.light_profile_list, grid, exposure_time, background_sky_level, psf)

    @aa.over_sample
    @aa.decorators.to_array
    def image_2d_from(self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None) -> Array:
        """Light [e- s^-1] of all galaxies, ``(n, 2) -> (n,)``."""
        return sum_over(self.galaxies, "image_2d_from", grid, xp=xp, operated_only=operated_only)

    def image_2d_list_from(self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None) -> list[Any]:
        """Light of each galaxy."""
        return [g.image_2d_from(grid, xp=xp, operated_only=operated_only) for g in self.galaxies]

    def galaxy_image_2d_dict_from(self, grid: GridLike, xp: Namespace = np) -> dict[Galaxy, Any]:
        """Light of each galaxy by galaxy."""
        return {g: g.image_2d_from(grid, xp=xp) for g in self.galaxies}

    @aa.decorators.to_vector_yx
    def deflections_yx_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Deflection angles [arcsec] of all galaxies, as if in one plane, ``(n, 2) -> (n, 2)``."""
        return sum_over(self.galaxies, "deflections_yx_2d_from", grid, xp=xp, trailing=(2,))

    @aa.over_sample
    @aa.decorators.to_array
    def convergence_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Convergence of all galaxies, ``(n, 2) -> (n,)``."""
        return sum_over(self.galaxies, "convergence_2d_from", grid, xp=xp)

    @aa.over_sample
    @aa.decorators.to_array
    def potential_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Lensing potential [arcsec^2] of all galaxies, ``(n, 2) -> (n,)``."""
        return sum_over(self.galaxies, "potential_2d_from", grid, xp=xp)

    @aa.decorators.to_vector_yx
    def shear_yx_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Shear of all galaxies, column 0 gamma_2 and column 1 gamma_1, ``(n, 2) -> (n, 2)``."""
        return sum_over(self.galaxies, "shear_yx_2d_from", grid, xp=xp, trailing=(2,))
