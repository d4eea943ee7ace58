"""The Einstein radius from rays out of the middle of the lens: fixed shapes, for compiled code."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log
from typing import Any

import numpy as np

from autoarray.type import Array, Namespace

NEAREST, FARTHEST = 1e-3, 4.0
"""Radii between which a ray is searched, in half widths of the seed lattice."""
PARTS = 32
"""A bracket is divided into, again and again; the first time at radii in a ratio of 1.3."""
STENCIL = 1e-4
"""Step of the difference along a ray, relative to its length."""

_EVEN, _GROWING = np.arange(1, PARTS) / PARTS, np.geomspace(NEAREST / FARTHEST, 1.0, PARTS)[:-1]

Function = Callable[[Array], Array]
"""Values ``(n,)`` at points (y,x), ``(n, 2)``."""


def einstein_radius_along_rays_from(
    eigen_value_at: Function,
    centre: Array | None,
    rays: int,
    seed_shape: tuple[int, int],
    seed_extent: float,
    tolerance: float,
    xp: Namespace = np,
) -> Array:
    r"""Einstein radius [arcsec] of the tangential curve around a point inside it, ``()``; NaN without a curve.

    .. math:: \theta_E^2 = \frac{1}{2 \pi} \oint r^2 d\varphi

    where r is the zero of the eigenvalue on the ray in the direction :math:`\varphi`. The mean over equally spaced
    rays converges exponentially for a smooth curve that every ray crosses once.

    Derivatives with respect to whatever the eigenvalue depends on are exact: the zero is found without them, and a last
    Newton step brings them in (implicit function theorem).
    """
    if centre is None:
        centre = _middle_from(eigen_value_at, seed_shape, seed_extent, xp=xp)
    directions = _directions_of(rays)

    def values_at(radii: Array) -> Array:
        """Eigenvalue at the radii ``(rays, m)`` of each ray."""
        points = centre + radii[..., None] * directions[:, None]
        return eigen_value_at(points.reshape(-1, 2)).reshape(radii.shape)

    farthest = seed_extent * FARTHEST
    rounds = 1 + max(1, ceil(log(farthest / tolerance) / log(PARTS)))
    low, high = _brackets_from(values_at, rays, farthest, rounds, xp=xp)
    is_found = xp.logical_and(low > 0.0, high < farthest)  # neither positive nor negative all the way
    radii = 0.5 * (low + high)
    step = STENCIL * radii
    values = values_at(xp.stack((radii, radii + step, radii - step), axis=-1))
    slope = _constant((values[:, 1] - values[:, 2]) / (2.0 * step), xp=xp)
    move = values[:, 0] / xp.where(slope > 0.0, slope, 1.0)
    # rounding at a lens without curve, or with a corner, makes steps that lead away
    radii = radii - xp.where(xp.abs(move) < step, move, 0.0)
    mean = xp.mean(xp.where(is_found, radii, 1.0) ** 2)
    return xp.where(xp.all(is_found), xp.sqrt(mean), xp.nan)


def _directions_of(rays: int) -> Array:
    """Unit vectors (y,x) all around, ``(rays, 2)``."""
    angles = 2.0 * np.pi * (np.arange(rays) + 0.5) / rays
    return np.stack((np.sin(angles), np.cos(angles)), axis=-1)


def _lattice_of(shape: tuple[int, int]) -> tuple[Array, Array, Array]:
    """Points (y,x) over the square from -1 to 1, squared distances between them, and those to its border."""
    axes = [np.linspace(-1.0, 1.0, n) for n in shape]
    # no point of the lattice is on the centre of a lens at a round coordinate, where the eigenvalue is singular
    square = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2) + (0.00731, 0.00417)
    separations = np.sum((square[:, None] - square[None]) ** 2, axis=-1)
    return square, separations, (1.0 - np.max(np.abs(square), axis=1) + 1.0 / max(shape)) ** 2


def _middle_from(eigen_value_at: Function, shape: tuple[int, int], extent: float, xp: Namespace = np) -> Array:
    """The point (y,x) deepest inside the region of negative eigenvalue, ``(2,)``; in the largest of several lenses.

    On a lattice over the square of half width ``extent``, then on one of the cells around the point found there, which
    is the lowest if none is negative.
    """
    square, separations, to_border = _lattice_of(shape)
    lattice = xp.asarray(square)

    def nearer(_: Any, square_of: tuple[Array, Array]) -> tuple[Array, Array]:
        centre, half = square_of
        values = eigen_value_at(centre + half * lattice)
        depth = xp.minimum(xp.min(xp.where(values < 0.0, np.inf, separations), axis=1), to_border)
        best = xp.where(xp.any(values < 0.0), xp.argmax(xp.where(values < 0.0, depth, -1.0)), xp.argmin(values))
        return centre + half * lattice[best], half * 2.0 / (min(shape) - 1)

    return _repeated(nearer, 2, (xp.zeros(2), extent + xp.zeros(())), xp=xp)[0]


def _brackets_from(
    values_at: Function, rays: int, farthest: float, rounds: int, xp: Namespace = np
) -> tuple[Array, Array]:
    """Radii (low, high) between which each ray gets outside the curve, ``(rays,)``.

    The lower one is zero where the eigenvalue is nowhere negative, the upper one ``farthest`` where it is everywhere.
    """

    def narrowed(i: Any, bracket: tuple[Array, Array]) -> tuple[Array, Array]:
        low, high = bracket
        inner = low[:, None] + (high - low)[:, None] * xp.where(i == 0, _GROWING, _EVEN)
        edges = xp.concatenate((low[:, None], inner, high[:, None]), axis=1)
        is_inside = _either(i == 0, _enclosed_from, values_at(inner) < 0.0, xp=xp)
        count = xp.sum(xp.cumprod(is_inside, axis=1), axis=1)[:, None]  # from the middle outwards
        low, high = (xp.take_along_axis(edges, count + k, axis=1)[:, 0] for k in (0, 1))
        return low, high

    return _repeated(narrowed, rounds, (xp.zeros(rays), xp.full(rays, farthest)), xp=xp)


def _enclosed_from(is_negative: Array, xp: Namespace = np) -> Array:
    """What cannot be reached from outside through points that are not negative, on rays and radii ``(rays, m)``.

    Behind a singular lens another one can make islands with a positive eigenvalue inside the curve.
    """
    is_free = ~is_negative

    def spread(_: Any, reached: Array) -> Array:
        inwards = xp.concatenate((reached[:, 1:], reached[:, -1:]), axis=1)
        sideways = xp.logical_or(xp.roll(reached, 1, axis=0), xp.roll(reached, -1, axis=0))
        outwards = xp.concatenate((reached[:, :1], reached[:, :-1]), axis=1)
        touched = xp.logical_or(xp.logical_or(inwards, outwards), xp.logical_or(sideways, reached))
        return xp.logical_and(touched, is_free)

    outermost = np.arange(is_negative.shape[1]) == is_negative.shape[1] - 1
    # far enough to get behind a lens that hides a quarter of the sky
    sweeps = is_negative.shape[1] + is_negative.shape[0] // 4
    return ~_repeated(spread, sweeps, xp.logical_and(is_free, outermost), xp=xp)


def _either(condition: Any, function: Callable[..., Array], values: Array, xp: Namespace = np) -> Array:
    """``function(values)`` on a condition, else ``values``."""
    if xp is np:
        return function(values, xp=xp) if condition else values
    from jax import lax

    return lax.cond(condition, lambda v: function(v, xp=xp), lambda v: v, values)


def _repeated(function: Callable[[Any, Any], Any], times: int, start: Any, xp: Namespace = np) -> Any:
    """``function(i, state)`` again and again, compiled once."""
    if xp is not np:
        from jax import lax

        return lax.fori_loop(0, times, function, start)
    for i in range(times):
        start = function(i, start)
    return start


def _constant(values: Array, xp: Namespace = np) -> Array:
    """``values`` without derivatives."""
    if xp is np:
        return values
    from jax import lax

    return lax.stop_gradient(values)
