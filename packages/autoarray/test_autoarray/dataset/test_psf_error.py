import numpy as np
import pytest
from scipy.signal import convolve2d

import autoarray as aa
from autoarray import exc

RNG = np.random.default_rng(3)
SHAPE, SCALE = (11, 10), 0.1
MASK = aa.Mask2D.circular(SHAPE, radius=0.3, pixel_scales=SCALE)
KERNEL = RNG.random((5, 3))
KERNEL /= KERNEL.sum()
ERRORS = 0.1 * RNG.random((5, 3))
NOISE = RNG.uniform(0.01, 0.05, SHAPE)


def dataset_from(size: int = 1, **kwargs) -> aa.Imaging:
    psf = aa.Convolver(KERNEL, SCALE, convolve_over_sample_size=size)
    noise = {} if "noise_covariance_matrix" in kwargs else {"noise_map": NOISE}
    return aa.Imaging(np.ones(SHAPE), psf=psf, pixel_scales=SCALE, **noise, **kwargs).apply_mask(MASK)


def light_and_images_of_perturbed_psfs_from(dataset: aa.Imaging, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Light on the extended grid, and blurred images of it through PSFs that differ as the error map says."""
    light = RNG.random(len(dataset.grids.extended.array)) + 0.5
    size = dataset.psf.convolve_over_sample_size_on(SCALE)
    images = [
        aa.Convolver(KERNEL + ERRORS * RNG.normal(size=KERNEL.shape), SCALE, convolve_over_sample_size=size)
        .convolved_extended_image_from(light, MASK)
        .array
        for _ in range(number)
    ]
    return light, np.array(images)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_variance_grows_as_that_of_images_through_perturbed_psfs(size):
    dataset = dataset_from(size)
    light, images = light_and_images_of_perturbed_psfs_from(dataset, 400)

    noisier = dataset.apply_psf_error(ERRORS, light)

    added = noisier.noise_map.array**2 - dataset.noise_map.array**2
    assert added == pytest.approx(images.var(axis=0), rel=5.0 * np.sqrt(2.0 / 400))
    assert np.array_equal(noisier.data.array, dataset.data.array)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_variance_is_the_sum_over_errors_of_single_pixels_of_the_psf(size):
    dataset = dataset_from(size)
    light, plain = RNG.random(len(dataset.grids.extended.array)), dataset.psf
    expected = np.zeros(MASK.pixels_in_mask)
    for pixel in np.ndindex(KERNEL.shape):
        kernel = KERNEL.copy()
        kernel[pixel] += ERRORS[pixel]
        changed = aa.Convolver(kernel, SCALE, convolve_over_sample_size=size)
        images = [psf.convolved_extended_image_from(light, MASK).array for psf in (changed, plain)]
        expected += (images[0] - images[1]) ** 2

    noisier = dataset.apply_psf_error(ERRORS, light)

    assert noisier.noise_map.array**2 - dataset.noise_map.array**2 == pytest.approx(expected, rel=1e-9)


def test_covariance_of_the_noise_gets_the_correlations_too():
    dataset = dataset_from(noise_covariance_matrix=np.diag(NOISE.ravel() ** 2))
    light, images = light_and_images_of_perturbed_psfs_from(dataset, 400)

    noisier = dataset.apply_psf_error(ERRORS, light)

    added = noisier.noise_covariance_matrix - dataset.noise_covariance_matrix
    expected = np.cov(images.T)
    assert added == pytest.approx(expected, abs=5.0 * np.sqrt(2.0 / 400) * expected.max())
    assert np.abs(expected - np.diag(np.diag(expected))).max() > 0.3 * expected.max()
    assert noisier.noise_map.array == pytest.approx(np.sqrt(np.diag(noisier.noise_covariance_matrix)), rel=1e-14)


def test_a_point_adds_the_square_of_flux_times_error():
    native = np.zeros(SHAPE)
    native[5, 4] = 3.0
    dataset = dataset_from()

    noisier = dataset.apply_psf_error(ERRORS, aa.Array2D(native, MASK))

    expected = np.zeros(SHAPE)
    expected[3:8, 3:6] = (3.0 * ERRORS) ** 2
    assert noisier.noise_map.array**2 == pytest.approx(((NOISE**2 + expected)[~MASK.array]), rel=1e-12)


def test_variance_is_the_convolution_of_squares():
    dataset = dataset_from()
    light = RNG.random(len(dataset.grids.extended.array))
    native = np.zeros(dataset.grids.extended.mask.shape_native)
    native[~dataset.grids.extended.mask.array] = light

    noisier = dataset.apply_psf_error(aa.Array2D.no_mask(ERRORS, SCALE), light)

    expected = NOISE**2 + convolve2d(native**2, ERRORS**2, mode="valid")
    assert noisier.noise_map.array**2 == pytest.approx(expected[~MASK.array], rel=1e-12)


@pytest.mark.parametrize(
    ("errors", "image", "message"),
    [
        (np.ones((3, 3)), np.ones(SHAPE), r"shape \(3, 3\), wanted \(5, 3\)"),
        (-ERRORS, np.ones(SHAPE), "at least 0"),
        (np.full((5, 3), np.nan), np.ones(SHAPE), "nan"),
        (ERRORS, np.ones(7), r"shape \(7,\)"),
    ],
)
def test_what_does_not_fit_the_psf_is_an_error(errors, image, message):
    with pytest.raises(exc.AutoException, match=message):
        dataset_from().apply_psf_error(errors, image)


def test_dataset_without_a_psf_has_no_error_of_it():
    dataset = aa.Imaging(np.ones(SHAPE), NOISE, pixel_scales=SCALE)

    with pytest.raises(exc.DatasetException, match="without a PSF"):
        dataset.apply_psf_error(ERRORS, dataset.data)
