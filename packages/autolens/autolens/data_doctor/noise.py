"""The noise map against what the image says: the scatter of the sky, the light, and pixels next to each other.

References
----------
Immerkaer (1996), Computer Vision and Image Understanding 64, 300 (noise from second differences of an image).
Casertano et al. (2000), AJ 120, 2747 (correlated noise of drizzled images).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from autolens.data_doctor.diagnosis import DataFinding
from autolens.data_doctor.images import Images
from autolens.data_doctor.sky import Sky, clipped_scatter_from

SIGMAS = 4.0
"""Errors by which a number must be off: 6e-5 by chance, one false finding in a thousand images of ten such tests."""
SCALE_LIMIT = 0.1
"""Relative error of a noise map that matters: of 1000 pixels chi-squared is off by 20 per cent, four of its sigmas."""
EQUAL_FRACTION = 0.3
"""Fraction of pixels sharing one noise from which a map is not measured there."""
BRIGHT = 20.0
"""Signal to sky noise of a pixel whose light must be felt in its noise, unless the sky is over 10^4 electrons."""
CHANCE_FACTOR = 4.0
"""A map is wrong by less where it only happens to be near another kind of map."""
_FROM_PARTS = (
    "aa.preprocess.noise_map_via_data_eps_exposure_time_map_and_background_noise_map_from("
    "data, exposure_time, background_noise)"
)


def findings_from(images: Images, sky: Sky | None) -> Iterator[DataFinding]:
    """What the noise map says."""
    if not images.is_one_frame or images.good.sum() < 25:
        return
    equal = equal_from(images)
    yield from _equal_from(images, sky, *equal)
    if sky is None:
        return
    kind = kind_from(images, sky)
    if kind is not None:
        yield _kind_finding(sky, kind)
    else:
        yield from _scale_from(sky)
        yield from _bright_from(images, sky, is_constant=equal[0] > EQUAL_FRACTION)
        yield from _exposure_from(images, sky)
    yield from _correlation_from(sky)


def equal_from(images: Images) -> tuple[float, float]:
    """Fraction of pixels that share the most common noise (to 1e-6), and that noise."""
    noise = images.noise_map[images.good]
    rounded = np.unique(np.round(np.log(noise) * 1e6), return_inverse=True)[1]
    counts = np.bincount(rounded.ravel())
    return float(counts.max() / noise.size), float(np.median(noise[rounded.ravel() == np.argmax(counts)]))


def _equal_from(images: Images, sky: Sky | None, fraction: float, value: float) -> Iterator[DataFinding]:
    if fraction <= EQUAL_FRACTION:
        return
    noise = images.noise_map[images.good]
    is_constant = fraction > 1.0 - 1e-3
    kind = "one constant" if is_constant else "a floor" if value <= noise.min() * 1.000001 else "one value"
    told = "" if sky is None else f", while empty sky scatters by {sky.scatter:.3g}"
    is_right = (
        not is_constant and sky is not None and abs(sky.ratio - 1.0) <= max(SCALE_LIMIT, SIGMAS * sky.ratio_error)
    )
    yield DataFinding(
        name="noise_constant" if is_constant else "noise_floor",
        severity="note" if is_right else "warning",
        what=f"{100.0 * fraction:.1f} per cent of the noise map is {kind}, {value:.4g}{told}.",
        value=fraction,
        limit=EQUAL_FRACTION,
        effect=(
            "None, as that is the noise of empty sky; where the depth varies the map does not."
            if is_right
            else "Such a noise was set, not measured: the weights of arcs against sky are wrong, and chi-squared and "
            "evidences are not calibrated."
        ),
        mend=f"make one from the exposure: {_FROM_PARTS}",
    )


def kind_from(images: Images, sky: Sky) -> str | None:
    """What a map is that is no standard deviation: ``variance``, ``weight`` or ``inverse``; ``None`` where it is one.

    In the sky the scatter s of the data is to be the map n. A map of variances has ``n = s^2``, of weights
    ``n = s^-2``, of inverse standard deviations ``n = 1 / s``; the nearest wins where it agrees within 30 per cent and
    ``n = s`` is off by more than a factor 1.5. Weights and inverses also fall where light is, which a noise never does.
    """
    scatter = np.log(sky.scatter)
    offsets = {name: abs(scatter - np.log(sky.ratio) - power * scatter) for name, power in _KINDS.items()}
    falls = _falls_with_light(images, sky)
    if abs(np.log(sky.ratio)) > np.log(1.5):
        possible = {name: off for name, off in offsets.items() if not (falls is False and name != "variance")}
        name = min(possible, key=lambda key: possible[key])
        by_far = abs(np.log(sky.ratio)) > np.log(CHANCE_FACTOR)
        if possible[name] < np.log(1.3) and (by_far or _bright_pixels_agree(images, sky, name)):
            return name
    if falls:
        return min(("weight", "inverse"), key=lambda key: offsets[key])
    return None


def _bright_pixels_agree(images: Images, sky: Sky, kind: str) -> bool:
    """Whether bright pixels scatter over the map so read as those of the sky do, or nearer so than over the map itself.

    A map that is wrong by a factor agrees with s^2 by chance where s is about that factor, but then only in the sky.
    """
    read = np.where(images.good, np.abs(images.noise_map), 1.0) ** (1.0 / _KINDS[kind])
    sky_read = replace(sky, ratio=sky.scatter / float(np.median(read[sky.empty])))
    found = bright_noise_from(images, sky), bright_noise_from(replace(images, noise_map=read), sky_read)
    if found[0] is None or found[1] is None:
        return True
    raw, other = (abs(np.log(b.ratio / s.ratio)) for b, s in zip(found, (sky, sky_read), strict=True))  # type: ignore
    return bool(other <= raw)


_KINDS = {"variance": 2, "weight": -2, "inverse": -1}
_CALLS = {
    "variance": "aa.preprocess.noise_map_via_variance_map_from(map)",
    "weight": "aa.preprocess.noise_map_via_weight_map_from(map)",
    "inverse": "aa.preprocess.noise_map_via_inverse_standard_deviation_map_from(map)",
}


def _falls_with_light(images: Images, sky: Sky) -> bool | None:
    """Whether the map is lower where the image is bright; ``None`` where nothing is bright or the map is constant."""
    bright = images.good & (images.data - sky.level > BRIGHT * sky.scatter)
    if bright.sum() < 10 or not sky.empty.any():
        return None
    lower = images.noise_map[bright] < np.quantile(images.noise_map[sky.empty], 0.05) * (1.0 - 1e-6)
    higher = images.noise_map[bright] > np.quantile(images.noise_map[sky.empty], 0.95) * (1.0 + 1e-6)
    return bool(lower.mean() > 0.8) if lower.any() or higher.any() else None


def _kind_finding(sky: Sky, kind: str) -> DataFinding:
    told = {"variance": "variances", "weight": "weights (inverse variances)", "inverse": "inverse standard deviations"}
    return DataFinding(
        name="noise_kind",
        severity="error",
        what=(
            f"The noise map looks like a map of {told[kind]}: it is {sky.scatter / sky.ratio:.3g} in empty sky, whose "
            f"pixels scatter by {sky.scatter:.3g}."
        ),
        value=sky.ratio,
        limit=1.0,
        effect="Every weight is wrong, and with it every result and error.",
        mend=_CALLS[kind],
    )


def _scale_from(sky: Sky) -> Iterator[DataFinding]:
    limit = max(SCALE_LIMIT, SIGMAS * sky.ratio_error)
    if abs(sky.ratio - 1.0) <= limit:
        return
    factor = sky.ratio
    low = factor > 1.0
    told = f"{factor:.2f} times larger than" if low else f"only {factor:.2f} of"
    correlated = sky.correlation is not None and is_correlated(sky)
    told_sum, is_raised = "", False
    wanted = factor * (1.0 if low else _sum_factor(sky))
    if not low and correlated and sky.correlation is not None:
        of_map = sky.correlation.factor * sky.ratio
        is_raised = of_map > 0.8
        told_sum = f" Neighbours are correlated: sums over many pixels scatter by {of_map:.2f} of the map."
    yield DataFinding(
        name="noise_scale",
        severity="note" if is_raised else "error" if factor > 3.0 else "warning",
        what=f"Pixels of empty sky scatter by {sky.scatter:.3g}, {told} the noise map there ({sky.ratio:.3f} +- "
        f"{sky.ratio_error:.3f}, {sky.pixels} pixels).{told_sum}",
        value=factor,
        limit=1.0 + limit if low else 1.0 - limit,
        effect=(
            f"Chi-squared of the best fit is {factor**2:.2f} per pixel instead of 1"
            + (
                ", as the map was raised for correlated pixels; errors are about right."
                if is_raised
                else f": errors are too {'small' if low else 'large'} by {max(factor, 1.0 / factor):.2f} and evidences "
                "not calibrated."
            )
        ),
        mend=(
            "keep the map, and expect that chi-squared"
            if is_raised
            else f"scale it: Imaging(data, noise_map={wanted:.3f} * noise_map, psf)"
        ),
    )


def _sum_factor(sky: Sky) -> float:
    """What correlated pixels ask a noise map to be raised by."""
    return sky.correlation.factor if sky.correlation is not None and is_correlated(sky) else 1.0


@dataclass(frozen=True)
class BrightNoise:
    """Noise of bright pixels from second differences, in units of the map."""

    ratio: float
    error: float
    pixels: int


def bright_noise_from(images: Images, sky: Sky) -> BrightNoise | None:
    r"""How bright pixels scatter, from differences in which smooth light cancels.

    .. math:: h = (1, -2, 1) \otimes (1, -2, 1) / 6

    has unit norm and passes only the highest frequencies, of which a PSF leaves little. What it leaves is estimated
    by h on the image smoothed by (1, 2, 1) / 4: pixels where that is over a third of the noise are left out. The
    response of h to correlated noise is that of the sky.
    """
    noise = np.where(images.good, images.noise_map, np.nan)
    data = np.where(images.good, images.data, np.nan)
    filtered, expected = _differences_of(data), np.sqrt(_weighted(noise**2, np.array([1.0, 4.0, 1.0])) / 36.0)
    smooth = _weighted(data, np.array([1.0, 2.0, 1.0])) / 16.0
    structure = np.abs(_differences_of(smooth))
    light = smooth - sky.level
    with np.errstate(invalid="ignore"):
        ratio = filtered / expected
        calm = (structure < expected * max(sky.ratio, 0.3) / 3.0) & np.isfinite(ratio)
        bright = calm & (light > 3.0 * sky.scatter)
    empty = sky.empty & np.isfinite(ratio)
    if bright.sum() < 60 or empty.sum() < 100:
        return None
    response = clipped_scatter_from(ratio[empty]) / sky.ratio
    squared = (ratio[bright] / response) ** 2
    return _added_by_light(squared, light[bright] / expected[bright] ** 2, sky)


def _added_by_light(squared: np.ndarray, per_variance: np.ndarray, sky: Sky) -> BrightNoise | None:
    r"""How squared deviations in units of the map rise with light: :math:`r^2 = s^2 + k L / \sigma^2`, s of the sky.

    The variance of each is twice its square; weights follow the fit in turns, and what is over 3.5 sigmas (light that
    is not smooth) is left out, as is the same of a Gaussian. Differences share pixels, so that one in 2.9 counts (the
    sum of the squared correlations of h). The result is for the median pixel of those that weigh most.
    """
    base, rise = sky.ratio**2, 0.0
    kept = np.ones(len(squared), dtype=bool)
    for _ in range(12):
        expected = np.maximum(base + rise * per_variance, 0.05 * base)
        kept = squared < 3.5**2 * expected
        weights = np.where(kept, 1.0 / (2.0 * expected**2), 0.0)
        sum_of_squares = float((weights * per_variance**2).sum())
        if sum_of_squares <= 0.0:
            return None
        now = float((weights * per_variance * (squared / 0.9942 - base)).sum()) / sum_of_squares
        if abs(now - rise) * np.median(per_variance) < 1e-4 * base:
            rise = now
            break
        rise = now
    error = np.sqrt(2.9 / sum_of_squares)
    typical = _weighted_median(per_variance, weights * per_variance**2)
    ratio = float(np.sqrt(max(base + rise * typical, 1e-3 * base)))
    return BrightNoise(ratio, float(0.5 * error * typical / ratio), int(kept.sum()))


def _weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    order = np.argsort(values)
    cumulative = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulative, 0.5 * cumulative[-1])])


def _weighted(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sum over 3 x 3 pixels with the outer product of ``weights``; nan on the border."""
    result = np.full(values.shape, np.nan)
    inner = sum(
        weights[i] * weights[j] * values[i : values.shape[0] - 2 + i, j : values.shape[1] - 2 + j]
        for i in range(3)
        for j in range(3)
    )
    result[1:-1, 1:-1] = inner
    return result


def _differences_of(values: np.ndarray) -> np.ndarray:
    return _weighted(values, np.array([1.0, -2.0, 1.0])) / 6.0


def _bright_from(images: Images, sky: Sky, is_constant: bool) -> Iterator[DataFinding]:
    """The noise of bright pixels: whether it rises with light at all, and as much as they scatter."""
    measured = bright_noise_from(images, sky)
    reference = 1.0
    if measured is not None:  # a map that is wrong as a whole is another finding
        reference = max(sky.ratio, 1.0) if measured.ratio > 1.0 else min(sky.ratio, 1.0)
        factor, error = measured.ratio / reference, measured.error / reference
        low = measured.ratio > 1.0
        if (factor - 1.0) * (1.0 if low else -1.0) > max(1.5 * SCALE_LIMIT, SIGMAS * error):
            yield DataFinding(
                name="noise_poisson",
                severity="warning",
                what=(
                    f"Bright pixels scatter {factor:.2f} +- {error:.2f} times as much as the noise map says "
                    f"({measured.pixels} pixels): their own Poisson noise is {'missing' if low else 'counted twice'} "
                    "there, or in part."
                ),
                value=factor,
                limit=1.0 + max(1.5 * SCALE_LIMIT, SIGMAS * error) * (1.0 if low else -1.0),
                effect=f"The core of the lens and the arcs weigh too {'much' if low else 'little'} against the sky.",
                mend=_FROM_PARTS,
            )
            return
    if is_constant:
        return
    bright = images.good & (images.data - sky.level > BRIGHT * sky.scatter)
    if bright.sum() < 10:
        return
    rise = float(np.median(images.noise_map[bright] ** 2) / np.median(images.noise_map[sky.empty] ** 2)) - 1.0
    if rise > 0.02:
        return
    confirmed = measured is not None and abs(measured.ratio / reference - 1.0) < 0.1
    yield DataFinding(
        name="noise_poisson",
        severity="note" if confirmed else "warning",
        what=f"The noise map does not rise with light: {100.0 * rise:+.1f} per cent in variance at {BRIGHT:g} sigma.",
        value=rise,
        limit=0.02,
        effect="The core of the lens and the arcs weigh too much against the sky, unless the sky is very bright.",
        mend=_FROM_PARTS,
    )


def _exposure_from(images: Images, sky: Sky) -> Iterator[DataFinding]:
    """The exposure time that follows from how the variance rises with light, against the one that is known."""
    known = images.exposure_time
    if known is None:
        return
    bright = images.good & (images.data - sky.level > BRIGHT * sky.scatter)
    if bright.sum() < 30:
        return
    excess = images.noise_map[bright] ** 2 - np.median(images.noise_map[sky.empty] ** 2)
    rate = float(np.median(excess / (images.data[bright] - sky.level)))
    factor = rate * known
    if 0.7 < factor < 1.4:
        return
    yield DataFinding(
        name="noise_units",
        severity="warning",
        what=(
            f"The variance rises by {rate:.3g} per unit of light; for electrons per second in {known:.4g} s it is "
            f"{1.0 / known:.3g}."
        ),
        value=factor,
        limit=1.4 if factor > 1.0 else 0.7,
        effect="Data and noise are not electrons per second, or the exposure time is another: Poisson noise is wrong.",
        mend="aa.preprocess.array_adus_to_eps(data, exposure_time, gain), and a noise map made from the result",
    )


def is_correlated(sky: Sky) -> bool:
    """Whether the correlation of pixels is worth a finding and no chance."""
    noise = sky.correlation
    return noise is not None and noise.is_significant and noise.factor - 1.0 > SIGMAS * noise.factor_error


def _correlation_from(sky: Sky) -> Iterator[DataFinding]:
    noise = sky.correlation
    if noise is None or not is_correlated(sky):
        return
    of_map = noise.factor * sky.ratio
    middle = len(noise.auto_correlation) // 2
    next_to = 0.5 * (noise.auto_correlation[middle, middle + 1] + noise.auto_correlation[middle + 1, middle])
    yield DataFinding(
        name="noise_correlated",
        severity="warning",
        what=(
            f"Pixels are correlated, neighbours by {next_to:.2f}: sums over many scatter {noise.factor:.2f} +- "
            f"{noise.factor_error:.2f} times as much as independent ones would, {of_map:.2f} times what the noise map "
            "says."
        ),
        value=noise.factor,
        limit=max(1.1, 1.0 + SIGMAS * noise.factor_error),
        effect=(
            "Chi-squared takes pixels for independent: errors of everything that extends over several pixels are "
            + (f"too small by up to {of_map:.2f}." if of_map > 1.1 else "right only as the map is high for one pixel.")
        ),
        mend=(
            (f"scale the noise map by {of_map:.2f} for honest errors, or " if of_map > 1.1 else "")
            + "Imaging(..., noise_covariance_matrix=C) on a small cut-out"
        ),
    )
