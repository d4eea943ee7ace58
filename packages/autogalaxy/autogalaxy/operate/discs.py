"""Contours of a lattice joined with those in discs about points where the function has no limit: raw arrays only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from autoarray.type import Array
from autogalaxy.operate.contours import chains_from, ends_from, joined
from autogalaxy.operate.lattices import Lattice
from autogalaxy.operate.polar_arcs import Arc, Ring, arcs_from, rings_from
from autogalaxy.operate.zero_contours import Function

FEWEST_CELLS, MOST_CELLS = 3.0, 30.0
"""Radius of a disc in cells of the lattice."""
APART = 0.45
"""Largest radius of a disc in distances to the next centre."""
RESOLVED = 2.0
"""Cells between contours where they leave the disc."""

CORNERS = np.array(((-1.0, -1.0), (1.0, 1.0)))


@dataclass(frozen=True)
class Path:
    """Pairs of points beside a contour, one after the other."""

    negative: Array
    """Points (y,x) [arcsec] where the value is below zero, ``(n, 2)``."""
    positive: Array
    """And where it is not; both are the centre of a disc where the contour goes through it."""
    is_closed: bool
    is_joined: bool = False
    """Whether it is from a disc, in part at least."""

    @property
    def middles(self) -> Array:
        return 0.5 * (self.negative + self.positive)


@dataclass(frozen=True)
class Disc:
    """A circle and the contours inside."""

    centre: Array
    radius: float
    arcs: list[Arc]

    def holds(self, points: Array) -> Array:
        """Whether points (y,x), ``(n, 2)``, are inside."""
        return np.linalg.norm(points - self.centre, axis=-1) < self.radius

    def angles_of(self, points: Array) -> Array:
        return np.arctan2(points[:, 0] - self.centre[0], points[:, 1] - self.centre[1])


@dataclass(frozen=True)
class _Piece:
    """An open path with the number of the disc that each end is at, -1 for none, and whether it is in the centre."""

    path: Path
    discs: tuple[int, int]
    in_centre: tuple[bool, bool] = (False, False)

    def reversed(self) -> _Piece:
        path = Path(self.path.negative[::-1], self.path.positive[::-1], False, self.path.is_joined)
        return _Piece(path, self.discs[::-1], self.in_centre[::-1])


def discs_from(function: Function, lattice: Lattice, centres: Array, singular: Array) -> list[Disc]:
    """About those of ``centres`` (y,x), ``(m, 2)``, inside a lattice that are ``singular``, ``(m,)``.

    Each is as small as the contours on the circle are resolved by the lattice.
    """
    discs = []
    low, high = np.array((lattice.y[0], lattice.x[0])), np.array((lattice.y[-1], lattice.x[-1]))
    paths = [path.middles for path in paths_from(lattice, [])]
    for i in np.flatnonzero(singular & lattice.holds(centres)).tolist():
        centre = centres[i]
        inside = float(np.min((centre - low, high - centre)))
        apart = np.linalg.norm(np.delete(centres, i, axis=0) - centre, axis=1).min(initial=np.inf)
        largest = min(MOST_CELLS * float(lattice.cell().max()), APART * float(apart), 0.9 * inside)
        rings = rings_from(function, centre, largest)
        distances = [np.linalg.norm(path - centre, axis=1) for path in paths]
        k = _boundary_of(rings, lattice, centre, [d for d in distances if d.min() < largest])
        if k is not None:
            discs.append(Disc(centre, rings[k].radius, arcs_from(rings[: k + 1])))
    return discs


def _boundary_of(rings: list[Ring], lattice: Lattice, centre: Array, distances: list[Array]) -> int | None:
    """The first ring, not too small, that lattice contours cross as often as exact ones; best one that none do."""
    if not rings:
        return None
    cell = float(lattice.cell().max())
    smallest = min(FEWEST_CELLS * cell, 0.5 * rings[-1].radius)
    crossed = None
    for k, ring in enumerate(rings):
        if ring.radius < smallest:
            continue
        crossings = sum(int(np.count_nonzero(np.diff(np.append(d, d[0]) < ring.radius))) for d in distances)
        if crossings != len(ring.angles):
            continue
        if crossings == 0:
            return k
        if crossed is None and ring.gaps().min() * ring.radius > RESOLVED * lattice.cell_at(centre, ring.radius):
            crossed = k
    return crossed


def paths_from(lattice: Lattice, discs: list[Disc]) -> list[Path]:
    """Contours on a lattice, those in discs the exact ones."""
    chains = chains_from(lattice.values)
    paths = [Path(*ends_from(chain, lattice.y, lattice.x), chain.is_closed) for chain in chains]
    discs = [disc for disc in discs if lattice.holds(disc.centre + disc.radius * CORNERS).all()]
    while discs:
        kept, pieces = _outside(paths, discs)
        links: list[tuple[int, int]] = []
        lost = []
        for n, disc in enumerate(discs):
            arcs = [Path(a.negative, a.positive, a.is_closed, True) for a in disc.arcs]
            kept += [path for path in arcs if path.is_closed]
            first = len(pieces)
            for path, arc in zip(arcs, disc.arcs, strict=True):
                if not path.is_closed:
                    pieces.append(_Piece(path, (n, n), arc.ends_in_centre))
            matched = _matched(pieces, first, n, disc)
            links += matched or []
            lost += [n] if matched is None else []
        if not lost:
            return kept + _through_centres(_linked(pieces, links), discs)
        discs = [disc for n, disc in enumerate(discs) if n not in lost]  # the lattice is too coarse for them
    return paths


def _outside(paths: list[Path], discs: list[Disc]) -> tuple[list[Path], list[_Piece]]:
    """Paths that enter no disc, and the pieces of the others outside."""
    kept, pieces = [], []
    for path in paths:
        where = np.full(len(path.negative), -1)
        for n, disc in enumerate(discs):
            where[disc.holds(path.middles)] = n
        is_in = where >= 0
        if not is_in.any():
            kept.append(path)
            continue
        shift = int(np.argmax(is_in)) if path.is_closed else 0  # a closed one begins inside
        negative, positive, where = (np.roll(a, -shift, axis=0) for a in (path.negative, path.positive, where))
        around = np.concatenate(([where[0] if path.is_closed else -1], where, [where[0] if path.is_closed else -1]))
        is_out = np.concatenate(([False], where < 0, [False]))
        starts, stops = (np.flatnonzero(np.diff(is_out.astype(int)) == step) for step in (1, -1))
        for a, b in zip(starts, stops, strict=True):
            piece = Path(negative[a:b], positive[a:b], False)
            pieces.append(_Piece(piece, (int(around[a]), int(around[b + 1]))))
    return kept, pieces


def _matched(pieces: list[_Piece], first: int, n: int, disc: Disc) -> list[tuple[int, int]] | None:
    """Ends of pieces outside, before number ``first``, and of arcs in disc ``n`` that meet; None if some lack."""
    ends: tuple[list[tuple[int, float]], ...] = ([], [])
    for k, piece in enumerate(pieces):
        for end in (0, 1):
            if piece.discs[end] == n and not piece.in_centre[end]:
                angle = disc.angles_of(piece.path.middles[[0, -1][end]][None])[0]
                ends[int(k >= first)].append((2 * k + end, float(angle)))
    if len(ends[0]) != len(ends[1]):
        return None
    outside, inside = (sorted(side, key=lambda item: item[1]) for side in ends)
    if not outside:
        return []
    angles, others = (np.array([angle for _, angle in side]) for side in (outside, inside))
    costs = [np.sum(1.0 - np.cos(np.roll(others, -s) - angles)) for s in range(len(others))]
    shift = int(np.argmin(costs))
    return [(a, b) for (a, _), (b, _) in zip(outside, inside[shift:] + inside[:shift], strict=True)]


def _chained(count: int, links: Iterable[tuple[int, int]]) -> list[tuple[list[tuple[int, bool]], bool]]:
    """Pieces, with ends 2 k and 2 k + 1, one after the other: number and whether forwards; whether they close."""
    chains = []
    for ends, is_closed in joined([*((2 * k, 2 * k + 1) for k in range(count)), *links]):
        if is_closed and ends[0] // 2 != ends[1] // 2:
            ends = ends[1:] + ends[:1]
        chains.append(([(end // 2, end % 2 == 0) for end in ends[::2]], is_closed))
    return chains


def _linked(pieces: list[_Piece], links: list[tuple[int, int]]) -> list[_Piece]:
    """Pieces joined where they meet at the border of a disc."""
    strands = []
    for order, is_closed in _chained(len(pieces), links):
        parts = [pieces[k] if forwards else pieces[k].reversed() for k, forwards in order]
        path = Path(
            np.concatenate([part.path.negative for part in parts]),
            np.concatenate([part.path.positive for part in parts]),
            is_closed,
            any(part.path.is_joined for part in parts),
        )
        first, last = parts[0], parts[-1]
        strands.append(_Piece(path, (first.discs[0], last.discs[1]), (first.in_centre[0], last.in_centre[1])))
    return strands


def _through_centres(strands: list[_Piece], discs: list[Disc]) -> list[Path]:
    """Paths through the centres of discs; one that begins and ends in the same centre is a closed curve of its own."""
    paths = [strand.path for strand in strands if strand.path.is_closed]
    strands = [strand for strand in strands if not strand.path.is_closed]
    corner_of: dict[int, int] = {}
    links: list[tuple[int, int]] = []
    loose: dict[int, list[int]] = {}
    for k, strand in enumerate(strands):
        if all(strand.in_centre) and strand.discs[0] == strand.discs[1]:
            links.append((2 * k, 2 * k + 1))
        else:
            for end in (0, 1):
                if strand.in_centre[end]:
                    loose.setdefault(strand.discs[end], []).append(2 * k + end)
        corner_of |= {2 * k + end: strand.discs[end] for end in (0, 1) if strand.in_centre[end]}
    for ends in loose.values():
        links += list(zip(ends[::2], ends[1::2], strict=False))
    for order, is_closed in _chained(len(strands), links):
        parts = []
        for k, forwards in order:
            strand = strands[k] if forwards else strands[k].reversed()
            parts.append((strand.path.negative, strand.path.positive))
            if (corner := corner_of.get(2 * k + forwards)) is not None:
                parts.append((discs[corner].centre[None], discs[corner].centre[None]))
        negative, positive = (np.concatenate(side) for side in zip(*parts, strict=True))
        is_joined = any(strands[k].path.is_joined for k, _ in order)
        paths.append(Path(negative, positive, is_closed, is_joined))
    return paths
