"""Generalised NFW lens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.dark.density_mixture import CORES, STEP, MixtureHalo, closed_at_the_ends
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain

_ANGLES = np.arctan(1.0 / CORES)


@dataclass(eq=False)
class gNFW(MixtureHalo):
    r"""Elliptical halo with a free inner slope; the contours of the convergence are ellipses.

    .. math:: \rho = \rho_s \left(\frac{r}{r_s}\right)^{-\gamma} \left(1 + \frac{r}{r_s}\right)^{\gamma - 3}

    The convergence on ellipses, :math:`m^2 = x^2 + y^2 / q^2`, is the projection of the round halo at m. The mixture of
    ``density_mixture.py``, with s in scale radii, is elementary for every slope,

    .. math:: M(s) = \frac{2}{\pi} \frac{\cos^{2 - \gamma} \! a \, \sin [(2 - \gamma) a]}{2 - \gamma}, \quad
              \tan a = \frac{1}{s} .

    Slopes are from 0 to below 2. The error of the deflection is 6e-8 at a slope of 0, 1e-8 at 1 and 5e-9 at 2; that of
    the convergence is three times as large.

    References
    ----------
    Zhao (1996), MNRAS 278, 488; Wyithe, Turner & Spergel (2001), ApJ 555, 504.
    """

    kappa_s: float = aa.parameter(0.05, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    r""":math:`\rho_s r_s / \Sigma_{cr}`, the characteristic convergence."""
    inner_slope: float = aa.parameter(1.0, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.9))
    r""":math:`\gamma`, minus the logarithmic slope of the density at the centre; 1 is the NFW halo."""
    scale_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.1, upper_limit=50.0))
    """Major-axis radius of the turn from the inner slope to -3."""

    domains: ClassVar[dict[str, Domain]] = {
        "kappa_s": NOT_NEGATIVE,
        "inner_slope": Domain(lower=0.0, upper=2.0, closed=True),
        "scale_radius": POSITIVE,
    }

    def amplitudes_from(self, xp: Namespace = np) -> Array:
        """Convergences of the kernels at their centres, ``(56,)``."""
        power = 2.0 - self.inner_slope
        angles, cores = xp.asarray(_ANGLES), xp.asarray(CORES)
        mixture = xp.cos(angles) ** power * angles * xp.sinc(power * angles / np.pi)
        return closed_at_the_ends(2.0 * STEP * self.kappa_s * mixture / cores, 1.0 - self.inner_slope, xp=xp)


@dataclass(eq=False)
class gNFWSph(gNFW):
    """Circular halo with a free inner slope."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
