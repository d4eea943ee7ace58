import numpy as np
import pytest

import autoarray as aa
from autoarray import exc
from autoarray.dataset import preprocess

RNG = np.random.default_rng(4)
IMAGE = aa.Array2D.no_mask(RNG.uniform(0.5, 2.0, (7, 9)), 0.1)
TIMES = aa.Array2D.no_mask(RNG.uniform(100.0, 200.0, (7, 9)), 0.1)


def test_units_convert_there_and_back():
    counts = preprocess.array_eps_to_counts(IMAGE, TIMES)
    adus = preprocess.array_eps_to_adus(IMAGE, TIMES, gain=4.0)

    assert counts.array == pytest.approx(IMAGE.array * TIMES.array)
    assert adus.array == pytest.approx(counts.array / 4.0)
    assert preprocess.array_counts_to_eps(counts, TIMES).array == pytest.approx(IMAGE.array)
    assert preprocess.array_adus_to_eps(adus, TIMES, gain=4.0).array == pytest.approx(IMAGE.array)
    assert preprocess.array_counts_to_counts_per_second(counts, 2.0).array == pytest.approx(counts.array / 2.0)


def test_weights_are_inverse_variances():
    weights = aa.Array2D.no_mask([[4.0, 0.0], [0.25, 1.0]], 0.1)

    assert preprocess.noise_map_via_weight_map_from(weights).array == pytest.approx([0.5, 1e8, 2.0, 1.0])
    assert preprocess.noise_map_via_variance_map_from(weights).array == pytest.approx([2.0, 0.0, 0.5, 1.0])


def test_inverse_standard_deviations_are_inverted():
    assert preprocess.noise_map_via_inverse_standard_deviation_map_from(IMAGE).array == pytest.approx(1.0 / IMAGE.array)


def test_poisson_noise_map_is_the_scatter_of_poisson_draws():
    expected = np.std([RNG.poisson(IMAGE.array * TIMES.array) / TIMES.array for _ in range(4000)], axis=0)

    noise = preprocess.noise_map_via_data_eps_and_exposure_time_map_from(IMAGE, TIMES)

    assert noise.array == pytest.approx(expected, rel=0.06)


def test_background_noise_adds_in_quadrature():
    poisson = preprocess.noise_map_via_data_eps_and_exposure_time_map_from(IMAGE, TIMES).array

    noise = preprocess.noise_map_via_data_eps_exposure_time_map_and_background_noise_map_from(IMAGE, TIMES, 0.3)

    assert noise.array == pytest.approx(np.hypot(poisson, 0.3))


def test_signal_to_noise_limit_raises_the_noise_only_where_it_is_exceeded():
    data, noise = aa.Array2D.no_mask([[10.0, 1.0, -10.0]], 0.1), aa.Array2D.no_mask([[1.0, 1.0, 1.0]], 0.1)

    limited = preprocess.noise_map_with_signal_to_noise_limit_from(data, noise, signal_to_noise_limit=2.0)

    assert limited.array == pytest.approx([5.0, 1.0, 1.0])
    left_alone = aa.Mask2D([[True, True, True]], 0.1)
    kept = preprocess.noise_map_with_signal_to_noise_limit_from(data, noise, 2.0, noise_limit_mask=left_alone)
    assert kept.array == pytest.approx([1.0, 1.0, 1.0])


def test_edges_are_the_outer_rings():
    image = aa.Array2D.no_mask(np.arange(25.0).reshape(5, 5), 0.1)

    assert sorted(preprocess.edges_from(image, 1)) == sorted(set(range(25)) - {6, 7, 8, 11, 12, 13, 16, 17, 18})
    assert sorted(preprocess.edges_from(image, 2)) == sorted(set(range(25)) - {12})
    assert sorted(preprocess.edges_from(image, 3)) == list(range(25))
    with pytest.raises(exc.DatasetException, match="no_edges=4"):
        preprocess.edges_from(image, 4)


def test_sky_level_and_its_noise_are_those_of_the_edges():
    values = RNG.normal(0.7, 0.05, (200, 200))
    values[60:140, 60:140] += 100.0
    image = aa.Array2D.no_mask(values, 0.1)

    assert preprocess.background_sky_level_via_edges_from(image, 40) == pytest.approx(0.7, abs=0.002)
    assert preprocess.background_noise_map_via_edges_from(image, 40).array == pytest.approx(0.05, rel=0.02)


def test_exposure_time_grows_with_the_inverse_square_of_the_background_noise():
    noise = aa.Array2D.no_mask([[1.0, 2.0]], 0.1)

    times = preprocess.exposure_time_map_via_exposure_time_and_background_noise_map_from(400.0, noise)

    assert times.array == pytest.approx([400.0, 100.0])


def test_psf_made_odd_keeps_its_sum_and_centroid():
    values = RNG.random((4, 5))
    psf = aa.Array2D.no_mask(values, 0.1)

    odd = preprocess.psf_with_odd_dimensions_from(psf)

    def centroid(image):
        return (image.geometry.grid_scaled_from(image.mask.native_for_slim) * image.array[:, None]).sum(axis=0)

    assert odd.shape_native == (5, 5)
    assert odd.sum() == pytest.approx(values.sum())
    assert centroid(odd) == pytest.approx(centroid(psf))
    assert preprocess.odd_shape_from((4, 5)) == (5, 5)


def test_poisson_draws_have_the_mean_and_variance_of_their_counts():
    image = aa.Array2D.full(2.0, (200, 200), 0.1)

    noise = preprocess.poisson_noise_via_data_eps_from(image, 50.0, seed=1)

    assert noise.mean() == pytest.approx(0.0, abs=4.0 * 0.2 / 200.0)
    assert noise.array.std() == pytest.approx(np.sqrt(2.0 / 50.0), rel=0.02)


def test_gaussian_draws_have_their_sigma():
    noisy = preprocess.data_with_gaussian_noise_added(aa.Array2D.zeros((200, 200), 0.1), sigma=0.3, seed=1)

    assert noisy.array.std() == pytest.approx(0.3, rel=0.02)
    with pytest.raises(exc.DatasetException, match="sigma=-1"):
        preprocess.gaussian_noise_via_shape_and_sigma_from((3,), -1.0)


def test_same_seed_gives_the_same_draws_and_leaves_global_state_alone():
    before = np.random.get_state()[1].copy()

    draws = [preprocess.data_eps_with_poisson_noise_added(IMAGE, TIMES, seed=s).array for s in (7, 7, 8)]

    assert np.array_equal(draws[0], draws[1]) and not np.array_equal(draws[0], draws[2])
    assert np.array_equal(np.random.get_state()[1], before)


def test_negative_image_or_exposure_time_names_the_value():
    with pytest.raises(exc.DatasetException, match="-1.0"):
        preprocess.data_eps_with_poisson_noise_added(IMAGE * 0.0 - 1.0, 10.0)
    with pytest.raises(exc.DatasetException, match="exposure time of -5.0"):
        preprocess.array_eps_to_counts(IMAGE, -5.0)


def test_image_is_padded_about_its_centre():
    padded = preprocess.array_with_new_shape(IMAGE, (9, 11))

    assert padded.native.array[1:-1, 1:-1] == pytest.approx(IMAGE.native.array)
    assert padded.sum() == pytest.approx(IMAGE.sum())
