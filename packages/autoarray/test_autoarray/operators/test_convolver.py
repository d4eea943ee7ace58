import copy
import pickle

import numpy as np
import pytest
from scipy.signal import convolve2d

import autoarray as aa
from autoarray import exc
from autoarray.operators.convolver import fast_length_from

RNG = np.random.default_rng(1)
IMAGE = RNG.random((18, 25))


def mask_from(kind: str) -> aa.Mask2D:
    if kind == "all":
        return aa.Mask2D.all_false((18, 25), 0.1)
    return aa.Mask2D.circular((18, 25), radius=0.55, pixel_scales=0.1, centre=(0.2, -0.3))


def expected_from(kernel: np.ndarray, mask: aa.Mask2D) -> np.ndarray:
    return convolve2d(IMAGE, kernel, mode="same")[~mask.array]


@pytest.mark.parametrize("kind", ["all", "circle"])
@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (1, 3), (5, 7), (21, 9), (17, 25)])
def test_blurring_is_the_convolution_of_scipy_for_an_asymmetric_psf(shape, kind):
    kernel, mask = RNG.random(shape), mask_from(kind)
    psf = aa.Convolver(kernel, pixel_scales=0.1)
    extended = mask.derive_mask.extended_from(shape)
    padded = np.pad(IMAGE, [(k // 2, k // 2) for k in shape])

    blurred = psf.convolved_extended_image_from(aa.Array2D(padded, extended), mask)

    assert blurred.mask is mask
    assert blurred.array == pytest.approx(expected_from(kernel, mask), rel=1e-11)


def test_light_of_a_point_source_spreads_as_the_psf_and_not_as_its_mirror_image():
    kernel = np.arange(25.0).reshape(5, 5)
    image = np.zeros((11, 11))
    image[5, 5] = 2.0
    mask = aa.Mask2D.all_false((11, 11), 0.1)

    blurred = aa.Convolver(kernel, 0.1).convolved_image_from(aa.Array2D(image, mask), None)

    assert blurred.native.array[3:8, 3:8] == pytest.approx(2.0 * kernel, abs=1e-12)


@pytest.mark.parametrize("shape", [(3, 3), (3, 7)])
def test_image_and_blurring_image_together_give_the_convolution_of_the_whole_image(shape):
    kernel, mask = RNG.random(shape), mask_from("circle")
    ring = mask.derive_mask.blurring_from(shape)
    psf = aa.Convolver(kernel, 0.1)

    blurred = psf.convolved_image_from(aa.Array2D(IMAGE, mask), aa.Array2D(IMAGE, ring))

    assert blurred.array == pytest.approx(expected_from(kernel, mask), rel=1e-12)


def test_image_without_a_blurring_image_is_zero_around_the_mask():
    kernel, mask = RNG.random((5, 5)), mask_from("circle")
    inside = np.where(mask.array, 0.0, IMAGE)

    blurred = aa.Convolver(kernel, 0.1).convolved_image_from(aa.Array2D(IMAGE, mask), None)

    assert blurred.array == pytest.approx(convolve2d(inside, kernel, mode="same")[~mask.array], rel=1e-12)


@pytest.mark.parametrize("shape", [(3, 3), (7, 5)])
def test_leading_axes_are_convolved_one_by_one(shape):
    kernel, mask = RNG.random(shape), mask_from("circle")
    state = aa.Convolver(kernel, 0.1).state_from(mask)
    values = RNG.random((2, 3, state.pixels_extended))

    blurred = state.convolve(values)

    assert blurred.shape == (2, 3, mask.pixels_in_mask)
    for i in range(2):
        for j in range(3):
            native = np.zeros(state.extended_mask.shape_native)
            native[~state.extended_mask.array] = values[i, j]
            expected = convolve2d(native, kernel, mode="valid")[~mask.array]
            assert blurred[i, j] == pytest.approx(expected, rel=1e-11)


def test_normalized_psf_conserves_light():
    image = np.zeros((25, 25))
    image[10:15, 9:14] = RNG.random((5, 5))
    mask = aa.Mask2D.all_false((25, 25), 0.1)

    blurred = aa.Convolver(RNG.random((9, 9)), 0.1, normalize=True).convolved_image_from(aa.Array2D(image, mask), None)

    assert blurred.sum() == pytest.approx(image.sum(), rel=1e-12)


def test_float32_values_stay_float32():
    mask = mask_from("circle")
    state = aa.Convolver(RNG.random((5, 5)), 0.1).state_from(mask)

    assert state.convolve(np.ones(state.pixels_extended, dtype=np.float32)).dtype == np.float32


def test_gaussian_psf_has_the_second_moments_of_its_formula():
    psf = aa.Convolver.from_gaussian((61, 61), 0.1, sigma=0.4, axis_ratio=0.5, angle=90.0, normalize=True)
    y, x = np.moveaxis(psf.kernel.geometry.grid_scaled_from(np.stack(np.indices((61, 61)), axis=-1)), -1, 0)
    kernel = psf.kernel.native.array

    assert np.sqrt((kernel * x**2).sum()) == pytest.approx(0.4, rel=1e-3)
    assert np.sqrt((kernel * y**2).sum()) == pytest.approx(0.8, rel=1e-2)


def test_gaussian_psf_is_turned_counter_clockwise():
    kernel = aa.Convolver.from_gaussian((31, 31), 0.1, sigma=0.3, axis_ratio=0.4, angle=45.0).kernel.native.array

    assert kernel[10, 20] > 10.0 * kernel[10, 10]  # top right of the centre against top left


def test_gaussian_psf_moves_with_its_centre():
    kernel = aa.Convolver.from_gaussian((11, 11), 0.1, sigma=0.2, centre=(0.2, -0.1)).kernel.native.array

    assert np.unravel_index(kernel.argmax(), kernel.shape) == (3, 4)


def test_no_blur_leaves_the_image_as_it_is():
    image = aa.Array2D.no_mask(IMAGE, 0.1)

    assert aa.Convolver.no_blur(0.1).convolved_image_from(image, None).array == pytest.approx(IMAGE.ravel(), rel=1e-15)


@pytest.mark.parametrize("length, expected", [(1, 1), (7, 8), (11, 12), (81, 81), (91, 96), (97, 100), (121, 125)])
def test_fast_length_is_the_next_number_without_prime_factors_above_five(length, expected):
    assert fast_length_from(length) == expected


def test_transform_covers_only_the_box_around_the_mask():
    mask = aa.Mask2D.circular((301, 301), radius=0.95, pixel_scales=0.1)  # 19 pixels across

    state = aa.Convolver(np.ones((7, 7)), 0.1).state_from(mask)

    assert state.fft_shape == (25, 25)  # 19 + 6 = 25


def test_state_of_an_equal_mask_is_made_once():
    psf = aa.Convolver(RNG.random((5, 5)), 0.1)

    assert psf.state_from(mask_from("circle")) is psf.state_from(mask_from("circle"))


def test_psf_survives_pickle_and_deepcopy():
    psf = aa.Convolver(RNG.random((5, 5)), 0.1)

    for twin in (pickle.loads(pickle.dumps(psf)), copy.deepcopy(psf)):
        assert twin.static_key == psf.static_key
        assert np.array_equal(twin.kernel.array, psf.kernel.array)


def test_the_callers_kernel_is_not_changed():
    kernel = RNG.random((5, 5))
    before = kernel.copy()

    aa.Convolver(kernel, 0.1, normalize=True)

    assert np.array_equal(kernel, before)
    assert kernel.flags.writeable


def test_values_of_another_length_name_the_length_wanted():
    state = aa.Convolver(np.ones((5, 5)), 0.1).state_from(mask_from("circle"))

    with pytest.raises(exc.KernelException, match=rf"\(7,\), wanted \(\.\.\., {state.pixels_extended}\)"):
        state.convolve(np.ones(7))


def test_blurring_image_of_another_ring_names_the_length_wanted():
    mask = mask_from("circle")
    image, other = aa.Array2D(IMAGE, mask), aa.Array2D(IMAGE, mask.derive_mask.blurring_from((3, 3)))

    with pytest.raises(exc.KernelException, match="blurring image of"):
        aa.Convolver(np.ones((5, 5)), 0.1).convolved_image_from(image, other)


def test_psf_with_a_bad_gaussian_names_its_values():
    with pytest.raises(exc.KernelException, match="sigma=-1.0"):
        aa.Convolver.from_gaussian((5, 5), 0.1, sigma=-1.0)
