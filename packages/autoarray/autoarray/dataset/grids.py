"""The grids on which a model of a dataset is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.convolver import Convolver, shared_sub_size_from
from autoarray.operators.over_sampling import OverSampler, sub_size_array_from
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.type import Namespace

_MULTIPLE = 48
"""What the number of sub-pixels is made a multiple of, so that 2, 3, 4, 6, 8, 12, 16, ... cores have equal shares."""


@dataclass(frozen=True, eq=False)
class GridsInterface:
    """Coordinates (y,x) [arcsec] at which a model is evaluated."""

    lp: Grid2D
    """Pixels of the mask, with the sub-pixels of light profiles."""
    pixelization: Grid2D
    """Pixels of the mask, with the sub-pixels of a pixelized source."""
    blurring: Grid2D | None
    """Pixels around the mask whose light the PSF brings in; ``None`` without a PSF."""
    extended: Grid2D
    """Both together in a frame padded by half a PSF: one evaluation serves the whole convolution. On the pixels of the
    PSF where these are finer than the image's."""
    lensed: Grid2D
    """The same with the sub-pixels of light behind a lens; ``extended`` itself where they do not differ."""

    def in_single_precision(self) -> GridsInterface:
        """The grids as float32, sub-pixels included; a model evaluated on them is float32 too."""

        def single(grid: Grid2D) -> Grid2D:
            sub_pixels = grid.over_sampled.array.astype(np.float32)
            return grid.moved_from(grid.array.astype(np.float32), sub_pixels)

        return self._each(single)

    def moved_from(self, offset: tuple[float, float], angle: float, xp: Namespace = np) -> GridsInterface:
        """The grids in a frame centred on ``offset`` (y,x) [arcsec] and turned by ``angle`` [rad]."""

        return self._each(lambda grid: grid.subtracted_and_rotated_from(offset, angle, xp=xp))

    def _each(self, function: Callable[[Grid2D], Grid2D]) -> GridsInterface:
        """A function of each grid; grids that are one object stay one."""
        extended = function(self.extended)
        return GridsInterface(
            lp=function(self.lp),
            pixelization=function(self.pixelization),
            blurring=None if self.blurring is None else function(self.blurring),
            extended=extended,
            lensed=extended if self.lensed is self.extended else function(self.lensed),
        )


def grids_from(
    mask: Mask2D,
    psf: Convolver | None,
    over_sample_size_lp: object,
    over_sample_size_lensed: object,
    over_sample_size_pixelization: object,
    over_sample_size_blurring: int,
    over_sample_rule: str,
) -> GridsInterface:
    """The grids of a mask and a PSF."""

    def grid_on(pixels: Mask2D, sizes: object) -> Grid2D:
        return Grid2D.from_mask(pixels, over_sample_size=sizes, over_sample_rule=over_sample_rule)

    lp = grid_on(mask, over_sample_size_lp)

    def extended_from(sizes_on_mask: object) -> Grid2D:
        if psf is None:
            return lp if sizes_on_mask is over_sample_size_lp else grid_on(mask, sizes_on_mask)
        state = psf.state_from(mask)
        finer = state.convolve_over_sample_size
        sizes = np.full(state.pixels_extended, shared_sub_size_from(np.array(over_sample_size_blurring), finer))
        shared = shared_sub_size_from(sub_size_array_from(sizes_on_mask, mask), finer)
        sizes[state.extended_for_mask] = np.repeat(shared, finer**2)
        sampler = OverSampler(state.extended_mask, sizes, over_sample_rule, finer, multiple=_MULTIPLE)
        return Grid2D(state.extended_mask.grid_slim, state.extended_mask, over_sampler=sampler)

    extended = extended_from(over_sample_size_lp)
    lensed = extended if over_sample_size_lensed is None else extended_from(over_sample_size_lensed)
    if lensed.over_sampler == extended.over_sampler:
        lensed = extended
    ring = None if psf is None else mask.derive_mask.blurring_from(psf.shape_on(mask.pixel_scales), allow_padding=True)
    return GridsInterface(
        lp=lp,
        pixelization=grid_on(mask, over_sample_size_pixelization),
        blurring=None if ring is None else grid_on(ring, over_sample_size_blurring),
        extended=extended,
        lensed=lensed,
    )
