"""Numbers as people write them: as many digits as the error allows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from autoarray.concrete import number_from
from autogalaxy.inference.latent import ALIKE

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST = 8
"""Digits after the point beyond which none are written."""
UNITS = {"arcsec": "″", "deg": "°", "e- s^-1": "e⁻ s⁻¹", "solMass": "M☉", "": ""}
"""Units as they are printed."""


@dataclass(frozen=True)
class Measured:
    """A number with its errors, ready to be printed; ``times`` is a power of ten that belongs to all three."""

    value: str
    upper: str = ""
    lower: str = ""
    times: str = ""

    @property
    def is_symmetric(self) -> bool:
        return self.upper == self.lower

    def __str__(self) -> str:
        if not self.upper:
            return f"{self.value}{self.times}"
        errors = f"± {self.upper}" if self.is_symmetric else f"+{self.upper} −{self.lower}"
        text = f"{self.value} {errors}"
        return f"({text}){self.times}" if self.times else text


def number_or_none(value: Any) -> float | None:
    """A finite number, or nothing; a text that spells one is none."""
    number = number_from(value)
    return number if math.isfinite(number) else None


def measured_from(value: Any, lower: Any = None, upper: Any = None) -> Measured:
    """``value`` to two digits of the smaller of its errors; to four digits without any."""
    value, lower, upper = (number_or_none(x) for x in (value, lower, upper))
    if value is None:
        return Measured("–")
    errors = [error for error in (lower, upper) if error is not None and error > 0.0]
    largest = max([abs(value), *errors])
    exponent = math.floor(math.log10(largest)) if largest > 0.0 else 0
    exponent = exponent if not -4 <= exponent < 5 else 0
    scale, times = 10.0**exponent, f" ×10{str(exponent).translate(_SUPERSCRIPT)}" if exponent else ""
    if len(errors) < 2 or lower is None or upper is None:
        return Measured(plain_from(value / scale), times=times)
    digits = min(max(1 - math.floor(math.log10(min(errors) / scale)), 0), _LONGEST)
    if abs(upper - lower) < ALIKE * max(errors):
        lower = upper = 0.5 * (lower + upper)
    value_text, upper_text, lower_text = (f"{x / scale:.{digits}f}" for x in (value, upper, lower))
    return Measured(value_text.replace("-", "−"), upper_text, lower_text, times)


def plain_from(value: Any, digits: int = 4) -> str:
    """A number without an error to some significant digits."""
    number = number_or_none(value)
    if number is None:
        return "–"
    if number != 0.0 and not 1e-4 <= abs(number) < 1e6:
        mantissa, _, exponent = f"{number:.{digits - 1}e}".partition("e")
        return f"{mantissa} ×10{str(int(exponent)).translate(_SUPERSCRIPT)}".replace("-", "−")
    places = digits - 1 - math.floor(math.log10(abs(number))) if number else 0
    text = f"{number:.{min(max(places, 0), _LONGEST)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def unit_from(unit: Any) -> str:
    """A unit as it is printed."""
    return UNITS.get(str(unit or ""), str(unit or ""))


def seconds_from(value: Any) -> str:
    """A duration."""
    number = number_or_none(value)
    if number is None:
        return "–"
    if number < 120.0:
        return f"{number:.1f} s"
    return f"{number / 60.0:.1f} min" if number < 7200.0 else f"{number / 3600.0:.1f} h"
