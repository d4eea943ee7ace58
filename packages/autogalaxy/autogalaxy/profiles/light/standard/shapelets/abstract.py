"""What shapelets have in common."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import modulus_from, squeezed_from
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.light.frame import along_axes_from
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain, checked_number

_DIRECTIONS = 2.0 * np.pi * (np.arange(256) + 0.5) / 256
_SIN, _COS = np.sin(_DIRECTIONS), np.cos(_DIRECTIONS)


@dataclass(eq=False)
class Shapelet(LightProfile):
    r"""Base of shapelets, orthogonal functions of :math:`(u, v) = (x, y / q) / \beta` along the profile's axes.

    They turn with the major axis, so that those without rotational symmetry have no circular limit: without
    ellipticity the axis is x. Light inside a curve is a quadrature with 96 radii in 256 directions, with errors below
    5e-13 of the coefficient up to the order 40 (exponential ones: 15) for axis ratios of 0.2.
    """

    intensity: float = aa.parameter(
        1.0, unit="e- s^-1", prior=aa.LogUniformPrior(lower_limit=1e-4, upper_limit=1e3), linear=True
    )
    """Coefficient of the normalized function."""
    beta: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.01, upper_limit=5.0))
    """Scale."""

    domains: ClassVar[dict[str, Domain]] = {"beta": POSITIVE}

    @abstractmethod
    def basis_at(self, v: Array, u: Array, xp: Namespace = np) -> Array:
        """The function at the scaled coordinates, normalized for ``beta = 1``, ``(n,)``."""
        raise NotImplementedError

    @property
    @abstractmethod
    def reach(self) -> float:
        """Radius in units of beta outside which the light is below 1e-14 of the whole."""
        raise NotImplementedError

    def image_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] at raw offsets from the centre [arcsec], ``(n,)``."""
        # squeezed before it is turned, (y / q, x) is smooth at the circular limit but for its direction
        minor, major = along_axes_from(*squeezed_from(y, x, ell_comps), ell_comps, xp=xp)
        scale = 1.0 / (self.beta * (1.0 - modulus_from(*ell_comps, xp=xp)))
        return self.intensity / self.beta * self.basis_at(scale * minor, scale * major, xp=xp)

    def image_2d_via_squared_radii_from(self, squared_radii: Array, xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] along the major axis at squared eccentric radii, ``(n,) -> (n,)``."""
        u = xp.sqrt(squared_radii / self.axis_ratio(xp=xp)) / self.beta
        return self.intensity / self.beta * self.basis_at(0.0 * u, u, xp=xp)

    def luminosity_within_ellipse_from(self, radius: Array, xp: Namespace = np) -> Array:
        """Light [e- s^-1 arcsec^2] inside the ellipse of eccentric radius ``radius`` [arcsec]."""
        limit = xp.asarray(radius)[..., None] / xp.sqrt(self.axis_ratio(xp=xp))
        return self._light_within(limit + 0.0 * _COS, xp=xp)

    def luminosity_within_circle_from(self, radius: float, xp: Namespace = np) -> Array:
        """Light [e- s^-1 arcsec^2] inside a circle of ``radius`` [arcsec] about the centre."""
        checked_number(type(self).__name__, "radius", radius, NOT_NEGATIVE)
        stretch = xp.sqrt(_COS**2 + (self.axis_ratio(xp=xp) * _SIN) ** 2)
        return self._light_within(radius / stretch, xp=xp)

    def _light_within(self, limit: Array, xp: Namespace = np) -> Array:
        """Light out to a radius ``limit`` [arcsec] in each direction of the coordinates (x, y / q), ``(..., 256)``."""
        limit = xp.minimum(limit / self.beta, self.reach)[..., None]
        node, weight = _nodes()
        radii = limit * node
        values = self.basis_at(radii * _SIN[:, None], radii * _COS[:, None], xp=xp) * radii
        total = xp.mean(xp.sum(weight * values, axis=-1) * limit[..., 0], axis=-1)
        return 2.0 * np.pi * self.intensity * self.beta * self.axis_ratio(xp=xp) * total


def check_order(profile: Any, name: str, least: int = 0, most: int | None = None) -> None:
    """Raise where the static order ``name`` of a shapelet is no whole number from ``least`` to ``most``."""
    value = getattr(profile, name)
    is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):
        wanted = f"a whole number of at least {least}" + ("" if most is None else f" and at most {most}")
        raise exc.ProfileException(f"{type(profile).__name__} got {name}={exc.shown(value)}, wanted {wanted}.")


@lru_cache(maxsize=1)
def _nodes() -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(96)
    return 0.5 * (nodes + 1.0), 0.5 * weights


def turned_power_from(v: Array, u: Array, m: int, xp: Namespace = np) -> Array:
    r"""Real part (``m <= 0``) or imaginary part (``m > 0``) of :math:`\rho^{|m|} e^{-i m \varphi}`, ``(n,)``.

    A polynomial in :math:`u = \rho \cos \varphi` and v, smooth at the centre.
    """
    real, imaginary = 1.0 + 0.0 * u, 0.0 * u
    for _ in range(abs(m)):
        real, imaginary = real * u - imaginary * v, real * v + imaginary * u
    return real if m <= 0 else -imaginary


def laguerre_from(x: Array, k: int, a: int) -> Array:
    """Generalized Laguerre polynomial ``L_k^a(x)``, by its recursion."""
    before, value = 0.0 * x, 1.0 + 0.0 * x
    for i in range(k):
        before, value = value, ((2 * i + 1 + a - x) * value - (i + a) * before) / (i + 1)
    return value
