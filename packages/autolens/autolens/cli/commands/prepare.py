"""``autolens prepare``: from the frame of a telescope to a folder that can be fitted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_HDU = "HDU, by name or number."


def prepare(
    science: Annotated[Path, typer.Argument(help="FITS file of the image.")],
    output: Annotated[Path, typer.Option(help="Folder for data.fits, noise_map.fits, psf.fits, info.json.")],
    sci_hdu: Annotated[str | None, typer.Option(help=f"{_HDU} SCI, or the first image, if not given.")] = None,
    ra: Annotated[str | None, typer.Option(help="Right ascension of the lens: 149.87 or 09:59:29.1.")] = None,
    dec: Annotated[
        str | None, typer.Option(help="Declination: 2.21 or +02:12:36; --dec=-2.21 for a negative one.")
    ] = None,
    pixel: Annotated[
        tuple[float, float] | None, typer.Option(help="FITS pixel of the lens, y and x from 1, in place of RA and Dec.")
    ] = None,
    size: Annotated[float | None, typer.Option(help="Side of the cut-out (arcsec).")] = None,
    weight: Annotated[Path | None, typer.Option(help="File that tells the noise; the image's own ERR or WHT.")] = None,
    weight_hdu: Annotated[str | None, typer.Option(help=_HDU)] = None,
    weight_kind: Annotated[
        str | None, typer.Option(help="rms, variance, inverse-variance, exposure-time or relative.")
    ] = None,
    source_noise: Annotated[
        str, typer.Option(help="Photon noise of sources in the weights: included, add (it is not), or auto.")
    ] = "auto",
    unit: Annotated[str | None, typer.Option(help="Of the image: e-/s, e-, adu, adu/s, MJy/sr or kept.")] = None,
    gain: Annotated[float | None, typer.Option(help="Electrons per unit of the image.")] = None,
    exposure_time: Annotated[float | None, typer.Option(help="Seconds.")] = None,
    pixel_scale: Annotated[float | None, typer.Option(help="Arcsec; from the header if not given.")] = None,
    background: Annotated[
        str, typer.Option(help="constant, plane, none, or the level in the unit of the image.")
    ] = "constant",
    psf: Annotated[Path | None, typer.Option(help="File of the PSF.")] = None,
    psf_hdu: Annotated[str, typer.Option(help=_HDU)] = "0",
    psf_size: Annotated[int, typer.Option(help="Pixels along a side, odd.")] = 21,
    psf_oversampling: Annotated[int | None, typer.Option(help="Pixels of the PSF along one of the image.")] = None,
    flags: Annotated[Path | None, typer.Option(help="File that is not zero where a pixel is bad.")] = None,
    flags_hdu: Annotated[str | None, typer.Option(help=_HDU)] = None,
    flag_bits: Annotated[
        int | None, typer.Option(help="Bits of the flags that count, added up; all if not given.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print what was done as one JSON object.")] = False,
) -> None:
    """Make a folder that can be fitted of a frame: e-/s, noise map, cut-out, PSF, flagged pixels.

    What is not given comes from the headers; every number is printed with its origin and kept in info.json.

    \b
    autolens prepare image_drc.fits --ra 09:46:56.7 --dec +10:06:52.8 \\
        --size 14 --psf psf.fits --output j0946
    autolens prepare raw.fits --pixel 512 498 --size 12 --gain 1.6 \\
        --flags dq.fits --psf psf.fits --output lens
    """
    from autolens.cli import preparing

    options = {
        name: value for name, value in locals().items() if name not in ("science", "output", "json", "preparing")
    }
    preparing.run(science, output, options, as_json=json)
