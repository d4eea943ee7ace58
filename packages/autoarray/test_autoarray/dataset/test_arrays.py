"""The values of one dataset on the pixels of another, against direct sums and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import convolve2d

import autoarray as aa
from autoarray import exc

SHAPE = (11, 11)


def kernel_of(width: float, size: int = 5) -> np.ndarray:
    steps = np.arange(size) - size // 2
    kernel = np.exp(-0.5 * (steps[:, None] ** 2 + (steps[None, :] - 0.3) ** 2) / width**2)
    return kernel / kernel.sum()


def dataset_from(seed: int, psf: np.ndarray | None, covariance: bool = False, **settings: object) -> aa.Imaging:
    rng = np.random.default_rng(seed)
    noise = rng.uniform(0.5, 1.5, SHAPE)
    mask = aa.Mask2D.circular(SHAPE, 0.35, 0.1)
    matrix = None
    if covariance:
        steps = mask.native_for_slim
        distance = np.abs(steps[:, None] - steps[None]).sum(axis=-1)
        scale = noise[~mask.array]
        matrix = np.exp(-2.0 * distance) * scale[:, None] * scale[None, :]
    dataset = aa.Imaging(
        rng.normal(size=SHAPE),  # type: ignore[arg-type]
        noise,  # type: ignore[arg-type]
        psf=None if psf is None else aa.Convolver(psf, 0.1),
        pixel_scales=0.1,
        **settings,  # type: ignore[arg-type]
    ).apply_mask(mask)
    return dataset if matrix is None else dataset._with(noise_covariance_matrix=matrix)


@pytest.mark.parametrize("size", [3, 5])
def test_the_psf_of_another_dataset_blurs(size: int) -> None:
    """Both the direct sum and the transform, against scipy."""
    first, other = (dataset_from(i, kernel_of(0.6 + 0.4 * i, size)) for i in range(2))
    mixed = first.with_arrays(other.arrays)
    state = mixed.psf.state_from(mixed.mask)  # type: ignore[union-attr]
    light = np.random.default_rng(3).normal(size=state.extended_mask.shape_native)
    light[state.extended_mask.array] = 0.0
    wanted = convolve2d(light, kernel_of(1.0, size), mode="valid")[~first.mask.array]
    assert state.convolve(light[~state.extended_mask.array]) == pytest.approx(wanted, abs=1e-13)
    assert mixed.grids is first.grids


def test_data_and_noise_of_another_dataset() -> None:
    first, other = (dataset_from(i, None) for i in range(2))
    rng = np.random.default_rng(1)
    noise, data = rng.uniform(0.5, 1.5, SHAPE), rng.normal(size=SHAPE)
    used = ~first.mask.array
    mixed = first.with_arrays(other.arrays)
    assert mixed.whitened_from(mixed.data.array) == pytest.approx(data[used] / noise[used])
    assert float(mixed.noise_normalization) == pytest.approx(np.log(2.0 * np.pi * noise[used] ** 2).sum())


def test_the_covariance_of_another_dataset() -> None:
    first, other = (dataset_from(i, None, covariance=True) for i in range(2))
    matrix = other.noise_covariance_matrix
    mixed = first.with_arrays(other.arrays)
    residuals = mixed.whitened_from(mixed.data.array)
    values = other.data.array
    assert (residuals**2).sum() == pytest.approx(values @ np.linalg.solve(matrix, values), rel=1e-12)
    assert float(mixed.noise_normalization) == pytest.approx(np.linalg.slogdet(2.0 * np.pi * matrix)[1], rel=1e-12)


def test_single_precision_keeps_the_arrays() -> None:
    first, other = (dataset_from(i, kernel_of(1.0)) for i in range(2))
    mixed = first.with_arrays(other.arrays).in_single_precision()
    assert mixed.grids.extended.over_sampled.array.dtype == np.float32
    assert mixed.data.array is other.data.array


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (dataset_from(1, kernel_of(1.0, 3)), r"the PSF is \(3, 3\) pixels .* wanted \(5, 5\) pixels"),
        (dataset_from(1, None), "the PSF is none"),
        (dataset_from(1, kernel_of(1.0), over_sample_size_lp=2), "sub-pixels of grids.lp differ"),
        (dataset_from(1, kernel_of(1.0), over_sample_rule="uniform"), "sub-pixels of grids.extended differ"),
        (dataset_from(1, kernel_of(1.0), covariance=True), "the noise is a covariance, wanted independent"),
        (
            dataset_from(1, kernel_of(1.0)).apply_mask(aa.Mask2D.circular(SHAPE, 0.3, 0.1)),
            "number of pixels in the mask is 29, wanted 37",
        ),
    ],
)
def test_what_differs_is_named(other: aa.Imaging, words: str) -> None:
    first = dataset_from(0, kernel_of(1.0))
    first.check_same_pixels(dataset_from(1, kernel_of(0.8)))
    with pytest.raises(exc.DatasetException, match=words):
        first.check_same_pixels(other)


def test_a_mask_of_as_many_other_pixels() -> None:
    one, two = (
        dataset_from(0, None).apply_mask(aa.Mask2D.circular(SHAPE, 0.2, 0.1, centre=centre))
        for centre in ((0.0, 0.0), (0.1, 0.0))
    )
    with pytest.raises(exc.DatasetException, match="mask uses other pixels"):
        one.check_same_pixels(two)


def test_sub_pixels_that_no_likelihood_uses_may_differ() -> None:
    first, other = (dataset_from(i, None, over_sample_size_pixelization=i + 1) for i in range(2))
    first.check_same_pixels(other)
    with pytest.raises(exc.DatasetException, match="grids.lp"):
        first.check_same_pixels(dataset_from(2, None, over_sample_size_lp=3))
