import numpy as np
import pytest

import autogalaxy as ag
from autogalaxy.inference.search import refinement

TRUTH = {"intensity": 4.0, "effective_radius": 0.3}


def image_from(sub_size):
    grid = ag.Grid2D.uniform((21, 21), 0.1, over_sample_size=sub_size)
    return galaxy_from().image_2d_from(grid).native.array


def galaxy_from():
    return ag.Galaxy(
        redshift=0.5,
        light=ag.lp.SersicSph(centre=(0.02, 0.01), sersic_index=1.5, **TRUTH),
    )


def analysis_from(sub_size, noise=0.05):
    data, noise_map = image_from(32), np.full((21, 21), noise)
    return ag.AnalysisImaging(
        ag.Imaging(ag.Array2D.no_mask(data, 0.1), ag.Array2D.no_mask(noise_map, 0.1), over_sample_size_lp=sub_size)
    )


def model_from():
    light = ag.Model(ag.lp.SersicSph, centre=(0.02, 0.01), sersic_index=1.5)
    light.effective_radius = ag.UniformPrior(0.1, 1.0)
    light.intensity = ag.UniformPrior(0.1, 20.0)
    return ag.Collection(galaxies=ag.Collection(galaxy=ag.Model(ag.Galaxy, redshift=0.5, light=light)))


def errors_of(result):
    light = result.instance.galaxies.galaxy.light
    return np.array([abs(getattr(light, name) / value - 1.0) for name, value in TRUTH.items()])


def search(**options):
    return ag.LevenbergMarquardt(n_starts=2, n_screen=8, agree=1, show_progress=False, **options)


def test_a_fit_with_too_few_sub_pixels_goes_on_with_enough_and_finds_the_truth():
    biased = search(check_over_sampling=False).fit(model_from(), analysis_from(2))
    result = search().fit(model_from(), analysis_from(2))

    # noiseless data: the likelihood of the truth is the normalization of the noise
    best = -0.5 * 21**2 * np.log(2.0 * np.pi * 0.05**2)
    assert biased.log_likelihood < best - 1.0
    assert result.log_likelihood == pytest.approx(best, abs=0.5)
    assert np.all(errors_of(result) < 0.2 * errors_of(biased))
    check = result.search_info["over_sampling"]
    assert check["holds"] and check["refinements"] in (1, 2)
    assert np.asarray(result.analysis.dataset.over_sample_size_lp.array).max() >= 8
    assert result.search_info["log_likelihood"] == result.log_likelihood
    assert result.search_info["jacobians"] > biased.search_info["jacobians"]


def test_the_check_is_what_twice_the_sub_sizes_change():
    analysis, finer = (analysis_from(size, noise=40.0) for size in (2, 4))

    result = search().fit(model_from(), analysis)
    check = result.search_info["over_sampling"]

    instance = result.instance
    images = [a.fit_from(instance).model_data.array for a in (analysis, finer)]
    difference = finer.log_likelihood_function(instance) - analysis.log_likelihood_function(instance)
    assert check["delta_log_likelihood"] == pytest.approx(difference, rel=1e-6)
    assert check["largest_change"] == pytest.approx(np.abs(images[1] - images[0]).max() / 40.0, rel=1e-9)


def test_a_fit_with_enough_sub_pixels_is_left_as_it_is():
    analysis = analysis_from(16)

    result = search().fit(model_from(), analysis)

    assert result.search_info["over_sampling"]["refinements"] == 0
    assert result.analysis is analysis


def test_an_interruption_while_refined_keeps_what_was_found(monkeypatch):
    analysis = analysis_from(2)
    wanted = search(check_over_sampling=False).fit(model_from(), analysis)
    whole = ag.LevenbergMarquardt._search

    def interrupted(self, model, finer, progress):
        if finer is not analysis:
            raise KeyboardInterrupt
        return whole(self, model, finer, progress)

    monkeypatch.setattr(ag.LevenbergMarquardt, "_search", interrupted)
    result = search().fit(model_from(), analysis)

    assert result.analysis is analysis
    assert result.search_info["interrupted"]
    assert not result.search_info["over_sampling"]["holds"]
    assert result.log_likelihood == wanted.log_likelihood


def test_refinement_ends_when_the_check_never_holds(monkeypatch):
    analysis = analysis_from(2)
    calls = []

    def failing(self, instance):
        calls.append(1)
        return {"holds": False, "summary": "never"}

    monkeypatch.setattr(ag.AnalysisImaging, "over_sampling_check_from", failing)
    result = search().fit(model_from(), analysis)

    assert len(calls) == refinement.MAX_REFINEMENTS + 1
    assert result.search_info["over_sampling"]["refinements"] == refinement.MAX_REFINEMENTS


def test_other_optima_stay_known_as_far_below_the_best_as_they_were():
    first = {"optima": [{"log_likelihood": 10.0, "parameters": [1.0]}, {"log_likelihood": 7.0, "parameters": [2.0]}]}
    second = {"optima": [{"log_likelihood": 15.0, "parameters": [1.1]}]}

    optima = refinement._joined(first, second)["optima"]

    assert [(o["log_likelihood"], o["parameters"]) for o in optima] == [(15.0, [1.1]), (12.0, [2.0])]


def test_finer_sub_pixels_are_told_as_a_step_and_not_as_a_fault(capsys):
    said = refinement._going_on({"delta_log_likelihood": -0.27, "summary": "NOT fine enough: ..."})
    assert (
        said
        == "sub-pixels are refined for the best fit (twice as many change ln L by -0.27), the fit goes on from there"
    )

    ag.LevenbergMarquardt(n_starts=1, n_screen=1, agree=1).fit(model_from(), analysis_from(2))
    told = capsys.readouterr().err
    assert "sub-pixels are refined" in told and "NOT fine" not in told
