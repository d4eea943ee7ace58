from itertools import chain, repeat

import numpy as np
import pytest

import autogalaxy as ag
from autogalaxy.analysis.precision import precision_error_of, worst_precision_error_of


def analysis_from(errors):
    """An analysis in mixed precision whose errors are given, as a function of the first parameter."""

    class Given(ag.AnalysisImaging):
        def _precision_error_function(self, model):
            return errors

        def _as_fitted(self, instance):
            return self.dataset, instance

    noise_map = ag.Array2D.no_mask(np.full((7, 7), 0.1), 0.1)
    analysis = Given(ag.Imaging(noise_map * 0.0, noise_map))
    analysis.precision = "mixed"
    return analysis


def model_from():
    light = ag.Model(ag.lp.GaussianSph, centre=(0.0, 0.0), sigma=0.2, intensity=ag.UniformPrior(0.1, 1.0))
    return ag.Collection(galaxies=ag.Collection(galaxy=ag.Model(ag.Galaxy, redshift=0.5, light=light)))


def test_error_is_one_sigma_and_half_the_square_of_the_difference():
    double = np.array([1.0, -2.0, 0.5])
    assert precision_error_of(double + [0.03, 0.0, -0.04], double) == pytest.approx(0.05 + 0.5 * 0.05**2)
    assert precision_error_of(double, double) == 0.0


def test_what_is_finite_in_double_precision_alone_is_infinitely_wrong():
    double = np.array([1.0, 2.0])
    assert precision_error_of(np.array([np.nan, 2.0]), double) == np.inf
    assert precision_error_of(np.array([np.inf, 2.0]), double) == np.inf
    assert precision_error_of(double, np.array([np.nan, 2.0])) is None


def test_draws_that_say_nothing_are_replaced():
    assert worst_precision_error_of([None, 0.1, None, 0.3, 0.2, 5.0], 3) == 0.3
    assert worst_precision_error_of(chain([0.1, np.inf], repeat(None)), 3) == np.inf
    with pytest.raises(ag.exc.FitException, match="none of 64 draws"):
        worst_precision_error_of(repeat(None), 3)


def test_mixed_precision_without_finite_residuals_is_refused():
    with pytest.raises(ag.exc.FitException, match="precision='double'"):
        analysis_from(lambda vector: np.inf).checks_before_search(model_from())


def test_error_at_the_best_fit_is_reported_and_named_where_it_is_too_large(capsys):
    # small at the medians and draws between the quartiles, large at the best fit, on a limit
    analysis = analysis_from(lambda vector: 0.01 if vector[0] > 0.2 else 0.4)
    search = ag.LevenbergMarquardt(n_starts=1, n_screen=1, check_over_sampling=False)

    info = search.fit(model_from(), analysis).search_info["precision"]

    assert info["error"] == 0.01
    assert info["at_best_fit"] == 0.4 and not info["holds"]
    assert "ln L to 0.4 at the best fit, NOT to 0.05" in capsys.readouterr().err
