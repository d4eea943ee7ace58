"""Keywords that travel with an image, and the size of a pixel that they state."""

import numpy as np
import pytest
from astropy.io import fits as astropy_fits

import autoarray as aa
from autoarray.dataset.wcs import WCS
from autoarray.structures.header import Header, pixel_scales_from, square_pixel_scale_from


@pytest.fixture
def images():
    return [aa.Array2D.no_mask(np.full((3, 4), 2.0), 0.1, header=h) for h in ({"A": 1}, {"A": 2}, None)]


def test_the_header_of_the_first_operand_that_has_one_stays(images):
    first, second, bare = images
    for one, other, wanted in ((first, bare, 1), (bare, first, 1), (first, second, 1), (second, first, 2)):
        for result in (one - other, one * np.sqrt(other), *divmod(one, other), np.hypot(one, other), one.slim > other):
            assert result.header["A"] == wanted
    assert (np.ones(12) / first).header["A"] == np.sqrt(first).native.header["A"] == 1
    assert (bare + bare).header is None and (1.0 - bare).header is None
    assert (first.header, second.header, bare.header) == ({"A": 1}, {"A": 2}, None)


TAN = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CDELT1": -1e-5, "CDELT2": 1e-5}
"""Pixels of 0.036 arcsec."""


def test_a_header_that_contradicts_itself_wants_to_be_told():
    header = Header({**TAN, "PIXSCALE": 0.2})
    with pytest.raises(aa.exc.DatasetException, match=r"0\.036 arcsec \(CDELT\) and of 0\.2 arcsec \(PIXSCALE\)"):
        pixel_scales_from(header, None, "a.fits")
    for given in (0.036, 0.2):
        assert pixel_scales_from(header, given, "a.fits") == given
    with pytest.raises(aa.exc.DatasetException, match=r"pixel_scales=0\.1 arcsec, but .* says 0\.036 arcsec"):
        pixel_scales_from(header, 0.1, "a.fits")
    assert pixel_scales_from(Header({**TAN, "PIXSCALE": 0.0361}), None, "a.fits") == 0.036
    steps = {"CDELT1": 1.0, "CDELT2": 1.0, "CUNIT1": "arcsec", "CUNIT2": "arcsec"}  # of axes that are not on the sky
    assert pixel_scales_from(Header({**steps, "PIXSCALE": 0.2}), None, "a.fits") == 0.2
    assert pixel_scales_from(Header(steps), None, "a.fits") == 1.0


def test_a_wcs_that_is_not_that_of_the_given_scale_is_left_out(tmp_path):
    keywords = astropy_fits.Header({**TAN, "CRVAL1": 150.0, "CRVAL2": 2.0, "PIXSCALE": 0.2, "BUNIT": "adu"})
    astropy_fits.writeto(tmp_path / "a.fits", np.ones((5, 5)), keywords)
    right = aa.Array2D.from_fits(tmp_path / "a.fits", pixel_scales=0.036)
    assert WCS.from_header(right.header, right.geometry).sky_from_pixels((5.0, -1.0)) == pytest.approx((150.0, 2.0))
    image = aa.Array2D.from_fits(tmp_path / "a.fits", pixel_scales=0.2)
    assert WCS.from_header(image.header, image.geometry) is None and image.header["BUNIT"] == "adu"


def test_steps_of_axes_that_are_not_on_the_sky_refuse_no_scale():
    linear = {"CTYPE1": "LINEAR", "CTYPE2": "LINEAR", "CDELT1": 0.02, "CDELT2": 0.02}
    in_arcsec = {**linear, "CUNIT1": "arcsec", "CUNIT2": "arcsec"}
    for keywords in (linear, in_arcsec):
        assert pixel_scales_from(Header(keywords), 0.07, "a.fits") == 0.07
    assert pixel_scales_from(Header(in_arcsec), None, "a.fits") == 0.02
    with pytest.raises(aa.exc.DatasetException, match="not known"):
        pixel_scales_from(Header(linear), None, "a.fits")


def test_messages_name_the_option_of_the_caller():
    option = "--pixel-scale {}"
    for header, given, wanted in (
        ({}, None, r"Write --pixel-scale 0\.05 \[arcsec\]"),
        ({"PIXSCALE": 0.2}, 0.3, r"^--pixel-scale 0\.3 arcsec, but the header of a\.fits says 0\.2 arcsec"),
        ({**TAN, "PIXSCALE": 0.2}, None, r"--pixel-scale 0\.036 or --pixel-scale 0\.2"),
        ({"PIXSCAY": 0.3, "PIXSCAX": 0.2}, None, r"not square, the header says \(0\.3, 0\.2\) arcsec"),
    ):
        with pytest.raises(aa.exc.DatasetException, match=wanted) as caught:
            square_pixel_scale_from(Header(header), given, "a.fits", option)
        assert "pixel_scales" not in str(caught.value)
    assert square_pixel_scale_from(Header({"PIXSCALE": 0.2}), None, "a.fits", option) == 0.2
