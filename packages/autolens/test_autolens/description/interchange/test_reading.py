"""Lenses of results folders: the best fit with its solved intensities, and its posterior in other parameters."""

from __future__ import annotations

import json

import numpy as np
import pytest

import autolens as al
from autolens.cli import demonstration
from autolens.description.interchange import coolest, posterior, reading
from autolens.description.interchange.converting import converted_from
from autolens.description.interchange.lens import Lens

TRUTH, SIMULATED = demonstration.truth_and_dataset_from(seed=1)


def test_most_likely_lens_of_a_fit_with_linear_light(tmp_path):
    bulge = TRUTH["lens"].light
    light = al.lp_linear.Sersic(bulge.centre, bulge.ell_comps, bulge.effective_radius, bulge.sersic_index)
    mass = al.Model(
        al.mp.Isothermal,
        centre=TRUTH["lens"].mass.centre,
        ell_comps=TRUTH["lens"].mass.ell_comps,
        einstein_radius=al.UniformPrior(1.3, 1.5),
    )
    lens = al.Model(al.Galaxy, redshift=0.5, light=light, mass=mass, shear=TRUTH["lens"].shear)
    model = al.Collection(galaxies=al.Collection(lens=lens, source=TRUTH["source"]))
    search = al.LevenbergMarquardt(n_starts=1, n_screen=4, agree=1, show_progress=False, output_path=tmp_path)
    search.judges = False
    search.check_over_sampling = False
    mask = al.Mask2D.circular(SIMULATED.shape_native, radius=1.8, pixel_scales=0.1)
    result = search.fit(model, al.AnalysisImaging(SIMULATED.apply_mask(mask)))

    found, kind = reading.lens_from(tmp_path)
    content = json.loads(converted_from(found, "coolest").text)

    assert kind == "result"
    assert found.pixel_scale == pytest.approx(0.1)
    assert found.galaxies["lens"].light.intensity == pytest.approx(TRUTH["lens"].light.intensity, rel=0.02)
    radius = result.samples.max_log_likelihood_vector[0]
    assert found.galaxies["lens"].mass.einstein_radius == radius
    assert content["mode"] == "MAP"
    sie = next(m for e in content["lensing_entities"] for m in e.get("mass_model", ()) if m["type"] == "SIE")
    f = np.hypot(*TRUTH["lens"].mass.ell_comps)
    q = (1.0 - f) / (1.0 + f)
    theta_e = sie["parameters"]["theta_E"]
    factor = np.sqrt(q) * 2.0 / (1.0 + q)
    assert theta_e["point_estimate"]["value"] == pytest.approx(radius * factor, rel=1e-12)
    sigma = result.samples.covariance[0, 0] ** 0.5 * factor
    stats = theta_e["posterior_stats"]
    assert stats["percentile_84th"] - stats["percentile_16th"] == pytest.approx(2.0 * sigma, rel=0.15)
    sersic = content["lensing_entities"][0]["light_model"][0]
    assert "posterior_stats" not in sersic["parameters"]["I_eff"]  # it was solved for at the best fit alone


def test_angles_near_their_limit_keep_their_width():
    random = np.random.default_rng(3)
    draws = []
    for angle in random.normal(0.5, 4.0, size=2000):  # degrees from the x-axis, 90 from the limit of COOLEST's phi
        ell_comps = al.convert.ell_comps_from(axis_ratio=0.7, angle=angle)
        draws.append({"lens": al.Galaxy(redshift=0.5, mass=al.mp.Isothermal(ell_comps=ell_comps))})
    lens = Lens(draws[0], draws=draws)

    statistics = posterior.statistics_from(lens, coolest.ROWS)["lens.mass", "SIE", 0]

    low, high = statistics["phi"]["percentile_16th"], statistics["phi"]["percentile_84th"]
    assert high - low == pytest.approx(8.0, rel=0.08)
    assert (statistics["phi"]["median"] - 0.5) % 180.0 == pytest.approx(90.0, abs=0.5)
    assert statistics["q"]["percentile_84th"] == pytest.approx(0.7)


def test_draws_have_the_weights_of_the_samples():
    model = al.Collection(galaxies=al.Collection(lens=al.Model(al.Galaxy, redshift=0.5, mass=al.mp.IsothermalSph)))
    model.galaxies.lens.mass.centre = (0.0, 0.0)
    radii = np.array([0.9, 1.0, 1.1])
    samples = al.Samples(model, radii[:, None], np.zeros(3), weights=np.array([0.2, 0.5, 0.3]))

    drawn = np.array([i.galaxies.lens.mass.einstein_radius for i in posterior.instances_from(samples)])

    shares = [np.mean(drawn == radius) for radius in radii]
    assert shares == pytest.approx([0.2, 0.5, 0.3], abs=2.0 / posterior.DRAWS)


def test_folders_that_are_no_results_are_named(tmp_path):
    with pytest.raises(al.exc.FileException, match="holds no result.json"):
        reading.lens_from(tmp_path)
    with pytest.raises(al.exc.FileException, match="There is no file"):
        reading.lens_from(tmp_path / "x.json")
