"""From light profiles to the image they make: what has an intensity is added up, what is linear is solved for."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

import autoarray as aa
from autoarray.abstract_ndarray import is_concrete_number, is_traced
from autoarray.type import Array, Namespace
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.galaxy.galaxy import Galaxy, lit_among
from autogalaxy.galaxy.sums import flattened
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.operate.light_parts import LightPart, images_of, profiles_of, sum_of_parts
from autogalaxy.profiles.basis import Basis
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.light.variants import ordinary_class_of

_KEPT_IMAGES = 256
"""Blurred images of fixed profiles that are kept for each dataset; those not used for the longest time go first."""
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
        places = _Places(self.light.galaxies)
        found: list[aa.LinearObj] = []
        for number, part in enumerate(self.parts):
            for component in part.components:
                profiles = [p for p in profiles_of([component]) if p.is_linear]
                if profiles:
                    regularization = component.regularization if isinstance(component, Basis) else None
                    names, images = [places.next_of(p) for p in profiles], self._images_of(profiles, number)
                    found.append(aa.LinearObj(images, names, regularization=regularization, xp=self._xp))
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
        is_kept = part.lensed_points is None and part.grid is dataset.grids.extended
        if not is_kept or any(values is None for values in key):
            return self._blurred_images_of(profiles, part, lambda: self._parts_on_mask[number], xp=self._xp)

        def images(xp: Namespace) -> Array:
            return self._blurred_images_of(profiles, part, lambda: LightPart([], dataset.grids.lp), fixed=True, xp=xp)

        if dataset.psf is not None and is_traced(dataset.psf.state_from(dataset.mask).response):
            return images(self._xp)
        kept = _fixed_images.setdefault(dataset, {})
        kept[key] = kept.pop(key) if key in kept else images(np)  # the last one used stands last
        while sum(len(rows) for rows in kept.values()) > max(_KEPT_IMAGES, len(profiles)):
            kept.pop(next(iter(kept)))
        return self._xp.asarray(kept[key])

    def _blurred_images_of(
        self,
        profiles: list[LightProfile],
        part: LightPart,
        part_on_mask: Callable[[], LightPart],
        fixed: bool = False,
        xp: Namespace = np,
    ) -> Array:
        """Images of intensity 1, through the PSF unless they are operated already, ``(k, n)``.

        Light that is ``fixed`` is computed at once, and only the PSF with the backend.
        """
        now = np if fixed else xp
        operated = [bool(p.is_operated) for p in profiles]
        if not any(operated):
            return self._blurred(images_of(profiles, part, xp=now), xp=xp)
        if all(operated):
            return xp.asarray(images_of(profiles, part_on_mask(), xp=now))
        rows = [self._blurred_images_of([p], part, part_on_mask, fixed=fixed, xp=xp)[0] for p in profiles]
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


class _Places:
    """Where in the galaxies each linear profile is; an object that is in two places has both, one after the other."""

    def __init__(self, galaxies: Iterable[Galaxy]) -> None:
        self._places: dict[int, list[str]] = {}
        for place, profile in linear_places_of(galaxies):
            self._places.setdefault(id(profile), []).append(place)

    def next_of(self, profile: LightProfile) -> str:
        return self._places[id(profile)].pop(0)


def linear_places_of(galaxies: Iterable[Galaxy]) -> Iterator[tuple[str, LightProfile]]:
    """Each linear light profile with its place, ``galaxies[0].bulge[3]``.

    Places are names and not objects, because objects are made anew when a fit crosses ``jax.jit``.
    """
    for number, galaxy in enumerate(galaxies):
        yield from _linear_places_in(galaxy, number)


def _linear_places_in(galaxy: Galaxy, number: int) -> Iterator[tuple[str, LightProfile]]:
    for name, profiles in linear_components_of(galaxy):
        for i, profile in enumerate(profiles):
            yield f"galaxies[{number}].{name}" + (f"[{i}]" if len(profiles) > 1 else ""), profile


def linear_components_of(galaxy: Galaxy) -> Iterator[tuple[str, list[LightProfile]]]:
    """The name of each component with linear light, and its linear profiles."""
    for name, component in _components_of(galaxy):
        profiles = [p for p in profiles_of(_light_of(component)) if p.is_linear]
        if profiles:
            yield name, profiles


def solved_light_from(light: Any, inversion: aa.Inversion | None) -> Any:
    """Galaxies, or a tracer, with the ordinary profile of each linear one in its place; galaxies without stay."""
    if inversion is None:
        return light
    found, solved = inversion.reconstruction_by_name, []
    for number, galaxy in enumerate(light.galaxies):
        values = [found[place] for place, _ in _linear_places_in(galaxy, number)]
        if values:
            left = iter(values)
            galaxy = copy.copy(galaxy)
            for name, component in _components_of(galaxy):
                setattr(galaxy, name, _solved(component, left, xp=inversion._xp))
        solved.append(galaxy)
    return light.with_galaxies(solved)


def _components_of(galaxy: Galaxy) -> list[tuple[str, Any]]:
    """Names and components of a galaxy, in an order that does not depend on how it was made."""
    return sorted((name, part) for name, part in vars(galaxy).items() if name not in Galaxy.not_components)


def _light_of(component: Any) -> list[Any]:
    """The light profiles, and bases that hold some, among what a component is made of."""
    return lit_among(flattened([component]))


def _solved(component: Any, values: Iterator[Array], xp: Namespace = np) -> Any:
    """A component with intensities for its linear profiles, in their order."""
    if isinstance(component, list | tuple):
        return type(component)(_solved(part, values, xp=xp) for part in component)
    if isinstance(component, ModelInstance):
        return ModelInstance({name: _solved(part, values, xp=xp) for name, part in component.items()})
    if isinstance(component, Basis):
        new = copy.copy(component)
        new.profile_list = [_solved(profile, values, xp=xp) for profile in component.profile_list]
        return new
    if not (isinstance(component, LightProfile) and component.is_linear):
        return component
    return _ordinary_from(component, next(values), xp=xp)


def _ordinary_from(profile: LightProfile, intensity: Array, xp: Namespace = np) -> LightProfile:
    """The ordinary profile with an intensity; of one that is mass too the mass, that of intensity 1, is kept."""
    ordinary = ordinary_class_of(type(profile))
    values = {f.name: getattr(profile, f.name) for f in fields(ordinary) if f.init and f.name != "intensity"}
    ratio = next((name for name in values if name.startswith("mass_to_light_ratio")), None)
    if ratio is not None:
        intensity = xp.where(intensity > 0.0, intensity, _DIM)
        values[ratio] = values[ratio] / intensity
    return ordinary(**values, intensity=float(intensity) if xp is np else intensity)


_DIM = 1e-100
"""Intensity of light that is mass too and has none: its mass-to-light ratio must be a number."""


def _values_of(profile: LightProfile) -> Any:
    """Class and values of a profile as a key; ``None`` where a value is not a plain number."""
    values = [getattr(profile, f.name) for f in fields(profile)]  # type: ignore[arg-type]
    numbers = [n for value in values for n in (value if isinstance(value, tuple) else (value,))]
    return (type(profile), *map(float, numbers)) if all(is_concrete_number(n) for n in numbers) else None
