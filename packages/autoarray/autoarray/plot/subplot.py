"""The one layout of every figure: panels in rows, without pyplot, so nothing global is touched."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from autoarray import exc
from autoarray.plot import style
from autoarray.plot.output import Output, deliver
from autoarray.plot.panels import LABELS, Panel


class Drawable(Protocol):
    """Anything that is a panel: an image, a chart, points."""

    def draw_on(self, axes: Axes) -> tuple[str, str]:
        """Draw on ``axes``; returns the labels of x and y."""


class Picture(Figure):
    """A figure that a notebook displays without pyplot."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=80, facecolor="white")
        return buffer.getvalue()


def figure_from(panels: Sequence[Drawable], columns: int = 4, title: str = "") -> Figure:
    """A figure of ``panels``, filled row by row."""
    if not isinstance(panels, Sequence) or not all(hasattr(panel, "draw_on") for panel in panels):
        raise exc.PlotException(
            f"figure_from got {type(panels).__name__}, wanted a list of panels: figure_from([panel_from(array)])."
        )
    if not panels:
        raise exc.PlotException("figure_from got an empty list of panels and wants at least one: figure_from([panel]).")
    if isinstance(columns, bool) or not isinstance(columns, int) or columns < 1:
        raise exc.PlotException(
            f"columns={columns!r}, wanted a whole number above zero: figure_from(panels, columns=4)."
        )
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    figure = Picture(figsize=(4.1 * columns, 3.6 * rows + (0.4 if title else 0.0)), layout="constrained")
    FigureCanvasAgg(figure)
    for index, panel in enumerate(panels):
        axes = figure.add_subplot(rows, columns, index + 1)
        x_label, y_label = panel.draw_on(axes)
        is_plain = (x_label, y_label) == LABELS  # said once a row and once a column
        if index % columns == 0 or not is_plain:
            axes.set_ylabel(y_label, fontsize=style.FONT["label"])
        if index + columns >= len(panels) or not is_plain:
            axes.set_xlabel(x_label, fontsize=style.FONT["label"])
    if title:
        figure.suptitle(title, fontsize=style.FONT["title"] + 1.5)
    return figure


def figure_to(
    panels: Sequence[Drawable],
    name: str,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
    sky: bool | str = False,
    columns: int = 4,
) -> Figure:
    """The figure of ``panels``, written where ``path`` and ``output`` say, with one stretch and one kind of axes."""
    figure = figure_from(with_axes(with_stretch(panels, stretch), sky), columns=columns, title=title)
    deliver(figure, name, path, output)
    return figure


def with_stretch(panels: Sequence[Drawable], stretch: str | None) -> list[Drawable]:
    """The panels with another stretch of those that are images of light; limits at or below zero are found anew."""
    if stretch is None:
        return list(panels)
    style.stretch_from("image", stretch)
    return [_stretched(p, stretch) if isinstance(p, Panel) and p.kind == "image" else p for p in panels]


def _stretched(panel: Panel, stretch: str) -> Panel:
    limits = panel.limits
    if stretch == "log" and limits is not None and limits[0] <= 0.0:
        high = limits[1]
        low = style.limits_from(panel.shown().compressed(), panel.kind, stretch)[0]
        limits = (low, high) if 0.0 < low < high else (high * 1e-3, high) if high > 0.0 else None
    return replace(panel, stretch=stretch, limits=limits)


def with_axes(panels: Sequence[Drawable], sky: bool | str) -> list[Drawable]:
    """The panels with axes on the sky, those of which it is known where on the sky they are."""
    if not sky:
        return list(panels)
    if not any(isinstance(panel, Panel) and panel.wcs is not None for panel in panels):
        raise exc.PlotException(
            f"sky={sky!r}, but no panel knows where on the sky it is; wanted data read with their header: "
            "Imaging.from_fits(...), or Panel(..., wcs=wcs)."
        )
    return [replace(p, sky=sky) if isinstance(p, Panel) and p.wcs is not None else p for p in panels]
