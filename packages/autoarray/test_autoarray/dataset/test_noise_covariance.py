import numpy as np
import pytest
from scipy.stats import multivariate_normal

import autoarray as aa
from autoarray import exc
from autoarray.dataset import noise_covariance

RNG = np.random.default_rng(11)
SHAPE = (6, 5)
DATA, MODEL = RNG.normal(1.0, 0.3, SHAPE), RNG.uniform(0.5, 1.5, SHAPE)
ROOT = RNG.normal(0.0, 0.05, (30, 30)) + 0.2 * np.eye(30)
COVARIANCE = ROOT @ ROOT.T
MASK = aa.Mask2D.circular(SHAPE, radius=0.21, pixel_scales=0.1)
USED = ~MASK.array.ravel()


class FitOfImage(aa.FitImaging):
    """A fit whose model is given as numbers."""

    def __init__(self, dataset, native):
        super().__init__(dataset)
        self.model_data = aa.Array2D(native, dataset.mask)


def dataset_from(matrix=COVARIANCE, data=DATA, **kwargs) -> aa.Imaging:
    return aa.Imaging(data, pixel_scales=0.1, noise_covariance_matrix=matrix, **kwargs)


def expected_from(matrix: np.ndarray, used: np.ndarray) -> float:
    return multivariate_normal.logpdf(DATA.ravel()[used], MODEL.ravel()[used], matrix[np.ix_(used, used)])


def test_log_likelihood_is_that_of_a_multivariate_normal_distribution():
    fit = FitOfImage(dataset_from(), MODEL)

    assert fit.log_likelihood == pytest.approx(expected_from(COVARIANCE, USED | True), rel=1e-11)


def test_a_mask_takes_rows_and_columns_away():
    expected = expected_from(COVARIANCE, USED)
    masked_before = aa.Array2D(DATA, MASK)

    assert FitOfImage(dataset_from().apply_mask(MASK), MODEL).log_likelihood == pytest.approx(expected, rel=1e-11)
    for matrix in (COVARIANCE, COVARIANCE[np.ix_(USED, USED)]):
        fit = FitOfImage(aa.Imaging(masked_before, noise_covariance_matrix=matrix), MODEL)
        assert fit.log_likelihood == pytest.approx(expected, rel=1e-11)


def test_whitened_residuals_have_the_sum_of_squares_that_the_inverse_gives():
    fit = FitOfImage(dataset_from(), MODEL)
    residual = (DATA - MODEL).ravel()

    assert np.sum(fit.whitened_residuals**2) == pytest.approx(residual @ np.linalg.inv(COVARIANCE) @ residual)
    assert fit.chi_squared == pytest.approx(np.sum(fit.whitened_residuals**2), rel=1e-14)


def test_whitening_maps_the_columns_of_a_factor_to_unit_vectors():
    dataset = dataset_from()
    columns = np.linalg.cholesky(COVARIANCE).T  # one column of L in each row

    assert dataset.whitened_from(columns) == pytest.approx(np.eye(30), abs=1e-11)


def test_whitening_without_a_covariance_divides_by_the_noise():
    noise = RNG.uniform(0.1, 0.5, SHAPE)
    values = RNG.random((3, 30))

    dataset = aa.Imaging(DATA, noise, pixel_scales=0.1)

    assert dataset.whitened_from(values) == pytest.approx(values / noise.ravel(), rel=1e-15)
    assert dataset.noise_normalization == pytest.approx(np.sum(np.log(2.0 * np.pi * noise**2)), rel=1e-14)


def test_a_diagonal_covariance_is_the_noise_map():
    noise = RNG.uniform(0.1, 0.5, SHAPE)
    independent = FitOfImage(aa.Imaging(DATA, noise, pixel_scales=0.1), MODEL)

    fit = FitOfImage(dataset_from(np.diag(noise.ravel() ** 2)), MODEL)

    assert fit.log_likelihood == pytest.approx(independent.log_likelihood, rel=1e-13)
    assert fit.noise_map.array == pytest.approx(noise.ravel(), rel=1e-14)


def test_scaled_noise_leaves_the_others_their_distribution():
    scaled = dataset_from().apply_noise_scaling(MASK, noise_value=1e8)
    outer = multivariate_normal.logpdf(DATA.ravel()[~USED], MODEL.ravel()[~USED], COVARIANCE[np.ix_(~USED, ~USED)])

    fit = FitOfImage(scaled, MODEL)

    assert fit.log_likelihood + USED.sum() * np.log(1e8 * np.sqrt(2.0 * np.pi)) == pytest.approx(outer, rel=1e-6)


def _asymmetric() -> np.ndarray:
    matrix = COVARIANCE.copy()
    matrix[3, 7] *= 1.5
    return matrix


def _without_variance() -> np.ndarray:
    matrix = COVARIANCE.copy()
    matrix[4, 4] = 0.0
    return matrix


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.eye(7), r"shape \(7, 7\).*wanted real numbers of shape \(30, 30\)"),
        (np.eye(30) * 1j, "complex"),
        (np.where(np.eye(30) > 0.0, np.nan, 0.0), "30 values that are nan"),
        (_without_variance(), "1 variances on its diagonal"),
        (_asymmetric(), r"at \(3, 7\) and .* wanted a symmetric matrix"),
        (np.ones((30, 30)) + 1e-3 * np.eye(30) - 0.9 * np.fliplr(np.eye(30)), "not positive definite"),
    ],
)
def test_covariance_that_cannot_be_used_is_named(matrix, message):
    with pytest.raises(exc.DatasetException, match=message):
        dataset_from(matrix)


def test_noise_map_beside_a_covariance_agrees_with_it():
    with pytest.raises(exc.DatasetException, match="leave the noise_map out"):
        dataset_from(noise_map=np.full(SHAPE, 0.1))


def test_covariance_of_many_pixels_is_refused_with_its_memory(monkeypatch):
    monkeypatch.setattr(noise_covariance, "LARGEST_NUMBER_OF_PIXELS", 29)

    with pytest.raises(exc.DatasetException, match="30 pixels, which takes .* GB"):
        dataset_from()

    assert dataset_from(check_values=False).apply_mask(MASK).mask.pixels_in_mask == USED.sum()


def test_imaging_without_any_noise_is_an_error():
    with pytest.raises(exc.DatasetException, match="without a noise map"):
        aa.Imaging(DATA, pixel_scales=0.1)


def test_files_without_a_noise_map_are_read_with_a_covariance(tmp_path):
    dataset_from().output_to_fits(tmp_path / "data.fits")

    read = aa.Imaging.from_fits(tmp_path / "data.fits", pixel_scales=0.1, mask=MASK, noise_covariance_matrix=COVARIANCE)

    assert read.noise_map.array == pytest.approx(np.sqrt(np.diag(COVARIANCE))[USED], rel=1e-14)
    assert FitOfImage(read, MODEL).log_likelihood == pytest.approx(expected_from(COVARIANCE, USED), rel=1e-9)
