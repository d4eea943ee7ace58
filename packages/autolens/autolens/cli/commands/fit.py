"""``autolens fit``: a lens from FITS files, or many of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_HDU = "HDU, by name or number."


def fit(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FOLDER...",
            help="Folder with data.fits, noise_map.fits, psf.fits and perhaps info.json; several, or a folder of such "
            "folders, with --batch.",
        ),
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
        str,
        typer.Option(help="Mass of the lens, one of those that `autolens info` lists, or a TOML file of the model."),
    ] = "sie+shear",
    light: Annotated[str, typer.Option(help="Light of the lens: sersic, or mge (30 linear Gaussians).")] = "sersic",
    lens_sersics: Annotated[
        int | None, typer.Option(min=1, max=4, help="Sersic profiles of the lens light; 2 where not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 1,
    search: Annotated[
        str,
        typer.Option(
            help="auto for a posterior with its evidence, maximum for the best fit with Gaussian errors, or another "
            "one that `autolens info` lists."
        ),
    ] = "auto",
    output: Annotated[
        Path | None, typer.Option(help="Folder for the results; a fit there that was killed goes on.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the last fit of this name that was not finished.")
    ] = False,
    batch: Annotated[bool, typer.Option("--batch", help="Fit many lenses, each in a process of its own.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Lenses of a batch that are fitted at once.")] = 1,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads to compute with; every processor, at most 8, where not given.")
    ] = None,
    no_jax: Annotated[bool, typer.Option("--no-jax", help="Use NumPy even where JAX is installed (slow).")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over results that are there.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer with JSON on the standard output.")] = False,
) -> None:
    """Fit a lens from FITS files without values to start from; exits with 1 where the verdict is not good.

    \b
    autolens fit my_lens --pixel-scale 0.05 --mask-radius 2.5
    autolens fit my_lens --light mge --search maximum --output first
    autolens fit my_lens --model my_model.toml
    autolens fit my_lens --resume
    autolens fit my_lenses --batch --jobs 2 --output survey
    """
    options = dict(locals())  # as they were typed, for the workers of a batch
    from autolens.cli.json_answer import alone_on_stdout

    places = folders or []
    if threads is not None:
        from autolens.cli.threads import limit

        limit(threads=threads)
    with alone_on_stdout(json) as print_answer:
        if batch or len(places) > 1:
            from autolens.cli.batch import run_batch

            answer = run_batch(places, options)
        else:
            answer = _fit_one(places[0] if places else None, options)
    print_answer(answer)
    raise typer.Exit(answer["exit_code"])


def _fit_one(folder: Path | None, options: dict) -> dict:
    """The answer of one fit."""
    from autolens.cli import job, observation

    seen = observation.seen_from(folder, options)
    search = job.checked_search(options["search"], options["no_jax"])
    settings = job.Settings(
        name=seen.files.name,
        seed=options["seed"],
        use_jax=job.use_jax_from(options["no_jax"]),
        output=options["output"],
        overwrite=options["overwrite"],
        search=search,
        resume=options["resume"],
    )
    settings.folder()  # a folder that cannot be used is said now, not after the fit
    lens = job.LensModel(options["model"], options["light"], options["lens_sersics"])
    noise = observation.noise_correlation_from(seen.files, seen.facts)
    return job.run_fit(seen.dataset, lens, seen.facts, seen.centre, settings, noise).to_dict()
