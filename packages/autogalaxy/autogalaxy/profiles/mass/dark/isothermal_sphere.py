r"""The isothermal sphere, and how it fits inside an NFW halo.

With :math:`\rho = \rho_0 e^{-h(\xi)}, \; \xi = r / r_0, \; r_0^2 = \sigma_0^2 / (4 \pi G \rho_0)` hydrostatic
equilibrium is

.. math:: \frac{1}{\xi^2} \frac{d}{d\xi} \left(\xi^2 \frac{dh}{d\xi}\right) = e^{-h}, \quad h(0) = h'(0) = 0.

It is solved once, and what follows from it is kept as Chebyshev series. The sphere that ends at :math:`r_1` has the
density and the mass of the NFW halo there where

.. math:: \frac{h' e^h}{\xi_1} = \frac{M}{4 \pi \rho \, r_1^3} = \frac{(1 + x)^2}{x^2} \left[\ln (1 + x)
          - \frac{x}{1 + x}\right], \quad x = \frac{r_1}{r_s},

which has a solution for x up to 3.974, where the left side is largest. Of several the smallest is taken, the one that
grows from the cusp.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import root_from

_SMALLEST = 1e-3
"""Of xi, where the solution starts from its series."""


@dataclass(frozen=True)
class Series:
    """Chebyshev series on (0, 1)."""

    coefficients: tuple[float, ...]

    def __call__(self, t: Array) -> Array:
        """The sum at every t, by the recurrence of Clenshaw."""
        twice = 4.0 * t - 2.0
        last, before = 0.0 * t, 0.0 * t
        for coefficient in self.coefficients[:0:-1]:
            last, before = coefficient + twice * last - before, last
        return self.coefficients[0] + 0.5 * twice * last - before

    def at(self, t: Array, xp: Namespace = np) -> Array:
        """The sum at a few t, by cosines: one operation for JAX to compile, however long the series."""
        inside = 1.0 - 1e-14
        angle = xp.arccos(xp.clip(2.0 * t - 1.0, -inside, inside))
        return xp.sum(
            xp.asarray(self.coefficients) * xp.cos(angle[..., None] * np.arange(len(self.coefficients))), axis=-1
        )


@dataclass(frozen=True)
class IsothermalSphere:
    """The solution up to the largest edge, and the edge that fits into an NFW halo."""

    height: Series
    r"""``h / ln(1 + xi^2 / 6)`` of ``ln(1 + xi^2 / 6)`` over its largest value."""
    edge: Series
    """xi at the edge, of ``sqrt(1 - x / largest_edge)``."""
    largest_xi: float
    largest_edge: float
    """Of x."""

    def density_ratio_from(self, xi_squared: Array, xp: Namespace = np) -> Array:
        """``e^-h``, the density over that of the centre; beyond the largest edge that of the edge."""
        top = math.log1p(self.largest_xi**2 / 6.0)
        logarithm = xp.minimum(xp.log1p(xi_squared / 6.0), top)
        return xp.exp(-logarithm * self.height(logarithm / top))

    def core_from(self, edge: Array, xp: Namespace = np) -> tuple[Array, Array]:
        """Central density over rho_s and ``r_0`` in scale radii of the sphere that ends at ``edge`` scale radii."""
        xi = self.edge.at(root_from(1.0 - edge / self.largest_edge, xp=xp), xp=xp)
        nfw = 1.0 / (edge * (1.0 + edge) ** 2)
        return nfw / self.density_ratio_from(xi**2, xp=xp), edge / xi

    def rate_from(self, edge: Array, xp: Namespace = np) -> Array:
        """K of :func:`edge_from` for the edge x."""
        density, radius = self.core_from(edge, xp=xp)
        return edge * (1.0 + edge) ** 2 / (radius * xp.sqrt(density))


def edge_from(rate: Array, xp: Namespace = np) -> Array:
    r"""Edge x of the sphere inside which every particle has scattered, for the rate K.

    .. math:: \rho(r_1) \frac{\sigma}{m} \frac{4 \sigma_0}{\sqrt \pi} \, t = 1 \iff
              \frac{x (1 + x)^2}{r_0 / r_s} \sqrt{\frac{\rho_s}{\rho_0}} = K
              = \frac{4}{\sqrt \pi} \frac{\sigma}{m} t \, \rho_s r_s \sqrt{4 \pi G \rho_s}

    K is at most 325, where x = 3.97; faster scattering gives that edge.

    References
    ----------
    Kaplinghat, Tulin & Yu (2016), PRL 116, 041302, with the mean relative speed of a Maxwell distribution.
    """
    series, largest = _edge_series()
    rate = xp.minimum(rate, largest)
    t = root_from(1.0 - xp.arcsinh(0.5 * rate) / math.asinh(0.5 * largest), xp=xp)
    return rate**2 * xp.exp(series.at(t, xp=xp))


@functools.lru_cache(maxsize=1)
def isothermal_sphere() -> IsothermalSphere:
    """Solve for the sphere, once."""
    from scipy.integrate import solve_ivp
    from scipy.optimize import brentq, minimize_scalar

    solution = solve_ivp(
        lambda q, y: [y[1], math.exp(2.0 * q - y[0]) - y[1]],  # h and xi h' of ln xi
        (math.log(_SMALLEST), math.log(50.0)),
        [_SMALLEST**2 / 6.0 - _SMALLEST**4 / 120.0, _SMALLEST**2 / 3.0 - _SMALLEST**4 / 30.0],
        method="DOP853",
        rtol=1e-13,
        atol=1e-16,
        dense_output=True,
    ).sol

    def mass_from(log_xi: float) -> float:
        h, slope = solution(log_xi)
        return slope * math.exp(h - 2.0 * log_xi)

    best = minimize_scalar(lambda q: -mass_from(q), bounds=(2.0, 3.5), method="bounded", options={"xatol": 1e-12})
    largest_xi = math.exp(best.x)
    largest_edge = brentq(lambda x: _nfw_mass_ratio_from(x) + best.fun, 1.0, 10.0, xtol=1e-14)
    top = math.log1p(largest_xi**2 / 6.0)

    def height_from(s: float) -> float:
        xi = math.sqrt(6.0 * math.expm1(s * top))
        h = float(solution(math.log(xi))[0]) if xi > _SMALLEST else xi**2 / 6.0 - xi**4 / 120.0
        return h / (s * top)

    def xi_from(v: float) -> float:
        mass = _nfw_mass_ratio_from(largest_edge * (1.0 - v**2))
        return math.exp(brentq(lambda q: mass_from(q) - mass, 0.0, best.x, xtol=1e-13))

    return IsothermalSphere(
        height=_series_from([height_from(s) for s in _nodes_from(16)]),
        edge=_series_from([xi_from(v) for v in _nodes_from(52)]),
        largest_xi=largest_xi,
        largest_edge=largest_edge,
    )


@functools.lru_cache(maxsize=1)
def _edge_series() -> tuple[Series, float]:
    """``ln(x / K^2)`` of ``sqrt(1 - arsinh(K / 2) / arsinh(largest / 2))``, and the largest K."""
    sphere = isothermal_sphere()
    trials = sphere.largest_edge * np.linspace(0.99, 1.0, 20001)
    rates = sphere.rate_from(trials)
    largest, largest_edge = float(rates.max()), float(trials[rates.argmax()])
    nodes = np.array(_nodes_from(96))
    wanted = 2.0 * np.sinh(math.asinh(0.5 * largest) * (1.0 - nodes**2))
    low, high = np.full(nodes.size, -40.0), np.full(nodes.size, math.log(largest_edge))
    for _ in range(70):  # bisection
        middle = 0.5 * (low + high)
        above = sphere.rate_from(np.exp(middle)) > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return _series_from(0.5 * (low + high) - 2.0 * np.log(wanted)), largest


def _nfw_mass_ratio_from(x: float) -> float:
    """Mass of the NFW halo inside x scale radii over ``4 pi rho r^3``."""
    return (math.log1p(x) - x / (1.0 + x)) * (1.0 + x) ** 2 / x**2 if x > 1e-4 else 0.5 + x / 3.0


def _nodes_from(number: int) -> list[float]:
    """Chebyshev nodes of (0, 1)."""
    return list(0.5 * (1.0 + np.cos(np.pi * (np.arange(number) + 0.5) / number)))


def _series_from(values: Any) -> Series:
    """The series through values at the Chebyshev nodes."""
    nodes = 2.0 * np.array(_nodes_from(len(values))) - 1.0
    return Series(tuple(float(c) for c in np.polynomial.chebyshev.chebfit(nodes, values, len(values) - 1)))
