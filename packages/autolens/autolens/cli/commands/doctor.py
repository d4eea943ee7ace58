"""``autolens doctor``: what is wrong with an observation, before it is fitted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autolens.cli.commands import options as o


def doctor(
    place: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER|FILE",
            help="Folder with data.fits, noise_map.fits, psf.fits and perhaps info.json and mask_extra_galaxies.fits, "
            "or one FITS file with an HDU each.",
        ),
    ] = None,
    data: o.Data = None,
    noise_map: o.NoiseMap = None,
    psf: o.Psf = None,
    data_hdu: o.Hdu = None,
    noise_map_hdu: o.Hdu = None,
    psf_hdu: o.Hdu = None,
    band: o.Band = None,
    pixel_scale: o.PixelScale = None,
    exposure_time: Annotated[float | None, typer.Option(help="Exposure time (s), which Poisson noise needs.")] = None,
    mask_radius: o.MaskRadius = None,
    mask_centre: Annotated[
        tuple[float, float] | None, typer.Option(help="Its centre, y and x (arcsec); the lens if not given.")
    ] = None,
    mask_extra_galaxies: o.MaskExtraGalaxies = None,
    output: Annotated[Path | None, typer.Option(help="Folder for doctor.png and doctor.json.")] = None,
    json: o.Json = False,
) -> None:
    """Say what is wrong with an observation, what that does to a fit and what mends it; 1 where there is something.

    \b
    autolens doctor my_lens
    autolens doctor my_lens --pixel-scale 0.05 --mask-radius 2.5 --output pictures
    autolens doctor euclid.fits --band NIR_H
    autolens doctor --data image.fits --data-hdu SCI --noise-map-hdu ERR --psf psf.fits
    """
    options = dict(locals())
    from autolens.cli.doctor import run_doctor

    raise typer.Exit(run_doctor(options))
