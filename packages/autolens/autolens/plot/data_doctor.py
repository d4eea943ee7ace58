"""The picture of a diagnosis: the images, what is empty, what is wrong and what was guessed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from autoarray import exc
from autoarray.plot import Chart, Curve, Line, Panel, Points, figure_to, style
from autoarray.plot.marks import outline_segments

if TYPE_CHECKING:
    from autoarray.plot.output import Output
    from autolens.data_doctor.diagnosis import Diagnosis

MEASURED, WANTED, WRONG = style.SERIES[0], "0.35", style.SERIES[1]
SKY_SIGMAS = 4.0


def subplot_doctor(
    dataset: Any, diagnosis: Diagnosis, path: str | Path | None = None, title: str = "", output: Output | None = None
) -> Figure:
    """Eight panels: what was examined, what the sky says, and the guesses.

    ``dataset`` may be ``None``: the images are those that were examined.
    """
    if not diagnosis.maps:
        raise exc.PlotException(
            "subplot_doctor got a diagnosis that was read from a file, which has no images, wanted one of images: "
            "al.doctor(dataset)."
        )
    maps, facts, guesses = diagnosis.maps, diagnosis.facts, diagnosis.guesses
    panels: list[Any] = [data_panel(maps, facts, guesses), _noise_panel(maps, facts)]
    if "residual" in maps:
        panels.append(arcs_panel(maps, facts, guesses))
    if "psf" in maps and np.all(np.isfinite(maps["psf"])) and maps["psf"].max() > 0.0:
        panels.append(_psf_panel(maps, facts))
    if "empty" in maps:
        panels.append(_sky_panel(maps, facts))
        if maps["noise_map"].shape == maps["data"].shape:
            panels += [_histogram(maps, facts), *_variances(maps, facts)]
        if "auto_correlation" in maps:
            panels.append(_correlation_panel(maps, facts))
    heading = str(diagnosis).split("\n", maxsplit=1)[0]
    return figure_to(panels, "doctor", path, f"{title}: {heading}" if title else heading, output)


def _extent_of(
    shape: tuple[int, int], pixel: float, middle: tuple[float, float] = (0.0, 0.0)
) -> tuple[float, float, float, float]:
    half_y, half_x = 0.5 * shape[0] * pixel, 0.5 * shape[1] * pixel
    return middle[1] - half_x, middle[1] + half_x, middle[0] - half_y, middle[0] + half_y


def _frame_of(values: np.ndarray, facts: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """Extent of a map of the frame, which may be a cut-out that is off the middle of the image."""
    return _extent_of(values.shape, facts["pixel_scale"], facts.get("examined_middle", (0.0, 0.0)))


def _marks_of(guesses: Mapping[str, Any]) -> dict[str, Any]:
    """The guesses over a panel."""
    centre, radius = guesses.get("lens_centre"), guesses.get("einstein_radius")
    points, lines = [], []
    if centre is not None:
        points.append(Points(np.array([centre]), colour="white", label="lens", marker="+", size=9.0))
        if radius is not None:
            turn = np.linspace(0.0, 2.0 * np.pi, 181)
            circle = np.stack([np.sin(turn), np.cos(turn)], axis=1) * radius + np.array(centre)
            lines.append(Line(circle, colour=style.TANGENTIAL, label=f'{radius:.2f}"'))
    if guesses.get("arc_positions"):
        points.append(Points(np.array(guesses["arc_positions"]), label="arcs"))
    return {"lines": lines, "points": points}


def _outline_of(maps: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Line]:
    """The edge of the pixels that are fitted, as one line with gaps."""
    used = maps["used"]
    if used.all():
        return []
    segments = outline_segments(~used, _frame_of(used, facts))[:, :, ::-1]
    gaps = np.full((len(segments), 1, 2), np.nan)
    return [Line(np.concatenate([segments, gaps], axis=1).reshape(-1, 2), colour="white", label="mask")]


def data_panel(maps: Mapping[str, Any], facts: Mapping[str, Any], guesses: Mapping[str, Any]) -> Panel:
    """The data with the pixels that are left out of a fit, those that are wrong, and the guesses."""
    marks = _marks_of(guesses)
    marks["lines"] += _outline_of(maps, facts)
    wrong = maps.get("wrong")
    if wrong is not None and wrong.any():
        ny, nx = wrong.shape
        rows, columns = np.nonzero(wrong)
        places = np.stack([(ny - 1) / 2.0 - rows, columns - (nx - 1) / 2.0], axis=1) * facts["pixel_scale"]
        places = places + np.array(facts.get("examined_middle", (0.0, 0.0)))
        marks["points"].append(Points(places[:500], colour=WRONG, label="bad pixels", marker="s", size=3.5))
    extent = _frame_of(maps["data"], facts)
    return Panel(maps["data"], extent, title="Data", mask=None, limits=_limits_of(maps), **marks)


def _limits_of(maps: Mapping[str, Any]) -> tuple[float, float] | None:
    """Limits that single bad pixels do not set."""
    values = maps["data"][maps["good"]]
    if values.size < 10:
        return None
    low, high = float(np.percentile(values, 0.5)), float(np.percentile(values, 99.98))
    return (min(low, 0.0), high) if high > min(low, 0.0) else None


def _noise_panel(maps: Mapping[str, Any], facts: Mapping[str, Any]) -> Panel:
    noise, good = maps["noise_map"], maps["good"]
    bad = ~good if good.shape == noise.shape else None
    title = f"Noise map, {100.0 * facts.get('noise_equal_fraction', 0.0):.1f} per cent equal"
    return Panel(noise, _frame_of(noise, facts), title=title, kind="linear", mask=bad)


def arcs_panel(maps: Mapping[str, Any], facts: Mapping[str, Any], guesses: Mapping[str, Any]) -> Panel:
    """The data without a smooth model of the lens light, near the lens, with the guesses."""
    residual = maps["residual"]
    rows, columns = np.nonzero(residual != 0.0)
    if not rows.size:
        rows, columns = np.array([0, residual.shape[0] - 1]), np.array([0, residual.shape[1] - 1])
    pixel, (ny, nx) = facts["pixel_scale"], residual.shape
    top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    middle_y, middle_x = facts.get("examined_middle", (0.0, 0.0))
    extent = (
        middle_x + (left - nx / 2.0) * pixel,
        middle_x + (right - nx / 2.0) * pixel,
        middle_y + (ny / 2.0 - bottom) * pixel,
        middle_y + (ny / 2.0 - top) * pixel,
    )
    scatter = guesses.get("sky_scatter") or float(np.std(residual)) or 1.0
    marks = _marks_of(guesses)
    marks["lines"] += _outline_of(maps, facts)
    shown = residual[top:bottom, left:right]
    high = max(float(np.percentile(shown, 99.7)), 5.0 * scatter)
    return Panel(shown, extent, title="Data - smooth lens light, guesses", limits=(-2.0 * scatter, high), **marks)


def _psf_panel(maps: Mapping[str, Any], facts: Mapping[str, Any]) -> Panel:
    psf, pixel = maps["psf"], facts["pixel_scale"]
    down, right = facts.get("psf_centroid", (0.0, 0.0))
    centre = Points(np.array([(-down * pixel, right * pixel)]), label="centroid", marker="x", size=6.0)
    peak = float(psf.max())
    return Panel(
        np.maximum(psf, 1e-5 * peak),
        _extent_of(psf.shape, pixel),
        title=f"PSF, sum {facts.get('psf_sum', float('nan')):.4g}",
        stretch="log",
        limits=(1e-5 * peak, peak),
        points=[centre],
    )


def _sky_panel(maps: Mapping[str, Any], facts: Mapping[str, Any]) -> Panel:
    values = (maps["data"] - facts["sky_level"]) / facts["sky_scatter"]
    return Panel(
        np.where(maps["empty"], values, 0.0),
        _frame_of(values, facts),
        title="Empty sky, in its scatter",
        unit=style.UNIT_SIGMA,
        kind="residual",
        mask=~maps["empty"],
        limits=(-SKY_SIGMAS, SKY_SIGMAS),
    )


def _histogram(maps: Mapping[str, Any], facts: Mapping[str, Any]) -> Chart:
    """Empty pixels in units of the noise map against the Gaussian that they should follow."""
    values = (maps["data"] - facts["sky_level"])[maps["empty"]] / maps["noise_map"][maps["empty"]]
    wide = max(4.0, 4.0 * facts.get("noise_ratio", 1.0))
    counts, edges = np.histogram(values, bins=81, range=(-wide, wide), density=True)
    middle = 0.5 * (edges[1:] + edges[:-1])
    gaussian = np.exp(-0.5 * middle**2) / np.sqrt(2.0 * np.pi)
    ratio = facts.get("noise_ratio", float("nan"))
    return Chart(
        [
            Curve(middle, counts, label=f"empty sky, scatter {ratio:.3f}", colour=MEASURED),
            Curve(middle, gaussian, label="noise map: 1", colour=WANTED, style="--"),
        ],
        title="Sky pixels over noise map",
        x_label="(data - sky) / noise",
        y_label="density",
    )


def _variances(maps: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Chart]:
    """How the noise map rises with light, and how much bright pixels scatter; none where nothing is bright."""
    light, good = maps["data"] - facts["sky_level"], maps["good"]
    scatter = facts["sky_scatter"]
    top = float(light[good].max())
    edges = np.geomspace(2.0 * scatter, max(top, 4.0 * scatter), 13)
    middle, noise, low, high = [], [], [], []
    for lower, upper in zip(edges[:-1], edges[1:], strict=True):
        inside = good & (light > lower) & (light <= upper)
        if inside.sum() >= 5:
            spread = np.quantile(maps["noise_map"][inside], [0.16, 0.5, 0.84])
            middle.append(np.sqrt(lower * upper))
            low.append(spread[0])
            noise.append(spread[1])
            high.append(spread[2])
    if len(middle) < 2:
        return []
    x, y = np.array(middle), np.array(noise)
    curves = [Curve(x, y, label="noise map, 68 per cent", colour=MEASURED, bands=[(np.array(low), np.array(high))])]
    curves.append(Curve(x[[0, -1]], np.full(2, scatter), label="scatter of the sky", colour=WANTED, style="--"))
    if (ratio := facts.get("noise_ratio_bright")) is not None:
        curves.append(Curve(x, ratio * y, label="bright pixels scatter", colour=style.SERIES[1], style=":"))
    chart = Chart(
        curves,
        title="Noise against light",
        x_label="data - sky",
        y_label="noise",
        x_scale="log",
        y_scale="log",
    )
    return [chart]


def _correlation_panel(maps: Mapping[str, Any], facts: Mapping[str, Any]) -> Panel:
    values = maps["auto_correlation"].copy()
    values[len(values) // 2, len(values) // 2] = np.nan
    limit = max(0.1, float(np.nanmax(np.abs(values))))
    return Panel(
        values,
        _extent_of(values.shape, facts["pixel_scale"]),
        title="Correlation of sky pixels by distance",
        kind="signed",
        limits=(-limit, limit),
    )
