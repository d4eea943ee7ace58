"""The pixels that are fitted against the light that is there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autolens.data_doctor.arcs import Arcs
from autolens.data_doctor.diagnosis import DataFinding
from autolens.data_doctor.images import Images

LOST_LIMIT = 0.03
"""Fraction of the light of the arcs that may lie outside: what a model says there is not tested."""
LARGE_AREA = 6.0
"""Pixels of a mask over those of a circle about the arcs from which most of them are sky."""
NEIGHBOUR_LIMIT = 0.2
"""Light of another object in the mask over that of the arcs."""


def findings_from(images: Images, arcs: Arcs | None) -> Iterator[DataFinding]:
    """What the mask leaves out and lets in."""
    used = images.used
    if not used.any():
        yield DataFinding(
            "mask_empty",
            "error",
            "The mask leaves out every pixel.",
            0.0,
            1.0,
            "No fit can be made.",
            "True means left out here: Mask2D(mask, pixel_scales, invert=True) where True means used",
        )
        return
    if arcs is None:
        return
    row, column = images.pixel_of(arcs.centre)
    if not used[row, column] and not _is_annulus(used, row, column):
        yield _centre_finding(arcs)
        return
    yield from _arcs_from(images, arcs, used)
    if images.mask is not None:
        yield from _size_from(images, arcs, used)


def _is_annulus(used: np.ndarray, row: int, column: int) -> bool:
    """Whether there are used pixels on all four sides."""
    sides = used[:row, column], used[row + 1 :, column], used[row, :column], used[row, column + 1 :]
    return all(side.any() for side in sides) and used.sum() < 0.7 * used.size


def _centre_finding(arcs: Arcs) -> DataFinding:
    y, x = arcs.centre
    return DataFinding(
        name="mask_centre",
        severity="error",
        what=f"The mask leaves out the brightest place, (y, x) = ({y:.2f}, {x:.2f}) arcsec.",
        value=None,
        limit=None,
        effect="The lens itself is not fitted, or another object than it is.",
        mend=f"--mask-centre {y:.2f} {x:.2f}; or Mask2D(mask, pixel_scales, invert=True) where True means used",
    )


def belonging_from(images: Images, arcs: Arcs) -> np.ndarray:
    """``(ny, nx)``, True in significant pixels near the Einstein radius and those that hang together with them."""
    from scipy import ndimage

    grid_y, grid_x = images.coordinates
    distance = np.sqrt((grid_y - arcs.centre[0]) ** 2 + (grid_x - arcs.centre[1]) ** 2)
    shining = (arcs.signal_to_noise > 5.0) & (distance > 2.0 * images.pixel_scale)
    labels, _ = ndimage.label(shining, structure=np.ones((3, 3)))
    radius = arcs.einstein_radius or 0.0
    near = shining & (distance > 0.5 * radius) & (distance < 1.7 * radius)
    chosen = np.unique(labels[near])
    return np.isin(labels, chosen[chosen > 0])


def _arcs_from(images: Images, arcs: Arcs, used: np.ndarray) -> Iterator[DataFinding]:
    if arcs.einstein_radius is None:
        return
    light = np.where(belonging_from(images, arcs), np.maximum(arcs.residual, 0.0), 0.0)
    total = float(light.sum())
    if total <= 0.0:
        return
    lost = float(light[~used].sum()) / total
    marked = ~images.extra_galaxies_left_out
    by_hand = float(np.mean(marked[light > 0.0]))
    if by_hand > LOST_LIMIT:
        yield _by_hand_finding(by_hand)
    if lost - float(light[marked].sum()) / total > LOST_LIMIT:
        yield _lost_finding(images, arcs, light, lost)


def _by_hand_finding(lost: float) -> DataFinding:
    return DataFinding(
        name="mask_extra_galaxies",
        severity="note",
        what=f"mask_extra_galaxies leaves out {100.0 * lost:.0f} per cent of the pixels that arcs or neighbours fill.",
        value=lost,
        limit=LOST_LIMIT,
        effect="None for light of neighbours; where it is of the source, models are free to put images there.",
        mend="look at the picture; mark fewer pixels in mask_extra_galaxies.fits where they are arcs",
    )


def _lost_finding(images: Images, arcs: Arcs, light: np.ndarray, lost: float) -> DataFinding:
    grid_y, grid_x = images.coordinates
    outer = np.sqrt(((grid_y - arcs.centre[0]) ** 2 + (grid_x - arcs.centre[1]) ** 2)[light > 0.0].max())
    return DataFinding(
        name="mask_cuts_arcs",
        severity="warning",
        what=f"The mask leaves out {100.0 * lost:.0f} per cent of the light that hangs together with the arcs.",
        value=lost,
        limit=LOST_LIMIT,
        effect="Models are free to put images where nothing is compared: radius and shear are biased.",
        mend=f"--mask-radius {outer + 0.3:.1f}, or fewer pixels in mask_extra_galaxies.fits, unless you mean it",
    )


def _size_from(images: Images, arcs: Arcs, used: np.ndarray) -> Iterator[DataFinding]:
    radius = arcs.einstein_radius
    if radius is None:
        return
    pixels = float(used.sum()) * images.pixel_scale**2
    needed = np.pi * (1.6 * radius) ** 2
    if pixels > LARGE_AREA * needed:
        yield DataFinding(
            name="mask_large",
            severity="note",
            what=f"The mask has {pixels / needed:.0f} times the area of a circle about the arcs (1.6 x {radius:.2f}).",
            value=pixels / needed,
            limit=LARGE_AREA,
            effect="Evaluations take longer in proportion, and faint neighbours get a say.",
            mend=f"--mask-radius {1.6 * radius:.1f}",
        )
    if pixels < 0.5 * needed:
        yield DataFinding(
            name="mask_small",
            severity="warning",
            what=f"The mask has {pixels / needed:.2f} times the area of a circle about the arcs (1.6 x {radius:.2f}).",
            value=pixels / needed,
            limit=0.5,
            effect="Arcs, or the sky about them, are not compared: models may put light there.",
            mend=f"--mask-radius {1.6 * radius:.1f}",
        )
