r"""Lenses whose convergence is a sum of cored steep ellipsoids, each of which has elementary lensing properties.

.. math:: \kappa = \sum_i a_i \left(1 + \frac{M^2}{s_i^2}\right)^{-3/2}, \quad M^2 = x^2 + y^2 / q^2

Any smooth convergence on ellipses can be written so (Oguri 2021, PASP 133, 074504); ``cored_steep_fit.py`` finds the
amplitudes. With :math:`S^2 = s^2 + M^2` the deflection integral of elliptical contours (Bourassa & Kantowski 1975, ApJ
195, 13) is

.. math:: \bar\alpha = 2 q \sum_i a_i \frac{s_i^2 M^2}{S_i (z S_i + W s_i)}
                     = 2 q \bar v \sum_i a_i \frac{s_i^2 (S_i + s_i)}{S_i B_i}, \quad
          B_i = (1 + q) s_i (S_i + s_i) + z \bar v, \quad v = \frac{\zeta}{1 - f} = \frac{z + W}{1 + q},

where :math:`\zeta = z - \epsilon \bar z` and :math:`M^2 = |v|^2`. The second form is in the orientation of the sky and
has neither a zero of the denominator nor a special case: the circular limit, the centre and all gradients are exact.

In every function y, x are offsets from the centre, ``(n,)``, ``amplitudes`` are :math:`a_i` in units of the critical
surface density, ``(k,)``, and ``cores`` are :math:`s_i > 0` in the units of y and x, ``(k,)``. Amplitudes and cores
may be traced; cores that are a constant array, with y and x in units of a traced scale, cost less. ``turned`` are more
terms, with complex amplitudes and cores, for a convergence that turns faster (``cored_steep_turned.py``): their parts,
each ``(j,)``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import modulus_from, squeezed_from
from autogalaxy.profiles.mass.complex_plane import Parts, multiplied
from autogalaxy.profiles.mass.cored_steep_sums import Terms, deflection_sum_from, slopes_from, summed
from autogalaxy.profiles.mass.cored_steep_turned import turned_convergence_term, turned_potential_term


def _stretched_from(
    y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
) -> tuple[Array, Parts, Array, Parts]:
    r"""q, v as (real, imaginary), ``M^2`` and :math:`z \bar v`."""
    f = modulus_from(*ell_comps, xp=xp)
    zeta_y, zeta_x = squeezed_from(y, x, ell_comps)
    v = zeta_x / (1.0 - f), zeta_y / (1.0 - f)
    return (1.0 - f) / (1.0 + f), v, v[0] ** 2 + v[1] ** 2, multiplied((x, y), (v[0], -v[1]))


def _over_both(sums: Callable[[Terms], Terms], amplitudes: Array, cores: Array, turned: Terms | None) -> Terms:
    """``sums`` over the real terms, and over the complex ones where there are any."""
    total = sums((amplitudes, cores))
    return total if turned is None else tuple(a + b for a, b in zip(total, sums(turned), strict=True))


def cored_steep_convergence_from(
    y: Array,
    x: Array,
    ell_comps: tuple[Array, Array],
    amplitudes: Array,
    cores: Array,
    turned: Terms | None = None,
    xp: Namespace = np,
) -> Array:
    """Convergence, ``(n,)``."""
    _, _, squared, _ = _stretched_from(y, x, ell_comps, xp=xp)

    def term(*item: Array) -> tuple[Array]:
        if len(item) == 4:
            return (turned_convergence_term(squared, item[:2], item[2:], xp=xp),)
        a, s = item
        inverse = 1.0 / (s**2 + squared)
        return ((a * s**3) * inverse * xp.sqrt(inverse),)

    return _over_both(lambda terms: summed(term, squared, 1, terms, xp=xp), amplitudes, cores, turned)[0]


def cored_steep_deflections_from(
    y: Array,
    x: Array,
    ell_comps: tuple[Array, Array],
    amplitudes: Array,
    cores: Array,
    turned: Terms | None = None,
    xp: Namespace = np,
) -> tuple[Array, Array]:
    """(y, x) deflections in the units of y and x, each ``(n,)``."""
    q, v, squared, c = _stretched_from(y, x, ell_comps, xp=xp)
    h = _over_both(lambda terms: deflection_sum_from(squared, c, 1.0 + q, terms, xp=xp), amplitudes, cores, turned)
    conjugate = multiplied((v[0], -v[1]), h)
    return -2.0 * q * conjugate[1], 2.0 * q * conjugate[0]


def cored_steep_potential_from(
    y: Array,
    x: Array,
    ell_comps: tuple[Array, Array],
    amplitudes: Array,
    cores: Array,
    turned: Terms | None = None,
    xp: Namespace = np,
) -> Array:
    r"""Potential in the squared units of y and x, zero at the centre, ``(n,)``.

    .. math:: \psi = q \sum_i a_i s_i^2 \ln\left[1 + \frac{|z|^2 + 2 q s_i M^2 / (S_i + s_i)}{(1 + q)^2 s_i^2}\right]
    """
    q, _, squared, _ = _stretched_from(y, x, ell_comps, xp=xp)
    distance = y**2 + x**2

    def term(*item: Array) -> tuple[Array]:
        if len(item) == 4:
            return (turned_potential_term(squared, distance, q, item[:2], item[2:], xp=xp),)
        a, s = item
        above = xp.sqrt(s**2 + squared) + s
        ratio = (distance + (2.0 * q * s) * squared / above) / ((1.0 + q) * s) ** 2
        return ((a * s**2) * xp.log1p(ratio),)

    return q * _over_both(lambda terms: summed(term, squared, 1, terms, xp=xp), amplitudes, cores, turned)[0]


def cored_steep_shear_from(
    y: Array,
    x: Array,
    ell_comps: tuple[Array, Array],
    amplitudes: Array,
    cores: Array,
    turned: Terms | None = None,
    xp: Namespace = np,
) -> tuple[Array, Array]:
    r"""Shear (gamma_1, gamma_2), each ``(n,)``: :math:`\bar\gamma = \partial \bar\alpha / \partial z`.

    With :math:`\bar\alpha = 2 q \bar v H(M^2, c)`, :math:`c = z \bar v`, and
    :math:`(1 - f) (\partial_z \bar v, \partial_z M^2) = (-\bar\epsilon, \bar v - \bar\epsilon v)`.
    """
    q, v, squared, c = _stretched_from(y, x, ell_comps, xp=xp)
    e0, e1 = ell_comps
    stretch = 0.5 * (1.0 + q) / q

    def slopes(terms: Terms) -> Terms:
        return tuple(part for pair in slopes_from(squared, c, 1.0 + q, terms, xp=xp) for part in pair)

    sums = _over_both(slopes, amplitudes, cores, turned)
    h, by_squared, by_c = sums[:2], sums[2:4], sums[4:]
    v_slope = -e1 * stretch, e0 * stretch
    turned = multiplied(v_slope, v)
    squared_slope = stretch * v[0] + turned[0], -stretch * v[1] + turned[1]
    turned = multiplied(v_slope, (x, y))
    c_slope = v[0] + turned[0], -v[1] + turned[1]
    first, second = multiplied(by_squared, squared_slope), multiplied(by_c, c_slope)
    inner = multiplied((v[0], -v[1]), (first[0] + second[0], first[1] + second[1]))
    outer = multiplied(v_slope, h)
    return 2.0 * q * (inner[0] + outer[0]), -2.0 * q * (inner[1] + outer[1])
