"""``autolens describe``: a named model, scaled to an image, as a TOML file to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autolens.cli.commands import options as o


def describe(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Folder with data.fits, noise_map.fits, psf.fits and perhaps info.json; or results of a fit."
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
    redshift_lens: o.RedshiftLens = None,
    redshift_source: o.RedshiftSource = None,
    mask_radius: o.MaskRadius = None,
    mask_centre: o.MaskCentre = None,
    mask_extra_galaxies: o.MaskExtraGalaxies = None,
    model: o.LensModelName = "sie+shear",
    light: o.Light = "sersic",
    lens_sersics: o.LensSersics = None,
) -> None:
    """Print the model that `autolens fit` would take, as a TOML file to change and to fit with --model.

    Of a results folder it is the model of that fit.

    \b
    autolens describe my_lens > my_model.toml
    autolens describe my_lens --model power-law+shear --light mge > my_model.toml
    autolens fit my_lens --model my_model.toml
    autolens describe autolens_results/my_lens > again.toml
    """
    options = dict(locals())
    from autolens.cli.describe import text_of

    print(text_of(folder, options), end="")
