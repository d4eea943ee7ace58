"""From the units of a file to electrons per second, as far as a header or the user says how."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from autoarray import exc
from autoarray.dataset.prepare.ledger import Ledger
from autoarray.structures.header import Header

EXPOSURE_KEYWORDS = ("EXPTIME", "TEXPTIME", "XPOSURE", "EXPOSURE")
GAIN_KEYWORDS = ("ESO DET OUT1 CONAD", "EGAIN", "GAIN", "CCDGAIN")
"""Electrons per unit; ESO's GAIN is its inverse, and its CONAD comes first."""
ZERO_POINT_KEYWORDS = ("MAGZERO", "MAGZPT", "MAGZP", "ZEROPNT", "ABMAGZP")
KINDS = ("e-/s", "e-", "adu", "adu/s", "MJy/sr", "kept")
_NAMES = {
    "e-/s": "electron/s|electrons/s|electrons/sec|e-/s|e/s|electron/sec|e-/sec",
    "e-": "electron|electrons|e-|e|photoelectron",
    "adu": "adu|dn|counts|count|ct",
    "adu/s": "adu/s|dn/s|counts/s|count/s|ct/s|adu/sec|dn/sec|counts/sec",
    "MJy/sr": "mjy/sr",
}


@dataclass(frozen=True)
class Units:
    """How the numbers of a file are turned into those of the dataset."""

    kind: str
    """Of the file, one of :data:`KINDS`."""
    factor: float
    """By which the file's numbers are multiplied."""
    result: str
    """Unit of the dataset."""
    exposure_time: float | None
    """Of the whole image [s]."""
    electrons: bool
    """Whether the dataset is in electrons per second, so that counting statistics are known."""


def kind_from(unit: str) -> str | None:
    """One of :data:`KINDS` for the words of a header or a user."""
    plain = re.sub(r"\s+", "", unit).lower().replace("**-1", "^-1")
    plain = re.sub(r"^(.*?)[.*]?(?:s|sec)(?:\^?-1)$", r"\1/s", plain)
    for kind, names in _NAMES.items():
        if plain == kind.lower() or plain in names.split("|"):
            return kind
    return "kept" if plain == "kept" else None


def units_from(
    header: Header,
    ledger: Ledger,
    unit: str | None = None,
    gain: float | None = None,
    exposure_time: float | None = None,
    has_noise: bool = False,
) -> Units:
    """The units of an image; ``has_noise`` where a map tells its noise, which then may stay in units of its own."""
    for name, value in (("gain", gain), ("exposure_time", exposure_time)):
        if value is not None and not (math.isfinite(value) and value > 0.0):
            raise exc.DatasetException(f"{name}={value}, wanted a finite number above zero.")
    kind = _kind_of(header, ledger, unit, has_noise)
    time = ledger.number("exposure_time", exposure_time, header, EXPOSURE_KEYWORDS)
    needs_gain = kind in ("adu", "adu/s", "MJy/sr")
    number = ledger.number("gain", gain, header, GAIN_KEYWORDS) if needs_gain else None
    if kind in ("e-", "adu") and time is None:
        raise exc.DatasetException(
            f"an image in {kind} without an exposure time: {' or '.join(EXPOSURE_KEYWORDS)} are not in the header. "
            "Write exposure_time=1000.0 (--exposure-time 1000) [s]."
        )
    if kind in ("adu", "adu/s") and number is None and not has_noise:
        raise exc.DatasetException(
            f"an image in {kind} without a gain: {', '.join(GAIN_KEYWORDS)} are not in the header. Write gain=1.5 "
            "(--gain 1.5) [electrons per unit]; gain=1.0 where the numbers are electrons already."
        )
    units = _of_kind(kind, header, ledger, time, number)
    how = "as in the file" if units.factor == 1.0 else f"the file, in {units.kind}, times {units.factor:.6g}"
    ledger.say("unit", units.result, how)
    _say_zero_point(header, ledger, units)
    return units


def _kind_of(header: Header, ledger: Ledger, unit: str | None, has_noise: bool) -> str:
    if unit is not None:
        if (kind := kind_from(unit)) is None:
            raise exc.DatasetException(f"unit={unit!r}, wanted one of {', '.join(KINDS)}: unit='adu' (--unit adu).")
        ledger.say("unit_of_file", kind, "given")
        return kind
    said = str(header.get("BUNIT", header.get("UNITS", ""))).strip()
    if (kind := kind_from(said)) is not None:
        ledger.say("unit_of_file", said, "header, BUNIT")
        return kind
    if not has_noise:
        what = f"BUNIT {said!r}, which is not known here" if said else "no BUNIT"
        raise exc.DatasetException(
            f"the unit of the image is not known: its header has {what}. Write unit='e-/s' (--unit e-/s), or one of "
            f"{', '.join(KINDS)}; or give a noise map, which lets the image keep its unit."
        )
    ledger.note(f"the unit of the image is {said or 'not in the header'}: it was kept, the noise is that of the map")
    ledger.say("unit_of_file", said or "unknown", "header, BUNIT" if said else "no BUNIT")
    return "kept"


def _of_kind(kind: str, header: Header, ledger: Ledger, time: float | None, gain: float | None) -> Units:
    """The factor to electrons per second, or to what comes next to them."""
    factor = 1.0
    if kind in ("e-", "adu"):
        factor /= time  # type: ignore[operator]
    if kind == "MJy/sr":
        per_unit = header.number("PHOTMJSR")
        if per_unit is None or per_unit <= 0.0:
            ledger.note("MJy/sr are kept: PHOTMJSR, which leads to counts, is not in the header")
            return Units(kind, 1.0, "MJy/sr", time, False)
        ledger.say("megajansky_per_steradian", per_unit, "header, PHOTMJSR: MJy/sr of one DN/s")
        factor /= per_unit
    if kind in ("adu", "adu/s", "MJy/sr"):
        if gain is None:
            ledger.note("counts were not turned into electrons, as no gain is known: gain=1.5 (--gain 1.5)")
            return Units(kind, factor, "adu/s", time, False)
        factor *= gain
    if kind == "kept":
        return Units(kind, 1.0, str(ledger.values.get("unit_of_file", "unknown")), time, False)
    return Units(kind, factor, "e-/s", time, True)


def _say_zero_point(header: Header, ledger: Ledger, units: Units) -> None:
    """AB magnitude of one unit of the dataset in a pixel, where the header leads to it."""
    flam, pivot = header.number("PHOTFLAM"), header.number("PHOTPLAM")
    area = header.number("PIXAR_SR")
    change = 2.5 * math.log10(units.factor)
    if units.kind == "MJy/sr":
        if area is not None and area > 0.0:
            zero_point = 8.90 - 2.5 * math.log10(1e6 * area) + change
            ledger.say("magnitude_zero_point", zero_point, "header, PIXAR_SR and PHOTMJSR (AB)")
    elif units.kind in ("e-/s", "e-") and flam is not None and pivot is not None and flam > 0.0 and pivot > 0.0:
        zero_point = -2.5 * math.log10(flam) - 5.0 * math.log10(pivot) - 2.408  # of electrons per second
        ledger.say("magnitude_zero_point", zero_point, "header, PHOTFLAM and PHOTPLAM (AB)")
    else:
        for keyword in ZERO_POINT_KEYWORDS:
            if (value := header.number(keyword)) is not None:
                ledger.say("magnitude_zero_point", value + change, f"header, {keyword}, for the unit of the dataset")
                break
