"""Bad images, masks, PSFs and files beyond the table of autolens end in an error of ours that names what was given."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

import autoarray as aa
from autoarray import exc

SHAPE = (12, 14)


def with_value(value: float, base: float = 1.0) -> np.ndarray:
    array = np.full(SHAPE, base)
    array[5, 6] = value
    return array


def imaging(data=None, noise_map=None, psf=None, pixel_scales=0.1, **kwargs) -> aa.Imaging:
    data = np.ones(SHAPE) if data is None else data
    noise_map = np.ones(SHAPE) if noise_map is None else noise_map
    return aa.Imaging(data, noise_map, psf=psf, pixel_scales=pixel_scales, **kwargs)


def masked(mask: aa.Mask2D, **kwargs) -> aa.Imaging:
    return imaging(check_values=False, **kwargs).apply_mask(mask)


CIRCLE = aa.Mask2D.circular(SHAPE, radius=0.4, pixel_scales=0.1)
MASKS_OUT_ALL = aa.Mask2D(np.ones(SHAPE, dtype=bool), 0.1)

ARRAYS: list[tuple[str, Callable, type, str]] = [
    ("inf in noise", lambda: imaging(noise_map=with_value(np.inf)), exc.DatasetException, "noise_map is inf"),
    ("NaN inside the mask", lambda: masked(CIRCLE, data=with_value(np.nan)), exc.DatasetException, "data is nan"),
    ("no noise inside the mask", lambda: masked(CIRCLE, noise_map=with_value(0.0)), exc.DatasetException, "is 0.0"),
    (
        "masks that leave no pixel together",
        lambda: imaging().apply_mask(CIRCLE).apply_mask(aa.Mask2D(~CIRCLE.array, 0.1)),
        exc.MaskException,
        r"none of \(12, 14\)",
    ),
    ("mask that is an array", lambda: imaging().apply_mask(np.zeros(SHAPE)), exc.MaskException, "ndarray"),
    ("mask of numbers that are not finite", lambda: aa.Mask2D(np.full(SHAPE, np.nan), 0.1), exc.MaskException, "True"),
    ("1-D mask", lambda: aa.Mask2D(np.zeros(5), 0.1), exc.MaskException, r"\(5,\)"),
    (
        "structures of different shapes",
        lambda: aa.Imaging(aa.Array2D.ones(SHAPE, 0.1), aa.Array2D.ones((12, 13), 0.1)),
        exc.DatasetException,
        r"noise_map of shape \(12, 13\), wanted \(12, 14\)",
    ),
    (
        "structures of different pixel scales",
        lambda: aa.Imaging(aa.Array2D.ones(SHAPE, 0.1), aa.Array2D.ones(SHAPE, 0.2)),
        exc.DatasetException,
        r"\(0.2, 0.2\), wanted \(0.1, 0.1\)",
    ),
    (
        "structures of different masks",
        lambda: aa.Imaging(aa.Array2D.ones(SHAPE, 0.1), aa.Array2D(np.ones(SHAPE), CIRCLE)),
        exc.DatasetException,
        "wanted the same mask",
    ),
    (
        "pixel scale that is not that of the data",
        lambda: aa.Imaging(aa.Array2D.ones(SHAPE, 0.1), aa.Array2D.ones(SHAPE, 0.1), pixel_scales=0.2),
        exc.MaskException,
        r"\(0.2, 0.2\), wanted \(0.1, 0.1\)",
    ),
    ("3-D array", lambda: aa.Array2D.no_mask(np.ones((2, 3, 4)), 0.1), exc.ArrayException, r"\(2, 3, 4\)"),
    ("1-D data", lambda: imaging(data=np.ones(9)), exc.DatasetException, r"\(9,\), wanted an image"),
    ("complex data", lambda: imaging(data=np.ones(SHAPE) * 1j), exc.DatasetException, "complex128"),
    ("data None", lambda: aa.Imaging(None, np.ones(SHAPE), pixel_scales=0.1), exc.AutoException, "data of shape"),
    ("pixel scale NaN", lambda: imaging(pixel_scales=np.nan), exc.MaskException, "pixel_scales=nan"),
    ("over-sampling half", lambda: imaging().apply_over_sampling(1.5), exc.GridException, "over_sample_size=1.5"),
    (
        "over-sampling of another shape",
        lambda: imaging(over_sample_size_lp=np.ones(3, dtype=int)),
        exc.GridException,
        r"\(3,\)",
    ),
    ("noise scaling to 0", lambda: imaging().apply_noise_scaling(CIRCLE, noise_value=0.0), exc.DatasetException, "0.0"),
]

PSFS: list[tuple[str, Callable, type, str]] = [
    ("sum zero", lambda: imaging(psf=np.array([[1.0, 0.0, -1.0]])), exc.KernelException, "sums to 0.0"),
    ("inf", lambda: imaging(psf=np.full((3, 3), np.inf)), exc.KernelException, "9 values that are not finite"),
    ("1-D", lambda: imaging(psf=np.ones(3)), exc.KernelException, r"shape \(3,\)"),
    ("3-D", lambda: imaging(psf=np.ones((3, 3, 3))), exc.KernelException, r"shape \(3, 3, 3\)"),
    ("strings", lambda: imaging(psf=np.full((3, 3), "a")), exc.ArrayException, "'a'"),
    ("another pixel scale", lambda: imaging(psf=aa.Convolver(np.ones((3, 3)), 0.2)), exc.KernelException, r"0\.2"),
    ("no pixel scale", lambda: aa.Convolver(np.ones((3, 3))), exc.KernelException, "without a pixel scale"),
]


@pytest.mark.parametrize("call, error, message", [row[1:] for row in ARRAYS], ids=[row[0] for row in ARRAYS])
def test_bad_array_or_mask_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("call, error, message", [row[1:] for row in PSFS], ids=[row[0] for row in PSFS])
def test_bad_psf_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


# ---------------------------------------------------------------- files


def truncated_header(path: Path) -> None:
    fits.writeto(path, np.ones((100, 100)))
    path.write_bytes(path.read_bytes()[:1500])


def with_a_table(path: Path) -> None:
    table = fits.BinTableHDU.from_columns([fits.Column(name="x", format="D", array=np.ones(3))])
    fits.HDUList([fits.PrimaryHDU(np.ones((3, 3))), table]).writeto(path)


def cube(path: Path) -> None:
    fits.writeto(path, np.ones((2, 3, 4)))


def image(path: Path) -> None:
    fits.writeto(path, np.ones((3, 3)))


def folder(path: Path) -> None:
    path.mkdir()


FILES = [
    (folder, 0, "does not exist"),
    (truncated_header, 0, "truncated|cannot be read"),
    (image, "SCI", r"HDU 'SCI' does not exist.*0 PRIMARY \(3, 3\)"),
    (with_a_table, 1, "is a table"),
    (cube, 0, r"\(2, 3, 4\), wanted an image"),
]


@pytest.mark.parametrize("write, hdu, message", FILES, ids=[f"{row[0].__name__}-{row[1]}" for row in FILES])
def test_bad_file_is_named_with_what_it_holds(tmp_path, write, hdu, message):
    path = tmp_path / "image.fits"
    write(path)

    with pytest.raises(exc.FileException, match=message) as raised:
        aa.Array2D.from_fits(path, pixel_scales=0.1, hdu=hdu)

    assert "image.fits" in str(raised.value)


def test_bad_file_of_a_dataset_is_named(tmp_path):
    image(tmp_path / "data.fits")

    with pytest.raises(exc.FileException, match="noise.fits does not exist"):
        aa.Imaging.from_fits(tmp_path / "data.fits", tmp_path / "noise.fits", pixel_scales=0.1)
    with pytest.raises(exc.DatasetException, match="pixel_scales=0.05"):
        aa.Imaging.from_fits(tmp_path / "data.fits", tmp_path / "data.fits")


def test_grid_file_that_is_no_cube_is_named(tmp_path):
    image(tmp_path / "grid.fits")

    with pytest.raises(exc.FileException, match=r"\(3, 3\), wanted a cube"):
        aa.Grid2D.from_fits(tmp_path / "grid.fits", pixel_scales=0.1)


def test_mask_of_another_origin_is_refused_and_that_of_the_data_fits():
    image = aa.Array2D.no_mask(np.ones((5, 5)), 0.1, origin=(0.0, 1.0))
    dataset = aa.Imaging(image, image, pixel_scales=0.1)

    with pytest.raises(exc.MaskException, match=r"origin=\(0.0, 0.0\), wanted \(0.0, 1.0\)"):
        dataset.apply_mask(aa.Mask2D.all_false((5, 5), 0.1))
    mask = aa.Mask2D.circular((5, 5), 0.15, 0.1, origin=(0.0, 1.0), centre=(0.0, 1.0))
    assert dataset.apply_mask(mask).mask.pixels_in_mask == 9
