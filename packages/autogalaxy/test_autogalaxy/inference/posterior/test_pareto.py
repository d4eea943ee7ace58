"""The shape of the tail of weights against distributions whose shape is known."""

import numpy as np
import pytest
from scipy.stats import genpareto

from autogalaxy.inference.posterior.pareto import pareto_k


@pytest.mark.parametrize("shape", [-0.3, 0.0, 0.3, 0.6, 1.0])
def test_shape_of_a_generalized_pareto_distribution_is_found(shape):
    found = [pareto_k(np.log(genpareto.rvs(shape, size=20_000, random_state=seed) + 1e-12)) for seed in range(10)]

    assert np.mean(found) == pytest.approx(shape, abs=0.06)


def test_importance_weights_of_gaussians_are_heavy_where_the_proposal_is_narrow():
    z = np.random.default_rng(1).normal(size=20_000)

    def log_weights(width):
        """Target N(0, width^2) over proposal N(0, 1): the tail has shape 1 - width^-2."""
        return 0.5 * z**2 - 0.5 * (z / width) ** 2

    assert pareto_k(log_weights(0.7)) < 0.1
    assert pareto_k(log_weights(2.0)) == pytest.approx(0.75, abs=0.15)


def test_too_few_weights_have_an_infinite_shape_and_equal_ones_no_tail():
    assert pareto_k(np.zeros(20)) == np.inf
    assert pareto_k(np.full(1000, -np.inf)) == np.inf
    assert pareto_k(np.zeros(1000)) == -np.inf
