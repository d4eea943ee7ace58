r"""Deflection of the elliptical NFW lens in closed form, with coordinates in units of the scale radius.

In the notation of ``nfw_ellipsoid`` with :math:`p = W / z`, whose real part is positive, both forms there are

.. math:: \bar\alpha = 4 q \kappa_s \frac{M^2}{z} G, \quad
          G = \frac{p F + \ln M - \ln(1 + p)}{p^2 + M^2 - 1}
            = \frac{1}{p + T} \left[F - \frac{1}{1 + T} \frac{\ln(1 + u)}{u}\right], \quad u = \frac{p - T}{1 + T},

because the denominator with the foci is :math:`(z / M)^2 (p^2 + M^2 - 1)`. So G is a function of p and M alone, and the
digits that p and M lack where the ellipse is narrow do not grow. :math:`q M^2 = |z|^2 \mathrm{Re} \, p`. Largest
relative error, against 50 digits and at any radius from 1e-9 to 1e5: 8e-15 for q of 0.1, 5e-15 for 0.2 and 3e-15 from
0.4; under JAX 4e-14, 6e-15 and 5e-15.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.fused import held
from autogalaxy.profiles.geometry import modulus_from, squeezed_from
from autogalaxy.profiles.mass.complex_plane import Parts, divided
from autogalaxy.profiles.mass.dark.nfw_ellipsoid import log_over, nfw_f_from
from autogalaxy.profiles.mass.elementary import arctan_from, log_one_plus_from

_SMALLEST_SQUARED = 1e-20
"""Squared radius in scale radii below which its inverse and its logarithm stay what they are there."""
_TINY = 1e-30
"""Added to what may be zero and else is a rounding error larger."""


def nfw_deflections_from(y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
    """(y, x) deflections over ``kappa_s r_s``, in the shape of y and x; zero at the centre."""
    e0, e1 = ell_comps
    zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
    zeta_squared = zeta_y**2 + zeta_x**2
    squared = xp.maximum(zeta_squared * (1.0 / (1.0 - modulus_from(e0, e1, xp=xp)) ** 2), _SMALLEST_SQUARED)
    xx, yy = x**2, y**2
    inverse = (1.0 / (1.0 - e0**2 - e1**2)) / xp.maximum(xx + yy, _SMALLEST_SQUARED)
    p = zeta_squared * inverse, (4.0 * e1 * (x * y) - 2.0 * e0 * (xx - yy)) * inverse
    p, squared = held((p, squared), xp=xp)
    real, imaginary = _in_parts(p, squared) if xp is np else _everywhere(p, squared, xp=xp)
    scale = 4.0 * p[0]
    real, imaginary = scale * real, scale * imaginary
    return y * real - x * imaginary, x * real + y * imaginary


def _inner_from(p: Parts, t: Array, nfw_f: Array, ratio: Parts) -> Parts:
    """G without a pole at the foci, of T, F and ``ln(1 + u) / u / (1 + T)``."""
    return divided((nfw_f - ratio[0], -ratio[1]), (p[0] + t, p[1]))


def _outer_from(p: Parts, nfw_f: Array, log: Parts, below: Parts) -> Parts:
    """G with a pole at the foci, of F, ``ln M - ln(1 + p)`` and the denominator."""
    return divided((p[0] * nfw_f + log[0], p[1] * nfw_f + log[1]), below)


def _focal_from(p: Parts, squared: Array) -> Parts:
    """``p^2 + M^2 - 1``, zero at the foci."""
    return p[0] ** 2 - p[1] ** 2 + (squared - 1.0), 2.0 * p[0] * p[1]


def _everywhere(p: Parts, squared: Array, xp: Namespace) -> Parts:
    """G with JAX: both forms at every point, of logarithms whose derivatives do not cancel either."""
    inside = squared < 1.0
    nfw_f = nfw_f_from(squared, xp=xp)
    log = 0.5 * xp.log((1.0 + p[0]) ** 2 + p[1] ** 2), arctan_from(p[1] / (1.0 + p[0]), xp=xp)
    t = xp.sqrt(xp.where(inside, 1.0 - squared, 0.25))
    shrink = 1.0 / (1.0 + t)
    ratio = log_over(((p[0] - t) * shrink, p[1] * shrink), (log[0] - log_one_plus_from(t, xp=xp), log[1]), xp=xp)
    inner = _inner_from(p, t, nfw_f, (ratio[0] * shrink, ratio[1] * shrink))
    below = _focal_from(p, squared)
    below = xp.where(inside, 1.0, below[0]), xp.where(inside, 0.0, below[1])
    outer = _outer_from(p, nfw_f, (0.5 * xp.log(squared) - log[0], -log[1]), below)
    return xp.where(inside, inner[0], outer[0]), xp.where(inside, inner[1], outer[1])


def _in_parts(p: Parts, squared: np.ndarray) -> Parts:
    """G with NumPy: each form at the points that it is for."""
    inside = squared < 1.0
    number = np.count_nonzero(inside)
    if number == 0:
        return _outer_of_numbers(p, squared)
    if number == inside.size:
        return _inner_of_numbers(p, squared)
    real, imaginary = np.empty_like(squared), np.empty_like(squared)
    forms: tuple[tuple[np.ndarray, Callable], ...] = ((inside, _inner_of_numbers), (~inside, _outer_of_numbers))
    for part, form in forms:
        index = np.nonzero(part)  # indexing with numbers is several times faster than with booleans
        real[index], imaginary[index] = form((p[0][index], p[1][index]), squared[index])
    return real, imaginary


def _inner_of_numbers(p: Parts, squared: np.ndarray) -> Parts:
    """G inside M = 1; the logarithms of what is near one are those of the difference."""
    t = np.sqrt(np.maximum(1.0 - squared, _TINY))
    nfw_f = np.log1p(2.0 * t * (1.0 + t) / squared) / (2.0 * t)
    shrink = 1.0 / (1.0 + t)
    u, v = (p[0] - t) * shrink + _TINY, p[1] * shrink
    log = 0.5 * np.log1p((2.0 + u) * u + v**2), np.arctan(v / (1.0 + u))
    shrink /= u**2 + v**2
    ratio = (log[0] * u + log[1] * v) * shrink, (log[1] * u - log[0] * v) * shrink
    return _inner_from(p, t, nfw_f, ratio)


def _outer_of_numbers(p: Parts, squared: np.ndarray) -> Parts:
    """G outside M = 1, likewise."""
    beyond = squared - 1.0
    t = np.sqrt(np.maximum(beyond, _TINY))
    more = 2.0 * p[0] + p[0] ** 2 + p[1] ** 2
    log = 0.5 * np.log1p((beyond - more) / (1.0 + more)), -np.arctan(p[1] / (1.0 + p[0]))
    return _outer_from(p, np.arctan(t) / t, log, _focal_from(p, squared))
