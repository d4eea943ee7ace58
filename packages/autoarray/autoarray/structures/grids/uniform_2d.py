"""Coordinates of the pixels of an image, with the sub-pixels inside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import AbstractNDArray, Deferred
from autoarray.arguments import checked
from autoarray.geometry import pixel_scales_from
from autoarray.mask import shapes
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.over_sampling import OverSampler
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular, check_coordinates, coordinates_from
from autoarray.structures.uniform import UniformStructure, raw_array_from, slim_from, stacked_yx_from
from autoarray.type import Array, ArrayLike, Namespace, PixelScales


class Grid2D(UniformStructure):
    """Coordinates (y,x) [arcsec] of the unmasked pixels of an image, ``(n, 2)``.

    On the image plane sub-pixels are pixel centres plus fixed offsets. A grid that was moved otherwise (ray-traced,
    rotated) carries its sub-pixel positions with it: centres plus offsets would be wrong there.
    """

    _static = ("mask", "is_transformed", "over_sampler")
    _trailing_dimensions = 1
    is_transformed = False
    turned_by: Any = None
    """Angle [rad] counter-clockwise from the axes of the pixels to those of the coordinates; ``None`` for none."""

    @checked(exc.GridException)
    def __init__(
        self,
        values: ArrayLike,
        mask: Mask2D,
        store_native: bool = False,
        over_sample_size: Any = 4,
        over_sampled: ArrayLike | None = None,
        over_sampler: OverSampler | None = None,
        over_sample_rule: str = "quadrature",
        xp: Namespace = np,
    ) -> None:
        super().__init__(slim_from(raw_array_from(values, xp=xp), mask, trailing=(2,)), xp=xp)
        check_coordinates(self._array)
        self.mask = mask
        self.over_sampler = over_sampler or OverSampler(mask, over_sample_size, over_sample_rule)
        self.is_transformed = False
        self._over_sampled = over_sampled if over_sampled is None else coordinates_from(over_sampled, xp=xp)
        if store_native:
            self._array = self.native._array

    @property
    def over_sample_size(self) -> int | Array2D:
        """Side of the square of sub-pixels: one number, or an ``Array2D`` when it differs between pixels."""
        if self.over_sampler.is_uniform and self.over_sampler.blocks:
            return self.over_sampler.blocks[0][0]
        return Array2D(self.over_sampler.sub_size, self.mask)

    @property
    def over_sample_rule(self) -> str:
        """Where sub-pixels are in their pixel: ``"quadrature"`` or ``"uniform"``."""
        return self.over_sampler.rule

    @property
    def over_sampled(self) -> Grid2DIrregular:
        """Sub-pixel coordinates in the order of :class:`OverSampler`, ``(sub_pixels, 2)``."""
        held = self._over_sampled.resolve() if isinstance(self._over_sampled, Deferred) else self._over_sampled
        if held is None:
            held = self.over_sampler.sub_grid_from(self.slim.array, xp=self._xp)
        flags = {"is_transformed": self.is_transformed, "turned_by": self.turned_by}
        return Grid2DIrregular.from_raw(held, over_sampler=self.over_sampler, **flags)

    def _after(self, function: Any, inputs: tuple, result: Array) -> Grid2D:
        """Numbers move the sub-pixels too; with other values per pixel the result has one sample a pixel."""
        sub_pixels: list[Any] = []
        for item in inputs:
            if isinstance(item, Grid2D) and item.over_sampler == self.over_sampler:
                sub_pixels.append(item)
            elif np.shape(getattr(item, "array", item)) in ((), (2,)):
                sub_pixels.append(item)
            else:
                return Grid2D.from_raw(
                    result,
                    mask=self.mask,
                    over_sampler=OverSampler(self.mask, 1),
                    is_transformed=self.is_transformed,
                    _over_sampled=None,
                )

        grids = [isinstance(item, Grid2D) for item in sub_pixels]
        is_shift = function.__name__ == "add" or (function.__name__ == "subtract" and grids[0])
        if is_shift and sum(grids) == 1 and self._over_sampled is None:
            return self.with_new_array(result)  # sub-pixels are still offsets from the centres

        def over_sampled() -> Array:
            return function(*(i.over_sampled.array if isinstance(i, Grid2D) else i for i in sub_pixels))

        return self.moved_from(result, Deferred(over_sampled))

    def _on_pixels(self, key: slice, mask: Mask2D) -> Grid2D:
        """Sub-pixels that are no offsets from the centres are not taken along: one sample a pixel then."""
        new = super()._on_pixels(key, mask)
        sizes = self.over_sampler.sub_size[key] if self._over_sampled is None else 1
        new.over_sampler, new._over_sampled = OverSampler(mask, sizes, self.over_sample_rule), None
        return new

    def moved_from(self, array: Array, over_sampled: Deferred | Array | None) -> Grid2D:
        """This grid at new positions; ``over_sampled`` are the new sub-pixel positions (deferred is fine)."""
        new = self.with_new_array(array)
        new._over_sampled = over_sampled
        return new

    @classmethod
    @checked(exc.GridException)
    def from_mask(
        cls, mask: Mask2D, over_sample_size: Any = 4, over_sample_rule: str = "quadrature", xp: Namespace = np
    ) -> Grid2D:
        """Centres of the unmasked pixels."""
        return cls(mask.grid_slim, mask, over_sample_size=over_sample_size, over_sample_rule=over_sample_rule, xp=xp)

    @classmethod
    @checked(exc.GridException)
    def uniform(
        cls,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: Any = 4,
        over_sample_rule: str = "quadrature",
        xp: Namespace = np,
    ) -> Grid2D:
        """Centres of every pixel of an image."""
        mask = Mask2D.all_false(shape_native, pixel_scales, origin)
        return cls.from_mask(mask, over_sample_size, over_sample_rule, xp=xp)

    @classmethod
    @checked(exc.GridException)
    def no_mask(
        cls,
        values: ArrayLike,
        pixel_scales: PixelScales,
        shape_native: tuple[int, int] | None = None,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: Any = 4,
        xp: Namespace = np,
    ) -> Grid2D:
        """Given coordinates ``(ny, nx, 2)``, or ``(ny * nx, 2)`` with ``shape_native``; every pixel is used."""
        array = raw_array_from(values, xp=xp)
        if shape_native is None:
            if array.ndim != 3:
                raise exc.GridException(
                    f"coordinates of shape {tuple(array.shape)}, wanted (ny, nx, 2); for slim values write "
                    "Grid2D.no_mask(values, pixel_scales, shape_native=(ny, nx))."
                )
            shape_native = array.shape[:2]
        mask = Mask2D.all_false(shape_native, pixel_scales, origin)
        return cls(array, mask, over_sample_size=over_sample_size, xp=xp)

    @classmethod
    @checked(exc.GridException)
    def from_yx_1d(
        cls,
        y: ArrayLike,
        x: ArrayLike,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: Any = 4,
    ) -> Grid2D:
        """From slim y and x coordinates, each ``(ny * nx,)``."""
        values = stacked_yx_from(y, x)
        return cls.no_mask(values, pixel_scales, shape_native, origin, over_sample_size)

    @classmethod
    @checked(exc.GridException)
    def from_yx_2d(
        cls,
        y: ArrayLike,
        x: ArrayLike,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: Any = 4,
    ) -> Grid2D:
        """From native y and x coordinates, each ``(ny, nx)``."""
        values = stacked_yx_from(y, x)
        return cls.no_mask(values, pixel_scales, origin=origin, over_sample_size=over_sample_size)

    @classmethod
    @checked(exc.GridException)
    def from_extent(
        cls, extent: tuple[float, float, float, float], shape_native: tuple[int, int], over_sample_size: Any = 4
    ) -> Grid2D:
        """A grid whose outermost pixel *centres* lie on ``extent`` (x_min, x_max, y_min, y_max) [arcsec]."""
        x0, x1, y0, y1 = extent
        return cls.bounding_box((y1, y0, x1, x0), shape_native, True, over_sample_size)

    @classmethod
    @checked(exc.GridException)
    def bounding_box(
        cls,
        bounding_box: tuple[float, float, float, float],
        shape_native: tuple[int, int],
        buffer_around_corners: bool = False,
        over_sample_size: Any = 4,
    ) -> Grid2D:
        """A grid that fills (y_max, y_min, x_max, x_min) [arcsec]; buffered, the corners are pixel centres."""
        y1, y0, x1, x0 = (float(b) for b in bounding_box)
        ny, nx = shapes.shape_from(shape_native)
        steps = (ny - 1, nx - 1) if buffer_around_corners else (ny, nx)
        if min(steps) < 1 or y1 <= y0 or x1 <= x0:
            raise exc.GridException(
                f"bounding_box={exc.shown(bounding_box)} with {shape_native} pixels, wanted (y_max, y_min, "
                f"x_max, x_min) "
                "growing upwards and at least two pixels a side."
            )
        scales = pixel_scales_from(((y1 - y0) / steps[0], (x1 - x0) / steps[1]))
        return cls.uniform((ny, nx), scales, (0.5 * (y0 + y1), 0.5 * (x0 + x1)), over_sample_size)

    @classmethod
    @checked(exc.GridException)
    def from_fits(
        cls,
        file_path: str | Path,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: Any = 4,
    ) -> Grid2D:
        """Read a cube ``(2, ny, nx)`` of y and x coordinates, as :meth:`output_to_fits` writes it."""
        from autoarray.dataset import fits

        return cls.no_mask(fits.grid_2d_from(file_path), pixel_scales, origin=origin, over_sample_size=over_sample_size)

    def output_to_fits(self, file_path: str | Path, overwrite: bool = False) -> None:
        """Write a cube ``(2, ny, nx)`` of y and x coordinates."""
        from autoarray.dataset import fits

        fits.write_grid_2d(self, file_path, overwrite=overwrite)

    @classmethod
    @checked(exc.GridException)
    def blurring_grid_from(
        cls, mask: Mask2D, kernel_shape_native: tuple[int, int], over_sample_size: Any = 4
    ) -> Grid2D:
        """Centres of the masked pixels whose light reaches the mask through a PSF of this shape."""
        return cls.from_mask(mask.derive_mask.blurring_from(kernel_shape_native), over_sample_size)

    def blurring_grid_via_kernel_shape_from(self, kernel_shape_native: tuple[int, int]) -> Grid2D:
        """The blurring grid of this grid's mask."""
        return Grid2D.blurring_grid_from(self.mask, kernel_shape_native)

    def padded_grid_from(self, kernel_shape_native: tuple[int, int]) -> Grid2D:
        """A grid with half a kernel of further, unmasked pixels on every side, sub-sized like their neighbours."""
        ny, nx = self.shape_native
        shape = (ny + kernel_shape_native[0] - 1, nx + kernel_shape_native[1] - 1)
        sizes = self.over_sampler.padded_sub_size_from(kernel_shape_native)
        return Grid2D.uniform(shape, self.pixel_scales, self.origin, sizes, self.over_sample_rule)

    def apply_over_sampling(self, over_sample_size: Any, over_sample_rule: str | None = None) -> Grid2D:
        """The same grid with other sub-sizes."""
        return Grid2D(
            self.slim.array,
            self.mask,
            over_sample_size=over_sample_size,
            over_sample_rule=self.over_sample_rule if over_sample_rule is None else over_sample_rule,
            xp=self._xp,
        )

    def grid_2d_via_deflection_grid_from(self, deflection_grid: AbstractNDArray) -> Grid2D:
        """``beta = theta - alpha`` at the pixel centres; sub-pixels are interpolated nowhere, so there is one each."""
        positions = self.slim.array - raw_array_from(deflection_grid, xp=self._xp)
        return Grid2D(positions, self.mask, over_sample_size=1, over_sampled=positions, xp=self._xp)

    def subtracted_from(self, offset: tuple[float, float], xp: Namespace = np) -> Grid2D:
        """The grid shifted by ``-offset`` (y,x) [arcsec]."""
        return self.subtracted_and_rotated_from(offset, 0.0, xp=xp)

    def subtracted_and_rotated_from(self, offset: tuple[float, float], angle: float, xp: Namespace = np) -> Grid2D:
        """The grid in a frame centred on ``offset`` whose x-axis is turned by ``angle`` [rad] counter-clockwise."""
        cos, sin = xp.cos(angle), xp.sin(angle)

        def moved(points: Array) -> Array:
            y, x = points[..., 0] - offset[0], points[..., 1] - offset[1]
            return xp.stack((cos * y - sin * x, cos * x + sin * y), axis=-1)

        new = self.moved_from(moved(self.array), Deferred(lambda: moved(self.over_sampled.array)))
        new.turned_by = angle if self.turned_by is None else self.turned_by + angle
        return new

    def squared_distances_to_coordinate_from(self, coordinate: tuple[float, float] = (0.0, 0.0)) -> Array2D:
        """Squared distances [arcsec^2] to a (y, x) coordinate."""
        dy, dx = self.slim.array[:, 0] - coordinate[0], self.slim.array[:, 1] - coordinate[1]
        return Array2D(dy**2 + dx**2, self.mask, xp=self._xp)

    def distances_to_coordinate_from(self, coordinate: tuple[float, float] = (0.0, 0.0)) -> Array2D:
        """Distances [arcsec] to a (y, x) coordinate."""
        return np.sqrt(self.squared_distances_to_coordinate_from(coordinate))  # type: ignore[return-value]

    def grid_2d_radial_projected_from(
        self,
        centre: tuple[float, float] = (0.0, 0.0),
        angle: float = 0.0,
        shape_slim: int = 0,
        remove_projected_centre: bool = False,
    ) -> Grid2DIrregular:
        """Points from ``centre`` to the farthest edge at ``angle`` [deg], ``shape_slim`` or one a pixel."""
        x0, x1, y0, y1 = self.geometry.extent
        length = max(abs(x0 - centre[1]), abs(x1 - centre[1]), abs(y0 - centre[0]), abs(y1 - centre[0]))
        n = shape_slim or int(length / self.pixel_scales[0]) + 1
        radii = np.arange(n) * self.pixel_scales[0] if not shape_slim else np.linspace(0.0, length, n)
        radii = radii[1:] if remove_projected_centre else radii
        direction = np.array([np.sin(np.radians(angle)), np.cos(np.radians(angle))])
        return Grid2DIrregular(np.array(centre) + radii[:, None] * direction)
