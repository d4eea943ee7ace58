"""``autolens doctor``: what is wrong with an observation, before it is fitted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_HDU = "HDU, by name or number."


def doctor(
    place: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER|FILE",
            help="Folder with data.fits, noise_map.fits, psf.fits and perhaps info.json and mask_extra_galaxies.fits, "
            "or one FITS file with an HDU each.",
        ),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Image, in place of FOLDER/data.fits.")] = None,
    noise_map: Annotated[Path | None, typer.Option(help="Noise map; the file of the image where not given.")] = None,
    psf: Annotated[Path | None, typer.Option(help="PSF; the file of the image where not given.")] = None,
    data_hdu: Annotated[str | None, typer.Option(help=_HDU)] = None,
    noise_map_hdu: Annotated[str | None, typer.Option(help=_HDU)] = None,
    psf_hdu: Annotated[str | None, typer.Option(help=_HDU)] = None,
    band: Annotated[str | None, typer.Option(help="Band of a file with several, NIR_H say.")] = None,
    pixel_scale: Annotated[float | None, typer.Option(help="Size of a pixel (arcsec).")] = None,
    exposure_time: Annotated[float | None, typer.Option(help="Exposure time (s), which Poisson noise needs.")] = None,
    mask_radius: Annotated[
        float | None, typer.Option(help="Radius (arcsec) of the circle that is to be fitted; 3.0 where not given.")
    ] = None,
    mask_centre: Annotated[
        tuple[float, float] | None, typer.Option(help="Its centre, y and x (arcsec); the lens if not given.")
    ] = None,
    mask_extra_galaxies: Annotated[
        Path | None, typer.Option(help="FITS file, non-zero where another galaxy is to be left out.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Folder for doctor.png and doctor.json.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer with JSON on the standard output.")] = False,
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
