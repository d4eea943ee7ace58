"""Values of a function on a rectangular lattice with finer lines where its zero contours bend sharply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autoarray.type import Array
from autogalaxy.operate.zero_contours import Function

NEAR = 4.0
"""Cells between a centre and a contour, or a centre and the finer lines around it."""
PARTS = 4
"""Cells that a cell is divided in, in each direction."""
CENTRE_LEVELS, LEVELS = 3, 9
"""Times that cells are divided around centres, and in all."""
MOST_LINES = 500
"""Of a lattice in each direction to which lines are added."""
CLOCKWISE = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))


@dataclass(frozen=True)
class Lattice:
    """Values of a function at the crossings of lines."""

    y: Array
    x: Array
    values: Array

    @classmethod
    def of(cls, function: Function, y: Array, x: Array) -> Lattice:
        points = np.stack(np.meshgrid(y, x, indexing="ij"), axis=-1)
        return cls(y, x, _values_at(function, points.reshape(-1, 2)).reshape(points.shape[:2]))

    def cell(self) -> Array:
        """Sides (y,x) [arcsec] of the largest cells, ``(2,)``."""
        return np.array((np.diff(self.y).max(), np.diff(self.x).max()))

    def holds(self, points: Array) -> Array:
        """Whether points (y,x), ``(n, 2)``, are inside, ``(n,)``."""
        low, high = (self.y[0], self.x[0]), (self.y[-1], self.x[-1])
        return np.all((points > low) & (points < high), axis=1)

    def cell_at(self, centre: Array, radius: float) -> float:
        """Side [arcsec] of the largest cell at lines within ``radius`` of a point (y,x)."""
        sides = []
        for axis, middle in zip((self.y, self.x), centre, strict=True):
            low, high = np.searchsorted(axis, (middle - radius, middle + radius))
            sides.append(np.diff(axis[max(low - 1, 0) : high + 1]).max())
        return float(max(sides))

    def border(self) -> Array:
        """The points (y,x) at the border, ``(n, 2)``."""
        y, x = np.meshgrid(self.y, self.x, indexing="ij")
        points = np.stack((y, x), axis=-1)
        return np.concatenate((points[0], points[-1], points[:, 0], points[:, -1]))

    def refined(self, function: Function, centres: Array, singular: Array) -> Lattice:
        """With finer lines about ``centres`` (y,x), ``(m, 2)``, near to zeros and about saddles that zeros pass.

        Those of the centres that are ``singular``, ``(m,)``, are near to zeros on however coarse a lattice none is.

        Mass at a centre bends a contour on the scale of its distance, and at a saddle two contours may all but touch.
        Lines are added at a saddle until the cells around it have one sign each way, so that what is connected there
        is not left to chance.
        """
        lattice, cell = self, self.cell()
        near = centres[self._is_near_zero(centres) | singular & self.holds(centres)]
        for level in range(LEVELS):
            step = cell / PARTS**level
            saddles = lattice.saddles()
            # at a singular centre a limit that depends on the direction has saddles however fine the lines are
            apart = np.linalg.norm((saddles[:, None] - centres) / step, axis=-1)
            saddles = saddles[np.all(apart > NEAR, axis=1)]
            about_centres = near if level < CENTRE_LEVELS else near[:0]
            y, x = (
                _divided(axis, about_centres[:, k], NEAR * step[k], saddles[:, k])
                for k, axis in enumerate((lattice.y, lattice.x))
            )
            is_same = len(y) == len(lattice.y) and len(x) == len(lattice.x)
            if is_same or max(len(y) - len(self.y), len(x) - len(self.x)) > MOST_LINES:
                break
            lattice = lattice._with_lines(function, y, x)
        return lattice

    def saddles(self) -> Array:
        """Points (y,x) around which values rise and fall twice and have both signs, ``(m, 2)``."""
        ny, nx = self.values.shape
        middle = self.values[1:-1, 1:-1]
        around = np.stack([self.values[1 + i : ny - 1 + i, 1 + j : nx - 1 + j] for i, j in CLOCKWISE])
        is_higher, is_negative = around > middle, around < 0.0
        changes = np.count_nonzero(is_higher != np.roll(is_higher, 1, axis=0), axis=0)
        mixed = np.logical_and(is_negative.any(axis=0), ~is_negative.all(axis=0))
        rows, columns = np.nonzero(np.logical_and(changes >= 4, mixed))
        return np.stack((self.y[rows + 1], self.x[columns + 1]), axis=-1)

    def _is_near_zero(self, centres: Array) -> Array:
        """Whether signs differ within so many cells of each of the centres, ``(m,)``."""
        is_near = np.zeros(len(centres), dtype=bool)
        for i, centre in enumerate(centres):
            rows, columns = (
                slice(*np.searchsorted(axis, (c - NEAR * side, c + NEAR * side)))
                for axis, c, side in zip((self.y, self.x), centre, self.cell(), strict=True)
            )
            negative = self.values[rows, columns] < 0.0
            is_near[i] = bool(negative.any() and not negative.all())
        return is_near

    def _with_lines(self, function: Function, y: Array, x: Array) -> Lattice:
        """On more lines; only what is new is evaluated."""
        is_new = np.ones((len(y), len(x)), dtype=bool)
        old = np.ix_(np.searchsorted(y, self.y), np.searchsorted(x, self.x))
        is_new[old] = False
        values = np.empty(is_new.shape)
        values[old] = self.values
        rows, columns = np.nonzero(is_new)
        values[rows, columns] = _values_at(function, np.stack((y[rows], x[columns]), axis=-1))
        return Lattice(y, x, values)


def _values_at(function: Function, points: Array) -> Array:
    values = function(points)
    # what is zero but for rounding (a sheet of critical density, the radial eigenvalue of none) is no curve
    return np.where(np.abs(values) < 1e-9, 0.0, values)


def _divided(axis: Array, centres: Array, reach: float, saddles: Array) -> Array:
    """Lines with more of them between those within ``reach`` of ``centres`` and beside ``saddles``."""
    middles, sides = 0.5 * (axis[1:] + axis[:-1]), np.diff(axis)
    is_near = np.zeros(len(middles), dtype=bool)
    for centre in centres:
        is_near |= (np.abs(middles - centre) < reach) & (sides > 0.3 * reach / NEAR)
    for index in np.searchsorted(axis, np.unique(saddles)):
        is_near[max(index - 1, 0) : index + 1] = True
    added = axis[:-1][is_near, None] + sides[is_near, None] * np.arange(1, PARTS) / PARTS
    return np.sort(np.concatenate((axis, added.ravel())))
