"""From profiles to rows of a format's table, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autoarray import exc
from autogalaxy.inference.declared import declared_arguments
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.mass.abstract import MassProfile
from autolens.description.interchange.lens import Builder, LeftOut, Lens, NotExpressible, Row, number, plain
from autolens.description.registry import name_of

Written = tuple[str, Row, dict[str, float], Any]
"""Key of a profile, its row, the values in the other format, and the profile itself."""


def written_from(lens: Lens, rows: Sequence[Row], format_name: str) -> list[Written]:
    """Every profile of the lens that the format can express; the others are noted in ``lens.left_out``."""
    found: list[Written] = []
    for galaxy, part, profile in lens.parts():
        key = f"{galaxy}.{part}"
        for is_light in _sides(profile):
            try:
                row = _row_of(profile, rows, is_light, format_name)
                values = row.write(_equivalent(profile, row), lens.area if is_light else 1.0)  # type: ignore[misc]
            except NotExpressible as error:
                lens.left_out.append(LeftOut(key, str(error)))
                continue
            found.append((key, row, plain(values), _equivalent(profile, row)))
    return found


def _sides(profile: Any) -> list[bool]:
    """Whether light, mass or both are to be written."""
    sides = [True] if isinstance(profile, LightProfile) else []
    return [*sides, False] if isinstance(profile, MassProfile) else sides


def _row_of(profile: Any, rows: Sequence[Row], is_light: bool, format_name: str) -> Row:
    if is_light and getattr(profile, "is_linear", False):
        raise NotExpressible("its intensity is solved for in a fit; convert the results folder of the fit")
    if is_light and getattr(profile, "is_operated", False):
        raise NotExpressible("its light is that after the PSF, which the format does not know")
    candidates = [row for row in rows if row.is_light == is_light and row.write is not None]
    for kind in (type(profile), type(_derived(profile))):
        for row in candidates:
            if kind is row.ours:
                return row
    if isinstance(profile, LightProfile) and isinstance(profile, MassProfile) and is_light:
        for row in candidates:
            if isinstance(profile, row.ours):
                return row
    what = "mass of a profile" if not is_light and isinstance(profile, LightProfile) else "profile"
    raise NotExpressible(f"{format_name} has no {what} like {name_of(type(profile)) or type(profile).__name__}")


def _derived(profile: Any) -> Any:
    return profile.equivalent_from(xp=np) if hasattr(profile, "equivalent_from") else profile


def _equivalent(profile: Any, row: Row) -> Any:
    """The profile of the row's class that does what ``profile`` does, its light alone where the row is of light."""
    if not isinstance(profile, row.ours):
        return _derived(profile)
    if type(profile) is row.ours:
        return profile
    return row.ours(**{name: getattr(profile, name) for name in declared_arguments(row.ours)[0]})


def kept_from(lens: Lens, written: Sequence[Written]) -> Lens:
    """The lens without what the format left out, to be compared with what is read back."""
    builder = Builder()
    names = {name: builder.galaxy(name, float(galaxy.redshift)) for name, galaxy in lens.galaxies.items()}
    for key, _, _, profile in written:
        galaxy, _, part = key.partition(".")
        builder.add(names[galaxy], part, profile)
    return Lens(builder.galaxies(), lens.pixel_scale)


def profile_from(name: str, values: Any, where: str, rows: Sequence[Row], lens: Lens, optional: Sequence[str]) -> Any:
    """Our profile of a profile by its name there; ``None``, with a note, where we have none like it."""
    row = next((row for row in rows if row.theirs == name), None)
    if row is None:
        lens.left_out.append(LeftOut(where, "autolens reads no profile of this name"))
        return None
    if not isinstance(values, dict):
        raise exc.FileException(f"{where} has no parameters, wanted {', '.join(row.keys)}.")
    wanted = {k: number(values, k, where) for k in row.keys if k not in optional or k in values}
    extra = {k: number(values, k, where) for k in optional if k in values}
    known = wanted | extra | {k: 0.0 for k in ("center_x", "center_y") if k in row.keys and k not in values}
    try:
        with np.errstate(all="raise", under="ignore"):
            return row.read(known, lens.area if row.is_light else 1.0)
    except NotExpressible as error:
        lens.left_out.append(LeftOut(where, str(error)))
        return None
    except exc.ProfileException as error:
        raise exc.FileException(f"{where} is no profile: {error}") from None
    except (ArithmeticError, ValueError) as error:
        if isinstance(error, exc.AutoException):
            raise
        raise exc.FileException(f"{where} has values that describe no profile ({error}).") from None
