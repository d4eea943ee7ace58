"""``autolens convert``: lenses between our files and those of lenstronomy and COOLEST."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def convert(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="IN", help="TOML description, results folder, COOLEST template or JSON of lenstronomy's lists."
        ),
    ],
    output: Annotated[
        Path | None, typer.Argument(metavar="[OUT]", help="File to write; the standard output where not given.")
    ] = None,
    to: Annotated[str | None, typer.Option(help="autolens, coolest or lenstronomy.")] = None,
    pixel_scale: Annotated[
        float | None, typer.Option(help="Size of a pixel (arcsec), where the input does not say it; light needs it.")
    ] = None,
    redshift_lens: Annotated[float | None, typer.Option(help="Of lists of lenstronomy without z_lens.")] = None,
    redshift_source: Annotated[float | None, typer.Option(help="Of lists of lenstronomy without z_source.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Write nothing where a part cannot be expressed.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was done as one JSON object.")] = False,
) -> None:
    """Convert a lens; what the other format cannot express is listed, and the file is read back to check it.

    What kind of file goes in is seen from what is in it.

    \b
    autolens convert template.json lens.toml
    autolens convert lens.toml lens.json --to lenstronomy
    autolens convert results_folder template.json --to coolest --strict
    """
    from autolens.cli import convert as work

    code = work.run(source, output, to, pixel_scale, (redshift_lens, redshift_source), strict, json)
    raise typer.Exit(code)
