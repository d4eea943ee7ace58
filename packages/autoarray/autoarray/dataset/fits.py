"""The only reader and writer of FITS files.

Row 0 of a FITS image is the bottom of the sky, row 0 of ours the top: reading and writing flip the rows.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autoarray import exc
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.type import Array

_DAMAGED = (OSError, TypeError, ValueError, AttributeError, IndexError, KeyError, EOFError)


@contextmanager
def _opened(file_path: str | Path) -> Iterator[Any]:
    """The list of HDUs; a file that is missing, empty, truncated or no FITS raises our error."""
    from astropy.io import fits

    path = Path(file_path)
    if not path.is_file():
        raise exc.FileException(f"FITS file {path} does not exist (or is a folder); wanted the path of a file.")
    if path.stat().st_size == 0:
        raise exc.FileException(f"FITS file {path} is empty; wanted a file with an image.")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with fits.open(path, memmap=False) as hdus:
                len(hdus)  # reads every header
                yield hdus
        except exc.AutoException:
            raise
        except _DAMAGED as error:
            raise exc.FileException(f"FITS file {path} cannot be read, it is damaged or no FITS: {error}") from error
    if any("truncated" in str(w.message) for w in caught):
        raise exc.FileException(f"FITS file {path} is truncated; fetch it again.")


def hdu_names_from(file_path: str | Path) -> list[str]:
    """A line for each HDU: number, name and shape."""
    with _opened(file_path) as hdus:
        return _descriptions_of(hdus)


def _descriptions_of(hdus: Any) -> list[str]:
    return [f"{i} {hdu.name or '(no name)'} {tuple(getattr(hdu, 'shape', ()) or ())}" for i, hdu in enumerate(hdus)]


def _image_hdu_from(hdus: Any, hdu: int | str, path: str | Path) -> Any:
    """The HDU asked for, which holds an image."""
    listed = f"{path} has: {'; '.join(_descriptions_of(hdus))}"
    try:
        found = hdus[hdu]
    except (IndexError, KeyError) as error:
        raise exc.FileException(f"HDU {hdu!r} does not exist; {listed}. Choose one of them: hdu=0.") from error
    if not found.is_image:
        raise exc.FileException(f"HDU {hdu!r} is a table, wanted an image; {listed}.")
    if not found.shape:
        raise exc.FileException(f"HDU {hdu!r} holds no data, wanted an image; {listed}.")
    sizes = {key: found.header.get(key) for key in (f"NAXIS{i + 1}" for i in range(len(found.shape)))}
    if any(isinstance(size, int) and size < 1 for size in sizes.values()):  # astropy counts a negative one from the end
        raise exc.FileException(f"HDU {hdu!r} of {path} says that its sizes are {sizes}, wanted 1 or more of each.")
    return found


def _values_from(file_path: str | Path, hdu: int | str) -> Array:
    with _opened(file_path) as hdus:
        data = _image_hdu_from(hdus, hdu, file_path).data
        if data is None:
            raise exc.FileException(f"HDU {hdu!r} of {file_path} announces data that are not there.")
        return np.asarray(data).astype(float)  # native byte order, float64


def array_2d_from(file_path: str | Path, hdu: int | str = 0) -> Array:
    """The image of an HDU (by number or name) as float64, top row first, ``(ny, nx)``."""
    values = _values_from(file_path, hdu)
    shape = values.shape
    while values.ndim > 2 and values.shape[0] == 1:  # radio images carry axes of length one
        values = values[0]
    if values.ndim != 2:
        raise exc.FileException(
            f"HDU {hdu!r} of {file_path} has shape {shape}, wanted an image (ny, nx): choose one plane first."
        )
    return np.ascontiguousarray(values[::-1])


def grid_2d_from(file_path: str | Path, hdu: int | str = 0) -> Array:
    """Coordinates from a cube ``(2, ny, nx)`` of y and x, ``(ny, nx, 2)``."""
    values = _values_from(file_path, hdu)
    if values.ndim != 3 or values.shape[0] != 2:
        raise exc.FileException(
            f"HDU {hdu!r} of {file_path} has shape {values.shape}, wanted a cube (2, ny, nx) of y and x coordinates."
        )
    return np.ascontiguousarray(np.moveaxis(values[:, ::-1], 0, -1))


def header_from(file_path: str | Path, hdu: int | str = 0, with_primary: bool = False) -> dict[str, Any]:
    """Keywords of an HDU's header; ``with_primary`` adds those of the first HDU that it does not have itself."""
    with _opened(file_path) as hdus:
        headers = [hdus[0].header] if with_primary else []
        headers.append(_image_hdu_from(hdus, hdu, file_path).header)
        return {k: v for header in headers for k, v in header.items() if k not in ("", "COMMENT", "HISTORY")}


class ImageHdu(NamedTuple):
    """An HDU with an image, as its header has it."""

    number: int
    name: str
    version: int
    """EXTVER: which chip of a camera, 1 where nothing is said."""
    shape: tuple[int, ...]
    """Without the axes of length one of radio images."""


def image_hdus_in(file_path: str | Path) -> list[ImageHdu]:
    """The images (ny, nx) of a file in its order; no values are read."""
    with _opened(file_path) as hdus:
        found = [_image_of(i, hdu) for i, hdu in enumerate(hdus) if hdu.is_image]
    return [image for image in found if len(image.shape) == 2]


def image_hdu_from(file_path: str | Path, hdu: int | str) -> ImageHdu:
    """The image (ny, nx) of an HDU by number or name (the first of that name); no values are read."""
    with _opened(file_path) as hdus:
        found = _image_hdu_from(hdus, hdu, file_path)
        image = _image_of(hdus.index_of(hdu) % len(hdus), found)
    if len(image.shape) != 2:
        raise exc.FileException(
            f"HDU {hdu!r} of {file_path} has shape {image.shape}, wanted an image (ny, nx): choose one plane first."
        )
    return image


def _image_of(number: int, hdu: Any) -> ImageHdu:
    shape = tuple(getattr(hdu, "shape", ()) or ())
    while len(shape) > 2 and shape[0] == 1:
        shape = shape[1:]
    return ImageHdu(number, hdu.name, hdu.ver if isinstance(hdu.ver, int) else 1, shape)


def images_in(file_path: str | Path) -> dict[str | int, tuple[int, ...]]:
    """Shapes of the images (ny, nx) of a file by the name of their HDU, or by its number where it has none."""
    found: dict[str | int, tuple[int, ...]] = {}
    for image in image_hdus_in(file_path):
        found[image.number if image.name in ("", "PRIMARY") or image.name in found else image.name] = image.shape
    return found


def part_2d_from(file_path: str | Path, hdu: int | str, rows: tuple[int, int], columns: tuple[int, int]) -> Array:
    """Part of an image, top row first: FITS rows and columns from 0, the end excluded; the rest is not read."""
    with _opened(file_path) as hdus:
        image = _image_hdu_from(hdus, hdu, file_path)
        planes = (0,) * (len(image.shape) - 2)
        part = np.asarray(image.section[(*planes, slice(*rows), slice(*columns))]).astype(float)
    return np.ascontiguousarray(part[::-1])


def write_array_2d(
    array: Array2D, file_path: str | Path, overwrite: bool = False, header: Mapping[str, Any] | None = None
) -> None:
    """Write the native image, masked pixels as 0."""
    write_images({"PRIMARY": array}, file_path, overwrite=overwrite, header=header)


def write_grid_2d(grid: Grid2D, file_path: str | Path, overwrite: bool = False) -> None:
    """Write a cube ``(2, ny, nx)`` of y and x coordinates [arcsec]."""
    from astropy.io import fits

    cube = np.moveaxis(np.asarray(grid.native.array), -1, 0)[:, ::-1]
    hdu = fits.PrimaryHDU(np.ascontiguousarray(cube), header=_header_from(grid.pixel_scales, None))
    _write(fits.HDUList([hdu]), file_path, overwrite)


def write_images(
    images: Mapping[str, Array2D],
    file_path: str | Path,
    overwrite: bool = False,
    header: Mapping[str, Any] | None = None,
) -> None:
    """Write images to one file, an HDU each, named by their key; masked pixels as 0.

    All show the same pixels: the WCS of the first that has one is written with every one of them.
    """
    from astropy.io import fits

    hdus = []
    said = {} if (first := next((i.header for i in images.values() if i.header), None)) is None else first.of_wcs
    for i, (name, image) in enumerate(images.items()):
        native = np.ascontiguousarray(np.asarray(image.native.array)[::-1])
        keywords = _header_from(image.pixel_scales, {**said, **(header or {})})
        hdu = fits.PrimaryHDU(native, header=keywords) if i == 0 else fits.ImageHDU(native, header=keywords)
        hdu.name = name
        hdus.append(hdu)
    _write(fits.HDUList(hdus), file_path, overwrite)


def _header_from(pixel_scales: tuple[float, float], keywords: Mapping[str, Any] | None) -> Any:
    from astropy.io import fits

    header = fits.Header()
    header["PIXSCAY"] = (pixel_scales[0], "[arcsec] size of a pixel in y")
    header["PIXSCAX"] = (pixel_scales[1], "[arcsec] size of a pixel in x")
    for key, value in (keywords or {}).items():
        header[key] = value
    return header


def _write(hdus: Any, file_path: str | Path, overwrite: bool) -> None:
    """Write beside the target, then rename: a full disk or an interruption leaves an older file as it was."""
    path = Path(file_path)
    if path.exists() and not path.is_file():
        raise exc.FileException(f"FITS file {path} is a folder or a device, wanted the name of a file.")
    if path.exists() and not overwrite:
        raise exc.FileException(f"FITS file {path} exists already: write overwrite=True, or choose another name.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part.fits")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        hdus.writeto(part, overwrite=True)
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        reason = error if error.errno else f"is the disk full? ({error})"  # NumPy says how much was written alone
        raise exc.FileException(f"FITS file {path} cannot be written: {reason}") from error
