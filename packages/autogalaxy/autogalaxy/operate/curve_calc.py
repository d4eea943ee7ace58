"""Critical curves, caustics, Einstein radii and masses: what :class:`LensCalc` offers of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from warnings import warn

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.geometry import pixel_scales_from
from autoarray.type import Array, GridLike, Namespace, PixelScales
from autogalaxy.operate.closed_form import BESIDE, centres_of
from autogalaxy.operate.contours import chains_from, interpolated_from, polygon_area_from
from autogalaxy.operate.critical_curves import Kind, Window, determinant_from, eigen_value_from, zero_curves_from
from autogalaxy.operate.zero_contours import ZeroContour

HALF_WIDTH = 3.0
"""Of the window [arcsec] around the centres of the lens where no grid is given."""


class CurveCalc:
    """Curves on which an eigenvalue of the lens mapping is zero, with NumPy.

    ``grid`` says where to look: curves inside the box around its points, and whole those that reach into it, however
    far they go on outside. None is a box about the centres of the mass. ``pixel_scale`` [arcsec] is the spacing of the
    lattice that finds curves. Every vertex lies on its curve to 1e-8 of the size of the curve, whatever both are, and
    vertices follow each other within half a degree of turning. Curves far smaller than the lattice are found at the
    centres of profiles and wherever else they leave an extremum on it.

    A curve is a ``Grid2DIrregular`` of (y,x) whose last vertex is the first again. Lists begin with the largest curve.
    Several planes may rotate images. Then a curve is one of zero determinant, and it is listed with the kind that it is
    of along most of its length.

    The lattice is finer around centres of profiles near a curve, and where two curves all but touch, so that the curve
    follows the dents and lobes of a satellite: beside one of 0.0005" to 0.05" on the ring of a host of 1.2" areas are
    good to 1e-6 on lattices of 0.05" and 0.1". Dents of mass without a profile, as in deflections that are a bare
    function, may be cut short.

    At the singular centre of a satellite the radial eigenvalue has a limit in each direction and no other, so that
    curves may end there. About such a centre they are followed in polar coordinates. One that begins and ends in the
    centre is a closed curve of its own with a corner there, be it a lobe or a sliver, and its caustic has the limits of
    the deflection inside the curve, an arc of the satellite's cut. Beside isothermal satellites of 0.01" to 0.2", as
    near as may be to a curve of an isothermal, cored or NFW host, lattices of 0.02" to 0.1" have the same curves. Their
    areas agree to 1e-6 of each or, of the thinnest slivers, to 1e-10 arcsec^2. Where two such satellites are within
    0.1" of each other areas are good to 2e-4.

    A curve that does not close within 256 times the box is returned open, with a warning, and has no area; nothing
    is known of one that is larger still.
    """

    deflections_yx_2d_from: Callable[..., Any]
    mass: Any

    @abstractmethod
    def raw_hessian_from(self, points: Array, is_rough: bool = False, xp: Namespace = np) -> Array:
        """Derivatives of the deflections, ``(n, 2) -> (n, 2, 2)``; rough ones are good to 1e-6."""
        raise NotImplementedError

    def tangential_critical_curve_list_from(
        self, grid: GridLike | None = None, pixel_scale: PixelScales = 0.05
    ) -> list[aa.Grid2DIrregular]:
        r"""Curves in the image plane [arcsec] on which :math:`1 - \kappa - \gamma` is zero."""
        return _grids_of(self._curves_from("tangential", grid, pixel_scale))

    def radial_critical_curve_list_from(
        self, grid: GridLike | None = None, pixel_scale: PixelScales = 0.05
    ) -> list[aa.Grid2DIrregular]:
        r"""Curves in the image plane [arcsec] on which :math:`1 - \kappa + \gamma` is zero.

        A power law of slope 2 or steeper has none.
        """
        return _grids_of(self._curves_from("radial", grid, pixel_scale))

    def tangential_caustic_list_from(
        self, grid: GridLike | None = None, pixel_scale: PixelScales = 0.05
    ) -> list[aa.Grid2DIrregular]:
        """The tangential critical curves traced to the source plane [arcsec]."""
        return self._caustics_of(self._curves_from("tangential", grid, pixel_scale))

    def radial_caustic_list_from(
        self, grid: GridLike | None = None, pixel_scale: PixelScales = 0.05
    ) -> list[aa.Grid2DIrregular]:
        """The radial critical curves traced to the source plane [arcsec]."""
        return self._caustics_of(self._curves_from("radial", grid, pixel_scale))

    def tangential_critical_curve_area_list_from(
        self, grid: GridLike | None = None, pixel_scale: PixelScales = 0.05
    ) -> list[float]:
        """Area [arcsec^2] inside each tangential critical curve; arcs between vertices are curved.

        Good to 1e-9, with a satellite on the curve to 1e-6.
        """
        return _areas_of(self._curves_from("tangential", grid, pixel_scale))

    def radial_critical_curve_area_list_from(
        self, grid: GridLike | None = None, pixel_scale: PixelScales = 0.05
    ) -> list[float]:
        """Area [arcsec^2] inside each radial critical curve, good to 1e-8; of slivers at satellites to 2e-6."""
        return _areas_of(self._curves_from("radial", grid, pixel_scale))

    def einstein_radius_list_from(self, grid: GridLike | None = None, pixel_scale: PixelScales = 0.05) -> list[float]:
        r"""Einstein radius [arcsec] of each tangential critical curve, :math:`\sqrt{A / \pi}` of the area inside."""
        return [
            float(np.sqrt(area / np.pi)) for area in self.tangential_critical_curve_area_list_from(grid, pixel_scale)
        ]

    def einstein_radius_from(self, grid: GridLike | None = None, pixel_scale: PixelScales = 0.05) -> float:
        """Einstein radius [arcsec] of the largest tangential critical curve.

        Those of other lenses and of substructure are not added to it: see :meth:`einstein_radius_list_from`.
        """
        return self._largest_of(self.einstein_radius_list_from(grid, pixel_scale), grid)

    def einstein_mass_angular_list_from(
        self, grid: GridLike | None = None, pixel_scale: PixelScales = 0.05
    ) -> list[float]:
        r"""Mass :math:`\pi \theta_E^2` [arcsec^2 of critical surface density] of each tangential critical curve."""
        return self.tangential_critical_curve_area_list_from(grid, pixel_scale)

    def einstein_mass_angular_from(self, grid: GridLike | None = None, pixel_scale: PixelScales = 0.05) -> float:
        r"""Mass :math:`\pi \theta_E^2` [arcsec^2 of critical surface density] of the largest critical curve."""
        return self._largest_of(self.einstein_mass_angular_list_from(grid, pixel_scale), grid)

    def area_within_curve_list_from(self, curve_list: Sequence[GridLike]) -> list[float]:
        """Area [arcsec^2] of the polygon of each curve; of a critical curve it is 1.3e-5 of the area too small."""
        return [polygon_area_from(np.asarray(getattr(curve, "array", curve))) for curve in curve_list]

    def contour_list_from(self, grid: aa.Grid2D, contour_array: Any) -> list[aa.Grid2DIrregular]:
        """Contours (y,x) on which an array on a uniform ``grid`` is zero, by linear interpolation between pixels.

        Closed ones end with their first vertex; those that reach the edge of the mask are open.
        """
        if not isinstance(grid, aa.Grid2D):
            raise exc.GridException(
                f"contour_list_from got a {type(grid).__name__}, wanted a Grid2D, of which pixels are neighbours: "
                "Grid2D.uniform(shape_native=(100, 100), pixel_scales=0.05)."
            )
        values = np.asarray(getattr(getattr(contour_array, "slim", contour_array), "array", contour_array), dtype=float)
        native = np.full(grid.mask.shape_native, np.nan)
        native[~grid.mask.array] = values if values.ndim == 1 else values[~grid.mask.array]
        ny, nx = native.shape
        y = grid.mask.geometry.grid_scaled_from(np.stack((np.arange(ny), np.zeros(ny)), axis=-1))[:, 0]
        x = grid.mask.geometry.grid_scaled_from(np.stack((np.zeros(nx), np.arange(nx)), axis=-1))[:, 1]
        return [aa.Grid2DIrregular(interpolated_from(chain, native, y, x)) for chain in chains_from(native)]

    def deflections_yx_scalar(self, y: float, x: float, pixel_scales: PixelScales | None = None) -> Array:
        """Deflection (y,x) [arcsec] at one point, ``(2,)``; ``pixel_scales`` has no effect."""
        return self.raw_deflections_from(np.array([(float(y), float(x))]))[0]

    def raw_deflections_from(self, points: Array) -> Array:
        """Deflections with NumPy, ``(n, 2) -> (n, 2)``."""
        deflections = self.deflections_yx_2d_from(aa.Grid2DIrregular(points))
        return np.asarray(getattr(deflections, "array", deflections))

    def _curves_from(self, kind: Kind, grid: GridLike | None, pixel_scale: PixelScales) -> list[ZeroContour]:
        """Curves of zero eigenvalue, the largest first and open ones last."""
        centres, window = centres_of(self.mass), _window_from(grid, centres_of(self.mass))
        if self._rotates_in(window):
            curves = self._curves_of_kind(kind, window, pixel_scales_from(pixel_scale), centres)
        else:
            exact, rough = (partial(self._eigen_value_at, kind=kind, is_rough=is_rough) for is_rough in (False, True))
            curves = zero_curves_from(exact, window, pixel_scales_from(pixel_scale), centres, rough=rough)
        if is_open := [curve for curve in curves if not curve.is_closed]:
            warn(
                f"{len(is_open)} of {len(curves)} {kind} critical curves do not close, and have no area and no "
                "Einstein radius.",
                stacklevel=3,
            )
        return curves

    def _rotates_in(self, window: Window) -> bool:
        """Whether images are rotated, as by several planes."""
        hessian = self.raw_hessian_from(window.points(), is_rough=True)
        return bool(np.any(np.abs(hessian[:, 0, 1] - hessian[:, 1, 0]) > 1e-4))

    def _curves_of_kind(
        self, kind: Kind, window: Window, spacing: tuple[float, float], centres: Array
    ) -> list[ZeroContour]:
        """Curves of zero determinant that are tangential, or radial, along most of their length."""
        curves = zero_curves_from(
            lambda points: determinant_from(self.raw_hessian_from(points)),
            window,
            spacing,
            centres,
            rough=lambda points: determinant_from(self.raw_hessian_from(points, is_rough=True)),
            enclosed=partial(self._eigen_value_at, kind="tangential", is_rough=True),
        )
        traces = [2.0 - np.trace(self.raw_hessian_from(c.points), axis1=1, axis2=2) for c in curves]
        is_tangential = [np.count_nonzero(trace > 0.0) > 0.5 * len(trace) for trace in traces]
        return [c for c, is_so in zip(curves, is_tangential, strict=True) if is_so == (kind == "tangential")]

    def _window_with(self, points: Array) -> Array:
        """Two corners (y,x) of the window about the centres of the mass, widened to hold ``points``."""
        window = _window_from(None, centres_of(self.mass))
        wider = Window.about(np.concatenate((points, [window.lower, window.upper])))
        return np.array([wider.lower, wider.upper])

    def _eigen_value_at(self, points: Array, kind: Kind, is_rough: bool = False) -> Array:
        """Eigenvalue at raw points, ``(n, 2) -> (n,)``."""
        return eigen_value_from(self.raw_hessian_from(points, is_rough=is_rough), kind)

    def _caustics_of(self, curves: list[ZeroContour]) -> list[aa.Grid2DIrregular]:
        """Curves minus their deflections; where one goes through the singular centre of a lens, their limits."""
        return self._traced([curve.around_corners(BESIDE) for curve in curves])

    def _traced(self, curves: list[Array]) -> list[aa.Grid2DIrregular]:
        """Vertices minus their deflections."""
        return [aa.Grid2DIrregular(vertices - self.raw_deflections_from(vertices)) for vertices in curves]

    def _largest_of(self, values: list[float], grid: GridLike | None) -> float:
        """The first; without any an error says how far the lens is from having one."""
        if values:
            return values[0]
        window = _window_from(grid, centres_of(self.mass))
        eigen_values = self._eigen_value_at(window.points(), "tangential", is_rough=True)
        (y_low, x_low), (y_high, x_high) = window.lower, window.upper
        raise exc.ProfileException(
            f"no tangential critical curve closes at y from {y_low:.3g} to {y_high:.3g} and x from {x_low:.3g} to "
            f"{x_high:.3g} arcsec, where 1 - kappa - gamma is {eigen_values.min():.3g} to {eigen_values.max():.3g} and "
            "would have to change its sign, so the lens has no Einstein radius; where that may happen take the list, "
            "which is empty then: einstein_radius_list_from(grid)."
        )


def _window_from(grid: GridLike | None, centres: Array) -> Window:
    """The box around the points of a grid, without one a square about the centres of the mass."""
    if grid is not None:
        points = np.asarray(getattr(getattr(grid, "slim", grid), "array", grid), dtype=float)
        window = Window.about(points)
        if np.all(window.sides > 0.0):
            return window
        raise exc.GridException(
            f"a grid of {len(points)} points has no area to look for curves in, wanted points in both directions: "
            "Grid2D.uniform(shape_native=(100, 100), pixel_scales=0.05), or None."
        )
    if len(centres) == 0:
        centres = np.zeros((1, 2))
    middle = 0.5 * (centres.min(axis=0) + centres.max(axis=0))
    half = max(HALF_WIDTH, 1.5 * float(np.max(np.abs(centres - middle))))
    return Window.about(middle[None], half)


def _grids_of(curves: list[ZeroContour]) -> list[aa.Grid2DIrregular]:
    return [aa.Grid2DIrregular(curve.vertices) for curve in curves]


def _areas_of(curves: list[ZeroContour]) -> list[float]:
    return [curve.area for curve in curves if curve.is_closed]
