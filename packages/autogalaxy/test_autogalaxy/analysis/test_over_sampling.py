import numpy as np
import pytest
from scipy.special import erf

import autogalaxy as ag

PIXEL = 0.1
SIGMA = 0.12


def dataset_from(data, noise=0.01, psf=None, **sizes):
    noise_map = np.broadcast_to(noise, data.shape)
    return ag.Imaging(ag.Array2D.no_mask(data, PIXEL), ag.Array2D.no_mask(noise_map, PIXEL), psf=psf, **sizes)


def gaussian_from(shape, centre=(0.0, 0.0), sigma=SIGMA, intensity=1.0):
    """A round Gaussian, peak ``intensity``, integrated over pixels: the mean is a product of error functions."""

    def means(number, middle, sign):
        edges = sign * (np.arange(number + 1) - 0.5 * number) * PIXEL - middle
        return np.diff(sigma * np.sqrt(0.5 * np.pi) * erf(edges / (np.sqrt(2.0) * sigma))) / (sign * PIXEL)

    return intensity * np.outer(means(shape[0], centre[0], -1.0), means(shape[1], centre[1], 1.0))


def galaxy_from(centre=(0.0, 0.0), sigma=SIGMA, intensity=1.0):
    return ag.Galaxy(redshift=0.5, light=ag.lp.GaussianSph(centre=centre, sigma=sigma, intensity=intensity))


def image_of(dataset, galaxy):
    return ag.FitImaging(dataset, [galaxy]).model_data.native.array


@pytest.mark.parametrize("noise", [0.1, 0.01, 0.001])
def test_errors_against_the_integral_of_a_gaussian_are_within_their_bounds(noise):
    exact = gaussian_from((31, 33), centre=(0.03, -0.02))
    dataset = dataset_from(exact, noise=noise, over_sample_size_lp=1)
    galaxy = galaxy_from(centre=(0.03, -0.02))

    adapted, report = ag.adaptive_over_sampling_from(dataset, [galaxy])
    before, after = ((image_of(d, galaxy) - exact) / noise for d in (dataset, adapted))

    assert np.abs(before).max() > 0.1
    assert np.abs(after).max() <= 0.1
    assert np.sum(after**2) <= 1.0 / 9.0
    assert report.largest_errors["foreground"] == pytest.approx(np.abs(after).max(), rel=0.01)
    assert report.squared_error == pytest.approx(np.sum(after**2), rel=0.01)
    assert report.delta_log_likelihood == pytest.approx(-0.5 * np.sum(after**2), rel=0.02, abs=1e-4)


def test_small_errors_of_one_sign_are_not_left_to_add_up():
    # a point for each pixel is off by h^2 / 24 times the Laplacian: below 0.1 sigma everywhere, 0.4 in their squares
    exact = gaussian_from((61, 61), sigma=0.8)
    dataset = dataset_from(exact, noise=0.02, over_sample_size_lp=1)
    galaxy = galaxy_from(sigma=0.8)
    before = (image_of(dataset, galaxy) - exact) / 0.02
    assert np.abs(before).max() < 0.1 and np.sum(before**2) > 0.3

    adapted, _ = ag.adaptive_over_sampling_from(dataset, [galaxy])

    assert np.sum(((image_of(adapted, galaxy) - exact) / 0.02) ** 2) <= 1.0 / 9.0


def test_only_the_middle_of_a_steep_galaxy_has_many_sub_pixels():
    galaxy = ag.Galaxy(
        redshift=0.5, light=ag.lp.SersicSph(intensity=1.0, effective_radius=0.5, sersic_index=4.0, centre=(0.4, 0.2))
    )
    dataset = dataset_from(image_of(dataset_from(np.zeros((41, 41)), over_sample_size_lp=32), galaxy), noise=0.5)

    adapted, report = ag.adaptive_over_sampling_from(dataset, [galaxy])
    sizes = adapted.over_sample_size_lp.native.array
    y, x = np.moveaxis(adapted.grids.lp.array.reshape(41, 41, 2), -1, 0)
    distance = np.hypot(y - 0.4, x - 0.2)

    assert sizes[distance < 0.09].min() >= 8  # the one widened by a pixel each way
    assert sizes[distance > 1.0].max() <= 2
    assert report.sub_pixels < 0.2 * report.sub_pixels_before
    assert sum(report.sub_sizes["foreground"].values()) == 41**2
    assert report.sub_sizes["lensed"] == {1: 41**2}


def test_linear_light_is_resolved_as_bright_as_it_is():
    exact = gaussian_from((31, 31), intensity=40.0)
    psf = ag.Convolver.from_gaussian((5, 5), PIXEL, sigma=0.1, normalize=True)
    dataset = dataset_from(psf.convolved_image_from(ag.Array2D.no_mask(exact, PIXEL), None).native.array, psf=psf)
    linear = ag.Galaxy(redshift=0.5, light=ag.lp_linear.GaussianSph(sigma=SIGMA))

    adapted, _ = ag.adaptive_over_sampling_from(dataset, [linear])
    wanted, _ = ag.adaptive_over_sampling_from(dataset, [galaxy_from(intensity=40.0)])
    faint, _ = ag.adaptive_over_sampling_from(dataset, [galaxy_from(intensity=0.1)])

    assert np.array_equal(adapted.over_sample_size_lp.array, wanted.over_sample_size_lp.array)
    assert adapted.over_sample_size_lp.array.sum() > faint.over_sample_size_lp.array.sum()


def test_a_moved_frame_moves_the_map():
    galaxy = galaxy_from(sigma=0.05, intensity=20.0)
    dataset = dataset_from(np.zeros((21, 21)))

    moved = ag.DatasetModel(grid_offset=(0.5, -0.3))
    sizes, shifted = (
        ag.adaptive_over_sampling_from(dataset, [galaxy], dataset_model=model)[0].over_sample_size_lp.native.array
        for model in (None, moved)
    )

    # the model's frame has its origin at the offset: 0.5 arcsec up is 5 rows towards the top
    assert np.array_equal(shifted[2:14, 2:16], sizes[7:19, 5:19])
    assert sizes[10, 10] == shifted[5, 7] > 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"error": 0.0},
        {"error": np.nan},
        {"log_likelihood_error": -1.0},
        {"sub_sizes": (4, 2)},
        {"sub_sizes": (1.5, 2.0)},
        {"sub_sizes": ()},
        {"sub_sizes": (1, 128)},
        {"growth": -1},
        {"dataset": None},
        {"light": 1.0},
    ],
)
def test_bad_arguments_are_refused_with_what_is_wanted(wrong):
    given = {"dataset": dataset_from(np.zeros((5, 5))), "light": [galaxy_from()]} | wrong

    with pytest.raises(ag.exc.DatasetException, match="wanted"):
        ag.adaptive_over_sampling_from(**given)
