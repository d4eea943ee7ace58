import json

import numpy as np
import pytest
from astropy.io import fits

from autolens import exc
from autolens.cli.observation import (
    FACTS,
    HDUS,
    Files,
    facts_from,
    files_from,
    masked_dataset_from,
    noise_correlation_from,
    seen_from,
)


@pytest.fixture
def folder(tmp_path):
    """An observation of 21 x 21 pixels of 0.1 arcsec with its brightest place at (y, x) = (0.3, -0.2)."""
    y, x = np.meshgrid(0.1 * np.arange(-10, 11), 0.1 * np.arange(-10, 11), indexing="ij")  # FITS: y rises with the row
    data = np.exp(-((y - 0.3) ** 2 + (x + 0.2) ** 2) / 0.1)
    kernel = np.zeros((3, 3))
    kernel[1, 1] = 2.0
    for name, image in (("data", data), ("noise_map", np.full(data.shape, 0.1)), ("psf", kernel)):
        fits.PrimaryHDU(image).writeto(tmp_path / f"{name}.fits")
    (tmp_path / "info.json").write_text('{"pixel_scale": 0.1, "redshift_lens": 0.2, "slope": NaN, "RA": "09 46"}')
    return tmp_path


def facts_of(files, **options):
    names = ("pixel_scale", "redshift_lens", "redshift_source", "mask_radius")
    return facts_from(files, **{name: options.get(name) for name in names})


def test_info_gives_what_no_option_does_and_other_keys_are_tolerated(folder):
    facts = facts_of(Files.found(folder), mask_radius=0.5)
    assert (facts.pixel_scale, facts.redshift_lens, facts.redshift_source, facts.mask_radius) == (0.1, 0.2, 1.0, 0.5)
    assert facts.origins == {
        "pixel_scale": "info.json",
        "redshift_lens": "info.json",
        "redshift_source": "default",
        "mask_radius": "option",
    }


def test_options_come_before_info(folder):
    assert facts_of(Files.found(folder), redshift_lens=0.7).redshift_lens == 0.7


def test_number_that_is_nan_in_info_is_not_known(folder):
    (folder / "info.json").write_text('{"pixel_scale": 0.1, "redshift_lens": NaN}')
    assert facts_of(Files.found(folder)).origins["redshift_lens"] == "default"


def test_whole_number_beyond_floats_in_info_is_not_known(folder):
    (folder / "info.json").write_text('{"pixel_scale": 0.1, "redshift_lens": 1' + "0" * 400 + "}")
    assert facts_of(Files.found(folder)).origins["redshift_lens"] == "default"


@pytest.mark.parametrize("text", ["{", "[1, 2]", pytest.param("[" * 100_000, id="deep")])
def test_info_that_cannot_be_read_raises(folder, text):
    (folder / "info.json").write_text(text)
    with pytest.raises(exc.FileException, match="info.json"):
        facts_of(Files.found(folder))


def test_unknown_pixel_scale_raises(folder):
    (folder / "info.json").unlink()
    with pytest.raises(exc.DatasetException, match="--pixel-scale"):
        facts_of(Files.found(folder))


@pytest.mark.parametrize("value", [0.0, -0.1, np.nan, np.inf])
def test_impossible_mask_radius_raises(folder, value):
    with pytest.raises(exc.DatasetException, match="--mask-radius"):
        facts_of(Files.found(folder), mask_radius=value)


def test_circle_is_put_about_the_brightest_place(folder):
    files = Files.found(folder)
    dataset, centre = masked_dataset_from(files, facts_of(files, mask_radius=0.37))
    assert centre == pytest.approx((0.3, -0.2))
    assert dataset.mask.pixels_in_mask == 45  # lattice points within 3.7 of the origin
    assert dataset.mask.mask_centre == pytest.approx((0.3, -0.2))


def test_psf_is_normalized(folder):
    files = Files.found(folder)
    dataset, _ = masked_dataset_from(files, facts_of(files, mask_radius=0.37))
    assert np.sum(dataset.psf.kernel.native.array) == pytest.approx(1.0)


def scaled(path, y, x=None):
    """Write the size of a pixel into a header."""
    with fits.open(path, mode="update") as hdus:
        hdus[0].header["PIXSCAY"], hdus[0].header["PIXSCAX"] = y, y if x is None else x


@pytest.mark.parametrize(("stated", "used"), [(None, 0.1), (0.1, 0.1), (0.1004, 0.1), (0.05, 0.05), (0.02, 0.02)])
def test_psf_is_on_the_pixels_that_its_header_states(folder, stated, used):
    if stated is not None:
        scaled(folder / "psf.fits", stated)
    files = Files.found(folder)
    dataset, _ = masked_dataset_from(files, facts_of(files, mask_radius=0.37))
    assert dataset.psf.pixel_scales == pytest.approx((used, used))


@pytest.mark.parametrize("stated", [0.07, 0.2, 0.0667])
def test_psf_on_pixels_that_do_not_fit_the_image_raises(folder, stated):
    scaled(folder / "psf.fits", stated)
    files = Files.found(folder)
    with pytest.raises(exc.DatasetException, match=f"{stated} arcsec .*the image has 0.1;"):
        masked_dataset_from(files, facts_of(files, mask_radius=0.37))


def test_header_that_states_two_scales_asks_which(folder):
    (folder / "info.json").unlink()
    wcs = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CDELT1": -0.04 / 3600.0, "CDELT2": 0.04 / 3600.0}
    with fits.open(folder / "data.fits", mode="update") as hdus:
        hdus[0].header.update({**wcs, "PIXSCALE": 0.1})
    with pytest.raises(exc.DatasetException, match=r"contradicts itself.*--pixel-scale 0.04 or --pixel-scale 0.1"):
        facts_of(Files.found(folder))
    assert facts_of(Files.found(folder), pixel_scale=0.1).pixel_scale == 0.1


def test_scale_that_the_header_states_beside_another_is_taken(folder):
    (folder / "info.json").unlink()
    wcs = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CDELT1": -0.04 / 3600.0, "CDELT2": 0.05 / 3600.0}
    with fits.open(folder / "data.fits", mode="update") as hdus:
        hdus[0].header.update({**wcs, "PIXSCALE": 0.1})
    files = Files.found(folder)
    dataset, _ = masked_dataset_from(files, facts_of(files, pixel_scale=0.1, mask_radius=0.37))
    assert dataset.pixel_scales == (0.1, 0.1)


def test_pixels_that_are_not_square_are_told_without_a_scale_that_nobody_gave(folder):
    (folder / "info.json").unlink()
    scaled(folder / "data.fits", 0.05, 0.1)
    files = Files.found(folder)
    with pytest.raises(exc.DatasetException, match=r"says pixels of 0\.05 x 0\.1 arcsec, y first") as raised:
        masked_dataset_from(files, facts_of(files, mask_radius=0.37))
    assert "pixel_scales=0.05" not in str(raised.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"redshift_lens": 0.7, "pixel_scale": 0.1}, "options override info.json: redshift lens 0.7, not 0.2\n"),
        ({"redshift_lens": 0.2, "mask_radius": 0.37}, ""),
    ],
)
def test_an_option_that_contradicts_info_is_said(folder, options, said, capsys):
    names = ("data", "noise_map", "psf", "mask_extra_galaxies", "mask_centre", *FACTS, *HDUS)
    seen = seen_from(folder, dict.fromkeys(names) | {"mask_radius": 0.37} | options)
    assert capsys.readouterr().err == said
    assert seen.facts.redshift_lens == options["redshift_lens"]


def test_nan_outside_the_circle_does_no_harm(folder):
    with fits.open(folder / "data.fits", mode="update") as hdus:
        hdus[0].data[0, 0] = np.nan
    files = Files.found(folder)
    dataset, _ = masked_dataset_from(files, facts_of(files, mask_radius=0.37))
    assert np.all(np.isfinite(dataset.data.array))


def test_extra_galaxies_beside_the_data_are_left_out(folder):
    left_out = np.zeros((21, 21))
    left_out[13, 8] = 1.0  # the brightest pixel itself
    fits.PrimaryHDU(left_out).writeto(folder / "mask_extra_galaxies.fits")
    files = Files.found(folder)
    dataset, centre = masked_dataset_from(files, facts_of(files, mask_radius=0.37), mask_centre=(0.3, -0.2))
    assert centre == (0.3, -0.2)
    assert dataset.mask.pixels_in_mask == 44


def test_hdus_of_one_file_are_found_by_name_and_number(folder):
    images = [fits.getdata(folder / f"{name}.fits") for name in ("data", "noise_map", "psf")]
    hdus = [fits.PrimaryHDU(), *(fits.ImageHDU(i, name=n) for i, n in zip(images, ("FLUX", "RMS", "PSF"), strict=True))]
    fits.HDUList(hdus).writeto(folder / "all.fits")
    files = Files.found(None, data=folder / "all.fits").with_hdus("FLUX", "2", "PSF")
    dataset, _ = masked_dataset_from(files, facts_of(files, pixel_scale=0.1, mask_radius=0.37))
    assert files.hdus == ("FLUX", 2, "PSF")
    assert files.name == "all"
    assert dataset.noise_map.array == pytest.approx(np.full(45, 0.1))


def test_bands_of_one_file_have_names_of_their_own(folder):
    images = [fits.getdata(folder / f"{name}.fits") for name in ("data", "noise_map", "psf")]
    kinds = [
        (f"{band}_{kind}", i) for band in ("VIS", "Y") for kind, i in zip(("SCI", "ERR", "PSF"), images, strict=True)
    ]
    kinds += [("NIR/H_SCI", images[0])]
    path = folder / "both.fits"
    fits.HDUList([fits.PrimaryHDU(), *(fits.ImageHDU(i, name=name) for name, i in kinds)]).writeto(path)
    assert [Files.found(path, band=band).name for band in (None, "y")] == ["both_VIS", "both_Y"]
    assert Files.found(path).with_hdus("4", "5", "6").name == "both_Y"
    assert Files.found(path).with_hdus("y_sci", "5", "6").name == "both_Y"
    assert Files(path, path, path, hdus=("NIR/H_SCI", 0, 0)).name == "both_NIR-H"
    path.rename(folder / "data.fits")
    assert Files.found(folder / "data.fits", band="Y").name == f"{folder.name}_Y"


def test_hdus_of_one_file_without_telling_names_are_counted_from_zero(folder):
    images = [fits.getdata(folder / f"{name}.fits") for name in ("noise_map", "data", "psf")]
    hdus = [fits.PrimaryHDU(images[0]), fits.ImageHDU(images[1], name="SCI"), fits.ImageHDU(images[2], name="PSF")]
    fits.HDUList(hdus).writeto(folder / "all.fits")
    options = dict.fromkeys(("data", "noise_map", "psf", "mask_extra_galaxies", "band"))
    numbers = {"data_hdu": "1", "noise_map_hdu": "0", "psf_hdu": "2"}
    assert files_from(folder / "all.fits", options | numbers).hdus == (1, 0, 2)
    assert Files((folder / "all.fits"), folder, folder, hdus=("SCI", 0, 0)).with_hdus("0", "1", "2").hdus == (0, 1, 2)


def test_one_image_in_two_roles_raises(folder):
    with pytest.raises(exc.FileException, match="--noise-map-hdu"):
        Files.found(None, data=folder / "data.fits").with_hdus("0", "0", "1")


def test_no_observation_raises():
    with pytest.raises(exc.FileException, match="autolens fit FOLDER"):
        Files.found(None)


def test_written_info_is_read_back(folder):
    (folder / "info.json").write_text(json.dumps({"pixel_scale": 0.05, "mask_radius": 2.0}))
    facts = facts_of(Files.found(folder))
    assert (facts.pixel_scale, facts.mask_radius) == (0.05, 2.0)


def test_correlated_noise_of_the_whole_image_is_measured(folder):
    white = np.random.default_rng(3).normal(size=(82, 82))
    spread = 0.5 * (white[1:, 1:] + white[1:, :-1] + white[:-1, 1:] + white[:-1, :-1])  # 2 x 2: twice the error
    fits.PrimaryHDU(0.1 * spread).writeto(folder / "data.fits", overwrite=True)
    fits.PrimaryHDU(np.full((81, 81), 0.1)).writeto(folder / "noise_map.fits", overwrite=True)
    files = Files.found(folder)
    noise = noise_correlation_from(files, facts_of(files))
    assert noise.factor == pytest.approx(2.0, abs=3.0 * noise.factor_error)
    assert noise.is_significant


def test_small_image_has_no_noise_correlation(folder):
    files = Files.found(folder)
    assert noise_correlation_from(files, facts_of(files)) is None
