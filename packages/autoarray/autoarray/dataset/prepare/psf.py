"""A PSF from a file: in pixels of the image, of an odd size, in its middle, of sum 1."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autoarray import exc
from autoarray.dataset import fits
from autoarray.dataset.prepare.ledger import Ledger
from autoarray.dataset.preprocess import psf_with_odd_dimensions_from
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.header import Header
from autoarray.type import Array

SCALE_KEYWORD = "PIXELSCL"
"""Of models of the PSF of JWST and HST."""
CUT_OFF = 0.01
"""Part of the light outside the cropped PSF that is worth a remark."""


def psf_from(
    path: Path, hdu: int | str, size: int, pixel_scale: float, ledger: Ledger, oversampling: int | None = None
) -> Array2D:
    """The PSF of an image with pixels of ``pixel_scale`` [arcsec], ``(size, size)`` or smaller."""
    if size != int(size) or size < 3 or size % 2 == 0:
        raise exc.KernelException(f"psf_size={size}, wanted an odd number of pixels, at least 3: psf_size=21.")
    values = fits.array_2d_from(path, hdu)
    if not np.all(np.isfinite(values)) or values.sum() <= 0.0:
        raise exc.KernelException(
            f"the PSF {path} (HDU {hdu}) has a sum of {values.sum()}, wanted finite values and a sum above zero."
        )
    finer = _oversampling_from(Header(fits.header_from(path, hdu)), pixel_scale, oversampling, ledger)
    even = [n for n in values.shape if n % 2 == 0]
    if even:
        ledger.note(f"the PSF of {values.shape} pixels was moved by half a pixel to an odd number of them")
    values = psf_with_odd_dimensions_from(Array2D.no_mask(values, pixel_scale)).native.array
    values = _in_the_middle(values, ledger)
    if finer > 1:
        values = _binned(values, finer)
    whole = values.sum()
    values = _cropped(values, size)
    outside = 1.0 - float(values.sum() / whole)
    ledger.say("psf_light_cut_off", outside, f"outside {values.shape[0]} x {values.shape[1]} pixels")
    if outside > CUT_OFF:
        ledger.note(f"{100.0 * outside:.1f} % of the PSF's light is outside {values.shape} pixels: a larger psf_size")
    if (negative := float(-values[values < 0.0].sum() / whole)) > 1e-3:
        ledger.note(f"{100.0 * negative:.2f} % of the PSF is negative; it was kept")
    ledger.say("psf_sum", float(whole), "of the file, before it was normalized to 1")
    return Array2D.no_mask(values / values.sum(), pixel_scale)


def _oversampling_from(header: Header, pixel_scale: float, given: int | None, ledger: Ledger) -> int:
    """How many pixels of the PSF fit along one of the image."""
    if given is not None:
        return int(ledger.say("psf_oversampling", int(given), "given"))
    own = header.number(SCALE_KEYWORD)
    if own is None:
        found = header.pixel_scales()
        if found is None:
            ledger.say("psf_oversampling", 1, "the PSF says no pixel scale: taken as that of the image")
            return 1
        own = found[0][0]
    ratio = pixel_scale / own
    if abs(ratio / max(round(ratio), 1) - 1.0) > 0.02:
        raise exc.KernelException(
            f"the PSF has pixels of {own} arcsec and the image of {pixel_scale}, wanted the same or a whole number of "
            "them in one of the image: resample the PSF, or psf_oversampling=1 (--psf-oversampling 1) if its header "
            "is wrong."
        )
    return int(ledger.say("psf_oversampling", round(ratio), f"its header says {own} arcsec"))


def _in_the_middle(values: Array, ledger: Ledger) -> Array:
    """The PSF moved by whole pixels, so that its brightest one is in the middle."""
    peak = np.unravel_index(int(np.argmax(values)), values.shape)
    steps = [n // 2 - int(p) for n, p in zip(values.shape, peak, strict=True)]
    if not any(steps):
        return values
    ledger.note(f"the PSF was moved by {tuple(steps)} pixels (rows, columns) to put its peak in the middle")
    padded = np.pad(values, [(max(s, 0) * 2, max(-s, 0) * 2) for s in steps])
    return padded


def _binned(values: Array, finer: int) -> Array:
    """Light in pixels ``finer`` times as large, the middle of which is that of the PSF."""
    weights = np.ones(finer + 1 - finer % 2)
    if finer % 2 == 0:
        weights[[0, -1]] = 0.5  # pixels that the edge of a large one cuts in two
    values = np.pad(values, 2 * finer)
    for axis in (0, 1):
        half = values.shape[axis] // 2
        count = max((half - len(weights) // 2) // finer, 0)
        sums = np.apply_along_axis(np.convolve, axis, values, weights, mode="same")
        values = np.take(sums, half + finer * np.arange(-count, count + 1), axis)
    return values


def _cropped(values: Array, size: int) -> Array:
    """About the middle."""
    cuts = []
    for length in values.shape:
        half = min(length, size) // 2
        cuts.append(slice(length // 2 - half, length // 2 + half + 1))
    return values[tuple(cuts)]
