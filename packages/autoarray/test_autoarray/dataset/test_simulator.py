import numpy as np
import pytest
from scipy.signal import convolve2d

import autoarray as aa
from autoarray import exc

RNG = np.random.default_rng(6)
VALUES = RNG.uniform(0.5, 2.0, (16, 18))
IMAGE = aa.Array2D.no_mask(VALUES, 0.1)
KERNEL = RNG.random((5, 3))
PSF = aa.Convolver(KERNEL, 0.1)


def test_noiseless_observation_is_the_blurred_image():
    dataset = aa.SimulatorImaging(100.0, psf=PSF, add_poisson_noise_to_data=False).via_image_from(IMAGE)

    expected = convolve2d(VALUES, KERNEL / KERNEL.sum(), mode="same")
    assert dataset.data.native.array == pytest.approx(expected, rel=1e-12)
    assert dataset.noise_map.native.array == pytest.approx(np.sqrt(expected / 100.0), rel=1e-12)
    assert dataset.psf.sum == pytest.approx(1.0)


def test_padded_image_loses_no_light_at_the_edge():
    simulator = aa.SimulatorImaging(100.0, psf=PSF, add_poisson_noise_to_data=False)

    dataset = simulator.via_image_from(IMAGE, padded=True)

    expected = convolve2d(VALUES, KERNEL / KERNEL.sum(), mode="valid")
    assert dataset.shape_native == (12, 16)
    assert dataset.data.native.array == pytest.approx(expected, rel=1e-12)


def test_psf_that_is_not_to_be_normalized_stays_so():
    simulator = aa.SimulatorImaging(100.0, psf=PSF, normalize_psf=False, add_poisson_noise_to_data=False)

    dataset = simulator.via_image_from(IMAGE)

    assert dataset.data.native.array == pytest.approx(convolve2d(VALUES, KERNEL, mode="same"), rel=1e-12)
    assert dataset.apply_mask(dataset.mask).psf.sum == pytest.approx(KERNEL.sum())


def test_normalized_residuals_of_the_truth_have_unit_variance():
    image = aa.Array2D.no_mask(RNG.uniform(0.5, 2.0, (200, 200)), 0.1)

    dataset = aa.SimulatorImaging(300.0, background_sky_level=0.5, noise_seed=1).via_image_from(image)

    residuals = (dataset.data.array - image.array) / dataset.noise_map.array
    assert residuals.mean() == pytest.approx(0.0, abs=4.0 / 200.0)
    assert residuals.var() == pytest.approx(1.0, abs=4.0 * np.sqrt(2.0) / 200.0)


def test_sky_stays_in_the_data_when_it_is_not_subtracted():
    image = aa.Array2D.full(1.0, (200, 200), 0.1)

    dataset = aa.SimulatorImaging(
        100.0, background_sky_level=3.0, subtract_background_sky=False, noise_seed=1
    ).via_image_from(image)

    assert dataset.data.mean() == pytest.approx(4.0, abs=4.0 * 0.2 / 200.0)
    assert dataset.noise_map.array == pytest.approx(np.sqrt(4.0 / 100.0))


def test_noise_map_without_poisson_noise_is_the_number_given():
    dataset = aa.SimulatorImaging(
        100.0, include_poisson_noise_in_noise_map=False, noise_if_add_noise_false=0.2
    ).via_image_from(IMAGE)

    assert np.all(dataset.noise_map.array == 0.2)


def test_same_seed_gives_the_same_dataset_and_another_does_not():
    data = [aa.SimulatorImaging(100.0, noise_seed=s).via_image_from(IMAGE).data.array for s in (1, 1, 2)]

    assert np.array_equal(data[0], data[1]) and not np.array_equal(data[0], data[2])


@pytest.mark.parametrize(
    "arguments",
    [
        {"exposure_time": -1.0},
        {"exposure_time": 0.0},
        {"exposure_time": np.nan},
        {"exposure_time": 1.0, "background_sky_level": -0.1},
        {"exposure_time": 1.0, "noise_if_add_noise_false": 0.0},
    ],
)
def test_bad_setting_is_named(arguments):
    with pytest.raises(exc.DatasetException, match=list(arguments)[-1]):
        aa.SimulatorImaging(**arguments)


def test_empty_pixels_without_a_sky_say_what_to_write():
    with pytest.raises(exc.DatasetException, match="background_sky_level"):
        aa.SimulatorImaging(100.0).via_image_from(IMAGE * 0.0)


def test_masked_image_is_refused():
    mask = aa.Mask2D.circular((16, 18), radius=0.5, pixel_scales=0.1)

    with pytest.raises(exc.DatasetException, match="simulate every pixel"):
        aa.SimulatorImaging(100.0).via_image_from(aa.Array2D(VALUES, mask))
