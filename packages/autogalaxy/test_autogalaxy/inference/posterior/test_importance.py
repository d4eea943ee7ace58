"""Importance sampling: closed forms where it holds, and the numbers by which it is rejected where it does not."""

import numpy as np
import pytest

from autogalaxy.inference.posterior.density import LogDensity
from autogalaxy.inference.posterior.importance import (
    draws_from,
    importance_sample,
    judged_again,
    proposal_from,
    sample_along,
)
from autogalaxy.inference.posterior.laplace import Mode, modes_from


def test_posterior_and_evidence_of_a_linear_model(linear):
    model, analysis, mean, covariance, evidence = linear
    density = LogDensity(model, analysis)

    run = importance_sample(density, modes_from(density, model, analysis, [mean]), 2000, np.random.default_rng(1))

    vectors = density.coordinates.vector_from(run.draws.z)
    weights = run.draws.weights
    found = weights @ vectors
    widths = np.sqrt(weights @ (vectors - found) ** 2)
    assert run.accepted and run.draws.effective >= 2000
    assert found == pytest.approx(mean, abs=0.08 * float(np.sqrt(np.diag(covariance)).min()))
    assert widths == pytest.approx(np.sqrt(np.diag(covariance)), rel=0.05)
    assert abs(run.draws.log_evidence - evidence) < 4.0 * run.draws.log_evidence_error < 0.06


def test_the_evidence_of_evenly_spread_draws_scatters_less_than_its_error(linear):
    model, analysis, mean, _, evidence = linear
    density = LogDensity(model, analysis)
    modes = modes_from(density, model, analysis, [mean])

    runs = [importance_sample(density, modes, 100, np.random.default_rng(seed)).draws for seed in range(40)]

    pulls = [(run.log_evidence - evidence) / run.log_evidence_error for run in runs]
    assert abs(np.mean(pulls)) < 0.1 and 0.1 < np.std(pulls) < 0.5


def test_two_modes_have_their_shares(of):
    def log_likelihood(x, y):
        first = -0.5 * ((x + 0.5) ** 2 + y**2) / 0.05**2
        second = np.log(0.25) - 0.5 * ((x - 0.5) ** 2 + y**2) / 0.05**2
        return np.logaddexp(first, second)

    model, analysis = of(log_likelihood)
    density = LogDensity(model, analysis)
    modes = modes_from(density, model, analysis, [[-0.5, 0.0], [0.5, 0.0]])

    run = importance_sample(density, modes, 1000, np.random.default_rng(2))

    assert run.accepted
    assert run.draws.weights[run.draws.z[:, 0] > 0.0].sum() == pytest.approx(0.2, abs=0.03)
    assert run.draws.log_evidence == pytest.approx(np.log(1.25 * 2.0 * np.pi * 0.05**2 / 4.0), abs=0.05)


def test_a_posterior_at_the_edge_of_a_prior_is_whole(of):
    model, analysis = of(lambda x, y: -(x + 1.0) / 0.01 - 0.5 * (y / 0.1) ** 2)
    density = LogDensity(model, analysis)
    modes = modes_from(density, model, analysis, [[-0.99, 0.0]])

    run = importance_sample(density, modes, 1000, np.random.default_rng(3))

    x = density.coordinates.vector_from(run.draws.z)[:, 0]
    assert run.accepted
    assert run.draws.weights @ x == pytest.approx(-0.99, abs=0.001)  # an exponential of mean 0.01
    assert run.draws.log_evidence == pytest.approx(np.log(0.01 * 0.1 * np.sqrt(2.0 * np.pi) / 4.0), abs=0.05)


def test_a_curved_posterior_is_adapted_to_or_rejected_with_the_reason(of):
    model, analysis = of(lambda x, y: -0.5 * ((y - 8.0 * x**2) / 0.02) ** 2 - 0.5 * (x / 0.3) ** 2)
    density = LogDensity(model, analysis)
    mode = Mode(np.zeros(2), np.diag([0.02, 4e-4]), 0.0, 0.0)

    run = importance_sample(density, [mode], 500, np.random.default_rng(4))

    assert run.rejected and ("effective" in run.rejected[0] or "tail" in run.rejected[0])
    assert not run.accepted or run.draws.k < 0.5 and run.draws.efficiency > 0.1


def test_a_draw_above_the_maximum_is_told(of):
    model, analysis = of(lambda x, y: -0.5 * ((x - 0.3) ** 2 + y**2) / 0.05**2)
    density = LogDensity(model, analysis)
    wrong = Mode(np.zeros(2), 0.5 * np.eye(2), -18.0, -18.0)

    run = importance_sample(density, [wrong], 500, np.random.default_rng(5))

    assert not run.accepted and "above the maximum" in run.rejected[-1]
    assert density.coordinates.vector_from(run.higher) == pytest.approx([0.3, 0.0], abs=0.1)


def test_no_mode_has_less_than_a_fiftieth_of_the_draws():
    modes = [Mode(np.zeros(1), np.eye(1), 0.0, 0.0), Mode(np.ones(1), np.eye(1), -9.0, -9.0)]

    weights = proposal_from(modes).weights
    assert weights[1::2].sum() == pytest.approx(0.02 / 1.02)


def test_a_proposal_that_nearly_passed_is_judged_by_more_draws(of):
    model, analysis = of(lambda x, y: -0.5 * ((x / 0.05) ** 2 + (y / 0.05) ** 2))
    density = LogDensity(model, analysis)
    wide = Mode(np.zeros(2), 25.0 * 0.0039 * np.eye(2), 0.0, 0.0)  # a thousand draws are 4 to 6 % effective
    rng = np.random.default_rng(0)
    proposal = proposal_from([wide])
    draws = draws_from(density, proposal, 1000, rng)

    again = judged_again(density, proposal, draws, 100, rng)

    nearly = draws.k < 0.7 and draws.efficiency > 0.05
    assert len(again.z) == (4000 if nearly else 1000)
    assert again.log_evidence == pytest.approx(np.log(2.0 * np.pi * 0.05**2 / 4.0), abs=0.2)


def test_a_proposal_that_took_chains_to_learn_is_drawn_from_until_there_are_enough(linear):
    """One of 2.2 times the width in three directions has an efficiency of 0.2: 2,000 effective draws take 11,000."""
    model, analysis, mean, covariance, evidence = linear
    density = LogDensity(model, analysis)
    (mode,) = modes_from(density, model, analysis, [mean])
    wide = proposal_from([Mode(mode.z, 2.2**2 * mode.covariance, mode.log_density, mode.log_likelihood)])

    draws, why = sample_along(density, wide, 2000, np.random.default_rng(4))

    assert why is None and draws.effective >= 2000 and len(draws.z) > 7000
    assert abs(draws.log_evidence - evidence) < 4.0 * draws.log_evidence_error < 0.1


def test_the_error_of_a_width_is_its_scatter_and_asks_for_more_draws(of):
    """Half of the variance of x is in a twentieth of the probability."""

    def log_likelihood(x, y):
        narrow, wide = (np.log(share / s) - 0.5 * (x / s) ** 2 for share, s in ((0.95, 0.01), (0.05, 0.045)))
        return np.logaddexp(narrow, wide) - 0.5 * (y / 0.05) ** 2

    model, analysis = of(log_likelihood)
    density = LogDensity(model, analysis)
    modes = [Mode(np.zeros(2), np.diag([0.02, 0.06]) ** 2, float(log_likelihood(0.0, 0.0)), 0.0)]

    runs = [draws_from(density, proposal_from(modes), 1000, np.random.default_rng(seed)) for seed in range(40)]
    widths = [np.sqrt(run.weights @ (run.z[:, 0] - run.weights @ run.z[:, 0]) ** 2) for run in runs]

    scatter = np.std(widths) / np.mean(widths)
    assert 0.4 * np.mean([run.width_error for run in runs]) < scatter < 1.3 * np.mean([r.width_error for r in runs])
    whole = importance_sample(density, modes, 500, np.random.default_rng(1), max_adaptations=0)
    assert runs[0].effective > 500 and len(whole.draws.z) > 1200
    assert whole.accepted and whole.draws.width_error < 1.1 * 0.9 / np.sqrt(500)
