"""Analyses of images whose noise is correlated between pixels."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

import autogalaxy as ag

SHAPE = (9, 8)
RNG = np.random.default_rng(6)
ROOT = RNG.normal(0.0, 0.02, (72, 72)) + 0.1 * np.eye(72)
COVARIANCE = ROOT @ ROOT.T
TRUTH = ag.lp.Gaussian(sigma=0.25, intensity=2.0)


def dataset_from() -> ag.Imaging:
    grid = ag.Grid2D.uniform(SHAPE, 0.1)
    data = TRUTH.image_2d_from(grid).array + np.linalg.cholesky(COVARIANCE) @ RNG.normal(size=72)
    return ag.Imaging(data.reshape(SHAPE), pixel_scales=0.1, noise_covariance_matrix=COVARIANCE)


def model_from(light) -> ag.Collection:
    return ag.Collection(galaxies=ag.Collection(galaxy=ag.Model(ag.Galaxy, redshift=0.5, bulge=light)))


def gaussian_from() -> ag.Model:
    light = ag.Model(ag.lp.Gaussian, centre=(0.0, 0.0), ell_comps=(0.0, 0.0), sigma=0.25)
    light.intensity = ag.UniformPrior(0.0, 5.0)
    return light


def test_residual_vector_and_offset_make_the_log_likelihood():
    dataset = dataset_from()
    analysis = ag.AnalysisImaging(dataset)
    instance = model_from(gaussian_from()).instance_from_vector([1.7])
    image = 0.85 * TRUTH.image_2d_from(dataset.grids.lp).array

    residuals = analysis.residual_vector_from(instance)

    expected = multivariate_normal.logpdf(dataset.data.array, image, COVARIANCE)
    assert -0.5 * residuals @ residuals + analysis.log_likelihood_offset == pytest.approx(expected, rel=1e-11)
    assert analysis.log_likelihood_function(instance) == pytest.approx(expected, rel=1e-11)


def test_linear_intensity_and_its_error_are_those_of_generalized_least_squares():
    dataset = dataset_from()
    column = 0.5 * TRUTH.image_2d_from(dataset.grids.lp).array
    inverse = np.linalg.inv(COVARIANCE)
    variance = 1.0 / (column @ inverse @ column)

    fit = ag.FitImaging(dataset, [ag.Galaxy(redshift=0.5, bulge=ag.lp_linear.Gaussian(sigma=0.25))])

    assert fit.inversion.reconstruction == pytest.approx(variance * column @ inverse @ dataset.data.array, rel=1e-10)
    assert fit.inversion.reconstruction_covariance == pytest.approx(np.array([[variance]]), rel=1e-10)


def test_least_squares_search_finds_the_generalized_solution():
    dataset = dataset_from()
    column = 0.5 * TRUTH.image_2d_from(dataset.grids.lp).array
    weights = np.linalg.inv(COVARIANCE) @ column
    expected, error = weights @ dataset.data.array / (weights @ column), (weights @ column) ** -0.5

    result = ag.LevenbergMarquardt(seed=1).fit(model_from(gaussian_from()), ag.AnalysisImaging(dataset))

    assert result.samples.max_log_likelihood_vector[0] == pytest.approx(expected, abs=1e-3 * error)
    assert result.samples.errors_at_sigma(1.0)[0] == pytest.approx((error, error), rel=0.02)
