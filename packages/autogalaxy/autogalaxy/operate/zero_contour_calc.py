"""Critical curves by vertices at equal distances, and an Einstein radius for compiled code."""

from __future__ import annotations

from functools import partial

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import namespace_from
from autoarray.geometry import pixel_scales_from
from autoarray.type import Array, ArrayLike, PixelScales
from autogalaxy.operate.critical_curves import Kind, eigen_value_from
from autogalaxy.operate.curve_calc import CurveCalc
from autogalaxy.operate.einstein_rays import einstein_radius_along_rays_from
from autogalaxy.operate.zero_contours import ZeroContour, resampled_from

FEWEST_VERTICES = 32


class ZeroContourCalc(CurveCalc):
    """The curves of :class:`CurveCalc` next to given points, with vertices ``delta`` apart.

    Every method takes the same arguments and runs with NumPy, but for :meth:`einstein_radius_jit_from`.

    Parameters
    ----------
    init_guess
        Points (y,x) [arcsec], ``(2,)`` or ``(m, 2)``: the curve nearest to each is taken. None takes all curves.
    delta
        Distance [arcsec] of vertices along a curve, smaller where ``FEWEST_VERTICES`` would not be reached.
    N
        Vertices of a curve at most.
    pixel_scales
        Spacing [arcsec] of the lattice that finds curves.
    tol
        Distance [arcsec] from the zero at which a vertex is left where it is.
    max_newton
        Newton steps of a vertex at most.
    """

    def tangential_critical_curve_list_via_zero_contour_from(
        self,
        init_guess: ArrayLike | None = None,
        delta: float = 0.05,
        N: int = 500,
        pixel_scales: PixelScales = (0.05, 0.05),
        tol: float = 1e-6,
        max_newton: int = 5,
    ) -> list[aa.Grid2DIrregular]:
        r"""Curves in the image plane [arcsec] on which :math:`1 - \kappa - \gamma` is zero."""
        return self._resampled_curves_from("tangential", init_guess, delta, N, pixel_scales, tol, max_newton)

    def radial_critical_curve_list_via_zero_contour_from(
        self,
        init_guess: ArrayLike | None = None,
        delta: float = 0.05,
        N: int = 500,
        pixel_scales: PixelScales = (0.05, 0.05),
        tol: float = 1e-6,
        max_newton: int = 5,
    ) -> list[aa.Grid2DIrregular]:
        r"""Curves in the image plane [arcsec] on which :math:`1 - \kappa + \gamma` is zero."""
        return self._resampled_curves_from("radial", init_guess, delta, N, pixel_scales, tol, max_newton)

    def tangential_caustic_list_via_zero_contour_from(
        self,
        init_guess: ArrayLike | None = None,
        delta: float = 0.05,
        N: int = 500,
        pixel_scales: PixelScales = (0.05, 0.05),
        tol: float = 1e-6,
        max_newton: int = 5,
    ) -> list[aa.Grid2DIrregular]:
        """The tangential critical curves traced to the source plane [arcsec]."""
        curves = self._resampled_curves_from("tangential", init_guess, delta, N, pixel_scales, tol, max_newton)
        return self._traced([curve.array for curve in curves])

    def radial_caustic_list_via_zero_contour_from(
        self,
        init_guess: ArrayLike | None = None,
        delta: float = 0.05,
        N: int = 500,
        pixel_scales: PixelScales = (0.05, 0.05),
        tol: float = 1e-6,
        max_newton: int = 5,
    ) -> list[aa.Grid2DIrregular]:
        """The radial critical curves traced to the source plane [arcsec]."""
        curves = self._resampled_curves_from("radial", init_guess, delta, N, pixel_scales, tol, max_newton)
        return self._traced([curve.array for curve in curves])

    def einstein_radius_list_via_zero_contour_from(
        self,
        init_guess: ArrayLike | None = None,
        delta: float = 0.05,
        N: int = 500,
        pixel_scales: PixelScales = (0.05, 0.05),
        tol: float = 1e-6,
        max_newton: int = 5,
    ) -> list[float]:
        """Einstein radius [arcsec] of each curve, as accurate as :meth:`einstein_radius_list_from`."""
        curves = self._curves_next_to("tangential", init_guess, pixel_scales)
        return [float(np.sqrt(curve.area / np.pi)) for curve in curves if curve.is_closed]

    def einstein_radius_via_zero_contour_from(
        self,
        init_guess: ArrayLike | None = None,
        delta: float = 0.05,
        N: int = 500,
        pixel_scales: PixelScales = (0.05, 0.05),
        tol: float = 1e-6,
        max_newton: int = 5,
    ) -> float:
        """Einstein radius [arcsec] of the largest of the curves, as accurate as :meth:`einstein_radius_from`."""
        radii = self.einstein_radius_list_via_zero_contour_from(init_guess, delta, N, pixel_scales, tol, max_newton)
        return self._largest_of(radii, grid=None)

    def einstein_radius_jit_from(
        self,
        init_guess: ArrayLike | None = None,
        delta: float = 0.05,
        N: int = 500,
        pixel_scales: PixelScales = (0.05, 0.05),
        tol: float = 1e-6,
        max_newton: int = 5,
        seed_grid_shape: tuple[int, int] = (25, 25),
        seed_grid_extent: float = 3.0,
    ) -> Array:
        r"""Einstein radius [arcsec] of the largest tangential curve for ``jax.jit``, ``jax.vmap`` and ``jax.grad``.

        From ``N`` rays out of ``init_guess`` (y,x), a point inside the curve, or else out of the point farthest inside
        the region of negative eigenvalue on a lattice of ``seed_grid_shape`` that reaches ``seed_grid_extent`` [arcsec]
        to each side. Good to 1e-9 for a smooth curve that every ray crosses once. ``tol`` is that of the radius
        along each ray and bounds no other error: where rays cross the curve three times, at a dent or a bulge, the area
        between the crossings is wrong, and where the curve has a corner or its radius jumps from one ray to the next
        the error falls like 1 / ``N``. Two isothermal spheres of 1.0 and 0.8 arcsec at x = -1.5 and 1.5, whose curves
        join, have 1.59012 by 500 rays and 1.59043 by :meth:`einstein_radius_from`, which takes every curve. NaN without
        a curve inside four times ``seed_grid_extent``. The other arguments are those of the methods above and have no
        effect.
        """
        xp = namespace_from(True)

        def eigen_value_at(points: Array) -> Array:
            return eigen_value_from(self.raw_hessian_from(points, xp=xp), "tangential", xp=xp)

        centre = None if init_guess is None else xp.reshape(xp.asarray(init_guess, dtype=float), (-1, 2))[0]
        return einstein_radius_along_rays_from(
            eigen_value_at, centre, N, seed_grid_shape, seed_grid_extent, tolerance=tol, xp=xp
        )

    def _resampled_curves_from(
        self,
        kind: Kind,
        init_guess: ArrayLike | None,
        delta: float,
        most: int,
        pixel_scales: PixelScales,
        tolerance: float,
        newton_steps: int,
    ) -> list[aa.Grid2DIrregular]:
        """Curves with vertices at equal distances."""
        if not (delta > 0.0 and most >= FEWEST_VERTICES):
            raise exc.ProfileException(
                f"delta={delta} and N={most}, wanted a positive distance [arcsec] and at least {FEWEST_VERTICES} "
                "vertices: delta=0.05, N=500."
            )
        resampled = partial(
            resampled_from, partial(self._eigen_value_at, kind=kind), tolerance=tolerance, newton_steps=newton_steps
        )
        curves = self._curves_next_to(kind, init_guess, pixel_scales)
        counts = [int(np.clip(np.ceil(curve.length / delta), FEWEST_VERTICES, most)) for curve in curves]
        return [aa.Grid2DIrregular(resampled(c, vertices=n)) for c, n in zip(curves, counts, strict=True)]

    def _curves_next_to(self, kind: Kind, init_guess: ArrayLike | None, pixel_scales: PixelScales) -> list[ZeroContour]:
        """All curves, or those nearest to the points."""
        scales = pixel_scales_from(pixel_scales)
        if init_guess is None:
            return self._curves_from(kind, None, scales)
        points = np.reshape(np.asarray(getattr(init_guess, "array", init_guess), dtype=float), (-1, 2))
        curves = self._curves_from(kind, self._window_with(points), scales)
        distances = [[np.min(np.linalg.norm(c.points - point, axis=1)) for c in curves] for point in points]
        nearest = {int(np.argmin(row)) for row in distances if row}
        return [curves[i] for i in sorted(nearest)]
