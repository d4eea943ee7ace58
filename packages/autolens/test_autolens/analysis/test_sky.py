"""Centres and position angles of a fit on the sky against astropy, in its result, its folder and the table."""

import json

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.io import fits as astropy_fits
from astropy.wcs import WCS as AstropyWCS

import autolens as al
from autoarray import exc
from autogalaxy.inference import Samples

SHAPE = (30, 31)
STEP = 0.1 / 3600.0
C, S = np.cos(np.radians(25.0)), np.sin(np.radians(25.0))
HEADER = {
    **{"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 149.87, "CRVAL2": 2.21, "CRPIX1": 10.0, "CRPIX2": 12.0},
    **{"CD1_1": -STEP * C, "CD1_2": -STEP * S, "CD2_1": -STEP * S, "CD2_2": STEP * C},
}
ANGLE = 30.0
"""Of the lens, counter-clockwise from the rows of pixels."""


def result_of(header, **parts):
    f, phi = 0.2, np.radians(ANGLE)
    lens = al.Model(
        al.Galaxy,
        redshift=0.5,
        shear=al.mp.ExternalShear(gamma_1=0.02),
        bulge=al.Model(al.lp.SersicSph, centre=(0.4, 0.1)),
        mass=al.Model(al.mp.Isothermal, centre=(0.3, -0.2), ell_comps=(f * np.sin(2.0 * phi), f * np.cos(2.0 * phi))),
    )
    source = al.Galaxy(redshift=1.0, bulge=al.lp.SersicSph(centre=(0.5, 0.6)))
    model = al.Collection(galaxies=al.Collection(source=source, lens=lens), **parts)
    data = al.Array2D.no_mask(np.ones(SHAPE), 0.1, header=header)
    dataset = al.Imaging(data, np.ones(SHAPE))
    dataset = dataset.apply_mask(al.Mask2D.circular(SHAPE, radius=1.0, pixel_scales=0.1))
    values = [model.vector_from_unit_vector([0.4 + 0.1 * i] * model.prior_count) for i in range(3)]
    samples = Samples(model, np.array(values), [0.0, 1.0, 0.5], weights=np.ones(3))
    return al.AnalysisImaging(dataset).make_result(samples, None)


def sky_of(y, x):
    column, row = x / 0.1 + (SHAPE[1] - 1) / 2.0, y / 0.1 + (SHAPE[0] - 1) / 2.0  # rows from the bottom
    return SkyCoord(*AstropyWCS(astropy_fits.Header(HEADER)).all_pix2world(column, row, 0), unit="deg")


def separation(place, theirs):
    return SkyCoord(place.ra, place.dec, unit="deg").separation(theirs).arcsec


def test_places_of_galaxies_and_profiles():
    places = result_of(HEADER).sky_positions
    assert separation(places["galaxies.lens"], sky_of(0.3, -0.2)) < 1e-8  # the centre of its mass
    assert separation(places["galaxies.lens.bulge"], sky_of(0.4, 0.1)) < 1e-8
    assert separation(places["galaxies.source"], sky_of(0.5, 0.6)) < 1e-8
    assert "galaxies.lens.shear" not in places
    theirs = sky_of(0.3, -0.2).to_string("hmsdms", sep=":", precision=3)
    ours = places["galaxies.lens"].sexagesimal()
    assert ours.split()[1] == theirs.split()[1] and ours[:11] == theirs[:11]


def test_position_angle_of_the_mass_is_east_of_north():
    places = result_of(HEADER).sky_positions
    dy, dx = 0.05 * np.sin(np.radians(ANGLE)), 0.05 * np.cos(np.radians(ANGLE))
    theirs = sky_of(0.3 - dy, -0.2 - dx).position_angle(sky_of(0.3 + dy, -0.2 + dx)).deg
    assert places["galaxies.lens.mass"].position_angle == pytest.approx(theirs % 180.0, abs=1e-3)
    assert places["galaxies.lens.bulge"].position_angle is None


def test_a_model_that_is_shifted_and_turned():
    turned = al.DatasetModel(grid_offset=(0.2, 0.1), grid_rotation_angle=90.0)
    places = result_of(HEADER, dataset_model=turned).sky_positions
    straight = result_of(HEADER).sky_positions
    assert separation(places["galaxies.lens.mass"], sky_of(0.2 - 0.2, 0.1 - 0.3)) < 1e-8
    angles = [p["galaxies.lens.mass"].position_angle for p in (places, straight)]
    assert (angles[0] - angles[1]) % 180.0 == pytest.approx(90.0, abs=1e-4)


def test_the_folder_and_the_table_have_them(tmp_path):
    result = result_of(HEADER)
    result.write(tmp_path / "fit")
    sky = json.loads((tmp_path / "fit" / "result.json").read_text())["sky"]
    assert sky["galaxy"] == "galaxies.lens" and (sky["ra"], sky["dec"]) == (
        result.sky_positions["galaxies.lens"].ra,
        result.sky_positions["galaxies.lens"].dec,
    )
    read = al.load_result(tmp_path / "fit")
    assert read.sky_positions == result.sky_positions
    row = al.results(tmp_path).table[0]
    assert separation_of_row(row) < 1e-8
    with astropy_fits.open(tmp_path / "fit" / "fit.fits") as hdus:
        for hdu in hdus:
            y, x = 0.3, -0.2
            pixel = (x / 0.1 + (SHAPE[1] - 1) / 2.0, y / 0.1 + (SHAPE[0] - 1) / 2.0)
            there = SkyCoord(*AstropyWCS(hdu.header).all_pix2world(*pixel, 0), unit="deg")
            assert there.separation(sky_of(y, x)).arcsec < 1e-8


def separation_of_row(row):
    return SkyCoord(row["ra"], row["dec"], unit="deg").separation(sky_of(0.3, -0.2)).arcsec


def test_several_datasets(tmp_path):
    with_sky, without = result_of(HEADER), result_of(None)
    both = without.analysis + with_sky.analysis
    result = both.make_result(with_sky.samples, None)
    names = set(result.sky_positions)
    assert names == {f"{both.names[1]}.{path}" for path in with_sky.sky_positions}
    result.write(tmp_path / "fit")
    assert separation_of_row(al.results(tmp_path).table[0]) < 1e-8


def test_data_without_a_wcs_say_so(tmp_path):
    result = result_of(None)
    with pytest.raises(exc.FitException, match="header of its data has no WCS"):
        result.sky_positions  # noqa: B018
    result.write(tmp_path / "fit")
    assert json.loads((tmp_path / "fit" / "result.json").read_text())["sky"] is None
    assert "ra" not in al.results(tmp_path).columns
