"""One panel: an array on the sky with its title, unit, colour bar, scale bar and lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.image import AxesImage
from matplotlib.ticker import FuncFormatter, MaxNLocator

from autoarray.plot import style

if TYPE_CHECKING:
    from autoarray.structures.arrays.uniform_2d import Array2D

Extent = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Line:
    """A curve over a panel."""

    points: np.ndarray
    """``(m, 2)`` positions in (y, x) order [arcsec]."""
    colour: str = style.TANGENTIAL
    label: str | None = None


@dataclass(frozen=True, eq=False)
class Panel:
    """What one set of axes shows; ``kind`` is a key of ``style.KINDS``."""

    values: np.ndarray
    """Native image ``(ny, nx)``, row 0 at the top."""
    extent: Extent
    """Outer pixel edges ``(x_min, x_max, y_min, y_max)`` [arcsec]."""
    title: str = ""
    unit: str = ""
    kind: str = "image"
    mask: np.ndarray | None = None
    """``(ny, nx)``, True where a pixel is left out; drawn grey, with its outline."""
    limits: tuple[float, float] | None = None
    lines: Sequence[Line] = field(default_factory=tuple)

    def shown(self) -> np.ma.MaskedArray:
        """The image with masked and non-finite pixels left out."""
        bad = ~np.isfinite(self.values)
        return np.ma.array(self.values, mask=bad if self.mask is None else bad | self.mask)

    def colour_limits(self) -> tuple[float, float]:
        """The limits given, else those the values ask for."""
        return self.limits or style.limits_from(self.shown().compressed(), self.kind)


def panel_from(array: Array2D, title: str = "", zoom: bool = True, **options: Any) -> Panel:
    """Panel of an ``Array2D``; ``zoom`` cuts to the unmasked pixels and a margin of 5 per cent."""
    mask = np.asarray(array.mask.array, dtype=bool)
    values = np.asarray(array.native.array, dtype=float)
    panel = Panel(values, array.mask.geometry.extent, title=title, mask=mask, **options)
    return zoomed(panel) if zoom else panel


def zoomed(panel: Panel, margin: float = 0.05) -> Panel:
    """The panel cut to its unmasked pixels and ``margin`` of their width (at least one pixel) on each side."""
    if panel.mask is None or not panel.mask.any() or panel.mask.all():
        return panel
    x_min, x_max, y_min, y_max = panel.extent
    (ny, nx), (rows, columns) = panel.mask.shape, np.nonzero(~panel.mask)
    dy, dx = (y_max - y_min) / ny, (x_max - x_min) / nx
    pad = 1 + int(margin * max(np.ptp(rows), np.ptp(columns)))
    top, bottom = max(rows.min() - pad, 0), min(rows.max() + pad + 1, ny)
    left, right = max(columns.min() - pad, 0), min(columns.max() + pad + 1, nx)
    cut = (slice(top, bottom), slice(left, right))
    extent = (x_min + left * dx, x_min + right * dx, y_max - bottom * dy, y_max - top * dy)
    return replace(panel, values=panel.values[cut], mask=panel.mask[cut], extent=extent)


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


def draw(axes: Axes, panel: Panel) -> AxesImage:
    """Draw ``panel`` on ``axes``, +y up and +x to the right."""
    image = axes.imshow(
        panel.shown(),
        extent=panel.extent,
        origin="upper",
        cmap=style.colour_map_from(panel.kind),
        norm=style.norm_from(panel.colour_limits(), panel.kind),
        interpolation="nearest",
    )
    if panel.mask is not None and panel.mask.any():
        axes.add_collection(
            LineCollection(list(outline_segments(panel.mask, panel.extent)), colors=style.OUTLINE, linewidths=0.7)
        )
    for line in panel.lines:
        axes.plot(line.points[:, 1], line.points[:, 0], color=line.colour, linewidth=1.0, label=line.label)
    axes.set_xlim(panel.extent[:2])
    axes.set_ylim(panel.extent[2:])
    axes.set_title(panel.title, fontsize=style.FONT["title"])
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.tick_params(labelsize=style.FONT["tick"])
    if any(line.label for line in panel.lines):
        axes.legend(
            loc="upper right", fontsize=style.FONT["tick"], framealpha=0.55, facecolor="0.4", labelcolor="white"
        )
    add_scale_bar(axes, panel.extent)
    add_colour_bar(axes, image, panel)
    return image


def add_scale_bar(axes: Axes, extent: Extent) -> None:
    """A bar of 1 arcsec (the power of ten that fits in half the panel where 1 does not) in the lower left corner."""
    width, height = extent[1] - extent[0], extent[3] - extent[2]
    length = 10.0 ** min(0.0, np.floor(np.log10(0.5 * width)))
    x, y = extent[0] + 0.06 * width, extent[2] + 0.06 * height
    halo = [patheffects.withStroke(linewidth=2.6, foreground="black")]
    (bar,) = axes.plot([x, x + length], [y, y], color="white", linewidth=1.6, solid_capstyle="butt")
    bar.set_path_effects([patheffects.withStroke(linewidth=3.2, foreground="black")])
    axes.text(
        x + 0.5 * length,
        y + 0.02 * height,
        f'{length:g}"',
        color="white",
        ha="center",
        va="bottom",
        fontsize=style.FONT["tick"],
        path_effects=halo,
    )


def add_colour_bar(axes: Axes, image: AxesImage, panel: Panel) -> None:
    """A colour bar as tall as the panel, with the unit above; pointed where values lie beyond the limits."""
    low, high = panel.colour_limits()
    values = panel.shown().compressed()
    beyond = (bool(values.size and values.min() < low - 1e-12), bool(values.size and values.max() > high + 1e-12))
    extend = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}[beyond]
    place = axes.inset_axes((1.03, 0.0, 0.045, 1.0))
    bar = axes.figure.colorbar(image, cax=place, extend=extend, extendfrac=0.03)
    bar.set_ticks(list(style.ticks_from(style.norm_from((low, high), panel.kind))))
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, position: f"{value:.3g}"))
    bar.ax.minorticks_off()
    bar.ax.tick_params(labelsize=style.FONT["tick"], length=2)
    bar.ax.set_title(panel.unit, fontsize=style.FONT["tick"], pad=5)
