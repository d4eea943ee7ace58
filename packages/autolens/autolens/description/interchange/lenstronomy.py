"""Model lists and keyword arguments of lenstronomy, as one JSON object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autoarray import exc
from autolens.description.document import shown
from autolens.description.interchange import rows
from autolens.description.interchange.lens import (
    DEFAULT_REDSHIFTS,
    MOST_PROFILES,
    Builder,
    Lens,
    number,
    part_of,
)
from autolens.description.interchange.lenstronomy_profiles import LIGHT, MASS

LISTS = {
    "lens": ("lens_model_list", "kwargs_lens"),
    "lens_light": ("lens_light_model_list", "kwargs_lens_light"),
    "source": ("source_light_model_list", "kwargs_source"),
}
_OPTIONAL = ("ra_0", "dec_0", "r_E", "center_x", "center_y")


def is_lenstronomy(content: Any) -> bool:
    """Whether a JSON object is one of these."""
    flat = _flat(content) if isinstance(content, dict) else {}
    return any(model_list in flat for model_list, _ in LISTS.values())


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    """Keys of the top, and of the objects in which users of lenstronomy keep lists and values."""
    found: dict[str, Any] = {}
    for name in ("kwargs_data", "kwargs_model", "kwargs_params", "kwargs_result"):
        inner = content.get(name)
        found |= inner if isinstance(inner, dict) else {}
    return found | content


def lens_from(
    content: dict[str, Any],
    pixel_scale: float | None = None,
    redshifts: tuple[float | None, float | None] = (None, None),
) -> Lens:
    """The galaxies of model lists and their keyword arguments."""
    content = _flat(content)
    title = content.get("title")
    lens = Lens({}, _pixel_scale(content, pixel_scale), title if isinstance(title, str) else None)
    z_lens, z_source = _redshifts(content, redshifts, lens)
    several = content.get("multi_plane") is True
    planes = _plane_list(content, "lens_redshift_list", "lens_model_list", z_lens, several)
    sources = _plane_list(content, "source_redshift_list", "source_light_model_list", z_source, several)
    if several and "z_source_convention" in content and number(content, "z_source_convention", "the file") != z_source:
        raise exc.FileException(
            f"z_source_convention is {content['z_source_convention']} and z_source {z_source}, wanted the same: "
            "deflections count for a source on the last plane."
        )
    builder, names = Builder(), dict[float, str]()
    for kind, table, default in (("lens_light", LIGHT, "lens"), ("lens", MASS, "lens"), ("source", LIGHT, "source")):
        for i, (name, values) in enumerate(_entries(content, *LISTS[kind])):
            redshift = {"lens": planes, "source": sources}.get(kind, [])[i : i + 1] or [z_lens]
            profile = rows.profile_from(name, values, f"{LISTS[kind][1]}[{i}] ({name})", table, lens, _OPTIONAL)
            if profile is None:
                continue
            if redshift[0] not in names:
                names[redshift[0]] = builder.galaxy(default, redshift[0])
            builder.add(names[redshift[0]], part_of(profile), profile)
    if z_source not in names:
        builder.galaxy("source", z_source)
    lens.galaxies = builder.galaxies()
    return lens


def _pixel_scale(content: dict[str, Any], given: float | None) -> float | None:
    if given is not None:
        return given
    if "pixel_scale" in content:
        return abs(number(content, "pixel_scale", "the file"))
    matrix = content.get("transform_pix2angle")
    try:
        a, b, c, d = (float(v) for row in matrix for v in row)  # type: ignore[union-attr]
    except (TypeError, ValueError):
        return None
    area = abs(a * d - b * c)
    return float(area**0.5) if 0.0 < area < float("inf") else None


def _redshifts(content: dict[str, Any], given: tuple[float | None, float | None], lens: Lens) -> tuple[float, float]:
    found = []
    for name, option, default in zip(("z_lens", "z_source"), given, DEFAULT_REDSHIFTS, strict=True):
        if option is not None:
            found.append(float(option))
        elif content.get(name) is not None:
            found.append(number(content, name, "the file"))
        else:
            found.append(default)
            flag = "--redshift-lens" if name == "z_lens" else "--redshift-source"
            lens.notes.append(f"{name} is not in the file, {default} was taken: {flag} {default}")
    if not 0.0 <= found[0] < found[1]:
        raise exc.FileException(f"z_lens is {found[0]} and z_source {found[1]}; the source must lie behind the lens.")
    return found[0], found[1]


def _plane_list(content: dict[str, Any], name: str, models: str, default: float, several: bool) -> list[float]:
    count = len(_entries(content, models, dict(LISTS.values())[models]))
    values = content.get(name)
    if not several or values is None:
        return [default] * count
    if not isinstance(values, list) or len(values) != count:
        raise exc.FileException(f"{name} is {shown(values)}, wanted a redshift for each of {count} in {models}.")
    return [number({name: value}, name, f"{name}[{i}]") for i, value in enumerate(values)]


def _entries(content: dict[str, Any], models: str, kwargs: str) -> list[tuple[str, Any]]:
    names, values = content.get(models) or [], content.get(kwargs) or []
    if not isinstance(names, list) or not isinstance(values, list) or len(names) != len(values):
        raise exc.FileException(f"{models} and {kwargs} are no lists of the same length.")
    if len(names) > MOST_PROFILES:
        raise exc.FileException(f"{models} names {len(names)} profiles, wanted at most {MOST_PROFILES}.")
    if wrong := [name for name in names if not isinstance(name, str)]:
        raise exc.FileException(f"{models} holds {shown(wrong[0])}, wanted names of profiles.")
    return list(zip(names, values, strict=True))


def content_from(lens: Lens) -> tuple[dict[str, Any], list[rows.Written]]:
    """Model lists and keyword arguments of a lens, and the profiles that are in them."""
    z_of = {name: float(galaxy.redshift) for name, galaxy in lens.galaxies.items()}
    written = rows.written_from(lens, (*MASS, *LIGHT), "lenstronomy")
    z_first, z_last = min(z_of.values()), max(z_of.values())

    def redshift_of(item: rows.Written) -> float:
        return z_of[item[0].partition(".")[0]]

    def are(kind: str) -> Callable[[rows.Written], bool]:
        lenses = {
            "lens": lambda i: not i[1].is_light,
            "lens_light": lambda i: i[1].is_light and redshift_of(i) == z_first,
        }
        return lenses.get(kind, lambda i: i[1].is_light and redshift_of(i) > z_first)

    chosen = {kind: [item for item in written if are(kind)(item)] for kind in LISTS}
    behind = [item for item in chosen["lens"] if redshift_of(item) == z_last]
    if z_first < z_last and behind:
        chosen["lens"] = [item for item in chosen["lens"] if item not in behind]
        lens.notes.append(
            f"mass on the last plane deflects nothing and is not written: {', '.join(i[0] for i in behind)}"
        )
    content: dict[str, Any] = {} if lens.title is None else {"title": lens.title}
    for kind, (models, kwargs) in LISTS.items():
        content[models] = [item[1].theirs for item in chosen[kind]]
        content[kwargs] = [_with_whole_numbers(item[2]) for item in chosen[kind]]
    content |= {"z_lens": z_first, "z_source": z_last}
    planes, sources = ([redshift_of(item) for item in chosen[kind]] for kind in ("lens", "source"))
    if len({*planes, z_first}) > 1 or len({*sources, z_last}) > 1:
        content |= {"multi_plane": True, "lens_redshift_list": planes, "source_redshift_list": sources}
        content |= {"z_source_convention": z_last}
        lens.notes.append("several planes: distances are those of the Planck 2015 cosmology, pass it as cosmo")
    if lens.pixel_scale is not None:
        content["pixel_scale"] = lens.pixel_scale
    return content, written


def _with_whole_numbers(values: dict[str, float]) -> dict[str, float]:
    return {key: int(value) if key == "m" else value for key, value in values.items()}
