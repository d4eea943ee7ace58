"""Places on the sky against astropy and geometry written down here."""

import copy

import numpy as np
import pytest
from astropy.coordinates import FK4, SkyCoord
from astropy.io import fits as astropy_fits
from astropy.time import Time
from astropy.wcs import WCS as AstropyWCS

import autoarray as aa
from autoarray.dataset import fits, stored
from autoarray.dataset.wcs import WCS, degrees_from, sexagesimal_from
from autoarray.structures.header import Header

SHAPE = (80, 101)
TAN = {
    "CTYPE1": "RA---TAN",
    "CTYPE2": "DEC--TAN",
    "CRVAL1": 149.87,
    "CRVAL2": 62.21,
    "CRPIX1": 33.3,
    "CRPIX2": 47.1,
    "RADESYS": "ICRS",
}
STEP = 0.05 / 3600.0


def turned(angle, parity=-1.0):
    """A CD matrix with North turned by ``angle`` [deg] from up, counter-clockwise; parity -1 has East to its left."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    matrix = STEP * np.array([[parity, 0.0], [0.0, 1.0]]) @ np.array([[c, s], [-s, c]])
    return {f"CD{i + 1}_{j + 1}": matrix[i, j] for i in (0, 1) for j in (0, 1)}


HEADERS = {
    "north up": {**TAN, "CDELT1": -STEP, "CDELT2": STEP},
    "turned": {**TAN, **turned(37.0)},
    "mirrored": {**TAN, **turned(-110.0, parity=1.0)},
    "cdelt and pc": {**TAN, "CDELT1": -STEP, "CDELT2": STEP, "PC1_1": 0.8, "PC1_2": 0.6, "PC2_1": -0.6, "PC2_2": 0.8},
    "crota": {**TAN, "CDELT1": -STEP, "CDELT2": STEP, "CROTA2": 20.0},
    "oblong pixels": {**TAN, "CDELT1": -STEP, "CDELT2": 1.5 * STEP},
    "sip": {
        **TAN,
        **turned(10.0),
        **{"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP"},
        **{"A_ORDER": 2, "B_ORDER": 2, "A_2_0": 1e-5, "A_1_1": 2e-5, "B_0_2": -3e-5, "B_1_1": 1e-5},
    },
    "euclid": {
        **{"RADESYS": "ICRS", "EQUINOX": 2000.0, "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CUNIT1": "deg"},
        **{"CRVAL1": 58.8572593, "CRVAL2": -49.0, "CRPIX1": 1770.0, "CRPIX2": -1411.0, "CUNIT2": "deg"},
        **{"CD1_1": -2.777777777778e-05, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": 2.777777777778e-05},
    },
    "declination first": {
        **TAN,
        **{"CTYPE1": "DEC--TAN", "CTYPE2": "RA---TAN", "CRVAL1": 62.21, "CRVAL2": 149.87},
        **{"CD1_1": 0.0, "CD1_2": STEP, "CD2_1": -STEP, "CD2_2": 0.0},
    },
    "south pole": {**TAN, "CRVAL2": -89.9999, **turned(200.0)},
    "sine": {**TAN, **turned(0.0), "CTYPE1": "RA---SIN", "CTYPE2": "DEC--SIN"},
}


def image_with(header, shape=SHAPE, **keywords):
    scales, _ = Header(header).wcs_pixel_scales()
    return aa.Array2D.no_mask(np.arange(float(np.prod(shape))).reshape(shape), scales, header=header, **keywords)


def wcs_of(header, **keywords):
    image = image_with(header, **keywords)
    return WCS.from_header(image.header, image.geometry)


@pytest.mark.parametrize("name", HEADERS)
def test_pixels_are_where_astropy_says_and_back(name):
    wcs = wcs_of(HEADERS[name], origin=(0.3, -0.2))
    theirs = AstropyWCS(astropy_fits.Header(HEADERS[name]))
    rows, columns = np.indices(SHAPE).reshape(2, -1)
    ra, dec = wcs.sky_from_pixels(np.stack((rows, columns), axis=-1))
    sky = theirs.all_pix2world(columns, SHAPE[0] - 1 - rows, 0)  # FITS counts rows from the bottom
    sky = sky[::-1] if name == "declination first" else sky
    assert SkyCoord(ra, dec, unit="deg").separation(SkyCoord(*sky, unit="deg")).arcsec.max() < 1e-9
    positions = np.random.default_rng(1).uniform(-3.0, 3.0, (200, 2))
    assert np.abs(wcs.positions_from(*wcs.sky_from(positions)) - positions).max() < 1e-9


def test_tangent_plane_offsets_are_arcseconds():
    wcs = wcs_of({**HEADERS["north up"], "CRPIX1": 51.0, "CRPIX2": 40.5})  # the middle of the image
    ra, dec = wcs.sky_from(np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]]))
    assert (ra[0], dec[0]) == pytest.approx((149.87, 62.21), abs=1e-13)
    plane = 3600.0 * np.degrees(np.tan(np.radians(dec[1] - dec[0])))
    assert plane == pytest.approx(2.0, abs=1e-9) and ra[2] < ra[0]  # East is to the left


@pytest.mark.parametrize(
    ("name", "north", "east", "mirrored"),
    [("north up", 90.0, 180.0, False), ("turned", 127.0, 217.0, False), ("mirrored", 340.0, 250.0, True)],
)
def test_north_east_and_parity(name, north, east, mirrored):
    wcs = wcs_of({**HEADERS[name], "CRPIX1": 51.0, "CRPIX2": 40.5})
    assert wcs.north_angle == pytest.approx(north, abs=1e-6)
    assert wcs.east_angle == pytest.approx(east, abs=1e-6)
    assert wcs.is_mirrored == mirrored


@pytest.mark.parametrize("name", HEADERS)
def test_position_angle_is_that_between_two_places(name):
    wcs = wcs_of(HEADERS[name])
    for angle in (0.0, 33.0, 170.0, 290.0):
        step = 0.1 * np.array([np.sin(np.radians(angle)), np.cos(np.radians(angle))])
        places = SkyCoord(*wcs.sky_from(np.array([[1.0, -0.5] - step, [1.0, -0.5] + step])), unit="deg")
        theirs = places[0].position_angle(places[1]).deg
        if name != "south pole":  # where it changes from one place to the other
            assert wcs.position_angle_from(angle, (1.0, -0.5)) == pytest.approx(theirs, abs=1e-3)
        back = wcs.angle_from(wcs.position_angle_from(angle, (1.0, -0.5)), (1.0, -0.5))
        assert back == pytest.approx(angle, abs=1e-8) or back == pytest.approx(angle + 360.0, abs=1e-8)


@pytest.mark.parametrize("shape", [(40, 61), (120, 131)])
def test_a_trimmed_or_padded_image_shows_the_same_sky(shape):
    whole, part = image_with(HEADERS["sip"]), image_with(HEADERS["sip"]).resized_from(shape)
    positions = np.random.default_rng(2).uniform(-1.0, 1.0, (20, 2))
    ra, dec = WCS(part.header, part.geometry).sky_from(positions)
    assert np.allclose(np.array(WCS(whole.header, whole.geometry).sky_from(positions)), [ra, dec], rtol=0, atol=1e-12)


def test_galactic_axes_are_told_as_icrs():
    header = {**HEADERS["turned"], "CTYPE1": "GLON-TAN", "CTYPE2": "GLAT-TAN", "CRVAL1": 120.0, "CRVAL2": 40.0}
    header |= {"CRPIX1": 51.0, "CRPIX2": 40.5}
    wcs = wcs_of(header)
    there = SkyCoord(120.0, 40.0, unit="deg", frame="galactic").icrs
    ra, dec = wcs.sky_from((0.0, 0.0))
    assert (ra, dec) == pytest.approx((there.ra.deg, there.dec.deg), abs=1e-10)
    assert wcs.positions_from(ra, dec) == pytest.approx([0.0, 0.0], abs=1e-8)


def test_axes_of_a_radio_image_and_tables_of_distortion_are_left_out():
    tables = {"CPDIS1": "LOOKUP", "CPDIS2": "LOOKUP", "D2IMDIS1": "LOOKUP"}
    more = {"WCSAXES": 4, "CTYPE3": "FREQ", "CRVAL3": 1.4e9, "CDELT3": 1e6, "CTYPE4": "STOKES", "CRVAL4": 1.0}
    positions = np.array([[0.3, 0.2], [-1.0, 0.5]])
    wanted = wcs_of(HEADERS["north up"]).sky_from(positions)
    for header in ({**HEADERS["north up"], **tables}, {**more, **HEADERS["north up"]}):
        assert np.allclose(wcs_of(header).sky_from(positions), wanted, rtol=0, atol=1e-12)


def test_the_header_stays_through_files_masks_and_arithmetic(tmp_path):
    image = image_with({**HEADERS["turned"], "BUNIT": "electron/s"})
    image.output_to_fits(tmp_path / "data.fits")
    fits.write_array_2d(aa.Array2D.full(1.0, SHAPE, image.pixel_scales), tmp_path / "noise.fits")
    dataset = aa.Imaging.from_fits(tmp_path / "data.fits", tmp_path / "noise.fits")
    assert dataset.pixel_scales == (0.05, 0.05)
    masked = dataset.apply_mask(aa.Mask2D.circular(SHAPE, radius=1.0, pixel_scales=0.05))
    wanted = AstropyWCS(astropy_fits.Header(HEADERS["turned"])).all_pix2world(50.0, 39.5, 0)
    arrays, settings = stored.parts_of(masked)
    for data in (masked.data, copy.deepcopy(masked.data) * 2.0, stored.imaging_from(arrays, settings).data):
        assert np.allclose(WCS(data.header, data.geometry).sky_from((0.0, 0.0)), wanted, rtol=0, atol=1e-13)
    masked.output_to_fits(tmp_path / "again.fits")
    theirs = AstropyWCS(astropy_fits.getheader(tmp_path / "again.fits"))
    assert np.allclose(theirs.all_pix2world(50.0, 39.5, 0), wanted, rtol=0, atol=1e-13)


def test_identity_of_headers_is_their_content():
    header = Header(HEADERS["turned"])
    same = Header(dict(reversed(HEADERS["turned"].items())))
    assert header == same and hash(header) == hash(same)
    assert header != Header(HEADERS["sip"]) and header == HEADERS["turned"]


@pytest.mark.parametrize(
    ("keywords", "scales"),
    [
        ({"PIXSCALE": 0.03}, (0.03, 0.03)),
        ({"PIXSCAY": 0.1, "PIXSCAX": 0.2}, (0.1, 0.2)),
        ({"CDELT1": -STEP, "CDELT2": STEP}, None),
        ({"CDELT1": -STEP, "CDELT2": STEP, "CUNIT1": "deg", "CUNIT2": "deg"}, (0.05, 0.05)),
        ({"CTYPE1": "LINEAR", "CTYPE2": "LINEAR", "CDELT1": 0.02, "CDELT2": 0.02}, None),
        ({**HEADERS["mirrored"], "PIXSCALE": 0.2}, (0.05, 0.05)),
        ({"PIXSCALE": 0.2, "PIXSCAY": 0.1, "PIXSCAX": 0.1}, (0.1, 0.1)),
        ({"CDELT1": 1e-7, "CDELT2": 1e-7, "CUNIT1": "rad", "CUNIT2": "rad"}, (0.0206264806, 0.0206264806)),
        (HEADERS["mirrored"], (0.05, 0.05)),
        (HEADERS["oblong pixels"], (0.075, 0.05)),
        ({"CDELT1": -0.05, "CDELT2": 0.05, "CUNIT1": "arcsec", "CUNIT2": "arcsec"}, (0.05, 0.05)),
        ({"CDELT1": -0.05, "CDELT2": 0.05, "CUNIT1": "m"}, None),
        ({"PIXSCALE": "0.03"}, None),
        ({"CDELT1": 1.0, "CDELT2": 1.0}, None),
        ({}, None),
    ],
)
def test_pixel_scale_of_a_header(keywords, scales):
    found = Header(keywords).pixel_scales()
    assert (found if found is None else found[0]) == scales


def test_a_pixel_scale_that_is_not_known_or_contradicted_is_an_error(tmp_path):
    astropy_fits.PrimaryHDU(np.ones((5, 5))).writeto(tmp_path / "bare.fits")
    with pytest.raises(aa.exc.DatasetException, match=r"Write pixel_scales=0.05"):
        aa.Imaging.from_fits(tmp_path / "bare.fits", tmp_path / "bare.fits")
    astropy_fits.PrimaryHDU(np.ones((5, 5)), astropy_fits.Header(HEADERS["turned"])).writeto(tmp_path / "sky.fits")
    with pytest.raises(aa.exc.DatasetException, match=r"pixel_scales=0.06 arcsec, but .* says 0.05 arcsec"):
        aa.Imaging.from_fits(tmp_path / "sky.fits", tmp_path / "bare.fits", pixel_scales=0.06)
    near = aa.Imaging.from_fits(tmp_path / "sky.fits", tmp_path / "bare.fits", pixel_scales=0.0502)
    assert near.pixel_scales == (0.0502, 0.0502) and near.wcs is not None
    assert aa.Imaging.from_fits(tmp_path / "bare.fits", tmp_path / "bare.fits", pixel_scales=0.06).wcs is None


def test_a_damaged_wcs_is_an_error_of_ours():
    damaged = {**HEADERS["turned"], "CTYPE2": "DEC--ABC", "CRPIX1": "first"}
    image = aa.Array2D.no_mask(np.ones(SHAPE), 0.05, header=damaged).resized_from((40, 61))
    with pytest.raises(aa.exc.DatasetException, match="WCS of the header cannot be used"):
        WCS.from_header(image.header, image.geometry)


def test_the_other_side_of_the_sky_is_an_error():
    with pytest.raises(aa.exc.GridException, match="other side"):
        wcs_of(HEADERS["turned"]).positions_from(149.87 + 180.0, -62.0)
    with pytest.raises(aa.exc.GridException, match="between -90 and 90"):
        wcs_of(HEADERS["turned"]).positions_from(10.0, 91.0)


@pytest.mark.parametrize(
    ("ra", "dec", "text"),
    [
        (149.8712345, -0.0001, "09:59:29.0963 -00:00:00.360"),
        (359.9999999, 12.3456789, "00:00:00.0000 +12:20:44.444"),
        (0.0, 89.9999, "00:00:00.0000 +89:59:59.640"),
        (359.999999999, -1e-9, "00:00:00.0000 +00:00:00.000"),
    ],
)
def test_sexagesimal_and_back(ra, dec, text):
    assert sexagesimal_from(ra, dec) == text
    right, up = text.split()
    assert abs((degrees_from(right, is_ra=True) - ra + 180.0) % 360.0 - 180.0) < 15.0 * 0.5e-4 / 3600.0 + 1e-10
    assert degrees_from(up, is_ra=False) == pytest.approx(dec, abs=0.5e-3 / 3600.0 + 1e-10)


@pytest.mark.parametrize(
    ("text", "is_ra", "degrees"),
    [
        ("9h59m29.1s", True, 149.87125),
        ("149d52m16.5s", True, 149.87125),
        ("149\u00b0 52' 16.5\"", True, 149.87125),
        ("09 59 29.1", True, 149.87125),
        ("9:59.485", True, 149.87125),
        ("149.87125", True, 149.87125),
        ("-0 30 0", False, -0.5),
        ("\u22120:30:00", False, -0.5),
        ("-0d30m", False, -0.5),
    ],
)
def test_sexagesimal_texts(text, is_ra, degrees):
    assert degrees_from(text, is_ra) == pytest.approx(degrees, abs=1e-10)


@pytest.mark.parametrize(
    ("text", "is_ra"),
    [
        ("north", False),
        ("25:00:00", True),
        ("149:52:12", True),
        ("-9:00:00", True),
        ("361d00m00s", True),
        ("9:60:00", True),
        ("9:59:60", True),
        ("9h59d29s", True),
        ("9h59'29\"", True),
        ("9s59m29h", True),
        ("9.5:30:00", True),
        ("9h59:29", True),
        ("1:2:3:4", True),
        ("2h12m36s", False),
        ("90:00:01", False),
        ("+02:-12:36", False),
    ],
)
def test_sexagesimal_texts_that_do_not_fit(text, is_ra):
    with pytest.raises(aa.exc.GridException, match=r"wanted (149\.87|2\.21)"):
        degrees_from(text, is_ra)


@pytest.mark.parametrize("date", [{}, {"DATE-OBS": "1987-03-01"}, {"MJD-OBS": 46855.0}])
@pytest.mark.parametrize("equinox", ["EPOCH", "EQUINOX"])
def test_places_of_1950_are_told_as_icrs(date, equinox):
    header = {**HEADERS["turned"], equinox: 1950.0, **date}
    del header["RADESYS"]
    wcs = wcs_of(header)
    ra, dec = AstropyWCS(astropy_fits.Header(HEADERS["turned"])).all_pix2world(12.0, 70.0, 0)
    when = Time("1987-03-01" if date else "B1950")
    there = SkyCoord(ra, dec, unit="deg", frame=FK4(equinox="B1950", obstime=when)).icrs
    found = SkyCoord(*wcs.sky_from_pixels((SHAPE[0] - 1 - 70.0, 12.0)), unit="deg")
    assert found.separation(there).arcsec < 1e-6
    assert wcs.pixels_from(found.ra.deg, found.dec.deg) == pytest.approx((SHAPE[0] - 1 - 70.0, 12.0), abs=1e-5)
