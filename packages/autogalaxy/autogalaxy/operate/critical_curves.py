"""Where an eigenvalue of the lens mapping is zero: all curves in and across a window of the sky, raw arrays only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.operate.discs import Disc, Path, discs_from, paths_from
from autogalaxy.operate.lattices import Lattice
from autogalaxy.operate.polar_arcs import has_no_limit
from autogalaxy.operate.small_curves import SMALLEST, small_windows_from
from autogalaxy.operate.zero_contours import Function, ZeroContour, zero_contour_from

Kind = Literal["tangential", "radial"]

FEWEST_CELLS, MOST_CELLS = 24, 1000
"""Along one side of the window."""
WIDER_CELLS = 160
"""Along one side of a window that was widened because a curve was cut."""
DOUBLINGS = 8
"""Of the window at most, until all curves close."""
SMALL = 12
"""Cells across which a curve is looked at again on a finer lattice."""
BOXES = 4
"""Lattices that such a curve is looked at on, at most."""
FEWEST_EDGES = 8
"""Of a lattice of its own that a curve crosses; less may be chance beside a singular point."""
SHARED = 0.3
"""Part of the length of a curve along another one from which both are the same; two that touch share a point."""
POOR, NO_CURVE = 0.02, 0.1
"""Part of the length of a curve in unresolved chords from which a finer lattice is tried, and it is not believed."""


@dataclass(frozen=True)
class Window:
    """A rectangle of the sky [arcsec]."""

    lower: tuple[float, float]
    upper: tuple[float, float]

    @classmethod
    def about(cls, points: Array, margin: float = 0.0) -> Window:
        """The smallest one around points (y,x) and a margin."""
        low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
        return cls((float(low[0]), float(low[1])), (float(high[0]), float(high[1])))

    @property
    def sides(self) -> Array:
        return np.subtract(self.upper, self.lower)

    def widened(self, factor: float) -> Window:
        """About the same centre."""
        margin = 0.5 * (factor - 1.0) * self.sides
        return Window(tuple(self.lower - margin), tuple(self.upper + margin))

    def overlaps(self, other: Window) -> bool:
        """Whether a part of the sky is in both."""
        return bool(np.all(np.array(self.lower) < other.upper) and np.all(np.array(other.lower) < self.upper))

    def lattice(self, spacing: Array | tuple[float, float], most: int = MOST_CELLS) -> tuple[Array, Array]:
        """Rising y and x [arcsec] across the window; steps of ``spacing`` where the number of cells allows.

        A little wider at both ends, by fractions of a cell that put no point on the singular centre of a lens.
        """
        cells = np.clip(np.ceil(self.sides / spacing - 1e-9).astype(int), FEWEST_CELLS, most)
        low, high = self.lower - 0.1370364 * self.sides / cells, self.upper + 0.2118934 * self.sides / cells
        y, x = (np.linspace(a, b, n + 1) for a, b, n in zip(low, high, cells, strict=True))
        return y, x

    def points(self, side: int = 60) -> Array:
        """Points (y,x) all over the window, ``(n, 2)``."""
        return np.stack(np.meshgrid(*self.lattice(self.sides / side), indexing="ij"), axis=-1).reshape(-1, 2)


def eigen_value_from(hessian: Array, kind: Kind, xp: Namespace = np) -> Array:
    r"""Eigenvalue ``(n,)`` of ``A`` from the Hessian ``(n, 2, 2)``; the product of both is the determinant.

    .. math:: 1 - \kappa \mp \sqrt{\gamma^2 - \omega^2}, \quad \omega = (\alpha_{xy} - \alpha_{yx}) / 2

    The rotation :math:`\omega` is zero unless there are several planes. Where it exceeds the shear both eigenvalues are
    complex, and the real part is taken: then a zero is no critical point, see :func:`determinant_from`.
    """
    yy, yx, xy, xx = hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 0], hessian[:, 1, 1]
    squared = 0.25 * (xx - yy) ** 2 + xy * yx
    is_sheared = squared > 0.0  # the square root has no finite gradient at zero
    root = xp.where(is_sheared, xp.sqrt(xp.where(is_sheared, squared, 1.0)), 0.0)
    return 1.0 - 0.5 * (xx + yy) + (-root if kind == "tangential" else root)


def determinant_from(hessian: Array) -> Array:
    r"""Determinant ``(n,)`` of ``A`` from the Hessian ``(n, 2, 2)``: zero on all critical curves of a rotating mapping.

    There a curve may be tangential along a part of it and radial along the rest.
    """
    yy, yx, xy, xx = hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 0], hessian[:, 1, 1]
    return (1.0 - xx) * (1.0 - yy) - xy * yx


def zero_curves_from(
    function: Function,
    window: Window,
    spacing: tuple[float, float],
    centres: Array,
    rough: Function | None = None,
    enclosed: Function | None = None,
) -> list[ZeroContour]:
    """Curves on which ``function`` is zero and that are in the window or reach into it, the largest first.

    A lattice over the window finds those larger than a cell. Around ``centres`` (y,x), ``(m, 2)``, and extrema of the
    lattice ever finer ones look for smaller curves. A curve that the window cuts is followed in wider ones; one that
    still does not close is returned open, at the end of the list.

    Parameters
    ----------
    rough
        The function with less accuracy and at less cost, to look for curves.
    enclosed
        A function that is negative inside the outermost curves, if ``function`` is not.
    """
    rough = rough or function
    enclosed = enclosed or rough
    coarse = Lattice.of(rough, *window.lattice(spacing))
    singular = np.array([has_no_limit(function, centre) for centre in centres], dtype=bool)
    lattice = coarse.refined(rough, centres, singular)
    discs = discs_from(function, lattice, centres, singular)
    sky = Sky(function, rough, centres, singular, discs)
    paths = paths_from(lattice, discs)
    closed = [path for path in paths if path.is_closed]
    curves = _resolved_curves_from(sky, lattice, closed)
    if len(closed) < len(paths) or np.any(enclosed(lattice.border()) < 0.0):
        cut = [path for path in paths if not path.is_closed]
        curves += _curves_across_from(sky, enclosed, window, lattice, cut)
    curves += _small_curves_from(sky, coarse)
    curves = [curve for curve in curves if _is_believed(curve)]
    curves.sort(key=lambda curve: curve.unresolved_fraction)  # the best of those that were found twice
    return sorted(_distinct(curves), key=lambda curve: (not curve.is_closed, -curve.area))


@dataclass(frozen=True)
class Sky:
    """A function whose zeros are looked for, and what is known of it."""

    function: Function
    rough: Function
    """With less accuracy and at less cost."""
    centres: Array
    """Points (y,x) [arcsec] about which it varies most, ``(m, 2)``."""
    singular: Array
    """Whether it has no limit there, ``(m,)``."""
    discs: list[Disc]
    """About singular centres: contours that enter them are known there."""

    def refined(self, lattice: Lattice) -> Lattice:
        return lattice.refined(self.rough, self.centres, self.singular)

    def curve_of(self, path: Path) -> ZeroContour | None:
        centres = self.centres[self.singular]
        return zero_contour_from(self.function, path.negative, path.positive, path.is_closed, centres)

    def outside(self, curves: list[ZeroContour]) -> list[ZeroContour]:
        """Those that enter no disc."""
        return [curve for curve in curves if not any(disc.holds(curve.points).any() for disc in self.discs)]


def _resolved_curves_from(sky: Sky, lattice: Lattice, paths: list[Path]) -> list[ZeroContour]:
    """The curve of each path, or those that a finer lattice shows in its place."""
    curves = []
    cell = lattice.cell()
    for path in paths:
        if path.is_joined:
            curves.append(sky.curve_of(path))
            continue
        ends = np.concatenate((path.negative, path.positive))
        box = Window.about(ends)
        if path.is_closed and np.any(box.sides < SMALL * cell):
            finer = _curves_in_box_from(sky, Window.about(ends, float(cell.max())))
            if finer:
                curves += finer
                continue
        curve = sky.curve_of(path)
        if curve is not None and path.is_closed and curve.unresolved_fraction > POOR:
            curves += _curves_in_box_from(sky, box)
        curves.append(curve)
    return [curve for curve in curves if curve is not None]


def _curves_in_box_from(sky: Sky, box: Window) -> list[ZeroContour]:
    """Closed curves inside a box on lattices of its own, outside of discs.

    The next one is wider where a curve is cut, since a coarser lattice lost the thin end of it, or else twice as fine
    where one is not resolved.
    """
    curves: list[ZeroContour] = []
    cells = 64
    for _ in range(BOXES):
        lattice = sky.refined(Lattice.of(sky.rough, *box.lattice(box.sides / cells)))
        paths = paths_from(lattice, [])
        closed = [path for path in paths if path.is_closed and len(path.negative) >= FEWEST_EDGES]
        found = [sky.curve_of(path) for path in closed]
        curves += [curve for curve in found if curve is not None]
        if not all(path.is_closed for path in paths):
            box = box.widened(1.6)
        elif any(curve is None or curve.unresolved_fraction > POOR for curve in found):
            cells *= 2
        else:
            break
    return sky.outside(curves)


def _curves_across_from(
    sky: Sky, enclosed: Function, window: Window, lattice: Lattice, cut: list[Path]
) -> list[ZeroContour]:
    """Curves that the border of the window cuts or that lie around it, closed in wider windows or else open."""
    curves: list[ZeroContour] = []
    boxes: list[Array] = []
    wide, spacing, paths, is_cut = lattice, window.sides / WIDER_CELLS, cut, True
    for doubling in range(1, DOUBLINGS + 1):
        wide = Lattice.of(sky.rough, *window.widened(2.0**doubling).lattice(spacing, most=WIDER_CELLS))
        wide = sky.refined(wide)
        paths = paths_from(wide, sky.discs)
        # the first lattice to close a curve is the finest to do so
        fresh = [p for p in paths if p.is_closed and _reaches([p], window) and not _is_known(p, wide, boxes)]
        boxes += [_corners_of(path) for path in fresh]
        curves += _resolved_curves_from(sky, wide, fresh)
        paths = [path for path in paths if not path.is_closed]
        is_negative = wide.values < 0.0 if enclosed is sky.rough else Lattice.of(enclosed, wide.y, wide.x).values < 0.0
        is_cut = _reaches(paths, window) or _leaves(is_negative, wide, window)
        if not is_cut:
            break
    cell = float(np.linalg.norm(wide.cell()))
    pieces = _resolved_curves_from(sky, *((lattice, cut) if cut or not is_cut else (wide, paths)))
    return curves + [piece for piece in pieces if not any(_is_part(piece, curve, cell) for curve in curves)]


def _reaches(paths: list[Path], window: Window) -> bool:
    """Whether paths on a wider lattice are not inside the window but across it or, together, around it."""
    if not paths:
        return False
    points = np.concatenate([path.negative for path in paths])
    is_outside = np.any(points < window.lower) or np.any(points > window.upper)
    return bool(is_outside and Window.about(points).overlaps(window))


def _leaves(is_negative: Array, lattice: Lattice, window: Window) -> bool:
    """Whether a curve about the window, or across it, goes on outside a wider lattice.

    It does if from the window one gets to the border of the lattice over negative values and what they surround.
    """
    from scipy.ndimage import binary_fill_holes, label

    regions, _ = label(binary_fill_holes(is_negative))
    near = (
        slice(max(int(np.searchsorted(axis, low)) - 1, 0), int(np.searchsorted(axis, high)) + 1)
        for axis, low, high in zip((lattice.y, lattice.x), window.lower, window.upper, strict=True)
    )
    border = np.concatenate((regions[0], regions[-1], regions[:, 0], regions[:, -1]))
    return bool(np.any(np.isin(border[border > 0], regions[tuple(near)])))


def _corners_of(path: Path) -> Array:
    """The lowest and the highest (y,x) [arcsec] of a path, ``(2, 2)``."""
    return np.array((path.negative.min(axis=0), path.negative.max(axis=0)))


def _is_known(path: Path, lattice: Lattice, boxes: list[Array]) -> bool:
    """Whether a path has the box of one on a finer lattice, to two cells."""
    corners = _corners_of(path)
    return any(bool(np.all(np.abs(corners - box) < 2.0 * lattice.cell())) for box in boxes)


def _is_part(piece: ZeroContour, curve: ZeroContour, distance: float) -> bool:
    """Whether the middle of a piece is near to a vertex of a curve."""
    middle = piece.points[len(piece.points) // 2]
    return bool(np.min(np.linalg.norm(curve.points - middle, axis=1)) < distance)


def _small_curves_from(sky: Sky, lattice: Lattice) -> list[ZeroContour]:
    """Closed curves that the lattice may have missed, each in a window of its own."""
    cell = float(lattice.cell().max())
    is_open = np.ones(len(sky.centres), dtype=bool)
    for disc in sky.discs:
        is_open &= ~disc.holds(sky.centres)
    curves = []
    for centre, half in small_windows_from(sky.rough, lattice.y, lattice.x, lattice.values, sky.centres[is_open], cell):
        if not any(disc.holds(centre) for disc in sky.discs):
            curves += _curves_in_box_from(sky, Window.about(centre[None], half))
    return curves


def _distinct(curves: list[ZeroContour]) -> list[ZeroContour]:
    """Without those that were found twice, whole or in part: another one goes along them."""
    kept: list[ZeroContour] = []
    for curve in curves:
        lengths = np.linalg.norm(np.diff(curve.vertices, axis=0), axis=1)
        is_shared = np.zeros(len(lengths), dtype=bool)
        middles = curve.vertices[:-1] + 0.5 * np.diff(curve.vertices, axis=0)
        for other in kept:
            is_shared |= other.passes(middles)
        if lengths[is_shared].sum() < SHARED * lengths.sum():
            kept.append(curve)
    return kept


def _is_believed(curve: ZeroContour) -> bool:
    """Whether a curve is more than noise, or a line there and back, at a singular point."""
    is_flat = curve.is_closed and curve.area < 1e-5 * curve.size**2
    return curve.size > SMALLEST and curve.unresolved_fraction < NO_CURVE and not is_flat
