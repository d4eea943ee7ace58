"""The PSF against stars in the image: whether it is mirrored, turned or transposed.

References
----------
Kuijken (2008), A&A 482, 1053 (stars as templates).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autolens.data_doctor.diagnosis import DataFinding
from autolens.data_doctor.images import Images
from autolens.data_doctor.sky import Sky

BRIGHT = 30.0
"""Signal to noise of the peak of a star that says something of the shape of a PSF."""
MOST_STARS = 5
MODEL_ERROR = 0.02
"""Relative error of a PSF that is moved by a fraction of a pixel."""
GOOD_FIT = 2.0
"""Chi-squared per pixel that a star does not exceed; a galaxy does."""
CERTAIN = 50.0
"""Rise of chi-squared at the given orientation: seven sigmas for any one number."""
ORIENTATIONS = {
    "as it is": lambda psf: psf,
    "turned by 180 degrees": lambda psf: psf[::-1, ::-1],
    "mirrored left to right": lambda psf: psf[:, ::-1],
    "mirrored top to bottom": lambda psf: psf[::-1],
    "turned by 90 degrees": lambda psf: np.rot90(psf),
    "turned by 270 degrees": lambda psf: np.rot90(psf, 3),
    "transposed": lambda psf: psf.T,
    "transposed the other way": lambda psf: np.rot90(psf, 2).T,
}
_CALLS = {
    "turned by 180 degrees": "psf[::-1, ::-1]",
    "mirrored left to right": "psf[:, ::-1]",
    "mirrored top to bottom": "psf[::-1]",
    "turned by 90 degrees": "np.rot90(psf)",
    "turned by 270 degrees": "np.rot90(psf, 3)",
    "transposed": "psf.T",
    "transposed the other way": "np.rot90(psf, 2).T",
}


@dataclass(frozen=True)
class Match:
    """How well the PSF fits stars, by orientation."""

    chi_squared: dict[str, float]
    """Sum over the stars."""
    pixels: int
    stars: int


def findings_from(images: Images, sky: Sky | None) -> Iterator[DataFinding]:
    """What stars say of the PSF."""
    match = match_from(images, sky)
    if match is None:
        return
    best = min(match.chi_squared, key=lambda name: match.chi_squared[name])
    worse = match.chi_squared["as it is"] - match.chi_squared[best]
    if worse < CERTAIN or match.chi_squared["as it is"] < 1.5 * match.chi_squared[best]:
        return
    yield DataFinding(
        name="psf_orientation",
        severity="warning",
        what=(
            f"{match.stars} star{'s' if match.stars > 1 else ''} in the image fit{'' if match.stars > 1 else 's'} the "
            f"PSF {best} better: chi-squared per pixel {match.chi_squared[best] / match.pixels:.2f}, not "
            f"{match.chi_squared['as it is'] / match.pixels:.2f}."
        ),
        value=worse,
        limit=CERTAIN,
        effect="Spikes and the long axis of the PSF point elsewhere in the model: the source takes up the difference.",
        mend=f"psf = {_CALLS[best]}, if its file has the other order of rows or columns",
    )


def match_from(images: Images, sky: Sky | None) -> Match | None:
    """The fit of the PSF to the stars of an image in all eight orientations; ``None`` where there are none."""
    psf = images.psf if images.psf_size == 1 else None
    if sky is None or not images.is_one_frame or psf is None or not np.all(np.isfinite(psf)):
        return None
    half = _half_of(psf)
    if half is None:
        return None
    stamps = [_stamp_at(images, sky, place, half) for place in _peaks_of(images, sky, half)]
    sums = dict.fromkeys(ORIENTATIONS, 0.0)
    pixels = stars = 0
    kernels = {name: _core_of(turn(psf), half) for name, turn in ORIENTATIONS.items()}
    for data, noise in stamps:
        fits = {name: _chi_squared_of(data, noise, kernel) for name, kernel in kernels.items()}
        if min(fits.values()) > GOOD_FIT * data.size:
            continue  # no star
        pixels, stars = pixels + data.size, stars + 1
        sums = {name: sums[name] + fits[name] for name in sums}
        if stars == MOST_STARS:
            break
    return Match(sums, pixels, stars) if stars else None


def _half_of(psf: np.ndarray) -> int | None:
    """Half of the side of a stamp: three radii of the core, which must fit into the PSF with a margin of 2 pixels."""
    if min(psf.shape) < 9 or psf.max() <= 0.0:
        return None
    core = np.sqrt((psf > 0.5 * psf.max()).sum() / np.pi)
    return int(np.clip(np.ceil(3.0 * core), 2, (min(psf.shape) - 1) // 2 - 2))


def _core_of(psf: np.ndarray, half: int) -> np.ndarray:
    """The middle of the PSF with a margin of 2 pixels, about its brightest pixel where that fits in."""
    side = half + 2
    row, column = (int(i) for i in np.unravel_index(np.argmax(psf), psf.shape))
    row, column = (min(max(i, side), n - 1 - side) for i, n in zip((row, column), psf.shape, strict=True))
    return psf[row - side : row + side + 1, column - side : column + side + 1]


def _peaks_of(images: Images, sky: Sky, half: int) -> list[tuple[int, int]]:
    """Bright peaks with room about them, the brightest first; the middle of the lens is none."""
    from scipy import ndimage

    level = np.where(images.good, images.data - sky.level, 0.0)
    peak = (level == ndimage.maximum_filter(level, size=2 * half + 1)) & images.good
    noise = np.where(images.good, np.maximum(images.noise_map, sky.scatter), np.inf)
    peak &= level > BRIGHT * noise
    margin = half + 1
    peak[:margin], peak[-margin:], peak[:, :margin], peak[:, -margin:] = False, False, False, False
    places = np.argwhere(peak)
    order = np.argsort(-level[peak])
    return [(int(row), int(column)) for row, column in places[order][: 4 * MOST_STARS]]


def _stamp_at(images: Images, sky: Sky, place: tuple[int, int], half: int) -> tuple[np.ndarray, np.ndarray]:
    cut = tuple(slice(i - half, i + half + 1) for i in place)
    data, noise, good = images.data[cut] - sky.level, images.noise_map[cut], images.good[cut]
    noise = np.where(good, np.maximum(noise * min(max(sky.ratio, 0.1), 1.0), 1e-300), np.inf)
    return np.where(good, data, 0.0), noise


def _chi_squared_of(data: np.ndarray, noise: np.ndarray, kernel: np.ndarray) -> float:
    """Chi-squared of flux, place and local sky of a star; the place is found in steps along the slopes of the PSF."""
    from scipy import ndimage

    place, inner = np.zeros(2), slice(2, -2)
    best = np.inf
    for _ in range(4):
        moved = ndimage.shift(kernel, place, order=3, mode="nearest")
        slopes = np.gradient(moved)
        columns = np.stack([a[inner, inner].ravel() for a in (moved, -slopes[0], -slopes[1], np.ones_like(moved))], -1)
        error = np.sqrt(noise**2 + (MODEL_ERROR * np.maximum(data, 0.0)) ** 2).ravel()
        solution = np.linalg.lstsq(columns / error[:, None], data.ravel() / error, rcond=None)[0]
        if solution[0] <= 0.0:
            return best
        left = (data.ravel() - columns[:, [0, 3]] @ solution[[0, 3]]) / error
        best = min(best, float(left @ left))
        step = np.clip(solution[1:3] / solution[0], -0.5, 0.5)
        place = np.clip(place + step, -1.5, 1.5)
        if np.abs(step).max() < 1e-3:
            break
    return best
