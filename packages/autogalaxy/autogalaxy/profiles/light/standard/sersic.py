"""Sersic profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.special_functions import special_functions_from
from autoarray.type import Array, Namespace
from autogalaxy.profiles.fused import packed
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.validation import POSITIVE, Domain

# b_n - 2n + 1/3 as a polynomial in 0.8 / (n + 0.2) - 1, fitted to gammaincinv(2n, 1/2) for 0.2 <= n < infinity.
_SERSIC_CONSTANT = (
    0.02126954678596,
    0.03392090396989,
    0.0171216230362,
    0.005263168520469,
    0.0008528016747999,
    5.647582054481e-05,
    -2.509543609514e-05,
    -3.108132355674e-05,
    -1.162357006007e-05,
    -3.616046799706e-06,
    -1.515052613246e-06,
    -1.134331785432e-07,
)


def sersic_constant_from(sersic_index: Array) -> Array:
    r""":math:`b_n`, with which half of the light is inside the effective radius: :math:`P(2n, b_n) = 1/2`.

    Relative error below 3e-10 for n of at least 0.2; the large-n limit is that of Ciotti & Bertin (1999), A&A 352, 447.
    """
    t = 0.8 / (sersic_index + 0.2) - 1.0
    value = 0.0 * t
    for coefficient in reversed(_SERSIC_CONSTANT):
        value = value * t + coefficient
    return 2.0 * sersic_index - 1.0 / 3.0 + value


def sersic_from(
    squared_radii: Array, intensity: Array, effective_radius: Array, sersic_index: Array, xp: Namespace = np
) -> Array:
    """Sersic surface brightness at squared eccentric radii, ``(n,) -> (n,)``; exact at the centre, gradient finite."""
    b, inverse_radius, exponent = packed(
        sersic_constant_from(sersic_index), 1.0 / effective_radius, 0.5 / sersic_index, xp=xp
    )
    off = squared_radii > 0.0
    log_ratio = xp.log(xp.where(off, squared_radii, 1.0) * (inverse_radius * inverse_radius))
    power = xp.where(off, xp.exp(exponent * log_ratio), 0.0)
    return intensity * xp.exp(b * (1.0 - power))


@dataclass(eq=False)
class Sersic(LightProfile):
    r"""Elliptical Sersic light profile.

    .. math:: I(R) = I_e \exp\{-b_n [(R / R_e)^{1/n} - 1]\}, \quad R = \sqrt{q} \, m

    References
    ----------
    Sersic (1968), Atlas de Galaxias Australes; Graham & Driver (2005), PASA 22, 118, eq. 1.
    """

    effective_radius: float = aa.parameter(
        0.6, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.01, upper_limit=10.0)
    )
    """Radius of the circle whose area is that of the ellipse that holds half of the light."""
    sersic_index: float = aa.parameter(4.0, unit="", prior=aa.UniformPrior(lower_limit=0.5, upper_limit=8.0))
    """Concentration n: 1 is an exponential disc, 4 a de Vaucouleurs bulge."""

    domains: ClassVar[dict[str, Domain]] = {
        "effective_radius": POSITIVE,
        "sersic_index": Domain(lower=0.2, closed=True),
    }

    def image_2d_via_squared_radii_from(self, squared_radii: Array, xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] at squared eccentric radii [arcsec^2], ``(n,) -> (n,)``."""
        return sersic_from(squared_radii, self.intensity, self.effective_radius, self.sersic_index, xp=xp)

    def luminosity_within_ellipse_from(self, radius: Array, xp: Namespace = np) -> Array:
        """Graham & Driver (2005), eq. 2: ``2 pi n R_e^2 I_e exp(b) b^(-2n) gamma(2n, b (R / R_e)^(1/n))``."""
        n, b = self.sersic_index, sersic_constant_from(self.sersic_index)
        special = special_functions_from(xp)
        t = b * (radius / self.effective_radius) ** (1.0 / n)
        log_scale = b - 2.0 * n * xp.log(b) + special.gammaln(2.0 * n)
        area = 2.0 * np.pi * n * self.effective_radius**2
        return area * self.intensity * xp.exp(log_scale) * special.gammainc(2.0 * n, t)


@dataclass(eq=False)
class SersicSph(Sersic):
    """Circular Sersic light profile."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
