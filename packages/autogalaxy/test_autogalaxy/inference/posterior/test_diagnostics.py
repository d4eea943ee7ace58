"""Chain diagnostics against chains whose correlation is known."""

from __future__ import annotations

import numpy as np
import pytest

from autogalaxy.inference.posterior.diagnostics import effective_samples_from, r_hat_from


def chains(correlation: float, count: int = 2000, seed: int = 1) -> np.ndarray:
    """Four autoregressive chains of two parameters, unit Gaussian."""
    draws = np.random.default_rng(seed).normal(size=(4, count, 2))
    for i in range(1, count):
        draws[:, i] = correlation * draws[:, i - 1] + np.sqrt(1.0 - correlation**2) * draws[:, i]
    return draws


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9, -0.4])
def test_effective_samples_of_an_autoregressive_chain(correlation):
    found = effective_samples_from(chains(correlation))
    assert found == pytest.approx(8000 * (1.0 - correlation) / (1.0 + correlation), rel=0.15)


def test_r_hat_is_one_for_chains_that_agree():
    assert np.all(np.abs(r_hat_from(chains(0.3)) - 1.0) < 3e-3)


def test_r_hat_sees_a_chain_that_is_elsewhere_and_one_that_is_wider():
    moved, wider = chains(0.0), chains(0.0)
    moved[0, :, 1] += 1.0
    wider[0, :, 1] *= 4.0
    assert r_hat_from(moved)[0] < 1.01 < 1.05 < r_hat_from(moved)[1]
    assert r_hat_from(wider)[0] < 1.01 < 1.05 < r_hat_from(wider)[1]


def test_r_hat_sees_a_drift_within_the_chains():
    drifting = chains(0.0) + np.linspace(0.0, 2.0, 2000)[:, None]
    assert np.all(r_hat_from(drifting) > 1.05)


def test_only_ranks_count():
    draws = chains(0.5, count=400)
    assert r_hat_from(np.exp(3.0 * draws))[0] == pytest.approx(r_hat_from(draws)[0], abs=0.01)
    assert effective_samples_from(np.exp(3.0 * draws)) == pytest.approx(effective_samples_from(draws))


def test_chains_that_stand_still_are_worth_nothing():
    still = np.ones((4, 100, 1))
    assert effective_samples_from(still)[0] == 0.0 and np.isinf(r_hat_from(still)[0])
