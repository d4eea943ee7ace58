"""Mass profiles that are round: everything follows from three functions of the radius."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile


class CircularMassProfile(MassProfile):
    r"""Base of round profiles, and of round forms of elliptical ones (named first among the bases).

    .. math:: \alpha = \bar\kappa(r) \, \theta, \quad \gamma = -(\bar\kappa - \kappa) e^{2 i \varphi}, \quad
              \bar\kappa = \frac{2}{r^2} \int_0^r \kappa \, r' dr'

    The functions get the squared radius [arcsec^2], which may be zero: they have to be finite there, and so have their
    gradients.
    """

    @abstractmethod
    def mean_convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Mean convergence inside the circle of squared radius ``squared``, ``(n,) -> (n,)``."""
        raise NotImplementedError

    @abstractmethod
    def convergence_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Convergence at the squared radius, ``(n,) -> (n,)``."""
        raise NotImplementedError

    @abstractmethod
    def potential_of(self, squared: Array, xp: Namespace = np) -> Array:
        """Potential [arcsec^2] at the squared radius, ``(n,) -> (n,)``."""
        raise NotImplementedError

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        scale = self.mean_convergence_of(y**2 + x**2, xp=xp)
        return scale * y, scale * x

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``."""
        return self.convergence_of(y**2 + x**2, xp=xp)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], ``(n,)``."""
        return self.potential_of(y**2 + x**2, xp=xp)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``."""
        squared = y**2 + x**2
        excess = self.mean_convergence_of(squared, xp=xp) - self.convergence_of(squared, xp=xp)
        scale = -excess / xp.where(squared > 0.0, squared, 1.0)
        return scale * (x**2 - y**2), 2.0 * scale * x * y
