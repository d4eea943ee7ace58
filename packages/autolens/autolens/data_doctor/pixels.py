"""Pixels that are no measurement: not finite, flagged, blank, saturated, or sharper than the PSF lets light be.

References
----------
van Dokkum (2001), PASP 113, 1420 (cosmic rays are sharper than the PSF).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autolens.data_doctor.diagnosis import DataFinding
from autolens.data_doctor.images import Images, flag_limit_from
from autolens.data_doctor.sky import Sky

SHARP_SIGMAS = 6.0
"""A pixel of a million is as far off by chance in 1e-3 of a million images: 2e-9 a pixel, Gaussian."""
FEWEST_EQUAL = 3
"""Adjoining pixels that share the highest value exactly: noise makes no two of them equal."""
_MASK_THEM = "dataset.apply_mask(mask), or mark them in mask_extra_galaxies.fits"


def findings_from(images: Images, sky: Sky | None) -> Iterator[DataFinding]:
    """What single pixels say, beside those that are no numbers."""
    yield from _flagged_from(images)
    yield from _blank_from(images)
    yield from _saturated_from(images)
    yield from _sharp_from(images, sky)


def _where(images: Images, bad: np.ndarray) -> str:
    """How many, and where they lie."""
    inside = int((bad & images.used).sum())
    row, column = np.argwhere(bad & images.used if inside else bad)[0]
    y, x = images.place_of(row, column)
    told = f", {inside} of them in the pixels that are fitted" if inside else ", none in the pixels that are fitted"
    return f"{told} (one at y, x = {y:.2f}, {x:.2f} arcsec)"


def not_finite_from(images: Images) -> Iterator[DataFinding]:
    """Pixels that are no numbers, and noise that is none."""
    for name, image in (("data", images.data), ("noise_map", images.noise_map)):
        if image.shape != images.known.shape:
            continue
        kinds = {"not finite": ~np.isfinite(image)}
        if name == "noise_map":
            kinds["zero or negative"] = np.isfinite(image) & (image <= 0.0)
        for kind, bad in kinds.items():
            bad = bad & images.known
            if not bad.any():
                continue
            inside = bool((bad & images.used).any())
            yield DataFinding(
                name=f"{name}_not_finite" if kind == "not finite" else "noise_not_positive",
                severity="error" if inside else "note",
                what=f"{int(bad.sum())} pixels of {name} are {kind}{_where(images, bad)}.",
                value=float(bad.sum()),
                limit=0.0,
                effect="No fit can be made with them: chi-squared is not a number." if inside else "None.",
                mend=f"leave them out: Imaging.from_fits(..., mask=mask) or {_MASK_THEM}",
            )


def _flagged_from(images: Images) -> Iterator[DataFinding]:
    if not images.is_one_frame:
        return
    usable = images.known & np.isfinite(images.noise_map) & (images.noise_map > 0.0)
    limit = flag_limit_from(images.noise_map[usable])
    bad = usable & (images.noise_map >= limit)
    if not bad.any():
        return
    inside = bool((bad & images.used).any())
    yield DataFinding(
        name="flagged_pixels",
        severity="warning" if inside else "note",
        what=(
            f"{int(bad.sum())} pixels have a noise of up to {images.noise_map[bad].max():.3g}, over "
            f"{limit:.3g}: flagged as bad{_where(images, bad)}."
        ),
        value=float(images.noise_map[bad].max()),
        limit=limit,
        effect=(
            "None, as no fit uses them."
            if not inside
            else "They carry no weight, but each adds ln(2 pi sigma^2) to minus twice every evidence, and pictures "
            "scale to them."
        ),
        mend=f"leave them out: {_MASK_THEM}",
    )


def _blank_from(images: Images) -> Iterator[DataFinding]:
    finite = images.good  # what the noise map flags is told already
    if not finite.any():
        return
    bad = blank_from(images.data, finite)
    if not bad.any():
        return
    number = int(bad.sum())
    everything = number == finite.sum()
    severity = "error" if everything else "warning" if (bad & images.used).any() else "note"
    value = float(np.median(images.data[bad]))
    yield DataFinding(
        name="blank_pixels",
        severity=severity,
        what="Every pixel"
        if everything
        else f"{number} pixels of the data share the value {value:.4g}{'' if everything else _where(images, bad)}.",
        value=float(number),
        limit=0.0,
        effect="They are no measurement, but are fitted as one: the model is pulled to this value.",
        mend=f"leave them out: {_MASK_THEM}",
    )


def blank_from(data: np.ndarray, finite: np.ndarray) -> np.ndarray:
    """True in pixels that share a value as measured ones do not: flagged, or outside of what was exposed.

    Of measured pixels several have a value in common only where they are counts. Then every value near it is as
    common, so one that many more pixels have is no count; and squares of w x w equal pixels do not occur, w being so
    large that ``N p^(w^2 - 1) < 1e-4`` with the fraction p of the commonest count. The highest value may be saturated,
    which is another finding.
    """
    values, counts = np.unique(data[finite], return_counts=True)
    usual = int(np.sort(counts)[-2]) if counts.size > 1 else 0
    commonest = int(np.argmax(counts))
    blank = np.zeros_like(finite)
    is_top = commonest == values.size - 1 and values.size > 1
    if counts[commonest] > 2 * usual + max(FEWEST_EQUAL, 1e-4 * finite.sum()) and not is_top:
        blank |= finite & (data == values[commonest])
    share = min(max(usual / finite.sum(), 1e-6), 0.9)
    side = int(np.ceil(np.sqrt(1.0 + np.log(1e-4 / finite.sum()) / np.log(share))))
    return blank | _squares_of(np.where(finite, data, np.nan), max(side, 3), top=float(values[-1]))


def _squares_of(data: np.ndarray, side: int, top: float) -> np.ndarray:
    """True in pixels of squares of ``side`` x ``side`` equal pixels, the highest value left aside."""
    from scipy import ndimage

    if min(data.shape) <= side:
        return np.zeros(data.shape, dtype=bool)
    filled = np.where(np.isfinite(data), data, np.inf)
    lowest, highest = (f(filled, size=side) for f in (ndimage.minimum_filter, ndimage.maximum_filter))
    equal = (lowest == highest) & np.isfinite(highest) & (highest < top)
    return ndimage.binary_dilation(equal, structure=np.ones((side, side))) & (filled == _spread(highest, equal, side))


def _spread(values: np.ndarray, where: np.ndarray, side: int) -> np.ndarray:
    """Values of the pixels ``where`` spread over the squares about them."""
    from scipy import ndimage

    return ndimage.maximum_filter(np.where(where, values, -np.inf), size=side)


def _saturated_from(images: Images) -> Iterator[DataFinding]:
    from scipy import ndimage

    finite = images.known & np.isfinite(images.data)
    if not finite.any():
        return
    top = float(images.data[finite].max())
    if top <= 0.0 or images.data[finite].min() == top:
        return
    flat = finite & (np.abs(images.data - top) <= 1e-6 * top)
    labels, number = ndimage.label(flat, structure=np.ones((3, 3)))
    largest = int(np.bincount(labels.ravel())[1:].max()) if number else 0
    if largest < FEWEST_EQUAL:
        return
    yield DataFinding(
        name="saturated",
        severity="warning" if (flat & images.used).any() else "note",
        what=f"{int(flat.sum())} pixels share the highest value {top:.4g}, {largest} side by side: saturated"
        f"{_where(images, flat)}.",
        value=float(largest),
        limit=float(FEWEST_EQUAL),
        effect="The light of the core is cut: a light profile fitted to it is too flat and its centre may be off.",
        mend=f"leave the core out, or raise its noise: dataset.apply_noise_scaling(mask); {_MASK_THEM}",
    )


def _sharp_from(images: Images, sky: Sky | None) -> Iterator[DataFinding]:
    if not images.is_one_frame or sky is None:
        return
    bad = sharp_from(images, sky)
    if not bad.any():
        return
    number, inside = int(bad.sum()), bool((bad & images.used).any())
    yield DataFinding(
        name="sharp_pixels",
        severity="warning" if inside else "note",
        what=f"{number} pixel{'s are' if number > 1 else ' is'} sharper than the PSF lets light be: hot or dead "
        f"pixels, cosmic rays{_where(images, bad)}.",
        value=float(number),
        limit=0.0,
        effect=(
            "Each pulls the source to a compact clump that is not there and adds tens to chi-squared."
            if inside
            else "None, as no fit uses them."
        ),
        mend=f"leave them out: {_MASK_THEM}",
    )


def sharp_from(images: Images, sky: Sky) -> np.ndarray:
    """True in pixels that exceed their neighbours by more than the PSF allows, or fall short of all of them.

    Of a point in the middle of a pixel the PSF puts the share e of its height into the mean of the four next pixels,
    and of any other light more: ``e d <= m``, so what is over by ``SHARP_SIGMAS`` is no light. A value under half of
    all of its neighbours, while these are not the rim of a larger hollow, is none either. Errors are those of the map,
    or of the sky where that is more.
    """
    values = np.where(images.good, images.data - sky.level, np.nan)
    near, next_to_near = (
        np.stack([np.roll(values, sign * step, axis=axis) for axis in (0, 1) for sign in (1, -1)]) for step in (1, 2)
    )
    mean, lowest, beyond = near.mean(axis=0), near.min(axis=0), next_to_near.mean(axis=0)
    noise = np.where(images.good, np.maximum(images.noise_map * max(sky.ratio, 1.0), sky.scatter), np.nan)
    share = _share_of_neighbours(images.psf if images.psf_size == 1 else None)
    with np.errstate(invalid="ignore"):
        hot = share * values - mean > SHARP_SIGMAS * noise * np.sqrt(share**2 + 0.25)
        hollow = (beyond > 1.1 * mean) | (values > 0.5 * lowest)
        dead = (lowest - values > SHARP_SIGMAS * noise * np.sqrt(2.0)) & ~hollow
    bad = (hot | dead) & images.good
    bad[[0, 1, -2, -1]] = False  # rolled over the border
    bad[:, [0, 1, -2, -1]] = False
    return bad


def _share_of_neighbours(psf: np.ndarray | None) -> float:
    """Mean of the four pixels about the peak of the PSF over the peak, less a tenth for its errors; 0 without one."""
    if psf is None or min(psf.shape) < 3 or not np.all(np.isfinite(psf)):
        return 0.0
    row, column = np.unravel_index(np.argmax(psf), psf.shape)
    if not (0 < row < psf.shape[0] - 1 and 0 < column < psf.shape[1] - 1) or psf[row, column] <= 0.0:
        return 0.0
    around = psf[[row - 1, row + 1, row, row], [column, column, column - 1, column + 1]]
    return 0.9 * max(float(around.mean() / psf[row, column]), 0.0)
