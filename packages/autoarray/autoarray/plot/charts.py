"""Panels that are no images: curves with bands, and points on the sky."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogFormatterSciNotation, MaxNLocator, NullFormatter

from autoarray import exc
from autoarray.plot import style

SCALES = ("linear", "log")


@dataclass(frozen=True, eq=False)
class Curve:
    """A line of a chart with the bands of its errors."""

    x: np.ndarray
    y: np.ndarray
    label: str | None = None
    colour: str | None = None
    bands: Sequence[tuple[np.ndarray, np.ndarray]] = field(default_factory=tuple)
    """Lower and upper edges, the widest band first."""
    band_labels: Sequence[str] = field(default_factory=tuple)
    style: str = "-"


@dataclass(frozen=True, eq=False)
class Marker:
    """A vertical line of a chart at a place that has a name."""

    x: float
    label: str
    style: str = "--"


@dataclass(frozen=True, eq=False)
class Chart:
    """Curves over one coordinate, each axis linear or logarithmic."""

    curves: Sequence[Curve]
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    x_scale: str = "linear"
    y_scale: str = "linear"
    markers: Sequence[Marker] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        for name in (self.x_scale, self.y_scale):
            if name not in SCALES:
                raise exc.PlotException(f'scale {name!r} of an axis, wanted "linear" or "log": Chart(x_scale="log").')
        for curve in self.curves:
            if np.ndim(curve.x) != 1 or np.shape(curve.x) != np.shape(curve.y):
                raise exc.PlotException(
                    f"a curve with x of shape {np.shape(curve.x)} and y of shape {np.shape(curve.y)}, wanted two rows "
                    "of equal length: plot_yx(y, x)."
                )

    def draw_on(self, axes: Axes) -> tuple[str, str]:
        """Draw on ``axes``; returns the labels of them."""
        for index, curve in enumerate(self.curves):
            colour = curve.colour or style.SERIES[index % len(style.SERIES)]
            for number, (low, high) in enumerate(curve.bands):
                shade = 0.18 + 0.20 * number
                name = curve.band_labels[number] if number < len(curve.band_labels) else None
                axes.fill_between(curve.x, low, high, color=colour, alpha=shade, linewidth=0.0, label=name)
            axes.plot(curve.x, curve.y, curve.style, color=colour, linewidth=1.4, label=curve.label)
        for marker in self.markers:
            axes.axvline(marker.x, color="0.25", linestyle=marker.style, linewidth=1.0, label=marker.label)
        axes.set_xscale(self.x_scale)
        axes.set_yscale(self.y_scale)
        for axis, scale in ((axes.xaxis, self.x_scale), (axes.yaxis, self.y_scale)):
            if scale == "linear":
                axis.set_major_locator(MaxNLocator(5))
            else:
                axis.set_minor_formatter(NullFormatter())
                axis.set_major_formatter(LogFormatterSciNotation())
        self._set_limits(axes)
        axes.set_title(self.title, fontsize=style.FONT["title"])
        axes.tick_params(labelsize=style.FONT["tick"])
        axes.grid(True, color="0.9", linewidth=0.6)
        axes.set_axisbelow(True)
        if any(c.label or c.band_labels for c in self.curves) or any(marker.label for marker in self.markers):
            axes.legend(fontsize=style.FONT["tick"], framealpha=0.8)
        return self.x_label, self.y_label

    def _set_limits(self, axes: Axes) -> None:
        """From end to end of the curves in x; at most six decades of y."""
        ends = [end for curve in self.curves for end in (np.min(curve.x), np.max(curve.x))]
        if ends and min(ends) < max(ends):
            axes.set_xlim(min(ends), max(ends))
        values = [np.ravel(part) for c in self.curves for part in (c.y, *(edge for band in c.bands for edge in band))]
        values = [v[np.isfinite(v) & (v > 0.0)] for v in values]
        if self.y_scale == "log" and any(v.size for v in values):
            low, high = (f(np.concatenate(values)) for f in (np.min, np.max))
            axes.set_ylim(max(low, 1e-6 * high) / 1.3, 1.3 * high)


@dataclass(frozen=True, eq=False)
class Scatter:
    """Points on the sky without an image, coloured by their order or by values."""

    positions: np.ndarray
    """``(n, 2)`` in (y, x) order [arcsec]."""
    title: str = ""
    unit: str = ""
    values: np.ndarray | None = None
    lines: Sequence = field(default_factory=tuple)

    def draw_on(self, axes: Axes) -> tuple[str, str]:
        """Draw on ``axes``; returns the labels of them."""
        y, x = np.asarray(self.positions, dtype=float).reshape(-1, 2).T
        size = float(np.clip(4000.0 / max(len(y), 1), 0.6, 24.0))
        colours = {"color": style.SERIES[0]} if self.values is None else {"c": self.values, "cmap": "viridis"}
        drawn = axes.scatter(x, y, s=size, linewidths=0.0, **colours)
        for line in self.lines:
            axes.plot(line.points[:, 1], line.points[:, 0], color=line.colour, linewidth=1.0, label=line.label)
        axes.set_aspect("equal")
        axes.set_title(self.title, fontsize=style.FONT["title"])
        axes.tick_params(labelsize=style.FONT["tick"])
        if self.values is not None:
            bar = axes.figure.colorbar(drawn, cax=axes.inset_axes((1.03, 0.0, 0.045, 1.0)))
            bar.ax.tick_params(labelsize=style.FONT["tick"], length=2)
            bar.ax.set_title(self.unit, fontsize=style.FONT["tick"], pad=5)
        return "x (arcsec)", "y (arcsec)"
