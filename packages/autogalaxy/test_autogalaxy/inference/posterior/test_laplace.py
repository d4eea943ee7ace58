"""Modes and their Gaussians against linear algebra and closed forms."""

import numpy as np
import pytest

from autogalaxy.inference.posterior.density import LogDensity
from autogalaxy.inference.posterior.laplace import Mode, distinct, mode_at_maximum, modes_from
from autogalaxy.inference.samples import Samples


def test_the_mode_of_a_linear_model_is_exact(linear):
    model, analysis, mean, covariance, evidence = linear
    density = LogDensity(model, analysis)

    (mode,) = modes_from(density, model, analysis, [[1.0, 1.0, 1.0]])

    sigmas = np.array([1.5, 2.0, 1.0])
    assert density.coordinates.vector_from(mode.z) == pytest.approx(mean, abs=1e-4)
    assert mode.covariance * np.outer(sigmas, sigmas) == pytest.approx(covariance, rel=1e-4, abs=1e-9)
    assert mode.log_evidence == pytest.approx(evidence, abs=1e-5)


def test_the_mode_next_to_a_maximum_needs_one_evaluation(linear):
    model, analysis, _, covariance, evidence = linear
    of_data = np.linalg.inv(np.linalg.inv(covariance) - np.diag(np.array([1.5, 2.0, 1.0]) ** -2.0))
    best = np.linalg.lstsq(analysis.design, analysis.data, rcond=None)[0]
    density = LogDensity(model, analysis)

    mode = mode_at_maximum(density, Samples(model, [best], [0.0], covariance=of_data))

    assert mode.log_evidence == pytest.approx(evidence, abs=1e-6)
    assert density.evaluations == 1


def test_a_maximum_at_a_limit_has_no_quick_mode(linear):
    model, analysis, mean, covariance, _ = linear
    held = np.diag([1.0, 0.0, 1.0])

    assert mode_at_maximum(LogDensity(model, analysis), Samples(model, [mean], [0.0], covariance=held)) is None


def test_second_derivatives_of_a_likelihood_without_residuals(of):
    model, analysis = of(lambda x, y: -0.5 * ((x - 0.2) / 0.01) ** 2 - 0.5 * ((y - x) / 0.2) ** 2)
    density = LogDensity(model, analysis)

    (mode,) = modes_from(density, model, analysis, [[0.2, 0.2]])

    slope = np.sqrt(2.0 / np.pi) * np.exp(-0.5 * mode.z**2)  # of 2 Phi(z) - 1
    inner = np.array([[1e4 + 25.0, -25.0], [-25.0, 25.0]])
    hessian = inner * np.outer(slope, slope) + np.eye(2)
    assert mode.covariance == pytest.approx(np.linalg.inv(hessian), rel=2e-2)


def test_modes_are_kept_once_and_only_where_they_matter():
    def mode(z, log_density):
        return Mode(np.array([z]), np.array([[0.01]]), log_density, log_density)

    kept = distinct([mode(0.0, -3.0), mode(0.02, -3.001), mode(2.0, -5.0), mode(-2.0, -20.0)])

    assert [float(m.z[0]) for m in kept] == [0.0, 2.0]
