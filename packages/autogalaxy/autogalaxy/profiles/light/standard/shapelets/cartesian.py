"""Cartesian shapelets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.light.standard.shapelets.abstract import Shapelet, check_order


@dataclass(eq=False)
class CartesianOrders:
    """The orders of a Cartesian shapelet, ahead of its other arguments."""

    n_y: int
    """Number of zeros along the minor axis."""
    n_x: int
    """Number of zeros along the major axis."""


@dataclass(eq=False)
class ShapeletCartesian(Shapelet, CartesianOrders):
    r"""Elliptical Cartesian shapelet, the product of two Gauss-Hermite functions.

    .. math:: I = \frac{I_0}{\beta} \phi_{n_x}(x / \beta) \, \phi_{n_y}(y / q \beta), \quad
              \phi_n(u) = (2^n \sqrt{\pi} \, n!)^{-1/2} H_n(u) e^{-u^2 / 2}

    The integral of the square is ``q I_0^2``.

    References
    ----------
    Refregier (2003), MNRAS 338, 35, eq. 3 and 18.
    """

    def __post_init__(self) -> None:
        check_order(self, "n_y")
        check_order(self, "n_x")
        super().__post_init__()

    @property
    def reach(self) -> float:
        return math.sqrt(2.0 * (self.n_y + self.n_x) + 1.0) + 8.0

    def basis_at(self, v: Array, u: Array, xp: Namespace = np) -> Array:
        """The function at the scaled coordinates, ``(n,)``."""
        return _hermite_from(u, self.n_x) * _hermite_from(v, self.n_y) * xp.exp(-0.5 * (u**2 + v**2))


@dataclass(eq=False)
class ShapeletCartesianSph(ShapeletCartesian):
    """Cartesian shapelet of equal scales."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))


def _hermite_from(u: Array, n: int) -> Array:
    """Hermite polynomial normalized with the weight exp(-u^2), by a recursion that is stable at every order."""
    before, value = 0.0 * u, np.pi**-0.25 + 0.0 * u
    for i in range(n):
        before, value = value, np.sqrt(2.0 / (i + 1)) * u * value - np.sqrt(i / (i + 1)) * before
    return value
