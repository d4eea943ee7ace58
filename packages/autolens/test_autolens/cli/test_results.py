import json
from types import SimpleNamespace

import numpy as np
import pytest
from astropy.io import fits

import autolens as al
from autogalaxy.inference.search.auto import Auto
from autolens.cli import demonstration, job, report, results
from autolens.cli.job import Settings
from autolens.lens.parameter_names import short_name_of

TRUTH, SIMULATED = demonstration.truth_and_dataset_from(seed=1)
MASK = al.Mask2D.circular(SIMULATED.shape_native, radius=2.0, pixel_scales=0.1)


@pytest.fixture
def result():
    """A result of the demo's dataset at the truth, with two free parameters."""
    mass = al.Model(
        al.mp.Isothermal,
        centre=TRUTH["lens"].mass.centre,
        ell_comps=TRUTH["lens"].mass.ell_comps,
        einstein_radius=al.UniformPrior(1.0, 2.0),
    )
    shear = al.Model(al.mp.ExternalShear, gamma_1=0.03, gamma_2=al.UniformPrior(-0.1, 0.1))
    lens = al.Model(al.Galaxy, redshift=0.5, light=TRUTH["lens"].light, mass=mass, shear=shear)
    model = al.Collection(galaxies=al.Collection(lens=lens, source=TRUTH["source"]))
    analysis = al.AnalysisImaging(SIMULATED.apply_mask(MASK))
    samples = al.Samples(model, np.array([(1.4, -0.04)]), np.array([0.0]), covariance=np.diag((0.01, 0.02)) ** 2)
    return analysis.make_result(samples, None)


def test_intensities_that_were_solved_for_are_written_by_name(tmp_path):
    light = {"centre": TRUTH["lens"].light.centre, "ell_comps": TRUTH["lens"].light.ell_comps}
    bulge = al.lp_linear.Sersic(
        **light,
        effective_radius=TRUTH["lens"].light.effective_radius,
        sersic_index=TRUTH["lens"].light.sersic_index,
    )
    halo = al.lp_basis.Basis([al.lp_linear.Gaussian(sigma=sigma) for sigma in (5.0, 9.0)])
    mass = al.Model(
        al.mp.Isothermal,
        centre=TRUTH["lens"].mass.centre,
        ell_comps=TRUTH["lens"].mass.ell_comps,
        einstein_radius=al.UniformPrior(1.0, 2.0),
    )
    lens = al.Model(al.Galaxy, redshift=0.5, bulge=bulge, halo=halo, mass=mass, shear=TRUTH["lens"].shear)
    model = al.Collection(galaxies=al.Collection(lens=lens, source=TRUTH["source"]))
    analysis = al.AnalysisImaging(SIMULATED.apply_mask(MASK))
    samples = al.Samples(model, np.array([(1.4,)]), np.array([0.0]), covariance=np.eye(1) * 0.01)

    found = analysis.make_result(samples, None)
    results.add_linear_light(found)
    found.write(tmp_path)

    written = json.loads((tmp_path / "result.json").read_text())["search"]["linear_light"]["intensities"]
    assert set(written) == {"lens.bulge", "lens.halo"}
    assert written["lens.bulge"] == [pytest.approx(TRUTH["lens"].light.intensity, rel=0.05)]
    assert len(written["lens.halo"]) == 2
    with fits.open(tmp_path / "fit.fits") as hdus:
        assert float(np.sum(hdus["SOURCE"].data)) > 10.0


def test_noise_of_the_demo_is_that_of_its_noise_map():
    fit = al.FitImaging(SIMULATED, al.Tracer(TRUTH.values()))
    assert float(fit.reduced_chi_squared) == pytest.approx(1.0, abs=3.0 * np.sqrt(2.0 / 10_000))


def test_seed_changes_the_noise_and_nothing_else():
    _, other = demonstration.truth_and_dataset_from(seed=2)
    assert other.noise_map.array == pytest.approx(SIMULATED.noise_map.array)
    assert np.any(other.data.array != SIMULATED.data.array)


def test_results_folder_holds_model_samples_images_and_picture(result, tmp_path):
    result.write(tmp_path)
    results.draw(result, tmp_path, title="At the truth")

    assert {
        "analysis.json",
        "corner.png",
        "dataset.npz",
        "fit.fits",
        "model.json",
        "result.json",
        "samples.csv",
        "samples.npz",
        "subplot_fit.png",
    } == {file.name for file in tmp_path.iterdir()}
    with fits.open(tmp_path / "fit.fits") as hdus:
        images = {hdu.name: hdu.data for hdu in hdus}
    inside = ~MASK.array[::-1]
    assert images["DATA"] - images["MODEL"] == pytest.approx(images["RESIDUAL"])
    assert images["LENS_LIGHT"] + images["SOURCE"] == pytest.approx(images["MODEL"])
    assert np.sum(images["NORMALIZED_RESIDUAL"][inside] ** 2) == pytest.approx(inside.sum(), rel=0.1)
    assert np.all(images["DATA"][~inside] == 0.0)
    found = json.loads((tmp_path / "result.json").read_text())["parameters"]["galaxies.lens.mass.einstein_radius"]
    assert found["max_log_likelihood"] == 1.4
    assert found["upper_error"] == pytest.approx(0.01)


@pytest.fixture
def job_of_one_step(monkeypatch, result):
    """``job.run_fit`` with a search that ends at once; returns how often it searched."""
    searched = []

    def search_at_once(self, model, analysis, progress):
        searched.append(model)
        self.info = {"interrupted": False}
        vector = model.physical_values_from_prior_medians
        return al.Samples(model, [vector], [-1.0], covariance=1e-6 * np.eye(len(vector))), analysis

    monkeypatch.setattr(Auto, "_searched", search_at_once)
    monkeypatch.setattr(job, "model_from", lambda *_: result.original_model)
    monkeypatch.setattr(job.report, "print_start", lambda *_: None)
    monkeypatch.setattr(job.report, "print_end", lambda *_: None)
    monkeypatch.setattr(job.report, "print_facts", lambda *_: None)

    def run(folder):
        settings = Settings("x", 1, use_jax=False, output=folder, search="maximum", arguments=("fit", "my lens"))
        facts = SimpleNamespace(redshift_lens=0.5, redshift_source=1.0, assumed=[])
        correlations = np.full((3, 3), 0.3)
        noise = al.preprocess.NoiseCorrelation(correlations, scatter=1.0, pixels=10_000)
        job.run_fit(SIMULATED.apply_mask(MASK), job.LensModel(), facts, (0.0, 0.0), settings, noise)
        return len(searched)

    return run


def test_a_finished_fit_is_whole_before_anything_is_drawn(job_of_one_step, monkeypatch, tmp_path):
    def killed(*_, **__):
        raise SystemExit(137)

    monkeypatch.setattr(results, "draw", killed)
    with pytest.raises(SystemExit):
        job_of_one_step(tmp_path)

    summary = json.loads((tmp_path / "result.json").read_text())
    said = summary["search"]
    assert said["command"]["arguments"] == ["fit", "my lens"]
    radius = summary["latents"]["einstein_radius"]
    assert radius["draws"] == 200 and 0.0 < radius["upper_error"] < 0.01  # priors narrow to 0.001
    assert said["noise_correlation"]["factor"] == pytest.approx(np.sqrt(9 * 0.3))
    assert said["command"]["pixels"] == np.sum(~MASK.array)


def test_reading_a_finished_fit_rewrites_nothing_but_missing_pictures(job_of_one_step, monkeypatch, tmp_path):
    monkeypatch.setattr(results, "add_latents", lambda _: None)  # which take seconds
    assert job_of_one_step(tmp_path) == 1
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    (tmp_path / "corner.png").unlink()

    assert job_of_one_step(tmp_path) == 1
    after = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert after.pop("corner.png") > before.pop("corner.png")
    assert after == before


def test_truth_stands_beside_the_fit(result, capsys):
    result.samples.parameters[0, 0] = 1.42
    report.print_parameters(result, truth=TRUTH)
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "einstein radius" in line]
    assert row.split() == ["lens.mass", "einstein", "radius", "1.4000", "1.4200", "0.0100", "+2.0", "arcsec"]


def test_truth_is_found_by_the_path_of_a_component():
    assert report.truth_of("galaxies.lens.mass.centre.centre_1", TRUTH) == 0.02
    assert short_name_of("galaxies.lens.mass.centre.centre_1") == "lens.mass.centre_1"


def test_default_folder_is_the_first_free_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings("demo", seed=1, use_jax=False)
    assert str(settings.folder()) == "autolens_results/demo"
    settings.folder().mkdir(parents=True)
    assert str(settings.folder()) == "autolens_results/demo_2"


@pytest.mark.parametrize(("spread", "lines"), [(0.0, 0), (0.3, 1)])
def test_correlated_noise_has_a_line_of_its_own(spread, lines, capsys):
    correlations = np.full((3, 3), spread)
    correlations[1, 1] = 1.0
    report.print_noise(al.preprocess.NoiseCorrelation(correlations, scatter=1.0, pixels=10_000))
    said = capsys.readouterr().out
    assert said.count("\n") == lines
    assert ("1.84" in said) == bool(lines)  # the root of 1 + 8 x 0.3
