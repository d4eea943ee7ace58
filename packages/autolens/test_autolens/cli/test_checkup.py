"""What the doctor finds is said before a fit, ends one that would mean nothing, and stays beside its results."""

import json

import numpy as np
import pytest
from astropy.io import fits

from autolens import exc
from autolens.cli import checkup
from autolens.cli.demonstration import truth_and_dataset_from
from autolens.cli.main import run
from autolens.cli.observation import seen_from
from autolens.cli.results import write_dataset
from autolens.data_doctor.diagnosis import DataFinding, Diagnosis

NAMES = ("data", "noise_map", "psf", "mask_extra_galaxies", "mask_centre", "redshift_lens", "redshift_source")
OPTIONS = dict.fromkeys((*NAMES, "pixel_scale", "mask_radius", "data_hdu", "noise_map_hdu", "psf_hdu"))


def finding(severity):
    return DataFinding("psf_sum", severity, "The PSF sums to 0.9.", 0.9, 0.01, "Fluxes are off.", "psf.normalized")


@pytest.fixture
def folder(tmp_path):
    """The simulated lens as files."""
    _, dataset = truth_and_dataset_from(seed=1)
    write_dataset(dataset, tmp_path / "lens", {"pixel_scale": 0.1, "mask_radius": 3.0})
    return tmp_path / "lens"


def test_clean_data_are_said_to_be_clean_and_the_diagnosis_is_kept(folder, tmp_path, capsys):
    diagnosis = checkup.examined(seen_from(folder, OPTIONS))
    checkup.say_and_judge(diagnosis, "lens", force=False)
    assert "nothing is wrong" in capsys.readouterr().err
    checkup.write(diagnosis, tmp_path)
    assert json.loads((tmp_path / "doctor.json").read_text())["worst"] == "good"


def test_noise_ten_times_too_small_ends_a_fit_with_code_two(folder, capsys):
    with fits.open(folder / "noise_map.fits", mode="update") as hdus:
        hdus[0].data /= 10.0
    with pytest.raises(SystemExit) as left:
        run(["fit", str(folder), "--no-jax", "--json", "--output", str(folder / "out")])
    assert left.value.code == 2
    captured = capsys.readouterr()
    assert "--force" in captured.err and captured.err.count("\n") == 1
    said = json.loads(captured.out)
    assert said["exit_code"] == 2 and "noise" in said["error"].lower()
    assert not (folder / "out").exists()


def test_a_warning_is_said_and_ends_nothing(capsys):
    checkup.say_and_judge(Diagnosis((finding("warning"),)), "lens", force=False)
    assert "warning: The PSF sums to 0.9. To mend it: psf.normalized" in capsys.readouterr().err


def test_an_error_ends_the_fit_unless_it_is_forced(capsys):
    with pytest.raises(exc.DatasetException, match="The PSF sums to 0.9"):
        checkup.say_and_judge(Diagnosis((finding("error"),)), "lens", force=False)
    checkup.say_and_judge(Diagnosis((finding("error"),)), "lens", force=True)
    assert "error: The PSF sums" in capsys.readouterr().err


def test_a_doctor_that_fails_costs_no_fit(folder, monkeypatch, capsys):
    monkeypatch.setattr("autolens.cli.doctor.images_from", lambda *_: np.ones(3) @ np.ones(2))
    assert checkup.examined(seen_from(folder, OPTIONS)) is None
    assert "could not examine" in capsys.readouterr().err
    checkup.say_and_judge(None, "lens", force=False)
