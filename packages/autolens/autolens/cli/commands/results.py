"""``autolens results``: the fits below a folder as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autolens.cli.commands import options as o


def results(
    folder: Annotated[Path, typer.Argument(help="Folder with results, in folders as deep as you like.")] = Path(
        "autolens_results"
    ),
    columns: Annotated[
        str | None,
        typer.Option(help="Columns with commas between them; a parameter by the end of its path; all for everything."),
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="Condition such as 'verdict==good'; several must all hold.")
    ] = None,
    sort: Annotated[str | None, typer.Option(help="Column to order by; with - in front the highest first.")] = None,
    csv: Annotated[Path | None, typer.Option(help="File to write the table to.")] = None,
    json: o.Json = False,
) -> None:
    """List the fits below FOLDER: verdict, Einstein radius with its errors, chi-squared, evidence, time.

    \b
    autolens results output
    autolens results output --where verdict==good --where "einstein_radius>1.2" --sort -log_evidence
    autolens results output --columns einstein_radius,mass.slope,source.light.effective_radius --csv table.csv
    """
    from autolens.cli import listing
    from autolens.cli.json_answer import print_json

    everything = listing.fits_below(folder)
    fits = listing.chosen(everything, where or (), sort)
    names = listing.columns_from(everything, columns)
    problems = {fit.row.values["folder"]: fit.row.problem for fit in everything if fit.row.problem}
    if csv is not None:
        listing.save_csv(fits, names, csv)
    if json:
        records = listing.records_from(fits, names)
        print_json({"folder": folder, "of": len(everything), "count": len(fits), "fits": records, "problems": problems})
        return
    for line in listing.lines_from(fits, names):
        typer.echo(line)
    typer.echo(f"{len(fits)} of {len(everything)} fits" + (f"; written to {csv}" if csv else ""), err=True)
    for name, problem in problems.items():
        typer.echo(f"{name}: {problem}", err=True)
