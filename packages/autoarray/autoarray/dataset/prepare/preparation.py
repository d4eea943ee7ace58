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
from autoarray.dataset.prepare.region import Region, hdu_beside, map_of_file, region_from, science_hdu_from, told
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
        hdu, origin = science_hdu_from(science, self.science_hdu)
        ledger.say("science", told(hdu, science), origin)
        header = Header(fits.header_from(science, hdu.number, with_primary=True))
        scales = (_pixel_scale_from(header, self.pixel_scale, science, ledger),) * 2
        header = without_wrong_wcs(header, scales)
        place = {"ra": self.ra, "dec": self.dec, "pixel": self.pixel, "size": self.size}
        region = region_from(header, hdu.shape, scales, ledger, **place)  # type: ignore[arg-type]
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

    def _maps_from(self, science: Path, image: fits.ImageHdu, region: Region, ledger: Ledger) -> Maps:
        """Image, weight and bad pixels of the region, in the numbers of their files."""
        path, kind, kind_origin = Path(self.weight or science), self.weight_kind, "given"
        weight, origin = _map_from(path, self.weight_hdu), "given"
        if weight is None and self.weight is None:
            origin = "beside the image"
            weight = hdu_beside(path, "rms", image, ledger)
            if weight is None:
                weight = hdu_beside(path, "weight", image, ledger)
            elif kind is None:
                kind, kind_origin = "rms", f"the name of HDU {weight.name}"
        elif weight is None:
            weight = map_of_file(path, image)
        values = None
        if weight is not None:
            values = region.read(path, weight.number, "the weight map")
            ledger.say("weight", told(weight, path), origin)
            if kind is not None:
                ledger.say("weight_kind", kind, kind_origin)
        elif kind is not None:
            raise exc.DatasetException(f"weight_kind={kind!r} without a map: weight='weight.fits' (--weight FILE).")
        shown = region.read(science, image.number, "the image")
        return Maps(shown, values, kind, ~np.isfinite(shown) | self._flagged_from(science, image, region, ledger))

    def _flagged_from(self, science: Path, image: fits.ImageHdu, region: Region, ledger: Ledger) -> Array:
        """Pixels that a file of flags says are bad."""
        path = Path(self.flags or science)
        flags, origin = _map_from(path, self.flags_hdu), "given"
        if flags is None and self.flags is None:
            flags, origin = hdu_beside(path, "flags", image, ledger), "beside the image"
        elif flags is None:
            flags = map_of_file(path, image)
        if flags is None:
            return np.zeros(1, dtype=bool)
        values = region.read(path, flags.number, "the map of flags")
        ledger.say("flags", told(flags, path), origin)
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


def _map_from(path: Path, hdu: Hdu | None) -> fits.ImageHdu | None:
    return None if hdu is None else fits.image_hdu_from(path, hdu)


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
