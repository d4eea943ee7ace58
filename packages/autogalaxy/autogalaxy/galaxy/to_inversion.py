"""From light profiles to the image they make: what has an intensity is added up, what is linear is solved for."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

import autoarray as aa
from autoarray.abstract_ndarray import is_concrete_number, is_traced
from autoarray.type import Array, Namespace
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.operate.light_parts import LightPart, images_of, profiles_of, sum_of_parts
from autogalaxy.profiles.basis import Basis
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.light.variants import LightProfileLinear

_KEPT_IMAGES = 8
"""Sets of blurred images of fixed profiles that are kept for each dataset."""
_fixed_images: WeakKeyDictionary[aa.Imaging, dict[Any, np.ndarray]] = WeakKeyDictionary()


class LightToInversion:
    """The image of anything with ``light_parts_from`` (galaxies, a tracer) on the pixels of a dataset."""

    def __init__(
        self,
        dataset: aa.Imaging,
        light: Any,
        grids: aa.GridsInterface | None = None,
        settings: aa.Settings | None = None,
        xp: Namespace = np,
    ) -> None:
        self.dataset = dataset
        self.light = light
        self.grids = dataset.grids if grids is None else grids
        self.settings = settings
        self._xp = xp
        self.parts: list[LightPart] = light.light_parts_from(self.grids.extended, self.grids.lensed, xp=xp)

    @property
    def profile_image(self) -> aa.Array2D:
        """The blurred light whose intensities are numbers, ``(n,)``."""
        xp = self._xp
        image = sum_of_parts(self.parts, operated=False, xp=xp)
        image = xp.zeros(self.dataset.mask.pixels_in_mask) if image is None else self._blurred(image, xp=xp)
        if self.light.has_operated_light:
            operated = sum_of_parts(self._parts_on_mask, operated=True, xp=xp)
            image = image if operated is None else image + operated
        return aa.Array2D.from_raw(image, mask=self.dataset.mask, header=None)

    @property
    def linear_obj_list(self) -> list[aa.LinearObj]:
        """A linear object for each basis with linear profiles, and for each linear profile outside of one."""
        found: list[aa.LinearObj] = []
        for number, part in enumerate(self.parts):
            for component in part.components:
                profiles = [p for p in profiles_of([component]) if p.is_linear]
                if profiles:
                    regularization = component.regularization if isinstance(component, Basis) else None
                    images = self._images_of(profiles, number)
                    found.append(LinearLight(images, profiles, regularization=regularization, xp=self._xp))
        return found

    def inversion_from(self, data: aa.Array2D) -> aa.Inversion | None:
        """The solution for the linear light that makes up ``data``; ``None`` where there is no linear light."""
        objects = self.linear_obj_list
        if not objects:
            return None
        return aa.Inversion(self.dataset, objects, settings=self.settings, data=data, xp=self._xp)

    # ------------------------------------------------------------------ pieces

    @property
    def _parts_on_mask(self) -> list[LightPart]:
        """The parts without the ring around the mask, which light that is blurred already does not need."""
        return self.light.light_parts_from(self.grids.lp, self.grids.lp, xp=self._xp)

    def _blurred(self, values: Array, xp: Namespace = np) -> Array:
        """Values on the extended grid after the PSF, ``(..., n_ext) -> (..., n)``."""
        if self.dataset.psf is None:
            return values
        return self.dataset.psf.state_from(self.dataset.mask).convolve(values, xp=xp)

    def _images_of(self, profiles: list[LightProfile], number: int) -> Array:
        """Blurred images of profiles of one part, ``(k, n)``; those of fixed light that is not lensed are kept."""
        part, dataset = self.parts[number], self.dataset
        key = tuple(_values_of(profile) for profile in profiles)
        if part.grid is not dataset.grids.extended or any(values is None for values in key):
            return self._blurred_images_of(profiles, part.grid, lambda: self._parts_on_mask[number].grid, xp=self._xp)

        def images(xp: Namespace) -> Array:
            return self._blurred_images_of(profiles, part.grid, lambda: dataset.grids.lp, fixed=True, xp=xp)

        if dataset.psf is not None and is_traced(dataset.psf.state_from(dataset.mask).response):
            return images(self._xp)
        kept = _fixed_images.setdefault(dataset, {})
        if key not in kept:
            while len(kept) >= _KEPT_IMAGES:
                kept.pop(next(iter(kept)))
            kept[key] = images(np)
        return self._xp.asarray(kept[key])

    def _blurred_images_of(
        self,
        profiles: list[LightProfile],
        grid: aa.Grid2D,
        grid_on_mask: Callable[[], aa.Grid2D],
        fixed: bool = False,
        xp: Namespace = np,
    ) -> Array:
        """Images of intensity 1, through the PSF unless they are operated already, ``(k, n)``.

        Light that is ``fixed`` is computed at once, and only the PSF with the backend.
        """
        now = np if fixed else xp
        operated = [bool(p.is_operated) for p in profiles]
        if not any(operated):
            return self._blurred(images_of(profiles, grid, xp=now), xp=xp)
        if all(operated):
            return xp.asarray(images_of(profiles, grid_on_mask(), xp=now))
        rows = [self._blurred_images_of([p], grid, grid_on_mask, fixed=fixed, xp=xp)[0] for p in profiles]
        return xp.stack(rows)


class GalaxiesToInversion(LightToInversion):
    """The image of galaxies without lensing."""

    def __init__(
        self,
        dataset: aa.Imaging,
        galaxies: Iterable[Galaxy],
        grids: aa.GridsInterface | None = None,
        settings: aa.Settings | None = None,
        xp: Namespace = np,
    ) -> None:
        galaxies = galaxies if isinstance(galaxies, Galaxies) else Galaxies(galaxies)
        super().__init__(dataset, galaxies, grids=grids, settings=settings, xp=xp)


class LinearLight(aa.LinearObj):
    """Linear light profiles, a whole basis or one alone, whose intensities are solved for."""

    def __init__(
        self, images: Array, profiles: list[LightProfile], regularization: Any = None, xp: Namespace = np
    ) -> None:
        names = [type(p).__name__ + (f" {i}" if len(profiles) > 1 else "") for i, p in enumerate(profiles)]
        super().__init__(images, names, regularization=regularization, xp=xp)
        self.light_profile_list = profiles


def intensities_from(inversion: aa.Inversion) -> dict[LightProfile, Array]:
    """The intensity that was found for each linear light profile."""
    return {
        profile: coefficient
        for obj, coefficients in zip(inversion.linear_obj_list, inversion.reconstruction_list, strict=True)
        if isinstance(obj, LinearLight)
        for profile, coefficient in zip(obj.light_profile_list, coefficients, strict=True)
    }


def galaxy_with(galaxy: Galaxy, intensities: Mapping[LightProfile, Array]) -> Galaxy:
    """The galaxy with the ordinary profile of each linear one in its place; itself where it has none."""
    if not any(profile in intensities for profile in galaxy.light_profile_list):
        return galaxy
    new = copy.copy(galaxy)
    for name, component in vars(galaxy).items():
        setattr(new, name, component_with(component, intensities))
    return new


def component_with(component: Any, intensities: Mapping[LightProfile, Array]) -> Any:
    """A component of a galaxy, or a list of some, with intensities for its linear profiles."""
    if isinstance(component, list | tuple) and not all(is_concrete_number(part) for part in component):
        return type(component)(component_with(part, intensities) for part in component)
    if isinstance(component, Basis):
        new = copy.copy(component)
        new.profile_list = [component_with(profile, intensities) for profile in component.profile_list]
        return new
    if not isinstance(component, LightProfile) or component not in intensities:
        return component
    ordinary = next(
        c for c in type(component).__mro__[1:] if not issubclass(c, LightProfileLinear) and issubclass(c, LightProfile)
    )
    values = {f.name: getattr(component, f.name) for f in fields(ordinary) if f.init and f.name != "intensity"}
    return ordinary(**values, intensity=intensities[component])


def _values_of(profile: LightProfile) -> Any:
    """Class and values of a profile as a key; ``None`` where a value is not a plain number."""
    values = [getattr(profile, f.name) for f in fields(profile)]  # type: ignore[arg-type]
    numbers = [n for value in values for n in (value if isinstance(value, tuple) else (value,))]
    return (type(profile), *map(float, numbers)) if all(is_concrete_number(n) for n in numbers) else None
