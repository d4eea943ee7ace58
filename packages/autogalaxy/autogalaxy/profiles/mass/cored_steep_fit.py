"""Amplitudes with which cored steep ellipsoids add up to a given convergence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autoarray.type import Array, Namespace


@dataclass(frozen=True, eq=False)
class CoredSteepFit:
    """Amplitudes as a linear function of the convergence at fixed radii.

    ``fit.amplitudes_from(shape(fit.radii))`` with ``fit.cores`` goes into ``cored_steep_deflections_from`` and its kin.
    All are constants in units of a scale radius. A profile with that radius has coordinates ``y / r_s, x / r_s``, so
    that only its shape enters the fit, and gradients by a traced shape pass through.

    The function is a product of two matrices, kept apart: amplitudes are large where they cancel, and what one rounded
    product adds to them would not. Of the two, the first rounds what is of the size of the profile, and the second adds
    in directions that cancel.
    """

    cores: Array
    """Core radii, ``(k,)``."""
    radii: Array
    """Radii at which the convergence is wanted, ``(m,)``."""
    modes: Array
    """Orthogonal combinations of the convergences, ``(k, m)``."""
    responses: Array
    """Amplitudes of a mode, ``(k, k)``."""

    def amplitudes_from(self, values: Array, xp: Namespace = np) -> Array:
        """Amplitudes, ``(k,)``, of the convergence ``values`` at ``radii``, ``(m,)``."""
        return xp.asarray(self.responses) @ (xp.asarray(self.modes) @ values)


def cored_steep_fit_from(
    cores: np.ndarray, radii: np.ndarray, weights: np.ndarray, regularization: float = 1e-11
) -> CoredSteepFit:
    r"""Least squares with ``weights``, the inverse of the error that is allowed at each of the ``radii``.

    Neighbouring cores look alike; singular values below ``regularization`` of the largest one are damped. The error
    falls as :math:`\exp(-\pi^2 / h)` with the spacing h of the cores in the logarithm, as long as the amplitudes, which
    alternate in sign where the profile turns faster than :math:`(1 + m^2 / s^2)^{-3/2}`, leave enough digits.
    """
    kernel = weights[:, None] * (1.0 + (radii[:, None] / cores) ** 2) ** -1.5
    scale = 1.0 / np.sqrt(np.sum(kernel**2, axis=0))
    left, singular, right = np.linalg.svd(kernel * scale, full_matrices=False)
    damped = singular / (singular**2 + (regularization * singular[0]) ** 2)
    return CoredSteepFit(cores=cores, radii=radii, modes=left.T * weights, responses=scale[:, None] * right.T * damped)


def sampled_radii_from(cores: np.ndarray, smallest: float, largest: float, each: int = 4) -> np.ndarray:
    """``each`` radii from one core to the next, and as dense ones down to ``smallest`` and up to ``largest``."""
    steps = np.arange(each * (len(cores) - 1) + 1) / each
    between = np.exp(np.interp(steps, np.arange(len(cores)), np.log(cores)))
    below = np.geomspace(smallest, cores[0], 2 * each + 1)[:-1]
    above = np.geomspace(cores[-1], largest, 3 * each + 1)[1:]
    return np.concatenate((below, between, above))
