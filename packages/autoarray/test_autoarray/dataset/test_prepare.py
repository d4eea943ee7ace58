"""Frames of known truth, prepared: units, noise, sky, cut-out, PSF and flags against what was put in."""

import json

import numpy as np
import pytest
from astropy.io import fits as astropy_fits
from astropy.wcs import WCS as AstropyWCS
from scipy.signal import fftconvolve
from scipy.special import erf

import autoarray as aa
from autoarray.dataset import fits
from autoarray.dataset.prepare import region
from autoarray.dataset.prepare.ledger import Ledger
from autoarray.dataset.prepare.psf import psf_from
from autoarray.dataset.prepare.units import kind_from, units_from

SHAPE = (260, 251)
SCALE = 0.05
TIME, GAIN, READ_NOISE, BIAS, SKY = 600.0, 1.7, 6.0, 400.0, 0.8
PLACE = (120, 133)
"""FITS row and column of the lens, from 0."""
SIZE = 6.05
"""121 pixels."""
SKY_HEADER = {
    **{"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 149.87, "CRVAL2": 2.21, "CRPIX1": 30.0, "CRPIX2": 70.0},
    **{"CD1_1": -SCALE / 3600.0, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": SCALE / 3600.0},
}


def prepare(path, **options):
    return aa.RawFrame(path, **options).prepare()


def psf_of(size=25, sigma=1.4, middle=None):
    y, x = np.indices((size, size)) - ((size - 1) / 2.0 if middle is None else middle)
    psf = np.exp(-0.5 * (x**2 + y**2) / sigma**2)
    return psf / psf.sum()


def truth():
    """Light of sources [e-/s] after the PSF, FITS rows."""
    y, x = np.indices(SHAPE)
    y, x = y - PLACE[0], x - PLACE[1]
    radius = np.sqrt(x**2 + 1.3 * y**2)
    light = 12.0 * np.exp(-((radius / 8.0) ** 0.8)) + 2.0 * np.exp(-0.5 * ((radius - 24.0) / 3.0) ** 2)
    light += 5.0 * np.exp(-0.5 * ((y + 70) ** 2 + (x - 80) ** 2) / 9.0)  # a neighbour
    return fftconvolve(light, psf_of(), mode="same")


def exposed(times, seed=1, sky=SKY):
    """Electrons per second with the noise of photons and of the detector, and its standard deviation."""
    rng = np.random.default_rng(seed)
    mean = (truth() + sky) * times
    electrons = rng.poisson(mean) + rng.normal(0.0, READ_NOISE, SHAPE)
    return electrons / times, np.sqrt(mean + READ_NOISE**2) / times


def written(path, images, **keywords):
    """A file with one HDU an image; the keywords stand in the first one, the WCS with every image."""
    hdus = [astropy_fits.PrimaryHDU(header=astropy_fits.Header(keywords))]
    hdus += [astropy_fits.ImageHDU(v, astropy_fits.Header(SKY_HEADER), name=name) for name, v in images.items()]
    astropy_fits.HDUList(hdus).writeto(path)
    return path


def cut(values):
    half = 60
    part = values[PLACE[0] - half : PLACE[0] + half + 1, PLACE[1] - half : PLACE[1] + half + 1]
    return part[::-1]  # our first row is the top


def raw_frame(folder):
    rates, sigma = exposed(TIME)
    adu = np.round(rates * TIME / GAIN + BIAS)
    flags = np.zeros(SHAPE, dtype=np.int16)
    flags[PLACE[0] + 3, PLACE[1] - 5], flags[PLACE[0] + 30, PLACE[1]] = 4, 2
    adu[PLACE[0] + 3, PLACE[1] - 5] = 60000.0
    written(folder / "flags.fits", {"DQ": flags})
    path = written(folder / "raw.fits", {"SCI": adu}, EXPTIME=TIME, GAIN=GAIN, BUNIT="ADU", SATURATE=65000.0)
    return path, sigma, {"flags": folder / "flags.fits"}


def drizzled_frame(folder):
    times = np.full(SHAPE, TIME)
    times[:, 110:] *= 2.0 / 3.0  # one exposure of three missed these columns
    rates, sigma = exposed(times)
    images = {"SCI": rates, "WHT": times}
    return written(folder / "drc.fits", images, EXPTIME=TIME, BUNIT="ELECTRONS/S"), sigma, {}


def weighted_frame(folder):
    rates, sigma = exposed(TIME)
    written(folder / "weight.fits", {"W": np.full(SHAPE, 1.0 / (SKY * TIME + READ_NOISE**2))})  # of the sky alone
    path = written(folder / "image.fits", {"SCI": rates * TIME}, EXPTIME=TIME, BUNIT="electrons")
    return path, sigma, {"weight": folder / "weight.fits", "weight_kind": "inverse-variance"}


def relative_frame(folder):
    rates, sigma = exposed(TIME)
    written(folder / "weight.fits", {"W": np.full(SHAPE, 0.37)})
    path = written(folder / "image.fits", {"SCI": rates * TIME / GAIN}, EXPTIME=TIME, BUNIT="DN")
    return path, sigma, {"weight": folder / "weight.fits", "weight_kind": "relative", "gain": GAIN}


def jwst_frame(folder):
    rates, sigma = exposed(TIME, sky=3.0)
    per_unit = 0.31
    images = {"SCI": rates / GAIN * per_unit, "ERR": sigma / GAIN * per_unit, "WHT": np.ones(SHAPE)}
    path = written(folder / "i2d.fits", images, BUNIT="MJy/sr", PHOTMJSR=per_unit, PIXAR_SR=2.3e-14, XPOSURE=TIME)
    return path, sigma, {"gain": GAIN}


FRAMES = {
    "raw": raw_frame,
    "drizzled": drizzled_frame,
    "weighted": weighted_frame,
    "relative": relative_frame,
    "jwst": jwst_frame,
}


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_of_known_truth(kind, tmp_path):
    path, sigma, options = FRAMES[kind](tmp_path)
    prepared = prepare(path, pixel=(PLACE[0] + 1, PLACE[1] + 1), size=SIZE, **options)

    data, noise, good = prepared.dataset.data, prepared.dataset.noise_map, ~prepared.flags.array
    assert data.shape_native == (121, 121) and prepared.values["unit"] == "e-/s"
    ratio = (noise.native.array / cut(sigma))[good]
    assert np.median(ratio) == pytest.approx(1.0, abs=0.02)
    bright = (cut(truth()) > 1.0)[good]
    assert np.median(ratio[bright]) == pytest.approx(1.0, abs=0.02)
    residuals = (data.native.array - cut(truth()))[good] / noise.native.array[good]
    pixels = good.sum()
    assert abs(np.sum(residuals**2) - pixels) < 3.0 * np.sqrt(2.0 * pixels)
    assert abs(np.mean(residuals)) < 0.08  # faint wings of sources are taken for sky


def test_flags_saturation_and_missing_values(tmp_path):
    path, _, options = raw_frame(tmp_path)
    with astropy_fits.open(path, mode="update") as hdus:
        hdus["SCI"].data[PLACE[0], PLACE[1] + 10] = 65535.0
        hdus["SCI"].data[PLACE[0], PLACE[1] + 20] = np.nan
    bad = np.zeros(SHAPE, dtype=bool)
    for step in ((3, -5), (30, 0), (0, 10), (0, 20)):
        bad[PLACE[0] + step[0], PLACE[1] + step[1]] = True

    prepared = prepare(path, pixel=(PLACE[0] + 1, PLACE[1] + 1), size=SIZE, **options)
    assert np.array_equal(prepared.flags.array, cut(bad))
    assert np.all(prepared.dataset.data.native.array[cut(bad)] == 0.0)
    assert np.all(prepared.dataset.noise_map.native.array[cut(bad)] == 1e8)
    bad[PLACE[0] + 30, PLACE[1]] = False  # its flag is 2
    of_bit = prepare(path, pixel=(PLACE[0] + 1, PLACE[1] + 1), size=SIZE, flag_bits=4, **options)
    assert np.array_equal(of_bit.flags.array, cut(bad))


def test_a_cut_out_on_the_sky_and_in_pixels_is_the_same(tmp_path):
    path, _, _ = drizzled_frame(tmp_path)
    ra, dec = (float(v) for v in AstropyWCS(astropy_fits.Header(SKY_HEADER)).all_pix2world(PLACE[1], PLACE[0], 0))
    on_sky = prepare(path, ra=ra, dec=dec, size=SIZE)
    in_pixels = prepare(path, pixel=(PLACE[0] + 1, PLACE[1] + 1), size=SIZE)
    assert np.array_equal(on_sky.dataset.data.array, in_pixels.dataset.data.array)
    assert np.allclose(on_sky.dataset.wcs.sky_from((0.0, 0.0)), (ra, dec), rtol=0, atol=1e-10)
    assert np.abs(on_sky.dataset.wcs.positions_from(ra, dec)).max() < 1e-6
    assert on_sky.values["pixel_scale"] == SCALE


def test_a_tilted_sky_is_taken_away_by_a_plane(tmp_path):
    rates, sigma = exposed(TIME)
    y, x = np.indices(SHAPE)
    tilt = 0.004 * (x - 100.0) - 0.002 * (y - 50.0)
    path = written(tmp_path / "image.fits", {"SCI": rates + tilt}, EXPTIME=TIME, BUNIT="ELECTRONS/S")
    prepared = prepare(path, pixel=(PLACE[0] + 1, PLACE[1] + 1), size=SIZE, background="plane")
    assert prepared.dataset.data.native.array == pytest.approx(cut(rates - SKY), abs=0.01)


def test_the_folder_is_that_of_a_fit_and_is_not_written_over(tmp_path):
    path, _, options = raw_frame(tmp_path)
    astropy_fits.PrimaryHDU(3.0 * psf_of()).writeto(tmp_path / "psf.fits")
    prepared = prepare(path, pixel=(121, 134), size=SIZE, psf=tmp_path / "psf.fits", psf_size=15, **options)
    folder = prepared.write(tmp_path / "lens")
    mask = aa.Mask2D.from_fits(folder / "mask_extra_galaxies.fits", pixel_scales=SCALE)
    read = aa.Imaging.from_fits(folder / "data.fits", folder / "noise_map.fits", folder / "psf.fits", mask=mask)
    assert np.array_equal(read.data.array, prepared.dataset.data.apply_mask(mask).array)
    assert read.psf.shape_native == (15, 15) and read.psf.kernel.array.sum() == pytest.approx(1.0, abs=1e-12)
    assert np.allclose(read.wcs.sky_from((0.3, 0.2)), prepared.dataset.wcs.sky_from((0.3, 0.2)), rtol=0, atol=1e-12)
    info = json.loads((folder / "info.json").read_text())
    assert info["pixel_scale"] == SCALE and info["gain"] == GAIN and info["exposure_time"] == TIME
    assert info["psf_sum"] == pytest.approx(3.0)
    assert set(info) - {"origins", "notes"} == set(info["origins"])
    with pytest.raises(aa.exc.FileException, match=r"holds data\.fits, .* already"):
        prepared.write(folder)


def camera_of(path, names=("SCI", "ERR", "DQ"), versions=(1, 2)):
    """Chips one after the other; chip n has noise n and a bad pixel in row 20 n of FITS, from 0."""
    rng = np.random.default_rng(2)
    hdus = [astropy_fits.PrimaryHDU(header=astropy_fits.Header({"EXPTIME": TIME}))]
    for version in versions:
        bad = np.zeros((150, 160), dtype=np.int16)
        bad[20 * version, 5] = 1
        values = {"SCI": rng.normal(0.0, version, bad.shape), "ERR": np.full(bad.shape, float(version)), "DQ": bad}
        for name in names:
            header = astropy_fits.Header({**SKY_HEADER, "BUNIT": "ELECTRONS/S"})
            hdus.append(astropy_fits.ImageHDU(values[name], header, name=name, ver=version))
    astropy_fits.HDUList(hdus).writeto(path)
    return path


@pytest.mark.parametrize(("hdu", "chip"), [(None, 1), ("SCI", 1), (1, 1), (4, 2)])
def test_noise_and_flags_are_those_of_the_chip(hdu, chip, tmp_path):
    prepared = prepare(camera_of(tmp_path / "mef.fits"), science_hdu=hdu, source_noise="included")
    assert np.argwhere(prepared.flags.array).tolist() == [[149 - 20 * chip, 5]]
    assert prepared.dataset.noise_map.array[~prepared.flags.array.ravel()] == pytest.approx(chip)
    noise = camera_of(tmp_path / "noise.fits", names=("ERR",))
    options = {"weight": noise, "weight_kind": "rms", "flags": camera_of(tmp_path / "flags.fits", names=("DQ",))}
    image = camera_of(tmp_path / "image.fits", names=("SCI",))
    apart = prepare(image, science_hdu=2 if chip == 2 else hdu, source_noise="included", **options)
    for one, other in ((apart.dataset.noise_map, prepared.dataset.noise_map), (apart.flags, prepared.flags)):
        assert np.array_equal(one.array, other.array)


def test_maps_of_another_chip_are_left_out(tmp_path):
    path = camera_of(tmp_path / "mef.fits")
    with astropy_fits.open(path) as hdus:
        astropy_fits.HDUList([hdus[i] for i in (0, 1, 2, 4)]).writeto(tmp_path / "lone.fits")
    prepared = prepare(tmp_path / "lone.fits", science_hdu=3)
    assert "weight" not in prepared.values and prepared.values["sky_noise"] == pytest.approx(2.0, rel=0.03)
    assert any("ERR of EXTVER 1 is that of another chip than the image, of EXTVER 2" in n for n in prepared.notes)
    with astropy_fits.open(path) as hdus:  # one image and one map
        hdus[5].ver = 1
        astropy_fits.HDUList([hdus[i] for i in (0, 4, 5)]).writeto(tmp_path / "pair.fits")
    assert prepare(tmp_path / "pair.fits").values["weight"] == "pair.fits, HDU ERR"


@pytest.mark.parametrize("hdu", [1, 4])
def test_a_cut_out_named_by_number_reads_its_part_alone(hdu, tmp_path, monkeypatch):
    path = camera_of(tmp_path / "mef.fits")
    parts = []
    read = fits.part_2d_from
    monkeypatch.setattr(fits, "part_2d_from", lambda *a: parts.append(read(*a)) or parts[-1])
    monkeypatch.setattr(fits, "array_2d_from", lambda *a, **k: pytest.fail("a whole image was read"))
    monkeypatch.setattr(region, "MARGIN", 40)
    prepare(path, science_hdu=hdu, pixel=(60, 60), size=1.05)
    assert [part.shape for part in parts] == [(101, 101)] * 3


@pytest.mark.parametrize("form", ["compressed", "zipped", "whole numbers", "radio axes"])
def test_forms_of_files(form, tmp_path):
    rng = np.random.default_rng(4)
    values = np.round(rng.normal(1000.0, 50.0, (150, 160)))
    header = astropy_fits.Header({"BUNIT": "ADU", "GAIN": 2.0, "EXPTIME": 100.0, "PIXSCALE": 0.1})
    name = {"compressed": "a.fits.fz", "zipped": "a.fits.gz"}.get(form, "a.fits")
    hdu = astropy_fits.PrimaryHDU(values[None, None] if form == "radio axes" else values, header)
    if form == "whole numbers":
        hdu = astropy_fits.PrimaryHDU(values.astype(np.uint16), header)
    if form == "compressed":
        hdu = astropy_fits.HDUList(
            [astropy_fits.PrimaryHDU(), astropy_fits.CompImageHDU(values.astype(np.int32), header)]
        )
    hdu.writeto(tmp_path / name)
    data = prepare(tmp_path / name, size=2.1, pixel=(100, 40)).dataset.data.native.array
    part = values[89:110, 29:50][::-1] * 2.0 / 100.0
    assert data == pytest.approx(part - part.mean() + data.mean(), abs=1e-9)
    assert data.mean() == pytest.approx(part.mean() - 20.0, abs=0.02)


def test_a_large_frame_wants_a_cut_out(tmp_path):
    header = astropy_fits.Header({"BUNIT": "ELECTRONS/S", "PIXSCALE": 0.1, "EXPTIME": 1.0})
    astropy_fits.PrimaryHDU(np.zeros((1500, 1500), dtype=np.int16), header).writeto(tmp_path / "a.fits")
    with pytest.raises(aa.exc.DatasetException, match=r"size=20\.0"):
        prepare(tmp_path / "a.fits")


def test_a_sky_without_noise_is_an_error(tmp_path):
    header = astropy_fits.Header({"BUNIT": "ELECTRONS/S", "PIXSCALE": 0.1, "EXPTIME": 1.0})
    astropy_fits.PrimaryHDU(np.zeros((150, 150)), header).writeto(tmp_path / "a.fits")
    with pytest.raises(aa.exc.DatasetException, match="all have the same value"):
        prepare(tmp_path / "a.fits")
    hdus = [astropy_fits.PrimaryHDU(np.full((150, 150), np.nan), header)]
    astropy_fits.HDUList(hdus).writeto(tmp_path / "nan.fits")
    with pytest.raises(aa.exc.DatasetException, match="0 empty pixels"):
        prepare(tmp_path / "nan.fits")


def test_many_flags_are_told(tmp_path):
    path, _, _ = drizzled_frame(tmp_path)
    written(tmp_path / "flags.fits", {"DQ": np.where(np.random.default_rng(1).uniform(size=SHAPE) < 0.1, 4, 0)})
    notes = prepare(path, flags=tmp_path / "flags.fits").notes
    assert any("10 % of the pixels are flagged: flag_bits=4" in note for note in notes)


def test_zero_points():
    hst = aa.Header({"BUNIT": "ELECTRONS/S", "PHOTFLAM": 7.0331e-20, "PHOTPLAM": 8045.5, "EXPTIME": 2096.0})
    ledger = Ledger()
    units_from(hst, ledger)
    assert ledger.values["magnitude_zero_point"] == pytest.approx(25.95, abs=0.01)  # ACS F814W, STScI's tables
    jwst = aa.Header({"BUNIT": "MJy/sr", "PIXAR_SR": 2.29e-14})
    units_from(jwst, ledger, has_noise=True)
    assert ledger.values["unit"] == "MJy/sr"  # without PHOTMJSR
    assert ledger.values["magnitude_zero_point"] == pytest.approx(28.0, abs=0.01)  # NIRCam short, as in catalogues


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ELECTRONS/S", "e-/s"),
        ("electron s-1", "e-/s"),
        ("e-/sec", "e-/s"),
        ("ELECTRONS", "e-"),
        ("DN/s", "adu/s"),
        ("counts", "adu"),
        ("MJy/sr", "MJy/sr"),
        ("erg/s", None),
    ],
)
def test_names_of_units(text, kind):
    assert kind_from(text) == kind


@pytest.mark.parametrize(("size", "middle"), [(25, None), (24, None), (31, 13.0)])
def test_psf_is_odd_centred_and_normalized(size, middle, tmp_path):
    astropy_fits.PrimaryHDU(0.9 * psf_of(size, middle=middle)).writeto(tmp_path / "psf.fits")
    values = psf_from(tmp_path / "psf.fits", 0, 15, SCALE, Ledger()).native.array
    y, x = np.indices(values.shape) - 7
    assert values.shape == (15, 15) and values.sum() == pytest.approx(1.0)
    assert (values * y).sum() == pytest.approx(0.0, abs=1e-9) and (values * x).sum() == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("finer", [2, 3, 4])
def test_a_finer_psf_is_summed_over_pixels(finer, tmp_path):
    def column_of(count, width):  # a Gaussian integrated over pixels
        return np.diff(erf((np.arange(count + 1) - 0.5 * count) * width / (1.4 * np.sqrt(2.0))))

    fine = column_of(25 * finer + 1 - (25 * finer) % 2, 1.0 / finer)
    header = astropy_fits.Header({"PIXELSCL": SCALE / finer})
    astropy_fits.PrimaryHDU(np.outer(fine, fine), header).writeto(tmp_path / "psf.fits")
    values = psf_from(tmp_path / "psf.fits", 0, 15, SCALE, Ledger()).native.array
    wanted = np.outer(column_of(15, 1.0), column_of(15, 1.0))
    error = 1e-9 if finer % 2 else 0.15 / finer**2  # of fine pixels cut in two
    assert values == pytest.approx(wanted / wanted.sum(), abs=error * wanted.max() / wanted.sum())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pixel": (900, 10), "size": 2.0}, "outside the frame"),
        ({"ra": 149.87, "size": 2.0}, "wanted both"),
        ({"ra": 149.87, "dec": 2.21}, "place without a size"),
        ({"size": -2.0}, "positive number of arc-seconds"),
        ({"gain": -1.0, "unit": "adu"}, "gain=-1.0, wanted a finite number above zero"),
        ({"unit": "furlong"}, "unit='furlong', wanted one of"),
        ({"weight_kind": "rms"}, "without a map"),
        ({"background": "cubic"}, "background='cubic', wanted"),
        ({"pixel_scale": 0.2}, r"^pixel_scale=0\.2 \(--pixel-scale 0\.2\) arcsec, but .* says 0\.05 arcsec"),
        ({"source_noise": "perhaps"}, "wanted one of auto"),
    ],
)
def test_what_cannot_be_prepared_says_why(options, message, tmp_path):
    rates, _ = exposed(TIME)
    path = written(tmp_path / "image.fits", {"SCI": rates}, EXPTIME=TIME, BUNIT="ELECTRONS/S")
    with pytest.raises(aa.exc.AutoException, match=message):
        prepare(path, **options)


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"EXPTIME": TIME}, "no BUNIT. Write unit='e-/s'"),
        ({"BUNIT": "ADU", "EXPTIME": TIME}, "without a gain"),
        ({"BUNIT": "ELECTRONS"}, "without an exposure time"),
    ],
)
def test_what_a_header_does_not_say_is_asked_for(keywords, message, tmp_path):
    path = written(tmp_path / "image.fits", {"SCI": exposed(TIME)[0]}, **keywords)
    with pytest.raises(aa.exc.DatasetException, match=message):
        prepare(path)
