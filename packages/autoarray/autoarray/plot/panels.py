"""One panel: an array on the sky with its title, unit, colour bar, scale bar, lines and points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator

from autoarray import exc
from autoarray.dataset.wcs import WCS
from autoarray.plot import sky as sky_axes
from autoarray.plot import style
from autoarray.plot.marks import Extent, add_colour_bar, add_scale_bar, outline_segments

if TYPE_CHECKING:
    from autoarray.structures.arrays.uniform_2d import Array2D

LABELS = ("x (arcsec)", "y (arcsec)")


@dataclass(frozen=True, eq=False)
class Line:
    """A curve over a panel."""

    points: np.ndarray
    """``(m, 2)`` positions in (y, x) order [arcsec]."""
    colour: str = style.TANGENTIAL
    label: str | None = None


@dataclass(frozen=True, eq=False)
class Points:
    """Markers over a panel."""

    points: np.ndarray
    """``(m, 2)`` positions in (y, x) order [arcsec]."""
    colour: str = style.POSITION
    label: str | None = None
    marker: str = "o"
    size: float = 5.5
    """Of a marker, in points."""


@dataclass(frozen=True, eq=False)
class Panel:
    """An image on the sky; ``kind`` is a key of ``style.KINDS``."""

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
    points: Sequence[Points] = field(default_factory=tuple)
    stretch: str | None = None
    """One of ``style.STRETCHES``, that of the kind where not given."""
    wcs: Any = None
    """Has ``sky_from``; a compass is drawn where it is known."""
    sky: bool | str = False
    """Axes in right ascension and declination (True), as offsets from the centre ("offset"), or in arcsec."""

    def __post_init__(self) -> None:
        if np.ndim(self.values) != 2 or np.size(self.values) == 0:
            raise exc.PlotException(
                f"Panel got values of shape {np.shape(self.values)}, wanted an image (ny, nx): "
                "panel_from(dataset.data), or Panel(values, extent)."
            )
        style.stretch_from(self.kind, self.stretch)
        sky_axes.checked_mode(self.sky)
        if self.limits is not None and not (len(self.limits) == 2 and self.limits[0] < self.limits[1]):
            raise exc.PlotException(f"limits={self.limits!r}, wanted two rising numbers: limits=(0.0, 1.0).")

    def shown(self) -> np.ma.MaskedArray:
        """The image with masked and non-finite pixels left out."""
        bad = ~np.isfinite(self.values)
        return np.ma.array(self.values, mask=bad if self.mask is None else bad | self.mask)

    def colour_limits(self) -> tuple[float, float]:
        """The limits given, else those the values ask for."""
        return self.limits or style.limits_from(self.shown().compressed(), self.kind, self.stretch)

    def is_dark_at(self, row: int, column: int) -> bool:
        """Whether white marks are seen at a pixel: not on masked pixels, nor where colours are light about zero."""
        return not style.kind_from(self.kind).symmetric and not np.ma.getmaskarray(self.shown())[row, column]

    def draw_on(self, axes: Axes) -> tuple[str, str]:
        """Draw on ``axes``; returns the labels that they may be given."""
        draw(axes, self)
        if self.sky and self.wcs is not None:
            return sky_axes.label_sky(axes, self.wcs, self.extent, self.sky)
        return LABELS


def panel_from(array: Array2D, title: str = "", zoom: bool = True, **options: Any) -> Panel:
    """Panel of an ``Array2D``; ``zoom`` cuts to the unmasked pixels and a margin of 5 per cent."""
    if not hasattr(array, "native") or not hasattr(array, "mask") or np.ndim(array.native.array) != 2:
        raise exc.PlotException(
            f"panel_from got a {type(array).__name__} of shape {np.shape(array)}, wanted an image with pixel scales: "
            "Array2D.no_mask(values, pixel_scales=0.05)."
        )
    mask = np.asarray(array.mask.array, dtype=bool)
    values = np.asarray(array.native.array, dtype=float)
    if "wcs" not in options and getattr(array, "header", None) is not None:
        options["wcs"] = WCS.from_header(array.header, array.mask.geometry)
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


def draw(axes: Axes, panel: Panel) -> AxesImage:
    """Draw ``panel`` on ``axes``, +y up and +x to the right."""
    norm = style.norm_from(panel.colour_limits(), panel.kind, panel.stretch)
    image = axes.imshow(
        panel.shown(),
        extent=panel.extent,
        origin="upper",
        cmap=style.colour_map_from(panel.kind),
        norm=norm,
        interpolation="nearest",
    )
    if panel.mask is not None and panel.mask.any():
        axes.add_collection(
            LineCollection(list(outline_segments(panel.mask, panel.extent)), colors=style.OUTLINE, linewidths=0.7)
        )
    for line in panel.lines:
        axes.plot(
            line.points[:, 1],
            line.points[:, 0],
            color=line.colour,
            linewidth=1.1,
            label=line.label,
            path_effects=[patheffects.withStroke(linewidth=2.0, foreground="0.15", alpha=0.6)],
        )
    for points in panel.points:
        _mark(axes, points)
    axes.set_xlim(panel.extent[:2])
    axes.set_ylim(panel.extent[2:])
    axes.set_title(panel.title, fontsize=style.FONT["title"])
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.tick_params(labelsize=style.FONT["tick"])
    if any(line.label for line in panel.lines) or any(points.label for points in panel.points):
        axes.legend(
            loc="upper right", fontsize=style.FONT["tick"], framealpha=0.75, facecolor="0.3", labelcolor="white"
        )
    add_scale_bar(axes, panel.extent, on_dark=panel.is_dark_at(-1, 0))
    if panel.wcs is not None:
        sky_axes.add_compass(axes, panel.wcs, panel.extent, on_dark=panel.is_dark_at(-1, -1))
    add_colour_bar(axes, image, norm, panel.shown().compressed(), panel.unit)
    return image


def _mark(axes: Axes, points: Points) -> None:
    """Markers with a dark edge, which are seen on bright and on dark pixels."""
    places = np.asarray(points.points, dtype=float).reshape(-1, 2)
    axes.plot(
        places[:, 1],
        places[:, 0],
        linestyle="none",
        marker=points.marker,
        markersize=points.size,
        markerfacecolor=points.colour,
        markeredgecolor="black",
        markeredgewidth=0.8,
        label=points.label,
    )
