"""The figure of a posterior: every parameter, and every pair of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, NullLocator, ScalarFormatter

from autoarray import exc
from autoarray.dataset.display_unit import display_unit_from
from autoarray.plot import Output, style
from autoarray.plot.output import deliver
from autogalaxy import Result, Samples
from autolens.lens.parameter_names import short_name_of
from autolens.plot.marginals import Marginals, levels_from, marginals_from

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 30
"""Parameters that are drawn where none are chosen."""
FEW = 12
"""Parameters up to which their numbers are written above the panels."""
PARTS = (0.68, 0.95)
FILLS = ("#c6dbef", "#6baed6")
LINE = "#08519c"
MAXIMUM = "#d62728"
TRUTH = "0.1"
_SIDES = (0.9, 1.8)
"""Least and largest side of a panel in inches."""
_MARGINS = (1.1, 0.3, 1.1, 0.75)
"""Left, right, bottom, top in inches."""
_LABELS_AWAY = 0.52
"""Inches between a panel and the name beside it."""


def corner(
    result: Result,
    path: str | Path | None = None,
    parameters: Sequence[str] | None = None,
    truths: Mapping[str, float] | Sequence[float | None] | None = None,
    title: str | None = None,
    output: Output | None = None,
) -> Figure:
    """The posterior with contours that hold 68 and 95 per cent, and the most likely parameters.

    Of a result that has a covariance around the maximum alone, the Gaussian is drawn.

    Parameters
    ----------
    parameters
        Which, by path or as much of its end as tells them apart: ``"einstein_radius"``. The first 30 where not given.
    truths
        Values to mark, by the same names, or one for each parameter that is drawn.
    """
    samples = result.samples
    columns = _columns_from(samples, parameters)
    maximum = samples.max_log_likelihood_vector[columns]
    known = _truths_from(samples, columns, truths)
    marginals = marginals_from(samples, columns)
    limits = [_limits_from(marginals, samples, i, c, (maximum[i], known[i])) for i, c in enumerate(columns)]
    figure, panels = _grid_from(len(columns))
    for (i, j), axes in panels.items():
        if i == j:
            _draw_one(axes, marginals.curve(i, *limits[i]), limits[i], maximum[i], known[i])
        else:
            pair = (j, i)
            _draw_two(axes, marginals, pair, [limits[k] for k in pair], maximum[[j, i]], [known[k] for k in pair])
    analysis = getattr(result, "analysis", None)
    _label(panels, samples, columns, getattr(analysis, "dataset", None))
    _explain(figure, samples, len(columns), title, bool(np.any(np.isfinite(known))))
    deliver(figure, "corner", path, output)
    return figure


# ------------------------------------------------------------------ what is drawn


def _columns_from(samples: Samples, parameters: Sequence[str] | None) -> list[int]:
    if parameters is None:
        return list(range(min(len(samples.names), MOST)))
    if isinstance(parameters, str) or len(parameters) == 0:
        raise exc.PlotException(f'corner got parameters={parameters!r}, wanted a list of names: ["einstein_radius"].')
    return [_column_of(samples, name) for name in parameters]


def _column_of(samples: Samples, name: str) -> int:
    """The parameter of this path, short name, or end of a path."""
    for names in (samples.names, [short_name_of(path) for path in samples.names]):
        if name in names:
            return names.index(name)
    found = [i for i, path in enumerate(samples.names) if f".{path}".endswith(f".{name}")]
    if len(found) == 1:
        return found[0]
    ends = ", ".join(short_name_of(samples.names[i]) for i in (found or range(len(samples.names))))
    fault = "fits several parameters" if found else "is no parameter"
    raise exc.PlotException(f"corner got the name {name!r}, which {fault}; wanted one of {ends}.")


def _truths_from(
    samples: Samples, columns: list[int], truths: Mapping[str, float] | Sequence[float | None] | None
) -> np.ndarray:
    """The truth of each parameter that is drawn, ``nan`` where it is not known."""
    if isinstance(truths, Mapping):
        values = {_column_of(samples, name): float(value) for name, value in truths.items()}
        return np.array([values.get(column, np.nan) for column in columns])
    if truths is None:
        return np.full(len(columns), np.nan)
    if len(truths) != len(columns):
        raise exc.PlotException(
            f"corner got {len(truths)} truths for {len(columns)} parameters: give one for each, or names with values, "
            'truths={"einstein_radius": 1.4}.'
        )
    return np.array([np.nan if value is None else float(value) for value in truths])


def _limits_from(
    marginals: Marginals, samples: Samples, i: int, column: int, marked: tuple[float, float]
) -> tuple[float, float]:
    """Where parameter ``i`` is drawn: inside its prior, and so that what is marked is seen."""
    (low, high), prior = marginals.span(i), samples.model.priors[column]
    low, high = max(low, prior.lower_limit), min(high, prior.upper_limit)
    for value in marked:
        pad = 0.05 * (high - low)
        if np.isfinite(value):
            low, high = (value - pad, high) if value < low else (low, value + pad) if value > high else (low, high)
    return low, high


# ------------------------------------------------------------------ drawing


def _side_of(number: int) -> float:
    """Side of each of ``number`` panels in a row [inch]."""
    return float(np.clip(22.0 / number, *_SIDES))


def _grid_from(number: int) -> tuple[Figure, dict[tuple[int, int], Axes]]:
    """An empty figure and its panels by row and column, on and below the diagonal."""
    left, right, bottom, top = _MARGINS
    right += 1.8 if number < 3 else 0.0  # the legend has no empty panels to stand in
    width, height = number * _side_of(number) + left + right, number * _side_of(number) + bottom + top
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    spec = figure.add_gridspec(
        number,
        number,
        left=left / width,
        right=1.0 - right / width,
        bottom=bottom / height,
        top=1.0 - top / height,
        wspace=0.06,
        hspace=0.06,
    )
    return figure, {(i, j): figure.add_subplot(spec[i, j]) for i in range(number) for j in range(i + 1)}


def _draw_one(
    axes: Axes, curve: tuple[np.ndarray, np.ndarray], limits: tuple[float, float], maximum: float, truth: float
) -> None:
    values, density = curve
    axes.fill_between(values, density, color=FILLS[0], linewidth=0.0)
    axes.plot(values, density, color=LINE, linewidth=1.0)
    axes.axvline(maximum, color=MAXIMUM, linewidth=0.9, linestyle="--")
    if np.isfinite(truth):
        axes.axvline(truth, color=TRUTH, linewidth=0.9)
    axes.set_xlim(*limits)
    axes.set_ylim(0.0, 1.1 * float(np.max(density)) or 1.0)


def _draw_two(
    axes: Axes,
    marginals: Marginals,
    pair: tuple[int, int],
    limits: Sequence[tuple[float, float]],
    maximum: np.ndarray,
    truths: Sequence[float],
) -> None:
    x, y, density = marginals.surface(*pair)
    levels = levels_from(density, PARTS)
    if levels[0] < levels[1] < np.max(density):
        filled = axes.contourf(x, y, density, levels=[*levels, np.max(density)], colors=FILLS)
        filled.set(edgecolor=LINE, linewidth=0.6)
    for line, value in zip((axes.axvline, axes.axhline), truths, strict=True):
        if np.isfinite(value):
            line(value, color=TRUTH, linewidth=0.7)
    axes.plot(*maximum, marker="+", color=MAXIMUM, markersize=7.0, markeredgewidth=1.2, linestyle="")
    axes.set_xlim(*limits[0])
    axes.set_ylim(*limits[1])


def _label(panels: dict[tuple[int, int], Axes], samples: Samples, columns: list[int], dataset: Any) -> None:
    """Names, units and ticks at the left and at the bottom, and numbers above where there is room."""
    number, last = len(columns), len(columns) - 1
    size = style.FONT["label"] if number <= FEW else float(np.clip(150.0 / number, 5.5, style.FONT["label"]))
    away = -_LABELS_AWAY / _side_of(number)
    median, errors = samples.median_pdf_vector, samples.errors_at_sigma(1.0)
    between = " " if number <= FEW else "\n"
    names = [label_from(samples.names[c], display_unit_from(samples.model.units[c], dataset), between) for c in columns]
    for (i, j), axes in panels.items():
        axes.tick_params(labelsize=size - 1.0, length=2.5)
        axes.tick_params(axis="x", labelrotation=45.0)
        for axis, is_outer in ((axes.xaxis, i == last), (axes.yaxis, i > j == 0)):
            if is_outer:
                axis.set_major_locator(MaxNLocator(3 if number <= FEW else 2, prune="both"))
                axis.set_major_formatter(ScalarFormatter(useOffset=False))
            else:
                axis.set_major_locator(NullLocator())
        if i == last:
            axes.set_xlabel(names[j], fontsize=size)
            axes.xaxis.set_label_coords(0.5, away)
        if j == 0 and i > 0:
            axes.set_ylabel(names[i], fontsize=size)
            axes.yaxis.set_label_coords(away, 0.5)
        if i == j and number <= FEW:
            axes.set_title(number_from(float(median[columns[i]]), *errors[columns[i]]), fontsize=size)


def label_from(path: str, unit: str, between: str = " ") -> str:
    """A parameter's short name with its unit, in lines that fit beside a panel."""
    owner, _, name = short_name_of(path).rpartition(".")
    unit = style.UNIT_IMAGE if unit == "e- s^-1" else unit
    return "\n".join(part for part in (owner, f"{name}{between}({unit})" if unit else name) if part)


def number_from(value: float, down: float, up: float) -> str:
    """A median with its errors, to two digits of the smaller one."""
    smaller = min(error for error in (down, up) if error > 0.0) if max(down, up) > 0.0 else 0.0
    digits = int(np.clip(1 - np.floor(np.log10(smaller)), 0, 8)) if smaller > 0.0 else 4
    return f"${value:.{digits}f}^{{+{up:.{digits}f}}}_{{-{down:.{digits}f}}}$"


def _explain(figure: Figure, samples: Samples, drawn: int, title: str | None, has_truths: bool) -> None:
    handles: list[Line2D | Patch] = [
        Patch(facecolor=fill, edgecolor=LINE, label=f"{100 * part:.0f} per cent")
        for fill, part in zip(FILLS[::-1], PARTS, strict=True)
    ]
    handles.append(Line2D([], [], color=MAXIMUM, marker="+", linestyle="--", label="most likely"))
    if has_truths:
        handles.append(Line2D([], [], color=TRUTH, label="truth"))
    says = ["Gaussian around the maximum"] if samples.covariance is not None else []
    if drawn < len(samples.names):
        says.append(f"{drawn} of {len(samples.names)} parameters")
    heading = "\n".join(says)
    figure.legend(handles=handles, title=heading, loc="upper right", fontsize=9.0, title_fontsize=9.0, frameon=False)
    if title:
        figure.suptitle(title, x=0.02, y=0.99, ha="left", va="top", fontsize=style.FONT["title"] + 1.5)
