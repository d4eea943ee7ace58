"""What stands on every panel: scale bar, outline of the mask, colour bar."""

from __future__ import annotations

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.image import AxesImage
from matplotlib.ticker import FuncFormatter

from autoarray.plot import style

Extent = tuple[float, float, float, float]


def outline_segments(mask: np.ndarray, extent: Extent) -> np.ndarray:
    """Pixel edges between masked and unmasked pixels: ``(k, 2, 2)`` segments of (x, y) points [arcsec]."""
    x_min, x_max, y_min, y_max = extent
    ny, nx = mask.shape
    x, y = np.linspace(x_min, x_max, nx + 1), np.linspace(y_max, y_min, ny + 1)
    row, column = np.nonzero(mask[:, 1:] != mask[:, :-1])
    upright = np.stack([np.stack([x[column + 1], y[row]], -1), np.stack([x[column + 1], y[row + 1]], -1)], 1)
    row, column = np.nonzero(mask[1:] != mask[:-1])
    level = np.stack([np.stack([x[column], y[row + 1]], -1), np.stack([x[column + 1], y[row + 1]], -1)], 1)
    return np.concatenate([upright, level])


def add_scale_bar(axes: Axes, extent: Extent, on_dark: bool = True) -> None:
    """A bar of 1 arcsec (the power of ten that fits in half the panel where 1 does not) in the lower left corner."""
    ink, halo = ("white", "black") if on_dark else ("0.1", "white")
    width, height = extent[1] - extent[0], extent[3] - extent[2]
    length = 10.0 ** min(0.0, np.floor(np.log10(0.5 * width)))
    x, y = extent[0] + 0.06 * width, extent[2] + 0.06 * height
    (bar,) = axes.plot([x, x + length], [y, y], color=ink, linewidth=1.8, solid_capstyle="butt")
    bar.set_path_effects([patheffects.withStroke(linewidth=3.2, foreground=halo)])
    axes.text(
        x + 0.5 * length,
        y + 0.02 * height,
        f'{length:g}"',
        color=ink,
        ha="center",
        va="bottom",
        fontsize=style.FONT["tick"],
        path_effects=[patheffects.withStroke(linewidth=1.7, foreground=halo)],
    )


def add_colour_bar(axes: Axes, image: AxesImage, norm: Normalize, values: np.ndarray, unit: str = "") -> None:
    """A colour bar as tall as the panel, with the unit above; pointed where ``values`` lie beyond the limits."""
    low, high = float(norm.vmin or 0.0), float(norm.vmax or 1.0)
    tiny = 1e-9 * (high - low)
    beyond = (bool(values.size and values.min() < low - tiny), bool(values.size and values.max() > high + tiny))
    extend = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}[beyond]
    place = axes.inset_axes((1.03, 0.0, 0.045, 1.0))
    bar = axes.figure.colorbar(image, cax=place, extend=extend, extendfrac=0.03)
    ticks = style.ticks_from(norm)
    bar.set_ticks(list(ticks))
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, position: label_from(value)))
    bar.ax.minorticks_off()
    bar.ax.tick_params(labelsize=style.FONT["tick"], length=2)
    bar.ax.set_title(unit, fontsize=style.FONT["tick"], pad=5)


def label_from(value: float) -> str:
    """A short number with the typographic minus."""
    return f"{value:.3g}".replace("e+0", "e").replace("e-0", "e-").replace("-", "\N{MINUS SIGN}")
