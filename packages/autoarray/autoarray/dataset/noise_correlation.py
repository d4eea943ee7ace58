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
TRIED_PIXELS, MOST_TRIALS = 1_000_000, 40
"""Empty pixels of independent noise from which it is seen, to a per cent, what taking the sky off does."""
SKY_SIDE = 21
"""Side of the square [pixels] whose empty pixels are the sky of the one in its middle."""
FAR = (4, 6)
"""Lags beyond the largest one of the noise, from and to [pixels], at which what is correlated is the sky."""
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

        S is the spectrum of the noise, W that of a box over the lags less its share of the far ones, and the mean goes
        over all frequencies.
        """
        size = len(self.auto_correlation)
        frequencies = 8 * size

        def phases_of(reach: int) -> np.ndarray:
            steps = np.arange(-reach, reach + 1)
            return np.exp(2j * np.pi * np.outer(np.arange(frequencies), steps) / frequencies)

        phases = phases_of(size // 2)
        spectrum = np.maximum((phases @ self.auto_correlation @ phases.T).real, 0.0)
        inside, within, beyond = (
            np.outer(*[phases_of(size // 2 + more).sum(axis=1).real] * 2) for more in (0, FAR[0] - 1, FAR[1])
        )
        window = inside - size**2 * (beyond - within) / ((size + 2 * FAR[1]) ** 2 - (size + 2 * FAR[0] - 2) ** 2)
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
    the pairs of empty pixels at a lag of the product of their normalized values, less the sky about them, is C. What is
    left at lags that no noise reaches (``FAR``) is the light of the sky, such as the faint wings of a galaxy, and is
    taken off at all lags, with what subtracting a sky that was measured in the same pixels does to them.
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
    rows, columns = np.flatnonzero(empty.any(axis=1)), np.flatnonzero(empty.any(axis=0))
    cut = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    covariance = _covariance_from(values[cut], empty[cut], largest_lag)
    variance = covariance[largest_lag, largest_lag]
    if not variance > 0.0:
        raise exc.DatasetException(f"{used} empty pixels that all have the same value, wanted noise in them.")
    return NoiseCorrelation(covariance / variance, float(np.sqrt(variance)), used)


def _covariance_from(values: np.ndarray, empty: np.ndarray, largest_lag: int) -> np.ndarray:
    r"""Covariance of the noise at lags up to ``largest_lag``, without that of the sky.

    Taking a sky off that was measured in the same pixels lowers all lags, in proportion to the sum R over them. By how
    much is seen from images of independent noise, R = 1, in the same pixels.
    """
    sky = _Sky(empty)
    pairs = np.maximum(np.rint(_products_from(empty.astype(float), largest_lag + FAR[1])), 1.0)

    def left_of(image: np.ndarray) -> np.ndarray:
        return _covariance_of(sky.taken_off(image), pairs, largest_lag)

    rng, covariance = np.random.default_rng(0), left_of(values)
    trials = range(min(1 + TRIED_PIXELS // max(int(empty.sum()), 1), MOST_TRIALS))
    independent = [left_of(np.where(empty, rng.standard_normal(empty.shape), 0.0)) for _ in trials]
    lost = (np.mean([found.sum() for found in independent]) - 1.0) / covariance.size  # of each lag, nearly the same
    return np.asarray(covariance - lost * covariance.sum() / (1.0 + lost * covariance.size))


def _covariance_of(values: np.ndarray, pairs: np.ndarray, largest_lag: int) -> np.ndarray:
    """Mean products at lags up to ``largest_lag``, less that at far ones."""
    lags = np.abs(np.arange(-largest_lag - FAR[1], largest_lag + FAR[1] + 1))
    far = np.maximum.outer(lags, lags) >= largest_lag + FAR[0]
    box = np.ix_(lags <= largest_lag, lags <= largest_lag)
    products = _products_from(values, largest_lag + FAR[1])
    return np.asarray(products[box] / pairs[box] - products[far].sum() / pairs[far].sum())


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


class _Sky:
    """A plane through the empty pixels in a square about each of them.

    A mean would be off where the wings of a galaxy fall across a square that is empty on one side.
    """

    def __init__(self, empty: np.ndarray) -> None:
        self.empty, self.weight = empty, empty.astype(float)
        self.y, self.x = np.indices(empty.shape, dtype=float)
        self.rows, self.columns = self.y[empty], self.x[empty]
        y, x, rows, columns = self.y, self.x, self.rows, self.columns
        number, of_y, of_x = np.maximum(np.rint(self._sums(self.weight)), 1.0), self._sums(y), self._sums(x)
        yy = self._sums(y * y) - 2.0 * rows * of_y + rows**2 * number
        yx = self._sums(y * x) - rows * of_x - columns * of_y + rows * columns * number
        xx = self._sums(x * x) - 2.0 * columns * of_x + columns**2 * number
        of_y, of_x = of_y - rows * number, of_x - columns * number
        normal = np.moveaxis(np.array([[number, of_y, of_x], [of_y, yy, yx], [of_x, yx, xx]]), -1, 0)
        normal[:, [1, 2], [1, 2]] += 1.0  # a square with its pixels in one line has no other slope
        first = np.broadcast_to([[1.0], [0.0], [0.0]], (len(number), 3, 1))
        self.shares = np.linalg.solve(normal, first)[..., 0]

    def _sums(self, of: np.ndarray) -> np.ndarray:
        return _sums_from(of * self.weight, SKY_SIDE)[self.empty]

    def taken_off(self, values: np.ndarray) -> np.ndarray:
        """``values`` less the plane at each empty pixel, ``(ny, nx)``; 0 elsewhere."""
        light = self._sums(values)
        slopes = self._sums(self.y * values) - self.rows * light, self._sums(self.x * values) - self.columns * light
        left = np.zeros_like(values)
        left[self.empty] = values[self.empty] - np.sum(self.shares.T * np.stack([light, *slopes]), axis=0)
        return left


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
