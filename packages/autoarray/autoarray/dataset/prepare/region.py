"""Which pixels of a frame are read, and which of them make the cut-out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from autoarray import exc
from autoarray.dataset import fits
from autoarray.dataset.prepare.ledger import Ledger
from autoarray.dataset.wcs import WCS, degrees_from
from autoarray.geometry import Geometry2D
from autoarray.structures.header import Header
from autoarray.type import Array

LARGEST = 2_000_000
"""Pixels of a frame beyond which a cut-out has to be asked for."""
MARGIN = 100
"""Pixels around a cut-out in which the sky is measured too."""
_TYPES = {"science": ("SCI", "DATA"), "rms": ("ERR", "RMS", "NOISE"), "weight": ("WHT", "WEIGHT"), "flags": ("DQ",)}


@dataclass(frozen=True)
class Region:
    """Rows and columns of a frame as FITS has them (from 0, row 0 at the bottom), the end excluded."""

    shape: tuple[int, int]
    """Of the frame, (ny, nx)."""
    rows: tuple[int, int]
    """Of the cut-out."""
    columns: tuple[int, int]
    around_rows: tuple[int, int]
    """Of the cut-out with its surroundings."""
    around_columns: tuple[int, int]

    def read(self, path: Path, hdu: int | str, what: str) -> Array:
        """The surroundings in an image of the frame, top row first."""
        shape = fits.image_hdu_from(path, hdu).shape
        if tuple(shape) != self.shape:
            raise exc.DatasetException(
                f"{what} {path} (HDU {hdu}) has shape {tuple(shape)}, wanted {self.shape}, the shape of the image."
            )
        return fits.part_2d_from(path, hdu, self.around_rows, self.around_columns)

    @property
    def cut(self) -> tuple[slice, slice]:
        """The cut-out in what :meth:`read` gives."""
        top = self.around_rows[1] - self.rows[1]
        left = self.columns[0] - self.around_columns[0]
        return (
            slice(top, top + self.rows[1] - self.rows[0]),
            slice(left, left + self.columns[1] - self.columns[0]),
        )


def science_hdu_from(path: Path, given: int | str | None) -> tuple[fits.ImageHdu, str]:
    """The HDU of the image, as given, of the usual name or the first with an image, and why it is that."""
    if given is not None:
        return fits.image_hdu_from(path, given), "given"
    images = fits.image_hdus_in(path)
    if not images:
        raise exc.FileException(f"{path} holds no image (ny, nx); it has {fits.hdu_names_from(path)}.")
    for usual in _TYPES["science"]:
        for image in images:
            if image.name == usual:
                return image, "the one of that name"
    return images[0], f"the first of {len(images)} images"


def hdu_beside(path: Path, what: str, science: fits.ImageHdu, ledger: Ledger) -> fits.ImageHdu | None:
    """The map of a kind that belongs to an image of its file: the usual name, of its band and of its chip.

    Chips count by EXTVER. Where the file has one image and one map of that name they belong together whatever theirs.
    """
    images = fits.image_hdus_in(path)
    stem, _, kind = science.name.rpartition("_")
    for usual in _TYPES[what]:
        named = f"{stem}_{usual}" if stem and kind in ("FLUX", *_TYPES["science"]) else usual
        found = [image for image in images if image.name == named != science.name]
        of_chip = [image for image in found if image.version == science.version]
        if not of_chip and len(found) == 1 and [image.name for image in images].count(science.name) == 1:
            of_chip = found
        if of_chip:
            return of_chip[0]
        if found:
            ledger.note(
                f"{named} of EXTVER {', '.join(str(image.version) for image in found)} is that of another chip than "
                f"the image, of EXTVER {science.version}: it was left out"
            )
    return None


def map_of_file(path: Path, science: fits.ImageHdu) -> fits.ImageHdu:
    """The first image of a file that holds a map, of the chip of the image where there are several of that name."""
    images = fits.image_hdus_in(path)
    if not images:
        return fits.image_hdu_from(path, 0)  # our error
    of_chip = (image for image in images if (image.name, image.version) == (images[0].name, science.version))
    return next(of_chip, images[0])


def told(image: fits.ImageHdu, path: Path) -> str:
    """An HDU by its name, or by its number where the file has an earlier one of that name."""
    is_named = image.name not in ("", "PRIMARY") and fits.image_hdu_from(path, image.name).number == image.number
    return f"{path.name}, HDU {image.name if is_named else image.number}"


def region_from(
    header: Header,
    shape: tuple[int, int],
    pixel_scales: tuple[float, float],
    ledger: Ledger,
    ra: float | str | None = None,
    dec: float | str | None = None,
    pixel: tuple[float, float] | None = None,
    size: float | None = None,
) -> Region:
    """An odd number of pixels each way about a place, with a margin; all of the frame where no size is given."""
    if size is None:
        if ra is not None or dec is not None or pixel is not None:
            raise exc.DatasetException("a place without a size: write size=20.0 (--size 20) [arcsec].")
        if shape[0] * shape[1] > LARGEST:
            raise exc.DatasetException(
                f"a frame of {shape} pixels without a cut-out, wanted one about the lens: ra, dec, size=20.0 "
                "[arcsec] (--ra, --dec, --size 20)."
            )
        ledger.say("cut_out", "the whole frame", "no size was given")
        everything = ((0, shape[0]), (0, shape[1]))
        return Region(shape, *everything, *everything)
    if not (math.isfinite(size) and size > 0.0):
        raise exc.DatasetException(f"size={size}, wanted a positive number of arc-seconds: size=20.0 (--size 20).")
    row, column, origin = _place_from(header, shape, pixel_scales, ra, dec, pixel)
    if not (-0.5 <= row < shape[0] - 0.5 and -0.5 <= column < shape[1] - 0.5):
        raise exc.DatasetException(
            f"the place asked for is at pixel (y, x) = ({row + 1.0:.1f}, {column + 1.0:.1f}) of FITS, outside the "
            f"frame of {shape} pixels."
        )
    ends, around = [], []
    for centre, length, scale in zip((row, column), shape, pixel_scales, strict=True):
        half = round(0.5 * (size / scale - 1.0))
        middle = math.floor(centre + 0.5)
        if middle - half < 0 or middle + half + 1 > length:
            half = min(middle, length - 1 - middle)
            ledger.note(f"the cut-out reaches the edge of the frame: it has {2 * half + 1} pixels, not {size} arcsec")
        ends.append((middle - half, middle + half + 1))
        around.append((max(middle - half - MARGIN, 0), min(middle + half + 1 + MARGIN, length)))
    ledger.say("cut_out_centre_pixel", [sum(e) // 2 + 1 for e in ends], f"{origin}; FITS pixels (y, x), from 1")
    return Region(shape, *ends, *around)  # type: ignore[arg-type]


def _place_from(
    header: Header,
    shape: tuple[int, int],
    pixel_scales: tuple[float, float],
    ra: float | str | None,
    dec: float | str | None,
    pixel: tuple[float, float] | None,
) -> tuple[float, float, str]:
    """FITS row and column, from 0, of the middle of the cut-out, and where they come from."""
    if pixel is not None and (ra is not None or dec is not None):
        raise exc.DatasetException("both a pixel and a place on the sky were given, wanted one of them.")
    if pixel is not None:
        return float(pixel[0]) - 1.0, float(pixel[1]) - 1.0, "pixel that was given"
    if ra is None and dec is None:
        return (shape[0] - 1) / 2.0, (shape[1] - 1) / 2.0, "middle of the frame"
    if ra is None or dec is None:
        raise exc.DatasetException("one of ra and dec was given, wanted both: ra=149.87, dec=2.21.")
    wcs = WCS.from_header(header, Geometry2D(shape, pixel_scales))
    if wcs is None:
        raise exc.DatasetException(
            "ra and dec were given, but the header has no WCS: write pixel=(y, x) (--pixel Y X) in its place."
        )
    row, column = wcs.pixels_from(degrees_from(ra, is_ra=True), degrees_from(dec, is_ra=False))
    return shape[0] - 1.0 - float(row), float(column), f"RA {ra}, Dec {dec}"
