"""The default search on posteriors in closed form, with NumPy."""

import numpy as np
import pytest

from autoarray import exc
from autogalaxy.inference.posterior.curved import curved_from, following_from
from autogalaxy.inference.posterior.tiling import tiled_from
from autogalaxy.inference.search.auto import Auto


def test_maximum_posterior_evidence_and_method_of_a_linear_model(linear):
    model, analysis, mean, covariance, evidence = linear

    result = Auto(show_progress=False).fit(model, analysis)

    widths = np.sqrt(np.diag(covariance))
    assert result.search_info["sampling"]["method"] == "importance"
    assert result.search_info["effective_samples"] >= 2000
    assert result.samples.weights @ result.samples.parameters == pytest.approx(mean, abs=0.08 * widths.min())
    assert np.sqrt(np.diag(result.samples.covariance_matrix)) == pytest.approx(widths, rel=0.05)
    assert abs(result.search_info["log_evidence"] - evidence) < 4.0 * result.search_info["log_evidence_error"] < 0.1
    best = np.linalg.lstsq(analysis.design, analysis.data, rcond=None)[0]
    assert result.samples.max_log_likelihood_vector == pytest.approx(best, abs=1e-4)
    assert result.samples.weights[result.samples.max_log_likelihood_index] == 0.0


def test_the_maximum_alone_has_the_errors_of_its_gaussian(linear):
    model, analysis, _, covariance, _ = linear

    result = Auto(samplers=(), show_progress=False).fit(model, analysis)

    inverse = np.linalg.inv(covariance) - np.diag(np.array([1.5, 2.0, 1.0]) ** -2.0)
    assert "sampling" not in result.search_info
    assert result.samples.covariance == pytest.approx(np.linalg.inv(inverse), rel=1e-3, abs=1e-9)


def test_a_likelihood_without_residuals_and_with_two_peaks(of):
    def log_likelihood(x, y):
        first = -0.5 * ((x + 0.5) ** 2 + y**2) / 0.05**2
        second = np.log(0.5) - 0.5 * ((x - 0.5) ** 2 + (y - 0.1) ** 2) / 0.05**2
        return np.logaddexp(first, second)

    model, analysis = of(log_likelihood)

    result = Auto(show_progress=False).fit(model, analysis)

    x = result.samples.parameters[:, 0]
    assert result.search_info["sampling"]["method"] == "importance"
    assert result.search_info["sampling"]["efficiency"] > 0.5
    assert result.search_info["sampling"]["modes"] == 2
    assert result.samples.weights[x > 0.0].sum() == pytest.approx(1.0 / 3.0, abs=0.03)
    assert result.search_info["log_evidence"] == pytest.approx(np.log(1.5 * 2.0 * np.pi * 0.05**2 / 4.0), abs=0.05)
    assert all("mode_hessian" not in optimum for optimum in result.search_info["optima"])


def test_where_importance_sampling_fails_without_gradients_the_gaussian_is_returned_and_said_so(of):
    def ring(x, y):
        return -0.5 * ((np.sqrt(x**2 + y**2) - 0.5) / 0.005) ** 2

    model, analysis = of(ring)

    result = Auto(samplers=("importance", "nuts"), show_progress=False).fit(model, analysis)

    sampling = result.search_info["sampling"]
    assert not sampling["accepted"] and sampling["method"] == "laplace"
    assert any("importance sampling" in why for why in sampling["rejected"])
    assert any("use_jax=True" in why for why in sampling["rejected"])
    assert result.search_info["log_evidence"] is None
    assert result.verdict.grade != "good"


def test_a_time_limit_leaves_out_what_takes_long_and_makes_no_other_fit(of, tmp_path):
    def ring(x, y):
        return -0.5 * ((np.sqrt(x**2 + y**2) - 0.5) / 0.005) ** 2

    model, analysis = of(ring)
    settings = {"samplers": ("importance", "nautilus"), "show_progress": False, "output_path": tmp_path / "fit"}

    ended = Auto(time_limit=1e-6, **settings).fit(model, analysis)
    again = Auto(time_limit=2e-6, **settings).fit(model, analysis)  # the same folder

    assert ended.search_info["sampling"]["rejected"][-1] == "Nautilus: not begun, as the time limit was reached"
    assert ended.search_info["time_limit_reached"] == 1e-6 and not ended.is_finished
    assert any("time limit of 1e-06 s" in reason for reason in ended.verdict.reasons)
    assert again.search_info["time_limit_reached"] == 2e-6
    assert np.array_equal(again.samples.parameters, ended.samples.parameters)


def test_a_time_limit_is_not_what_ends_a_search_that_has_no_sampler_left(of):
    model, analysis = of(lambda x, y: -0.5 * ((np.sqrt(x**2 + y**2) - 0.5) / 0.005) ** 2)

    result = Auto(samplers=("importance", "nuts"), time_limit=1e-6, show_progress=False).fit(model, analysis)

    assert result.is_finished and "use_jax=True" in result.search_info["sampling"]["rejected"][-1]


def test_a_time_limit_changes_nothing_where_nothing_takes_long(linear):
    model, analysis, *_ = linear

    limited, free = (Auto(time_limit=t, show_progress=False).fit(model, analysis) for t in (1e-6, None))

    assert limited.is_finished and limited.search_info["sampling"]["accepted"]
    assert np.array_equal(limited.samples.parameters, free.samples.parameters)


@pytest.mark.parametrize(
    "settings",
    [
        {"n_effective": 10}, {"n_effective": 0.5}, {"samplers": ("metropolis",)},
        {"time_limit": 0.0}, {"time_limit": float("nan")}, {"time_limit": float("inf")},
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(exc.SearchException, match="Auto got"):
        Auto(**settings)


def test_a_mixture_that_follows_curved_draws_is_a_better_proposal_than_their_gaussian():
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(2000, 4))
    draws[:, 1] += 2.0 * (draws[:, 0] ** 2 - 1.0)

    mixture = tiled_from(draws, rng)

    z = mixture.draw(4000, rng)
    straight = z.copy()
    straight[:, 1] -= 2.0 * (z[:, 0] ** 2 - 1.0)
    log_weights = -0.5 * np.sum(straight**2, axis=1) - 2.0 * np.log(2.0 * np.pi) - mixture.log_density(z)
    weights = np.exp(log_weights)
    assert weights.mean() == pytest.approx(1.0, abs=0.05)
    assert weights.sum() ** 2 / np.sum(weights**2) > 0.25 * len(z)  # a single Gaussian has 0.1 of them
    assert tiled_from(draws[:10], rng) is None


def test_a_curved_proposal_is_normalized_and_has_the_density_of_its_draws():
    rng = np.random.default_rng(2)
    draws = rng.normal(size=(3000, 3)) * [1.0, 0.2, 0.1]
    draws[:, 1] += 0.6 * draws[:, 0] ** 2

    proposal = curved_from(draws, 1, rng)

    box = np.array([12.0, 25.0, 5.0])  # half sides
    z = box * rng.uniform(-1.0, 1.0, size=(400_000, 3))
    assert np.mean(np.exp(proposal.log_density(z))) * np.prod(2.0 * box) == pytest.approx(1.0, abs=0.1)
    own = proposal.draw(4000, rng)
    bend = np.polyfit(own[:, 0][np.abs(own[:, 0]) < 2.0], own[:, 1][np.abs(own[:, 0]) < 2.0], 2)
    assert bend[0] == pytest.approx(0.8 * 0.6, abs=0.06)  # a fifth of the draws is straight
    target = -0.5 * (own[:, 0] ** 2 + ((own[:, 1] - 0.6 * own[:, 0] ** 2) / 0.2) ** 2 + (own[:, 2] / 0.1) ** 2)
    weights = np.exp(target - proposal.log_density(own) - 1.5 * np.log(2.0 * np.pi) - np.log(0.02))
    assert weights.mean() == pytest.approx(1.0, abs=0.05)
    assert weights.sum() ** 2 / np.sum(weights**2) > 0.4 * len(own)
    chosen = following_from(draws, rng)
    assert np.mean(chosen.log_density(draws)) >= np.mean(tiled_from(draws[::2], rng).log_density(draws)) - 0.1


def test_an_edge_of_a_prior_is_told_from_two_peaks_inside_it(of):
    def edges_of(function):
        findings = Auto(show_progress=False).fit(*of(function)).verdict.findings
        return [f.text for f in findings if f.name == "prior_edge" and f.grade != "good"]

    inside = edges_of(lambda x, y: np.logaddexp(-200.0 * (x - 0.5) ** 2, -200.0 * (x + 0.5) ** 2) - 200.0 * y**2)
    leaning = edges_of(lambda x, y: -200.0 * (x - 1.0) ** 2 - 200.0 * y**2)

    assert inside == []
    assert len(leaning) == 1 and leaning[0].startswith("x = ") and "upper limit 1" in leaning[0]
