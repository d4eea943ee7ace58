"""Amplitudes with which cored steep ellipsoids add up to a given profile."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from autoarray.type import Array, Namespace


@dataclass(frozen=True, eq=False)
class CoredSteepFit:
    """Amplitudes as a linear function of the values of a profile at fixed radii.

    ``fit.amplitudes_from(profile(fit.radii))`` with ``fit.cores`` goes into ``cored_steep_deflections_from`` and its
    kin. Radii and cores are constants: a profile of scale radius r_s is sampled at ``fit.radii * r_s`` and its
    coordinates are ``y / r_s, x / r_s``, so that only the shape of the profile, which may be traced, enters the fit.
    """

    radii: np.ndarray
    """Radii at which the profile is wanted, ``(m,)``."""
    cores: np.ndarray
    """Core radii, ``(k,)``."""
    matrix: np.ndarray
    """Constant matrix, ``(k, m)``."""

    def amplitudes_from(self, values: Array, xp: Namespace = np) -> Array:
        """Amplitudes of the convergence, ``(k,)``, for the ``values`` of the profile at ``radii``, ``(m,)``."""
        return xp.asarray(self.matrix) @ values


@lru_cache(maxsize=32)
def cored_steep_fit_from(
    smallest: float,
    largest: float,
    cores: int,
    weight_slopes: tuple[float, float] = (1.5, 1.5),
    density: bool = False,
    regularization: float = 1e-12,
) -> CoredSteepFit:
    r"""The fit with ``cores`` core radii between ``smallest`` and ``largest``, computed once and reused.

    Weighted least squares at four radii a core, from half of the smallest to twice the largest core, with singular
    values damped below ``regularization`` of the largest one. The error at r is weighed with
    :math:`r^{w_0} (1 + r)^{w_1 - w_0}` for ``weight_slopes`` :math:`(w_0, w_1)`; the inverse of a typical profile makes
    the relative error even.

    Parameters
    ----------
    density
        False: the profile is a convergence, fitted with :math:`(1 + m^2 / s^2)^{-3/2}`. True: it is a density in three
        dimensions over the critical surface density, fitted with :math:`(1 + r^2 / s^2)^{-2}`, and the amplitudes are
        those of its projection, :math:`\frac{\pi}{2} s (1 + m^2 / s^2)^{-3/2}`. Its unit of length is that of
        the radii: where these are in units of r_s, the convergence is r_s times the sum.
    """
    nodes = np.geomspace(smallest, largest, cores)
    radii = np.geomspace(0.5 * smallest, 2.0 * largest, 4 * cores)
    weight = radii ** weight_slopes[0] * (1.0 + radii) ** (weight_slopes[1] - weight_slopes[0])
    kernel = weight[:, None] * (1.0 + (radii[:, None] / nodes) ** 2) ** (-2.0 if density else -1.5)
    scale = 1.0 / np.sqrt(np.sum(kernel**2, axis=0))
    left, singular, right = np.linalg.svd(kernel * scale, full_matrices=False)
    damped = singular / (singular**2 + (regularization * singular[0]) ** 2)
    matrix = scale[:, None] * ((right.T * damped) @ left.T) * weight
    if density:
        matrix = 0.5 * math.pi * nodes[:, None] * matrix
    return CoredSteepFit(radii=radii, cores=nodes, matrix=matrix)
