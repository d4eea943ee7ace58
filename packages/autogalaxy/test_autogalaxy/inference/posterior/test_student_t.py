"""Mixtures of Student t distributions against scipy's densities."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, multivariate_t

from autogalaxy.inference.posterior.student_t import SHARES, mixture_around

MEANS = np.array([[0.0, 1.0], [3.0, -2.0]])
COVARIANCES = np.array([[[1.0, 0.6], [0.6, 0.8]], [[0.3, 0.0], [0.0, 2.0]]])
WEIGHTS = np.array([3.0, 1.0])


def test_log_density_is_the_sum_of_scipys():
    z = np.random.default_rng(1).normal(0.0, 3.0, size=(50, 2))
    expected = np.zeros(len(z))
    for mean, covariance, weight in zip(MEANS, COVARIANCES, (0.75, 0.25), strict=True):
        for share, widening, freedom in SHARES:
            scale = widening**2 * covariance
            part = multivariate_normal(mean, scale) if np.isinf(freedom) else multivariate_t(mean, scale, df=freedom)
            expected += weight * share * part.pdf(z)

    assert mixture_around(MEANS, COVARIANCES, WEIGHTS).log_density(z) == pytest.approx(np.log(expected), rel=1e-12)


def test_draws_have_the_moments_of_the_mixture():
    z = mixture_around(MEANS[:1], COVARIANCES[:1], np.ones(1)).draw(200_000, np.random.default_rng(2))

    widening = sum(s * w**2 * (1.0 if np.isinf(f) else f / (f - 2.0)) for s, w, f in SHARES)
    assert z.mean(axis=0) == pytest.approx(MEANS[0], abs=0.02)
    assert np.cov(z, rowvar=False) == pytest.approx(widening * COVARIANCES[0], abs=0.06)


def test_weighted_sums_scatter_less_than_those_of_independent_draws():
    proposal = mixture_around(np.zeros((1, 5)), np.eye(5)[None], np.ones(1))
    target, means, draws = multivariate_normal(np.zeros(5)), [], 512
    for seed in range(60):
        z = proposal.draw(draws, np.random.default_rng(seed))
        weights = np.exp(target.logpdf(z) - proposal.log_density(z))
        means.append(weights @ z / weights.sum())

    effective = weights.sum() ** 2 / np.sum(weights**2)
    assert np.std(means) < 0.4 / np.sqrt(effective)
    assert abs(np.mean(means)) < 4.0 * np.std(means) / np.sqrt(np.size(means))


def test_components_have_their_share_to_within_one_draw():
    z = mixture_around(100.0 * MEANS, 1e-6 * COVARIANCES, WEIGHTS).draw(1000, np.random.default_rng(3))

    near = np.linalg.norm(z - 100.0 * MEANS[0], axis=1) < 50.0
    assert abs(int(near.sum()) - 750) <= 3  # of each of three parts


def test_a_mixture_beside_another_is_half_of_each():
    first, second = (mixture_around(MEANS[i : i + 1], COVARIANCES[i : i + 1], np.ones(1)) for i in (0, 1))
    z = np.random.default_rng(4).normal(size=(20, 2))

    both = np.logaddexp(first.log_density(z), second.log_density(z)) - np.log(2.0)
    assert first.beside(second).log_density(z) == pytest.approx(both, rel=1e-12)
