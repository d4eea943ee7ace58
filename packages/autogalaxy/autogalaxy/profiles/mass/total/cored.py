"""What isothermal ellipsoids with one or two cores share."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.total.cored_isothermal import (
    Cores,
    cored_convergence_from,
    cored_deflections_from,
    cored_potential_from,
    cored_shear_from,
)


@dataclass(eq=False)
class CoredMassProfile(MassProfile):
    """Base of the cored isothermal ellipsoid and of differences of two; a subclass says which cores."""

    @abstractmethod
    def cores_from(self, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Cores:
        """Strength and cores in the units of :class:`Cores`, for the ellipticity in the orientation of a grid."""
        raise NotImplementedError

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``; zero at the centre."""
        return cored_deflections_from(y, x, ell_comps, self.cores_from(ell_comps, xp=xp), xp=xp)

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``; at a singular centre a large number."""
        return cored_convergence_from(y, x, ell_comps, self.cores_from(ell_comps, xp=xp), xp=xp)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], up to a constant, ``(n,)``."""
        return cored_potential_from(y, x, ell_comps, self.cores_from(ell_comps, xp=xp), xp=xp)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``."""
        return cored_shear_from(y, x, ell_comps, self.cores_from(ell_comps, xp=xp), xp=xp)


def check_cores(owner: str, inner_name: str, inner: Array, outer_name: str, outer: Array) -> None:
    """Raise where the core is larger than the truncation; tracers pass."""
    if is_traced(inner) or is_traced(outer) or inner <= outer:
        return
    raise exc.ProfileException(
        f"{owner} got {inner_name}={float(inner):g} above {outer_name}={float(outer):g}, wanted the core inside the "
        f"truncation: {owner}({inner_name}={float(outer):g}, {outer_name}={float(inner):g})."
    )
