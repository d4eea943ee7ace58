"""Faults that observations have, each at five strengths: what a person or a pipeline does to clean data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

import autolens as al
from autolens.data_doctor.images import Images

Injection = Callable[[Images, float, np.random.Generator], Images]


@dataclass(frozen=True)
class Fault:
    """A kind of fault: how it is made, how strongly, and which finding names it."""

    name: str
    inject: Injection
    strengths: tuple[float, float, float, float, float]
    found_as: tuple[str, ...]
    found_from: int
    """Index of the first strength at which it is found in every observation."""
    notes_count: bool = False


def sky_of(images: Images) -> float:
    """Noise of the sky."""
    return float(np.quantile(images.noise_map, 0.1))


def noise_scaled(images: Images, factor: float, rng: np.random.Generator) -> Images:
    return replace(images, noise_map=images.noise_map / factor)


def noise_raised(images: Images, factor: float, rng: np.random.Generator) -> Images:
    return replace(images, noise_map=images.noise_map * factor)


def noise_constant(images: Images, fraction: float, rng: np.random.Generator) -> Images:
    """The faintest pixels of the map, this fraction, set to one value."""
    value = np.quantile(images.noise_map, fraction)
    return replace(images, noise_map=np.maximum(images.noise_map, value))


def noise_floor(images: Images, factor: float, rng: np.random.Generator) -> Images:
    """A floor at this many times the noise of the sky."""
    return replace(images, noise_map=np.maximum(images.noise_map, factor * sky_of(images)))


def poisson_missing(images: Images, missing: float, rng: np.random.Generator) -> Images:
    """This fraction of the Poisson variance of the light left out, with a little texture as weights have."""
    sky = np.quantile(images.noise_map**2, 0.05)
    variance = sky + (1.0 - missing) * (images.noise_map**2 - sky)
    noise_map = np.sqrt(variance) * rng.normal(1.0, 0.01, variance.shape)
    return replace(images, noise_map=noise_map, exposure_time=None)


def poisson_missing_of_known_exposure(images: Images, missing: float, rng: np.random.Generator) -> Images:
    return replace(poisson_missing(images, missing, rng), exposure_time=images.exposure_time)


def poisson_twice(images: Images, extra: float, rng: np.random.Generator) -> Images:
    """The Poisson variance of the light taken 1 + extra times."""
    sky = np.quantile(images.noise_map**2, 0.05)
    noise_map = np.sqrt(sky + (1.0 + extra) * np.maximum(images.noise_map**2 - sky, 0.0))
    return replace(images, noise_map=noise_map, exposure_time=None)


def adus(images: Images, gain: float, rng: np.random.Generator) -> Images:
    """Data in ADU whose noise map was made as if they were electrons."""
    assert images.exposure_time is not None
    data = images.data / gain
    sky_variance = np.quantile(images.noise_map, 0.05) ** 2 / gain
    light = np.maximum((images.noise_map**2 - images.noise_map.min() ** 2) * images.exposure_time / gain, 0.0)
    return replace(images, data=data, noise_map=np.sqrt(sky_variance + light / images.exposure_time))


def nan_patch(images: Images, side: float, rng: np.random.Generator) -> Images:
    data, half = images.data.copy(), images.data.shape[0] // 2
    data[half + 8 : half + 8 + int(side), half : half + int(side)] = np.nan
    return replace(images, data=data)


def blank_patch(images: Images, side: float, rng: np.random.Generator) -> Images:
    data, half = images.data.copy(), images.data.shape[0] // 2
    data[half - 20 : half - 20 + int(side), half + 9 : half + 9 + int(side)] = 0.0
    return replace(images, data=data)


def hot_pixels(images: Images, sigmas: float, rng: np.random.Generator) -> Images:
    """Ten pixels raised by this many sigmas of their noise."""
    data = images.data.copy()
    rows, columns = (rng.integers(5, n - 5, 10) for n in data.shape)
    data[rows, columns] += sigmas * images.noise_map[rows, columns]
    return replace(images, data=data)


def cosmic_rays(images: Images, sigmas: float, rng: np.random.Generator) -> Images:
    """Three tracks a pixel wide and ten long, each raised by this many sigmas."""
    data = images.data.copy()
    for _ in range(3):
        row, column = (int(rng.integers(15, n - 15)) for n in data.shape)
        angle = rng.uniform(0.0, np.pi)
        steps = np.arange(-5, 6)
        rows = row + np.round(steps * np.sin(angle)).astype(int)
        columns = column + np.round(steps * np.cos(angle)).astype(int)
        data[rows, columns] += sigmas * images.noise_map[rows, columns]
    return replace(images, data=data)


def dead_pixels(images: Images, number: float, rng: np.random.Generator) -> Images:
    """Pixels near the lens that see nothing."""
    data, half = images.data.copy(), images.data.shape[0] // 2
    rows, columns = (half + rng.integers(-6, 7, int(number)) for _ in range(2))
    data[rows, columns] = 1e-6 * rng.normal(size=int(number))
    return replace(images, data=data)


def saturated(images: Images, level: float, rng: np.random.Generator) -> Images:
    """Light above this fraction of the peak cut."""
    return replace(images, data=np.minimum(images.data, level * images.data.max()))


def flagged(images: Images, number: float, rng: np.random.Generator) -> Images:
    """Noise of 1e16 in so many pixels."""
    noise = images.noise_map.copy()
    noise.flat[rng.integers(0, noise.size, int(number))] = 1e16
    return replace(images, noise_map=noise)


def noise_zero(images: Images, number: float, rng: np.random.Generator) -> Images:
    noise = images.noise_map.copy()
    noise.flat[rng.integers(0, noise.size, int(number))] = 0.0
    return replace(images, noise_map=noise)


def psf_shifted(images: Images, pixels: float, rng: np.random.Generator) -> Images:
    assert images.psf is not None
    return replace(images, psf=np.maximum(ndimage.shift(images.psf, (0.6 * pixels, -0.8 * pixels), order=3), 0.0))


def psf_even(images: Images, rows: float, rng: np.random.Generator) -> Images:
    assert images.psf is not None
    return replace(images, psf=images.psf[int(rows) :, int(rows) % 2 :])


def psf_unnormalized(images: Images, total: float, rng: np.random.Generator) -> Images:
    assert images.psf is not None
    return replace(images, psf=images.psf * total)


def psf_negative(images: Images, fraction: float, rng: np.random.Generator) -> Images:
    """A ring of negative light around the core, this fraction of the total."""
    assert images.psf is not None
    y, x = np.indices(images.psf.shape) - images.psf.shape[0] // 2
    ring = np.exp(-0.5 * ((np.sqrt(y**2 + x**2) - 10.5) / 1.0) ** 2)
    psf = images.psf - fraction * ring / ring.sum()
    return replace(images, psf=psf / psf.sum())


def psf_pedestal(images: Images, fraction: float, rng: np.random.Generator) -> Images:
    """Sky of the star left in: this fraction of the light, spread evenly."""
    assert images.psf is not None
    psf = images.psf + fraction / images.psf.size
    return replace(images, psf=psf / psf.sum())


def psf_cropped(images: Images, radius: float, rng: np.random.Generator) -> Images:
    """Cut at so many half-light widths of its core, and normalized."""
    assert images.psf is not None
    width = np.sqrt((images.psf > 0.5 * images.psf.max()).sum() / np.pi)
    half, keep = images.psf.shape[0] // 2, max(int(np.ceil(radius * width)), 1)
    psf = images.psf[half - keep : half + keep + 1, half - keep : half + keep + 1]
    return replace(images, psf=psf / psf.sum())


def psf_mirrored(images: Images, peak: float, rng: np.random.Generator) -> Images:
    """A star of this signal to noise through a PSF that is longer one way, which is given mirrored."""
    y, x = np.indices((25, 25)) - 12
    u, v = 0.8 * x + 0.6 * y, 0.8 * y - 0.6 * x
    width = rng.uniform(1.0, 1.4)
    psf = np.exp(-0.5 * ((u / width) ** 2 + (v / (0.8 * width)) ** 2))
    psf /= psf.sum()
    star = ndimage.shift(psf, rng.uniform(-0.5, 0.5, 2), order=5)
    star *= peak * sky_of(images) / psf.max()
    data, noise_map = images.data.copy(), images.noise_map.copy()
    cut = (slice(10, 35), slice(10, 35))
    assert images.exposure_time is not None
    extra = np.maximum(star, 0.0) / images.exposure_time
    data[cut] += star + np.sqrt(extra) * rng.normal(size=star.shape)
    noise_map[cut] = np.sqrt(noise_map[cut] ** 2 + extra)
    return replace(images, data=data, noise_map=noise_map, psf=psf[:, ::-1])


def sky_offset(images: Images, sigmas: float, rng: np.random.Generator) -> Images:
    return replace(images, data=images.data + sigmas * sky_of(images))


def sky_gradient(images: Images, sigmas: float, rng: np.random.Generator) -> Images:
    """A plane that rises by so many sigmas over the frame."""
    turn = rng.uniform(0.0, 2.0 * np.pi)
    y, x = images.coordinates
    along = (np.sin(turn) * y + np.cos(turn) * x) / (images.pixel_scale * images.data.shape[0])
    return replace(images, data=images.data + sigmas * sky_of(images) * along)


def correlated(images: Images, width: float, rng: np.random.Generator) -> Images:
    """Noise of the same variance drawn anew and smoothed by a Gaussian of this width [pixels]."""
    from observations import clean_model_of

    noise = ndimage.gaussian_filter(rng.normal(size=images.data.shape), width)
    response = ndimage.gaussian_filter(np.eye(1, 41 * 41, 41 * 20 + 20).reshape(41, 41), width)
    noise /= np.sqrt((response**2).sum())
    return replace(images, data=clean_model_of(images) + noise * images.noise_map)


def header_scale(images: Images, factor: float, rng: np.random.Generator) -> Images:
    """A header with the right scale, and another one given."""
    given = images.pixel_scale * factor
    return replace(images, pixel_scale=given, headers={"data": {"PIXSCALE": images.pixel_scale}}, mask=None)


def is_variance(images: Images, unit: float, rng: np.random.Generator) -> Images:
    """The map holds variances, in another unit of the data each time; near 1 both are alike in the sky."""
    return replace(images, data=unit * images.data, noise_map=(unit * images.noise_map) ** 2, exposure_time=None)


def is_weight(images: Images, unit: float, rng: np.random.Generator) -> Images:
    return replace(images, data=unit * images.data, noise_map=(unit * images.noise_map) ** -2, exposure_time=None)


def is_inverse(images: Images, unit: float, rng: np.random.Generator) -> Images:
    return replace(images, data=unit * images.data, noise_map=(unit * images.noise_map) ** -1, exposure_time=None)


def other_shape(images: Images, rows: float, rng: np.random.Generator) -> Images:
    return replace(images, noise_map=images.noise_map[int(rows) :])


def mask_radius(images: Images, radius: float, rng: np.random.Generator) -> Images:
    """A circle of this fraction of the radius of the arcs."""
    from observations import radius_of

    side = images.data.shape
    mask = al.Mask2D.circular(side, radius=radius * radius_of(images), pixel_scales=images.pixel_scale)
    return images.with_mask(mask.array)


def mask_off(images: Images, offset: float, rng: np.random.Generator) -> Images:
    """A circle of 2.2 arcsec that is off by so much [arcsec]."""
    side = images.data.shape
    mask = al.Mask2D.circular(side, radius=2.2, pixel_scales=images.pixel_scale, centre=(offset, 0.0))
    return images.with_mask(mask.array)


FAULTS = (
    Fault("noise too small", noise_scaled, (1.05, 1.15, 1.25, 1.5, 2.0), ("noise_scale",), 1),
    Fault("noise too large", noise_raised, (1.05, 1.15, 1.25, 1.5, 2.0), ("noise_scale",), 1),
    Fault(
        "noise constant in part", noise_constant, (0.2, 0.4, 0.7, 0.95, 1.0), ("noise_floor", "noise_constant"), 1, True
    ),
    Fault("noise has a floor", noise_floor, (1.02, 1.1, 1.3, 2.0, 3.0), ("noise_floor", "noise_constant"), 2),
    Fault("Poisson term missing", poisson_missing, (0.2, 0.4, 0.6, 0.8, 1.0), ("noise_poisson",), 4),
    Fault(
        "the same, exposure time known",
        poisson_missing_of_known_exposure,
        (0.2, 0.4, 0.6, 0.8, 1.0),
        ("noise_units", "noise_poisson"),
        2,
    ),
    Fault("Poisson term twice", poisson_twice, (0.3, 0.6, 1.0, 2.0, 4.0), ("noise_poisson",), 2),
    Fault(
        "ADU taken for electrons", adus, (1.1, 1.5, 2.0, 4.0, 8.0), ("noise_scale", "noise_units", "noise_poisson"), 1
    ),
    Fault("NaN patch", nan_patch, (1, 2, 4, 8, 16), ("data_not_finite",), 0),
    Fault("blank patch", blank_patch, (1, 2, 4, 8, 16), ("blank_pixels",), 2),
    Fault("hot pixels", hot_pixels, (5, 10, 20, 50, 200), ("sharp_pixels",), 2, True),
    Fault("cosmic rays", cosmic_rays, (5, 10, 20, 50, 200), ("sharp_pixels",), 2, True),
    Fault("dead pixels", dead_pixels, (1, 2, 5, 10, 20), ("sharp_pixels", "blank_pixels"), 2, True),
    Fault("saturated core", saturated, (0.95, 0.9, 0.8, 0.6, 0.3), ("saturated",), 3),
    Fault("flagged by huge noise", flagged, (1, 4, 14, 100, 1000), ("flagged_pixels",), 0, True),
    Fault("noise of zero", noise_zero, (1, 4, 14, 100, 1000), ("noise_not_positive",), 0, True),
    Fault("PSF shifted", psf_shifted, (0.05, 0.15, 0.3, 0.6, 1.5), ("psf_centre",), 1),
    Fault("PSF even", psf_even, (1, 3, 5, 7, 9), ("psf_parity",), 0),
    Fault("PSF not normalized", psf_unnormalized, (0.995, 0.98, 0.95, 1.05, 2.0), ("psf_sum",), 1),
    Fault("PSF negative wings", psf_negative, (5e-4, 2e-3, 5e-3, 0.02, 0.1), ("psf_negative",), 3),
    Fault("PSF with sky left in", psf_pedestal, (0.002, 0.01, 0.03, 0.1, 0.3), ("psf_cut_off",), 2),
    Fault("PSF cut off", psf_cropped, (4.0, 3.0, 2.5, 2.0, 1.0), ("psf_cut_off",), 3),
    Fault("PSF mirrored, a star there", psf_mirrored, (10, 40, 80, 160, 320), ("psf_orientation",), 3),
    Fault("sky offset", sky_offset, (0.05, 0.2, 0.5, 1.0, 3.0), ("background_level",), 3),
    Fault("sky gradient", sky_gradient, (0.2, 0.5, 1.0, 2.0, 5.0), ("background_gradient",), 2),
    Fault("correlated noise", correlated, (0.3, 0.4, 0.5, 0.7, 1.2), ("noise_correlated",), 2),
    Fault("wrong pixel scale", header_scale, (0.995, 1.015, 1.05, 1.2, 2.0), ("pixel_scale",), 1),
    Fault(
        "map of variances", is_variance, (0.1, 0.5, 2.0, 10.0, 100.0), ("noise_kind", "noise_scale", "noise_poisson"), 0
    ),
    Fault("map of weights", is_weight, (0.1, 0.5, 2.0, 10.0, 100.0), ("noise_kind",), 0),
    Fault("map of inverse sigmas", is_inverse, (0.1, 0.5, 2.0, 10.0, 100.0), ("noise_kind",), 0),
    Fault("other shape", other_shape, (1, 2, 5, 10, 50), ("shape",), 0),
    Fault("mask cuts the arcs", mask_radius, (1.5, 1.2, 1.0, 0.8, 0.5), ("mask_cuts_arcs", "mask_small"), 3),
    Fault("mask off the lens", mask_off, (0.3, 0.8, 1.5, 2.5, 4.0), ("mask_cuts_arcs", "mask_centre"), 2),
    Fault("mask far too large", mask_radius, (2.0, 3.0, 4.5, 5.0, 6.0), ("mask_large",), 3, True),
)
