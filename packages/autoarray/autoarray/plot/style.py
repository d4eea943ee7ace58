"""Colours, stretches and limits, chosen once for every figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import AsinhNorm, Colormap, Normalize
from matplotlib.ticker import MaxNLocator

MASKED = "0.78"
"""Neutral grey of pixels that are left out: it is in neither colour map."""
OUTLINE = "0.25"
TANGENTIAL = "#ff7f0e"
RADIAL = "#f5f5f5"
FONT = {"title": 10.0, "label": 8.5, "tick": 7.5}
UNIT_IMAGE = r"e$^-$ s$^{-1}$"
UNIT_SIGMA = r"$\sigma$"
UNIT_CHI_SQUARED = r"$\sigma^2$"
RESIDUAL_LIMIT = 5.0
"""Normalized residuals beyond this many standard deviations are drawn with the end colour."""
CHI_SQUARED_LIMIT = 16.0


@dataclass(frozen=True)
class Kind:
    """How a class of quantities is coloured."""

    colour_map: str
    stretch: str = "linear"
    symmetric: bool = False


KINDS = {
    "image": Kind("viridis", stretch="asinh"),
    "linear": Kind("viridis"),
    "chi_squared": Kind("cividis"),
    "residual": Kind("RdBu_r", symmetric=True),
}
"""Maps that stay readable with every common colour-vision deficiency; blue is below zero and red above."""


def colour_map_from(kind: str) -> Colormap:
    """The colour map of ``kind`` with masked pixels in neutral grey."""
    return colormaps[KINDS[kind].colour_map].with_extremes(bad=MASKED)


def limits_from(values: np.ndarray, kind: str) -> tuple[float, float]:
    """Colour limits of the finite ``values``: symmetric about zero for residuals, from zero for chi-squared."""
    values = values[np.isfinite(values)]
    if values.size == 0:
        return 0.0, 1.0
    low, high = float(np.min(values)), float(np.max(values))
    if kind == "residual":
        high = min(max(abs(low), abs(high)), RESIDUAL_LIMIT) or 1.0
        return -high, high
    if kind == "chi_squared":
        return 0.0, min(high, CHI_SQUARED_LIMIT) or 1.0
    if kind == "image":  # a few dark pixels must not take the range from the sky level
        low = max(low, min(0.0, float(np.percentile(values, 1.0))))
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def norm_from(limits: tuple[float, float], kind: str) -> Normalize:
    """Colour normalization: asinh (linear in the sky, logarithmic in the core) for images, else linear."""
    low, high = limits
    if KINDS[kind].stretch == "asinh":
        return AsinhNorm(linear_width=max(abs(low), abs(high)) / 30.0, vmin=low, vmax=high)
    return Normalize(vmin=low, vmax=high)


def ticks_from(norm: Normalize, count: int = 5) -> np.ndarray:
    """Round tick values about evenly spaced along the colour bar, zero included where it is in range."""
    low, high = float(norm.vmin or 0.0), float(norm.vmax or 1.0)
    if isinstance(norm, AsinhNorm):
        places = np.asarray(norm.inverse(np.linspace(0.04, 0.96, count)))
        scale = 10.0 ** np.floor(np.log10(np.maximum(np.abs(places), 1e-300)))
        ticks = np.round(places / scale) * scale
        ticks[np.abs(places) < 0.3 * norm.linear_width] = 0.0
        if low < 0.0 < high:
            ticks[np.argmin(np.abs(norm(places) - norm(0.0)))] = 0.0
    else:
        ticks = MaxNLocator(count).tick_values(low, high)
    return np.unique(ticks[(ticks >= low) & (ticks <= high)])
