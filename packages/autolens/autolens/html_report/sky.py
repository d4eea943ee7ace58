"""Positions on the sky in the words of astronomers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autolens.html_report.opened import number_or_none


def sky_rows(sky: Any) -> list[dict[str, str]]:
    """A row for each thing whose RA and Dec [deg] ``result.json`` has under ``sky``."""
    rows = []
    for name, ra, dec in _positions_in(sky, ""):
        rows.append({"name": name or "position", "ra": _ra(ra), "dec": _dec(dec)})
    return rows


def _positions_in(value: Any, name: str) -> Iterator[tuple[str, float, float]]:
    """Whatever has numbers under ``ra`` and ``dec``, with its path."""
    if isinstance(value, Mapping):
        ra, dec = number_or_none(value.get("ra")), number_or_none(value.get("dec"))
        if ra is not None and dec is not None:
            yield name, ra, dec
            return
        for key, part in value.items():
            yield from _positions_in(part, f"{name}.{key}" if name else str(key))


def _ra(degrees: float) -> str:
    return f"{_sexagesimal(degrees % 360.0 / 15.0, 3)}  ({degrees % 360.0:.6f}°)"


def _dec(degrees: float) -> str:
    sign = "−" if degrees < 0.0 else "+"
    return f"{sign}{_sexagesimal(abs(degrees), 2)}  ({sign}{abs(degrees):.6f}°)"


def _sexagesimal(value: float, digits: int) -> str:
    seconds = round(value * 3600.0, digits)
    minutes, seconds = divmod(seconds, 60.0)
    whole, minutes = divmod(minutes, 60.0)
    return f"{int(whole):02d}:{int(minutes):02d}:{seconds:0{3 + digits}.{digits}f}"
