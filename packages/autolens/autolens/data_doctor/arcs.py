"""Where the lens is, where the arcs are, and how large the Einstein radius may be: guesses that nothing uses by itself.

References
----------
Cappellari (2002), MNRAS 333, 400 (galaxies as sums of Gaussians of non-negative height).
Narayan & Bartelmann (1996), arXiv:astro-ph/9606001, section 3.1 (the isothermal sphere).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autolens.data_doctor.images import LARGEST, Images
from autolens.data_doctor.sky import Sky

FARTHEST = 3.0
"""Radius [arcsec] in which arcs of a galaxy are looked for where no mask says more."""
GAUSSIANS = 12
MODEL_ERROR = 0.05
"""Relative error that is allowed for the smooth model of the lens light."""
SIGNIFICANT = 5.0
"""Signal to noise, in means of 3 x 3 pixels, of a pixel that belongs to an arc."""
SECTORS = 12
"""Of 30 degrees: about as wide as an arc is long, so that each has its own radius."""
FEWEST_PIXELS = 12
"""Pixels of arcs below which nothing is said."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """The image without the light of the lens, as far as a smooth elliptical model goes."""

    centre: tuple[float, float]
    """Of the light of the lens, (y, x) [arcsec]."""
    reach: float
    """Radius [arcsec] in which arcs were looked for."""
    residual: np.ndarray
    """Data less sky and lens light, ``(ny, nx)``, other galaxies included; 0 beyond the reach."""
    signal_to_noise: np.ndarray
    """Of means of 3 x 3 pixels of it."""
    einstein_radius: float | None
    """A guess [arcsec]; ``None`` where there are too few arcs."""


def einstein_radius_from(y: np.ndarray, x: np.ndarray, flux: np.ndarray) -> float | None:
    r"""Einstein radius [arcsec] from arcs at ``(y, x)`` about the lens: half of the distance of opposite images.

    Behind an isothermal sphere images of one point lie opposite each other at :math:`\theta_E \pm \beta`, so that the
    mean of both is the radius. The means go over sectors, weighted by the square of the light so that noise and what
    is left of the lens hardly count; pairs are weighted by the fainter one. Without pairs it is the mean of all.
    """
    if len(y) < FEWEST_PIXELS:
        return None
    radius, weights = np.sqrt(y**2 + x**2), (flux / np.max(flux)) ** 2
    sector = np.minimum((np.arctan2(y, x) + np.pi) / (2.0 * np.pi) * SECTORS, SECTORS - 0.5).astype(int)
    light = np.bincount(sector, weights, SECTORS)
    mean = np.bincount(sector, weights * radius, SECTORS) / np.maximum(light, 1e-300)
    half = SECTORS // 2
    fainter = np.minimum(light[:half], light[half:])
    if fainter.sum() <= 1e-6 * light.sum():
        return float(np.average(radius, weights=weights))
    return float(np.average(0.5 * (mean[:half] + mean[half:]), weights=fainter))


def centre_from(images: Images, reach: float) -> tuple[float, float] | None:
    """Centre of the light of the lens: the brightest 3 x 3 mean near the middle of the frame, then its centroid."""
    middle = middle_of(images)
    images = images.cut_about(middle, max(LARGEST, int(2.0 * reach / images.pixel_scale) + 3))
    usable = images.good & (images.extra_galaxies_left_out)
    grid_y, grid_x = images.coordinates
    near = usable & ((grid_y - middle[0]) ** 2 + (grid_x - middle[1]) ** 2 < reach**2)
    if near.sum() < 25:
        return None
    values = np.where(usable, images.data, 0.0)
    smooth = box_mean(values, box_mean(usable.astype(float)))
    row, column = np.unravel_index(np.argmax(np.where(near, smooth, -np.inf)), near.shape)
    return _centroid_about(images, np.where(usable, images.data, 0.0), images.place_of(int(row), int(column)))


def middle_of(images: Images) -> tuple[float, float]:
    """Middle of the mask where there is one that leaves a good part of the image out, else of the frame."""
    if images.mask is None or images.mask.shape != images.data.shape or images.mask.all():
        return 0.0, 0.0
    rows, columns = np.nonzero(~images.mask)
    return images.place_of(0.5 * (rows.min() + rows.max()), 0.5 * (columns.min() + columns.max()))


def _centroid_about(images: Images, values: np.ndarray, place: tuple[float, float]) -> tuple[float, float]:
    """Centroid in a Gaussian window of 1.5 pixels that follows it, at most 2 pixels away."""
    grid_y, grid_x = images.coordinates
    width = 1.5 * images.pixel_scale
    y, x = place
    for _ in range(20):
        window = np.clip(values, 0.0, None) * np.exp(-0.5 * ((grid_y - y) ** 2 + (grid_x - x) ** 2) / width**2)
        total = window.sum()
        if total <= 0.0:
            return place
        step = (window * (grid_y - y)).sum() / total, (window * (grid_x - x)).sum() / total
        y, x = y + step[0], x + step[1]
        if max(map(abs, step)) < 1e-3 * images.pixel_scale:
            break
    is_near = max(abs(y - place[0]), abs(x - place[1])) < 2.0 * images.pixel_scale
    return (float(y), float(x)) if is_near else place


def box_mean(values: np.ndarray, share: np.ndarray | float = 1.0) -> np.ndarray:
    """Mean over 3 x 3 pixels, those beyond the frame being 0, divided by ``share``."""
    padded = np.pad(values, 1)
    ny, nx = values.shape
    mean = sum(padded[i : i + ny, j : j + nx] for i in range(3) for j in range(3)) / 9.0
    return mean / np.maximum(share, 1e-3)


def arcs_from(images: Images, sky: Sky | None, centre: tuple[float, float], reach: float) -> Arcs:
    """The arcs of an image whose lens is at ``centre``."""
    level = 0.0 if sky is None else sky.level
    noise = _noise_of(images, sky)
    usable = images.good & images.extra_galaxies_left_out
    grid_y, grid_x = images.coordinates
    y, x = grid_y - centre[0], grid_x - centre[1]
    near = images.good & (y**2 + x**2 < reach**2)
    values = np.where(near, images.data - level, 0.0)
    model = lens_light_from(values, noise, near & usable, y, x, images.pixel_scale, reach)
    residual = np.where(near, values - model, 0.0)
    shared = 1.0 if sky is None or sky.correlation is None else max(sky.correlation.factor_of_aperture(3), 1.0)
    variance = box_mean(np.where(near, noise**2, 0.0)) * shared**2 / 9.0
    error = np.sqrt(variance + (MODEL_ERROR * box_mean(model)) ** 2)
    signal = box_mean(residual) / np.maximum(error, 1e-300)
    shining = near & usable & (signal > SIGNIFICANT) & (y**2 + x**2 > (2.0 * images.pixel_scale) ** 2)
    radius = einstein_radius_from(y[shining], x[shining], np.maximum(residual[shining], 1e-300))
    return Arcs(centre, reach, residual, signal, radius)


def _noise_of(images: Images, sky: Sky | None) -> np.ndarray:
    """The noise map where it can be trusted, at least the scatter of the sky."""
    noise = images.noise_map if images.is_one_frame else np.zeros_like(images.data)
    noise = np.where(images.good, noise, 0.0)
    least = 0.0 if sky is None else sky.scatter
    if sky is not None and not 0.5 < sky.ratio < 2.0:
        noise = np.zeros_like(noise)
    return np.maximum(noise, max(least, 1e-300))


def lens_light_from(
    values: np.ndarray, noise: np.ndarray, near: np.ndarray, y: np.ndarray, x: np.ndarray, pixel: float, reach: float
) -> np.ndarray:
    """A sum of Gaussians of one centre and shape, with heights of at least 0, to what is not arcs.

    It falls outwards, so a ring stays; what stays above it is left out, and the fit made again.
    """
    from scipy import optimize

    widths = np.geomspace(0.5 * pixel, 0.5 * reach, GAUSSIANS)
    noise = np.maximum(noise, 1e-6 * np.max(np.abs(values)))
    unit = float(np.median(noise[near])) if near.any() else 0.0
    if not (np.isfinite(unit) and unit > 0.0):
        return np.zeros_like(values)
    flat = [array[near] for array in (values / unit, noise / unit, y, x)]
    kept = np.ones(len(flat[0]), dtype=bool)
    shape, heights = np.zeros(2), np.zeros(GAUSSIANS)
    for turn in range(6):
        sample = np.flatnonzero(kept)
        if turn % 2 == 0:
            found = optimize.minimize(
                lambda e, chosen: _misfit(e, flat, chosen, widths)[0],
                shape,
                args=(sample[:: max(len(sample) // 2500, 1)],),
                method="Nelder-Mead",
                options={"maxiter": 40, "xatol": 5e-3, "fatol": 0.1, "initial_simplex": _simplex_about(shape)},
            )
            shape = found.x
        heights = _misfit(shape, flat, sample[:: max(len(sample) // 10000, 1)], widths)[1]
        model = _gaussians_at(shape, flat[2], flat[3], widths) @ heights
        now = flat[0] - model < 3.0 * np.sqrt(flat[1] ** 2 + (MODEL_ERROR * model) ** 2)
        if np.array_equal(now, kept):
            break
        kept = now if now.sum() > 4 * GAUSSIANS else kept
    light = np.zeros_like(values)
    inside = y**2 + x**2 < reach**2
    light[inside] = _gaussians_at(shape, y[inside], x[inside], widths) @ heights * unit
    return light


def _simplex_about(shape: np.ndarray) -> np.ndarray:
    return np.array([shape, shape + [0.15, 0.0], shape + [0.0, 0.15]])


def _gaussians_at(shape: np.ndarray, y: np.ndarray, x: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Gaussians of height 1 on ellipses of the shape ``(f sin 2 phi, f cos 2 phi)``, ``(n, k)``."""
    e0, e1 = shape
    squared = ((1.0 + e0**2 + e1**2) * (x**2 + y**2) - 2.0 * (e1 * (x**2 - y**2) + 2.0 * e0 * x * y)) / (
        1.0 - e0**2 - e1**2
    )
    return np.exp(-0.5 * squared[:, None] / widths**2)


def _misfit(
    shape: np.ndarray, flat: list[np.ndarray], chosen: np.ndarray, widths: np.ndarray
) -> tuple[float, np.ndarray]:
    """Chi-squared of the best heights, and these; a shape that is no ellipse is refused."""
    from scipy import optimize

    if shape @ shape > 0.6**2:
        return 1e300, np.zeros(len(widths))
    values, noise, y, x = (array[chosen] for array in flat)
    weights = 1.0 / np.sqrt(noise**2 + (MODEL_ERROR * np.maximum(values, 0.0)) ** 2)
    columns = _gaussians_at(shape, y, x, widths) * weights[:, None]
    target = values * weights
    normal, projected = columns.T @ columns, columns.T @ target
    factor = np.linalg.cholesky(normal + 1e-10 * np.trace(normal) * np.eye(len(widths)))
    heights, _ = optimize.nnls(factor.T, np.linalg.solve(factor, projected))
    return float(target @ target - 2.0 * heights @ projected + heights @ normal @ heights), heights


def positions_from(arcs: Arcs, images: Images) -> list[tuple[float, float]]:
    """Bright places of the arcs, (y, x) [arcsec]: up to four, the brightest first, a third of a radius apart."""
    radius = arcs.einstein_radius
    if radius is None:
        return []
    smooth = box_mean(arcs.residual)
    grid_y, grid_x = images.coordinates
    distance = np.sqrt((grid_y - arcs.centre[0]) ** 2 + (grid_x - arcs.centre[1]) ** 2)
    allowed = images.extra_galaxies_left_out & (arcs.signal_to_noise > SIGNIFICANT)
    allowed &= (distance > 0.4 * radius) & (distance < 1.8 * radius)
    allowed &= distance > 2.0 * images.pixel_scale
    places: list[tuple[float, float]] = []
    brightest = 0.0
    while len(places) < 4 and allowed.any():
        row, column = np.unravel_index(np.argmax(np.where(allowed, smooth, -np.inf)), smooth.shape)
        brightest = max(brightest, float(smooth[row, column]))
        if smooth[row, column] < 0.15 * brightest:
            break
        y, x = images.place_of(int(row), int(column))
        places.append((float(y), float(x)))
        allowed &= (grid_y - y) ** 2 + (grid_x - x) ** 2 > (0.6 * radius) ** 2
    return places
