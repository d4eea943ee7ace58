"""The sky of an image, measured where nothing shines: its level, its slope, and how its pixels scatter.

Everything is robust: empty pixels are found against their own scatter, and medians and clipped standard deviations are
taken in square blocks of them, whose scatter among each other gives the errors, correlated noise included.

References
----------
Rousseeuw & Croux (1993), JASA 88, 1273 (the median absolute deviation, from which clipping starts).
Bijaoui (1980), A&A 84, 81; Bertin & Arnouts (1996), A&AS 117, 393, section 4 (the sky in meshes of pixels).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.dataset.noise_correlation import NoiseCorrelation, mask_of_empty_from, noise_correlation_from
from autolens.data_doctor.halo import halo_from
from autolens.data_doctor.images import Images

MAD = 1.4826
"""Standard deviation over median absolute deviation of a Gaussian."""
BLOCK = 12
"""Side of a block [pixels]: beyond the reach of drizzled correlations, below that of changes of the sky."""
LEAST_FILLED = 0.5
"""Fraction of a block that must be empty."""
FEWEST_BLOCKS = 6
"""Blocks below which there is no sky to speak of."""
HALO_POWERS = (2.0, 3.0, 4.5)
"""The light of a galaxy far from its centre falls like a radius to one of these powers, or about so."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """Square blocks of empty pixels."""

    y: np.ndarray
    x: np.ndarray
    """Mean place of their empty pixels [arcsec], ``(b,)``."""
    level: np.ndarray
    """Median of the data, ``(b,)``."""
    scatter: np.ndarray
    """Robust scatter of the data about that, ``(b,)``."""
    ratio: np.ndarray
    """The same of data over noise, ``(b,)``."""


@dataclass(frozen=True, eq=False)
class Sky:
    """What the empty pixels say."""

    empty: np.ndarray
    """``(ny, nx)``, True in empty pixels."""
    blocks: Blocks
    scatter: float
    """Robust standard deviation of a pixel [unit of the data]."""
    ratio: float
    """The same in units of the noise map: 1 where the map is right."""
    ratio_error: float
    levels: tuple[tuple[float, float], ...]
    """Sky level and its error, for each power of ``HALO_POWERS`` by which light around the centre may fall."""
    slopes: tuple[tuple[float, float], ...]
    """Rise of the sky over the frame and its significance [sigmas], likewise."""
    direction: float
    """Where it rises to [degrees from the x axis]."""
    correlation: NoiseCorrelation | None

    @property
    def pixels(self) -> int:
        return int(self.empty.sum())

    @property
    def level(self) -> float:
        """Sky level nearest to zero among those that the light around the centre allows."""
        return min((level for level, _ in self.levels), key=abs)

    @property
    def level_significance(self) -> float:
        """By how many errors the level is off zero at least; 0 where its sign is not certain."""
        signed = [level / max(error, 1e-300) for level, error in self.levels]
        return min(map(abs, signed)) if min(signed) > 0.0 or max(signed) < 0.0 else 0.0

    @property
    def slope(self) -> tuple[float, float]:
        """Rise over the frame and significance, of the power that needs the least slope."""
        return min(self.slopes, key=lambda slope: slope[1])


def sky_from(images: Images, centre: tuple[float, float]) -> Sky | None:
    """The sky of an image whose lens is at ``centre``; ``None`` where too little of it is empty."""
    noise = images.noise_map if images.is_one_frame else np.ones_like(images.data)
    empty = empty_from(images, noise)
    blocks = blocks_from(images, noise, empty)
    if len(blocks.level) < FEWEST_BLOCKS:
        return None
    scatter, ratio = (float(np.sqrt(np.median(values**2))) for values in (blocks.scatter, blocks.ratio))
    if not (scatter > 0.0 and ratio > 0.0):
        return None
    spread = MAD * float(np.median(np.abs(blocks.ratio - np.median(blocks.ratio))))
    least = 0.75 * ratio / np.sqrt(empty.sum())  # independent pixels; clipping costs a little of 1 / sqrt(2)
    fits = [_plane_from(images, blocks, centre, power) for power in HALO_POWERS]
    return Sky(
        empty=empty,
        blocks=blocks,
        scatter=scatter,
        ratio=ratio,
        ratio_error=max(1.25 * spread / np.sqrt(len(blocks.ratio)), least),
        levels=tuple((fit[0], fit[1]) for fit in fits),
        slopes=tuple((fit[2], fit[3]) for fit in fits),
        direction=fits[len(fits) // 2][4],
        correlation=_correlation_from(images, noise, empty, centre),
    )


def empty_from(images: Images, noise: np.ndarray) -> np.ndarray:
    """True in pixels far from everything that shines."""
    if images.good.sum() < 25:
        return np.zeros_like(images.good)
    frame = [np.where(images.good, values, np.nan) for values in (images.data, noise)]
    data, noise_map = (aa.Array2D.no_mask(values, images.pixel_scale) for values in frame)
    return ~mask_of_empty_from(data, noise_map).array & images.good


def blocks_from(images: Images, noise: np.ndarray, empty: np.ndarray) -> Blocks:
    """Medians and scatters of the empty pixels, block by block."""
    ny, nx = empty.shape
    labels = ((np.arange(ny) // BLOCK)[:, None] * (nx // BLOCK + 1) + np.arange(nx) // BLOCK)[empty]
    order = np.argsort(labels, kind="stable")
    counts = np.bincount(labels)
    place = np.arange(labels.size) - np.repeat(np.cumsum(counts) - counts, counts)
    filled = counts >= LEAST_FILLED * BLOCK**2
    grid_y, grid_x = images.coordinates
    y, x, data, sigma = (
        _table_of(array[empty][order], labels[order], place, len(counts))[filled]
        for array in (grid_y, grid_x, images.data, noise)
    )
    number = counts[filled]
    level = _medians_of(data)
    unbiased = 1.0 / np.sqrt(1.0 - 1.0 / number)  # about their own middle values scatter less
    deviation = data - level[:, None]
    scatter, ratio = (unbiased * _clipped_scatters_of(values) for values in (deviation, deviation / sigma))
    mean_y, mean_x = (np.nansum(values, axis=1) / number for values in (y, x))
    return Blocks(mean_y, mean_x, level, scatter, ratio)


def _table_of(values: np.ndarray, labels: np.ndarray, place: np.ndarray, blocks: int) -> np.ndarray:
    """Values of every block in a row of its own, ``(b, BLOCK^2)``, NaN where there are no more."""
    table = np.full((blocks, BLOCK**2), np.nan)
    table[labels, place] = values
    return table


def _medians_of(rows: np.ndarray) -> np.ndarray:
    """Median of each row, NaN left aside."""
    ordered = np.sort(rows, axis=1)  # NaN last
    number = np.sum(~np.isnan(rows), axis=1)
    index, low, high = np.arange(len(rows)), np.maximum(number - 1, 0) // 2, number // 2
    return 0.5 * (ordered[index, low] + ordered[index, np.minimum(high, rows.shape[1] - 1)])


def clipped_scatter_from(values: np.ndarray, limit: float = 3.0) -> float:
    """Standard deviation of the values within ``limit`` of it, corrected for what a Gaussian has beyond.

    Less noisy than the median absolute deviation, and not held by the steps of counts.
    """
    return float(_clipped_scatters_of(values[None], limit)[0])


def _clipped_scatters_of(rows: np.ndarray, limit: float = 3.0) -> np.ndarray:
    """The same of each row, NaN left aside."""
    rows = rows - _medians_of(rows)[:, None]
    sizes = np.abs(rows)
    scatter = MAD * _medians_of(sizes)
    moving = scatter > 0.0
    for _ in range(8):
        inside = sizes <= limit * scatter[:, None]
        number = inside.sum(axis=1)
        moving &= number >= 2
        if not moving.any():
            break
        number = np.maximum(number, 1)
        mean = np.where(inside, rows, 0.0).sum(axis=1) / number
        squares = np.where(inside, rows - mean[:, None], 0.0) ** 2
        now = np.sqrt(squares.sum(axis=1) / number) / _TRUNCATED
        settled = np.abs(now - scatter) < 1e-4 * scatter
        scatter = np.where(moving & ~settled, now, scatter)
        moving &= ~settled & (scatter > 0.0)
    return scatter


_TRUNCATED = 0.98658
"""Standard deviation of a Gaussian cut at three of its sigmas."""


def _plane_from(
    images: Images, blocks: Blocks, centre: tuple[float, float], power: float
) -> tuple[float, float, float, float, float]:
    """Sky level, its error, rise over the frame, its significance [sigmas] and its direction [degrees].

    The medians of the blocks are a plane and light about the lens that falls as a power of the radius; outliers, where
    something faint shines, are clipped.
    """
    y, x = blocks.y - centre[0], blocks.x - centre[1]
    size = images.pixel_scale * min(images.data.shape)
    radius = np.sqrt(y**2 + x**2 + (0.05 * size) ** 2) / (0.5 * size)
    columns = np.stack([np.ones_like(y), y / size, x / size, radius**-power], axis=1)
    kept = np.ones(len(y), dtype=bool)
    for _ in range(10):
        solution = np.linalg.lstsq(columns[kept], blocks.level[kept], rcond=None)[0]
        residuals = blocks.level - columns @ solution
        centre_of, freedom = np.median(residuals[kept]), max(kept.sum() - 4, 1)
        scatter = MAD * np.median(np.abs(residuals[kept] - centre_of)) * np.sqrt(kept.sum() / freedom)
        now = np.abs(residuals - centre_of) <= 3.0 * max(scatter, 1e-300)
        if np.array_equal(now, kept) or now.sum() < FEWEST_BLOCKS:
            break
        kept = now
    spread = max(float(np.std(residuals[kept])) * np.sqrt(kept.sum() / freedom), scatter, 1e-300)
    covariance = np.linalg.pinv(columns[kept].T @ columns[kept]) * spread**2
    slope = solution[1:3]
    chance = float(np.sqrt(max(slope @ np.linalg.pinv(covariance[1:3, 1:3]) @ slope, 0.0)))
    direction = float(np.degrees(np.arctan2(slope[0], slope[1])))
    return (
        float(solution[0]),
        float(np.sqrt(covariance[0, 0])),
        float(np.sqrt(slope @ slope)),
        chance,
        direction,
    )


def _correlation_from(
    images: Images, noise: np.ndarray, empty: np.ndarray, centre: tuple[float, float]
) -> NoiseCorrelation | None:
    """The correlation of pixels, without the halo of the lens, whose light neighbours share too."""
    values = images.data - halo_from(images, empty, centre)
    frame = [np.where(images.good, array, 1.0) for array in (values, noise)]
    data, noise_map = (aa.Array2D.no_mask(array, images.pixel_scale) for array in frame)
    try:
        return noise_correlation_from(data, noise_map, aa.Mask2D(~empty, images.pixel_scale))
    except exc.DatasetException:
        return None
