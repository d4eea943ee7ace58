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
    r"LONPOLE|LATPOLE|EQUINOX|EPOCH|RADESYS|RADECSYS|DATE-OBS|MJD-OBS|[AB]P?_ORDER|[AB]P?_\d+_\d+|[AB]_DMAX)"
)
_SCALES = (
    ("PIXSCAY", "PIXSCAX"),
    ("PIXSCALE",),
    ("PIXSCAL2", "PIXSCAL1"),
    ("SECPIX",),
    ("SECPIX2", "SECPIX1"),
    ("D001SCAL",),
)
"""Keywords of a pixel's size [arcsec], (y, x) or one for both; ours, with which files are written, come first."""
CONTRADICTION = 0.01
"""Relative difference of two pixel scales beyond which one of them is wrong."""
_ARCSECONDS = {
    **dict.fromkeys(("deg", "degree", "degrees"), 3600.0),
    **dict.fromkeys(("arcmin", "arcminute", "arcminutes"), 60.0),
    **dict.fromkeys(("arcsec", "arcsecs", "arcsecond", "arcseconds"), 1.0),
    "mas": 1e-3,
    **dict.fromkeys(("rad", "radian", "radians"), math.degrees(3600.0)),
}
"""In units of CDELT and of the CD matrix."""
OF_CALL = "pixel_scales={}"
"""How a pixel scale is given in Python."""
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
        return next(iter(self.stated_pixel_scales()), None)

    def stated_pixel_scales(self) -> list[tuple[tuple[float, float], str]]:
        """All that the header says of the size of a pixel, what counts first: the WCS, then keywords that state it.

        Steps of axes that are not on the sky come last, and only where they have the unit of an angle.
        """
        of_wcs = self.wcs_pixel_scales()
        found = [of_wcs] if of_wcs is not None and self.is_celestial else []
        for keys in _SCALES:
            values = [number for key in keys if (number := self.number(key)) is not None and number > 0.0]
            if len(values) == len(keys):
                found.append((_rounded(values[0], values[-1]), " and ".join(keys)))
        return found if of_wcs is None or self.is_celestial else [*found, of_wcs]

    def wcs_pixel_scales(self) -> tuple[tuple[float, float], str] | None:
        """The same from the linear part of the WCS: a CD matrix, or CDELT with or without PC."""
        sizes = [_ARCSECONDS.get(str(self.get(f"CUNIT{i}", "")).strip().lower(), 0.0) for i in (1, 2)]
        if self.is_celestial:  # degrees where nothing is said
            sizes = [size if str(self.get(f"CUNIT{i}", "")).strip() else 3600.0 for i, size in enumerate(sizes, 1)]
        if any(self.number(f"CD{i}_{j}") for i in (1, 2) for j in (1, 2)):
            matrix = [[self.number(f"CD{i}_{j}") or 0.0 for j in (1, 2)] for i in (1, 2)]
            keywords = "the CD matrix"
        else:
            steps = [self.number("CDELT1"), self.number("CDELT2")]
            unit = [[self.number(f"PC{i}_{j}") for j in (1, 2)] for i in (1, 2)]
            matrix = [
                [(steps[i] or 0.0) * (float(i == j) if (u := unit[i][j]) is None else u) for j in (0, 1)]
                for i in (0, 1)
            ]
            keywords = "CDELT and PC" if "PC1_1" in self else "CDELT"
        x, y = (math.hypot(sizes[0] * matrix[0][j], sizes[1] * matrix[1][j]) for j in (0, 1))
        return (_rounded(y, x), keywords) if all(sizes) and x > 0.0 and y > 0.0 else None

    @property
    def is_celestial(self) -> bool:
        """Whether the first two axes are longitude and latitude on the sky."""
        types = [str(self.get(f"CTYPE{i}", ""))[:4].strip("-") for i in (1, 2)]
        return any({a, b} == set(types) for a, b in (("RA", "DEC"), ("GLON", "GLAT"), ("ELON", "ELAT")))


def check_pixel_scales(
    given: PixelScales, found: tuple[float, float], keywords: str, what: str = "header", words: str = OF_CALL
) -> None:
    """Our error where a given pixel scale is not that of the header; ``words`` are those in which it was given."""
    if not agree(given, found):
        raise exc.DatasetException(
            f"{words.format(given)} arcsec, but the {what} says {_shown(found)} arcsec ({keywords}). Give none to use "
            "that of the header; where the header is wrong, delete these keywords from it."
        )


def agree(given: PixelScales, found: PixelScales) -> bool:
    """Whether two pixel scales are the same but for rounding."""
    with np.errstate(all="ignore"):
        ratio = np.asarray(given, dtype=float) / np.asarray(found, dtype=float)
    return bool(np.all(np.abs(ratio - 1.0) <= CONTRADICTION))


def pixel_scales_from(header: Header, given: PixelScales | None, path: Any, words: str = OF_CALL) -> PixelScales:
    """The given pixel scale unless the header contradicts it, or that of the header where none is given.

    A header that contradicts itself is an error unless the given scale is one of those it states. ``words`` are those
    in which a caller gives a scale, with ``{}`` in its place: ``"--pixel-scale {}"``.
    """
    stated = header.stated_pixel_scales()
    # steps of axes that are not on the sky may be of anything
    bound = [item for item in stated if header.is_celestial or item != header.wcs_pixel_scales()]
    if given is not None:
        if bound and not any(agree(given, found) for found, _ in bound):
            check_pixel_scales(given, *bound[0], what=f"header of {path}", words=words)
        return given
    if not stated:
        raise exc.DatasetException(
            f"the pixel scale is not known: the header of {path} has neither a WCS (CD matrix, CDELT) nor PIXSCALE. "
            f"Write {words.format(0.05)} [arcsec]."
        )
    scales, keywords = stated[0]
    for other, theirs in bound[1:]:
        if not agree(scales, other):
            raise exc.DatasetException(
                f"the header of {path} contradicts itself: pixels of {_shown(scales)} arcsec ({keywords}) and of "
                f"{_shown(other)} arcsec ({theirs}). Write the right one, {words.format(_shown(scales))} or "
                f"{words.format(_shown(other))}."
            )
    return _shown(scales) if scales[0] == scales[1] else scales


def square_pixel_scale_from(header: Header, given: float | None, path: Any, words: str = OF_CALL) -> float:
    """The same where a pixel has to be square: our error where the header states two sizes and none is given."""
    scales = np.asarray(pixel_scales_from(header, given, path, words), dtype=float)
    if np.ptp(scales) > 0.0:
        raise exc.DatasetException(
            f"the pixels of {path} are not square, the header says {tuple(scales.tolist())} arcsec (y, x); wanted "
            "square ones: resample the image."
        )
    return float(scales.flat[0])


def without_wrong_wcs(header: Header, scales: PixelScales) -> Header:
    """Without the keywords of a WCS whose pixels are of another size than those that were chosen."""
    found = header.wcs_pixel_scales() if header.is_celestial else None
    if found is None or agree(scales, found[0]):
        return header
    of_wcs = header.of_wcs
    return Header({key: value for key, value in header.items() if key not in of_wcs})


def _shown(scales: tuple[float, float]) -> Any:
    """One number where both sides are equal."""
    return scales[0] if scales[0] == scales[1] else scales


def _plain_from(value: Any) -> Any:
    """A value of a keyword; ``None`` for what a file cannot hold, or left open."""
    value = value.item() if isinstance(value, np.generic) else value
    return value if isinstance(value, str | bool | int | float) else None


def _rounded(y: float, x: float) -> tuple[float, float]:
    """Without the rounding errors of degrees; sides that are meant to be equal are."""
    if abs(y - x) <= _EQUAL * x:
        y = x = 0.5 * (y + x)
    return float(f"{y:.9g}"), float(f"{x:.9g}")
