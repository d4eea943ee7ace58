"""Posteriors in closed form, calibrated and not, and the tests that tell them apart."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree
from autoarray.parameter import GaussianPrior, UniformPrior, parameter
from autogalaxy.inference import Model
from autogalaxy.inference.calibration import (
    Calibration,
    binomial_bounds,
    chi_squared_p_value,
    equal_draws_from,
    ranks_from,
)
from autogalaxy.inference.samples import Samples

PRIOR_WIDTHS, NOISE = np.array([1.0, 3.0]), np.array([0.5, 2.0])
DRAWS = 399


@dataclass(eq=False)
class Means(InstancePytree):
    a: float = parameter(0.0, unit="", prior=GaussianPrior(0.0, 1.0))
    b: float = parameter(0.0, unit="", prior=GaussianPrior(0.0, 3.0))


def gaussian_calibration(datasets=200, width=1.0, shift=0.0, seed=5):
    """One datum d = theta + noise with a Gaussian prior: the posterior is N(d w, w noise^2), w = 1 / (1 + (n/p)^2)."""
    rng = np.random.default_rng(seed)
    truths = PRIOR_WIDTHS * rng.standard_normal((datasets, 2))
    data = truths + NOISE * rng.standard_normal((datasets, 2))
    shrink = 1.0 / (1.0 + (NOISE / PRIOR_WIDTHS) ** 2)
    sigma = NOISE * np.sqrt(shrink)
    posteriors = [d * shrink + sigma * (shift + width * rng.standard_normal((DRAWS, 2))) for d in data]
    return Calibration.of(truths, posteriors, Model(Means))


def test_a_posterior_in_closed_form_is_calibrated():
    calibration = gaussian_calibration(datasets=400)

    assert calibration.failures() == []
    assert calibration.bins == 20
    assert calibration.widths() == pytest.approx(1.0, abs=4.0 / np.sqrt(2 * 400))
    assert np.all(np.abs(calibration.averaged_posterior()) < 4.0)
    assert np.all(np.abs(calibration.width_deviations()) < 4.0)


def test_calibrated_posteriors_fail_as_rarely_as_stated():
    of_five_kinds = [bool(gaussian_calibration(datasets=100, seed=seed).failures()) for seed in range(200)]

    assert sum(of_five_kinds) <= stats.binom.ppf(0.9999, 200, 6 * 0.01)


@pytest.mark.parametrize("seed", range(5))
def test_a_posterior_with_seven_tenths_of_the_width_fails(seed):
    calibration = gaussian_calibration(width=0.7, seed=seed)
    held = [
        1.0 - 2.0 * stats.norm.sf(0.7 * stats.norm.isf(0.16)),
        1.0 - 2.0 * stats.norm.sf(0.7 * stats.norm.isf(0.025)),
    ]

    failures = " ".join(calibration.failures())
    assert "68 % intervals" in failures and "95 % intervals" in failures and "not uniform" in failures
    assert calibration.combined_coverage(0.68)[0] == pytest.approx(held[0], abs=0.1)
    assert calibration.combined_coverage(0.95)[0] == pytest.approx(held[1], abs=0.07)
    assert calibration.widths() == pytest.approx(1.0 / 0.7, abs=0.25)


@pytest.mark.parametrize("seed", range(5))
def test_a_posterior_that_is_too_wide_or_shifted_fails(seed):
    assert any("intervals" in text for text in gaussian_calibration(width=1.5, seed=seed).failures())
    shifted = gaussian_calibration(shift=0.5, seed=seed)
    assert any("means of a are off" in text for text in shifted.failures())
    assert np.all(shifted.p_values() < 0.01)


def test_a_posterior_that_is_the_prior_fails_in_its_average_alone():
    """Ranks do not see a posterior that ignores the data; that its average is the prior is no news either."""
    rng = np.random.default_rng(2)
    truths = PRIOR_WIDTHS * rng.standard_normal((200, 2))
    calibration = Calibration.of(truths, list(PRIOR_WIDTHS * rng.standard_normal((200, DRAWS, 2))), Model(Means))
    assert calibration.failures() == []

    narrow = Calibration.of(truths, list(0.7 * PRIOR_WIDTHS * rng.standard_normal((200, DRAWS, 2))), Model(Means))
    assert np.all(narrow.averaged_posterior()[1] < -10.0)


def test_parameters_that_say_the_same_do_not_count_twice():
    once = gaussian_calibration(datasets=300)
    twice = Calibration(once.ranks[:, [0] * 8], once.scores[:, [0] * 8], once.units[:, :, [0] * 8], once.draws)

    _, error = twice.combined_coverage(0.68)
    assert error == pytest.approx(np.sqrt(0.68 * 0.32 / 300), rel=1e-9)
    _, error = once.combined_coverage(0.68)
    assert error == pytest.approx(np.sqrt(0.68 * 0.32 / 600), rel=0.2)


def test_ranks_count_draws_below():
    draws = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 5.0]])

    assert ranks_from(np.array([1.5, 1.0]), draws).tolist() == [2, 1]


def test_bins_hold_all_ranks_evenly():
    ranks = np.repeat(np.arange(400), 2)[:, None]
    calibration = Calibration(ranks, np.zeros((800, 1)), np.zeros((800, 2, 1)), 399)

    assert np.all(calibration.histogram() == 40)
    assert calibration.coverage(0.68) == pytest.approx([0.68]) and calibration.coverage(0.95) == pytest.approx([0.95])


def test_p_value_of_chi_squared_is_the_exponential_for_two_degrees_of_freedom():
    assert chi_squared_p_value(7.0, 2) == pytest.approx(np.exp(-3.5), rel=1e-12)
    assert chi_squared_p_value(30.0, 19) == pytest.approx(stats.chi2.sf(30.0, 19), rel=1e-10)


@pytest.mark.parametrize(("number", "share"), [(100, 0.05), (100, 0.68), (20, 0.95), (1000, 0.5)])
def test_binomial_bounds_are_quantiles(number, share):
    low, high = binomial_bounds(number, share, 0.99)

    assert (low, high) == (stats.binom.ppf(0.005, number, share), stats.binom.ppf(0.995, number, share))


def test_equal_draws_have_the_moments_of_weighted_samples():
    rng = np.random.default_rng(4)
    z = 2.0 * rng.standard_normal((40_000, 2))
    weights = np.exp(-0.5 * np.sum((z - 0.5) ** 2, axis=1) + 0.125 * np.sum(z**2, axis=1))  # N(0.5, 1) from N(0, 2)
    drawn = equal_draws_from(Samples(Model(Means), z, np.zeros(len(z)), weights=weights), 4000, rng)
    assert np.mean(drawn, axis=0) == pytest.approx(0.5, abs=0.08) and np.std(drawn, axis=0) == pytest.approx(
        1.0, abs=0.06
    )

    covariance = np.array([[0.04, 0.01], [0.01, 0.09]])
    gaussian = Samples(Model(Means), [[1.0, 2.0]], [0.0], covariance=covariance)
    drawn = equal_draws_from(gaussian, 4000, rng)
    assert np.mean(drawn, axis=0) == pytest.approx([1.0, 2.0], abs=0.02)
    assert np.cov(drawn.T) == pytest.approx(covariance, abs=0.008)


def test_moments_are_those_of_units_of_the_prior():
    @dataclass(eq=False)
    class Level(InstancePytree):
        a: float = parameter(0.0, unit="", prior=UniformPrior(2.0, 6.0))

    calibration = Calibration.of(np.array([[3.0]]), [np.array([[3.0], [5.0], [5.0]])], Model(Level))

    assert calibration.units[0, :, 0] == pytest.approx([(0.25 + 1.5) / 3.0, (0.0625 + 2.0 * 0.5625) / 3.0])
    assert calibration.names == ("a",)


def test_ranks_beyond_the_draws_are_refused():
    with pytest.raises(exc.SearchException, match="from 0 to draws=10"):
        Calibration(np.array([[11]]), np.zeros((1, 1)), np.zeros((1, 2, 1)), 10)
