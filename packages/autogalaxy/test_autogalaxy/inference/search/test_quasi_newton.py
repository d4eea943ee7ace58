import numpy as np
import pytest

from autoarray import exc
from autoarray.parameter import GaussianPrior
from autogalaxy.inference import Collection, Model, QuasiNewton
from autogalaxy.inference.search.progress import Progress


def searching(**settings):
    return QuasiNewton(**{"n_screen": 32, "show_progress": False, **settings})


def test_a_gaussian_likelihood_gives_its_mean_and_covariance(points):
    result = searching().fit(points.model(), points.AnalysisOf(points.gaussian))

    assert result.samples.max_log_likelihood_vector == pytest.approx(points.MEAN, abs=1e-4)
    assert result.log_likelihood == pytest.approx(7.0, abs=1e-6)
    assert result.samples.covariance_matrix == pytest.approx(points.COVARIANCE, rel=1e-5)
    assert result.search_info["converged"] and result.search_info["starts_agreeing"] >= 3
    assert [optimum["starts"] for optimum in result.search_info["optima"]] == [result.search_info["starts_followed"]]


def test_a_curved_ridge_is_followed_to_its_end(points):
    """Second derivatives of Rosenbrock's function at (1, 1): [[401, -200], [-200, 100]]; their inverse is below."""
    result = searching().fit(points.model(), points.AnalysisOf(points.rosenbrock))

    assert result.samples.max_log_likelihood_vector == pytest.approx([1.0, 1.0], abs=2e-3)
    assert result.log_likelihood == pytest.approx(0.0, abs=1e-5)
    assert result.samples.covariance_matrix == pytest.approx(np.array([[1.0, 2.0], [2.0, 4.01]]), rel=1e-2)


def test_both_of_two_optima_are_listed(points):
    result = searching(agree=6).fit(points.model(), points.AnalysisOf(points.two_peaks))

    first, second = result.search_info["optima"]
    assert first["parameters"] == pytest.approx([-2.0, 1.0], abs=1e-3)
    assert second["parameters"] == pytest.approx([2.5, -1.0], abs=1e-3)
    assert [first["log_likelihood"], second["log_likelihood"]] == pytest.approx([3.0, 2.0], abs=1e-5)
    assert result.samples.log_likelihoods == pytest.approx([3.0, 2.0], abs=1e-5)
    assert result.samples.weights.tolist() == [1.0, 0.0]


def test_a_likelihood_that_leans_on_a_limit_is_followed_to_the_limit(points):
    result = searching().fit(points.model(), points.AnalysisOf(points.leaning))

    assert result.log_likelihood == pytest.approx(100.0, abs=2e-3)
    assert result.samples.max_log_likelihood_vector == pytest.approx([5.0, 1.0], abs=1e-4)
    assert result.search_info["parameters_at_limits"] == ["point.x"]
    assert result.samples.covariance_matrix == pytest.approx(np.diag([0.0, 0.01]), rel=1e-5)


def test_points_without_a_likelihood_shorten_the_step(points):
    result = searching().fit(points.model(), points.AnalysisOf(points.cut))

    assert result.samples.max_log_likelihood_vector == pytest.approx([0.9, 0.0], abs=1e-3)
    assert result.log_likelihood == pytest.approx(0.0, abs=1e-5)


def test_the_mode_of_the_density_is_that_of_likelihood_times_prior(points):
    """Prior N(0, 1), likelihood N(2, 0.5): the product peaks at 1.6 with the precision 1 + 4."""
    model = Collection(point=Model(points.Point, x=GaussianPrior(0.0, 1.0), y=0.0))
    analysis = points.AnalysisOf(lambda x, y: -0.5 * ((x - 2.0) / 0.5) ** 2)

    (optimum,) = searching().fit(model, analysis).search_info["optima"]

    assert optimum["mode"] == pytest.approx([1.6], abs=1e-4)
    assert optimum["mode_hessian"][0] == pytest.approx([5.0], rel=1e-6)
    assert optimum["mode_log_density"] == pytest.approx(-0.5 * (0.8**2 + 1.6**2 + np.log(2.0 * np.pi)), abs=1e-6)
    assert optimum["parameters"] == pytest.approx([2.0], abs=1e-3)


def test_an_interruption_keeps_the_best_and_a_second_call_goes_on(points):
    def interrupted(x, y):
        if analysis.calls > 280:
            raise KeyboardInterrupt
        return points.rosenbrock(x, y)

    analysis = points.AnalysisOf(interrupted)
    search = searching()
    search.checkpoint = points.MemoryCheckpoint()
    screened = np.max([points.rosenbrock(*row) for row in _draws(points)])
    with Progress("", show=False) as progress:
        samples, info = search._search(points.model(), analysis, progress)
        assert info["interrupted"] and info["starts_followed"] >= 1
        assert samples.max_log_likelihood > screened
        assert points.rosenbrock(*samples.max_log_likelihood_vector) == pytest.approx(samples.max_log_likelihood)

        again = points.AnalysisOf(points.rosenbrock)
        gradients_before = info["gradients"]
        samples, info = search._search(points.model(), again, progress)

    assert not info["interrupted"] and info["converged"]
    assert samples.max_log_likelihood == pytest.approx(0.0, abs=1e-5)
    assert info["starts_screened"] == 32
    assert info["gradients"] > gradients_before and 5 * (info["gradients"] - gradients_before) == again.calls


def _draws(points):
    """What is screened: normal numbers of the seed, through the distribution of the priors."""
    from scipy.special import ndtr

    return 10.0 * ndtr(np.random.default_rng(1).standard_normal((32, 2))) - 5.0


def test_a_finished_run_is_not_followed_again(points):
    search = searching()
    search.checkpoint = points.MemoryCheckpoint()
    first, second = (points.AnalysisOf(points.gaussian) for _ in range(2))
    with Progress("", show=False) as progress:
        before, _ = search._search(points.model(), first, progress)
        after, info = search._search(points.model(), second, progress)

    assert after.max_log_likelihood_vector == pytest.approx(before.max_log_likelihood_vector, abs=1e-6)
    assert info["starts_agreeing"] >= 3 and second.calls < 0.7 * first.calls


def test_given_vectors_are_followed_first(points):
    search = searching(initial_vectors=[[2.4, -1.1]], n_screen=0, n_starts=1, agree=1)

    result = search.fit(points.model(), points.AnalysisOf(points.two_peaks))

    assert result.samples.max_log_likelihood_vector == pytest.approx([2.5, -1.0], abs=1e-3)
    assert result.search_info["starts_screened"] == 1


def test_what_is_no_setting_and_no_likelihood_is_said(points):
    with pytest.raises(exc.SearchException, match=r"n_starts=0, but wants a whole number of at least 1"):
        QuasiNewton(n_starts=0)
    with pytest.raises(exc.SearchException, match=r"initial or candidate vectors of shape \(1, 3\)"):
        searching(initial_vectors=[[0.0, 0.0, 0.0]]).fit(points.model(), points.AnalysisOf(points.gaussian))
    with pytest.raises(exc.SearchException, match=r"finite likelihood for none of 1\d\d\d draws"):
        searching().fit(points.model(), points.AnalysisOf(lambda x, y: np.nan))
