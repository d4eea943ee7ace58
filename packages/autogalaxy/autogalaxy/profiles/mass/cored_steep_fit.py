"""Amplitudes with which cored steep ellipsoids add up to a given convergence."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.cored_steep_sums import Terms


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
    turned: Array = field(default_factory=lambda: np.zeros((2, 0)))
    """Parts of complex cores, ``(2, j)``; the amplitudes are then ``(k + 2 j,)``, the parts of theirs last."""

    def amplitudes_from(self, values: Array, xp: Namespace = np) -> Array:
        """Amplitudes, ``(k,)``, of the convergence ``values`` at ``radii``, ``(m,)``."""
        return xp.asarray(self.responses) @ (xp.asarray(self.modes) @ values)

    def terms_from(self, amplitudes: Array) -> tuple[Array, Array, Terms | None]:
        """Amplitudes and cores, and the parts of complex ones, None without any."""
        number, all_but_last = len(self.cores), len(self.cores) + self.turned.shape[1]
        if number == all_but_last:
            return amplitudes, self.cores, None
        turned = amplitudes[number:all_but_last], amplitudes[all_but_last:], self.turned[0], self.turned[1]
        return amplitudes[:number], self.cores, turned


def cored_steep_fit_from(
    cores: np.ndarray,
    radii: np.ndarray,
    weights: np.ndarray,
    regularization: float = 1e-11,
    turned: np.ndarray | None = None,
) -> CoredSteepFit:
    r"""Least squares with ``weights``, the inverse of the error that is allowed at each of the ``radii``.

    Neighbouring cores look alike; singular values below ``regularization`` of the largest one are damped. The error
    falls as :math:`\exp(-\pi^2 / h)` with the spacing h of the cores in the logarithm, as long as the amplitudes, which
    alternate in sign where the profile turns faster than :math:`(1 + m^2 / s^2)^{-3/2}`, leave enough digits. Complex
    cores ``turned``, ``(j,)``, follow a faster turn; each has two amplitudes and can have twice the spacing.
    """
    kernel = (1.0 + (radii[:, None] / cores) ** 2) ** -1.5
    if turned is not None:
        more = (1.0 + (radii[:, None] / turned) ** 2) ** -1.5
        kernel = np.concatenate((kernel, more.real, -more.imag), axis=1)
    kernel = weights[:, None] * kernel
    scale = 1.0 / np.sqrt(np.sum(kernel**2, axis=0))
    left, singular, right = np.linalg.svd(kernel * scale, full_matrices=False)
    damped = singular / (singular**2 + (regularization * singular[0]) ** 2)
    parts = np.zeros((2, 0)) if turned is None else np.stack((turned.real, turned.imag))
    responses = scale[:, None] * right.T * damped
    return CoredSteepFit(cores=cores, radii=radii, modes=left.T * weights, responses=responses, turned=parts)


def sampled_radii_from(cores: np.ndarray, smallest: float, largest: float, each: int = 4) -> np.ndarray:
    """``each`` radii from one core to the next, and as dense ones down to ``smallest`` and up to ``largest``."""
    steps = np.arange(each * (len(cores) - 1) + 1) / each
    between = np.exp(np.interp(steps, np.arange(len(cores)), np.log(cores)))
    below = np.geomspace(smallest, cores[0], 2 * each + 1)[:-1]
    above = np.geomspace(cores[-1], largest, 3 * each + 1)[1:]
    return np.concatenate((below, between, above))
