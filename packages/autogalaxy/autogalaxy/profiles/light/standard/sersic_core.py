"""Sersic profile with a core of shallower slope."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.type import Array, Namespace
from autogalaxy.profiles.geometry import EllProfile
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.light.standard.sersic import sersic_constant_from
from autogalaxy.profiles.validation import POSITIVE, Domain

SMALLEST_RADIUS = 1e-8
"""The brightness of a cusp is infinite at the centre; it is that of this radius [arcsec] there."""

_LARGEST_CONTRAST = 300.0
"""Logarithm of the brightness at the centre over that at the break, without the cusp; e^709 is the largest number."""
_LOG_LARGEST_CONTRAST = float(np.log(_LARGEST_CONTRAST))
_LOG_2 = float(np.log(2.0))
_NODES = 96
_DEPTH = 37.0


def sersic_core_from(
    squared_radii: Array,
    intensity: Array,
    effective_radius: Array,
    sersic_index: Array,
    radius_break: Array,
    gamma: Array,
    alpha: Array,
    smallest: float = SMALLEST_RADIUS,
    xp: Namespace = np,
) -> Array:
    """Core-Sersic surface brightness at squared eccentric radii, ``(n,) -> (n,)``; that of ``smallest`` inside it."""
    off = squared_radii > smallest**2
    squared = xp.where(off, squared_radii, smallest**2)
    return _at_log_ratio(
        0.5 * xp.log(squared / radius_break**2),
        intensity, effective_radius, sersic_index, radius_break, gamma, alpha, xp=xp,
    )  # fmt: skip


def _at_log_ratio(
    u: Array,
    intensity: Array,
    effective_radius: Array,
    sersic_index: Array,
    radius_break: Array,
    gamma: Array,
    alpha: Array,
    growth: Array = 0.0,
    xp: Namespace = np,
) -> Array:
    """The brightness at ``u = ln(R / R_b)`` times ``exp(growth)``, free of overflow.

    ``1 + (R / R_b)^alpha`` enters as its logarithm.
    """
    b = sersic_constant_from(sersic_index)
    t = alpha * u
    log_sum = xp.logaddexp(0.0, t)
    scale = b * xp.exp(xp.log(radius_break / effective_radius) / sersic_index)
    inverse = 1.0 / (alpha * sersic_index)
    fall = xp.exp(inverse * log_sum) - xp.exp(inverse * np.log(2.0))
    return intensity * xp.exp(gamma / alpha * (log_sum - t - np.log(2.0)) - scale * fall + growth)


@dataclass(eq=False)
class CoreSersicShape(EllProfile):
    """The parameters that a core-Sersic profile, of light or of mass, has ahead of its intensity."""

    effective_radius: float = aa.parameter(0.6, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.2, upper_limit=10.0))
    """Half-light radius of the Sersic profile outside the core."""
    sersic_index: float = aa.parameter(4.0, unit="", prior=aa.UniformPrior(lower_limit=0.5, upper_limit=8.0))
    """Concentration n outside the core."""
    radius_break: float = aa.parameter(
        0.025, unit="arcsec", prior=aa.LogUniformPrior(lower_limit=1e-3, upper_limit=0.1)
    )
    """Radius R_b at which the core begins."""

    domains: ClassVar[dict[str, Domain]] = {
        "effective_radius": POSITIVE,
        "sersic_index": Domain(lower=0.2, closed=True),
        "radius_break": POSITIVE,
        "gamma": Domain(lower=0.0, upper=2.0, closed=True),
        "alpha": Domain(lower=0.1, closed=True),
    }


@dataclass(eq=False)
class SersicCore(LightProfile, CoreSersicShape):
    r"""Elliptical core-Sersic light profile; ``intensity`` is :math:`I_b`, the brightness at the break.

    .. math:: I(R) = I' \left[1 + (R_b / R)^\alpha\right]^{\gamma / \alpha}
              \exp\{-b_n [(R^\alpha + R_b^\alpha) / R_e^\alpha]^{1 / (\alpha n)}\}, \quad I(R_b) = I_b

    with :math:`R = \sqrt{q} \, m`. The light within an ellipse is a quadrature with 192 nodes,
    good to 3e-13 from 0.01 to 100 effective radii; the cusp is capped at 1e-8 arcsec in the image alone.
    A break so far outside the effective radius that the light at it is below e^-300 of that inside is refused.

    References
    ----------
    Trujillo et al. (2004), AJ 127, 1917, eq. 5 and 6; Graham et al. (2003), AJ 125, 2951.
    """

    intensity: float = aa.parameter(
        0.05, unit="e- s^-1", prior=aa.LogUniformPrior(lower_limit=1e-4, upper_limit=1e3), linear=True
    )
    """Surface brightness at the break radius, the value in a pixel."""
    gamma: float = aa.parameter(0.25, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    """Logarithmic slope of the brightness inside the core."""
    alpha: float = aa.parameter(3.0, unit="", prior=aa.UniformPrior(lower_limit=1.0, upper_limit=10.0))
    """Sharpness of the break."""

    domains: ClassVar[dict[str, Domain]] = CoreSersicShape.domains

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(is_traced(value) for value in self._shape().values()):
            return
        if not self._contrast_is_finite():
            owner, radius = type(self).__name__, float(self.effective_radius)
            raise exc.ProfileException(
                f"{owner} got radius_break={float(self.radius_break):g} with effective_radius={radius:g}, "
                f"sersic_index={float(self.sersic_index):g} and alpha={float(self.alpha):g}, wanted a break where "
                f"there is light (the centre is above e^{_LARGEST_CONTRAST:g} of it): "
                f"{owner}(effective_radius={radius:g}, radius_break={0.1 * radius:g})."
            )

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether every parameter is inside its domain and there is light at the break."""
        return xp.logical_and(super().is_physical(xp=xp), self._contrast_is_finite(xp=xp))

    def _contrast_is_finite(self, xp: Namespace = np) -> Array:
        r"""In logarithms, which do not overflow: :math:`b (R_b / R_e)^{1/n} (2^{1 / (\alpha n)} - 1)` has a bound."""
        n, ratio = self.sersic_index, self.radius_break / self.effective_radius
        fall = xp.log(xp.expm1(_LOG_2 / (self.alpha * n)))
        return xp.log(sersic_constant_from(n)) + xp.log(ratio) / n + fall <= _LOG_LARGEST_CONTRAST

    def _shape(self) -> dict[str, Any]:
        names = ("intensity", "effective_radius", "sersic_index", "radius_break", "gamma", "alpha")
        return {name: getattr(self, name) for name in names}

    def image_2d_via_squared_radii_from(self, squared_radii: Array, xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] at squared eccentric radii [arcsec^2], ``(n,) -> (n,)``."""
        return sersic_core_from(squared_radii, **self._shape(), xp=xp)

    def luminosity_within_ellipse_from(self, radius: Array, xp: Namespace = np) -> Array:
        r"""``2 pi int I R dR`` in :math:`u = \ln(R / R_b)`, on either side of the break.

        Gauss-Legendre nodes in asinh(alpha u), which are dense at the break, where the profile turns in 1 / alpha.
        """
        radius = xp.asarray(radius)
        lit = radius > 0.0
        top = xp.log(xp.where(lit, radius, 1.0) / self.radius_break)
        inner_top = xp.minimum(top, 0.0)
        # e^-37 of the light of the cusp is left below
        inner = self._light_between(-inner_top, _DEPTH / (2.0 - self.gamma) - inner_top, -1.0, xp=xp)
        outer = self._light_between(0.0 * top, xp.maximum(top, 0.0), 1.0, xp=xp)
        return xp.where(lit, inner + outer, 0.0)

    def _light_between(self, first: Array, last: Array, side: float, xp: Namespace = np) -> Array:
        """Light between two positive distances ``|u|`` from the break, inside (``side`` -1) or outside of it."""
        node, weight = _nodes()
        low, high = xp.arcsinh(self.alpha * first)[..., None], xp.arcsinh(self.alpha * last)[..., None]
        z = low + (high - low) * node
        u = side * xp.sinh(z) / self.alpha
        area = 2.0 * np.pi * self.radius_break**2 * xp.cosh(z) / self.alpha
        light = area * _at_log_ratio(u, **self._shape(), growth=2.0 * u, xp=xp)
        return xp.sum(weight * light, axis=-1) * (high - low)[..., 0]


@dataclass(eq=False)
class SersicCoreSph(SersicCore):
    """Circular core-Sersic light profile."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    radius_break: float = aa.parameter(0.01, unit="arcsec", prior=aa.LogUniformPrior(lower_limit=1e-3, upper_limit=0.1))
    """Radius R_b at which the core begins."""


@lru_cache(maxsize=1)
def _nodes() -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return 0.5 * (nodes + 1.0), 0.5 * weights
