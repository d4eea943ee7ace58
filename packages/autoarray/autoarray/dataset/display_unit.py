"""The unit of an image as its file states it."""

from __future__ import annotations

import re
from typing import Any

BRIGHTNESS = "e- s^-1"
"""The unit of images, intensities and fluxes here, where nothing else is known."""
_THE_SAME = re.compile(r"(e-?|electrons?)(/s(ec)?|[ .*]?s(ec)?(\^|\*\*)?-1)", re.IGNORECASE)
"""How headers write electrons per second."""
UNKNOWN = "unit of the image"
_LONGEST = 30


def display_unit_from(unit: str, dataset: Any) -> str:
    """What to print for ``unit``: brightness is in that of the header (``BUNIT``) for an image from a file.

    Numbers are those of the image whatever its unit is; one that its file does not state is ``unit of the image``. An
    image that was made in memory is in electrons per second.
    """
    header = getattr(getattr(dataset, "data", None), "header", None)
    if unit != BRIGHTNESS or header is None:
        return unit
    said = "".join(letter for letter in str(header.get("BUNIT", "")) if letter.isprintable()).strip()
    return BRIGHTNESS if _THE_SAME.fullmatch(said) else said[:_LONGEST] or UNKNOWN
