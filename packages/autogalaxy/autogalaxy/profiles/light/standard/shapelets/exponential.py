"""Exponential shapelets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import root_from
from autogalaxy.profiles.light.standard.shapelets.abstract import (
    Shapelet,
    check_order,
    laguerre_from,
    turned_power_from,
)
from autogalaxy.profiles.light.standard.shapelets.polar import PolarOrders


@dataclass(eq=False)
class ShapeletExponential(Shapelet, PolarOrders):
    r"""Elliptical exponential shapelet, whose lowest order is an exponential disc; ``|m| <= n``.

    .. math:: I = \frac{I_0}{\beta} \sqrt{\frac{2 (n - |m|)!}{\pi (2 n + 1)^3 (n + |m|)!}} \, t^{|m|}
              L_{n - |m|}^{2 |m|}(t) \, e^{-t / 2} \, \{\cos |m| \varphi, -\sin m \varphi\}, \quad
              t = \frac{2 \rho}{2 n + 1}

    with the polar coordinates :math:`\rho, \varphi` of :math:`(x, y / q) / \beta`. They are real and imaginary part of
    the complex function: the integral of the square is ``q I_0^2``, half of it for m other than 0.

    References
    ----------
    Berge, Massey, Baghi & Touboul (2019), MNRAS 486, 544, section 2.
    """

    def __post_init__(self) -> None:
        check_order(self, "n")
        check_order(self, "m", least=-self.n, most=self.n)
        super().__post_init__()

    @property
    def reach(self) -> float:
        return (2.0 * self.n + 1.0) * (36.0 + 5.0 * self.n)

    def basis_at(self, v: Array, u: Array, xp: Namespace = np) -> Array:
        """The function at the scaled coordinates, ``(n,)``."""
        a, scale = abs(self.m), 2.0 / (2.0 * self.n + 1.0)
        log_norm = math.lgamma(self.n - a + 1) - math.lgamma(self.n + a + 1) + math.log(scale**3 / (4.0 * math.pi))
        t = scale * root_from(u**2 + v**2, xp=xp)
        angular = turned_power_from(scale * v, scale * u, self.m, xp=xp)
        return math.exp(0.5 * log_norm) * angular * laguerre_from(t, self.n - a, 2 * a) * xp.exp(-0.5 * t)


@dataclass(eq=False)
class ShapeletExponentialSph(ShapeletExponential):
    """Exponential shapelet of equal scales."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
