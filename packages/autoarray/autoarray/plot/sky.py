"""Where north and east are on a panel, and axes in right ascension and declination."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from autoarray import exc
from autoarray.dataset.wcs import declination_text, right_ascension_text
from autoarray.plot import style

Extent = tuple[float, float, float, float]
MODES = (False, True, "offset")
_STEPS = np.array([1.0, 2.0, 5.0])
_SIDE = 61
"""Points a side at which sky coordinates are computed for the lines of equal coordinate."""
_ARCSEC = 3600.0


class SkyFrame(Protocol):
    """What the axes need of a world coordinate system."""

    def sky_from(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Right ascension and declination [deg] of (y, x) positions [arcsec], ``(n, 2)`` -> ``(n,)`` each."""


def checked_mode(sky: bool | str) -> bool | str:
    """``sky`` itself, or our error."""
    if sky not in MODES:
        raise exc.PlotException(
            f'sky={sky!r}, wanted False (arcsec), True (right ascension and declination) or "offset" (from the centre '
            "of the image): sky=True."
        )
    return sky


def offsets_from(wcs: SkyFrame, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far east (times cos dec) and north of (y, x) = (0, 0) positions lie [arcsec]."""
    ra, dec = wcs.sky_from(np.concatenate([np.zeros((1, 2)), np.asarray(positions, dtype=float).reshape(-1, 2)]))
    ra, dec = np.asarray(ra, dtype=float), np.asarray(dec, dtype=float)
    east = (np.mod(ra[1:] - ra[0] + 180.0, 360.0) - 180.0) * np.cos(np.radians(dec[0]))
    return east * _ARCSEC, (dec[1:] - dec[0]) * _ARCSEC


def directions_from(wcs: SkyFrame, extent: Extent) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors (x, y) on the panel that point north and east at its centre."""
    x, y = 0.5 * (extent[0] + extent[1]), 0.5 * (extent[2] + extent[3])
    step = 0.01 * (extent[1] - extent[0])
    east, north = offsets_from(wcs, np.array([(y, x + step), (y, x - step), (y + step, x), (y - step, x)]))
    jacobian = np.array([[east[0] - east[1], east[2] - east[3]], [north[0] - north[1], north[2] - north[3]]])
    inverse = np.linalg.inv(jacobian)
    to_north, to_east = inverse[:, 1], inverse[:, 0]
    return to_north / np.linalg.norm(to_north), to_east / np.linalg.norm(to_east)


def add_compass(axes: Axes, wcs: SkyFrame, extent: Extent, on_dark: bool = True) -> None:
    """Two short arrows to north and east in the lower right corner."""
    north, east = directions_from(wcs, extent)
    width, height = extent[1] - extent[0], extent[3] - extent[2]
    length = 0.11 * min(width, height)
    ends = np.array([np.zeros(2), 1.55 * length * north, 1.55 * length * east])
    corner = np.array([extent[1] - 0.04 * width, extent[2] + 0.04 * height])
    start = np.array([corner[0] - ends[:, 0].max(), corner[1] - ends[:, 1].min()])
    ink, halo = ("white", "black") if on_dark else ("0.1", "white")
    for name, way in (("N", north), ("E", east)):
        axes.plot(
            *np.stack([start, start + length * way], axis=1),
            color=ink,
            linewidth=1.4,
            path_effects=[patheffects.withStroke(linewidth=2.8, foreground=halo)],
            gid=f"compass {name}",
        )
        axes.text(
            float(start[0] + 1.35 * length * way[0]),
            float(start[1] + 1.35 * length * way[1]),
            name,
            color=ink,
            ha="center",
            va="center",
            fontsize=style.FONT["label"],
            path_effects=[patheffects.withStroke(linewidth=2.2, foreground=halo)],
        )


def label_sky(axes: Axes, wcs: SkyFrame, extent: Extent, sky: bool | str) -> tuple[str, str]:
    """Ticks in sky coordinates with thin lines of equal coordinate; returns the labels of the axes (x, y)."""
    x, y = np.linspace(*extent[:2], _SIDE), np.linspace(*extent[2:], _SIDE)
    points = np.stack([np.repeat(y, _SIDE), np.tile(x, _SIDE)], axis=-1)
    maps = [values.reshape(_SIDE, _SIDE) for values in offsets_from(wcs, points)]
    ra, dec = (float(np.asarray(c).ravel()[0]) for c in wcs.sky_from(np.zeros((1, 2))))
    bottom = int(np.ptp(maps[1][0]) > np.ptp(maps[0][0]))  # of an image on its side declination runs along x
    labels = []
    for axis, places, coordinate in ((axes.xaxis, x, bottom), (axes.yaxis, y, 1 - bottom)):
        values = maps[coordinate]
        along = values[0] if axis is axes.xaxis else values[:, 0]
        levels, names, label = _ticks_from(values, np.ptp(along), coordinate, ra, dec, sky)
        axes.contour(x, y, values, levels=levels, colors="white", linewidths=0.4, alpha=0.5, linestyles="solid")
        order = np.argsort(along)
        seen = (levels >= along.min()) & (levels <= along.max())
        axis.set_major_locator(FixedLocator(list(np.interp(levels[seen], along[order], places[order]))))
        axis.set_major_formatter(FixedFormatter([name for name, there in zip(names, seen, strict=True) if there]))
        axis.set_minor_locator(NullLocator())
        labels.append(label)
    return labels[0], labels[1]


def _ticks_from(
    values: np.ndarray, span: float, coordinate: int, ra: float, dec: float, sky: bool | str
) -> tuple[np.ndarray, list[str], str]:
    """Offsets [arcsec] of the lines of right ascension (0) or declination (1), their names and that of the axis.

    Of the whole panel, about four of them on an edge that spans ``span`` arcsec.
    """
    low, high = float(values.min()), float(values.max())
    if sky == "offset":
        levels, _ = _round_values(low, high, span)
        names = [f"{level:g}".replace("-", "\N{MINUS SIGN}") for level in levels + 0.0]
        return levels, names, ("RA offset (arcsec)", "Dec offset (arcsec)")[coordinate]
    unit = 15.0 * np.cos(np.radians(dec)) if coordinate == 0 else 1.0  # arcsec in a second of time
    at_zero = ra * _ARCSEC / 15.0 if coordinate == 0 else dec * _ARCSEC
    seconds, step = _round_values(at_zero + low / unit, at_zero + high / unit, span / unit)
    digits = max(0, -int(np.floor(np.log10(step) + 1e-9)))
    if coordinate == 0:
        names = [right_ascension_text(15.0 * value / _ARCSEC, digits) for value in seconds]
    else:
        names = [declination_text(value / _ARCSEC, digits, minus="\N{MINUS SIGN}") for value in seconds]
    return (seconds - at_zero) * unit, names, ("RA", "Dec")[coordinate]


def _round_values(low: float, high: float, span: float) -> tuple[np.ndarray, float]:
    """Multiples of a round step from ``low`` to ``high``, three to six of them in ``span``; and the step."""
    rough = span / 5.0
    scale = 10.0 ** np.floor(np.log10(rough))
    step = scale * float(([*_STEPS[_STEPS * scale >= 0.999 * rough], 10.0])[0])
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1.0) * step, step
