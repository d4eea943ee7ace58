import numpy as np
import pytest

import autogalaxy as ag
from autogalaxy.inference.known_analyses import analysis_from, stored_from

NOISE = 0.05


def galaxy():
    light = ag.lp.SersicSph(centre=(0.02, 0.01), intensity=4.0, effective_radius=0.3, sersic_index=1.5)
    return ag.Galaxy(redshift=0.5, light=light)


def image_of(sub_size):
    return galaxy().image_2d_from(ag.Grid2D.uniform((21, 21), 0.1, over_sample_size=sub_size)).native.array


def analysis_of(sub_size):
    """Noiseless data, fitted with ``sub_size``."""
    data, noise_map = image_of(32), np.full((21, 21), NOISE)
    return ag.AnalysisImaging(
        ag.Imaging(ag.Array2D.no_mask(data, 0.1), ag.Array2D.no_mask(noise_map, 0.1), over_sample_size_lp=sub_size)
    )


@pytest.fixture
def instance():
    return ag.ModelInstance({"galaxies": ag.ModelInstance({"galaxy": galaxy()})})


def test_over_sampling_is_checked_and_refined_for_each_dataset(instance):
    coarse, fine = analysis_of(2), analysis_of(24)
    combined = (coarse + fine).named("hst", "euclid")

    check = combined.over_sampling_check_from(instance)

    alone = coarse.over_sampling_check_from(instance), fine.over_sampling_check_from(instance)
    assert [one["holds"] for one in alone] == [False, True]
    assert check["holds"] is False
    assert check["delta_log_likelihood"] == pytest.approx(sum(one["delta_log_likelihood"] for one in alone))
    assert check["largest_change"] == max(one["largest_change"] for one in alone)
    assert check["summary"] == f"hst: {alone[0]['summary']}; euclid: {alone[1]['summary']}"
    # noiseless data: the likelihood of the truth is the normalization of the noise
    best = -0.5 * 2 * 21**2 * np.log(2.0 * np.pi * NOISE**2)
    assert combined.log_likelihood_function(instance) < best - 1.0
    assert combined.refined_for(instance).log_likelihood_function(instance) == pytest.approx(best, abs=0.5)


def test_fits_of_both_datasets_add_up(instance):
    fit = (analysis_of(4) + analysis_of(8)).fit_from(instance)

    residuals = [(image_of(32) - image_of(n)).ravel() / NOISE for n in (4, 8)]
    assert float(fit.chi_squared) == pytest.approx(sum(r @ r for r in residuals), rel=1e-6)
    assert [type(one) for one in fit] == [ag.FitImaging, ag.FitImaging]
    assert fit.figure_of_merit == fit.log_likelihood == fit[0].log_likelihood + fit["1"].log_likelihood


def test_stored_analysis_has_the_same_likelihood_and_writes_the_fit_of_each(instance, tmp_path):
    combined = (analysis_of(4) + analysis_of(8)).named("g", "r")

    back = analysis_from(*stored_from(combined))

    assert back.names == ("g", "r")
    assert back.log_likelihood_function(instance) == combined.log_likelihood_function(instance)
    figures = back.write_fit(instance, tmp_path)
    assert sorted(path.parent.name for path in tmp_path.rglob("fit.fits")) == ["g", "r"]
    total = sum(each["log_likelihood"] for each in figures.values())
    assert total == pytest.approx(float(combined.log_likelihood_function(instance)), rel=1e-12)
