"""What every light profile is and does."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.profiles.geometry import EllProfile, eccentric_radii_squared_from, root_from
from autogalaxy.profiles.validation import NOT_NEGATIVE, checked_number, reject_keywords


@dataclass(eq=False)
class LightProfile(EllProfile):
    """Base of light profiles: surface brightness as a function of the eccentric radius ``sqrt(q) m``.

    A subclass gives ``image_2d_via_radii_from``, or the same of the squared radius where that is the simpler formula,
    or ``image_at`` where the contours are not ellipses.
    """

    intensity: float = aa.parameter(
        0.1, unit="e- s^-1", prior=aa.LogUniformPrior(lower_limit=1e-4, upper_limit=1e3), linear=True
    )
    """Normalization of the image, the value in a pixel."""

    is_operated: ClassVar[bool] = False
    """Whether the light is convolved with the PSF already."""
    is_linear: ClassVar[bool] = False
    """Whether the intensity is solved for by a linear inversion."""

    @aa.over_sample
    @aa.decorators.to_array
    def image_2d_from(
        self, grid: GridLike, xp: Namespace = np, operated_only: bool | None = None, **kwargs: Any
    ) -> Array:
        """Surface brightness [e- s^-1], ``(n, 2) -> (n,)``.

        ``operated_only=True`` asks for light that is convolved with the PSF already and gives zeros where this is
        not, ``operated_only=False`` for light that has to be blurred still.
        """
        reject_keywords(f"{type(self).__name__}.image_2d_from", kwargs)
        if operated_only is not None and operated_only != self.is_operated:
            return xp.zeros(grid.array.shape[0])
        return self.image_on(grid, xp=xp)

    def image_on(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] as a raw array ``(n,)``."""
        y, x, ell_comps = self.offsets_from(grid, xp=xp)
        return self.image_at(y, x, ell_comps, xp=xp)

    def image_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] at raw offsets from the centre [arcsec], ``(n,)``."""
        return self.image_2d_via_squared_radii_from(eccentric_radii_squared_from(y, x, ell_comps), xp=xp)

    def image_2d_via_radii_from(self, radii: Array, xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] at eccentric ``radii`` [arcsec], ``(n,) -> (n,)``."""
        return self.image_2d_via_squared_radii_from(radii**2, xp=xp)

    def image_2d_via_squared_radii_from(self, squared_radii: Array, xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] at squared eccentric radii [arcsec^2], ``(n,) -> (n,)``."""
        return self.image_2d_via_radii_from(root_from(squared_radii, xp=xp), xp=xp)

    @abstractmethod
    def luminosity_within_ellipse_from(self, radius: Array, xp: Namespace = np) -> Array:
        """Light [e- s^-1 arcsec^2] inside the ellipse of eccentric radius ``radius`` [arcsec]."""
        raise NotImplementedError

    def luminosity_within_circle_from(self, radius: float, xp: Namespace = np) -> Array:
        r"""Light [e- s^-1 arcsec^2] inside a circle of ``radius`` [arcsec] about the centre.

        The integral of the image over the area; divide by the area of a pixel for the sum over pixels. Each direction
        contributes the share of the ellipse that passes through the circle there:

        .. math:: L(r) = \frac{1}{2 \pi} \int L_{\rm ell}(r g(\varphi)) \, g(\varphi)^{-2} \, d\varphi, \quad
                  g^2 = q \cos^2 \varphi + \sin^2 \varphi / q
        """
        checked_number(type(self).__name__, "radius", radius, NOT_NEGATIVE)
        stretch = eccentric_radii_squared_from(_SIN, _COS, self.ell_comps)
        return xp.mean(self.luminosity_within_ellipse_from(radius * xp.sqrt(stretch), xp=xp) / stretch)


# The trapezoidal rule over half a turn; its error falls exponentially, to 1e-12 at an axis ratio of 0.1.
_DIRECTIONS = np.pi * np.arange(256) / 256
_SIN, _COS = np.sin(_DIRECTIONS), np.cos(_DIRECTIONS)
