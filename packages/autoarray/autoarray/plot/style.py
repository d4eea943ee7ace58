"""Colours, stretches and limits, chosen once for every figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import AsinhNorm, Colormap, LogNorm, Normalize
from matplotlib.ticker import MaxNLocator

from autoarray import colours, exc
from autoarray.dataset.display_unit import BRIGHTNESS, display_unit_from

MASKED = "0.78"
"""Neutral grey of pixels that are left out: it is in neither colour map."""
OUTLINE = "0.25"
TANGENTIAL, RADIAL = colours.TANGENTIAL, colours.RADIAL
POSITION = "#e8308a"
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
"""Colours of lines side by side (Wong 2011, Nature Methods 8, 441)."""
FONT = {"title": 10.0, "label": 8.5, "tick": 7.5}
UNIT_IMAGE = r"e$^-$ s$^{-1}$"
"""Of images made in memory; :func:`unit_of_image_from` knows what a file states."""
UNIT_SIGMA = r"$\sigma$"
UNIT_CHI_SQUARED = r"$\sigma^2$"
RESIDUAL_LIMIT = 5.0
"""Normalized residuals beyond this many standard deviations are drawn with the end colour."""
CHI_SQUARED_LIMIT = 16.0
DECADES = 4.0
"""Largest range of a logarithmic stretch."""
STRETCHES = ("asinh", "log", "linear")


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
    "signed": Kind("RdBu_r", symmetric=True),
}
"""Maps that stay readable with every common colour-vision deficiency; blue is below zero and red above.

``residual`` is in units of the noise and ends at five of them; ``signed`` is anything else with a meaningful zero.
"""


def colour_map_from(kind: str) -> Colormap:
    """The colour map of ``kind`` with masked pixels in neutral grey."""
    return colormaps[KINDS[kind].colour_map].with_extremes(bad=MASKED)


def kind_from(kind: str) -> Kind:
    """The kind of this name, or our error."""
    if kind not in KINDS:
        raise exc.PlotException(f'kind={kind!r}, wanted one of {", ".join(KINDS)}: kind="image".')
    return KINDS[kind]


def stretch_from(kind: str, stretch: str | None = None) -> str:
    """The stretch of an image: the one chosen, unless zero is in the middle of the colours."""
    if stretch is not None and stretch not in STRETCHES:
        raise exc.PlotException(f'stretch={stretch!r}, wanted one of {", ".join(STRETCHES)}: stretch="asinh".')
    found = kind_from(kind)
    return found.stretch if stretch is None or found.symmetric else stretch


def limits_from(values: np.ndarray, kind: str, stretch: str | None = None) -> tuple[float, float]:
    """Colour limits of the finite ``values``: symmetric about zero for residuals, from zero for chi-squared.

    Those of a logarithmic stretch are above zero and at most four decades apart.
    """
    values = values[np.isfinite(values)]
    if values.size == 0:
        return (0.1, 1.0) if stretch_from(kind, stretch) == "log" else (0.0, 1.0)
    low, high = float(np.min(values)), float(np.max(values))
    if kind_from(kind).symmetric:
        high = max(abs(low), abs(high))
        high = (min(high, RESIDUAL_LIMIT) if kind == "residual" else high) or 1.0
        return -high, high
    if stretch_from(kind, stretch) == "log":
        return _positive_limits_from(values)
    if kind == "chi_squared":
        return 0.0, min(high, CHI_SQUARED_LIMIT) or 1.0
    if kind == "image":  # a few dark pixels must not take the range from the sky level
        low = max(low, min(0.0, float(np.percentile(values, 1.0))))
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _positive_limits_from(values: np.ndarray) -> tuple[float, float]:
    positive = values[values > 0.0]
    if positive.size == 0:
        return 0.1, 1.0
    high = float(np.max(positive))
    low = max(float(np.percentile(positive, 2.0)), high * 10.0**-DECADES)
    return (low, high) if high > low else (0.1 * high, high)


def norm_from(limits: tuple[float, float], kind: str, stretch: str | None = None) -> Normalize:
    """Colour normalization: asinh (linear in the sky, logarithmic in the core) for images, else linear."""
    low, high = limits
    name = stretch_from(kind, stretch)
    if name == "asinh":
        return AsinhNorm(linear_width=max(abs(low), abs(high)) / 30.0, vmin=low, vmax=high)
    if name == "log":
        if low <= 0.0:
            raise exc.PlotException(
                f"limits={limits!r} with a logarithmic stretch, wanted both above zero: limits=({high / 1e3:g}, "
                f'{high:g}), or stretch="asinh".'
            )
        return LogNorm(vmin=low, vmax=high, clip=True)  # what is not above zero is as dark as the lower limit
    return Normalize(vmin=low, vmax=high)


def ticks_from(norm: Normalize, count: int = 5) -> np.ndarray:
    """Round tick values about evenly spaced along the colour bar, zero included where it is in range."""
    low, high = float(norm.vmin or 0.0), float(norm.vmax or 1.0)
    if isinstance(norm, AsinhNorm | LogNorm):
        ticks = _spread(_round_values(low, high), norm, apart=0.55 / count)
    else:
        ticks = np.asarray(MaxNLocator(count).tick_values(low, high))
    return np.unique(ticks[(ticks >= low) & (ticks <= high)])


def _round_values(low: float, high: float) -> np.ndarray:
    """Zero, then powers of ten, then their fives and twos, of both signs and over six decades, the roundest first."""
    top = np.floor(np.log10(max(abs(low), abs(high))))
    decades = 10.0 ** np.arange(top, top - 6.0, -1.0)
    sizes = np.concatenate([decades, 5.0 * decades, 2.0 * decades])
    values = np.concatenate([[0.0], np.stack([sizes, -sizes], axis=-1).ravel()])
    return values[(values >= low) & (values <= high)]


def _spread(values: np.ndarray, norm: Normalize, apart: float) -> np.ndarray:
    """Those of the values, the first first, that stand ``apart`` from all others along the colour bar."""
    places = np.asarray(norm(values), dtype=float)
    kept: list[int] = []
    for i, place in enumerate(places):
        if all(abs(place - places[k]) >= apart for k in kept):
            kept.append(i)
    return values[kept]


def unit_of_image_from(dataset: Any) -> str:
    """The unit of an image for a colour bar."""
    unit = display_unit_from(BRIGHTNESS, dataset)
    return UNIT_IMAGE if unit == BRIGHTNESS else unit.replace("$", "")
