"""Contours of values on a rectangular lattice by marching squares: raw arrays only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from autoarray.type import Array


@dataclass(frozen=True)
class Chain:
    """Edges of the lattice that a contour crosses, one after the other."""

    negative: Array
    """Lattice index (row, column) of the end of each edge where the value is below zero, ``(n, 2)``."""
    positive: Array
    """The other end, ``(n, 2)``."""
    is_closed: bool
    """Whether the last edge is followed by the first; an open chain ends at the border or beside a NaN."""


def chains_from(values: Array) -> list[Chain]:
    """Zero contours of ``values`` on a lattice, ``(ny, nx)``; zero counts as positive.

    Where two opposite corners of a cell are negative the mean of the four decides which ones are connected. Cells with
    a corner that is not finite are left out.

    References
    ----------
    Lorensen & Cline (1987), Computer Graphics 21, 163, in two dimensions.
    """
    ny, nx = values.shape
    finite = np.isfinite(values)
    negative = finite & (values < 0.0)
    horizontal = np.arange(ny * (nx - 1)).reshape(ny, nx - 1)
    vertical = horizontal.size + np.arange((ny - 1) * nx).reshape(ny - 1, nx)
    corners = [np.s_[:-1, :-1], np.s_[:-1, 1:], np.s_[1:, 1:], np.s_[1:, :-1]]  # clockwise from the first row
    usable = np.logical_and.reduce([finite[corner] for corner in corners])
    signs = np.stack([negative[corner] for corner in corners])
    crossed = (signs != np.roll(signs, -1, axis=0)) & usable  # edge k joins corners k and k + 1
    edges = np.stack([horizontal[:-1], vertical[:, 1:], horizontal[1:], vertical[:, :-1]])
    count = crossed.sum(axis=0)

    plain = count == 2
    # the crossed edges of each cell in order: sorting brings them to the front
    order = np.argsort(~crossed[:, plain], axis=0, kind="stable")[:2]
    segments = [np.take_along_axis(edges[:, plain], order, axis=0).T]
    saddle = count == 4
    if saddle.any():
        mean = np.mean([values[corner][saddle] for corner in corners], axis=0)
        # the pieces cut off the corners that differ from the middle: corner 0 lies between edges 3 and 0
        cuts_even = signs[0][saddle] != (mean < 0.0)
        e = edges[:, saddle]
        first = np.where(cuts_even, e[[3, 0]], e[[0, 1]])
        second = np.where(cuts_even, e[[1, 2]], e[[2, 3]])
        segments += [first.T, second.T]
    return [
        Chain(*_ends_of(np.array(chain), negative, horizontal.size), is_closed)
        for chain, is_closed in joined(np.concatenate(segments).tolist())
    ]


def joined(segments: Iterable[Sequence[int]]) -> list[tuple[list[int], bool]]:
    """Segments between pairs of numbered edges in chains, and whether each closes; an edge is in one or in two."""
    neighbours: dict[int, list[int]] = {}
    for a, b in segments:
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    loose_ends = [edge for edge, others in neighbours.items() if len(others) == 1]
    chains = []
    for start in [*loose_ends, *neighbours]:
        if start not in neighbours:
            continue
        is_closed = len(neighbours[start]) == 2
        chain = [start]
        while neighbours.get(chain[-1]):
            here = chain[-1]
            following = neighbours[here].pop()
            neighbours[following].remove(here)
            if not neighbours[here]:
                del neighbours[here]
            chain.append(following)
        neighbours.pop(chain[-1], None)
        chains.append((chain[:-1] if is_closed else chain, is_closed))
    return chains


def _ends_of(edges: Array, negative: Array, horizontals: int) -> tuple[Array, Array]:
    """Lattice indices of the negative and the positive end of edges, each ``(n, 2)``."""
    nx = negative.shape[1]
    is_vertical = edges >= horizontals
    rows, columns = np.where(is_vertical, np.divmod(edges - horizontals, nx), np.divmod(edges, nx - 1))
    first = np.stack((rows, columns), axis=-1)
    second = first + np.where(is_vertical[:, None], (1, 0), (0, 1))
    swapped = ~negative[rows, columns][:, None]
    return np.where(swapped, second, first), np.where(swapped, first, second)


def interpolated_from(chain: Chain, values: Array, y: Array, x: Array) -> Array:
    """Vertices (y,x) of a chain by linear interpolation, ``(n, 2)``; of a closed one the first again at the end."""
    (below, above), (low, high) = (
        ends_from(chain, y, x),
        (
            values[tuple(chain.negative.T)],
            values[tuple(chain.positive.T)],
        ),
    )
    points = below + (low / (low - high))[:, None] * (above - below)
    return np.concatenate((points, points[:1])) if chain.is_closed else points


def ends_from(chain: Chain, y: Array, x: Array) -> tuple[Array, Array]:
    """Coordinates (y,x) of the negative and the positive ends of a chain's edges, each ``(n, 2)``."""
    below, above = (np.stack((y[i[:, 0]], x[i[:, 1]]), axis=-1) for i in (chain.negative, chain.positive))
    return below, above


def polygon_area_from(points: Array) -> float:
    """Area [arcsec^2] inside a closed polygon with vertices (y,x), ``(n, 2)``."""
    relative = points - points[0]
    following = np.roll(relative, -1, axis=0)
    return 0.5 * abs(float(np.sum(relative[:, 1] * following[:, 0] - relative[:, 0] * following[:, 1])))
