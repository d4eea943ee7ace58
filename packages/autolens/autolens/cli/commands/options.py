"""Options that several sub-commands share, as types of their arguments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_HDU = "HDU, by name or number."

Data = Annotated[Path | None, typer.Option(help="Image, in place of FOLDER/data.fits.")]
NoiseMap = Annotated[Path | None, typer.Option(help="Noise map; the file of the image where not given.")]
Psf = Annotated[Path | None, typer.Option(help="PSF; the file of the image where not given.")]
Hdu = Annotated[str | None, typer.Option(help=_HDU)]
Band = Annotated[str | None, typer.Option(help="Band of one FITS file with several, NIR_H say.")]
PixelScale = Annotated[float | None, typer.Option(help="Size of a pixel (arcsec).")]
RedshiftLens = Annotated[float | None, typer.Option(help="0.5 where it is not known.")]
RedshiftSource = Annotated[float | None, typer.Option(help="1.0 where it is not known.")]
MaskRadius = Annotated[
    float | None, typer.Option(help="Radius (arcsec) of the circle that is fitted; 3.0 where not given.")
]
MaskCentre = Annotated[
    tuple[float, float] | None, typer.Option(help="Its centre, y and x (arcsec); the brightest place if not given.")
]
MaskExtraGalaxies = Annotated[
    Path | None, typer.Option(help="FITS file, non-zero where another galaxy is to be left out.")
]
LensModelName = Annotated[
    str, typer.Option(help="Mass of the lens, one of those that `autolens info` lists, or a TOML file of the model.")
]
Light = Annotated[str, typer.Option(help="Light of the lens: sersic, or mge (30 linear Gaussians).")]
LensSersics = Annotated[
    int | None, typer.Option(min=1, max=4, help="Sersic profiles of the lens light; 2 where not given.")
]
Seed = Annotated[int, typer.Option(help="Seed of the search.")]
Search = Annotated[
    str,
    typer.Option(
        help="auto for a posterior with its evidence, maximum for the best fit with Gaussian errors, or another one "
        "that `autolens info` lists."
    ),
]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Threads to compute with; every processor, at most 8, where not given.")
]
NoJax = Annotated[bool, typer.Option("--no-jax", help="Use NumPy even where JAX is installed (slow).")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Write over results that are there.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with JSON on the standard output.")]
