"""The level and the slope of the sky that is left in an image."""

from __future__ import annotations

from collections.abc import Iterator

from autolens.data_doctor.diagnosis import DataFinding
from autolens.data_doctor.images import Images
from autolens.data_doctor.sky import Sky

SIGMAS = 5.0
"""Errors by which level and slope must be off zero: 6e-7 by chance, room for blocks that are not quite Gaussian."""
LEVEL_LIMIT = 0.1
"""Level over the scatter of a pixel: in 1000 pixels of halo that is three sigmas of their sum."""
SLOPE_LIMIT = 0.5
"""Rise over the frame over the scatter of a pixel: a tenth of it across arcs that take a fifth of the frame."""


def findings_from(images: Images, sky: Sky | None) -> Iterator[DataFinding]:
    """What the sky says."""
    if sky is None:
        yield DataFinding(
            name="sky_unknown",
            severity="note",
            what="Too few pixels are empty to measure the sky: noise, background and correlation are not tested.",
            value=None,
            limit=None,
            effect="None by itself.",
            mend="a larger cut-out, or al.doctor(dataset, mask) with the dataset before its mask was applied",
        )
        return
    level = sky.level
    if sky.level_significance > SIGMAS and abs(level) > LEVEL_LIMIT * sky.scatter:
        yield DataFinding(
            name="background_level",
            severity="warning",
            what=(
                f"The sky is at {level:.3g}, {level / sky.scatter:+.2f} of a pixel's scatter "
                f"({sky.level_significance:.0f} sigma), whatever halo the lens has."
            ),
            value=level / sky.scatter,
            limit=LEVEL_LIMIT if level > 0.0 else -LEVEL_LIMIT,
            effect="Lens light takes it up in wide wings: effective radii and Sersic indices come out wrong.",
            mend=f"Imaging(data - ({level:.4g}), noise_map, psf), or fit it: DatasetModel(background_sky_level=...)",
        )
    rise, chance = sky.slope
    if chance > SIGMAS and rise > SLOPE_LIMIT * sky.scatter:
        yield DataFinding(
            name="background_gradient",
            severity="warning",
            what=(
                f"The sky rises by {rise:.3g} over the frame, {rise / sky.scatter:.2f} of a pixel's scatter "
                f"({chance:.0f} sigma), towards {sky.direction:.0f} degrees."
            ),
            value=rise / sky.scatter,
            limit=SLOPE_LIMIT,
            effect="One side of the arcs is too bright against the other: shear and source take it up.",
            mend="subtract a plane fitted to empty pixels before the fit; autolens prepare measures one",
        )
