"""Positions on the sky in the words of astronomers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autoarray.dataset.wcs import declination_text, right_ascension_text
from autolens.html_report.numbers import number_or_none, plain_from
from autolens.lens.parameter_names import short_name_of


def sky_rows(sky: Any) -> list[dict[str, str]]:
    """A row for each place with an RA and a Dec [deg] of what ``result.json`` has under ``sky``, the lens first."""
    if not isinstance(sky, Mapping):
        return []
    places = sky.get("places")
    named = dict(places) if isinstance(places, Mapping) and places else {"lens": sky}
    lens = sky.get("galaxy")
    ordered = sorted(named.items(), key=lambda item: item[0] != lens)
    rows = [row for name, place in ordered if (row := _row_of(str(name), place)) is not None]
    return _merged(rows)


def _merged(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """One row for what is in one place with one angle, under all of its names."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        same = found.setdefault((row["ra"], row["dec"], row["angle"]), row)
        if same is not row:
            same["name"] += f", {row['name']}"
    return list(found.values())


def _row_of(name: str, place: Any) -> dict[str, str] | None:
    if not isinstance(place, Mapping):
        return None
    ra, dec = number_or_none(place.get("ra")), number_or_none(place.get("dec"))
    if ra is None or dec is None or not abs(dec) <= 90.0:
        return None
    return {
        "name": short_name_of(name),
        "ra": right_ascension_text(ra, 4),
        "dec": declination_text(dec, 3, minus="−"),
        "degrees": f"{round(ra % 360.0, 6) % 360.0:.6f} {'−' if dec < 0.0 else '+'}{abs(dec):.6f}",
        "angle": "round" if place.get("position_angle") is None else f"{plain_from(place['position_angle'])}°",
    }


def orientation_of(dataset: Any) -> str:
    """Where North and East are in the pictures; empty where the data do not say."""
    wcs = getattr(dataset, "wcs", None)
    if wcs is None:
        return ""
    north, east = round(wcs.north_angle) % 360, round(wcs.east_angle) % 360
    return f"North is at {north}° and East at {east}°, counter-clockwise from the x axis. "
