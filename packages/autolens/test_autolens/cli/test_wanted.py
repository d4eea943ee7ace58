"""What is said of images that a fit needs and does not find, and of those that it takes."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits

from autolens.cli import batch
from autolens.cli.main import run
from autolens.cli.observation import Files
from autolens.cli.wanted import taken_from, wrapped


def write(path, *names, shape=(15, 15)):
    """Images of ones, each in an HDU of its name."""
    hdus = [fits.ImageHDU(np.ones((3, 3) if "PSF" in name.upper() else shape), name=name) for name in names]
    fits.HDUList([fits.PrimaryHDU(), *hdus]).writeto(path)


@pytest.fixture
def folder(tmp_path):
    for name, shape in (("data", (15, 15)), ("noise_map", (15, 15)), ("psf", (3, 3))):
        fits.PrimaryHDU(np.ones(shape)).writeto(tmp_path / f"{name}.fits")
    (tmp_path / "info.json").write_text('{"pixel_scale": 0.1, "mask_radius": 0.7}')
    return tmp_path


def error_of(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        run([str(argument) for argument in arguments])
    assert left.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(("name", "words"), [("psf", "a PSF"), ("noise_map", "a noise map")])
def test_an_image_that_is_missing_is_said_with_how_to_make_it(name, words, folder, capsys):
    (folder / f"{name}.fits").unlink()
    said = error_of(capsys, "fit", folder, "--no-jax")
    assert f"a fit needs {words}" in said and "autolens prepare" in said
    assert f"--{name.replace('_', '-')} FILE" in said


def test_the_image_as_its_own_psf_is_refused_by_doctor_and_fit_alike(folder, capsys):
    said = [error_of(capsys, command, folder, "--psf", folder / "data.fits") for command in ("doctor", "fit")]
    assert said[0] == said[1] and "are not three images" in said[0]


def test_hdus_that_are_taken_from_one_file_are_named_with_the_bands_that_are_not(tmp_path):
    path = tmp_path / "all.fits"
    write(path, "VIS_FLUX", "VIS_RMS", "VIS_PSF", "NIR_J_FLUX", "NIR_J_RMS", "NIR_J_PSF")
    assert taken_from(Files.found(path)) == (
        f"of {path} are taken image HDU VIS_FLUX, noise map HDU VIS_RMS, PSF HDU VIS_PSF; "
        "other bands: NIR_J (--band NIR_J)"
    )


def test_files_of_one_image_each_need_no_word(folder):
    assert taken_from(Files.found(folder)) is None


def test_long_warnings_are_lines_of_a_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    text = "doctor: warning: " + "the noise map is too small by far " * 10
    lines = wrapped(text).splitlines()
    assert max(map(len, lines)) <= 60 and all(line.startswith("    ") for line in lines[1:])
    assert " ".join(line.strip() for line in lines) == text.strip()


def test_several_folders_are_said_to_be_a_batch(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(batch, "run_batch", lambda places, options: {"exit_code": 0})
    with pytest.raises(SystemExit):
        run(["fit", str(tmp_path / "a"), str(tmp_path / "b")])
    assert capsys.readouterr().err.splitlines()[0] == "2 folders are named: they are fitted as a batch (--batch)"
