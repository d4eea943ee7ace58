"""Closed zero contours that are smaller than the cells of a lattice: where to look for them."""

from __future__ import annotations

import numpy as np

from autoarray.type import Array
from autogalaxy.operate.zero_contours import Function

SIDE = 8
"""Points along a side of a probe; an even number, so that none is at its centre, where the mass may be singular."""
SMALLEST = 3e-6
"""Half the side [arcsec] of the last probe."""
DIP = 1e-6
"""Depth of an extremum below its neighbours, relative to its value; rounding makes shallower ones."""
MOST_EXTREMA = 200


def small_windows_from(
    function: Function, y: Array, x: Array, values: Array, centres: Array, cell: float
) -> list[tuple[Array, float]]:
    """Centres (y,x) and half sides [arcsec] of squares that have a closed zero contour inside.

    Inside a closed contour is an extremum of the function, so the extrema of ``values`` on the lattice and the
    ``centres`` that are known, ``(m, 2)``, are looked at with square probes that shrink. A probe holds a contour when
    the sign at its border is one and that at a point inside the other.
    """
    inside = np.all((centres > (y[0], x[0])) & (centres < (y[-1], x[-1])), axis=1)
    extrema = _extrema_from(y, x, values)
    probes = np.concatenate((centres[inside], extrema))
    if len(probes) == 0:
        return []
    moves = np.arange(len(probes)) >= np.count_nonzero(inside)
    steps = np.linspace(-1.0, 1.0, SIDE)
    offsets = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1).reshape(-1, 2)
    on_border = np.max(np.abs(offsets), axis=1) == 1.0
    half, signs_seen = 1.5 * cell, np.zeros(len(probes))
    windows = []
    while half > SMALLEST:
        points = probes[:, None] + half * offsets
        probed = function(points.reshape(-1, 2)).reshape(len(probes), -1)
        negative = probed < -1e-9
        border = np.where(negative[:, on_border].all(axis=1), -1, np.where(negative[:, on_border].any(axis=1), 0, 1))
        crossed = (negative != negative[:, :1]).any(axis=1) & (border != 0)
        # a contour stays inside the next probes for a while; it is new when the border has changed its sign
        for i in np.flatnonzero(crossed & (border != signs_seen)):
            windows.append((probes[i], half))
        signs_seen = np.where(crossed, border, signs_seen)
        best = points[np.arange(len(probes)), np.argmin(np.where(border == 0, 1, border)[:, None] * probed, axis=1)]
        probes = np.where((moves & ~crossed)[:, None], best, probes)
        half *= 0.5
    return windows


def _extrema_from(y: Array, x: Array, values: Array) -> Array:
    """Positive minima and negative maxima inside a lattice, (y,x), ``(m, 2)``, the deepest first."""
    middle = values[1:-1, 1:-1]
    ny, nx = values.shape
    around = [
        values[1 + i : ny - 1 + i, 1 + j : nx - 1 + j] for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)
    ]
    sign = np.where(middle < 0.0, -1.0, 1.0)
    dip = np.min([sign * (other - middle) for other in around], axis=0) / (np.abs(middle) + 1e-12)
    rows, columns = np.nonzero(dip > DIP)
    order = np.argsort(-dip[rows, columns])[:MOST_EXTREMA]
    return np.stack((y[rows + 1], x[columns + 1]), axis=-1)[order]
