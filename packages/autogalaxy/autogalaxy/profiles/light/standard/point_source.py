"""A source of light without extent."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from autoarray.type import Array, GridLike, Namespace
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.validation import NOT_NEGATIVE, checked_number


@dataclass(eq=False)
class PointSource(LightProfile):
    """A delta function: all of its light is in the sub-pixel that holds the centre (the first of several).

    The pixels of a ``Grid2D``, turned or not, add up to ``intensity`` for any sub-sizes; zero where the centre is in no
    sub-pixel of the grid. On coordinates that form no grid the nearest has the value ``intensity``, however far it is.
    On a ray-traced grid only the nearest ray is lit, which is one of the multiple images and is not magnified: lensed
    point sources are found by solving the lens equation. The image jumps from pixel to pixel as the centre moves, so
    its gradient by the centre is zero.
    """

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))

    def image_on(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Light [e- s^-1] at each point of ``grid`` as a raw array ``(n,)``."""
        y, x, _ = self.offsets_from(grid, xp=xp)
        sampler = grid.over_sampler
        if sampler is None:
            return self.image_at(y, x, self.ell_comps, xp=xp)
        # distances in half sub-pixels: with mixed sizes the sub-pixel that holds the point may not be the nearest
        size = sampler.sub_sizes_of_sub_pixels_from()
        scale_y, scale_x = sampler.mask.pixel_scales
        if grid.turned_by is not None:  # back to the axes of the pixels, along which the sub-pixels are squares
            cos, sin = xp.cos(grid.turned_by), xp.sin(grid.turned_by)
            y, x = cos * y + sin * x, cos * x - sin * y
        to_centre = sampler.cell_centres_from()
        y, x = y + to_centre[:, 0], x + to_centre[:, 1]
        distance = 2.0 * size * xp.maximum(xp.abs(y) / scale_y, xp.abs(x) / scale_x)
        image = self.image_2d_via_squared_radii_from(distance, xp=xp)
        parts = size * sampler.convolve_over_sample_size  # a pixel of the image is the mean of its sub-pixels
        return xp.where(distance <= 1.0 + 1e-9, parts**2, 0.0) * image

    def image_at(self, y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
        """All of the light at the nearest of the offsets, ``(n,)``."""
        return self.image_2d_via_squared_radii_from(y**2 + x**2, xp=xp)

    def image_2d_via_squared_radii_from(self, squared_radii: Array, xp: Namespace = np) -> Array:
        """All of the light at the smallest radius, ``(n,) -> (n,)``."""
        is_nearest = xp.arange(squared_radii.shape[0]) == xp.argmin(squared_radii)
        return self.intensity * xp.where(is_nearest, 1.0, 0.0)

    def luminosity_within_ellipse_from(self, radius: Array, xp: Namespace = np) -> Array:
        """``intensity`` [e- s^-1], the sum over pixels: a point has no area to integrate over."""
        return self.intensity + 0.0 * xp.asarray(radius)

    def luminosity_within_circle_from(self, radius: float, xp: Namespace = np) -> Array:
        """``intensity`` [e- s^-1] within any circle."""
        checked_number(type(self).__name__, "radius", radius, NOT_NEGATIVE)
        return self.luminosity_within_ellipse_from(radius, xp=xp)
