"""Angular perturbation of a power law: boxiness and diskiness, skewness, a third-order term."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.complex_plane import Parts, multiplied
from autogalaxy.profiles.mass.total.isothermal import SMALLEST_RADIUS
from autogalaxy.profiles.mass.total.scaling import growth_from
from autogalaxy.profiles.validation import NOT_NEGATIVE, Domain


@dataclass(eq=False)
class _Order:
    """The order of a multipole. The last of the bases, so that it is the first field of the profile."""

    m: int = 4
    """Number of maxima around the centre: 1 is lopsided, 3 triangular, 4 boxy or disky; fixed in a fit."""


@dataclass(eq=False)
class PowerLawMultipole(MassProfile, _Order):
    r"""Multipole of order m, added to a power law with the same slope g, Einstein radius and centre.

    .. math:: \kappa = \frac{1}{2} \left(\frac{\theta_E}{r}\right)^{g - 1} k_m \cos m (\varphi - \varphi_m), \quad
              \psi = \frac{2 r^2 \kappa}{(3 - g)^2 - m^2}

    The closed forms are exact to rounding. For m = 1 the potential has a pole at slope 2, which a uniform deflection
    (a shift of the source) takes away:

    .. math:: \psi = k_1 \cos(\varphi - \varphi_1) \, \theta_E \, r \,
              \frac{(\theta_E / r)^{g - 2} - 1}{(2 - g) (4 - g)}
              \to \tfrac{1}{2} k_1 \cos(\varphi - \varphi_1) \, \theta_E \, r \ln(r / \theta_E) ,

    so that the deflection at m = 1 is the one proportional to :math:`r^{2 - g}` minus the constant vector of length
    :math:`k_1 \theta_E / [(2 - g) (4 - g)]` in the direction :math:`\varphi_1`.

    References
    ----------
    Chu, Lin, Li & Li (2013), ApJ 765, 134; Xu et al. (2015), MNRAS 447, 3189.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    einstein_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=8.0))
    """Einstein radius of the power law that is perturbed."""
    slope: float = aa.parameter(2.0, unit="", prior=aa.UniformPrior(lower_limit=1.5, upper_limit=2.8))
    """Logarithmic slope of the density of that power law."""
    multipole_comps: tuple[float, float] = aa.parameter(
        (0.0, 0.0), unit="", prior=aa.GaussianPrior(mean=0.0, sigma=0.05)
    )
    r"""``(k_m sin m phi_m, k_m cos m phi_m)``."""

    domains: ClassVar[dict[str, Domain]] = {"einstein_radius": NOT_NEGATIVE, "slope": Domain(lower=1.0, upper=3.0)}

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.m, bool) or not isinstance(self.m, int | np.integer) or not 1 <= self.m <= 1000:
            raise exc.ProfileException(
                f"{type(self).__name__} got m={exc.shown(self.m)}, wanted an integer of at least 1: "
                f"{type(self).__name__}(m=4)."
            )

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``; zero at the centre."""
        radius, direction, (wave, turned) = self._waves_from(y, x, xp=xp)
        radial, along = self._radial_from(radius, xp=xp)
        parts = multiplied((radial * wave, -along * turned), direction)
        off = x**2 + y**2 > 0.0
        return xp.where(off, parts[1], 0.0), xp.where(off, parts[0], 0.0)

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``, of either sign; zero at the centre, its mean around it."""
        radius, _, (wave, _) = self._waves_from(y, x, xp=xp)
        kappa = 0.5 * self._power_from(radius, xp=xp) * wave
        return xp.where(x**2 + y**2 > 0.0, kappa, 0.0)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], zero at the centre, ``(n,)``."""
        radius, _, (wave, _) = self._waves_from(y, x, xp=xp)
        _, along = self._radial_from(radius, xp=xp)
        return xp.where(x**2 + y**2 > 0.0, radius * along * wave / self.m, 0.0)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        r"""Shear (gamma_1, gamma_2), each ``(n,)``; zero at the centre.

        With :math:`p = 3 - g` and :math:`\chi = m (\varphi - \varphi_m)`,

        .. math:: \gamma = \left(\frac{\theta_E}{r}\right)^{g - 1} e^{2 i \varphi} k_m
                  \frac{[p (p - 2) + m^2] \cos \chi - 2 i m (p - 1) \sin \chi}{2 (p^2 - m^2)}
        """
        radius, direction, (wave, turned) = self._waves_from(y, x, xp=xp)
        p, m = 3.0 - self.slope, self.m
        if m == 1:  # the pole at p = 1 cancels
            even, odd = 0.5 * (p - 1.0) / (p + 1.0), 1.0 / (p + 1.0)
        else:
            even, odd = 0.5 * (p * (p - 2.0) + m**2) / (p**2 - m**2), m * (p - 1.0) / (p**2 - m**2)
        power = self._power_from(radius, xp=xp)
        parts = multiplied((power * even * wave, -power * odd * turned), multiplied(direction, direction))
        off = x**2 + y**2 > 0.0
        return xp.where(off, parts[0], 0.0), xp.where(off, parts[1], 0.0)

    def _waves_from(self, y: Array, x: Array, xp: Namespace = np) -> tuple[Array, Parts, Parts]:
        """r, its direction and ``k_m`` times cosine and sine of ``m (phi - phi_m)``; at the centre of another point."""
        off = x**2 + y**2 > 0.0
        x, y = xp.where(off, x, SMALLEST_RADIUS), xp.where(off, y, 0.0)
        radius = xp.sqrt(x**2 + y**2)
        direction = x / radius, y / radius
        radius = xp.where(radius > SMALLEST_RADIUS, radius, SMALLEST_RADIUS)
        sine, cosine = self.multipole_comps
        wave: Parts = (cosine + 0.0 * x, -sine + 0.0 * x)
        for _ in range(self.m):
            wave = multiplied(wave, direction)
        return radius, direction, wave

    def _power_from(self, radius: Array, xp: Namespace = np) -> Array:
        """``(theta_E / r)^(g - 1)``."""
        return xp.exp((self.slope - 1.0) * (self._log_einstein_radius(xp=xp) - xp.log(radius)))

    def _radial_from(self, radius: Array, xp: Namespace = np) -> Parts:
        """The factors of the radial and (but for the sign) the tangential deflection."""
        p, m = 3.0 - self.slope, self.m
        if m == 1:
            log = xp.log(radius) - self._log_einstein_radius(xp=xp)
            along = self.einstein_radius * log * growth_from((p - 1.0) * log, xp=xp) / (p + 1.0)
            # d(r along)/dr, with d[(r / theta_E)^(p - 1) - 1]/dr = (p - 1) (r / theta_E)^(p - 1) / r
            return along + self.einstein_radius * xp.exp((p - 1.0) * log) / (p + 1.0), along
        scale = radius * self._power_from(radius, xp=xp) / (p**2 - m**2)
        return p * scale, m * scale

    def _log_einstein_radius(self, xp: Namespace = np) -> Array:
        radius = self.einstein_radius
        return xp.log(xp.where(radius > 0.0, radius, 1e-300))
