"""Polar shapelets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from autoarray import exc
from autoarray.type import Array, Namespace
from autogalaxy.profiles.light.standard.shapelets.abstract import (
    Shapelet,
    check_order,
    laguerre_from,
    turned_power_from,
)


@dataclass(eq=False)
class PolarOrders:
    """The orders of a polar shapelet, ahead of its other arguments."""

    n: int
    """Number of radial oscillations."""
    m: int
    """Number of angular oscillations, of the cosine for ``m <= 0`` and of minus the sine for ``m > 0``."""


@dataclass(eq=False)
class ShapeletPolar(Shapelet, PolarOrders):
    r"""Elliptical polar shapelet; ``n - |m|`` is even and not negative.

    .. math:: I = \frac{I_0}{\beta} (-1)^k \sqrt{\frac{k!}{\pi (k + |m|)!}} \, \rho^{|m|} L_k^{|m|}(\rho^2)
              \, e^{-\rho^2 / 2} \, \{\cos |m| \varphi, -\sin m \varphi\}, \quad k = (n - |m|) / 2

    with the polar coordinates :math:`\rho, \varphi` of :math:`(x, y / q) / \beta`, in which shapelets of different
    orders are orthogonal. They are real and imaginary part of the complex function: the integral of the square is
    ``q I_0^2``, half of it for m other than 0.

    References
    ----------
    Massey & Refregier (2005), MNRAS 363, 197, eq. 8.
    """

    def __post_init__(self) -> None:
        check_order(self, "n")
        check_order(self, "m", least=-self.n, most=self.n)
        if (self.n - self.m) % 2:
            raise exc.ProfileException(
                f"{type(self).__name__} got n={self.n} and m={self.m}, wanted an even difference: n=2, m=0."
            )
        super().__post_init__()

    @property
    def reach(self) -> float:
        return math.sqrt(2.0 * self.n + 1.0) + 8.0

    def basis_at(self, v: Array, u: Array, xp: Namespace = np) -> Array:
        """The function at the scaled coordinates, ``(n,)``."""
        a = abs(self.m)
        k, squared = (self.n - a) // 2, u**2 + v**2
        norm = (-1) ** k * math.exp(0.5 * (math.lgamma(k + 1) - math.lgamma(k + a + 1))) / math.sqrt(math.pi)
        angular = turned_power_from(v, u, self.m, xp=xp)
        return norm * angular * laguerre_from(squared, k, a) * xp.exp(-0.5 * squared)


@dataclass(eq=False)
class ShapeletPolarSph(ShapeletPolar):
    """Polar shapelet of equal scales."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
