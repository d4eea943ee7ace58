"""``autolens fit``: a lens from FITS files, or many of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from autolens.cli.call import Call, call_of
from autolens.cli.commands import options as o

_Folders = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="FOLDER...",
        help="Folder with data.fits, noise_map.fits, psf.fits and perhaps info.json, or one FITS file with an HDU "
        "each. Several folders are a batch; a folder of such folders is one with --batch.",
    ),
]
_Output = Annotated[Path | None, typer.Option(help="Folder for the results; a fit there that was killed goes on.")]
_Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Go on with the last fit of this name that is not finished; its other options are to be given again.",
    ),
]
_Batch = Annotated[bool, typer.Option("--batch", help="Fit many lenses, each in a process of its own.")]
_Jobs = Annotated[int, typer.Option(min=1, help="Lenses of a batch that are fitted at once.")]
_TimeLimit = Annotated[
    float | None,
    typer.Option(
        help="Seconds that chains of --search auto or nuts may take after the best fit; there is no limit if not given."
    ),
]
_Force = Annotated[bool, typer.Option("--force", help="Fit data of which the doctor says that it makes no sense.")]
_NoReport = Annotated[bool, typer.Option("--no-report", help="Write no report.html.")]


def fit(
    context: typer.Context,
    folders: _Folders = None,
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
    seed: o.Seed = 1,
    search: o.Search = "auto",
    time_limit: _TimeLimit = None,
    output: _Output = None,
    resume: _Resume = False,
    batch: _Batch = False,
    jobs: _Jobs = 1,
    threads: o.Threads = None,
    no_jax: o.NoJax = False,
    overwrite: o.Overwrite = False,
    force: _Force = False,
    no_report: _NoReport = False,
    json: o.Json = False,
) -> None:
    """Fit a lens from FITS files without values to start from; exits with 1 where the verdict is not good.

    \b
    autolens fit my_lens --pixel-scale 0.05 --mask-radius 2.5
    autolens fit my_lens --light mge --search maximum --output first
    autolens fit my_lens --model my_model.toml
    autolens fit euclid.fits --band NIR_H
    autolens fit my_lens --resume
    autolens fit my_lenses --batch --jobs 2 --time-limit 300 --output survey
    """
    options = dict(locals())
    _run(options, call_of(options.pop("context")))


def _run(options: dict[str, Any], call: Call) -> None:
    """Fit one lens or many, answer, and leave with the exit code."""
    call.ask_for_threads(options["threads"])
    options["arguments"] = call.arguments
    from autolens.cli.json_answer import alone_on_stdout

    places = options["folders"] or []
    with alone_on_stdout(options["json"]) as print_answer:
        if options["batch"] or len(places) > 1:
            from autolens.cli.batch import run_batch

            if not options["batch"]:
                typer.echo(f"{len(places)} folders are named: they are fitted as a batch (--batch)", err=True)
            answer = run_batch(places, options)
        else:
            from autolens.cli.job import fit_from

            answer = fit_from(places[0] if places else None, options).to_dict()
    print_answer(answer)
    raise typer.Exit(answer["exit_code"])
