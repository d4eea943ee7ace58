"""The command says what it did and with which numbers, and writes over nothing."""

import json

import numpy as np
import pytest
from astropy.io import fits

from autolens.cli.main import run

PER_SECOND = 250.0


@pytest.fixture
def frame(tmp_path):
    """An empty sky of 4 electrons per second with photon noise, in ADU of 2.5 electrons."""
    rng = np.random.default_rng(3)
    electrons = rng.poisson(4.0 * PER_SECOND, (120, 130))
    header = fits.Header({"BUNIT": "ADU", "EXPTIME": PER_SECOND, "PIXSCALE": 0.1})
    fits.PrimaryHDU(electrons / 2.5, header).writeto(tmp_path / "frame.fits")
    y, x = np.mgrid[-12.0:13.0, -12.0:13.0]
    fits.PrimaryHDU(np.exp(-0.5 * (x**2 + y**2) / 4.0)).writeto(tmp_path / "psf.fits")
    return tmp_path


def called(folder, *options):
    with pytest.raises(SystemExit) as left:
        run(["prepare", str(folder / "frame.fits"), "--output", str(folder / "lens"), *options])
    return left.value.code


def test_answer_for_machines(frame, capsys):
    psf = ("--psf", str(frame / "psf.fits"), "--psf-size", "15")
    code = called(frame, "--gain", "2.5", "--pixel", "60", "65", "--size", "5.1", *psf, "--json")
    said = json.loads(capsys.readouterr().out)
    assert code == 0 and said == {"folder": said["folder"], **json.loads((frame / "lens" / "info.json").read_text())}
    assert said["gain"] == 2.5 and said["origins"]["gain"] == "given"
    assert said["origins"]["exposure_time"] == "header, EXPTIME"
    assert said["background"] == pytest.approx(4.0, abs=0.01)
    assert said["sky_noise"] == pytest.approx(np.sqrt(4.0 / PER_SECOND), rel=0.02)
    assert fits.getdata(frame / "lens" / "data.fits").shape == (51, 51)
    assert fits.getdata(frame / "lens" / "psf.fits").shape == (15, 15)


def test_words_for_people_and_a_folder_that_is_taken(frame, capsys):
    assert called(frame, "--gain", "2.5") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("exposure_time") and line.endswith("header, EXPTIME") for line in lines)
    assert any(line.startswith("note: no PSF was given") for line in lines)
    assert called(frame, "--gain", "2.5") == 2
    assert "already: choose another folder (--output)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "--gain 1.5"),
        (("--gain", "2", "--ra", "10", "--dec", "2", "--size", "3"), "the header has no WCS"),
        (("--gain", "2", "--weight-kind", "rms"), "--weight FILE"),
        (("--gain", "2", "--psf-size", "20", "--psf", "psf.fits"), "odd number of pixels"),
        (("--sci-hdu", "7"), "HDU 7 does not exist"),
    ],
)
def test_bad_input_ends_with_code_two_in_one_line(frame, capsys, options, message):
    options = [str(frame / o) if o.endswith(".fits") else o for o in options]
    assert called(frame, *options) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
    assert not (frame / "lens").exists()
