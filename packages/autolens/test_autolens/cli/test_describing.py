"""The commands that read descriptions: simulate and convert."""

from __future__ import annotations

import json

import numpy as np
import pytest
from astropy.io import fits

from autolens.cli.describe import rounded
from autolens.cli.main import run

LENS = """
title = "Two of them"
[galaxies.lens]
redshift = 0.2
[galaxies.lens.mass]
profile = "mp.Isothermal"
centre = [0.0, 0.0]
ell_comps = [0.1, 0.0]
einstein_radius = { prior = "uniform", lower = 0.8, upper = 1.2 }
[galaxies.source]
redshift = 0.6
[galaxies.source.light]
profile = "lp.ExponentialSph"
centre = [0.05, 0.1]
intensity = 3.0
effective_radius = 0.3
[dataset]
shape = 30
pixel_scale = 0.1
psf = { fwhm = 0.2 }
exposure_time = 500.0
background = 0.5
mask_radius = 1.4
"""


def code_of(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        run([str(argument) for argument in arguments])
    return int(left.value.code or 0)


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "lens.toml"
    path.write_text(LENS)
    return path


def test_simulated_folder_is_one_that_is_read(config, tmp_path, capsys):
    from autolens.cli import observation

    assert code_of("simulate", config, "--output", tmp_path / "one") == 0
    assert "next: autolens" in capsys.readouterr().out

    files = observation.Files.found(tmp_path / "one")
    facts = observation.facts_from(files, pixel_scale=None, redshift_lens=None, redshift_source=None, mask_radius=None)
    assert (facts.pixel_scale, facts.mask_radius) == (0.1, 1.4)
    assert (facts.redshift_lens, facts.redshift_source) == (0.2, 0.6)
    dataset, _ = observation.masked_dataset_from(files, facts)
    assert dataset.psf.kernel.array.sum() == pytest.approx(1.0)


def test_truth_is_that_of_the_images_and_simulates_them_again(config, tmp_path):
    assert code_of("simulate", config, "--output", tmp_path / "one", "--seed", 4) == 0
    truth = json.loads((tmp_path / "one" / "truth.json").read_text())
    radius = truth["parameters"]["galaxies.lens.mass.einstein_radius"]
    assert truth["drawn"] == {"galaxies.lens.mass.einstein_radius": radius}
    assert 0.8 < radius < 1.2
    assert truth["parameters"]["galaxies.lens.mass.ell_comps.ell_comps_0"] == 0.1

    assert code_of("simulate", tmp_path / "one" / "truth.toml", "--output", tmp_path / "again") == 0

    first, again = (fits.getdata(tmp_path / name / "data.fits") for name in ("one", "again"))
    assert again == pytest.approx(first, abs=1e-12)


def test_sample_has_a_folder_and_a_truth_for_each(config, tmp_path, capsys):
    assert code_of("simulate", config, "--output", tmp_path / "many", "--count", 3, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["count"] == 3
    radii = set()
    for lens in answer["lenses"]:
        truth = json.loads((tmp_path / "many" / lens["folder"].rpartition("/")[2] / "truth.json").read_text())
        radii.add(truth["drawn"]["galaxies.lens.mass.einstein_radius"])
    assert len(radii) == 3


def test_what_is_there_is_kept(config, tmp_path, capsys):
    assert code_of("simulate", config, "--output", tmp_path / "one") == 0
    before = (tmp_path / "one" / "data.fits").read_bytes()
    assert code_of("simulate", config, "--output", tmp_path / "one", "--seed", 9) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (tmp_path / "one" / "data.fits").read_bytes() == before
    assert code_of("simulate", config, "--output", tmp_path / "one", "--seed", 9, "--overwrite") == 0
    assert (tmp_path / "one" / "data.fits").read_bytes() != before


def test_errors_of_a_file_are_one_line_and_two(config, tmp_path, capsys):
    config.write_text(LENS.replace("fwhm", "fwmh"))
    assert code_of("simulate", config, "--output", tmp_path / "one") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "lens.toml, line 20: dataset.psf.fwmh" in said
    assert "did you mean fwhm?" in said


def test_conversion_there_and_back_is_the_same_lens(config, tmp_path, capsys):
    assert code_of("simulate", config, "--output", tmp_path / "one") == 0
    truth = tmp_path / "one" / "truth.toml"
    for to in ("coolest", "lenstronomy"):
        there, back = tmp_path / f"{to}.json", tmp_path / f"{to}.toml"
        assert code_of("convert", truth, there, "--to", to, "--strict") == 0
        assert code_of("convert", there, back, "--strict", "--json") == 0
        capsys.readouterr()
        assert code_of("convert", back, "--to", "lenstronomy") == 0
        kwargs = json.loads(capsys.readouterr().out)["kwargs_lens"][0]
        radius = json.loads((tmp_path / "one" / "truth.json").read_text())["drawn"][
            "galaxies.lens.mass.einstein_radius"
        ]
        q = (1.0 - 0.1) / (1.0 + 0.1)
        assert kwargs["theta_E"] == pytest.approx(radius * np.sqrt(q) * 2.0 / (1.0 + q), rel=1e-12)
        assert (kwargs["e1"], kwargs["e2"]) == pytest.approx((0.0, 0.1), abs=1e-15)


def test_parts_that_cannot_be_expressed_are_listed_and_strict_refuses_them(tmp_path, capsys):
    source = tmp_path / "lens.toml"
    source.write_text(
        '[galaxies.lens]\nredshift = 0.5\nhalo = "mp.cNFWSph"\n[galaxies.lens.mass]\nprofile = "mp.IsothermalSph"\n'
        "centre = [0.0, 0.0]\neinstein_radius = 1.0\n"
    )
    out = tmp_path / "lens.json"
    assert code_of("convert", source, out, "--to", "coolest", "--json") == 0
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert [each["part"] for each in answer["left_out"]] == ["lens.halo"]
    assert answer["check"]["max_deflection_difference_arcsec"] < 1e-14
    assert "left out: lens.halo: COOLEST has no profile like mp.cNFWSph" in captured.err
    out.unlink()
    assert code_of("convert", source, out, "--to", "coolest", "--strict") == 2
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        ("{", ["--to", "autolens"], "no readable JSON"),
        ("[" * 10_000, ["--to", "coolest"], "is no TOML"),
        ("{" + '"a": {' * 10_000, ["--to", "coolest"], "no readable JSON"),
        ('{"a": 1}', ["--to", "autolens"], "wanted a COOLEST template"),
        ('{"lens_model_list": ["SIS"], "kwargs_lens": [{"theta_E": 1}]}', ["--to", "collest"], "did you mean coolest?"),
        ('{"lens_model_list": [], "kwargs_lens": []}', ["--to", "autolens"], "nothing of the lens"),
        ('{"lens_model_list": ["SIS"], "kwargs_lens": [{"theta_E": 1}]}', [], "to which format is not said"),
    ],
)
def test_files_that_cannot_be_converted_are_refused(tmp_path, capsys, content, arguments, said):
    path = tmp_path / "lens.json"
    path.write_text(content)
    assert code_of("convert", path, *arguments) == 2
    assert said in capsys.readouterr().err


def test_described_model_is_the_one_of_a_fit(config, tmp_path, capsys):
    from autolens.cli import observation
    from autolens.cli.job import LensModel, lens_model_from
    from autolens.description.model import model_from

    assert code_of("simulate", config, "--output", tmp_path / "one") == 0
    capsys.readouterr()
    assert code_of("describe", tmp_path / "one", "--model", "power-law", "--light", "mge") == 0
    described = tmp_path / "described.toml"
    described.write_text(capsys.readouterr().out)

    files = observation.Files.found(tmp_path / "one")
    facts = observation.facts_from(files, pixel_scale=None, redshift_lens=None, redshift_source=None, mask_radius=None)
    dataset, centre = observation.masked_dataset_from(files, facts)
    named = lens_model_from(dataset, LensModel("power-law", "mge"), facts, centre)
    of_file = lens_model_from(dataset, LensModel(str(described)), facts, centre)

    assert of_file.to_dict() == rounded(named).to_dict() == model_from(described).to_dict()
    for a, b in zip(of_file.priors, named.priors, strict=True):
        assert (a.lower_limit, a.upper_limit) == pytest.approx((b.lower_limit, b.upper_limit), rel=1e-11, abs=0.0)


def test_model_of_a_results_folder_is_described(tmp_path, capsys):
    import autolens as al
    from autolens.description.model import model_from

    mass = al.Model(al.mp.Isothermal, einstein_radius=al.GaussianPrior(1.2, 0.1))
    model = al.Collection(galaxies=al.Collection(lens=al.Model(al.Galaxy, redshift=0.5, mass=mass)))
    model.to_json(tmp_path / "model.json")
    (tmp_path / "result.json").write_text("{}")

    assert code_of("describe", tmp_path) == 0

    (tmp_path / "again.toml").write_text(capsys.readouterr().out)
    assert model_from(tmp_path / "again.toml").to_dict() == model.to_dict()
    (tmp_path / "model.json").write_text('{"type": "collection", "items": {}}')
    assert code_of("describe", tmp_path) == 2


def test_fit_says_what_is_wrong_with_a_description(config, tmp_path, capsys):
    assert code_of("simulate", config, "--output", tmp_path / "one") == 0
    config.write_text(LENS.replace("einstein_radius", "einstein_radios"))
    assert code_of("fit", tmp_path / "one", "--model", config, "--no-jax", "--output", tmp_path / "results") == 2
    assert "did you mean einstein_radius?" in capsys.readouterr().err
    assert code_of("fit", tmp_path / "one", "--model", config, "--light", "mge", "--no-jax") == 2
    assert "describes the light too" in capsys.readouterr().err


def test_numbers_are_described_with_no_more_digits_than_they_mean():
    import autolens as al

    prior = al.UniformPrior(0.04 - 0.3, 0.04 + 0.3)
    assert repr(0.04 + 0.3) == "0.33999999999999997"
    model = al.Collection(galaxies=al.Collection(lens=al.Model(al.Galaxy, redshift=prior)))
    found = rounded(model).galaxies.lens.redshift
    assert (found.lower_limit, found.upper_limit) == (-0.26, 0.34)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--model", "lens.tml"], "there is no file lens.tml"),
        (["--model", "nowhere/lens"], "there is no file nowhere/lens"),
        (["--model", "siee"], "did you mean sie?"),
        (["--light", "sersc"], "did you mean sersic?"),
    ],
)
def test_a_model_that_there_is_not_is_said_with_what_may_be_meant(options, said, config, tmp_path, capsys, monkeypatch):
    from autolens.cli import checkup

    assert code_of("simulate", config, "--output", tmp_path / "one") == 0
    monkeypatch.setattr(checkup, "examined", None)  # the error comes before data are examined
    assert code_of("fit", tmp_path / "one", *options, "--no-jax", "--output", tmp_path / "results") == 2
    assert said in capsys.readouterr().err


def test_a_source_in_front_of_the_lens_is_refused_with_file_and_line(config, tmp_path, capsys):
    assert code_of("simulate", config, "--output", tmp_path / "one") == 0
    text = LENS[: LENS.index("[dataset]")].replace("redshift = 0.6", "redshift = 0.1")
    config.write_text(text)
    assert code_of("plan", tmp_path / "one", "--model", config, "--no-jax") == 2
    said = capsys.readouterr().err
    line = 1 + text.splitlines().index("redshift = 0.1")
    assert f"lens.toml, line {line}: galaxies.source.redshift is 0.1, not behind the lens at 0.2" in said
    assert "measures" not in said


def test_an_image_is_no_lens_to_convert_and_its_folder_is_to_be_fitted_first(config, tmp_path, capsys):
    one = tmp_path / "one"
    assert code_of("simulate", config, "--output", one) == 0
    (one / "truth.toml").unlink(missing_ok=True)
    assert code_of("convert", one / "data.fits", tmp_path / "x.toml") == 2
    assert "is a FITS image" in capsys.readouterr().err
    assert code_of("convert", one, tmp_path / "x.toml") == 2
    assert f"run autolens fit {one} first" in capsys.readouterr().err
    pytest.importorskip("plotly")
    assert code_of("report", one) == 2
    assert f"run autolens fit {one} first" in capsys.readouterr().err
