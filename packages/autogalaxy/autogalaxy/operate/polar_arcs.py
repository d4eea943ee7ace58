"""Zero contours about a point where a function has no limit, in polar coordinates: raw arrays only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autoarray.type import Array
from autogalaxy.operate.contours import joined
from autogalaxy.operate.zero_contours import Function, roots_on_edges_from

RAYS = 64
"""Directions in which each ring is looked at first."""
FIRST_RAY = 0.0137
"""Direction [rad] of the first of them; none is along an axis of symmetry of a lens."""
INNERMOST = 2e-5
"""Radius [arcsec] of the innermost ring, inside of which a curve goes straight to the point."""
STEP, FINEST_STEP = 0.05, 1e-6
"""Between the logarithms of the radii of rings, first and where roots meet."""
MOST_RINGS, MOST_ROOTS = 2000, 16
"""Beyond which the function is noise."""
JUMP = 0.2
"""Angle [rad] between roots on two rings above which a ring is put between them."""
NARROW, WIDENS = 0.1, 1.1
"""Angle [rad] between two roots, and its ratio on two rings above which one is put between them: a sliver ends."""
ZOOMS, ZOOM_POINTS = 10, 9
"""Times that the bracket of an extremum is made four times shorter, and points in each."""
NEARLY_ZERO = 0.05
"""Part of the variation around a ring below which an extremum may be zero at other radii."""


@dataclass(frozen=True)
class Ring:
    """A circle and where it crosses the contour, in rising angle."""

    log_radius: float
    angles: Array
    """Of the roots [rad], ``(k,)``."""
    rises: Array
    """Whether values go from negative to positive with rising angle, ``(k,)``: every other one."""
    negative: Array
    """Points (y,x) [arcsec] near to each root where the value is negative, ``(k, 2)``."""
    positive: Array
    """And where it is positive, ``(k, 2)``."""

    @property
    def radius(self) -> float:
        return float(np.exp(self.log_radius))

    def gaps(self) -> Array:
        """Angles [rad] from each root to the next, ``(k,)``."""
        return np.mod(np.roll(self.angles, -1) - self.angles, 2.0 * np.pi)


@dataclass(frozen=True)
class Arc:
    """A contour inside a circle about a point."""

    negative: Array
    """Points (y,x) [arcsec] beside the contour where the value is negative, ``(n, 2)``."""
    positive: Array
    is_closed: bool
    ends_in_centre: tuple[bool, bool] = (False, False)
    """Whether the first and the last end are in the point; else they are on the circle."""


def has_no_limit(function: Function, centre: Array) -> bool:
    """Whether the sign of a function close to a point depends on the direction, or nearly does."""
    radii = np.log(INNERMOST) + np.array([0.0, 2.0])
    _, values = _sampled(function, centre, radii)
    low, high = values.min(axis=1), values.max(axis=1)
    smallest = np.minimum(np.abs(low), np.abs(high))
    return bool(np.any((low < 0.0) & (high >= 0.0) | (smallest < NEARLY_ZERO * (high - low))))


def rings_from(function: Function, centre: Array, radius: float) -> list[Ring]:
    """Rings from the innermost to ``radius`` [arcsec], so close that roots on one continue those on the last.

    Empty if the function is noise.
    """
    steps = max(int(np.ceil(np.log(radius / INNERMOST) / STEP)), 2)
    rings = _rings_at(function, centre, np.linspace(np.log(INNERMOST), np.log(radius), steps + 1))
    pairs = list(zip(rings[:-1], rings[1:], strict=True))
    while True:
        if len(rings) > MOST_RINGS or any(len(ring.angles) > MOST_ROOTS for ring in rings):
            return []
        apart = [(a, b) for a, b in pairs if b.log_radius - a.log_radius > FINEST_STEP and not _continues(a, b)]
        if not apart:
            return sorted(rings, key=lambda ring: ring.log_radius)
        added = _rings_at(function, centre, np.array([0.5 * (a.log_radius + b.log_radius) for a, b in apart]))
        rings += added
        pairs = [pair for (a, b), ring in zip(apart, added, strict=True) for pair in ((a, ring), (ring, b))]


def arcs_from(rings: list[Ring]) -> list[Arc]:
    """Contours inside the outermost ring."""
    firsts = np.cumsum([0, *(len(ring.angles) for ring in rings)])
    if firsts[-1] == 0:
        return []
    links: list[tuple[int, int]] = []
    for first, second, inner, outer in zip(firsts[:-2], firsts[1:-1], rings[:-1], rings[1:], strict=True):
        pairs, inner_folds, outer_folds = _links_between(inner, outer)
        links += [(int(first + i), int(second + j)) for i, j in pairs]
        links += [(int(first + i), int(first + j)) for i, j in inner_folds]
        links += [(int(second + i), int(second + j)) for i, j in outer_folds]
    negative, positive = (np.concatenate([getattr(r, side) for r in rings]) for side in ("negative", "positive"))
    arcs = []
    for chain, is_closed in joined(links):
        ends = (chain[0] < firsts[1], chain[-1] < firsts[1])
        arcs.append(Arc(negative[chain], positive[chain], is_closed, (False, False) if is_closed else ends))
    return arcs


def _sampled(function: Function, centre: Array, log_radii: Array) -> tuple[Array, Array]:
    """Angles and values around rings, each ``(m, RAYS)``."""
    angles = np.broadcast_to(FIRST_RAY + 2.0 * np.pi / RAYS * np.arange(RAYS), (len(log_radii), RAYS))
    return angles, function(_points_at(centre, np.exp(log_radii)[:, None], angles)).reshape(angles.shape)


def _points_at(centre: Array, radii: Array, angles: Array) -> Array:
    """Points (y,x), ``(n, 2)``."""
    return np.stack((centre[0] + radii * np.sin(angles), centre[1] + radii * np.cos(angles)), axis=-1).reshape(-1, 2)


def _rings_at(function: Function, centre: Array, log_radii: Array) -> list[Ring]:
    """Rings with all their roots: extrema are looked for between the rays, so that two roots may be close."""
    radii = np.exp(log_radii)
    angles, values = _sampled(function, centre, log_radii)
    before, after, sign = np.roll(values, 1, axis=1), np.roll(values, -1, axis=1), np.where(values < 0.0, -1.0, 1.0)
    bend = sign * (before + after - 2.0 * values)
    is_dip = (sign * before >= sign * values) & (sign * after > sign * values) & (np.abs(values) < bend)
    ring, ray = np.nonzero(is_dip)
    middles, half, signs = angles[ring, ray], 2.0 * np.pi / RAYS, sign[ring, ray]
    where = [(np.repeat(np.arange(len(radii)), RAYS), angles.ravel(), values.ravel())]
    for _ in range(ZOOMS if len(ring) else 0):
        trials = middles[:, None] + half * np.linspace(-1.0, 1.0, ZOOM_POINTS)
        found = function(_points_at(centre, radii[ring, None], trials)).reshape(trials.shape)
        where.append((np.repeat(ring, ZOOM_POINTS), trials.ravel(), found.ravel()))
        middles = trials[np.arange(len(ring)), np.argmin(signs[:, None] * found, axis=1)]
        half *= 0.25
    rings, angles, values = (np.concatenate(column) for column in zip(*where, strict=True))
    angles = np.mod(angles - FIRST_RAY, 2.0 * np.pi)
    order = np.lexsort((angles, rings))
    return _rings_of(function, centre, log_radii, rings[order], angles[order] + FIRST_RAY, values[order] < 0.0)


def _rings_of(
    function: Function, centre: Array, log_radii: Array, rings: Array, angles: Array, is_negative: Array
) -> list[Ring]:
    """From signs at angles that rise around each ring, ``(n,)``."""
    firsts = np.searchsorted(rings, np.arange(len(log_radii)))
    following = np.arange(len(rings)) + 1
    following[np.append(firsts[1:], len(rings)) - 1] = firsts
    here = np.flatnonzero(is_negative != is_negative[following])
    rises = is_negative[here]
    points = _points_at(centre, np.exp(log_radii)[rings], angles)
    negative, positive = (points[np.where(rises == side, here, following[here])] for side in (True, False))
    offsets = roots_on_edges_from(function, negative, positive) - centre if len(here) else negative
    roots = np.mod(np.arctan2(offsets[:, 0], offsets[:, 1]) - FIRST_RAY, 2.0 * np.pi)
    result = []
    for k, log_radius in enumerate(log_radii):
        mine = np.flatnonzero(rings[here] == k)
        mine = mine[np.argsort(roots[mine], kind="stable")]
        result.append(Ring(float(log_radius), roots[mine], rises[mine], negative[mine], positive[mine]))
    return result


def _continues(inner: Ring, outer: Ring) -> bool:
    """Whether roots on one ring are close to those on another."""
    if len(inner.angles) != len(outer.angles):
        return False
    if len(inner.angles) == 0:
        return True
    i, j = np.transpose(_links_between(inner, outer)[0])
    if np.any(np.abs(_turn(outer.angles[j] - inner.angles[i])) > JUMP):
        return False
    low, high = np.sort([inner.gaps()[i], outer.gaps()[j]], axis=0)
    return not np.any((low < NARROW) & (high > WIDENS * low))


Pairs = list[tuple[int, int]]


def _links_between(inner: Ring, outer: Ring) -> tuple[Pairs, Pairs, Pairs]:
    """Roots of two rings on the same contour, and pairs on one ring that meet before they reach the other."""
    kept, folds = [], []
    fewest = min(len(inner.angles), len(outer.angles))
    for ring in (inner, outer):
        left, met = list(range(len(ring.angles))), []
        while len(left) > fewest:
            gaps = np.mod(np.roll(ring.angles[left], -1) - ring.angles[left], 2.0 * np.pi)
            k = int(np.argmin(gaps))
            pair = (left[k], left[(k + 1) % len(left)])
            met.append(pair)
            left = [i for i in left if i not in pair]
        kept.append(left)
        folds.append(met)
    if fewest == 0:
        return [], folds[0], folds[1]
    first, second = (np.array(left) for left in kept)
    shifts = [s for s in range(fewest) if outer.rises[second[s]] == inner.rises[first[0]]]
    costs = [np.sum(np.abs(_turn(outer.angles[np.roll(second, -s)] - inner.angles[first]))) for s in shifts]
    matched = np.roll(second, -shifts[int(np.argmin(costs))])
    return list(zip(first.tolist(), matched.tolist(), strict=True)), folds[0], folds[1]


def _turn(angles: Array) -> Array:
    """Between -pi and pi."""
    return np.mod(angles + np.pi, 2.0 * np.pi) - np.pi
