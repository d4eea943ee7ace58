r"""The integral behind an elliptical Gaussian lens, and that of its potential, with derivatives in closed form.

.. math:: I(E, \tau) = \int_0^1 e^{-E v - 2 \tau v (1 - v)} dv
          = \sum_k \left(\frac{-2 \tau}{E}\right)^k e^{-x} i_k(x), \quad x = \frac{E}{2},

with the modified spherical Bessel functions :math:`i_k`. Their ratios :math:`i_k / i_{k - 1} = x \rho_k` come from
their continued fraction, started by the uniform expansion of large orders (Abramowitz & Stegun 1972, eq. 9.7.7 and
9.7.9), and the sum is made on the way, as :math:`I = b_0 G_1` with

.. math:: \rho_k = \frac{1}{2 k + 1 + x^2 \rho_{k + 1}}, \quad G_k = 1 - \tau \rho_k G_{k + 1}, \quad
          b_0 = \frac{1 - e^{-E}}{E} .

With :math:`(2 k + 1) i_k = x (i_{k - 1} - i_{k + 1})` the integral of the potential, :math:`\Psi` with
:math:`E \, \partial \Psi / \partial E = (1 + 2 \tau / E) E I` at constant :math:`\tau / E`, is

.. math:: \Psi = \mathrm{Ein}(E) + 2 \tau b_0 P_1, \quad
          P_k = \frac{1 + x \rho_k}{k} - \tau \rho_k P_{k + 1} .

E and tau are arrays ``(n,)``, tau a pair of them (real, imaginary) with :math:`2 |\tau| \le f E`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from autoarray.abstract_ndarray import is_concrete_number
from autoarray.special_functions import special_functions_from
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.complex_plane import Parts, divided, multiplied
from autogalaxy.profiles.mass.total.scaling import growth_from

_TERMS = 34
_EIN_SERIES = [(-1.0) ** n / ((n + 1) * math.factorial(n + 1)) for n in range(18)]


def number_of_terms(ell_comps: tuple[Array, Array]) -> int:
    """Terms for an error of 1e-11 where the ellipticity is a number, the fixed length otherwise; none for a circle."""
    if not all(is_concrete_number(e) for e in ell_comps):
        return _TERMS
    f = math.hypot(*(float(e) for e in ell_comps))
    return 10 + math.ceil(12.0 * f / (1.0 - f)) if f > 0.0 else 0


def _log_derivatives(terms: int = 5) -> list[np.ndarray]:
    r"""Polynomials :math:`a_n(p)` of :math:`I_\nu' / I_\nu \propto \sum_n a_n(p) / \nu^n`, highest power first."""
    p, u = np.poly1d([1.0, 0.0]), [np.poly1d([1.0])]
    for _ in range(terms - 1):
        u.append(0.5 * p**2 * (1 - p**2) * u[-1].deriv() + 0.125 * ((1 - 5 * p**2) * u[-1]).integ())
    v = [u[0]] + [
        u[k] - 0.5 * p * (1 - p**2) * u[k - 1] - p**2 * (1 - p**2) * u[k - 1].deriv() for k in range(1, terms)
    ]
    ratios: list[np.poly1d] = []
    for n in range(terms):
        ratios.append(v[n] - sum((ratios[j] * u[n - j] for j in range(n)), np.poly1d([0.0])))
    return [np.asarray(ratio.coeffs) for ratio in ratios]


_LOG_DERIVATIVES = _log_derivatives()


def _last_ratio_from(k: int, x_squared: Array, xp: Namespace = np) -> Array:
    r""":math:`\rho_k` of a large order."""
    order = k + 0.5
    root = xp.sqrt(order**2 + x_squared)
    p, total = order / root, 0.0 * x_squared
    for n, polynomial in enumerate(_LOG_DERIVATIVES):
        value = 0.0 * x_squared
        for coefficient in polynomial:
            value = value * p + float(coefficient)
        total = total + value / order**n
    return 1.0 / (root * total + order)


def _added(a: Parts, b: Parts, scale: Array = 1.0) -> Parts:
    return a[0] + scale * b[0], a[1] + scale * b[1]


def scaled(a: Parts, scale: Array) -> Parts:
    """Product with a real number."""
    return scale * a[0], scale * a[1]


def _starts_from(energy: Array, terms: int, xp: Namespace = np) -> tuple[Array, Array]:
    r""":math:`\rho` of the first two orders beyond the terms."""
    x_squared = 0.25 * energy**2
    later = _last_ratio_from(terms + 2, x_squared, xp=xp)
    return 1.0 / (2 * terms + 3 + x_squared * later), later


def _tails_from(tau: Parts, rho: Array, later: Array) -> list[Parts]:
    r"""The sum beyond the last term and two derivatives by tau, with :math:`\rho` changing slowly.

    With :math:`a = \tau \rho` it is :math:`1 / (1 + a) + d a^2 / (1 + a)^3`, d the relative change of an order.
    """
    a, d = scaled(tau, rho), later / rho - 1.0
    square = multiplied(a, a)
    first = divided((1.0, 0.0), (1.0 + a[0], a[1]))
    second = multiplied(first, first)
    third, fourth = multiplied(second, first), multiplied(second, second)
    value = _added(first, multiplied(square, third), d)
    slope = _added(scaled(second, -1.0), multiplied(_added(scaled(a, 2.0), square, -1.0), fourth), d)
    top = 2.0 - 8.0 * a[0] + 2.0 * square[0], 2.0 * square[1] - 8.0 * a[1]
    bend = _added(scaled(third, 2.0), multiplied(top, multiplied(fourth, first)), d)
    return [value, scaled(slope, rho), scaled(bend, rho**2)]


def _sums_from(energy: Array, tau: Parts, terms: int, order: int, xp: Namespace = np) -> tuple[tuple, Parts]:
    r""":math:`G_1` with ``order`` derivatives by tau, and :math:`\rho_1 G_2`."""
    x_squared = 0.25 * energy**2
    rho, later = _starts_from(energy, terms, xp=xp)
    sums = tuple(_tails_from(tau, rho, later)[: order + 1])

    def step(k: Array, carry: tuple) -> tuple:
        rho, sums, _ = carry
        rho = 1.0 / (2 * k + 1 + x_squared * rho)
        last = scaled(sums[0], rho)
        change = multiplied(tau, last)
        steps = [(1.0 - change[0], -change[1])]
        for n in range(1, order + 1):
            steps.append(scaled(_added(multiplied(tau, sums[n]), sums[n - 1], n), -rho))
        return rho, tuple(steps), last

    _, sums, last = _downward(step, (rho, sums, sums[0]), terms, xp=xp)
    return sums, last


def _downward(step: Callable, carry: tuple, terms: int, xp: Namespace = np) -> tuple:
    """``step(k, carry)`` for k from ``terms`` to 1; XLA takes minutes to compile them side by side."""
    if xp is not np:
        import jax

        return jax.lax.fori_loop(0, terms, lambda i, values: step(terms - i, values), carry)
    for k in range(terms, 0, -1):
        carry = step(k, carry)
    return carry


def _integrals_from(energy: Array, tau: Parts, terms: int, order: int, xp: Namespace = np) -> list[Parts]:
    """I and its derivatives by tau."""
    first = growth_from(-energy, xp=xp)
    return [scaled(value, first) for value in _sums_from(energy, tau, terms, order, xp=xp)[0]]


def _potential_sum_from(energy: Array, tau: Parts, terms: int, xp: Namespace = np) -> Array:
    """Real part of Psi."""
    half, x_squared = 0.5 * energy, 0.25 * energy**2
    rho, later = _starts_from(energy, terms, xp=xp)
    a, b = scaled(tau, rho), scaled(tau, later)
    above, below = (1.0 + half * rho) / (terms + 1), (1.0 + a[0], a[1])
    near = divided((above, 0.0 * above), below)
    change = _added(divided(((1.0 + half * later) / (terms + 2), 0.0 * above), (1.0 + b[0], b[1])), near, -1.0)
    total = _added(near, divided(multiplied(a, change), below), -1.0)

    def step(k: Array, carry: tuple) -> tuple:
        rho, total = carry
        rho = 1.0 / (2 * k + 1 + x_squared * rho)
        change = multiplied(tau, total)
        return rho, ((1.0 + half * rho) / k - rho * change[0], -rho * change[1])

    _, total = _downward(step, (rho, total), terms, xp=xp)
    return ein_from(energy, xp=xp) + 2.0 * growth_from(-energy, xp=xp) * multiplied(tau, total)[0]


def ein_from(energy: Array, xp: Namespace = np) -> Array:
    r""":math:`\mathrm{Ein}(E) = \int_0^E (1 - e^{-u}) / u \, du = \ln E + \gamma + E_1(E)`, ``(n,)``."""
    near = energy < 1.0
    small, large = xp.where(near, energy, 0.0), xp.where(near, 1.0, energy)
    series = 0.0 * small
    for coefficient in reversed(_EIN_SERIES):
        series = series * small + coefficient
    far = xp.log(large) + np.euler_gamma + special_functions_from(xp).exp1(large)
    return xp.where(near, small * series, far)


def gaussian_integral_from(energy: Array, tau: Parts, terms: int, xp: Namespace = np) -> Parts:
    """I, ``(n,)``."""
    return _with_derivatives(xp, terms)[0](energy, *tau)


def gaussian_integral_and_slope_from(energy: Array, tau: Parts, terms: int, xp: Namespace = np) -> tuple[Parts, Parts]:
    """I and its derivative by tau, ``(n,)``."""
    return _with_derivatives(xp, terms)[1](energy, *tau)


def gaussian_potential_integral_from(energy: Array, tau: Parts, terms: int, xp: Namespace = np) -> Array:
    """Real part of Psi, ``(n,)``."""
    return _with_derivatives(xp, terms)[2](energy, *tau)


def _slopes_by_energy(energy: Array, tau: Parts, sums: list[Parts], xp: Namespace = np) -> list[Parts]:
    r"""Derivatives by E of I and of its derivative by tau; their series where by parts cancels.

    .. math:: \frac{\partial I}{\partial E} = -\frac{R}{E - 2 \tau}, \quad
              R = I - e^{-E} + 2 \tau \frac{\partial I}{\partial \tau}
    """
    near = energy < 1e-4
    below = xp.where(near, 1.0, energy - 2.0 * tau[0]), xp.where(near, 0.0, -2.0 * tau[1])
    value, turned = sums[0], multiplied(tau, sums[1])
    ratio = divided((xp.exp(-energy) - value[0] - 2.0 * turned[0], -value[1] - 2.0 * turned[1]), below)
    square = multiplied(tau, tau)
    real = -0.5 + energy / 3.0 + tau[0] / 6.0 - energy**2 / 8.0 - energy * tau[0] / 10.0 - square[0] / 30.0
    imaginary = tau[1] / 6.0 - energy * tau[1] / 10.0 - square[1] / 30.0
    slopes = [(xp.where(near, real, ratio[0]), xp.where(near, imaginary, ratio[1]))]
    if len(sums) > 2:
        top = _added(scaled(multiplied(tau, sums[2]), -2.0), _added(scaled(ratio, 2.0), sums[1], -3.0))
        cross = divided(top, below)
        real, imaginary = 1.0 / 6.0 - energy / 10.0 - tau[0] / 15.0, -tau[1] / 15.0
        slopes.append((xp.where(near, real, cross[0]), xp.where(near, imaginary, cross[1])))
    return slopes


@cache
def _with_derivatives(xp: Namespace, terms: int) -> tuple[Callable, Callable, Callable]:
    """I, I with its slope, and the real part of Psi; under JAX with their derivatives attached.

    Differentiating the sums would keep all of their terms in memory.
    """

    def integral(energy: Array, real: Array, imaginary: Array) -> Parts:
        return _integrals_from(energy, (real, imaginary), terms, 0, xp=xp)[0]

    def with_slope(energy: Array, real: Array, imaginary: Array) -> tuple[Parts, Parts]:
        value, slope = _integrals_from(energy, (real, imaginary), terms, 1, xp=xp)
        return value, slope

    def potential(energy: Array, real: Array, imaginary: Array) -> Array:
        return _potential_sum_from(energy, (real, imaginary), terms, xp=xp)

    if xp is np:
        return integral, with_slope, potential
    import jax

    integral_jax: Any = jax.custom_jvp(integral)
    with_slope_jax: Any = jax.custom_jvp(with_slope)
    potential_jax: Any = jax.custom_jvp(potential)

    @integral_jax.defjvp
    def integral_tangent(primals: tuple, tangents: tuple) -> tuple[Parts, Parts]:
        energy, *tau = primals
        value, slope = with_slope_jax(*primals)
        (by_energy,) = _slopes_by_energy(energy, tuple(tau), [value, slope], xp=xp)
        return value, _added(multiplied(slope, tangents[1:]), by_energy, tangents[0])

    @with_slope_jax.defjvp
    def with_slope_tangent(primals: tuple, tangents: tuple) -> tuple[tuple, tuple]:
        energy, *tau = primals
        sums = _integrals_from(energy, tuple(tau), terms, 2, xp=xp)
        by_energy = _slopes_by_energy(energy, tuple(tau), sums, xp=xp)
        moved = tuple(_added(multiplied(sums[n + 1], tangents[1:]), by_energy[n], tangents[0]) for n in (0, 1))
        return (sums[0], sums[1]), moved

    @potential_jax.defjvp
    def potential_tangent(primals: tuple, tangents: tuple) -> tuple[Array, Array]:
        energy, *tau = primals
        (total,), last = _sums_from(energy, tuple(tau), terms, 0, xp=xp)
        # dPsi/dE = b_0 (2 G_1 - 1), dPsi/dtau = 2 b_0 (G_1 + x rho_1 G_2)
        by_tau = multiplied(_added(total, last, 0.5 * energy), tangents[1:])
        moved = (2.0 * total[0] - 1.0) * tangents[0] + 2.0 * by_tau[0]
        return potential_jax(*primals), growth_from(-energy, xp=xp) * moved

    return integral_jax, with_slope_jax, potential_jax
