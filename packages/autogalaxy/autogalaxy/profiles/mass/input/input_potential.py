"""Lensing potential given on the pixels of a mask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autoarray import Mask2D
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.input.spline import Lattice, Places, Spline
from autogalaxy.profiles.mass.input.tables import (
    check_extrapolation,
    check_grid,
    check_no_operators,
    checked_mask,
    checked_values,
)


@dataclass(eq=False)
class InputPotential(MassProfile):
    r"""Lens whose potential is a table; deflection, convergence and shear are its derivatives.

    Within the unmasked pixels the potential is the B-spline of order five through the values, so that
    :math:`\alpha = \nabla \psi`, :math:`2 \kappa = \nabla^2 \psi` and the shear belong together exactly. Of a smooth
    potential with pixels h wide they are good to :math:`h^6`, :math:`h^5` and :math:`h^4`; in the outermost two or
    three pixels, where the table is continued with the smallest fourth differences, to :math:`h^4`, :math:`h^3` and
    :math:`h^2`. With a core six pixels wide and an Einstein radius of ten the deflection is good to 5e-7 arcsec and the
    convergence to 1e-5, in the outermost pixels to 1e-4 and 1e-3. There is nothing to fit: the table is a constant.
    """

    centre: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    lensing_potential: Any = field(repr=False)
    """Potential [arcsec^2] of the unmasked pixels, ``(n,)``."""
    image_plane_grid: Any = field(repr=False)
    """(y, x) centres of the unmasked pixels, ``(n, 2)``."""
    mask: Mask2D = field(repr=False)
    """Mask that defines the pixels."""
    extrapolate: str = "nearest"
    """Outside: ``"nearest"`` continues with the constant deflection of the nearest pixel, ``"zero"`` with nothing."""
    Hy: None = None
    """Not used; that and the following are matrices of differences in other codes."""
    Hx: None = None
    Hyy: None = None
    Hxx: None = None
    potential: Spline = field(init=False, repr=False)
    """The interpolating function."""

    def __post_init__(self) -> None:
        owner = type(self).__name__
        super().__post_init__()
        mask = checked_mask(owner, self.mask)
        check_extrapolation(owner, self.extrapolate)
        check_no_operators(owner, Hy=self.Hy, Hx=self.Hx, Hyy=self.Hyy, Hxx=self.Hxx)
        check_grid(owner, self.image_plane_grid, mask)
        values = checked_values(owner, "lensing_potential", self.lensing_potential, mask)
        self.potential = Spline.from_values(Lattice.from_mask(mask), values, order=5)

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        places = self._places_from(y, x, xp=xp)
        alpha_y, alpha_x = self.potential.derivatives_from(places, ((1, 0), (0, 1)), xp=xp)
        return self._kept(alpha_y, places, xp=xp), self._kept(alpha_x, places, xp=xp)

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``; zero outside."""
        places = self._places_from(y, x, xp=xp)
        yy, xx = self.potential.derivatives_from(places, ((2, 0), (0, 2)), xp=xp)
        return xp.where(places.is_inside, 0.5 * (yy + xx), 0.0)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], ``(n,)``; outside it grows along the deflection."""
        places = self._places_from(y, x, xp=xp)
        value, alpha_y, alpha_x = self.potential.derivatives_from(places, ((0, 0), (1, 0), (0, 1)), xp=xp)
        return self._kept(value + alpha_y * places.beyond_y + alpha_x * places.beyond_x, places, xp=xp)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``; zero outside."""
        places = self._places_from(y, x, xp=xp)
        yy, xx, yx = self.potential.derivatives_from(places, ((2, 0), (0, 2), (1, 1)), xp=xp)
        return xp.where(places.is_inside, 0.5 * (xx - yy), 0.0), xp.where(places.is_inside, yx, 0.0)

    def _places_from(self, y: Array, x: Array, xp: Namespace = np) -> Places:
        return self.potential.lattice.places_from(y, x, xp=xp)

    def _kept(self, value: Array, places: Places, xp: Namespace = np) -> Array:
        """``value``, zero outside where that was asked for."""
        return value if self.extrapolate == "nearest" else xp.where(places.is_inside, value, 0.0)
