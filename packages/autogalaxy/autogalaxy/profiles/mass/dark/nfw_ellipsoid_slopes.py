r"""First derivatives of what the deflection of the elliptical NFW lens is made of, in units of the scale radius.

In the notation of ``nfw_ellipsoid_deflection`` the deflection is a function of p and M alone,

.. math:: G = \frac{F - A}{B}, \quad A = \frac{\ln(1 + p) - \lambda}{p - t}, \quad B = p + t + \frac{e}{p - t},

about the foci with :math:`t = T`, :math:`\lambda = \ln(1 + T)` and :math:`e = 0`, elsewhere with :math:`t = 0`,
:math:`\lambda = \ln M` and :math:`e = M^2 - 1`. So the two forms differ in their arguments only, and every logarithm is
taken once. Derivatives are rational in G, A, F, p and M:

.. math:: A_p = \frac{1}{p - t} \left[\frac{1}{1 + p} - A\right], \quad
          G_p = -\frac{1}{B} \left[A_p + \left(1 - \frac{e}{(p - t)^2}\right) G\right],

.. math:: \frac{\partial G}{\partial M^2} = \frac{1}{B (p - t)} \left[p \frac{\partial F}{\partial M^2}
          + \frac{1}{2 M^2} - G\right]
          = \frac{1}{B} \left[\frac{\partial F}{\partial M^2}
          + \frac{1}{2 T} \left(G - A_p - \frac{1}{(1 + p) (1 + T)}\right)\right].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.fused import held
from autogalaxy.profiles.mass.complex_plane import Parts, inverted, multiplied, polynomial_from
from autogalaxy.profiles.mass.dark.nfw_ellipsoid import F_SERIES, LOG_SLOPE_SERIES, NEAR_ONE, series_from
from autogalaxy.profiles.mass.elementary import arctan_from

_SMALLEST_BESIDE_ONE = 1e-30
"""Distance of M^2 from one below which the roots that are not used there stay what they are."""


@dataclass(frozen=True, eq=False)
class NFWSlopes:
    """G and its derivatives."""

    kappa: Array
    """Convergence over ``2 kappa_s``."""
    g: Parts
    by_p: Parts
    by_squared: Parts
    """By ``M^2``."""


@dataclass(frozen=True, eq=False)
class _Basis:
    """What both derivatives start from: ``M^2 - 1``, its root, t, ``1 / M^2``, ``1 / T`` and ``1 / (1 + T)``."""

    is_inner: Array
    beyond: Array
    root: Array
    t: Array
    inverse_squared: Array
    inverse_root: Array
    inverse_above: Array


def nfw_slopes_from(p: Parts, squared: Array, xp: Namespace = np) -> NFWSlopes:
    """G and its derivatives by p and ``M^2``, of p with a positive real part and ``M^2`` above zero.

    What is ``held`` are values that several loops need: XLA would rather compute them again in each.
    """
    terms = _terms_from(p, squared, xp=xp)
    nfw_f, kappa, log = _logarithms_from(p, squared, terms, xp=xp)
    e = xp.where(terms.is_inner, 0.0, terms.beyond)
    below, is_small = _difference_from(p, terms, xp=xp)
    inverse, over = inverted(below), inverted((1.0 + p[0], p[1]))
    a, a_p = _divided_log_from(p, log, inverse, over, is_small, terms, xp=xp)
    inverse_b = inverted((p[0] + terms.t + e * inverse[0], p[1] + e * inverse[1]))
    g = multiplied((nfw_f - a[0], -a[1]), inverse_b)
    a_p, g = held((a_p, g), xp=xp)
    turned = multiplied(inverse, inverse)
    b_p = multiplied((1.0 - e * turned[0], -e * turned[1]), g)
    by_p = multiplied((-a_p[0] - b_p[0], -a_p[1] - b_p[1]), inverse_b)
    half = 0.5 * terms.inverse_squared
    slope_f = 0.5 * kappa - half  # dF / d(M^2)
    scale = 0.5 * terms.inverse_root
    above = terms.inverse_above
    inner = slope_f + scale * (g[0] - a_p[0] - over[0] * above), scale * (g[1] - a_p[1] - over[1] * above)
    outer = multiplied((p[0] * slope_f + half - g[0], p[1] * slope_f - g[1]), inverse)
    chosen = xp.where(terms.is_inner, inner[0], outer[0]), xp.where(terms.is_inner, inner[1], outer[1])
    return NFWSlopes(kappa, g, by_p, multiplied(chosen, inverse_b))


def _terms_from(p: Parts, squared: Array, xp: Namespace) -> _Basis:
    """The form with T is for where ``|p^2 + M^2 - 1|``, which is zero at the foci, is less than ``T^2``."""
    beyond = squared - 1.0
    focal = p[0] ** 2 - p[1] ** 2 + beyond, 2.0 * p[0] * p[1]
    is_inner = xp.logical_and(beyond < 0.0, focal[0] ** 2 + focal[1] ** 2 < beyond**2)
    root = xp.sqrt(xp.maximum(abs(beyond), _SMALLEST_BESIDE_ONE))
    t = xp.where(is_inner, root, 0.0)
    return _Basis(is_inner, beyond, root, t, 1.0 / squared, 1.0 / root, 1.0 / (1.0 + root))


def _logarithms_from(p: Parts, squared: Array, terms: _Basis, xp: Namespace) -> tuple[Array, Array, Parts]:
    """F, the convergence and ``ln(1 + p) - lambda``: two logarithms and two arctangents."""
    beyond, root, above = terms.beyond, terms.root, 1.0 + p[0]
    inside, near = beyond < 0.0, abs(beyond) < NEAR_ONE
    divisor = xp.where(terms.is_inner, terms.inverse_above**2, terms.inverse_squared)
    log = 0.5 * xp.log((above**2 + p[1] ** 2) * divisor), arctan_from(p[1] / above, xp=xp)
    artanh = 0.5 * xp.log(xp.where(inside, (1.0 + root) ** 2 * terms.inverse_squared, 1.0))
    log_real, log_imaginary, artanh, arctan = held((*log, artanh, arctan_from(root, xp=xp)), xp=xp)
    far = xp.where(inside, artanh, arctan) * terms.inverse_root
    series = series_from(F_SERIES[1:], xp.where(near, -beyond, 0.0))
    nfw_f = xp.where(near, 1.0 - beyond * series, far)
    inverse = xp.where(inside, -(terms.inverse_root**2), terms.inverse_root**2)
    kappa = xp.where(near, series, (1.0 - nfw_f) * inverse)
    nfw_f, kappa, log_real, log_imaginary = held((nfw_f, kappa, log_real, log_imaginary), xp=xp)
    return nfw_f, kappa, (log_real, log_imaginary)


def _difference_from(p: Parts, terms: _Basis, xp: Namespace) -> tuple[Parts, Array]:
    """``p - t``, one where it is so small that A is a series, and whether it is."""
    real = p[0] - terms.t
    is_small = xp.logical_and(terms.is_inner, (real**2 + p[1] ** 2) * terms.inverse_above**2 < 1e-4)
    return (xp.where(is_small, 1.0, real), xp.where(is_small, 0.0, p[1])), is_small


def _divided_log_from(
    p: Parts, log: Parts, inverse: Parts, over: Parts, is_small: Array, terms: _Basis, xp: Namespace
) -> tuple[Parts, Parts]:
    """A and its derivative by p; where p is close to t the derivative is a series, and A follows from it."""
    a = multiplied(log, inverse)
    a_p = multiplied((over[0] - a[0], over[1] - a[1]), inverse)
    if xp is np and not np.any(is_small):
        return a, a_p
    scale = xp.where(is_small, terms.inverse_above, 0.0)
    difference = p[0] - terms.t, p[1]
    series = polynomial_from(LOG_SLOPE_SERIES, (difference[0] * scale, difference[1] * scale))
    scale = scale**2
    a_p = xp.where(is_small, series[0] * scale, a_p[0]), xp.where(is_small, series[1] * scale, a_p[1])
    step = multiplied(difference, a_p)
    return (xp.where(is_small, over[0] - step[0], a[0]), xp.where(is_small, over[1] - step[1], a[1])), a_p
