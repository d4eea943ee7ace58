import json

import numpy as np
import pytest

import autolens as al
from autolens.cli import demonstration

TRUTH, SIMULATED = demonstration.truth_and_dataset_from(seed=1)
MASK = al.Mask2D.circular(SIMULATED.shape_native, radius=1.6, pixel_scales=0.1)
POSITIONS = [al.PositionsLH([(1.4, 0.1), (-1.4, 0.0)], threshold=0.3, plane_redshift=1.0)]


def model_of(lens_light):
    mass = al.Model(
        al.mp.Isothermal,
        centre=TRUTH["lens"].mass.centre,
        ell_comps=TRUTH["lens"].mass.ell_comps,
        einstein_radius=al.UniformPrior(1.0, 2.0),
    )
    lens = al.Model(al.Galaxy, redshift=0.5, light=lens_light, mass=mass, shear=TRUTH["lens"].shear)
    return al.Collection(galaxies=al.Collection(lens=lens, source=TRUTH["source"]))


@pytest.fixture
def searching(tmp_path):
    search = al.LevenbergMarquardt(n_starts=1, n_screen=4, agree=1, show_progress=False, output_path=tmp_path)
    search.judges = False
    return search


@pytest.mark.parametrize("light", ["ordinary", "linear"])
def test_a_fit_with_refined_sub_pixels_comes_back_to_the_last_digit(searching, tmp_path, light):
    bulge = TRUTH["lens"].light
    if light == "linear":
        bulge = al.lp_linear.Sersic(bulge.centre, bulge.ell_comps, bulge.effective_radius, bulge.sersic_index)
    model = model_of(bulge)
    dataset = SIMULATED.apply_mask(MASK).apply_over_sampling(over_sample_size_lp=1)
    analysis = al.AnalysisImaging(dataset, positions_likelihood_list=POSITIONS)

    result = searching.fit(model, analysis)
    again, read = al.load_result(tmp_path), searching.fit(model, analysis)

    assert result.search_info["over_sampling"]["refinements"] == 1
    written = json.loads((tmp_path / "result.json").read_text())["fit"]["log_likelihood"]
    for other in (again, read):
        assert float(other.max_log_likelihood_fit.log_likelihood) == written
        sizes = other.analysis.dataset.over_sample_size_lp
        assert np.array_equal(sizes.array, result.analysis.dataset.over_sample_size_lp.array)
        (positions,) = other.analysis.positions_likelihood_list
        assert positions.positions.array.tolist() == [[1.4, 0.1], [-1.4, 0.0]]
        assert (positions.threshold, positions.plane_redshift) == (0.3, 1.0)
    mass = again.max_log_likelihood_tracer.galaxies[0].mass
    assert mass.einstein_radius == result.samples.max_log_likelihood_vector[0] == pytest.approx(1.4, abs=0.01)


def test_a_penalty_on_other_positions_is_another_fit(searching):
    model = model_of(TRUTH["lens"].light)
    dataset = SIMULATED.apply_mask(MASK)
    searching.check_over_sampling = False
    searching.fit(model, al.AnalysisImaging(dataset, positions_likelihood_list=POSITIONS))

    moved = [al.PositionsLH([(1.4, 0.1), (-1.4, 0.1)], threshold=0.3, plane_redshift=1.0)]
    with pytest.raises(al.exc.FileException, match=r"data \(at positions_likelihood_list\[0\].positions"):
        searching.fit(model, al.AnalysisImaging(dataset, positions_likelihood_list=moved))
