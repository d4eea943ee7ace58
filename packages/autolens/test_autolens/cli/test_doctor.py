"""``autolens doctor``: folders, files by name and number, one file of many bands; exit codes and answers."""

import json

import numpy as np
import pytest
from astropy.io import fits

from autolens import exc
from autolens.cli.extensions import bands_of
from autolens.cli.main import run
from autolens.cli.observation import Files

SIDE, PIXEL = 90, 0.1


def images_of(seed):
    """A lens, an arc opposite another, and the right noise map; FITS rows rise with y."""
    y, x = np.meshgrid(*[PIXEL * (np.arange(SIDE) - (SIDE - 1) / 2.0)] * 2, indexing="ij")
    light = 3.0 * np.exp(-0.5 * (x**2 + y**2) / 0.3**2)
    for at, height in ((1.3, 1.0), (-1.1, 0.7)):
        light += height * np.exp(-0.5 * ((x - at) ** 2 + y**2) / 0.15**2)
    depth = 0.03 * (1.0 + 0.01 * x)
    noise_map = np.sqrt(depth**2 + light / 1000.0)
    data = light + noise_map * np.random.default_rng(seed).normal(size=light.shape)
    rows = np.arange(13) - 6
    psf = np.exp(-0.5 * (rows[:, None] ** 2 + rows[None, :] ** 2) / 1.2**2)
    return {"data": data, "noise_map": noise_map, "psf": psf / psf.sum()}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "lens"
    place.mkdir()
    for name, image in images_of(2).items():
        fits.PrimaryHDU(image).writeto(place / f"{name}.fits")
    (place / "info.json").write_text('{"pixel_scale": 0.1, "mask_radius": 2.5}')
    return place


@pytest.fixture
def bands(tmp_path):
    """Two bands in one file; the noise map of the second is half of what it is to be."""
    path, hdus = tmp_path / "lens.fits", [fits.PrimaryHDU()]
    header = fits.Header(
        {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CD1_1": -PIXEL / 3600.0, "CD2_2": PIXEL / 3600.0}
    )
    for band, factor in (("VIS", 1.0), ("NIR_Y", 0.5)):
        images = images_of(2)
        hdus.append(fits.ImageHDU(images["data"], header=header, name=f"{band}_FLUX"))
        hdus.append(fits.ImageHDU(images["psf"], name=f"{band}_PSF"))
        hdus.append(fits.ImageHDU(factor * images["noise_map"], name=f"{band}_RMS"))
    fits.HDUList(hdus).writeto(path)
    return path


def answer_of(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        run(["doctor", *map(str, arguments)])
    said = capsys.readouterr()
    return left.value.code or 0, said.out, said.err


def test_good_folder_ends_with_zero_and_guesses(folder, capsys):
    code, said, _ = answer_of(capsys, folder)
    assert code == 0
    assert "good: nothing was found" in said
    assert "Einstein radius 1.2" in said  # (1.3 + 1.1) / 2


def test_fault_ends_with_one_and_its_mend(folder, capsys):
    fits.PrimaryHDU(2.0 * fits.getdata(folder / "noise_map.fits")).writeto(folder / "noise_map.fits", overwrite=True)
    code, said, _ = answer_of(capsys, folder)
    assert code == 1
    assert "mend:" in said
    code, said, _ = answer_of(capsys, folder, "--json")
    answer = json.loads(said)
    assert (code, answer["exit_code"], answer["worst"]) == (1, 1, "warning")
    assert answer["findings"][0]["value"] == pytest.approx(0.5, rel=0.03)


def test_output_holds_the_diagnosis_and_its_picture(folder, tmp_path, capsys):
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    answer_of(capsys, folder, "--output", tmp_path / "out")
    assert json.loads((tmp_path / "out" / "doctor.json").read_text())["worst"] == "good"
    assert (tmp_path / "out" / "doctor.png").read_bytes().startswith(b"\x89PNG")


def test_one_file_of_two_bands(bands, capsys):
    code, said, _ = answer_of(capsys, bands)
    assert code == 0
    assert "VIS, NIR_Y" in said
    code, said, _ = answer_of(capsys, bands, "--band", "nir_y", "--json")
    assert (code, json.loads(said)["findings"][0]["name"]) == (1, "noise_scale")


def test_hdus_by_name_and_by_number(bands, folder, capsys):
    by_name = ("--data-hdu", "VIS_FLUX", "--noise-map-hdu", "VIS_RMS", "--psf-hdu", "VIS_PSF")
    assert answer_of(capsys, "--data", bands, *by_name)[0] == 0
    assert answer_of(capsys, bands, "--data-hdu", 4, "--noise-map-hdu", 6, "--psf-hdu", 5)[0] == 1
    assert answer_of(capsys, bands, "--psf", folder / "psf.fits")[0] == 0


def test_an_hdu_that_is_zero_counts(bands, tmp_path, capsys):
    with fits.open(bands) as hdus:
        images = {name: hdus[name].data for name in ("VIS_FLUX", "VIS_RMS", "VIS_PSF")}
    halved = fits.PrimaryHDU(0.5 * images["VIS_RMS"])
    named = [fits.ImageHDU(image, name=name) for name, image in images.items()]
    fits.HDUList([halved, *named]).writeto(tmp_path / "halved.fits")
    place = (tmp_path / "halved.fits", "--pixel-scale", PIXEL)
    assert answer_of(capsys, *place)[0] == 0
    code, said, _ = answer_of(capsys, *place, "--noise-map-hdu", 0, "--json")
    assert (code, json.loads(said)["findings"][0]["name"]) == (1, "noise_scale")


def test_finer_psf_is_taken_for_one(folder, capsys):
    steps = 0.5 * (np.arange(27) - 13)
    psf = np.exp(-0.5 * (steps[:, None] ** 2 + steps[None, :] ** 2) / 1.2**2)
    header = fits.Header({"PIXSCALE": PIXEL / 2.0})
    fits.PrimaryHDU(psf / psf.sum(), header).writeto(folder / "psf.fits", overwrite=True)
    assert answer_of(capsys, folder)[0] == 0


def test_option_that_contradicts_info_is_said(folder, capsys):
    code, _, error = answer_of(capsys, folder, "--mask-radius", "2.6")
    assert (code, error) == (0, "options override info.json: mask radius 2.6, not 2.5\n")


def test_bad_input_is_one_line_and_two(folder, bands, tmp_path, capsys):
    (tmp_path / "no.fits").write_text("no FITS")
    fits.PrimaryHDU(np.ones((5, 5))).writeto(tmp_path / "alone.fits")
    truncated = (folder / "data.fits").read_bytes()[:20000]
    (tmp_path / "truncated.fits").write_bytes(truncated)
    for arguments, named in (
        ([], "FOLDER"),
        ([tmp_path / "nowhere"], "nowhere"),
        ([tmp_path / "no.fits"], "no.fits"),
        ([tmp_path / "alone.fits"], "--data-hdu"),
        ([folder, "--data", tmp_path / "truncated.fits"], "truncated"),
        ([bands, "--band", "NIR_H"], "VIS, NIR_Y"),
        ([folder, "--band", "VIS"], "--band"),
        ([folder, "--pixel-scale", "-1"], "--pixel-scale"),
        ([folder, "--pixel-scale", "0"], "--pixel-scale 0.0"),
        ([folder, "--mask-radius", "nan"], "--mask-radius"),
        ([folder, "--mask-radius", "0"], "--mask-radius 0.0"),
        ([folder, "--exposure-time", "0"], "--exposure-time 0.0"),
        ([folder, "--data-hdu", "7"], "HDU 7"),
        ([folder, "--output", folder / "data.fits"], "--output"),
    ):
        code, said, error = answer_of(capsys, *arguments)
        assert (code, said) == (2, ""), arguments
        assert named in error
        assert error.count("\n") == 1


def test_psf_may_be_missing_which_is_a_finding(folder, capsys):
    (folder / "psf.fits").unlink()
    code, said, _ = answer_of(capsys, folder)
    assert code == 1
    assert "no PSF" in said


@pytest.mark.parametrize("command", ["fit", "plan", "describe"])
def test_others_know_bands_too(command, bands, capsys):
    with pytest.raises(SystemExit) as left:
        run([command, str(bands), "--band", "NIR_H"])
    assert left.value.code == 2
    assert "VIS, NIR_Y" in capsys.readouterr().err


def test_fit_finds_one_file_too_but_wants_a_psf(bands, tmp_path):
    files = Files.found(bands, band="NIR_Y").with_hdus(None, None, None)
    assert files.hdus == ("NIR_Y_FLUX", "NIR_Y_RMS", "NIR_Y_PSF")
    fits.HDUList([fits.PrimaryHDU(np.ones((9, 9))), fits.ImageHDU(np.ones((9, 9)), name="ERR")]).writeto(
        tmp_path / "few.fits"
    )
    assert bands_of(tmp_path / "few.fits") == {"": {"noise_map": "ERR", "data": 0}}
    with pytest.raises(exc.FileException, match="--psf"):
        Files.found(tmp_path / "few.fits")
