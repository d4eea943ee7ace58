r"""Cored steep ellipsoids whose core is a complex number: a convergence that turns faster than that of a real core.

.. math:: \kappa = \mathrm{Re}\left[a \left(1 + \frac{m^2}{s^2}\right)^{-3/2}\right], \quad s = |s| e^{i \theta}

All properties of the ellipsoid are analytic in s, so that they are the mean of those of (a, s) and of their conjugates.
As a function of ln m the singularity is at a distance of :math:`\pi / 2 - \theta` from the real axis instead of
:math:`\pi / 2`, which is what follows a sharp break. Here :math:`0 < \theta < \pi / 4`: then no root or logarithm
meets its branch cut and nothing cancels.

The sums are those of ``cored_steep_sums.py``. Functions take the parts of an amplitude and of a core, the latter
constants.
"""

from __future__ import annotations

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.complex_plane import Parts, multiplied


def _root_from(squared: Array, core: Parts, xp: Namespace = np) -> tuple[Parts, Array, Parts]:
    """S, its squared modulus, and the square of the core."""
    square = multiplied(core, core)
    real = square[0] + squared
    modulus = xp.sqrt(real * real + square[1] * square[1])
    root = xp.sqrt(0.5 * (modulus + real))
    return (root, (0.5 * square[1]) / root), modulus, square


def turned_convergence_term(squared: Array, a: Parts, core: Parts, xp: Namespace = np) -> Array:
    """Convergence at the squared radius."""
    root, modulus, square = _root_from(squared, core, xp=xp)
    inverse = root[0] / modulus, -root[1] / modulus
    top = multiplied(multiplied(a, square), core)
    return multiplied(multiplied(top, inverse), multiplied(inverse, inverse))[0]


def turned_potential_term(
    squared: Array, distance: Array, q: Array, a: Parts, core: Parts, xp: Namespace = np
) -> Array:
    """Potential over q, with the squared ``distance`` from the centre; see ``cored_steep_potential_from``."""
    root, _, square = _root_from(squared, core, xp=xp)
    above = root[0] + core[0], root[1] + core[1]
    share = (2.0 * q) * squared / (above[0] ** 2 + above[1] ** 2)
    bent = multiplied(core, (above[0], -above[1]))
    size = square[0] ** 2 + square[1] ** 2
    inverse = square[0] / size, -square[1] / size
    real, imaginary = multiplied((distance + share * bent[0], share * bent[1]), inverse)
    scale = 1.0 / (1.0 + q) ** 2
    real, imaginary = scale * real, scale * imaginary
    logarithm = 0.5 * xp.log1p(real * (2.0 + real) + imaginary * imaginary), xp.arctan2(imaginary, 1.0 + real)
    return multiplied(multiplied(a, square), logarithm)[0]


def _weight_and_base(squared: Array, t: Array, a: Parts, core: Parts, xp: Namespace = np) -> tuple[Parts, Parts, Parts]:
    r""":math:`w = a s^2 (S + s) / S`, :math:`p = t s (S + s)`, and 1 / S."""
    root, modulus, square = _root_from(squared, core, xp=xp)
    inverse = root[0] / modulus, -root[1] / modulus
    flat = multiplied(a, square)
    ratio = multiplied(multiplied(flat, core), inverse)
    weight = flat[0] + ratio[0], flat[1] + ratio[1]
    bent = multiplied(core, root)
    return weight, (t * (bent[0] + square[0]), t * (bent[1] + square[1])), inverse


def turned_deflection_term(squared: Array, c: Parts, t: Array, a: Parts, core: Parts, xp: Namespace = np) -> Parts:
    r"""The real part of one term of H, and the imaginary part over ``-Im c``.

    .. math:: \frac{1}{2} \left(\frac{w}{p + c} + \frac{\bar w}{\bar p + c}\right)
              = \frac{\mathrm{Re}(w \bar p) + c \, \mathrm{Re} \, w}{|p|^2 + 2 c \, \mathrm{Re} \, p + c^2}
    """
    w, p, _ = _weight_and_base(squared, t, a, core, xp=xp)
    sum_real = p[0] + c[0]
    below = sum_real * sum_real + p[1] * p[1] - c[1] * c[1]
    top = w[0] * sum_real + w[1] * p[1]
    size = 1.0 / (below * below + (4.0 * c[1] * c[1]) * sum_real * sum_real)
    real = (top * below + (2.0 * c[1] * c[1]) * w[0] * sum_real) * size
    return real, (2.0 * top * sum_real - w[0] * below) * size


def turned_slopes_term(squared: Array, c: Parts, t: Array, a: Parts, core: Parts, xp: Namespace = np) -> tuple:
    r"""One term of H and of its derivatives by :math:`M^2` and by c, six arrays."""
    weight, base, inverse = _weight_and_base(squared, t, a, core, xp=xp)
    cube = multiplied(inverse, multiplied(inverse, inverse))
    one = multiplied(multiplied(multiplied(core, core), multiplied(a, core)), cube)
    two = multiplied(multiplied(core, inverse), weight)
    total = (0.0,) * 6
    for sign in (1.0, -1.0):
        real, imaginary = base[0] + c[0], sign * base[1] + c[1]
        size = 1.0 / (real * real + imaginary * imaginary)
        u = real * size, -imaginary * size
        square = multiplied(u, u)
        w = 0.5 * weight[0], (0.5 * sign) * weight[1]
        first = multiplied((-0.25 * one[0], (-0.25 * sign) * one[1]), u)
        second = multiplied(((-0.25 * t) * two[0], (-0.25 * sign * t) * two[1]), square)
        value, by_c = multiplied(w, u), multiplied(w, square)
        added = (*value, first[0] + second[0], first[1] + second[1], -by_c[0], -by_c[1])
        total = tuple(old + new for old, new in zip(total, added, strict=True))
    return total
