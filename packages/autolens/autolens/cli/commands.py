"""The sub-commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autolens.analysis.named_models import LIGHTS, NAMED

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Strong gravitational lenses: fit a simulated one, or your own from FITS files.",
)
_HDU = "HDU, by name or number."


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="Seed of the noise and of the search.")] = 1,
    output: Annotated[Path | None, typer.Option(help="Folder for the results.")] = None,
    no_jax: Annotated[bool, typer.Option("--no-jax", help="Use NumPy even where JAX is installed (slow).")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over results that are there.")] = False,
) -> None:
    """Simulate a lens, fit it, and print the truth beside the fit."""
    from autolens.cli import job
    from autolens.cli.demonstration import truth_and_dataset_from

    truth, dataset = truth_and_dataset_from(seed)
    settings = job.Settings("demo", seed=seed, use_jax=job.use_jax_from(no_jax), output=output, overwrite=overwrite)
    raise typer.Exit(job.run_demo(truth, dataset, settings))


@app.command()
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
    model: Annotated[str, typer.Option(help=f"Mass of the lens: {', '.join(NAMED)}.")] = "sie+shear",
    light: Annotated[
        str, typer.Option(help=f"Light of the lens: {', '.join(LIGHTS)} (30 linear Gaussians).")
    ] = "sersic",
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


@app.command()
def info() -> None:
    """Versions, devices and optional parts that are installed."""
    from autolens.cli.report import print_info

    print_info()
