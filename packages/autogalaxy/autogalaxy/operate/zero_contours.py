"""Contours on which a smooth function of the plane is zero, to rounding: raw arrays only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autoarray.type import Array

TURN = np.radians(0.5)
"""Largest angle between the tangents at two vertices that follow each other."""
MOST_VERTICES = 20000
STENCIL = 1e-4
"""Step of the differences that make the gradient, relative to the size of the curve."""
NEXT_TO = 0.1
"""Length on which the function changes beside a point without a limit, relative to the distance: slivers are thin."""
TOLERANCE = 1e-8
"""Distance from the zero, relative to the size of the curve, beyond which a vertex is none."""

Function = Callable[[Array], Array]
"""Values ``(n,)`` at points (y,x), ``(n, 2)``."""


@dataclass(frozen=True)
class ZeroContour:
    """A curve of zeros: points on it and the direction in which it goes on there."""

    points: Array
    """Coordinates (y,x) [arcsec], ``(n, 2)``; the first is not repeated at the end."""
    tangents: Array
    """Unit vectors (y,x) along the curve, ``(n, 2)``; NaN at a corner."""
    is_closed: bool

    @property
    def vertices(self) -> Array:
        """The points, of a closed curve with the first again at the end."""
        return np.concatenate((self.points, self.points[:1])) if self.is_closed else self.points

    def around_corners(self, radius: float) -> Array:
        """The vertices (y,x) with an arc of so small a ``radius`` [arcsec] inside the curve at each corner, ``(n, 2)``.

        The deflection at the singular centre of a lens depends on the direction, so that its limits are a line.
        """
        points = self.points
        offsets = points - points[0]
        is_left = float(np.sum(_cross(offsets, np.roll(offsets, -1, axis=0)))) > 0.0
        parts, start = [], 0
        for k in np.flatnonzero(np.isnan(self.tangents[:, 0])).tolist():
            before, after = points[k - 1] - points[k], points[(k + 1) % len(points)] - points[k]
            first, last = np.arctan2(before[0], before[1]), np.arctan2(after[0], after[1])
            turn = -np.mod(first - last, 2.0 * np.pi) if is_left else np.mod(last - first, 2.0 * np.pi)
            angles = first + np.linspace(0.0, turn, int(np.ceil(np.abs(turn) / TURN)) + 2)
            arc = points[k] + radius * np.stack((np.sin(angles), np.cos(angles)), axis=-1)
            parts += [points[start:k], arc]
            start = k + 1
        parts.append(points[start:])
        around = np.concatenate(parts)
        return np.concatenate((around, around[:1])) if self.is_closed else around

    @property
    def length(self) -> float:
        """Length [arcsec] of the polygon."""
        return float(np.linalg.norm(np.diff(self.vertices, axis=0), axis=1).sum())

    @property
    def size(self) -> float:
        """Diagonal [arcsec] of the box around the curve."""
        return float(np.linalg.norm(np.ptp(self.points, axis=0)))

    @property
    def area(self) -> float:
        r"""Area [arcsec^2] inside the closed curve, taken to be a cubic between two points.

        With chord d and tangents :math:`m = |d| t` a cubic Hermite arc adds to the polygon

        .. math:: \frac{m_0 \times d + d \times m_1}{10} - \frac{m_0 \times m_1}{60}

        The error falls with the fourth power of the turn between vertices: 1e-10 of an ellipse of axes 1 and 2.
        """
        following = np.roll(self.points, -1, axis=0)
        chords = following - self.points
        lengths = np.linalg.norm(chords, axis=1)[:, None]
        first, second = lengths * self.tangents, lengths * np.roll(self.tangents, -1, axis=0)
        polygon = 0.5 * _cross(self.points - self.points[0], following - self.points[0])
        arcs = 0.1 * (_cross(first, chords) + _cross(chords, second)) - _cross(first, second) / 60.0
        return abs(float(np.sum(polygon + np.where(np.isnan(arcs), 0.0, arcs))))

    def passes(self, points: Array) -> Array:
        """Whether points (y,x), ``(n, 2)``, are on the curve, to the height of its arcs above chords, ``(n,)``."""
        from scipy.spatial import cKDTree

        chords = _chords_of(self.points, self.is_closed)
        is_long = np.any(chords != 0.0, axis=1)
        middles, chords = (self.points[: len(chords)] + 0.5 * chords)[is_long], chords[is_long]
        lengths = np.linalg.norm(chords, axis=1)
        is_on = np.zeros(len(points), dtype=bool)
        for near in cKDTree(middles).query(points, k=min(6, len(middles)))[1].T:
            offsets = points - middles[near]
            across = np.abs(_cross(offsets, chords[near])) / lengths[near]
            along = np.abs(np.sum(offsets * chords[near], axis=1)) / lengths[near]
            height = 3.0 * TURN / 8.0 * lengths[near] + 10.0 * TOLERANCE * self.size
            is_on |= np.logical_and(across < height, along < 0.6 * lengths[near])
        return is_on

    @property
    def unresolved(self) -> Array:
        """Numbers of chords that do not go along the curve, as where two curves are taken for one."""
        chords, (ahead, behind) = _chords_of(self.points, self.is_closed), _pairs_of(self.tangents, self.is_closed)
        along = np.minimum(np.sum(chords * ahead, axis=1), np.sum(chords * behind, axis=1))
        return np.flatnonzero(along <= 0.5 * np.linalg.norm(chords, axis=1))  # NaN, at a corner, is not below

    @property
    def unresolved_fraction(self) -> float:
        """The part of the length of the curve that is in such chords: most of it where this is no curve."""
        lengths = np.linalg.norm(_chords_of(self.points, self.is_closed), axis=1)
        return float(lengths[self.unresolved].sum() / lengths.sum())


def zero_contour_from(
    function: Function, negative: Array, positive: Array, is_closed: bool, centres: Array
) -> ZeroContour | None:
    """The curve of zeros of ``function`` that crosses each of the edges from ``negative`` to ``positive``, ``(n, 2)``.

    It has a corner where both ends of an edge are the same. At the ``centres`` (y,x), ``(m, 2)``, the function has no
    limit. None where there is no such curve, as when the function changes sign by a jump or a pole.
    """
    is_corner = np.all(negative == positive, axis=1)
    points, gradients = np.array(negative), np.full(negative.shape, np.nan)
    points[~is_corner] = roots_on_edges_from(function, negative[~is_corner], positive[~is_corner])
    size = float(np.linalg.norm(np.ptp(points, axis=0)))
    if size == 0.0:
        return None
    longest = float(np.max(np.linalg.norm(positive - negative, axis=1)))
    scales = scales_from(points[~is_corner], size, centres)
    points[~is_corner], gradients[~is_corner], distances = _polished_from(
        function, points[~is_corner], scales, size, longest
    )
    found = is_corner.copy()
    found[~is_corner] = distances < TOLERANCE * size
    points, gradients, is_corner = points[found], gradients[found], is_corner[found]
    if len(points) < max(4, 0.8 * len(found)):
        return None
    apart = np.logical_or(np.linalg.norm(_chords_of(points, True), axis=1) > 1e-7 * size, is_corner)
    points, tangents = points[apart], _tangents_from(gradients[apart])
    if len(points) < 4:
        return None
    if np.nansum(_chords_of(points, is_closed) * _pairs_of(tangents, is_closed)[0]) < 0.0:
        tangents = -tangents
    return _filled_from(function, points, tangents, is_closed, size, centres)


def scales_from(points: Array, size: float, centres: Array) -> Array:
    """Lengths [arcsec] on which the function changes at points of a curve of so large a size, ``(n,)``."""
    if len(centres) == 0:
        return np.full(len(points), size)
    return np.minimum(size, NEXT_TO * np.linalg.norm(points[:, None] - centres, axis=-1).min(axis=1))


def resampled_from(function: Function, curve: ZeroContour, vertices: int, tolerance: float, newton_steps: int) -> Array:
    """So many vertices (y,x) at equal distances along a curve, ``(n, 2)``, of a closed one the first again at the end.

    Those on a corner, where Newton steps lead nowhere, stay on the polygon.
    """
    polygon = curve.vertices
    along = np.append(0.0, np.cumsum(np.linalg.norm(np.diff(polygon, axis=0), axis=1)))
    wanted = np.linspace(0.0, along[-1], vertices + 1)[: vertices if curve.is_closed else None]
    points = np.stack([np.interp(wanted, along, column) for column in polygon.T], axis=-1)
    farthest = 0.01 * along[-1] / vertices
    scales = np.full(len(points), curve.size)
    polished, _, distances = _polished_from(
        function, points, scales, curve.size, farthest, tolerance / curve.size, newton_steps
    )
    points = np.where((distances < max(tolerance, TOLERANCE * curve.size))[:, None], polished, points)
    return np.concatenate((points, points[:1])) if curve.is_closed else points


def roots_on_edges_from(function: Function, negative: Array, positive: Array) -> Array:
    """Near to the zero on each edge: false position, every third step a bisection."""
    below, above = function(negative), function(positive)
    low, high = np.zeros(len(negative)), np.ones(len(negative))
    for k in range(9):
        with np.errstate(invalid="ignore", divide="ignore"):
            fraction = np.clip(np.nan_to_num(below / (below - above), nan=0.5), 0.01, 0.99)
        middle = low + (0.5 if k % 3 == 2 else fraction) * (high - low)
        values = function(negative + middle[:, None] * (positive - negative))
        is_below = values < 0.0
        low, below = np.where(is_below, middle, low), np.where(is_below, values, below)
        high, above = np.where(is_below, high, middle), np.where(is_below, above, values)
    best = np.where(-below < above, low, high)
    return negative + best[:, None] * (positive - negative)


def _polished_from(
    function: Function,
    points: Array,
    scales: Array,
    size: float,
    farthest: float,
    tolerance: float = 1e-11,
    newton_steps: int = 5,
) -> tuple[Array, Array, Array]:
    """Newton steps along the gradient: points, gradients there, and distances [arcsec] from the zero that are left.

    The gradient is a difference over a part of ``scales`` [arcsec], ``(n,)``.

    They end when all distances are below ``tolerance`` of the size; no step is longer than ``farthest`` [arcsec].
    """
    step = STENCIL * scales[:, None]
    offsets = step * np.array([(0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)])[:, None]
    for iteration in range(newton_steps + 1):
        values = function((points + offsets).reshape(-1, 2)).reshape(5, -1)
        gradients = np.stack((values[1] - values[2], values[3] - values[4]), axis=-1) / (2.0 * step)
        steepness = np.linalg.norm(gradients, axis=1)
        safe = np.where(steepness > 0.0, steepness, 1.0)
        distances = np.where(steepness > 0.0, values[0] / safe, np.inf * np.sign(values[0] + 1e-300))
        if iteration == newton_steps or np.all(np.abs(distances) < tolerance * size):
            break
        moves = np.clip(distances, -farthest, farthest)
        points = points - moves[:, None] * gradients / safe[:, None]
    return points, gradients, np.abs(distances)


def _filled_from(
    function: Function, points: Array, tangents: Array, is_closed: bool, size: float, centres: Array
) -> ZeroContour:
    """Points added in the middle of arcs until no arc turns by more than ``TURN``."""
    for _ in range(9):
        chords, (ahead, behind) = _chords_of(points, is_closed), _pairs_of(tangents, is_closed)
        lengths = np.linalg.norm(chords, axis=1)
        turns = np.abs(np.arctan2(_cross(ahead, behind), np.sum(ahead * behind, axis=1)))
        coarse = np.flatnonzero((turns > TURN) & (lengths > 1e-6 * size))
        if len(coarse) == 0 or len(points) + len(coarse) > MOST_VERTICES:
            break
        scale = lengths[coarse, None]
        middles = points[coarse] + 0.5 * chords[coarse] + 0.125 * scale * (ahead - behind)[coarse]
        added, gradients, distances = _polished_from(
            function, middles, scales_from(middles, size, centres), size, 0.25 * float(scale.max())
        )
        near = np.linalg.norm(added - middles, axis=1) < 0.5 * scale[:, 0]
        found = np.logical_and(near, distances < TOLERANCE * size)
        if not found.any():
            break
        directions = _tangents_from(gradients)
        directions *= np.where(np.sum(directions * chords[coarse], axis=1) < 0.0, -1.0, 1.0)[:, None]
        points = np.insert(points, coarse[found] + 1, added[found], axis=0)
        tangents = np.insert(tangents, coarse[found] + 1, directions[found], axis=0)
    return ZeroContour(points, tangents, is_closed)


def _tangents_from(gradients: Array) -> Array:
    """Unit vectors (y,x) at right angles to gradients (y,x)."""
    return np.stack((gradients[:, 1], -gradients[:, 0]), axis=-1) / np.linalg.norm(gradients, axis=1)[:, None]


def _chords_of(points: Array, is_closed: bool) -> Array:
    """From each point to the next; from the last of a closed curve to the first."""
    return np.roll(points, -1, axis=0) - points if is_closed else np.diff(points, axis=0)


def _pairs_of(vectors: Array, is_closed: bool) -> tuple[Array, Array]:
    """Vectors at the first and the second end of each chord."""
    return (vectors, np.roll(vectors, -1, axis=0)) if is_closed else (vectors[:-1], vectors[1:])


def _cross(a: Array, b: Array) -> Array:
    """z component of the product of vectors (y,x), ``(n,)``."""
    return a[:, 1] * b[:, 0] - a[:, 0] * b[:, 1]
