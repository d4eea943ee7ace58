"""Figures of one thing: an image, a grid, a curve."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray.plot.charts import Chart, Curve, Marker, Scatter
from autoarray.plot.imaging import points_from
from autoarray.plot.output import Output
from autoarray.plot.panels import Line, panel_from
from autoarray.plot.subplot import figure_to

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from autoarray.structures.arrays.uniform_2d import Array2D


def plot_array(
    array: Array2D,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    unit: str = "",
    kind: str = "image",
    stretch: str | None = None,
    limits: tuple[float, float] | None = None,
    lines: Sequence[Line] = (),
    positions: Any = None,
    sky: bool | str = False,
    zoom: bool = True,
) -> Figure:
    """One image with its colour bar.

    Parameters
    ----------
    kind
        ``"image"``, ``"linear"``, ``"residual"`` (in units of the noise), ``"signed"`` or ``"chi_squared"``.
    stretch
        ``"asinh"``, ``"log"`` or ``"linear"``; that of the kind where not given.
    limits
        The values at the ends of the colours.
    positions
        (y, x) pairs [arcsec] to mark.
    sky
        True for axes in right ascension and declination, ``"offset"`` for offsets from the image's centre.
    zoom
        Cut to the unmasked pixels.
    """
    panel = panel_from(
        array,
        title,
        zoom=zoom,
        unit=unit,
        kind=kind,
        stretch=stretch,
        limits=limits,
        lines=tuple(lines),
        points=points_from(positions),
    )
    return figure_to([panel], "plot_array", path, output=output, sky=sky)


def plot_grid(
    grid: Any,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    values: Any = None,
    unit: str = "",
    lines: Sequence[Line] = (),
) -> Figure:
    """The points of a grid, ``Grid2D``, ``Grid2DIrregular`` or (y, x) pairs, coloured by ``values`` where given."""
    places = np.asarray(getattr(getattr(grid, "slim", grid), "array", grid))
    if places.ndim != 2 or places.shape[1] != 2:
        raise exc.PlotException(
            f"plot_grid got a {type(grid).__name__} of shape {places.shape}, wanted (y, x) pairs [arcsec]: "
            "plot_grid(dataset.grids.lp)."
        )
    colours = None if values is None else np.asarray(getattr(values, "array", values), dtype=float).ravel()
    if colours is not None and len(colours) != len(places):
        raise exc.PlotException(
            f"plot_grid got {len(colours)} values for {len(places)} points, wanted one for each: plot_grid(grid, "
            "values=array)."
        )
    panel = Scatter(places, title=title, values=colours, unit=unit, lines=tuple(lines))
    return figure_to([panel], "plot_grid", path, output=output)


def plot_yx(
    y: Any,
    x: Any,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    x_label: str = "",
    y_label: str = "",
    x_scale: str = "linear",
    y_scale: str = "linear",
    band: tuple[Any, Any] | None = None,
    markers: Sequence[tuple[float, str]] = (),
) -> Figure:
    """A curve, with a ``band`` (lower and upper edge) and named places on the x axis where given."""
    x, y = (np.asarray(getattr(v, "array", v), dtype=float) for v in (x, y))
    bands = () if band is None else (tuple(np.asarray(edge, dtype=float) for edge in band),)
    chart = Chart(
        [Curve(x, y, bands=bands)],  # type: ignore[arg-type]
        title=title,
        x_label=x_label,
        y_label=y_label,
        x_scale=x_scale,
        y_scale=y_scale,
        markers=[Marker(place, name) for place, name in markers],
    )
    return figure_to([chart], "plot_yx", path, output=output)
