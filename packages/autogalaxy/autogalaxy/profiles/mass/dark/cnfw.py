"""Cored NFW lens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.dark.density_mixture import CORES, STEP, MixtureHalo, closed_at_the_ends
from autogalaxy.profiles.mass.dark.tails import arctan_tail_from
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain


@dataclass(eq=False)
class cNFW(MixtureHalo):
    r"""Elliptical NFW halo with a core; the contours of the convergence are ellipses.

    .. math:: \rho = \frac{\rho_s r_s^3}{(r + r_c) (r + r_s)^2}

    The convergence on ellipses, :math:`m^2 = x^2 + y^2 / q^2`, is the projection of the round halo at m. The mixture of
    ``density_mixture.py``, with s and :math:`b = r_c / r_s` in scale radii, is elementary,

    .. math:: M(s) = \frac{2}{\pi} \frac{s^3}{b + s^2} \left[\frac{1}{1 + s^2}
              + \frac{b (1 - b) \, T(u)}{(b + s^2)^2}\right], \quad u = \frac{(1 - b) s}{b + s^2}, \quad
              T(u) = \frac{1 - \arctan(u) / u}{u^2}

    References
    ----------
    Penarrubia, Pontzen, Walker & Koposov (2012), ApJ 759, L42.
    """

    kappa_s: float = aa.parameter(0.05, unit="", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))
    r""":math:`\rho_s r_s / \Sigma_{cr}`, the characteristic convergence."""
    scale_radius: float = aa.parameter(1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.1, upper_limit=50.0))
    """Major-axis radius of the turn to the slope -3."""
    core_radius: float = aa.parameter(0.01, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.0, upper_limit=5.0))
    """Major-axis radius inside which the density is flat; the limit 0 is the NFW halo."""

    domains: ClassVar[dict[str, Domain]] = {
        "kappa_s": NOT_NEGATIVE,
        "scale_radius": POSITIVE,
        "core_radius": NOT_NEGATIVE,
    }

    def amplitudes_from(self, xp: Namespace = np) -> Array:
        """Convergences of the kernels at their centres, ``(56,)``."""
        b, s = self.core_radius / self.scale_radius, xp.asarray(CORES)
        turn = b + s**2
        bracket = 1.0 / (1.0 + s**2) + b * (1.0 - b) * arctan_tail_from((1.0 - b) * s / turn, xp=xp) / turn**2
        amplitudes = 2.0 * STEP * self.kappa_s * s**2 / turn * bracket
        return closed_at_the_ends(amplitudes, 2.0, xp=xp)


@dataclass(eq=False)
class cNFWSph(cNFW):
    """Circular NFW halo with a core."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
