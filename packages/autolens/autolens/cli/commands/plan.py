"""``autolens plan``: what a fit will cost, before it is begun."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autolens.cli.call import call_of
from autolens.cli.commands import options as o


def plan(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(help="Folder with data.fits, noise_map.fits, psf.fits.")] = None,
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
    search: o.Search = "auto",
    threads: o.Threads = None,
    no_jax: o.NoJax = False,
    json: o.Json = False,
) -> None:
    """Measure what a fit will cost: parameters, seconds and memory of an evaluation, and how long it will take.

    \b
    autolens plan my_lens
    autolens plan my_lens --light mge --search maximum
    autolens plan my_lens --model my_model.toml --json
    """
    options = dict(locals())
    call_of(options.pop("context")).ask_for_threads(threads)
    from autolens.cli import job
    from autolens.cli.json_answer import alone_on_stdout

    with alone_on_stdout(json) as print_answer:
        answer = job.plan_from_options(folder, options)
    print_answer(answer)
