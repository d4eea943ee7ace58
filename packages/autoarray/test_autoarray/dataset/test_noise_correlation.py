import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d

import autoarray as aa
from autoarray import exc
from autoarray.dataset.noise_correlation import mask_of_empty_from

SHAPE = (160, 150)
DROP = np.outer([0.3, 1.0, 0.6], [0.5, 1.0, 0.2])
"""What a drizzled image makes of the noise of one detector pixel."""


def images_from(kernel: np.ndarray, seed: int = 1, scatter: float = 1.0) -> tuple[aa.Array2D, aa.Array2D]:
    """Noise of unit variance times an uneven noise map, correlated as the kernel says, on a sky of 0.4 sigmas."""
    padded = [n + k - 1 for n, k in zip(SHAPE, kernel.shape, strict=True)]
    white = np.random.default_rng(seed).normal(0.0, scatter, padded)
    noise = np.linspace(0.5, 2.0, SHAPE[1]) * np.ones(SHAPE)
    normalized = convolve2d(white, kernel / np.sqrt(np.sum(kernel**2)), mode="valid")
    return aa.Array2D.no_mask(noise * (normalized + 0.4), 0.05), aa.Array2D.no_mask(noise, 0.05)


def factor_of(kernel: np.ndarray) -> float:
    return kernel.sum() / np.sqrt(np.sum(kernel**2))


def test_factor_and_correlations_are_those_of_the_kernel():
    images = [images_from(DROP, seed=seed) for seed in range(1, 9)]
    all_found = [aa.preprocess.noise_correlation_from(*image) for image in images]
    expected = np.pad(correlate2d(DROP, DROP) / np.sum(DROP**2), 1)

    assert np.mean([found.auto_correlation for found in all_found], axis=0) == pytest.approx(expected, abs=0.025)
    for found in all_found:
        assert found.factor == pytest.approx(factor_of(DROP), abs=3.0 * found.factor_error)
        assert found.factor_error < 0.04 * found.factor
        assert found.is_significant
        assert f"{found.factor:.2f}" in found.line


def test_wings_of_a_galaxy_that_fill_the_frame_are_no_correlation_of_the_noise():
    y, x = np.indices(SHAPE) - 0.5 * (np.array(SHAPE)[:, None, None] - 1.0)
    radii = np.sqrt(y**2 + x**2) + 1.0
    noise = aa.Array2D.no_mask(np.ones(SHAPE), 0.05)
    for seed in (1, 2, 3):
        white = np.random.default_rng(seed).normal(size=SHAPE)
        data = aa.Array2D.no_mask(white + 2.0 * (radii / 50.0) ** -1.6, 0.05)

        found = aa.preprocess.noise_correlation_from(data, noise)

        assert found.factor == pytest.approx(1.0, abs=3.0 * found.factor_error)
        assert not found.is_significant


def test_factor_is_unbiased_and_its_error_right_over_many_images():
    mask = aa.Mask2D(np.pad(np.zeros((40, 40), dtype=bool), [(0, 120), (0, 110)], constant_values=True), 0.05)
    found = [
        aa.preprocess.noise_correlation_from(*images_from(DROP, seed=i), mask_of_empty=mask, largest_lag=2)
        for i in range(100)
    ]
    squares = np.array([f.factor**2 for f in found])

    assert squares.mean() == pytest.approx(factor_of(DROP) ** 2, abs=3.0 * squares.std() / np.sqrt(100.0))
    errors = [f.factor_error for f in found]
    assert np.std([f.factor for f in found]) == pytest.approx(np.mean(errors), rel=0.25)


def test_apertures_on_empty_sky_scatter_as_the_factor_says():
    data, noise = images_from(DROP, seed=5)
    normalized = data.native.array / noise.native.array
    side = 5
    apertures = normalized.reshape(SHAPE[0] // side, side, SHAPE[1] // side, side).sum(axis=(1, 3))

    found = aa.preprocess.noise_correlation_from(data, noise)

    expected = apertures.std() / side / normalized.std()
    assert found.factor_of_aperture(side) == pytest.approx(expected, rel=0.07)
    assert found.factor_of_aperture(1) == pytest.approx(1.0, rel=1e-12)
    assert found.factor_of_aperture(10**6) == pytest.approx(found.factor, rel=1e-5)


def test_independent_noise_has_a_factor_of_one_and_no_warning():
    found = aa.preprocess.noise_correlation_from(*images_from(np.ones((1, 1)), scatter=1.3))

    assert found.factor == pytest.approx(1.0, abs=3.0 * found.factor_error)
    assert found.scatter == pytest.approx(1.3, rel=0.02)
    assert not found.is_significant


def test_galaxies_are_found_and_do_not_count():
    data, noise = images_from(DROP, seed=7)
    y, x = np.indices(SHAPE)
    light = sum(
        30.0 * np.exp(-0.5 * ((y - cy) ** 2 + (x - cx) ** 2) / width**2)
        for cy, cx, width in ((80, 75, 6.0), (20, 110, 3.0), (140, 30, 1.5))
    )
    with_galaxies = aa.Array2D.no_mask(data.native.array + light, 0.05)
    bad = with_galaxies.native.array.copy()
    bad[:5, :7] = np.nan

    mask = mask_of_empty_from(aa.Array2D.no_mask(bad, 0.05), noise)
    found = aa.preprocess.noise_correlation_from(aa.Array2D.no_mask(bad, 0.05), noise)

    assert np.all(mask.array[light > 1.0])
    assert np.all(mask.array[:5, :7])
    assert np.mean(mask.array) < 0.2
    assert found.factor == pytest.approx(factor_of(DROP), abs=3.0 * found.factor_error)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"largest_lag": 0}, "largest_lag=0"),
        ({"mask_of_empty": aa.Mask2D.circular(SHAPE, radius=0.3, pixel_scales=0.05)}, "112 empty pixels.*at least 490"),
    ],
)
def test_what_cannot_be_measured_is_an_error(changes, message):
    with pytest.raises(exc.DatasetException, match=message):
        aa.preprocess.noise_correlation_from(*images_from(DROP), **changes)


def test_pixels_marked_empty_that_hold_nothing_are_an_error():
    data, noise = images_from(DROP)
    everywhere = aa.Mask2D.all_false(SHAPE, 0.05)
    broken = aa.Array2D.no_mask(np.where(np.indices(SHAPE)[0] == 3, np.nan, data.native.array), 0.05)

    with pytest.raises(exc.DatasetException, match="nan or inf"):
        aa.preprocess.noise_correlation_from(broken, noise, mask_of_empty=everywhere)
    with pytest.raises(exc.DatasetException, match="the same value"):
        aa.preprocess.noise_correlation_from(noise * 0.0, noise, mask_of_empty=everywhere)
