import numpy as np
import pytest
from astropy.io import fits as astropy_fits

import autoarray as aa
from autoarray import exc
from autoarray.dataset import fits

RNG = np.random.default_rng(2)
VALUES = RNG.normal(size=(4, 6))


def test_bottom_row_of_the_file_is_the_last_row_of_the_image(tmp_path):
    astropy_fits.writeto(tmp_path / "a.fits", VALUES)

    image = aa.Array2D.from_fits(tmp_path / "a.fits", pixel_scales=0.1)

    assert np.array_equal(image.native.array[-1], VALUES[0])
    assert image.geometry.scaled_coordinates_2d_from((3, 0))[0] == pytest.approx(-0.15)  # down on the sky


def test_file_written_is_right_side_up_for_astropy(tmp_path):
    aa.Array2D.no_mask(VALUES, 0.1).output_to_fits(tmp_path / "a.fits")

    assert np.array_equal(astropy_fits.getdata(tmp_path / "a.fits")[0], VALUES[-1])
    assert astropy_fits.getheader(tmp_path / "a.fits")["PIXSCAY"] == 0.1


def test_round_trip_of_a_masked_image_keeps_its_pixels(tmp_path):
    mask = aa.Mask2D.circular((4, 6), radius=0.2, pixel_scales=0.1)
    aa.Array2D(VALUES, mask).output_to_fits(tmp_path / "a.fits")

    assert np.array_equal(fits.array_2d_from(tmp_path / "a.fits"), np.where(mask.array, 0.0, VALUES))


def test_round_trip_of_a_grid_is_the_identity(tmp_path):
    grid = aa.Grid2D.uniform((4, 6), 0.1, origin=(1.0, 2.0))
    grid.output_to_fits(tmp_path / "g.fits")

    assert np.array_equal(aa.Grid2D.from_fits(tmp_path / "g.fits", 0.1).array, grid.array)


def test_mask_is_flipped_as_the_data_are(tmp_path):
    marked = np.zeros((4, 6))
    marked[0, 1] = 1.0
    astropy_fits.writeto(tmp_path / "m.fits", marked)

    assert np.argwhere(aa.Mask2D.from_fits(tmp_path / "m.fits", 0.1).array).tolist() == [[3, 1]]
    inverted = aa.Mask2D.from_fits(tmp_path / "m.fits", 0.1, invert=True)
    assert inverted.native_for_slim.tolist() == [[3, 1]]


def test_psf_is_flipped_as_the_data_are(tmp_path):
    kernel = np.arange(9.0).reshape(3, 3)
    astropy_fits.writeto(tmp_path / "p.fits", kernel)

    assert np.array_equal(aa.Convolver.from_fits(tmp_path / "p.fits", 0.1).kernel.native.array, kernel[::-1])


def test_hdus_are_found_by_number_and_by_name(tmp_path):
    images = {"DATA": aa.Array2D.no_mask(VALUES, 0.1), "MODEL": aa.Array2D.no_mask(2.0 * VALUES, 0.1)}
    fits.write_images(images, tmp_path / "f.fits", header={"ZLENS": 0.5})

    assert np.array_equal(fits.array_2d_from(tmp_path / "f.fits", hdu=1), 2.0 * VALUES)
    assert np.array_equal(fits.array_2d_from(tmp_path / "f.fits", hdu="MODEL"), 2.0 * VALUES)
    assert fits.header_from(tmp_path / "f.fits", hdu="DATA")["ZLENS"] == 0.5
    assert fits.hdu_names_from(tmp_path / "f.fits") == ["0 DATA (4, 6)", "1 MODEL (4, 6)"]


@pytest.mark.parametrize("dtype", [">f8", ">f4", ">i2"])
def test_every_number_type_becomes_native_float64(tmp_path, dtype):
    stored = np.arange(24).reshape(4, 6).astype(dtype)
    astropy_fits.writeto(tmp_path / "a.fits", stored)

    read = fits.array_2d_from(tmp_path / "a.fits")

    assert read.dtype == np.dtype(float) and read.dtype.isnative
    assert np.array_equal(read, stored[::-1].astype(float))


def test_axes_of_length_one_are_dropped(tmp_path):
    astropy_fits.writeto(tmp_path / "a.fits", VALUES[None, None])

    assert np.array_equal(fits.array_2d_from(tmp_path / "a.fits"), VALUES[::-1])


def test_existing_file_is_kept_unless_it_may_be_overwritten(tmp_path):
    path = tmp_path / "a.fits"
    aa.Array2D.no_mask(VALUES, 0.1).output_to_fits(path)
    other = aa.Array2D.no_mask(-VALUES, 0.1)

    with pytest.raises(exc.FileException, match=r"exists already: write overwrite=True"):
        other.output_to_fits(path)
    assert np.array_equal(fits.array_2d_from(path), VALUES)

    other.output_to_fits(path, overwrite=True)
    assert np.array_equal(fits.array_2d_from(path), -VALUES)
    assert [p.name for p in tmp_path.iterdir()] == ["a.fits"]  # nothing partial is left behind


def test_folder_of_a_new_file_is_made(tmp_path):
    aa.Array2D.no_mask(VALUES, 0.1).output_to_fits(tmp_path / "new" / "a.fits")

    assert (tmp_path / "new" / "a.fits").exists()


def test_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(exc.FileException, match="cannot be written"):
        aa.Array2D.no_mask(VALUES, 0.1).output_to_fits(tmp_path / "file" / "a.fits")
