"""The sky of a region, and the noise of its pixels."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray.dataset.noise_correlation import mask_of_empty_from
from autoarray.dataset.prepare.ledger import Ledger
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.type import Array

FEWEST = 200
"""Empty pixels without which no sky is measured."""
CLIP = 4.0
"""Standard deviations beyond which a pixel is no sky."""
WEIGHT_KINDS = ("rms", "variance", "inverse-variance", "exposure-time", "relative")
BLOCK = 16
"""Side [pixels] of the squares that are compared to find wings of galaxies, too faint to be seen in a pixel."""
SHAPES = ("constant", "plane", "none")
_BRIGHT = 8.0
"""Standard deviations of the sky above which a pixel tells whether a map has the noise of sources in it."""


def empty_from(image: Array, noise: Array, good: Array, pixel_scales: tuple[float, float]) -> Array:
    """Pixels without light of sources, ``(ny, nx)`` booleans."""
    values = np.where(good, image, 0.0)
    spread = np.where(good, noise, np.inf)
    empty = ~mask_of_empty_from(Array2D.no_mask(values, pixel_scales), Array2D.no_mask(spread, pixel_scales)).array
    if empty.sum() < FEWEST:
        raise exc.DatasetException(
            f"{int(empty.sum())} empty pixels around the cut-out, wanted at least {FEWEST} to measure the sky: a "
            "larger frame, or background='none' (--background none) with a map of the noise."
        )
    return empty


def background_from(image: Array, noise: Array, empty: Array, shape: str | float) -> tuple[Array, Array, str]:
    """The sky in every pixel, the pixels that it was measured in, and how: the middle or a plane of empty pixels."""
    if not isinstance(shape, str):
        return np.full(image.shape, float(shape)), empty, "given"
    if shape not in SHAPES:
        raise exc.DatasetException(f"background={shape!r}, wanted a number or one of {', '.join(SHAPES)}.")
    if shape == "none":
        return np.zeros(image.shape), empty, "not subtracted"
    y, x = np.meshgrid(*(np.linspace(-1.0, 1.0, n) for n in image.shape), indexing="ij")
    terms = np.stack([np.ones(image.shape), y, x] if shape == "plane" else [np.ones(image.shape)], axis=-1)
    used = empty
    for _ in range(20):
        ratio = np.zeros(image.shape)
        if shape == "constant":
            model = np.full(image.shape, _middle_of(image[used]))
        else:
            rows, values = terms[used] / noise[used][:, None], image[used] / noise[used]
            model = terms @ np.linalg.lstsq(rows, values, rcond=None)[0]
        ratio[empty] = ((image - model) / noise)[empty]
        now = empty & _dark_from(ratio, empty) & (np.abs(ratio) <= CLIP * np.std(ratio[used]))
        if now.sum() < FEWEST or np.array_equal(now, used):
            break
        used = now
    what = "middle" if shape == "constant" else "plane"
    return model, used, f"{what} of {int(used.sum())} empty pixels"


def _middle_of(values: Array) -> float:
    """Mean of the values near their median, which faint sources and whole numbers of ADU move little."""
    middle = np.median(values)
    return float(np.mean(values[np.abs(values - middle) <= 1.5 * np.std(values)]))


def _dark_from(ratio: Array, empty: Array) -> Array:
    """Pixels of squares that are no brighter than the darkest ones are by chance: without faint wings of galaxies."""
    labels = np.add.outer(
        np.arange(ratio.shape[0]) // BLOCK * (ratio.shape[1] // BLOCK + 1), np.arange(ratio.shape[1]) // BLOCK
    )
    count = np.bincount(labels.ravel(), weights=empty.ravel())
    sums = np.bincount(labels.ravel(), weights=np.where(empty, ratio, 0.0).ravel())
    trusted = count > 0.25 * BLOCK**2
    if trusted.sum() < 10:
        return np.ones(ratio.shape, dtype=bool)
    means = np.where(trusted, sums / np.maximum(count, 1.0), 0.0)
    middle = np.median(means[trusted])
    spread = middle - np.percentile(means[trusted], 15.87)  # of the dark side
    return (trusted & (means < middle + 2.0 * spread))[labels]


def scatter_from(image: Array, shape_of_noise: Array, empty: Array) -> tuple[float, float]:
    """Standard deviation of empty pixels in units of a map, without outliers, and its relative error."""
    ratio = (image / shape_of_noise)[empty]
    kept = np.ones(ratio.shape, dtype=bool)
    for _ in range(10):
        kept_now = np.abs(ratio - ratio[kept].mean()) <= CLIP * ratio[kept].std()
        if np.array_equal(kept_now, kept):
            break
        kept = kept_now
    scatter = float(ratio[kept].std())
    if not scatter > 0.0:
        raise exc.DatasetException(
            f"{int(kept.sum())} empty pixels around the cut-out all have the same value, wanted the noise of a sky: "
            "choose another HDU (--sci-hdu), or give a map of the noise (--weight)."
        )
    return scatter, float(1.0 / np.sqrt(2.0 * kept.sum()))


def noise_of_weight_from(weight: Array, kind: str) -> tuple[Array, Array]:
    """Standard deviations (or what is proportional to them) and the pixels that have one, from a map of a kind."""
    if kind not in WEIGHT_KINDS:
        raise exc.DatasetException(
            f"weight_kind={kind!r}, wanted one of {', '.join(WEIGHT_KINDS)}: weight_kind='rms' (--weight-kind rms)."
        )
    good = np.isfinite(weight) & (weight > 0.0)
    safe = np.where(good, weight, 1.0)
    noise = {"rms": lambda: safe, "variance": lambda: np.sqrt(safe)}.get(kind, lambda: 1.0 / np.sqrt(safe))()
    return np.where(good, noise, np.inf), good & np.isfinite(noise)


def kind_of_weight_from(weight: Array, exposure_time: float | None, ledger: Ledger) -> str:
    """Whether a drizzled weight is an exposure time, by its size; our error where it is not."""
    positive = weight[np.isfinite(weight) & (weight > 0.0)]
    middle = float(np.median(positive)) if positive.size else 0.0
    if exposure_time is not None and 0.1 < middle / exposure_time < 1.5:
        ledger.say(
            "weight_kind", "exposure-time", f"guessed: its median {middle:.5g} is of the size of the exposure time"
        )
        return "exposure-time"
    raise exc.DatasetException(
        f"what the weights mean is not known (their median is {middle:.5g}): write weight_kind= (--weight-kind) "
        f"and one of {', '.join(WEIGHT_KINDS)}."
    )


def source_variance_from(image: Array, times: Array) -> Array:
    """Variance [e-^2 s^-2] of the photons of sources: smoothed light above zero over the exposure time.

    A pixel's own noise would otherwise lower its error where it is too faint by chance, and raise it where too bright.
    """
    smooth = image
    for axis in (0, 1):
        padded = np.pad(smooth, [(1, 1) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        parts = [np.take(padded, np.arange(k, k + image.shape[axis]), axis) for k in (0, 1, 2)]
        smooth = 0.25 * parts[0] + 0.5 * parts[1] + 0.25 * parts[2]
    return np.maximum(smooth, 0.0) / times


def has_source_noise(image: Array, noise: Array, empty: Array, good: Array, times: Array | None) -> bool | None:
    """Whether a map of the noise rises where sources shine; ``None`` where none is bright enough to tell."""
    sky = float(np.median(noise[empty]))
    bright = good & (image > _BRIGHT * sky)
    if bright.sum() < 10:
        return None
    if times is None:
        return bool(np.median(noise[bright]) > 1.2 * sky)
    wanted = source_variance_from(image, times)[bright]
    if np.median(wanted) < 0.1 * sky**2:
        return None
    return bool(np.sum((noise[bright] ** 2 - sky**2) * wanted) > 0.5 * np.sum(wanted**2))
