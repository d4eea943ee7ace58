"""A PSF on finer pixels than the image's."""

import numpy as np
import pytest
from scipy.signal import convolve2d
from scipy.special import erf

import autoarray as aa
from autoarray import exc

RNG = np.random.default_rng(4)
SHAPE = (9, 11)
SCALE = 0.06


def mask_from(kind: str) -> aa.Mask2D:
    if kind == "all":
        return aa.Mask2D.all_false(SHAPE, SCALE)
    return aa.Mask2D.circular(SHAPE, radius=0.17, pixel_scales=SCALE, centre=(0.1, -0.15))


def binned(image: np.ndarray, size: int) -> np.ndarray:
    ny, nx = image.shape
    return image.reshape(ny // size, size, nx // size, size).mean(axis=(1, 3))


@pytest.mark.parametrize("kind", ["all", "circle"])
@pytest.mark.parametrize("kernel_shape", [(1, 1), (3, 1), (5, 7), (13, 9)])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_blurring_is_a_convolution_on_fine_pixels_and_their_mean(size, kernel_shape, kind):
    kernel, mask = RNG.random(kernel_shape), mask_from(kind)
    state = aa.Convolver(kernel, SCALE / size).state_from(mask)
    padded_shape = [size * n + k - 1 for n, k in zip(SHAPE, kernel_shape, strict=True)]
    light = RNG.random((2, *padded_shape))
    expected = np.array([binned(convolve2d(image, kernel, mode="valid"), size)[~mask.array] for image in light])

    assert state.extended_mask.shape_native == tuple(padded_shape)
    assert state.convolve(light[:, ~state.extended_mask.array]) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_light_that_is_convolved_already_is_only_averaged(size):
    mask = mask_from("circle")
    state = aa.Convolver(RNG.random((5, 3)), SCALE / size).state_from(mask)
    light = RNG.random((size * SHAPE[0], size * SHAPE[1]))
    extended = np.pad(light, [(2, 2), (1, 1)])[~state.extended_mask.array]

    assert state.unblurred_from(extended) == pytest.approx(binned(light, size)[~mask.array], rel=1e-14)


def gaussian_in_pixels(grid: aa.Grid2D, width: float) -> np.ndarray:
    """Mean over each pixel of a round Gaussian of peak 1."""
    means = []
    for x, scale in zip(grid.array.T, grid.pixel_scales, strict=True):
        edges = [(x + sign * 0.5 * scale) / (np.sqrt(2.0) * width) for sign in (-1.0, 1.0)]
        means.append(np.sqrt(0.5 * np.pi) * width * (erf(edges[1]) - erf(edges[0])) / scale)
    return means[0] * means[1]


def blurred_gaussian_of(psf: aa.Convolver, source_width: float, **sizes: int) -> tuple:
    shape = (15, 15)
    mask = aa.Mask2D.circular(shape, radius=0.2, pixel_scales=SCALE, centre=(0.1, -0.15))
    dataset = aa.Imaging(np.ones(shape), np.ones(shape), psf, pixel_scales=SCALE, **sizes).apply_mask(mask)
    grid = dataset.grids.extended
    light = np.exp(-0.5 * np.sum(grid.over_sampled.array**2, axis=1) / source_width**2)
    image = grid.over_sampler.binned_array_2d_from(light)
    return psf.convolved_extended_image_from(image, mask).array, dataset


@pytest.mark.parametrize("size", [4, 5])
def test_gaussian_light_through_a_gaussian_psf_is_a_wider_gaussian(size):
    width, source_width = 0.045, 0.08
    total = np.hypot(width, source_width)
    fine = aa.Convolver.from_gaussian((51, 51), SCALE / size, width, normalize=True)
    coarse = aa.Convolver.from_gaussian((11, 11), SCALE, width, normalize=True)

    found, dataset = blurred_gaussian_of(fine, source_width, over_sample_size_lp=24, over_sample_size_blurring=24)
    expected = gaussian_in_pixels(dataset.grids.lp, total) * (source_width / total) ** 2

    assert found == pytest.approx(expected, abs=1e-10)
    usual, of_coarse = (np.abs(blurred_gaussian_of(psf, source_width)[0] - expected).max() for psf in (fine, coarse))
    assert usual < 1e-3
    assert of_coarse > 10.0 * usual


def test_sub_pixels_are_shared_by_the_finer_pixels():
    sizes = np.where(np.arange(99).reshape(SHAPE) % 2, 4, 1)
    psf = aa.Convolver(np.ones((3, 3)), SCALE / 3)

    dataset = aa.Imaging(np.ones(SHAPE), np.ones(SHAPE), psf, pixel_scales=SCALE, over_sample_size_lp=sizes)
    sampler = dataset.grids.extended.over_sampler

    assert sampler.mask.pixel_scales == pytest.approx((SCALE / 3, SCALE / 3))
    native = np.zeros(sampler.mask.shape_native, dtype=int)
    native[~sampler.mask.array] = sampler.sub_size
    inner = native[1:-1, 1:-1].reshape(9, 3, 11, 3)
    assert np.all(inner == np.where(sizes == 4, 2, 1)[:, None, :, None])  # 3 x 2 are no fewer than 4
    assert dataset.grids.lp.mask == dataset.mask


def test_frame_for_every_pixel_is_the_extended_one_of_the_whole_frame():
    psf = aa.Convolver(RNG.random((5, 3)), SCALE / 2)
    grid = aa.Grid2D.uniform(SHAPE, SCALE, over_sample_size=4)

    padded = psf.padded_grid_from(grid)

    assert padded.mask == psf.state_from(grid.mask).extended_mask
    assert padded.over_sample_size == 2
    assert np.ptp(padded.array, axis=0) == pytest.approx((np.array(padded.shape_native) - 1) * SCALE / 2)
    assert padded.array.mean(axis=0) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize(("size", "shape", "reach"), [(1, (5, 3), (5, 3)), (3, (7, 9), (3, 5)), (4, (1, 11), (1, 5))])
def test_reach_is_counted_in_pixels_of_the_image(size, shape, reach):
    assert aa.Convolver(np.ones(shape), SCALE / size).shape_on(SCALE) == reach


@pytest.mark.parametrize("scales", [SCALE / 2.5, SCALE * 2.0, (SCALE / 2.0, SCALE / 3.0), SCALE / 40.0])
def test_scale_that_does_not_divide_the_pixel_is_an_error_with_both(scales):
    psf = aa.Convolver(np.ones((3, 3)), scales)

    with pytest.raises(exc.KernelException, match=r"PSF has pixel_scales=.*image has pixel_scales=\(0.06, 0.06\)"):
        aa.Imaging(np.ones(SHAPE), np.ones(SHAPE), psf, pixel_scales=SCALE)


def test_plain_psf_takes_its_scale_from_the_over_sample_size():
    kernel = RNG.random((5, 5))
    dataset = aa.Imaging(
        np.ones(SHAPE), np.ones(SHAPE), kernel, pixel_scales=SCALE, convolve_over_sample_size_lp=2
    ).apply_mask(mask_from("circle"))

    assert dataset.psf.pixel_scales == pytest.approx((SCALE / 2, SCALE / 2))
    assert aa.Convolver(kernel, SCALE, convolve_over_sample_size=2).pixel_scales == dataset.psf.pixel_scales
    with pytest.raises(exc.KernelException, match="convolve_over_sample_size_lp=3"):
        aa.Imaging(np.ones(SHAPE), np.ones(SHAPE), dataset.psf, pixel_scales=SCALE, convolve_over_sample_size_lp=3)
    with pytest.raises(exc.KernelException, match="convolve_over_sample_size=1.5"):
        aa.Convolver(kernel, SCALE, convolve_over_sample_size=1.5)


def test_image_on_the_pixels_of_the_data_cannot_be_blurred_by_a_finer_psf():
    psf, mask = aa.Convolver(np.ones((3, 3)), SCALE / 2), mask_from("all")

    with pytest.raises(exc.KernelException, match="wanted an image on the pixels of the PSF"):
        psf.convolved_image_from(aa.Array2D(np.ones(SHAPE), mask), None)


def test_scale_of_a_psf_file_is_read(tmp_path):
    psf = aa.Convolver.from_gaussian((7, 7), SCALE / 3, 0.03, normalize=True)
    dataset = aa.Imaging(np.ones(SHAPE), np.ones(SHAPE), psf, pixel_scales=SCALE)
    paths = [tmp_path / name for name in ("data.fits", "noise_map.fits", "psf.fits")]
    dataset.output_to_fits(*paths)

    read = aa.Imaging.from_fits(*paths, pixel_scales=SCALE, psf_pixel_scales=SCALE / 3)

    assert read.psf.static_key == dataset.psf.static_key
