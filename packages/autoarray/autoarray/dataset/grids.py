"""The grids on which a model of a dataset is evaluated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.convolver import Convolver
from autoarray.operators.over_sampling import sub_size_array_from
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.type import Namespace


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
    """Both together in a frame padded by half a PSF: one evaluation serves the whole convolution."""

    def moved_from(self, offset: tuple[float, float], angle: float, xp: Namespace = np) -> GridsInterface:
        """The grids in a frame centred on ``offset`` (y,x) [arcsec] and turned by ``angle`` [rad]."""

        def moved(grid: Grid2D | None) -> Grid2D | None:
            return None if grid is None else grid.subtracted_and_rotated_from(offset, angle, xp=xp)

        return GridsInterface(*(moved(g) for g in (self.lp, self.pixelization, self.blurring, self.extended)))  # type: ignore[arg-type]


def grids_from(
    mask: Mask2D,
    psf: Convolver | None,
    over_sample_size_lp: object,
    over_sample_size_pixelization: object,
    over_sample_size_blurring: int,
) -> GridsInterface:
    """The grids of a mask and a PSF."""
    lp = Grid2D.from_mask(mask, over_sample_size=over_sample_size_lp)
    pixelization = Grid2D.from_mask(mask, over_sample_size=over_sample_size_pixelization)
    if psf is None:
        return GridsInterface(lp, pixelization, None, lp)
    state = psf.state_from(mask)
    ring = mask.derive_mask.blurring_from(psf.shape_native, allow_padding=True)
    sizes = np.full(state.pixels_extended, over_sample_size_blurring)
    sizes[state.extended_for_mask] = sub_size_array_from(over_sample_size_lp, mask)
    return GridsInterface(
        lp=lp,
        pixelization=pixelization,
        blurring=Grid2D.from_mask(ring, over_sample_size=over_sample_size_blurring),
        extended=Grid2D.from_mask(state.extended_mask, over_sample_size=sizes),
    )
