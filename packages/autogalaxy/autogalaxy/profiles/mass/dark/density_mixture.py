r"""Haloes whose density is a known mixture of cored steep kernels, so that their lensing properties are elementary.

.. math:: \rho(r) = \int_0^\infty \frac{M(s) \, 2 s \, ds}{(r^2 + s^2)^2}, \quad
          M(s) = \frac{1}{\pi} \, \mathrm{Im} \int_0^{i s} 2 r \rho(r) \, dr

is the Stieltjes transform in r^2 and its inverse (Widder 1941, The Laplace Transform, chapter VIII), integrated once
by parts: M is found from the density continued to imaginary radii. Projection gives

.. math:: \Sigma(m) = \int_0^\infty \frac{\pi M(s)}{s} \left(1 + \frac{m^2}{s^2}\right)^{-3/2} d \ln s .

The integrand is analytic for :math:`|\mathrm{Im} \ln s| < \pi / 2`, so that the trapezoidal rule of step h is exact to
:math:`e^{-\pi^2 / h}`. No fit is made, and the amplitudes are smooth functions of the parameters.

Against quadrature of the density, from 0.01 to 100 scale radii and at axis ratios above 0.2, deflections are good to
7e-8 and convergences to 2e-7.
"""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.cored_steep import (
    cored_steep_convergence_from,
    cored_steep_deflections_from,
    cored_steep_potential_from,
    cored_steep_shear_from,
)

CORES = np.geomspace(1e-6, 3e4, 56)
"""Core radii in scale radii; inside the first one the halo has a core, beyond the last one it falls as r^-4."""
STEP = float(np.log(CORES[1] / CORES[0]))


def closed_at_the_ends(amplitudes: Array, inner_power: Array | float, xp: Namespace = np) -> Array:
    """``amplitudes`` with the missing terms of the sum added to its first and last one.

    At small cores the amplitudes go as :math:`s^p` with p = ``inner_power``, where the mass of the terms, a s^2, is
    kept; at large ones as s^-2, where their convergence is.
    """
    inner = 1.0 + 1.0 / xp.expm1(STEP * (inner_power + 2.0))
    outer = 1.0 + 1.0 / np.expm1(2.0 * STEP)  # xp: of a constant
    return xp.concatenate((amplitudes[:1] * inner, amplitudes[1:-1], amplitudes[-1:] * outer))


class MixtureHalo(MassProfile):
    """Base of the elliptical haloes that give their amplitudes at ``CORES``."""

    scale_radius: float

    @abstractmethod
    def amplitudes_from(self, xp: Namespace = np) -> Array:
        """Convergences of the kernels at their centres, ``(56,)``."""
        raise NotImplementedError

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        y, x = y / self.scale_radius, x / self.scale_radius
        alpha = cored_steep_deflections_from(y, x, ell_comps, self.amplitudes_from(xp=xp), CORES, xp=xp)
        return self.scale_radius * alpha[0], self.scale_radius * alpha[1]

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``; inside a millionth of the scale radius that of a core."""
        y, x = y / self.scale_radius, x / self.scale_radius
        return cored_steep_convergence_from(y, x, ell_comps, self.amplitudes_from(xp=xp), CORES, xp=xp)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], zero at the centre, ``(n,)``."""
        y, x = y / self.scale_radius, x / self.scale_radius
        psi = cored_steep_potential_from(y, x, ell_comps, self.amplitudes_from(xp=xp), CORES, xp=xp)
        return self.scale_radius**2 * psi

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``."""
        y, x = y / self.scale_radius, x / self.scale_radius
        return cored_steep_shear_from(y, x, ell_comps, self.amplitudes_from(xp=xp), CORES, xp=xp)
