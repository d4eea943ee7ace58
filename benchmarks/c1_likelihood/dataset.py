"""The C1 data as our ``Imaging``; used by C7 as well."""

from __future__ import annotations

from problem import PIXEL_SCALE, Problem

import autolens as al


def dataset_from(problem: Problem, over_sample_size_blurring: int = 1) -> al.Imaging:
    """The masked dataset with uniform 4 x 4 sub-pixels; one per pixel of the ring around the mask, as the peer has."""
    mask = al.Mask2D(mask=problem.mask, pixel_scales=PIXEL_SCALE)
    dataset = al.Imaging(
        data=al.Array2D.no_mask(problem.data, pixel_scales=PIXEL_SCALE),
        noise_map=al.Array2D.no_mask(problem.noise_map, pixel_scales=PIXEL_SCALE),
        psf=al.Convolver(kernel=al.Array2D.no_mask(problem.psf, pixel_scales=PIXEL_SCALE), normalize=True),
        over_sample_size_lp=4,
        over_sample_size_blurring=over_sample_size_blurring,
    )
    return dataset.apply_mask(mask=mask)
