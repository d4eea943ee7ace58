"""Keywords of a FITS header that travel with an image."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.type import PixelScales

_WCS_KEYWORD = re.compile(
    r"(WCSAXES|WCSNAME|CTYPE\d|CUNIT\d|CRVAL\d|CRPIX\d|CDELT\d|CROTA\d|CD\d_\d|PC\d_\d|PC00\d00\d|PV\d_\d+|PS\d_\d+|"
    r"LONPOLE|LATPOLE|EQUINOX|RADESYS|RADECSYS|[AB]P?_ORDER|[AB]P?_\d+_\d+|[AB]_DMAX)"
)
_SCALES = (("PIXSCAY", "PIXSCAX"), ("PIXSCALE",), ("PIXSCAL2", "PIXSCAL1"), ("SECPIX",), ("SECPIX2", "SECPIX1"))
"""Keywords of a pixel's size [arcsec], (y, x) or one for both, the first that is there counts."""
_DRIZZLED = ("D001SCAL",)
CONTRADICTION = 0.01
"""Relative difference of two pixel scales beyond which one of them is wrong."""
_ARCSECONDS = {"": 3600.0, "deg": 3600.0, "degree": 3600.0, "degrees": 3600.0, "arcmin": 60.0, "arcsec": 1.0}
"""In units of CDELT and of the CD matrix."""
_EQUAL = 1e-5
"""Sides of a pixel that differ by less, relatively, are meant to be equal."""


class Header(Mapping):
    """Keywords and values of a FITS header, which do not change. JAX never sees them: they are no part of a pytree.

    Two headers are equal when their keywords and values are.
    """

    __slots__ = ("_cards", "_key")

    def __init__(self, cards: Mapping[str, Any] | None = None) -> None:
        cards = cards or {}
        plain = {str(key): _plain_from(cards[key]) for key in cards}
        self._cards = {key: value for key, value in plain.items() if value is not None}
        self._key = tuple((key, type(value).__name__, value) for key, value in sorted(self._cards.items()))

    @classmethod
    def of(cls, header: Any) -> Header | None:
        """A header from anything that has keywords; ``None`` stays ``None``."""
        if header is None or isinstance(header, cls):
            return header
        if not hasattr(header, "keys"):
            raise exc.ArrayException(
                f"header of type {type(header).__name__}, wanted keywords and values: header={{'BUNIT': 'electron/s'}}."
            )
        return cls({key: header[key] for key in header.keys() if key not in ("", "COMMENT", "HISTORY")})

    def __getitem__(self, key: str) -> Any:
        return self._cards[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cards)

    def __len__(self) -> int:
        return len(self._cards)

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, Header) else dict(self) == other

    def __hash__(self) -> int:
        return hash(self._key)

    def __deepcopy__(self, memo: dict) -> Header:
        return self

    def __repr__(self) -> str:
        return f"Header({self._cards!r})"

    def number(self, key: str) -> float | None:
        """A keyword's value where it is a finite number."""
        value = self.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if math.isfinite(value) else None

    @property
    def of_wcs(self) -> Header:
        """The keywords that say where pixels are on the sky."""
        return Header({key: value for key, value in self._cards.items() if _WCS_KEYWORD.fullmatch(key)})

    def shifted_from(self, columns: float, rows: float) -> Header:
        """The header of an image that starts ``columns`` to the right and ``rows`` above the first FITS pixel."""
        moved = dict(self._cards)
        for key in self._cards:
            if match := re.fullmatch(r"CRPIX([12])[A-Z]?", key):
                moved[key] = (self.number(key) or 0.0) - (columns if match[1] == "1" else rows)
        if "CTYPE1" in moved:  # a keyword that is not there is 0
            moved.setdefault("CRPIX1", -float(columns))
            moved.setdefault("CRPIX2", -float(rows))
        return Header(moved)

    def pixel_scales(self) -> tuple[tuple[float, float], str] | None:
        """Size of a pixel [arcsec], (y, x), and the keywords that say so; ``None`` where no keyword does."""
        for keys in (*_SCALES, _DRIZZLED):
            values = [self.number(key) for key in keys]
            if all(value is not None and value > 0.0 for value in values):
                return _rounded(values[0], values[-1]), " and ".join(keys)  # type: ignore[arg-type]
        return self.wcs_pixel_scales()

    def wcs_pixel_scales(self) -> tuple[tuple[float, float], str] | None:
        """The same from the linear part of the WCS: a CD matrix, or CDELT with or without PC."""
        if any(self.number(f"CD{i}_{j}") for i in (1, 2) for j in (1, 2)):
            matrix = [[self.number(f"CD{i}_{j}") or 0.0 for j in (1, 2)] for i in (1, 2)]
            keywords = "the CD matrix"
        else:
            steps = [self.number("CDELT1"), self.number("CDELT2")]
            if None in steps:
                return None
            unit = [[self.number(f"PC{i}_{j}") for j in (1, 2)] for i in (1, 2)]
            matrix = [
                [steps[i] * (float(i == j) if unit[i][j] is None else unit[i][j]) for j in (0, 1)]  # type: ignore
                for i in (0, 1)
            ]
            keywords = "CDELT and PC" if "PC1_1" in self else "CDELT"
        size = _ARCSECONDS.get(str(self.get("CUNIT1", "deg")).strip().lower(), 0.0)
        x, y = (size * math.hypot(matrix[0][j], matrix[1][j]) for j in (0, 1))
        is_sky = self.is_celestial or max(x, y) < 100.0  # without CTYPE a step of 1 is one of pixels
        return (_rounded(y, x), keywords) if is_sky and x > 0.0 and y > 0.0 else None

    @property
    def is_celestial(self) -> bool:
        """Whether the first two axes are longitude and latitude on the sky."""
        types = [str(self.get(f"CTYPE{i}", ""))[:4].strip("-") for i in (1, 2)]
        return any({a, b} == set(types) for a, b in (("RA", "DEC"), ("GLON", "GLAT"), ("ELON", "ELAT")))


def check_pixel_scales(given: PixelScales, found: tuple[float, float], keywords: str, what: str = "header") -> None:
    """Our error where a given pixel scale is not that of the header."""
    pair = np.broadcast_to(np.asarray(given, dtype=float), (2,))
    if np.any(np.abs(pair / np.array(found) - 1.0) > CONTRADICTION):
        theirs = found[0] if found[0] == found[1] else found
        raise exc.DatasetException(
            f"pixel_scales={given} arcsec, but the {what} says {theirs} arcsec ({keywords}). Leave pixel_scales out to "
            "use that; where the header is wrong, delete these keywords from it."
        )


def pixel_scales_from(header: Header, given: PixelScales | None, path: Any) -> PixelScales:
    """The given pixel scale unless the header contradicts it, or that of the header where none is given."""
    found = header.pixel_scales()
    if found is None and given is None:
        raise exc.DatasetException(
            f"the pixel scale is not known: the header of {path} has neither a WCS (CD matrix, CDELT) nor PIXSCALE. "
            "Write pixel_scales=0.05 [arcsec]."
        )
    if given is None:
        return found[0]  # type: ignore[index]
    if found is not None:
        check_pixel_scales(given, *found, what=f"header of {path}")
    return given


def _plain_from(value: Any) -> Any:
    """A value of a keyword; ``None`` for what a file cannot hold, or left open."""
    value = value.item() if isinstance(value, np.generic) else value
    return value if isinstance(value, str | bool | int | float) else None


def _rounded(y: float, x: float) -> tuple[float, float]:
    """Without the rounding errors of degrees; sides that are meant to be equal are."""
    if abs(y - x) <= _EQUAL * x:
        y = x = 0.5 * (y + x)
    return float(f"{y:.9g}"), float(f"{x:.9g}")
