"""Derivatives of a deflection field at every point of a grid: raw arrays only.

A Hessian is ``(n, 2, 2)``, ``[:, i, j]`` the derivative of component i of the deflection in direction j, each in (y,x)
order.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.blocks import in_blocks

FIRST_STEP = 0.0873
"""Largest step [arcsec] of the differences; no multiple of a pixel scale, so that none ends on a singular centre."""
LEVELS = 15
"""Halvings of the step at most; the last is 5e-6 arcsec."""
ROUGH_STEP = 1e-5
"""Step [arcsec] where a single difference is enough."""
TOLERANCE = 1e-12
"""Estimated error, relative to ``1 + |Hessian|``, below which a point is done."""


def hessian_via_differences_from(deflections_from: Callable[[Array], Array], points: Array) -> Array:
    r"""Hessian by central differences with halved steps, extrapolated to step zero at each point separately.

    .. math::
        T_{k,0} = \frac{\alpha(\theta + h_k) - \alpha(\theta - h_k)}{2 h_k}, \quad
        T_{k,j} = T_{k,j-1} + \frac{T_{k,j-1} - T_{k-1,j-1}}{4^j - 1}

    The entry with the smallest difference from its two parents is kept, and a point is done when that is rounding
    error or stops falling. Steps shrink where they have to: a point close to a singular centre goes on while others
    are done. The error is below 1e-9 of the Hessian at distances from 1e-3 arcsec of the centre of an isothermal lens.

    Parameters
    ----------
    deflections_from
        Deflections [arcsec] of any number of points, ``(n, 2) -> (n, 2)``.
    points
        Coordinates (y,x) [arcsec], ``(n, 2)``.

    References
    ----------
    Ridders (1982), Advances in Engineering Software 4, 75.
    """
    best = np.zeros((len(points), 2, 2))
    error = np.full(len(points), np.inf)
    misses = np.zeros(len(points), dtype=int)
    active = np.arange(len(points))
    row: list[Array] = []
    for level in range(LEVELS):
        if not len(active):
            break
        previous, row = row, [differences_from(deflections_from, points[active], FIRST_STEP / 2**level)]
        if level == 0:
            best[:] = row[0]
            continue
        improved = np.zeros(len(active), dtype=bool)
        for j, parent in enumerate(previous, start=1):
            entry = row[j - 1] + (row[j - 1] - parent) / (4.0**j - 1.0)
            distance = np.maximum(np.abs(entry - row[j - 1]), np.abs(entry - parent)).max(axis=(1, 2))
            closer = distance < error[active]
            best[active[closer]], error[active[closer]] = entry[closer], distance[closer]
            improved |= closer
            row.append(entry)
        misses[active] = np.where(improved, 0, misses[active] + 1)
        scale = 1.0 + np.abs(best[active]).max(axis=(1, 2))
        going = (error[active] > TOLERANCE * scale) & ((misses[active] < 3) | (error[active] > 1e-6 * scale))
        active, row = active[going], [entry[going] for entry in row]
    return best


def differences_from(deflections_from: Callable[[Array], Array], points: Array, step: float) -> Array:
    """Central differences, ``(n, 2, 2)``; the four displaced grids are one call."""
    offsets = step * np.array([(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)])
    displaced = points[None] + offsets[:, None]
    up, down, right, left = deflections_from(displaced.reshape(-1, 2)).reshape(4, -1, 2)
    # the steps that were made, which rounding of the coordinates changes a little
    height = (displaced[0] - displaced[1])[:, 0, None]
    width = (displaced[2] - displaced[3])[:, 1, None]
    return np.stack(((up - down) / height, (right - left) / width), axis=-1)


def matrices_from(yy: Array, yx: Array, xy: Array, xx: Array, xp: Namespace = np) -> Array:
    """Four arrays ``(n,)``, the second yx the derivative of y in the direction x, as ``(n, 2, 2)`` in (y,x) order."""
    return xp.stack((xp.stack((yy, yx), axis=-1), xp.stack((xy, xx), axis=-1)), axis=-2)


def hessian_via_jvp_from(deflections_from: Callable[[Array], Array], points: Array) -> Array:
    """Hessian ``(n, 2, 2)`` by forward-mode differentiation, exact to rounding."""
    import jax.numpy as jnp

    return matrices_from(*elements_via_jvp_from(deflections_from, points), xp=jnp)


def elements_via_jvp_from(
    deflections_from: Callable[[Array], Array], points: Array, moved: Callable[[Array], Array] | None = None
) -> tuple[Array, Array, Array, Array]:
    """Elements yy, yx, xy and xx of the Hessian, each ``(n,)``, the second the derivative of y in the direction x.

    A deflection depends on its own point alone, so one derivative of all points at once in y and another in x are
    every element of the Jacobian that is not zero. What both have in common XLA computes once. ``moved`` gives the
    points at which they are taken, block by block, so that no other array of all points is made.
    """
    import jax
    import jax.numpy as jnp

    def elements_at(block: Array) -> tuple[Array, ...]:
        def components_at(y: Array, x: Array) -> tuple[Array, Array]:
            deflections = deflections_from(jnp.stack((y, x), axis=-1))
            return deflections[:, 0], deflections[:, 1]

        block = block if moved is None else moved(block)
        y, x = block[:, 0], block[:, 1]
        one, zero = jnp.ones_like(y), jnp.zeros_like(y)
        _, derivative_in = jax.linearize(components_at, y, x)
        (yy, xy), (yx, xx) = derivative_in(one, zero), derivative_in(zero, one)
        return yy, yx, xy, xx

    return in_blocks(elements_at, points, xp=jnp)
