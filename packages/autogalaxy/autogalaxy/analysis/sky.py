"""Galaxies of a fit on the sky: right ascension, declination, position angles East of North."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

import numpy as np

import autoarray as aa
from autoarray.dataset.wcs import sexagesimal_from
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.profiles.basis import Basis
from autogalaxy.profiles.geometry import EllProfile
from autogalaxy.profiles.mass.abstract import MassProfile


@dataclass(frozen=True)
class SkyPosition:
    """The centre of a galaxy or profile; of one behind a lens it is where it would be seen without that."""

    ra: float
    """Right ascension [deg]."""
    dec: float
    """Declination [deg]."""
    position_angle: float | None = None
    """Of the major axis [deg], 0 to 180 from North through East; ``None`` for what is round."""
    has_mass: bool = False
    """Whether it deflects light."""

    def sexagesimal(self, digits: int = 3) -> str:
        """``hh:mm:ss.ssss +dd:mm:ss.sss``."""
        return sexagesimal_from(self.ra, self.dec, digits)


def sky_positions_from(
    instance: Any, wcs: aa.WCS, dataset_model: aa.DatasetModel | None = None
) -> dict[str, SkyPosition]:
    """Centres of the galaxies of an instance and of their profiles, by path.

    The centre of a galaxy is that of its first profile with mass, or of its first one without any.
    """
    found: dict[str, SkyPosition] = {}
    for group in ("galaxies", "extra_galaxies"):
        for path, galaxy in named_from(group, getattr(instance, group, None) or ()):
            if isinstance(galaxy, Galaxy):
                found |= _of_galaxy(path, galaxy, wcs, dataset_model or aa.DatasetModel())
    return found


def named_from(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """What nested lists and collections of an instance hold, with paths."""
    if isinstance(value, ModelInstance):
        for key, item in value.items():
            yield from named_from(f"{name}.{key}", item)
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from named_from(f"{name}.{i}", item)
    else:
        yield name, value


def summary_from(positions: Mapping[str, SkyPosition]) -> dict[str, Any] | None:
    """For ``result.json``: the lens (the first galaxy with mass, else the first) and every place."""
    if not positions:
        return None
    deflectors = [path for path, place in positions.items() if place.has_mass]
    lens = next(iter(deflectors or positions))
    place = positions[lens]
    return {
        "galaxy": lens,
        "ra": place.ra,
        "dec": place.dec,
        "position": place.sexagesimal(),
        "position_angle": place.position_angle,
        "places": {path: asdict(position) for path, position in positions.items()},
    }


def _of_galaxy(path: str, galaxy: Galaxy, wcs: aa.WCS, model: aa.DatasetModel) -> dict[str, SkyPosition]:
    """A galaxy's centre, then those of its profiles."""
    places = {}
    for name, value in vars(galaxy).items():
        if name not in Galaxy.not_components:
            for part, component in named_from(f"{path}.{name}", value):
                if (place := _of_component(component, wcs, model)) is not None:
                    places[part] = place
    if not places:
        return {}
    return {path: next((p for p in places.values() if p.has_mass), next(iter(places.values()))), **places}


def _of_component(component: Any, wcs: aa.WCS, model: aa.DatasetModel) -> SkyPosition | None:
    """The centre of a profile that has one of its own; of a basis that of its first profile."""
    profile = component.light_profile_list[0] if isinstance(component, Basis) else component
    own = {field.name for field in fields(profile) if field.init} if is_dataclass(profile) else set()
    if "centre" not in own:
        return None
    turn = np.radians(model.grid_rotation_angle)
    y, x = profile.centre
    position = np.array([y * np.cos(turn) + x * np.sin(turn), x * np.cos(turn) - y * np.sin(turn)])
    position += np.array(model.grid_offset)
    ra, dec = wcs.sky_from(position)
    angle = None
    if isinstance(profile, EllProfile) and "ell_comps" in own and np.any(np.array(profile.ell_comps) != 0.0):
        on_image = float(profile.angle()) + model.grid_rotation_angle
        angle = float(wcs.position_angle_from(on_image, tuple(position)) % 180.0)
    return SkyPosition(float(ra), float(dec), angle, isinstance(profile, MassProfile))
