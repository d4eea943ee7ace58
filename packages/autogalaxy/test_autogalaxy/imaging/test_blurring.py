"""What the PSF does to light: once to ordinary and point-like light, never to light that is convolved already."""

import numpy as np
import pytest

import autogalaxy as ag

RNG = np.random.default_rng(2)
SHAPE, SCALE = (13, 12), 0.1
MASK = ag.Mask2D.circular(SHAPE, radius=0.5, pixel_scales=SCALE, centre=(0.05, 0.0))


def dataset_from(kernel: np.ndarray, size: int = 1, **kwargs) -> ag.Imaging:
    ones = np.ones(SHAPE)
    psf = ag.Convolver(kernel, SCALE, convolve_over_sample_size=size, normalize=True)
    return ag.Imaging(ones, ones, psf, pixel_scales=SCALE, **kwargs).apply_mask(MASK)


def model_image_of(dataset: ag.Imaging, **light) -> np.ndarray:
    return ag.FitImaging(dataset, [ag.Galaxy(redshift=0.5, **light)]).model_data.native.array


@pytest.mark.parametrize("sizes", [1, 3, 4])
@pytest.mark.parametrize("size", [1, 3, 5])
def test_image_of_a_point_is_the_psf_in_pixels(size, sizes):
    kernel = RNG.random((5 * size, 3 * size))
    dataset = dataset_from(kernel, size, over_sample_size_lp=sizes)
    in_pixels = kernel.reshape(5, size, 3, size).sum(axis=(1, 3)) / kernel.sum()

    image = model_image_of(dataset, nucleus=ag.lp.PointSource(centre=(0.1, 0.05), intensity=2.0))

    expected = np.zeros(SHAPE)
    expected[3:8, 5:8] = 2.0 * in_pixels  # about row 5, column 6: the pixel at (0.1, 0.05)
    assert image == pytest.approx(np.where(MASK.array, 0.0, expected), abs=1e-14)


def test_light_of_a_point_between_finer_pixels_is_kept():
    kernel = np.outer(*[np.exp(-0.5 * (np.arange(9) - 4.0) ** 2 / 2.0)] * 2)
    dataset = dataset_from(kernel, 2)

    image = model_image_of(dataset, nucleus=ag.lp.PointSource(centre=(0.1, 0.05), intensity=2.0))

    assert image.sum() == pytest.approx(2.0, rel=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_operated_light_is_not_blurred(size):
    dataset = dataset_from(RNG.random((5, 7)), size)
    star = ag.lp_operated.Moffat(centre=(0.03, -0.04), ell_comps=(0.1, 0.05), alpha=0.2, beta=3.0)

    image = model_image_of(dataset, star=star)

    unblurred = ag.lp.Moffat(centre=(0.03, -0.04), ell_comps=(0.1, 0.05), alpha=0.2, beta=3.0)
    grid = ag.Grid2D.from_mask(MASK, over_sample_size=4)
    assert image[~MASK.array] == pytest.approx(unblurred.image_2d_from(grid).array, rel=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("method", ["extended", "fit"])
def test_operated_and_other_light_are_added_after_the_blurring(method, size):
    dataset = dataset_from(RNG.random((5, 7)), size)
    star, bulge = ag.lp_operated.Gaussian(sigma=0.2), ag.lp.Gaussian(sigma=0.2, intensity=0.7)

    def image_of(**light) -> np.ndarray:
        if method == "fit":
            return model_image_of(dataset, **light)[~MASK.array]
        galaxies = ag.Galaxies([ag.Galaxy(redshift=0.5, **light)])
        return galaxies.blurred_image_2d_via_extended_from(dataset.grids.extended, dataset.psf, MASK).array

    alone = image_of(star=star)
    coarse = star.image_2d_from(dataset.grids.lp).array

    assert image_of(star=star, bulge=bulge) == pytest.approx(alone + image_of(bulge=bulge), rel=1e-12)
    assert alone == pytest.approx(coarse, rel=2e-3)
    assert np.abs(image_of(bulge=bulge) - 0.7 * coarse).max() > 0.02


def test_gaussian_through_a_finer_gaussian_psf_is_a_wider_gaussian():
    width, sigma, size = 0.06, 0.15, 5
    psf = ag.Convolver.from_gaussian((41, 41), SCALE / size, width, normalize=True)
    ones, total = np.ones(SHAPE), np.hypot(0.06, 0.15)
    dataset = ag.Imaging(ones, ones, psf, pixel_scales=SCALE, over_sample_size_blurring=4).apply_mask(MASK)

    image = model_image_of(dataset, bulge=ag.lp.Gaussian(sigma=sigma, intensity=1.0))

    wider = ag.lp.Gaussian(sigma=total, intensity=(sigma / total) ** 2)
    fine = ag.Grid2D.from_mask(MASK, over_sample_size=16)
    assert image[~MASK.array] == pytest.approx(wider.image_2d_from(fine).array, rel=1e-5)


@pytest.mark.parametrize("size", [2, 3])
def test_simulated_dataset_is_fitted_by_its_own_model(size):
    psf = ag.Convolver.from_gaussian((9, 9), SCALE / size, 0.06, normalize=True)
    galaxy = ag.Galaxy(redshift=0.5, bulge=ag.lp.Sersic(intensity=1.0), nucleus=ag.lp.PointSource(intensity=3.0))
    simulator = ag.SimulatorImaging(100.0, 0.1, psf=psf, add_poisson_noise_to_data=False)

    dataset = simulator.via_galaxies_from([galaxy], ag.Grid2D.uniform(SHAPE, SCALE, over_sample_size=4))
    inner = ag.Mask2D.circular(SHAPE, radius=0.5, pixel_scales=SCALE)
    fit = ag.FitImaging(dataset.apply_mask(inner).apply_over_sampling(over_sample_size_blurring=4), [galaxy])

    assert fit.model_data.array == pytest.approx(fit.data.array, rel=1e-11)
