"""How much the noise of neighbouring pixels is correlated, measured where an image is empty.

Drizzling and resampling spread the noise of one detector pixel over several of the image. Its pixels then scatter less
than a sum over many of them does: chi-squared looks right while errors of extended light are too small.

References
----------
Casertano et al. (2000), AJ 120, 2747, appendix A; Labbe et al. (2003), AJ 125, 1107 (apertures on empty sky);
Bartlett (1946), Suppl. J. R. Stat. Soc. 8, 27 (errors of correlation coefficients).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autoarray import exc
from autoarray.mask import index
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D

FEWEST_PIXELS_PER_LAG = 10
"""Empty pixels that are needed for each lag that is measured."""
SKY_SIDE = 31
"""Side of the square [pixels] whose empty pixels are the sky of the one in its middle."""
REPORTED_FACTOR = 1.1
"""A factor below is not worth a line in a report."""


@dataclass(frozen=True, eq=False)
class NoiseCorrelation:
    """Correlation of the noise between pixels that are up to some pixels apart."""

    auto_correlation: np.ndarray
    """Correlation coefficients at lags (y, x) of -l to l pixels, ``(2 l + 1, 2 l + 1)``; 1 in the middle."""
    scatter: float
    """Standard deviation of a pixel in units of its noise map; 1 where the map is right for single pixels."""
    pixels: int
    """Number of empty pixels that were used."""

    @property
    def factor(self) -> float:
        r"""Error of a large aperture over that of independent pixels of the same scatter, :math:`F^2 = \sum \rho`."""
        return float(np.sqrt(max(self.auto_correlation.sum(), 0.0)))

    @property
    def factor_error(self) -> float:
        r"""Standard error of ``factor`` (Bartlett's formula for the sum R of correlation coefficients at all lags).

        .. math:: \sigma_R^2 = \frac{2}{N} \, \overline{S^2 (W - R)^2}

        S is the spectrum of the noise, W that of a box over the lags, and the mean goes over all frequencies.
        """
        size = len(self.auto_correlation)
        phases = np.exp(2j * np.pi * np.outer(np.arange(8 * size), np.arange(size) - size // 2) / (8 * size))
        spectrum = np.maximum((phases @ self.auto_correlation @ phases.T).real, 0.0)
        window = np.outer(*[phases.sum(axis=1).real] * 2)
        total = self.auto_correlation.sum()
        deviation = np.sqrt(2.0 / self.pixels * np.mean((spectrum * (window - total)) ** 2))
        return float(deviation / (2.0 * max(self.factor, 1e-3)))

    @property
    def is_significant(self) -> bool:
        """Whether the factor is worth a warning and is not a chance."""
        return self.factor > REPORTED_FACTOR and self.factor - 1.0 > 2.0 * self.factor_error

    def factor_of_aperture(self, side: int) -> float:
        r"""The same for s x s pixels, :math:`F^2 = \sum \rho (1 - |\Delta y| / s)(1 - |\Delta x| / s)`."""
        lags = np.abs(np.arange(len(self.auto_correlation)) - len(self.auto_correlation) // 2)
        shared = np.maximum(1.0 - lags / side, 0.0)
        return float(np.sqrt(max(shared @ self.auto_correlation @ shared, 0.0)))

    @property
    def line(self) -> str:
        """One line for a report."""
        of_map = self.factor * self.scatter
        return (
            "noise is correlated between pixels: a sum over many is "
            f"{self.factor:.2f} +- {self.factor_error:.2f} times as uncertain as one of independent pixels of that "
            f"scatter, {of_map:.2f} times as the noise map says ({self.pixels} empty pixels)"
        )


def noise_correlation_from(
    data: Array2D, noise_map: Array2D, mask_of_empty: Mask2D | None = None, largest_lag: int = 3
) -> NoiseCorrelation:
    r"""The correlation of the noise in the empty regions of an image, at lags up to ``largest_lag`` pixels each way.

    ``mask_of_empty`` is False in empty pixels; without it they are found by :func:`mask_of_empty_from`. The mean over
    the pairs of empty pixels at a lag of the product of their normalized values, less the sky about them, is C;
    subtracting a sky measured in M pixels lowers the sum over K lags by a factor :math:`1 - K / M`, which is undone.
    """
    if not isinstance(largest_lag, int | np.integer) or largest_lag < 1:
        raise exc.DatasetException(
            f"largest_lag={exc.shown(largest_lag)}, wanted a whole number of pixels of at least 1."
        )
    mask = mask_of_empty_from(data, noise_map) if mask_of_empty is None else mask_of_empty
    used, lags = mask.pixels_in_mask, (2 * largest_lag + 1) ** 2
    if used < FEWEST_PIXELS_PER_LAG * lags:
        raise exc.DatasetException(
            f"{used} empty pixels for the noise at {lags} lags, wanted at least {FEWEST_PIXELS_PER_LAG * lags}: a "
            "larger image, or noise_correlation_from(..., largest_lag=1)."
        )
    empty = ~mask.array
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(empty, _native(data) / _native(noise_map), 0.0)
    if not np.all(np.isfinite(values)):
        raise exc.DatasetException(
            "data over noise is nan or inf in pixels that mask_of_empty marks as empty, wanted them left out."
        )
    values, in_sky = _without_sky_from(values, empty)
    pairs = _products_from(empty.astype(float), largest_lag)
    covariance = _products_from(values, largest_lag) / np.maximum(np.rint(pairs), 1.0)
    covariance = covariance + covariance.sum() / (in_sky - lags)
    variance = covariance[largest_lag, largest_lag]
    if not variance > 0.0:
        raise exc.DatasetException(f"{used} empty pixels that all have the same value, wanted noise in them.")
    return NoiseCorrelation(covariance / variance, float(np.sqrt(variance)), used)


def mask_of_empty_from(data: Array2D, noise_map: Array2D, threshold: float = 4.0) -> Mask2D:
    """A mask that leaves out what shines: False in pixels far from anything ``threshold`` sigmas above the sky.

    Found in means of 5 x 5 pixels and in single ones, against the scatter of each, and widened by 4 pixels.
    Pixels without finite data or noise are left out too, and those of a mask that ``data`` has.
    """
    image, noise = _native(data), _native(noise_map)
    good = np.isfinite(image) & np.isfinite(noise) & (noise > 0.0) & ~data.mask.array
    ratio = np.where(good, image, 0.0) / np.where(good, noise, 1.0)
    number = _sums_from(good.astype(float), 5)
    smooth = _sums_from(ratio, 5) / np.maximum(number, 1.0)
    maps = [(ratio, good), (smooth, good & (number > 12.0))]
    scatters = [_scatter_from(values, trusted) for values, trusted in maps]
    empty = good
    for _ in range(30):  # the sky falls as bright pixels leave
        bright = np.zeros_like(good)
        for (values, trusted), scatter in zip(maps, scatters, strict=True):
            if np.any(empty & trusted):
                bright |= trusted & (values - np.median(values[empty & trusted]) > threshold * scatter)
        now = good & index.dilated_from(~bright, (9, 9))  # True is left out: what is not reached stays
        if np.array_equal(now, empty):
            break
        empty = now
    return Mask2D(~empty, data.pixel_scales, data.origin)


def _scatter_from(values: np.ndarray, trusted: np.ndarray) -> float:
    """Robust scatter from differences of pixels too far apart to be correlated and too close for the sky to change."""
    both = trusted[:, 7:] & trusted[:, :-7]
    differences = np.abs(values[:, 7:] - values[:, :-7])[both]
    return 1.4826 * float(np.median(differences)) / np.sqrt(2.0) if differences.size else 0.0


def _without_sky_from(values: np.ndarray, empty: np.ndarray) -> tuple[np.ndarray, float]:
    """Empty pixels less the mean of those in a square about them, and the effective number of these, M."""
    number = np.maximum(np.rint(_sums_from(empty.astype(float), SKY_SIDE)), 1.0)
    sky = _sums_from(np.where(empty, values, 0.0), SKY_SIDE) / number
    return np.where(empty, values - sky, 0.0), 1.0 / float(np.mean(1.0 / number[empty]))


def _native(image: Array2D) -> np.ndarray:
    return np.asarray(image.native.array, dtype=float)


def _products_from(values: np.ndarray, largest_lag: int) -> np.ndarray:
    """Sum of products of pixels at every lag, ``(2 l + 1, 2 l + 1)``."""
    shape = [n + largest_lag for n in values.shape]
    power = np.abs(np.fft.rfft2(values, s=shape)) ** 2
    products = np.fft.irfft2(power, s=shape)
    steps = np.arange(-largest_lag, largest_lag + 1)
    return products[np.ix_(steps, steps)]


def _sums_from(values: np.ndarray, side: int) -> np.ndarray:
    """Sum over a square of ``side`` (odd) pixels about each pixel, those beyond the frame being 0."""
    for axis in (0, 1):
        pad = [(side // 2 + 1, side // 2) if a == axis else (0, 0) for a in (0, 1)]
        totals = np.cumsum(np.pad(values, pad), axis=axis)
        length = values.shape[axis]
        values = np.take(totals, np.arange(side, side + length), axis) - np.take(totals, np.arange(length), axis)
    return values
