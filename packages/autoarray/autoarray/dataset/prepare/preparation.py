"""From a frame to data, noise map, PSF and mask, with where every number comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autoarray import exc
from autoarray.dataset import fits
from autoarray.dataset.imaging import Imaging
from autoarray.dataset.noise_correlation import noise_correlation_from
from autoarray.dataset.prepare import psf as psfs
from autoarray.dataset.prepare.ledger import Ledger
from autoarray.dataset.prepare.noise import Maps, noise_from
from autoarray.dataset.prepare.prepared import Prepared
from autoarray.dataset.prepare.region import Region, hdu_from, region_from
from autoarray.dataset.prepare.units import units_from
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.header import Header, square_pixel_scale_from, without_wrong_wcs
from autoarray.type import Array

NOISE_OF_BAD = 1e8
"""Noise of pixels without data, which then say nothing whether they are masked or not."""
_MANY = 0.05
"""Part of the pixels that is more than the bad ones of a detector."""
Hdu = int | str


@dataclass(frozen=True)
class RawFrame:
    """An image as a telescope's archive has it, and what its headers do not say.

    What is not given is looked for in the headers and HDUs: SCI with ERR or WHT, and DQ.
    """

    science: str | Path
    """File of the image."""
    science_hdu: Hdu | None = None
    ra: float | str | None = None
    """Right ascension of the middle of the cut-out: degrees, or hours as ``"09:59:29.1"``."""
    dec: float | str | None = None
    """Its declination, degrees or ``"+02:12:36"``."""
    pixel: tuple[float, float] | None = None
    """The middle as FITS pixel (y, x), counted from 1 at the bottom left, in place of ``ra`` and ``dec``."""
    size: float | None = None
    """Side of the cut-out [arcsec]; the whole frame where not given."""
    weight: str | Path | None = None
    """File of what tells the noise; that of the image where only ``weight_hdu`` is given."""
    weight_hdu: Hdu | None = None
    weight_kind: str | None = None
    """``rms``, ``variance``, ``inverse-variance``, ``exposure-time`` [s], or ``relative``: inverse variances whose
    scale is measured in the sky."""
    source_noise: str = "auto"
    """``included`` where the map has the photon noise of sources in it, ``add`` where it is of the sky alone, ``auto``
    to see whether it rises where sources shine."""
    unit: str | None = None
    """Of the image: ``e-/s``, ``e-``, ``adu``, ``adu/s``, ``MJy/sr``, or ``kept``."""
    gain: float | None = None
    """Electrons per unit."""
    exposure_time: float | None = None
    """Seconds."""
    pixel_scale: float | None = None
    """Arc-seconds."""
    background: str | float = "constant"
    """``constant``, ``plane``, ``none``, or the level in the unit of the image."""
    psf: str | Path | None = None
    psf_hdu: Hdu = 0
    psf_size: int = 21
    """Pixels along a side, odd."""
    psf_oversampling: int | None = None
    """Pixels of the PSF's file along one of the image."""
    flags: str | Path | None = None
    """File that is not zero where a pixel is bad."""
    flags_hdu: Hdu | None = None
    flag_bits: int | None = None
    """Bits of the flags that count, added up; all of them where not given."""

    def prepare(self) -> Prepared:
        """The cut-out in electrons per second, with its noise, PSF and flagged pixels."""
        ledger = Ledger()
        science = Path(self.science)
        hdu, shape = self._image_from(science, ledger)
        header = Header(fits.header_from(science, hdu, with_primary=True))
        scales = (_pixel_scale_from(header, self.pixel_scale, science, ledger),) * 2
        header = without_wrong_wcs(header, scales)
        place = {"ra": self.ra, "dec": self.dec, "pixel": self.pixel, "size": self.size}
        region = region_from(header, shape, scales, ledger, **place)  # type: ignore[arg-type]
        maps = self._maps_from(science, hdu, region, ledger)
        has_noise = maps.weight is not None and maps.weight_kind not in ("exposure-time", "relative", None)
        units = units_from(header, ledger, self.unit, self.gain, self.exposure_time, has_noise)
        maps = maps.without_saturated(header.number("SATURATE"), ledger)
        image, noise = noise_from(maps, units, scales, self.background, self.source_noise, ledger)
        bad = ~np.isfinite(noise)
        data = _cut(image, bad, region, header, scales, 0.0)
        noise_map = _cut(noise, bad, region, header, scales, NOISE_OF_BAD)
        kernel = self._psf_from(scales[0], ledger)
        _say_correlation(image, noise, scales, ledger)
        flagged = Mask2D(bad[region.cut], scales)
        ledger.say(
            "flagged_pixels", int(flagged.array.sum()), "of the cut-out: data 0, noise 1e8, left out by the mask"
        )
        if (part := float(flagged.array.mean())) > _MANY:
            ledger.note(f"{100.0 * part:.0f} % of the pixels are flagged: flag_bits=4 (--flag-bits 4) counts one bit")
        dataset = Imaging(data=data, noise_map=noise_map, psf=kernel)  # type: ignore[arg-type]
        return Prepared(dataset, flagged, ledger.values, ledger.origins, ledger.notes)

    def _image_from(self, science: Path, ledger: Ledger) -> tuple[Hdu, tuple[int, int]]:
        """The HDU of the image, and its shape."""
        images = fits.images_in(science)
        if not images:
            raise exc.FileException(f"{science} holds no image (ny, nx); it has {fits.hdu_names_from(science)}.")
        hdu = hdu_from(science, self.science_hdu, "science")
        origin = "given" if self.science_hdu is not None else "the one of that name"
        if hdu is None:
            hdu, origin = next(iter(images)), f"the first of {len(images)} images"
        ledger.say("science", f"{science.name}, HDU {hdu}", origin)
        return hdu, images.get(hdu) or fits.array_2d_from(science, hdu).shape  # type: ignore[return-value]

    def _maps_from(self, science: Path, hdu: Hdu, region: Region, ledger: Ledger) -> Maps:
        """Image, weight and bad pixels of the region, in the numbers of their files."""
        own = self.weight is None
        path = science if self.weight is None else Path(self.weight)
        weight_hdu, kind, kind_origin = self.weight_hdu, self.weight_kind, "given"
        if weight_hdu is None and own:
            weight_hdu = hdu_from(path, None, "rms", beside=hdu)
            if weight_hdu is None:
                weight_hdu = hdu_from(path, None, "weight", beside=hdu)
            elif kind is None:
                kind, kind_origin = "rms", f"the name of HDU {weight_hdu}"
        elif weight_hdu is None:
            weight_hdu = next(iter(fits.images_in(path)), 0)
        values = None
        if weight_hdu is not None:
            values = region.read(path, weight_hdu, "the weight map")
            ledger.say("weight", f"{path.name}, HDU {weight_hdu}", "beside the image" if own else "given")
            if kind is not None:
                ledger.say("weight_kind", kind, kind_origin)
        elif kind is not None:
            raise exc.DatasetException(f"weight_kind={kind!r} without a map: weight='weight.fits' (--weight FILE).")
        image = region.read(science, hdu, "the image")
        return Maps(image, values, kind, ~np.isfinite(image) | self._flagged_from(science, hdu, region, ledger))

    def _flagged_from(self, science: Path, hdu: Hdu, region: Region, ledger: Ledger) -> Array:
        """Pixels that a file of flags says are bad."""
        own = self.flags is None
        path = science if self.flags is None else Path(self.flags)
        flags_hdu = self.flags_hdu
        if flags_hdu is None:
            flags_hdu = hdu_from(path, None, "flags", beside=hdu) if own else next(iter(fits.images_in(path)), 0)
        if flags_hdu is None:
            return np.zeros(1, dtype=bool)
        values = region.read(path, flags_hdu, "the map of flags")
        ledger.say("flags", f"{path.name}, HDU {flags_hdu}", "beside the image" if own else "given")
        if self.flag_bits is None:
            return ~np.isfinite(values) | (values != 0.0)
        ledger.say("flag_bits", int(self.flag_bits), "given")
        return (np.nan_to_num(values).astype(np.int64) & int(self.flag_bits)) != 0

    def _psf_from(self, pixel_scale: float, ledger: Ledger) -> Array2D | None:
        if self.psf is None:
            ledger.note("no PSF was given, and a fit needs one: psf='psf.fits' (--psf FILE)")
            return None
        ledger.say("psf", f"{Path(self.psf).name}, HDU {self.psf_hdu}", "given")
        return psfs.psf_from(Path(self.psf), self.psf_hdu, self.psf_size, pixel_scale, ledger, self.psf_oversampling)


def _pixel_scale_from(header: Header, given: float | None, path: Path, ledger: Ledger) -> float:
    scale = square_pixel_scale_from(header, given, path, words="pixel_scale={0} (--pixel-scale {0})")
    found = header.pixel_scales()
    return ledger.say("pixel_scale", scale, "given" if given is not None or found is None else f"header, {found[1]}")


def _cut(
    values: Array, bad: Array, region: Region, header: Header, scales: tuple[float, float], fill: float
) -> Array2D:
    """The cut-out, with ``fill`` where pixels are bad, and its header."""
    part = np.where(bad, fill, values)[region.cut]
    own = Header({key: header[key] for key in header if not key.startswith(("NAXIS", "EXTEND", "XTENSION"))})
    return Array2D.no_mask(part, scales, header=own.shifted_from(region.columns[0], region.rows[0]))


def _say_correlation(image: Array, noise: Array, scales: tuple[float, float], ledger: Ledger) -> None:
    """How correlated the noise is, which drizzling makes it."""
    try:
        found = noise_correlation_from(
            Array2D.no_mask(np.where(np.isfinite(noise), image, 0.0), scales), Array2D.no_mask(noise, scales)
        )
    except exc.DatasetException as error:
        ledger.note(f"whether the noise is correlated is not known: {error}")
        return
    ledger.say(
        "noise_correlation_factor", found.factor, f"error of a sum over many pixels, {found.pixels} empty pixels"
    )
    ledger.say("sky_scatter_over_noise", found.scatter, "of single empty pixels; 1 where the map is right for them")
    if found.is_significant:
        ledger.note(found.line)
