"""Galaxies ordered into planes, and the light that reaches us through them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import groupby
from typing import Any, ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import Deferred, InstancePytree
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.cosmology import LensingCosmology, Planck15
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.galaxy.signal_to_noise import set_signal_to_noise
from autogalaxy.galaxy.sums import flattened
from autogalaxy.operate.closed_form import hessian_function_of
from autogalaxy.operate.hessian import hessian_via_differences_from, hessian_via_jvp_from
from autogalaxy.operate.image import OperateImage
from autogalaxy.operate.light_parts import LightPart, points_of
from autogalaxy.profiles.light.variants import LightProfileSNR
from autolens.lens import ray_tracing


class Tracer(OperateImage, InstancePytree):
    """Galaxies in order of redshift, with multi-plane ray tracing between them.

    A free redshift keeps its place: planes are ordered by the fixed value or the median of the prior.
    """

    no_flatten: ClassVar[tuple[str, ...]] = ("cosmology",)

    def __init__(self, galaxies: Iterable[Galaxy], cosmology: LensingCosmology | None = None) -> None:
        if not isinstance(galaxies, Iterable) or (
            cosmology is not None and not isinstance(cosmology, LensingCosmology)
        ):
            raise exc.TracerException(
                f"got galaxies={exc.shown(galaxies)} and cosmology={exc.shown(cosmology)}, wanted a list of "
                f"galaxies and a cosmology of "
                "al.cosmo: Tracer([lens, source], cosmology=al.cosmo.Planck15())."
            )
        self.galaxies = sorted(flattened(galaxies), key=_plane_key_of)
        self.cosmology = Planck15() if cosmology is None else cosmology
        if not self.galaxies:
            raise exc.TracerException("a tracer without galaxies, wanted at least one: Tracer([lens, source]).")
        planes = self.planes
        if len(planes) > 1 and planes[-1].has_mass and not any(p.has_mass for p in planes[:-1]):
            raise exc.TracerException(
                f"all mass is at redshift {planes[-1].redshift}, behind every other galaxy (redshifts "
                f"{[p.redshift for p in planes[:-1]]}), so nothing is lensed: the source must lie behind the lens."
            )

    @property
    def light_profile_list(self) -> list[Any]:
        """Every light profile of every galaxy."""
        return [profile for galaxy in self.galaxies for profile in galaxy.light_profile_list]

    @property
    def planes(self) -> list[Plane]:
        """Galaxies of equal redshift together, nearest first."""
        return [Plane(list(galaxies)) for _, galaxies in groupby(self.galaxies, key=_plane_key_of)]

    @property
    def total_planes(self) -> int:
        return len(self.planes)

    @property
    def plane_redshifts(self) -> list[float]:
        return [plane.redshift for plane in self.planes]

    def _beta(self, xp: Namespace = np) -> Any:
        """``beta(i, j)`` of this tracer's planes."""
        redshifts = self.plane_redshifts

        def beta(i: int, j: int) -> Any:
            return self.cosmology.scaling_factor_between_redshifts_from(
                redshift_0=redshifts[i], redshift_1=redshifts[j], redshift_final=redshifts[-1], xp=xp
            )

        return beta

    def _check_planes(self, plane_i: int, plane_j: int) -> None:
        if any(not -self.total_planes <= i < self.total_planes for i in (plane_i, plane_j)):
            raise exc.TracerException(
                f"plane_i={plane_i} and plane_j={plane_j}, but the tracer has {self.total_planes} planes, from 0."
            )

    def _traced_from(self, points: Array, xp: Namespace = np) -> list[Array]:
        functions = [plane.deflections_function(xp=xp) if plane.has_mass else None for plane in self.planes]
        return ray_tracing.traced_positions_from(points, functions, self._beta(xp=xp), xp=xp)

    def traced_grid_2d_list_from(self, grid: GridLike, xp: Namespace = np) -> list[Any]:
        """The grid [arcsec] where its rays cross each plane; sub-pixels are ray-traced too when they are asked for."""
        if not isinstance(grid, aa.Grid2D | aa.Grid2DIrregular):
            grid = aa.Grid2DIrregular(grid, xp=xp)
        grid = grid.slim
        traced = self._traced_from(grid.array, xp=xp)
        if not isinstance(grid, aa.Grid2D):
            return [grid.with_new_array(positions) for positions in traced]
        sub_pixels = Deferred(lambda: self._traced_from(grid.over_sampled.array, xp=xp))

        def on_plane(plane: int) -> Deferred:
            return Deferred(lambda: sub_pixels.resolve()[plane])

        return [grid.moved_from(positions, on_plane(plane)) for plane, positions in enumerate(traced)]

    def grid_2d_at_redshift_from(self, grid: GridLike, redshift: float, xp: Namespace = np) -> Any:
        """The grid where its rays cross a redshift, whether galaxies are there or not."""
        if redshift in self.plane_redshifts:
            return self.traced_grid_2d_list_from(grid, xp=xp)[self.plane_index_via_redshift_from(redshift)]
        if redshift > self.plane_redshifts[-1]:
            raise exc.TracerException(
                f"redshift={redshift} is behind the last plane ({self.plane_redshifts[-1]}), to which deflections are "
                "scaled: add a galaxy there."
            )
        tracer = Tracer([*self.galaxies, Galaxy(redshift=redshift)], cosmology=self.cosmology)
        return tracer.grid_2d_at_redshift_from(grid, redshift, xp=xp)

    def plane_index_via_redshift_from(self, redshift: float) -> int:
        """Index of the plane at a redshift."""
        if redshift not in self.plane_redshifts:
            raise exc.TracerException(f"no plane at redshift {redshift}; planes are at {self.plane_redshifts}.")
        return self.plane_redshifts.index(redshift)

    @aa.over_sample
    @aa.decorators.to_array
    def image_2d_from(self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None) -> Array:
        """Light [e- s^-1] of all planes as it is seen, lensed, ``(n, 2) -> (n,)``."""
        return sum(self._images_from(grid, operated_only, xp=xp), start=xp.zeros(grid.shape[0]))

    def _images_from(self, grid: GridLike, operated_only: bool | None, xp: Namespace = np) -> list[Array]:
        """Raw lensed image of each plane that shines."""
        traced = self.traced_grid_2d_list_from(grid, xp=xp)
        return [
            plane.galaxies.image_2d_from(positions, xp=xp, operated_only=operated_only).array
            for plane, positions in zip(self.planes, traced, strict=True)
            if plane.has_light
        ]

    def with_galaxies(self, galaxies: Iterable[Galaxy]) -> Tracer:
        """Other galaxies in place of these, in the same cosmology."""
        return Tracer(galaxies, cosmology=self.cosmology)

    def light_parts_from(
        self, grid: aa.Grid2D, lensed_grid: aa.Grid2D, xp: Namespace = np, shining: list[Galaxy] | None = None
    ) -> list[LightPart]:
        """The parts of the image: light of the first plane on ``grid``, and that of each other on ``lensed_grid``.

        With ``shining`` only the light of these galaxies.
        """
        lit = self.galaxies if shining is None else shining
        light = [
            [c for g in plane.galaxies if any(g is s for s in lit) for c in g.light_profiles] for plane in self.planes
        ]
        parts = [LightPart(light[0], grid)]
        if any(light[1:]):
            traced = self.traced_grid_2d_list_from(points_of(lensed_grid), xp=xp)
            parts += [LightPart(part, lensed_grid, traced[i]) for i, part in enumerate(light) if i > 0 and part]
        return parts

    def image_2d_list_from(self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None) -> list[Any]:
        """Lensed light of each plane."""
        traced = self.traced_grid_2d_list_from(grid, xp=xp)
        return [
            plane.galaxies.image_2d_from(positions, xp=xp, operated_only=operated_only)
            for plane, positions in zip(self.planes, traced, strict=True)
        ]

    def galaxy_image_2d_dict_from(
        self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None
    ) -> dict[Galaxy, Any]:
        """Lensed light of each galaxy by galaxy."""
        traced = self.traced_grid_2d_list_from(grid, xp=xp)
        return {
            galaxy: galaxy.image_2d_from(positions, xp=xp, operated_only=operated_only)
            for plane, positions in zip(self.planes, traced, strict=True)
            for galaxy in plane.galaxies
        }

    @aa.decorators.to_vector_yx
    def deflections_yx_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Total deflection [arcsec] between the first plane and the last, ``(n, 2) -> (n, 2)``.

        With a single plane it is the deflection by its galaxies.
        """
        if self.total_planes == 1:
            return self.planes[0].galaxies.deflections_yx_2d_from(grid, xp=xp).array
        return grid.array - self._traced_from(grid.array, xp=xp)[-1]

    @aa.decorators.to_vector_yx
    def deflections_between_planes_from(
        self, grid: GridLike, xp: Namespace = np, plane_i: int = 0, plane_j: int = -1
    ) -> Array:
        """Difference [arcsec] of the positions of rays on two planes, ``(n, 2) -> (n, 2)``."""
        self._check_planes(plane_i, plane_j)
        traced = self._traced_from(grid.array, xp=xp)
        return traced[plane_i] - traced[plane_j]

    @aa.decorators.to_vector_yx
    def deflections_of_planes_summed_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Deflections [arcsec] of all galaxies added up as if in one plane, ``(n, 2) -> (n, 2)``."""
        return Galaxies(self.galaxies).deflections_yx_2d_from(grid, xp=xp).array

    def hessian_between_planes_from(
        self, points: Array, xp: Namespace = np, plane_i: int = 0, plane_j: int = -1
    ) -> Array:
        """Derivatives of :meth:`deflections_between_planes_from` at raw points, ``(n, 2) -> (n, 2, 2)``."""
        self._check_planes(plane_i, plane_j)
        planes = self.planes
        deflections = [plane.deflections_function(xp=xp) if plane.has_mass else None for plane in planes]
        hessians = [plane.hessian_function(xp=xp) if plane.has_mass else None for plane in planes]
        traced = ray_tracing.traced_hessians_from(points, deflections, hessians, self._beta(xp=xp), xp=xp)
        return traced[plane_j] - traced[plane_i]

    def hessian_of_planes_summed_from(self, points: Array, xp: Namespace = np) -> Array:
        """Derivatives of :meth:`deflections_of_planes_summed_from` at raw points, ``(n, 2) -> (n, 2, 2)``."""
        differentiate = Plane(self.galaxies).hessian_function(xp=xp)
        return differentiate(points)

    @aa.over_sample
    @aa.decorators.to_array
    def convergence_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Convergence of all galaxies added up along the unlensed line of sight, ``(n, 2) -> (n,)``."""
        return Galaxies(self.galaxies).convergence_2d_from(grid, xp=xp).array

    @aa.over_sample
    @aa.decorators.to_array
    def potential_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Potential [arcsec^2] of all galaxies added up along the unlensed line of sight, ``(n, 2) -> (n,)``."""
        return Galaxies(self.galaxies).potential_2d_from(grid, xp=xp).array

    @aa.decorators.to_array
    def time_delays_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Arrival time [days] at each point with respect to an unlensed ray, ``(n, 2) -> (n,)``.

        Differences between the images of one source are what can be observed.
        """
        planes, redshifts = self.planes, self.plane_redshifts
        if len(planes) < 2:
            raise exc.TracerException("time delays need a source behind the lens: Tracer([lens, source]).")
        positions = self._traced_from(grid.array, xp=xp)
        potentials = [
            plane.galaxies.potential_2d_from(aa.Grid2DIrregular.from_raw(x, is_transformed=False), xp=xp).array
            if plane.has_mass
            else None
            for plane, x in zip(planes, positions, strict=True)
        ]
        distances = [
            self.cosmology.days_per_arcsec2_from(redshift_0=z0, redshift_1=z1, xp=xp)
            for z0, z1 in zip(redshifts[:-1], redshifts[1:], strict=True)
        ]
        return ray_tracing.arrival_time_from(positions, potentials, distances, self._beta(xp=xp))

    @aa.decorators.to_vector_yx
    def shear_yx_2d_from(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Shear of all galaxies added up along the unlensed line of sight, column 0 gamma_2, ``(n, 2) -> (n, 2)``."""
        return Galaxies(self.galaxies).shear_yx_2d_from(grid, xp=xp).array

    def set_snr_of_snr_light_profiles(
        self,
        grid: aa.Grid2D,
        exposure_time: float,
        background_sky_level: float = 0.0,
        psf: aa.Convolver | None = None,
    ) -> None:
        """Set the intensity of each ``lp_snr`` profile from the signal to noise of its lensed, blurred image."""
        if not self.has(LightProfileSNR):
            return
        for i, plane in enumerate(self.planes):
            profiles = plane.galaxies.light_profile_list
            traced_from = partial(self._frame_on_plane, i)
            set_signal_to_noise(profiles, grid, exposure_time, background_sky_level, psf, traced_from=traced_from)

    def _frame_on_plane(self, plane: int, frame: aa.Grid2D) -> aa.Grid2D:
        return self.traced_grid_2d_list_from(frame)[plane]

    def lit_by(self, shining: list[Galaxy]) -> LitTracer:
        """This tracer's lensing of the light of ``shining`` alone."""
        return LitTracer(self, shining)

    def has(self, cls: type) -> bool:
        """Whether any galaxy has a profile of this class."""
        return bool(self.cls_list_from(cls))

    def cls_list_from(self, cls: type) -> list[Any]:
        """The profiles of a class in all galaxies."""
        return [profile for galaxy in self.galaxies for profile in galaxy.cls_list_from(cls)]

    def extract_attribute(self, cls: type, attr_name: str) -> list[Any]:
        """An attribute of every profile of a class that has it."""
        return [value for galaxy in self.galaxies for value in galaxy.extract_attribute(cls, attr_name)]

    def extract_profile(self, profile_name: str) -> Any:
        """The profile that was given to a galaxy under this keyword."""
        for galaxy in self.galaxies:
            if profile_name in vars(galaxy):
                return getattr(galaxy, profile_name)
        raise exc.TracerException(f"no galaxy has a profile named {exc.shown(profile_name)}.")


class LitTracer(OperateImage):
    """The lensed light of some of a tracer's galaxies, the mass of all of them left in place."""

    def __init__(self, tracer: Tracer, shining: list[Galaxy]) -> None:
        if strangers := [s for s in shining if not any(s is galaxy for galaxy in tracer.galaxies)]:
            raise exc.TracerException(
                f"{exc.shown(strangers[0])} is not among the tracer's galaxies, wanted some of them: "
                "tracer.lit_by([tracer.galaxies[-1]])."
            )
        self.tracer = tracer
        self.shining = shining

    @property
    def light_profile_list(self) -> list[Any]:
        """Every light profile of the chosen galaxies."""
        return [profile for galaxy in self.shining for profile in galaxy.light_profile_list]

    def light_parts_from(self, grid: aa.Grid2D, lensed_grid: aa.Grid2D, xp: Namespace = np) -> list[LightPart]:
        """The parts of the tracer's image that the chosen galaxies make."""
        return self.tracer.light_parts_from(grid, lensed_grid, xp=xp, shining=self.shining)

    @aa.over_sample
    @aa.decorators.to_array
    def image_2d_from(self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None) -> Array:
        """Light [e- s^-1] of the chosen galaxies as it is seen, lensed, ``(n, 2) -> (n,)``."""
        traced = self.tracer.traced_grid_2d_list_from(grid, xp=xp)
        total = xp.zeros(grid.shape[0])
        for plane, positions in zip(self.tracer.planes, traced, strict=True):
            lit = [galaxy for galaxy in plane.galaxies if any(galaxy is chosen for chosen in self.shining)]
            if any(galaxy.light_profiles for galaxy in lit):
                total = total + Galaxies(lit).image_2d_from(positions, xp=xp, operated_only=operated_only).array
        return total

    def image_2d_list_from(self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None) -> list[Any]:
        """Lensed light of each of the chosen galaxies."""
        return [
            LitTracer(self.tracer, [galaxy]).image_2d_from(grid, xp=xp, operated_only=operated_only)
            for galaxy in self.shining
        ]


class Plane:
    """Galaxies at one redshift."""

    def __init__(self, galaxies: list[Galaxy]) -> None:
        self.galaxies = Galaxies(galaxies)
        self.redshift = galaxies[0].redshift

    @property
    def has_mass(self) -> bool:
        return any(galaxy.mass_profiles for galaxy in self.galaxies)

    @property
    def has_light(self) -> bool:
        return any(galaxy.light_profiles for galaxy in self.galaxies)

    def deflections_function(self, xp: Namespace = np) -> Any:
        """Deflections of the plane as a function of raw positions."""

        def deflections_from(points: Array) -> Array:
            grid = aa.Grid2DIrregular.from_raw(points, is_transformed=False)
            return self.galaxies.deflections_yx_2d_from(grid, xp=xp).array

        return deflections_from

    def hessian_function(self, xp: Namespace = np) -> Any:
        """Derivatives of the plane's deflections as a function of raw positions, in closed form where there is one."""
        closed_form = hessian_function_of(self.galaxies)
        if closed_form is not None:
            return partial(closed_form, xp=xp)
        differentiate = hessian_via_differences_from if xp is np else hessian_via_jvp_from
        return partial(differentiate, self.deflections_function(xp=xp))


def _plane_key_of(galaxy: Galaxy) -> tuple[float, int]:
    if not isinstance(galaxy, Galaxy):
        raise exc.TracerException(f"{exc.shown(galaxy)} is no Galaxy: Tracer([Galaxy(redshift=0.5, mass=...), ...]).")
    return galaxy.plane_key
