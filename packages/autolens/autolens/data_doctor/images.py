"""The images of an observation as they are: nothing is checked, normalized or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.dataset import fits

Place = tuple[str | Path, int | str]
"""A file and the HDU in it."""
IMAGES = ("data", "noise_map", "psf", "mask_extra_galaxies")
LARGEST = 800
"""Side [pixels] of what is examined: sky for a per cent of the noise, in seconds and little memory of any image."""


@dataclass(frozen=True, eq=False)
class Images:
    """What is examined: raw images, row 0 at the top."""

    data: np.ndarray
    noise_map: np.ndarray
    psf: np.ndarray | None
    pixel_scale: float
    """Size of a pixel [arcsec] as it was given."""
    known: np.ndarray
    """``(ny, nx)``, True where data are there: everywhere, but for datasets that were masked before."""
    mask: np.ndarray | None = None
    """``(ny, nx)``, True where a fit leaves a pixel out; ``None`` where no mask was given."""
    extra_galaxies: np.ndarray | None = None
    """``(ny, nx)``, True where other galaxies are marked."""
    headers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Headers by the name of their image."""
    psf_size: int = 1
    """Pixels of the PSF along the side of a pixel of the data."""
    exposure_time: float | None = None
    """[s]"""
    middle: tuple[float, float] = (0.0, 0.0)
    """(y, x) [arcsec] of the middle of the frame; that of a cut-out is off zero."""
    _kept: dict[str, np.ndarray] = field(default_factory=dict, init=False, repr=False)

    @property
    def is_one_frame(self) -> bool:
        """Whether data and noise map have the same pixels."""
        return self.data.shape == self.noise_map.shape

    @property
    def good(self) -> np.ndarray:
        """Pixels that say something: finite data, noise finite and above zero and below that of a flagged pixel."""
        if "good" not in self._kept:
            self._kept["good"] = self._good_pixels()
            self._kept["good"].flags.writeable = False
        return self._kept["good"]

    def _good_pixels(self) -> np.ndarray:
        good = self.known & np.isfinite(self.data)
        if not self.is_one_frame:
            return good
        good = good & np.isfinite(self.noise_map) & (self.noise_map > 0.0)
        return good & (self.noise_map < flag_limit_from(self.noise_map[good]))

    @property
    def used(self) -> np.ndarray:
        """Pixels that a fit uses, as far as is known."""
        used = self.known.copy()
        for left_out in (self.mask, self.extra_galaxies):
            if left_out is not None and left_out.shape == used.shape:
                used &= ~left_out
        return used

    def with_mask(self, mask: np.ndarray) -> Images:
        """The same with a mask, True where a fit leaves a pixel out."""
        return replace(self, mask=np.asarray(mask, dtype=bool))

    @property
    def extra_galaxies_left_out(self) -> np.ndarray:
        """Pixels that are not marked as another galaxy."""
        marked = self.extra_galaxies
        return self.known if marked is None or marked.shape != self.data.shape else self.known & ~marked

    @property
    def coordinates(self) -> tuple[np.ndarray, np.ndarray]:
        """y and x of every pixel [arcsec], ``(ny, nx)`` each."""
        ny, nx = self.data.shape
        y = self.middle[0] + ((ny - 1) / 2.0 - np.arange(ny)) * self.pixel_scale
        x = self.middle[1] + (np.arange(nx) - (nx - 1) / 2.0) * self.pixel_scale
        grid_y, grid_x = np.meshgrid(y, x, indexing="ij")
        return grid_y, grid_x

    def pixel_of(self, place: tuple[float, float]) -> tuple[int, int]:
        """Row and column of the pixel at (y, x) [arcsec]; the nearest one for places outside."""
        ny, nx = self.data.shape
        row = round((ny - 1) / 2.0 - (place[0] - self.middle[0]) / self.pixel_scale)
        column = round((nx - 1) / 2.0 + (place[1] - self.middle[1]) / self.pixel_scale)
        return min(max(row, 0), ny - 1), min(max(column, 0), nx - 1)

    def place_of(self, row: float, column: float) -> tuple[float, float]:
        """(y, x) [arcsec] of a row and a column."""
        ny, nx = self.data.shape
        y, x = ((ny - 1) / 2.0 - row) * self.pixel_scale, (column - (nx - 1) / 2.0) * self.pixel_scale
        return self.middle[0] + y, self.middle[1] + x

    def cut_about(self, place: tuple[float, float], side: int) -> Images:
        """At most ``side`` x ``side`` pixels about (y, x) [arcsec]; images of another shape stay as they are."""
        shape = self.data.shape
        if max(shape) <= side:
            return self
        images = (self.noise_map, self.mask, self.extra_galaxies)
        others = {image.shape for image in images if image is not None and image.shape != shape}
        while tuple(min(n, side) for n in shape) in others:
            side -= 1  # else these would look like images of the same frame
        sizes = [min(n, side) for n in shape]
        starts = [
            min(max(i - size // 2, 0), n - size) for i, size, n in zip(self.pixel_of(place), sizes, shape, strict=True)
        ]
        box = tuple(slice(start, start + size) for start, size in zip(starts, sizes, strict=True))
        cut = {
            name: image[box]
            for name in ("data", "noise_map", "known", "mask", "extra_galaxies")
            if (image := getattr(self, name)) is not None and image.shape == shape
        }
        row, column = (start + (size - 1) / 2.0 for start, size in zip(starts, sizes, strict=True))
        return replace(self, **cut, middle=self.place_of(row, column))


FLAG_FACTOR = 1e3
"""A noise this many times the median marks a pixel as flagged: weights below a millionth of the usual one."""


def flag_limit_from(noise: np.ndarray) -> float:
    """Noise above which a pixel counts as flagged."""
    return FLAG_FACTOR * float(np.median(noise)) if noise.size else np.inf


def images_of_dataset(
    dataset: aa.Imaging,
    mask: aa.Mask2D | None = None,
    extra_galaxies: aa.Mask2D | None = None,
    files: Mapping[str, Place] | None = None,
    exposure_time: float | None = None,
) -> Images:
    """The images of a dataset in memory; those of ``files`` say more, as a dataset normalizes its PSF."""
    known = ~np.asarray(dataset.mask.array)
    scales = dataset.data.pixel_scales
    frame: dict[str, Any] = {}
    for name, given in (("mask", mask), ("extra_galaxies", extra_galaxies)):
        frame[name] = None if given is None else np.asarray(given.array)
    if mask is None and not known.all():
        frame["mask"] = ~known
    kernel = None if dataset.psf is None else np.asarray(dataset.psf.kernel.native.array, dtype=float)
    if files and "psf" in files:
        kernel = fits.array_2d_from(*_placed(files["psf"]))
    return Images(
        data=np.asarray(dataset.data.native.array, dtype=float),
        noise_map=np.asarray(dataset.noise_map.native.array, dtype=float),
        psf=kernel,
        pixel_scale=float(scales[0]),
        known=known,
        headers=headers_of(files or {}),
        psf_size=1 if dataset.psf is None else dataset.psf.convolve_over_sample_size_on(scales),
        exposure_time=exposure_time,
        **frame,
    )


def images_of_files(
    files: Mapping[str, Place],
    pixel_scale: float,
    mask: aa.Mask2D | None = None,
    exposure_time: float | None = None,
) -> Images:
    """The images of FITS files, by name: ``data`` and ``noise_map``, and of ``IMAGES`` those that are there."""
    if missing := [name for name in ("data", "noise_map") if name not in files]:
        raise exc.FileException(
            f"files without {' and '.join(missing)}, wanted "
            '{"data": ("data.fits", 0), "noise_map": ("noise_map.fits", 0), "psf": ("psf.fits", 0)}.'
        )
    read = {name: fits.array_2d_from(*_placed(place)) for name, place in files.items() if name in IMAGES}
    marked = read.get("mask_extra_galaxies")
    return Images(
        data=read["data"],
        noise_map=read["noise_map"],
        psf=read.get("psf"),
        pixel_scale=float(pixel_scale),
        known=np.ones(read["data"].shape, dtype=bool),
        mask=None if mask is None else np.asarray(mask.array),
        extra_galaxies=None if marked is None else marked != 0.0,
        headers=headers_of(files),
        exposure_time=exposure_time,
    )


def headers_of(files: Mapping[str, Place]) -> dict[str, dict[str, Any]]:
    """The header of every image."""
    return {name: fits.header_from(*_placed(place)) for name, place in files.items() if name in IMAGES}


def _placed(place: Place | str | Path) -> Place:
    """A file and its HDU, the first where only a file is named."""
    return (place, 0) if isinstance(place, str | Path) else (place[0], place[1])
