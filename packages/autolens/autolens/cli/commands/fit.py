"""``autolens fit``: a lens from FITS files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_HDU = "HDU, by name or number."


def fit(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with data.fits, noise_map.fits, psf.fits and perhaps info.json.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Image, in place of FOLDER/data.fits.")] = None,
    noise_map: Annotated[Path | None, typer.Option(help="Noise map; the file of the image where not given.")] = None,
    psf: Annotated[Path | None, typer.Option(help="PSF; the file of the image where not given.")] = None,
    data_hdu: Annotated[str, typer.Option(help=_HDU)] = "0",
    noise_map_hdu: Annotated[str, typer.Option(help=_HDU)] = "0",
    psf_hdu: Annotated[str, typer.Option(help=_HDU)] = "0",
    pixel_scale: Annotated[float | None, typer.Option(help="Size of a pixel (arcsec).")] = None,
    redshift_lens: Annotated[float | None, typer.Option(help="0.5 where it is not known.")] = None,
    redshift_source: Annotated[float | None, typer.Option(help="1.0 where it is not known.")] = None,
    mask_radius: Annotated[float | None, typer.Option(help="Radius (arcsec) of the circle that is fitted.")] = None,
    mask_centre: Annotated[
        tuple[float, float] | None, typer.Option(help="Its centre, y and x (arcsec); the brightest place if not given.")
    ] = None,
    mask_extra_galaxies: Annotated[
        Path | None, typer.Option(help="FITS file, non-zero where another galaxy is to be left out.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="Mass of the lens, one of those that `autolens info` lists.")
    ] = "sie+shear",
    light: Annotated[str, typer.Option(help="Light of the lens: sersic, or mge (30 linear Gaussians).")] = "sersic",
    lens_sersics: Annotated[
        int | None, typer.Option(min=1, max=4, help="Sersic profiles of the lens light; 2 where not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 1,
    search: Annotated[
        str, typer.Option(help="auto for a posterior with its evidence, maximum for the best fit with Gaussian errors.")
    ] = "auto",
    output: Annotated[
        Path | None, typer.Option(help="Folder for the results; a fit there that was killed goes on.")
    ] = None,
    no_jax: Annotated[bool, typer.Option("--no-jax", help="Use NumPy even where JAX is installed (slow).")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over results that are there.")] = False,
) -> None:
    """Fit a lens from FITS files without values to start from; exits with 1 where the verdict is not good."""
    from autolens.cli import job, observation

    source = observation.Files.found(folder, data, noise_map, psf, mask_extra_galaxies)
    source = source.with_hdus(data_hdu, noise_map_hdu, psf_hdu)
    facts = observation.facts_from(
        source,
        pixel_scale=pixel_scale,
        redshift_lens=redshift_lens,
        redshift_source=redshift_source,
        mask_radius=mask_radius,
    )
    samplers = job.samplers_from(search)
    settings = job.Settings(source.name, seed, job.use_jax_from(no_jax), output, overwrite, samplers)
    settings.folder()  # a folder that cannot be used is said now, not after the fit
    dataset, centre = observation.masked_dataset_from(source, facts, mask_centre)
    noise = observation.noise_correlation_from(source, facts)
    lens = job.LensModel(model, light, lens_sersics)
    raise typer.Exit(job.run_fit(dataset, lens, facts, centre, settings, noise))
