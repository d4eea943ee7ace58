"""Smooth faint light about the lens in pixels that count as empty."""

from __future__ import annotations

import numpy as np

from autolens.data_doctor.images import Images

FEWEST = 400
"""Empty pixels of a ring, for five numbers."""
WIDTH = 10
"""Width of a ring [pixels], at least."""
_LEAST_TOLD = 0.1
"""Singular value over the largest of harmonics that a ring tells; those of a whole ring are over 0.7."""


def halo_from(images: Images, empty: np.ndarray, centre: tuple[float, float]) -> np.ndarray:
    """Light of the sky and the halo about ``centre``, ``(ny, nx)``: rings with a dipole and a quadrupole each.

    So few numbers take next to nothing of the noise, and what neighbours share in it, away.
    """
    grid_y, grid_x = images.coordinates
    y, x = grid_y - centre[0], grid_x - centre[1]
    radius = np.sqrt(y**2 + x**2)
    angle = np.arctan2(y, x)
    rings = _rings_of(radius[empty], WIDTH * images.pixel_scale)
    if len(rings) < 2:
        return np.full(empty.shape, float(np.median(images.data[empty])) if empty.any() else 0.0)
    middles, coefficients = [], []
    for low, high in zip(rings[:-1], rings[1:], strict=True):
        inside = empty & (radius >= low) & (radius < high)
        middles.append(float(radius[inside].mean()))
        coefficients.append(_harmonics_of(images.data[inside], angle[inside]))
    table = np.array(coefficients)
    if len(middles) == 1:
        return _waves_of(angle) @ table[0]
    parts = [np.interp(radius, middles, column) for column in table.T]
    return sum(wave * part for wave, part in zip(np.moveaxis(_waves_of(angle), -1, 0), parts, strict=True))


def _rings_of(radius: np.ndarray, width: float) -> list[float]:
    """Edges of rings at least ``width`` wide that hold at least ``FEWEST`` pixels each."""
    ordered = np.sort(radius)
    if len(ordered) < FEWEST:
        return []
    edges, place = [float(ordered[0])], 0
    while place + FEWEST < len(ordered):
        place = max(int(np.searchsorted(ordered, edges[-1] + width)), place + FEWEST)
        if place + FEWEST >= len(ordered):
            break
        edges.append(float(ordered[place]))
    return [*edges, float(ordered[-1]) * (1.0 + 1e-9) + 1e-12]


def _waves_of(angle: np.ndarray) -> np.ndarray:
    return np.stack(
        [np.ones_like(angle), np.cos(angle), np.sin(angle), np.cos(2.0 * angle), np.sin(2.0 * angle)], axis=-1
    )


def _harmonics_of(values: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Mean, dipole and quadrupole of a ring, values that are off by over three sigmas left out.

    Of a ring that is in the frame on one side only, what does not tell them apart there is left out as well: its noise
    would be all over the pixels between this ring and the next.
    """
    waves, kept = _waves_of(angle), np.ones(len(values), dtype=bool)
    for _ in range(4):
        solution = np.linalg.lstsq(waves[kept], values[kept], rcond=_LEAST_TOLD)[0]
        residual = values - waves @ solution
        now = np.abs(residual) <= 3.0 * max(float(np.std(residual[kept])), 1e-300)
        if np.array_equal(now, kept) or now.sum() < 50:
            break
        kept = now
    return solution
