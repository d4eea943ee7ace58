"""Numbers with errors as the command prints them, and the Einstein radius of a lens from what a search says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from autogalaxy.inference.latent import ALIKE, Latent, LatentTable

EINSTEIN_RADIUS = "einstein_radius"
"""The effective one, of the area inside the tangential critical curve, where a fit has it."""


def amount_from(value: float, low: float, high: float) -> str:
    """``1.2034 +0.0005 -0.0003``: to two digits of the smaller error; both are one where they are nearly."""
    low, high = abs(low), abs(high)
    if abs(high - low) < ALIKE * max(low, high):
        low = high = 0.5 * (low + high)
    least = min((side for side in (low, high) if math.isfinite(side) and side > 0.0), default=0.0)
    digits = min(8, max(0, 1 - math.floor(math.log10(least)))) if least else 4
    if low == high:
        return f"{value:.{digits}f} +- {low:.{digits}f}"
    return f"{value:.{digits}f} +{high:.{digits}f} -{low:.{digits}f}"


def radii_from(latents: Mapping[str, Any] | None) -> list[Latent]:
    """Effective Einstein radii with errors, of each dataset, from what ``result.json`` has under ``latents``."""
    table = LatentTable.from_dict(latents or {})
    return [each for each in table if each.name.split(".")[-1] == EINSTEIN_RADIUS and each.has_errors]


def radius_lines_from(latents: Mapping[str, Any] | None) -> list[str]:
    """A line for each; none where nothing was drawn."""
    return [
        f"Einstein radius {amount_from(each.median, each.lower_error, each.upper_error)} arcsec"
        f"{f' ({dataset})' if (dataset := each.name.rpartition('.')[0]) else ''}, of the area inside the tangential "
        "critical curve"
        for each in radii_from(latents)
    ]
