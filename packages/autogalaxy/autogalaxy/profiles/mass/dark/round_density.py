r"""Lensing by a round density that has no closed projection, by quadrature at fixed nodes.

A shell of radius r that holds :math:`4 \pi \mu` (in critical surface densities) adds to the mean convergence and to the
potential at R, with :math:`z = \sqrt{r^2 - R^2}`,

.. math:: \bar\kappa = \frac{4 \mu}{R^2} \times \begin{cases} 1 \\ 1 - z / r \end{cases} \qquad
          \psi = 4 \mu \times \begin{cases} 1 + \ln [R / (2 r)] & r < R \\
                 \delta + \ln (1 - \delta / 2), \; \delta = 1 - z / r & r > R \end{cases}

and :math:`\kappa = 2 \int \rho \, dz`. Lengths are in units in which the density turns to its outer slope of -3 at one;
``core`` is the radius, perhaps zero, where it becomes flat, and ``edge`` that where it ends, if it does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autoarray.type import Array, Namespace

REACH = 3e4
"""Where the line of sight ends; what lies beyond is 1e-9 of the whole."""
_SMALLEST_SQUARED = 1e-20
"""Squared radius below which everything stays what it is there."""
_SMALLEST_CORE = 1e-3


def nodes_from(number: int, power: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre nodes and weights on (0, 1) to a power, which crowds them at zero."""
    nodes, weights = np.polynomial.legendre.leggauss(number)
    nodes = 0.5 * (nodes + 1.0)
    return nodes**power, 0.5 * power * weights * nodes ** (power - 1)


# Crowded at z = 0, where the lines of sight that pass close to the centre turn.
_OUTER_NODES, _OUTER_WEIGHTS = nodes_from(56, 3)
_INNER_NODES, _INNER_WEIGHTS = nodes_from(32, 2)


class RoundLens:
    """Convergence, mean convergence and potential at squared radii ``(n,)`` of a density, a function of ``r^2``."""

    def __init__(
        self,
        density: Callable[[Array], Array],
        core: Array,
        squared: Array,
        edge: Array | None = None,
        xp: Namespace = np,
    ) -> None:
        self.density, self.core, self.edge, self.xp = density, core, edge, xp
        self.off = squared > _SMALLEST_SQUARED
        self.squared = xp.where(self.off, squared, _SMALLEST_SQUARED)[..., None]

    def convergence(self) -> Array:
        """``(n,)``."""
        _, radii_squared, steps = self._line_of_sight()
        return 2.0 * self.xp.sum(self.density(radii_squared) * steps, axis=-1)

    def mean_convergence(self) -> Array:
        """``(n,)``."""
        xp = self.xp
        z, radii_squared, steps = self._line_of_sight()
        inside, shells = self._inside()
        outer = z / (xp.sqrt(radii_squared) + z) * steps
        return 4.0 * self._sum_over_shells(radii_squared, outer, inside, shells / self.squared)

    def potential(self) -> Array:
        """Zero at the centre, ``(n,)``."""
        xp = self.xp
        z, radii_squared, steps = self._line_of_sight()
        inside, shells = self._inside()
        radii = xp.sqrt(radii_squared)
        delta = self.squared / (radii * (radii + z))
        outer = radii * z * (delta + xp.log1p(-0.5 * delta)) * steps
        inner = shells * (1.0 + 0.5 * xp.log(0.25 * self.squared / inside))
        return xp.where(self.off, 4.0 * self._sum_over_shells(radii_squared, outer, inside, inner), 0.0)

    def _sum_over_shells(self, outside: Array, outer: Array, inside: Array, inner: Array) -> Array:
        """The density at squared radii outside and inside R, each times its weight, summed, ``(n,)``."""
        join = self.xp.concatenate
        return self.xp.sum(self.density(join((outside, inside), axis=-1)) * join((outer, inner), axis=-1), axis=-1)

    def _line_of_sight(self) -> tuple[Array, Array, Array]:
        """z, r^2 and the steps of z, each ``(n, nodes)``."""
        xp = self.xp
        scale = xp.sqrt(self.squared + self.core**2)
        end, open_ = REACH * (1.0 + scale), 1.0
        if self.edge is not None:
            open_ = self.squared < self.edge**2
            end = xp.sqrt(xp.where(open_, self.edge**2 - self.squared, 1.0))
        reach = xp.arcsinh(end / scale)
        turn = reach * xp.asarray(_OUTER_NODES)
        z = scale * xp.sinh(turn)
        steps = open_ * scale * xp.cosh(turn) * reach * xp.asarray(_OUTER_WEIGHTS)
        return z, self.squared + z**2, steps

    def _inside(self) -> tuple[Array, Array]:
        """r^2 of shells inside R and their volumes over 4 pi, each ``(n, nodes)``."""
        scale = self.xp.sqrt(self.core**2 + _SMALLEST_CORE**2)
        radii = self.xp.sqrt(self.squared)
        reach = self.xp.arcsinh((radii if self.edge is None else self.xp.minimum(radii, self.edge)) / scale)
        turn = reach * self.xp.asarray(_INNER_NODES)
        radii_squared = (scale * self.xp.sinh(turn)) ** 2
        steps = scale * self.xp.cosh(turn) * reach * self.xp.asarray(_INNER_WEIGHTS)
        return radii_squared, radii_squared * steps
