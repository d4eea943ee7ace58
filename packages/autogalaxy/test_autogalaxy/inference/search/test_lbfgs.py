import numpy as np
import pytest

from autoarray import exc
from autogalaxy.inference import LBFGS, QuasiNewton
from autogalaxy.inference.search.bfgs import Ascent
from autogalaxy.inference.search.gradient_run import Run


def searching(**settings):
    return LBFGS(**{"n_screen": 32, "show_progress": False, **settings})


def test_a_gaussian_likelihood_gives_its_mean_and_covariance(points):
    result = searching(n_starts=2).fit(points.model(), points.AnalysisOf(points.gaussian))

    assert result.samples.max_log_likelihood_vector == pytest.approx(points.MEAN, abs=1e-4)
    assert result.samples.covariance_matrix == pytest.approx(points.COVARIANCE, rel=1e-5)
    assert result.search_info["starts_agreeing"] == 2


def test_a_curved_ridge_is_followed_to_its_end(points):
    result = searching().fit(points.model(), points.AnalysisOf(points.rosenbrock))

    assert result.samples.max_log_likelihood_vector == pytest.approx([1.0, 1.0], abs=2e-3)
    assert result.search_info["converged"] and result.search_info["starts_agreeing"] == 4


def test_a_likelihood_that_leans_on_a_limit_is_followed_to_the_limit(points):
    result = searching().fit(points.model(), points.AnalysisOf(points.leaning))

    assert result.log_likelihood == pytest.approx(100.0, abs=2e-3)
    assert result.search_info["parameters_at_limits"] == ["point.x"]


def test_points_without_a_likelihood_shorten_the_step(points):
    result = searching().fit(points.model(), points.AnalysisOf(points.cut))

    assert result.samples.max_log_likelihood_vector == pytest.approx([0.9, 0.0], abs=1e-3)
    assert result.search_info["converged"]


def test_one_start_ends_in_the_optimum_it_is_nearest_to(points):
    search = searching(initial_vectors=[[2.4, -1.1]], n_screen=0, n_starts=1)

    result = search.fit(points.model(), points.AnalysisOf(points.two_peaks))

    assert result.samples.max_log_likelihood_vector == pytest.approx([2.5, -1.0], abs=1e-3)
    assert result.log_likelihood == pytest.approx(2.0, abs=1e-5)


def test_an_end_before_the_maximum_is_not_called_converged(points):
    search = searching(max_steps=3, initial_vectors=[[-3.0, 4.0]], n_screen=0)

    result = search.fit(points.model(), points.AnalysisOf(points.rosenbrock))

    assert result.log_likelihood < -1e-2
    assert not result.search_info["converged"] and result.search_info["starts_agreeing"] == 0


def test_an_interruption_keeps_the_best(points):
    def interrupted(x, y):
        if analysis.calls > 200:
            raise KeyboardInterrupt
        return points.rosenbrock(x, y)

    analysis = points.AnalysisOf(interrupted)
    result = searching(check_over_sampling=False).fit(points.model(), analysis)

    assert result.search_info["interrupted"]
    best = result.samples.max_log_likelihood_vector
    assert points.rosenbrock(*best) == pytest.approx(result.log_likelihood) and result.log_likelihood > -10.0


@pytest.mark.parametrize("search_class", [LBFGS, QuasiNewton])
def test_starts_of_equal_height_in_two_places_do_not_agree(points, search_class):
    def twins(x, y):
        return np.logaddexp(-0.5 * ((x - 1.5) / 0.1) ** 2, -0.5 * ((x + 1.5) / 0.1) ** 2) - 0.5 * (y / 0.2) ** 2

    given = [[1.4, 0.1], [1.6, -0.1], [-1.4, 0.1]]
    search = search_class(n_screen=0, n_starts=3, initial_vectors=given, show_progress=False)

    result = search.fit(points.model(), points.AnalysisOf(twins))

    at_best = 2 if result.samples.max_log_likelihood_vector[0] > 0.0 else 1
    assert result.search_info["starts_followed"] == 3 and result.search_info["starts_agreeing"] == at_best


@pytest.mark.parametrize("search_class", [LBFGS, QuasiNewton])
def test_a_likelihood_that_raises_for_some_draws_ends_no_search(points, search_class, capsys):
    def raising(x, y):
        if x > 2.0:
            raise ZeroDivisionError("x is too large")
        return points.gaussian(x, y)

    result = search_class(n_screen=32, n_starts=3).fit(points.model(), points.AnalysisOf(raising))

    assert result.samples.max_log_likelihood_vector == pytest.approx(points.MEAN, abs=1e-3)
    assert 5 < result.search_info["likelihood_raised"] < result.search_info["evaluations"]
    assert "likelihoods raised, the last one ZeroDivisionError: x is too large" in capsys.readouterr().err


@pytest.mark.parametrize("search_class", [LBFGS, QuasiNewton])
def test_a_likelihood_that_raises_for_all_draws_is_named(points, search_class):
    def raising(x, y):
        raise ZeroDivisionError("always")

    with pytest.raises(exc.SearchException, match="raised ZeroDivisionError: always") as caught:
        search_class(n_screen=32, show_progress=False).fit(points.model(), points.AnalysisOf(raising))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize("search_class", [LBFGS, QuasiNewton])
def test_a_start_that_raises_near_its_maximum_is_followed(points, search_class):
    def raising(x, y):
        if x > 1.01:
            raise ZeroDivisionError("x is too large")
        return points.gaussian(x, y)

    search = search_class(n_screen=0, initial_vectors=[[0.9, -1.9]], n_starts=1, show_progress=False)

    assert search.fit(points.model(), points.AnalysisOf(raising)).log_likelihood == pytest.approx(7.0, abs=0.05)


def test_a_run_that_goes_on_knows_the_slope_where_its_starts_ended(points):
    z = np.array([0.4, -0.6])  # (0.55..., -1.45...), two sigma and more from the mean
    ended = Ascent(z, log_likelihood=1.0, cost=-1.0, gradient=np.array([3.0, -4.0]), converged=True)
    run = Run(ended=[ended], screened=4)
    search = searching(n_starts=1)
    search.checkpoint = points.MemoryCheckpoint()
    search.checkpoint.save(**run.kept())

    result = search.fit(points.model(), points.AnalysisOf(points.gaussian))

    assert not result.search_info["converged"]
    assert Run.restored(search.checkpoint.load()).ended[0].gradient == pytest.approx([3.0, -4.0])


def test_a_count_that_is_none_is_said():
    with pytest.raises(exc.SearchException, match="max_steps=0, but wants a whole number of at least 1"):
        LBFGS(max_steps=0)
    with pytest.raises(exc.SearchException, match="agree_tolerance=-1.0, but wants a number above zero"):
        LBFGS(agree_tolerance=-1.0)
    assert np.isclose(LBFGS(agree_tolerance=0.2).agree_tolerance, 0.2)
