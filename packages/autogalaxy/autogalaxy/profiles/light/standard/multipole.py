"""Light whose elliptical contours are bent by multipoles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import eccentric_radii_squared_from
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.light.frame import along_axes_from
from autogalaxy.profiles.validation import NOT_NEGATIVE, checked_number

# The trapezoidal rule over a turn, whose error falls exponentially.
_DIRECTIONS = 2.0 * np.pi * (np.arange(512) + 0.5) / 512
_SIN, _COS = np.sin(_DIRECTIONS), np.cos(_DIRECTIONS)


@dataclass(eq=False)
class MultipoleLight(LightProfile):
    r"""Base of elliptical profiles (named after it among the bases) with multipoles of order 3 and 4.

    .. math:: R \to R \, [1 + \delta(\varphi)], \quad \delta = \sum_{m = 3, 4} a_m \cos m \varphi + b_m \sin m \varphi

    with the eccentric radius R and the direction :math:`\varphi` from the major axis; components are
    :math:`(a_m, b_m)`, with :math:`a_4 < 0` where contours are discy. (Those of a mass multipole are in the order
    sine, cosine, and follow the directions of the sky.) Light of index 3 turns with the major axis, so that it has no
    circular limit: without ellipticity the axis is x.
    """

    multipole_3_comps: tuple[float, float] = aa.parameter(
        (0.0, 0.0), unit="", prior=aa.TruncatedGaussianPrior(mean=0.0, sigma=0.05, lower_limit=-0.4, upper_limit=0.4)
    )
    """Cosine and sine components of order 3."""
    multipole_4_comps: tuple[float, float] = aa.parameter(
        (0.0, 0.0), unit="", prior=aa.TruncatedGaussianPrior(mean=0.0, sigma=0.05, lower_limit=-0.4, upper_limit=0.4)
    )
    """Cosine and sine components of order 4."""

    def __post_init__(self) -> None:
        super().__post_init__()
        values = (*self.multipole_3_comps, *self.multipole_4_comps)
        if not any(is_traced(value) for value in values) and not bool(self._is_gentle()):
            raise exc.ProfileException(
                f"{type(self).__name__} got multipole_3_comps={self.multipole_3_comps} and multipole_4_comps="
                f"{self.multipole_4_comps}, wanted amplitudes that add up to less than one, so that contours do not "
                "cross the centre: multipole_4_comps=(0.05, 0.0)."
            )

    def _is_gentle(self, xp: Namespace = np) -> Array:
        a, b, c, d = *self.multipole_3_comps, *self.multipole_4_comps
        return xp.sqrt(a * a + b * b) + xp.sqrt(c * c + d * d) < 1.0

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether the parameters are inside their domains and contours do not cross the centre."""
        return xp.logical_and(super().is_physical(xp=xp), self._is_gentle(xp=xp))

    def image_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] at raw offsets from the centre [arcsec], ``(n,)``."""
        squared, bend = self._squared_and_bend(y, x, ell_comps, xp=xp)
        return self.image_2d_via_squared_radii_from(squared * bend**2, xp=xp)

    def _squared_and_bend(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """Squared eccentric radii and ``1 + delta``, each ``(n,)``; delta is 0 at the centre."""
        minor, major = along_axes_from(y, x, ell_comps, xp=xp)
        squared = minor**2 + major**2
        inverse = 1.0 / xp.sqrt(xp.where(squared > 0.0, squared, 1.0))
        cos, sin = major * inverse, minor * inverse
        cos_2, sin_2 = cos**2 - sin**2, 2.0 * cos * sin
        delta = self.multipole_3_comps[0] * (cos_2 * cos - sin_2 * sin)
        delta += self.multipole_3_comps[1] * (sin_2 * cos + cos_2 * sin)
        delta += self.multipole_4_comps[0] * (cos_2**2 - sin_2**2) + self.multipole_4_comps[1] * 2.0 * cos_2 * sin_2
        return eccentric_radii_squared_from(y, x, ell_comps), 1.0 + delta

    def luminosity_within_ellipse_from(self, radius: Array, xp: Namespace = np) -> Array:
        """Light [e- s^-1 arcsec^2] inside the ellipse of eccentric radius ``radius`` [arcsec], each direction's share.

        Exact to rounding for axis ratios of 0.2 and amplitudes of 0.6.
        """
        squared, bend = self._squared_and_bend(_SIN, _COS, self.ell_comps, xp=xp)
        radii = xp.asarray(radius)[..., None] * bend
        light = super().luminosity_within_ellipse_from(radii, xp=xp)  # type: ignore[safe-super]
        return xp.mean(light / (squared * bend**2), axis=-1)

    def luminosity_within_circle_from(self, radius: float, xp: Namespace = np) -> Array:
        """Light [e- s^-1 arcsec^2] inside a circle of ``radius`` [arcsec] about the centre, exact as that."""
        checked_number(type(self).__name__, "radius", radius, NOT_NEGATIVE)
        squared, bend = self._squared_and_bend(_SIN, _COS, self.ell_comps, xp=xp)
        stretch = squared * bend**2
        light = super().luminosity_within_ellipse_from(radius * xp.sqrt(stretch), xp=xp)  # type: ignore[safe-super]
        return xp.mean(light / stretch)
