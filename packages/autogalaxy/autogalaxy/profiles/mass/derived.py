"""Mass profiles that are another profile with parameters computed from their own."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile


class DerivedMassProfile(MassProfile):
    """Base of parametrizations: a halo by its mass, a black hole in solar masses, a velocity dispersion."""

    @abstractmethod
    def equivalent_from(self, xp: Namespace = np) -> MassProfile:
        """The profile with the same lensing effect, with centre and ellipticity of this one."""
        raise NotImplementedError

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        return self.equivalent_from(xp=xp).deflections_at(y, x, ell_comps, xp=xp)

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``."""
        return self.equivalent_from(xp=xp).convergence_at(y, x, ell_comps, xp=xp)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], ``(n,)``."""
        return self.equivalent_from(xp=xp).potential_at(y, x, ell_comps, xp=xp)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``."""
        return self.equivalent_from(xp=xp).shear_at(y, x, ell_comps, xp=xp)
