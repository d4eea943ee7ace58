"""Bridge sampling against evidences in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_ndtr
from scipy.stats import multivariate_normal, truncnorm

from autoarray import exc
from autogalaxy.inference.posterior.bridge import bridge_evidence

SIZE = 10
FACTOR = np.linalg.cholesky(0.7 * np.ones((SIZE, SIZE)) + np.diag(np.linspace(0.3, 3.0, SIZE)))
LN_Z = -4321.0


def correlated_gaussian(seed: int, draws: int = 600, correlation: float = 0.0):
    """ln Z with its error; the proposal is wider, off-centre and knows no correlation."""
    rng = np.random.default_rng(seed)
    posterior = multivariate_normal(np.zeros(SIZE), FACTOR @ FACTOR.T)
    widths = 1.2 * np.sqrt(np.diag(FACTOR @ FACTOR.T))
    proposal = multivariate_normal(0.2 * widths, np.diag(widths**2))
    steps = rng.normal(size=(draws, SIZE))
    for i in range(1, draws):  # an autoregressive chain has this posterior
        steps[i] = correlation * steps[i - 1] + np.sqrt(1.0 - correlation**2) * steps[i]
    x, y = steps @ FACTOR.T, proposal.rvs(size=600, random_state=rng)
    effective = draws * (1.0 - correlation) / (1.0 + correlation)
    return bridge_evidence(posterior.logpdf(x) + LN_Z, proposal.logpdf(x), posterior.logpdf(y) + LN_Z,
                           proposal.logpdf(y), effective)  # fmt: skip


@pytest.mark.parametrize(("draws", "correlation"), [(600, 0.0), (1800, 0.5)])
def test_ln_z_of_a_correlated_gaussian_lies_within_its_errors(draws, correlation):
    found = [correlated_gaussian(seed, draws, correlation) for seed in range(100)]
    pulls = np.array([(ln_z - LN_Z) / error for ln_z, error, _ in found])
    assert 0.8 < np.sqrt(np.mean(pulls**2)) < 1.25
    assert abs(np.mean(pulls)) < 0.35
    assert all(0.01 < error < 0.2 and iterations < 200 for _, error, iterations in found)


def test_ln_z_of_a_gaussian_cut_at_an_edge_lies_within_its_errors():
    exact = log_ndtr(-1.5)  # the part of a unit Gaussian above 1.5
    pulls = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        x = truncnorm(1.5, np.inf).rvs(size=500, random_state=rng)
        y = 2.0 + 0.6 * rng.normal(size=500)
        density = lambda v: np.where(v > 1.5, -0.5 * v**2 - 0.5 * np.log(2.0 * np.pi), -np.inf)  # noqa: E731
        proposal = lambda v: -0.5 * ((v - 2.0) / 0.6) ** 2 - 0.5 * np.log(2.0 * np.pi * 0.36)  # noqa: E731
        ln_z, error, _ = bridge_evidence(density(x), proposal(x), density(y), proposal(y), 500)
        pulls.append((ln_z - exact) / error)
    assert 0.8 < np.sqrt(np.mean(np.square(pulls))) < 1.25
    assert abs(np.mean(pulls)) < 0.35


def test_a_proposal_that_is_the_posterior_leaves_no_error():
    ln_p = -0.5 * np.random.default_rng(1).normal(size=50) ** 2
    ln_z, error, _ = bridge_evidence(ln_p + 3.0, ln_p, ln_p + 3.0, ln_p, 50)
    assert ln_z == pytest.approx(3.0, abs=1e-9) and error < 1e-9


def test_bad_input_is_refused_with_what_is_wanted():
    ones = np.ones(3)
    with pytest.raises(exc.SearchException, match="3 densities and 1"):
        bridge_evidence(ones, np.ones(1), ones, ones, 3)
    with pytest.raises(exc.SearchException, match="not numbers"):
        bridge_evidence(ones, np.full(3, np.nan), ones, ones, 3)
    with pytest.raises(exc.SearchException, match="effective_draws=0"):
        bridge_evidence(ones, ones, ones, ones, 0)
    assert bridge_evidence(ones, ones, np.full(3, -np.inf), ones, 3)[:2] == (-np.inf, np.inf)
