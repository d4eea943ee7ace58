"""What follows from a deflection field: convergence, shear, magnification, eigenvalues, Fermat potential."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import AbstractNDArray
from autoarray.arguments import checked
from autoarray.structures.grids.irregular_2d import coordinates_from
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.operate.closed_form import beside_singular_points, hessian_function_of
from autogalaxy.operate.hessian import (
    ROUGH_STEP,
    differences_from,
    elements_via_jvp_from,
    hessian_via_differences_from,
    hessian_via_jvp_from,
)
from autogalaxy.operate.zero_contour_calc import ZeroContourCalc


@dataclass(frozen=True, eq=False)
class LensCalc(ZeroContourCalc):
    r"""Lensing quantities of any object with deflections, from derivatives of those.

    .. math:: A = 1 - \partial \alpha / \partial \theta

    Every method takes a ``Grid2D``, a ``Grid2DIrregular`` or a raw array ``(n, 2)`` and evaluates at its points (a
    ``Grid2D`` at the pixel centres). With NumPy the result is wrapped in the type that fits the grid; with
    ``xp=jnp`` it is a raw ``jax.Array``, so that each method can be the outermost call inside ``jax.jit``.
    """

    deflections_yx_2d_from: Callable[..., Any]
    """Deflections [arcsec], called as ``(grid, xp=xp)``."""
    potential_2d_from: Callable[..., Any] | None = None
    """Lensing potential [arcsec^2], called as ``(grid, xp=xp)``; only the Fermat potential needs it."""
    closed_form: Callable[..., Array] | None = field(default=None, kw_only=True, repr=False)
    """Hessian ``(n, 2) -> (n, 2, 2)`` in (y,x) order, called as ``(points, xp=xp)``; without it NumPy differences."""
    mass: Any = field(default=None, kw_only=True, repr=False)
    """What deflects, if it is known: at the centres of its profiles small critical curves are looked for."""

    @classmethod
    def from_mass_obj(cls, mass_obj: Any) -> LensCalc:
        """For a mass profile, galaxy or anything else with ``deflections_yx_2d_from``."""
        deflections = getattr(mass_obj, "deflections_yx_2d_from", None)
        if deflections is None or isinstance(mass_obj, type):
            raise exc.ProfileException(
                f"LensCalc.from_mass_obj got a {type(mass_obj).__name__}, which has no deflections_yx_2d_from; wanted "
                "a mass profile or a galaxy with one: LensCalc.from_mass_obj(ag.mp.Isothermal())."
            )
        potential = getattr(mass_obj, "potential_2d_from", None)
        closed_form = hessian_function_of(mass_obj)
        if getattr(mass_obj, "total_planes", 1) > 1:
            closed_form = getattr(mass_obj, "hessian_between_planes_from", None)
        return cls(deflections, potential, closed_form=closed_form, mass=mass_obj)

    @classmethod
    @checked(exc.ProfileException)
    def from_tracer(cls, tracer: Any, use_multi_plane: bool = True, plane_i: int = 0, plane_j: int = -1) -> LensCalc:
        """For a tracer: deflections between two of its planes, or the sum over its planes without multi-plane rays.

        It has a potential where one exists, that is when the first plane alone deflects light that reaches the last.
        """
        if not hasattr(tracer, "deflections_between_planes_from"):
            raise exc.ProfileException(
                f"LensCalc.from_tracer got a {type(tracer).__name__}, wanted a Tracer; of a profile or galaxy write "
                "LensCalc.from_mass_obj(galaxy)."
            )
        if not use_multi_plane:
            summed = getattr(tracer, "hessian_of_planes_summed_from", None)
            potential = getattr(tracer, "potential_2d_from", None)
            return cls(tracer.deflections_of_planes_summed_from, potential, closed_form=summed, mass=tracer)
        if getattr(tracer, "total_planes", 2) == 1:
            return cls.from_mass_obj(tracer)
        deflections = partial(tracer.deflections_between_planes_from, plane_i=plane_i, plane_j=plane_j)
        closed_form = getattr(tracer, "hessian_between_planes_from", None)
        if closed_form is not None:
            closed_form = partial(closed_form, plane_i=plane_i, plane_j=plane_j)
        potential = _potential_between_planes_of(tracer, plane_i, plane_j)
        return cls(deflections, potential, closed_form=closed_form, mass=tracer)

    def hessian_from(self, grid: GridLike, xp: Namespace = np) -> tuple[Array, Array, Array, Array]:
        r"""``yy, xy, yx, xx``, each a raw ``(n,)``: :math:`ij = \partial \alpha_i / \partial \theta_j`.

        Exact derivatives with JAX. With NumPy from convergence and shear in closed form where the mass has them, else
        by extrapolated differences, which agree to 1e-9 at 1e-3 arcsec from a singular centre and beyond. Several lens
        planes make ``xy`` and ``yx`` differ. On the centre of a singular profile they are those of a point 1e-7 arcsec
        beside it.
        """
        points, moved = _points_from(grid, xp=xp), partial(beside_singular_points, mass_obj=self.mass, xp=xp)
        if xp is not np:
            deflections_from = partial(self._raw_from, self.deflections_yx_2d_from, xp=xp)
            yy, yx, xy, xx = elements_via_jvp_from(deflections_from, points, moved)
            return yy, xy, yx, xx
        hessian = self.raw_hessian_from(moved(points))
        return hessian[:, 0, 0], hessian[:, 1, 0], hessian[:, 0, 1], hessian[:, 1, 1]

    def raw_hessian_from(self, points: Array, is_rough: bool = False, xp: Namespace = np) -> Array:
        """Hessian of raw points, ``(n, 2) -> (n, 2, 2)``, in closed form where there is one.

        Differences that are made without one are good to 1e-6 if they may be ``is_rough``.
        """
        if self.closed_form is not None:
            try:
                return self.closed_form(points, xp=xp)
            except NotImplementedError:  # a profile may have deflections only
                pass
        deflections_from = partial(self._raw_from, self.deflections_yx_2d_from, xp=xp)
        if xp is not np:
            return hessian_via_jvp_from(deflections_from, points)
        if is_rough:
            return differences_from(deflections_from, points, ROUGH_STEP)
        return hessian_via_differences_from(deflections_from, points)

    def jacobian_from(self, grid: GridLike, xp: Namespace = np) -> list[list[Array]]:
        """The matrix ``A`` as ``[[xx, xy], [yx, yy]]``, each a raw ``(n,)``."""
        yy, xy, yx, xx = self.hessian_from(grid, xp=xp)
        return [[1.0 - xx, -xy], [-yx, 1.0 - yy]]

    def convergence_2d_via_hessian_from(self, grid: GridLike, xp: Namespace = np) -> Any:
        r"""Convergence ``(n,)``, :math:`\kappa = (\alpha_{yy} + \alpha_{xx}) / 2`."""
        hessian_yy, _, _, hessian_xx = self.hessian_from(grid, xp=xp)
        convergence = 0.5 * (hessian_yy + hessian_xx)
        if xp is np:
            return _array_from(convergence, grid)
        return convergence

    def shear_yx_2d_via_hessian_from(self, grid: GridLike, xp: Namespace = np) -> Any:
        r"""Shear ``(n, 2)``: column 0 is :math:`\gamma_2`, column 1 is :math:`\gamma_1` (the order of (y,x)).

        .. math::
            \gamma_1 = (\alpha_{xx} - \alpha_{yy}) / 2, \quad \gamma_2 = (\alpha_{xy} + \alpha_{yx}) / 2
        """
        hessian_yy, hessian_xy, hessian_yx, hessian_xx = self.hessian_from(grid, xp=xp)
        gamma_2 = 0.5 * (hessian_xy + hessian_yx)
        shear = xp.stack((gamma_2, 0.5 * (hessian_xx - hessian_yy)), axis=-1)
        if xp is np:
            return _vectors_from(shear, grid)
        return shear

    def magnification_2d_via_hessian_from(self, grid: GridLike, xp: Namespace = np) -> Any:
        r"""Signed magnification ``(n,)`` from the Hessian, :math:`1 / \det A`; infinite on a critical curve."""
        yy, xy, yx, xx = self.hessian_from(grid, xp=xp)
        with np.errstate(divide="ignore"):
            magnification = 1.0 / ((1.0 - xx) * (1.0 - yy) - xy * yx)
        if xp is np:
            return _array_from(magnification, grid)
        return magnification

    def magnification_2d_from(self, grid: GridLike, xp: Namespace = np) -> Any:
        r"""Signed magnification ``(n,)``, :math:`1 / \det A`; infinite on a critical curve."""
        return self.magnification_2d_via_hessian_from(grid, xp=xp)

    def tangential_eigen_value_from(self, grid: GridLike, xp: Namespace = np) -> Any:
        r"""Eigenvalue ``(n,)`` that vanishes on tangential critical curves, :math:`1 - \kappa - \gamma`."""
        convergence, shear = self._convergence_and_shear_from(grid, xp=xp)
        eigen_value = 1.0 - convergence - shear
        if xp is np:
            return _array_from(eigen_value, grid)
        return eigen_value

    def radial_eigen_value_from(self, grid: GridLike, xp: Namespace = np) -> Any:
        r"""Eigenvalue ``(n,)`` that vanishes on radial critical curves, :math:`1 - \kappa + \gamma`."""
        convergence, shear = self._convergence_and_shear_from(grid, xp=xp)
        eigen_value = 1.0 - convergence + shear
        if xp is np:
            return _array_from(eigen_value, grid)
        return eigen_value

    def time_delay_geometry_term_from(self, grid: GridLike, xp: Namespace = np) -> Any:
        r"""Geometric part ``(n,)`` [arcsec^2] of the Fermat potential, :math:`|\theta - \beta|^2 / 2`."""
        deflections = self._raw_from(self.deflections_yx_2d_from, _points_from(grid, xp=xp), xp=xp)
        geometry_term = 0.5 * xp.sum(deflections**2, axis=-1)
        if xp is np:
            return _array_from(geometry_term, grid)
        return geometry_term

    def fermat_potential_from(self, grid: GridLike, xp: Namespace = np) -> Any:
        r"""Fermat potential ``(n,)`` [arcsec^2], :math:`|\theta - \beta|^2 / 2 - \psi(\theta)`.

        The light travel time of an image is this times the time-delay distance over c, up to a constant.
        """
        if self.potential_2d_from is None:
            raise exc.ProfileException(
                "fermat_potential_from needs a potential, and this LensCalc has none: "
                "LensCalc(deflections_yx_2d_from, potential_2d_from=profile.potential_2d_from). Between planes with "
                "more mass in between none exists: tracer.time_delays_from(grid)."
            )
        points = _points_from(grid, xp=xp)
        potential = self._raw_from(self.potential_2d_from, points, xp=xp)
        deflections = self._raw_from(self.deflections_yx_2d_from, points, xp=xp)
        fermat_potential = 0.5 * xp.sum(deflections**2, axis=-1) - potential
        if xp is np:
            return _array_from(fermat_potential, grid)
        return fermat_potential

    def _convergence_and_shear_from(self, grid: GridLike, xp: Namespace = np) -> tuple[Array, Array]:
        """Raw ``kappa`` and ``gamma = |(gamma_1, gamma_2)|``, each ``(n,)``."""
        yy, xy, yx, xx = self.hessian_from(grid, xp=xp)
        squared = 0.25 * ((xx - yy) ** 2 + (xy + yx) ** 2)
        sheared = squared > 0.0  # the square root has no finite gradient at zero shear
        return 0.5 * (yy + xx), xp.where(sheared, xp.sqrt(xp.where(sheared, squared, 1.0)), 0.0)

    @staticmethod
    def _raw_from(function: Callable[..., Any], points: Array, xp: Namespace = np) -> Array:
        """What ``function`` of an irregular grid gives at raw ``points``, without the structure around it."""
        result = function(aa.Grid2DIrregular.from_raw(points, is_transformed=False), xp=xp)
        return result.array if isinstance(result, AbstractNDArray) else result


def _potential_between_planes_of(tracer: Any, plane_i: int, plane_j: int) -> Callable[..., Any] | None:
    """The potential whose gradient is the deflection between two planes, None where there is no such function."""
    planes = getattr(tracer, "planes", None)
    if planes is None:
        return getattr(tracer, "potential_2d_from", None)
    is_first_to_last = plane_i % len(planes) == 0 and plane_j % len(planes) == len(planes) - 1
    if not is_first_to_last or any(plane.has_mass for plane in planes[1:-1]):
        return None
    return planes[0].galaxies.potential_2d_from


def _points_from(grid: GridLike, xp: Namespace = np) -> Array:
    """Raw coordinates ``(n, 2)`` of any grid, on the backend that was asked for."""
    if xp is np and getattr(grid, "use_jax", hasattr(grid, "aval")):
        raise exc.BackendException(
            "LensCalc got a grid held by JAX with xp=np; pass xp=jnp, or hand over a grid held by NumPy."
        )
    return coordinates_from(getattr(grid, "slim", grid), xp=xp)


def _array_from(values: Array, grid: GridLike) -> Any:
    """``(n,)`` in the type that fits ``grid``."""
    if isinstance(grid, aa.Grid2D):
        return aa.Array2D.from_raw(values, mask=grid.mask, header=None)
    return aa.ArrayIrregular.from_raw(values) if isinstance(grid, aa.Grid2DIrregular) else values


def _vectors_from(values: Array, grid: GridLike) -> Any:
    """``(n, 2)`` in the type that fits ``grid``."""
    if isinstance(grid, aa.Grid2D):
        return aa.VectorYX2D.from_raw(values, grid=grid, mask=grid.mask)
    return aa.VectorYX2DIrregular.from_raw(values, grid=grid) if isinstance(grid, aa.Grid2DIrregular) else values
