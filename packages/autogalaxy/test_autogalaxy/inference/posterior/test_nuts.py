"""What NUTS computes in NumPy: the covariance it learns, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

import autoarray as aa
from autoarray import exc
from autogalaxy.inference import Analysis, Collection, Samples
from autogalaxy.inference.posterior.density import LogDensity
from autogalaxy.inference.posterior.nuts import learnt_cholesky_from
from autogalaxy.inference.search.nuts import NUTS
from autogalaxy.inference.search.smc import SMC
from autogalaxy.inference.verdict_checks import verdict_from

RNG = np.random.default_rng(5)
FACTOR = np.linalg.cholesky(np.array([[4.0, 1.9, 0.0], [1.9, 1.0, 0.0], [0.0, 0.0, 1e-6]]))
DRAWS = RNG.normal(size=(400, 3)) @ FACTOR.T + 7.0


def test_a_covariance_that_fits_is_kept():
    assert learnt_cholesky_from(DRAWS, FACTOR) is None
    assert learnt_cholesky_from(DRAWS, 0.8 * FACTOR) is None


@pytest.mark.parametrize("wrong", [10.0 * FACTOR, 0.1 * FACTOR, np.diag([2.0, 1.0, 1e-2])])
def test_one_that_does_not_is_learnt_from_the_draws(wrong):
    learnt = learnt_cholesky_from(DRAWS, wrong)
    whitened = np.linalg.solve(learnt, FACTOR)
    before = np.linalg.solve(wrong, FACTOR)
    spread = lambda factor: np.ptp(np.log(np.linalg.svd(factor, compute_uv=False)))  # noqa: E731
    assert spread(whitened) < max(0.3 * spread(before), 0.3)
    assert np.all(np.abs(np.log(np.linalg.svd(whitened, compute_uv=False))) < 1.0)
    assert np.allclose(learnt, np.tril(learnt))


def test_few_draws_are_trusted_less_than_the_covariance_at_hand():
    few = 10.0 * RNG.normal(size=(12, 30))
    values = np.linalg.svd(learnt_cholesky_from(few, np.eye(30)), compute_uv=False)
    assert np.min(values) > 0.8 and np.max(values) < 30.0


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        (NUTS, {"n_chains": 1}, "n_chains=1, but wants a whole number of at least 2"),
        (NUTS, {"n_draw": 2.5}, "n_draw=2.5"),
        (NUTS, {"target_accept": 1.0}, "target_accept=1.0, but wants it between 0 and 1"),
        (SMC, {"n_particles": 1}, "n_particles=1"),
        (SMC, {"target_ess": 0.0}, "target_ess=0.0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(kind, settings, message):
    with pytest.raises(exc.SearchException, match=message):
        kind(**settings)


@pytest.mark.parametrize("kind", [NUTS, SMC])
def test_an_analysis_without_gradients_is_refused(kind):
    with pytest.raises(exc.BackendException, match=r"Build it for JAX: Analysis\(..., use_jax=True\)"):
        kind(show_progress=False)._search(None, Analysis(), None)


def test_the_other_optima_of_its_maximum_reach_the_verdict():
    model = Collection(a=aa.UniformPrior(0.0, 1.0), b=aa.UniformPrior(-1.0, 1.0))
    best = Samples(model, np.array([[0.5, 0.1], [0.9, -0.4]]), [10.0, 9.0], weights=[1.0, 0.0], covariance=np.eye(2))
    optima = [
        {"log_likelihood": value, "parameters": row.tolist(), "converged": True, "mode_hessian": [[1.0]]}
        for value, row in zip(best.log_likelihoods, best.parameters, strict=True)
    ]
    found = {"optima": optima, "flat_directions": 2, "parameters_at_limits": ["a"], "starts_agreeing": 3}

    info = NUTS()._info_from(None, None, found, best, LogDensity(model, Analysis()))
    draws = Samples(model, best.parameters[0] + 0.01 * RNG.normal(size=(400, 2)), np.zeros(400))
    findings = {finding.name: finding.grade for finding in verdict_from(info, draws, Analysis(), model).findings}

    assert findings["second_optimum"] == findings["flat_directions"] == findings["prior_edge"] == "check"
    assert not any("mode_hessian" in optimum for optimum in info["optima"])
