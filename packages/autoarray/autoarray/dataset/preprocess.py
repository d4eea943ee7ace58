"""From a telescope's files to a dataset that can be fitted: units, noise maps, sky levels, PSFs of an odd size.

Abbreviations of the field: ``eps`` electrons per second, ``counts`` electrons, ``adus`` analogue-to-digital units
(electrons over gain). Every function takes an ``Array2D`` and returns one on the same pixels; scalars stand for maps.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.arguments import checked
from autoarray.concrete import number_from, real_array_from
from autoarray.dataset.noise_correlation import NoiseCorrelation as NoiseCorrelation
from autoarray.dataset.noise_correlation import noise_correlation_from as noise_correlation_from
from autoarray.mask import shapes
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.uniform import raw_array_from
from autoarray.type import Array, ArrayLike, Namespace


@checked(exc.DatasetException)
def array_with_new_shape(array: Array2D, new_shape: tuple[int, int]) -> Array2D:
    """The image trimmed or padded with zeros about its centre."""
    return array.resized_from(new_shape)


# ---------------------------------------------------------------- units


@checked(exc.DatasetException)
def array_eps_to_counts(array_eps: Array2D, exposure_time_map: ArrayLike) -> Array2D:
    """``counts = eps * t``."""
    return array_eps * _times_from(exposure_time_map)


@checked(exc.DatasetException)
def array_counts_to_eps(array_counts: Array2D, exposure_time_map: ArrayLike) -> Array2D:
    """``eps = counts / t``."""
    return array_counts / _times_from(exposure_time_map)


@checked(exc.DatasetException)
def array_adus_to_eps(array_adus: Array2D, exposure_time_map: ArrayLike, gain: float) -> Array2D:
    """``eps = gain * adus / t`` with the gain in electrons per unit."""
    return gain * array_adus / _times_from(exposure_time_map)


@checked(exc.DatasetException)
def array_eps_to_adus(array_eps: Array2D, exposure_time_map: ArrayLike, gain: float) -> Array2D:
    """``adus = eps * t / gain``."""
    return array_eps * _times_from(exposure_time_map) / gain


@checked(exc.DatasetException)
def array_counts_to_counts_per_second(array_counts: Array2D, exposure_time: float) -> Array2D:
    """``counts / t``."""
    return array_counts / _times_from(exposure_time)


def _times_from(exposure_time: ArrayLike) -> Array:
    """Exposure times [s] as raw numbers, all above zero."""
    times = raw_array_from(exposure_time)
    if times.size == 0 or not is_traced(times) and not np.all((np.abs(times) < 1e100) & (times.real > 0.0)):
        raise exc.DatasetException(
            f"exposure time of {exc.shown(exposure_time)} s, wanted finite numbers above zero: exposure_time=1000.0."
        )
    return times


# ---------------------------------------------------------------- noise maps


def _check_signs(values: Array2D, name: str, zero: bool) -> None:
    if not np.all((values.array > 0.0) | (zero & (values.array == 0.0))):
        raise exc.DatasetException(
            f"{name} of {np.min(values.array)}, wanted numbers {'of at least' if zero else 'above'} zero; mask the "
            "others: image.apply_mask(mask)."
        )


@checked(exc.DatasetException)
def noise_map_via_weight_map_from(weight_map: Array2D, noise_for_zero: float = 1e8) -> Array2D:
    """``1 / sqrt(weight)``: a weight is an inverse variance; pixels of weight 0 get ``noise_for_zero``."""
    weights = weight_map.array
    if not np.all(weights >= 0.0):
        raise exc.DatasetException(f"weight map holds {np.min(weights)}, wanted inverse variances of at least 0.")
    noise = 1.0 / np.sqrt(np.where(weights > 0.0, weights, 1.0))
    return weight_map.with_new_array(np.where(weights > 0.0, noise, noise_for_zero))


@checked(exc.DatasetException)
def noise_map_via_inverse_standard_deviation_map_from(inverse_standard_deviation_map: Array2D) -> Array2D:
    """``1 / s``; where some s is 0 write ``noise_map_via_weight_map_from(s**2)``, which gives them a large noise."""
    _check_signs(inverse_standard_deviation_map, "inverse standard deviation", zero=False)
    return 1.0 / inverse_standard_deviation_map


@checked(exc.DatasetException)
def noise_map_via_variance_map_from(variance_map: Array2D) -> Array2D:
    """``sqrt(variance)``."""
    _check_signs(variance_map, "variance", zero=True)
    return np.sqrt(variance_map)  # type: ignore[return-value]


@checked(exc.DatasetException)
def noise_map_via_data_eps_and_exposure_time_map_from(data_eps: Array2D, exposure_time_map: ArrayLike) -> Array2D:
    """Poisson noise of the counts, ``sqrt(|d| t) / t``."""
    times = _times_from(exposure_time_map)
    return np.sqrt(np.abs(data_eps * times)) / times


@checked(exc.DatasetException)
def noise_map_via_data_eps_exposure_time_map_and_background_noise_map_from(
    data_eps: Array2D, exposure_time_map: ArrayLike, background_noise_map: ArrayLike
) -> Array2D:
    """Poisson noise of the counts and the background's noise in quadrature, ``sqrt(|d| t + (b t)^2) / t``."""
    times = _times_from(exposure_time_map)
    return np.sqrt(np.abs(data_eps * times) + (raw_array_from(background_noise_map) * times) ** 2) / times


@checked(exc.DatasetException)
def noise_map_with_signal_to_noise_limit_from(
    data: Array2D, noise_map: Array2D, signal_to_noise_limit: float, noise_limit_mask: Array2D | Any = None
) -> Array2D:
    """The noise raised where data over noise exceeds a limit; only where ``noise_limit_mask`` is False, if given."""
    if not signal_to_noise_limit > 0.0 or not np.all(noise_map.array > 0.0):
        raise exc.DatasetException(
            f"signal_to_noise_limit={signal_to_noise_limit} and a noise map of at least {np.min(noise_map.array)}, "
            "wanted both above zero."
        )
    high = data.array / noise_map.array > signal_to_noise_limit
    if noise_limit_mask is not None:
        high &= ~noise_limit_mask.array[tuple(data.mask.native_for_slim.T)]
    return noise_map.with_new_array(np.where(high, np.abs(data.array) / signal_to_noise_limit, noise_map.array))


# ---------------------------------------------------------------- the sky, from the edges of an image


@checked(exc.DatasetException)
def edges_from(image: Array2D, no_edges: int) -> Array:
    """Values of the outer ``no_edges`` rings of pixels, as a flat array; none is counted twice."""
    native = image.native.array
    if not 1 <= no_edges <= (min(native.shape) + 1) // 2:
        raise exc.DatasetException(
            f"no_edges={no_edges} for an image of {native.shape} pixels, wanted 1 to {(min(native.shape) + 1) // 2}."
        )
    inner = np.zeros(native.shape, dtype=bool)
    inner[no_edges:-no_edges, no_edges:-no_edges] = True
    return native[~inner]


@checked(exc.DatasetException)
def background_sky_level_via_edges_from(image: Array2D, no_edges: int) -> float:
    """Median of the edges."""
    return float(np.median(edges_from(image, no_edges)))


@checked(exc.DatasetException)
def background_noise_map_via_edges_from(image: Array2D, no_edges: int) -> Array2D:
    """Standard deviation of the edges, in every pixel."""
    return image.with_new_array(np.full(image.shape, edges_from(image, no_edges).std()))


@checked(exc.DatasetException)
def exposure_time_map_via_exposure_time_and_background_noise_map_from(
    exposure_time: float, background_noise_map: Array2D
) -> Array2D:
    """Exposure times that follow from how the background's noise varies, longest where it is lowest.

    .. math:: t_i = t \\, [\\min_j b_j / b_i]^2
    """
    noise = background_noise_map.array
    return background_noise_map.with_new_array(float(_times_from(exposure_time)) * (noise.min() / noise) ** 2)


# ---------------------------------------------------------------- PSF


@checked(exc.DatasetException)
def psf_with_odd_dimensions_from(psf: Array2D) -> Array2D:
    """The PSF on an odd number of pixels each way, sum and centroid kept.

    A side of even length has its centre between two pixels: the PSF is moved there by half a pixel (linearly, half of
    every value to each neighbour), which makes it one pixel longer.
    """
    values = psf.native.array
    for axis in (0, 1):
        if values.shape[axis] % 2 == 0:
            before = np.pad(values, [(1, 0) if a == axis else (0, 0) for a in (0, 1)])
            after = np.pad(values, [(0, 1) if a == axis else (0, 0) for a in (0, 1)])
            values = 0.5 * (before + after)
    return Array2D.no_mask(values, psf.pixel_scales, origin=psf.origin)


# ---------------------------------------------------------------- random noise


def generator_from(seed: int) -> np.random.Generator:
    """A generator of its own, so that NumPy's global state stays as it is; ``-1`` draws a new seed each time."""
    if number_from(seed) < -1 or not isinstance(seed, int | np.integer):
        raise exc.DatasetException(f"seed={exc.shown(seed)}, wanted a whole number of at least 0, or -1 for a new one.")
    return np.random.default_rng(None if seed == -1 else seed)


@checked(exc.DatasetException)
def data_eps_with_poisson_noise_from(
    data_eps: ArrayLike, exposure_time_map: ArrayLike, seed: int = -1, xp: Namespace = np
) -> Array:
    """Draws of a Poisson distribution of mean ``d t``, over ``t``; raw values.

    ``seed=-1`` draws a new seed each time, which a traced function cannot: it would keep that of its first call. Under
    ``jax.jit`` a seed is to be given.
    """
    times = _times_from(exposure_time_map)
    image = raw_array_from(data_eps, xp=xp)
    if "c" in (image.dtype.kind, times.dtype.kind):
        raise exc.DatasetException("Poisson noise of complex numbers, wanted an image [e- s^-1].")
    if times.shape not in ((), image.shape):
        raise exc.DatasetException(f"exposure times of shape {times.shape}, wanted one or {image.shape}, as the image.")
    counts = image * times
    if xp is not np:
        import jax

        if seed == -1 and is_traced(counts):
            raise exc.DatasetException(
                "noise_seed=-1 in a function traced by jax.jit or jax.vmap, which would draw the same noise in each "
                "call, wanted an explicit seed: SimulatorImaging(..., noise_seed=1, use_jax=True)."
            )
        key = jax.random.PRNGKey(int(np.random.default_rng().integers(2**31)) if seed == -1 else seed)
        return jax.random.poisson(key, counts).astype(counts.dtype) / times
    if not np.all((counts >= 0.0) & (counts < 1e18)):
        raise exc.DatasetException(
            f"Poisson noise of an image whose lowest value is {np.min(counts / times)} e- s^-1, wanted finite values "
            "of at least 0: raise background_sky_level."
        )
    return generator_from(seed).poisson(counts) / times


@checked(exc.DatasetException)
def data_eps_with_poisson_noise_added(data_eps: Array2D, exposure_time_map: ArrayLike, seed: int = -1) -> Array2D:
    """The image as a detector that counts electrons sees it."""
    return data_eps.with_new_array(data_eps_with_poisson_noise_from(data_eps, exposure_time_map, seed))


@checked(exc.DatasetException)
def poisson_noise_via_data_eps_from(data_eps: Array2D, exposure_time_map: ArrayLike, seed: int = -1) -> Array2D:
    """The noise alone: a noisy image minus the image."""
    return data_eps_with_poisson_noise_added(data_eps, exposure_time_map, seed) - data_eps


@checked(exc.DatasetException)
def gaussian_noise_via_shape_and_sigma_from(shape: tuple[int, ...], sigma: float, seed: int = -1) -> Array:
    """Draws of a Gaussian of mean 0; raw values."""
    if not (np.isfinite(sigma) and sigma >= 0.0):
        raise exc.DatasetException(f"sigma={exc.shown(sigma)}, wanted a finite number of at least 0: sigma=0.1.")
    sides = real_array_from(shape)
    if (
        sides is None
        or sides.ndim != 1
        or not np.all((sides >= 0) & (sides < 2**31))
        or np.any(sides % 1)
        or np.prod(sides) > 2**31
    ):
        raise exc.DatasetException(f"shape={exc.shown(shape)}, wanted whole numbers: shape=(100, 100).")
    shape = tuple(int(side) for side in sides)
    return generator_from(seed).normal(0.0, sigma, shape)


@checked(exc.DatasetException)
def data_with_gaussian_noise_added(data: Array2D, sigma: float, seed: int = -1) -> Array2D:
    """The image with Gaussian noise."""
    return data + gaussian_noise_via_shape_and_sigma_from(data.shape, sigma, seed)


@checked(exc.DatasetException)
def odd_shape_from(shape: tuple[int, int]) -> tuple[int, int]:
    """The shape with every even side made one longer."""
    ny, nx = shapes.shape_from(shape)
    return ny + 1 - ny % 2, nx + 1 - nx % 2
