"""Deflections given on the pixels of a mask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autoarray import Mask2D
from autoarray.type import Array, Namespace
from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.input.integrated import potential_from
from autogalaxy.profiles.mass.input.spline import Lattice, Places, Spline
from autogalaxy.profiles.mass.input.tables import (
    check_extrapolation,
    check_grid,
    check_no_operators,
    checked_mask,
    checked_values,
)


@dataclass(eq=False)
class InputDeflections(MassProfile):
    r"""Lens whose deflections are a table, of a simulation or of a model of others; nothing to fit.

    Within the unmasked pixels the deflection is the cubic B-spline through the values, of order :math:`h^4` for pixels
    h wide; convergence and shear are half the sums of its derivatives, of order :math:`h^3` (:math:`h^2` in the
    outermost pixels). The potential is the cubic spline whose gradient is nearest to the deflection (least squares), so
    that the gradient is the deflection to :math:`h^3` where the table has no curl. With a core six pixels wide and an
    Einstein radius of ten the deflection is good to 5e-6 arcsec, convergence and shear to 1e-4, the potential to 2e-6.
    """

    centre: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    deflections_y: Any = field(repr=False)
    """Deflections along y [arcsec] of the unmasked pixels, ``(n,)``."""
    deflections_x: Any = field(repr=False)
    """Deflections along x [arcsec]."""
    image_plane_grid: Any = field(repr=False)
    """(y, x) centres of the unmasked pixels, ``(n, 2)``."""
    mask: Mask2D = field(repr=False)
    """Mask that defines the pixels."""
    extrapolate: str = "nearest"
    """Outside: ``"nearest"`` continues with the constant deflection of the nearest pixel, ``"zero"`` with nothing."""
    Hy: None = None
    """Not used; this and the next are matrices of differences in other codes."""
    Hx: None = None
    along_y: Spline = field(init=False, repr=False)
    """The interpolating functions."""
    along_x: Spline = field(init=False, repr=False)

    def __post_init__(self) -> None:
        owner = type(self).__name__
        super().__post_init__()
        mask = checked_mask(owner, self.mask)
        check_extrapolation(owner, self.extrapolate)
        check_no_operators(owner, Hy=self.Hy, Hx=self.Hx)
        check_grid(owner, self.image_plane_grid, mask)
        lattice = Lattice.from_mask(mask)
        along_y = checked_values(owner, "deflections_y", self.deflections_y, mask)
        along_x = checked_values(owner, "deflections_x", self.deflections_x, mask)
        self.along_y = Spline.from_values(lattice, along_y, order=3)
        self.along_x = Spline.from_values(lattice, along_x, order=3)

    def deflections_at(
        self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np
    ) -> tuple[Array, Array]:
        """(y, x) deflections [arcsec], each ``(n,)``."""
        places = self._places_from(y, x, xp=xp)
        alpha_y, alpha_x = self._both(places, ((0, 0),), ((0, 0),), xp=xp)
        return self._kept(alpha_y[0], places, xp=xp), self._kept(alpha_x[0], places, xp=xp)

    def convergence_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Convergence, ``(n,)``; zero outside."""
        places = self._places_from(y, x, xp=xp)
        (yy,), (xx,) = self._both(places, ((1, 0),), ((0, 1),), xp=xp)
        return xp.where(places.is_inside, 0.5 * (yy + xx), 0.0)

    def potential_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """Potential [arcsec^2], ``(n,)``; outside it grows along the deflection."""
        places = self._places_from(y, x, xp=xp)
        (value,) = potential_from(self.along_y, self.along_x).derivatives_from(places, ((0, 0),), xp=xp)
        alpha_y, alpha_x = self._both(places, ((0, 0),), ((0, 0),), xp=xp)
        return self._kept(value + alpha_y[0] * places.beyond_y + alpha_x[0] * places.beyond_x, places, xp=xp)

    def shear_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
        """Shear (gamma_1, gamma_2), each ``(n,)``; zero outside."""
        places = self._places_from(y, x, xp=xp)
        (yy, yx), (xy, xx) = self._both(places, ((1, 0), (0, 1)), ((1, 0), (0, 1)), xp=xp)
        return xp.where(places.is_inside, 0.5 * (xx - yy), 0.0), xp.where(places.is_inside, 0.5 * (yx + xy), 0.0)

    def _places_from(self, y: Array, x: Array, xp: Namespace = np) -> Places:
        return self.along_y.lattice.places_from(y, x, xp=xp)

    def _both(
        self, places: Places, of_y: tuple[tuple[int, int], ...], of_x: tuple[tuple[int, int], ...], xp: Namespace = np
    ) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """Derivatives of both components."""
        return (
            self.along_y.derivatives_from(places, of_y, xp=xp),
            self.along_x.derivatives_from(places, of_x, xp=xp),
        )

    def _kept(self, value: Array, places: Places, xp: Namespace = np) -> Array:
        """``value``, zero outside where that was asked for."""
        return value if self.extrapolate == "nearest" else xp.where(places.is_inside, value, 0.0)
