"""``autolens report``: pages for the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    folders: Annotated[list[Path], typer.Argument(help="Folders of results, or folders that hold such folders.")],
    output: Annotated[
        Path | None, typer.Option(help="File or folder of the page; FOLDER/report.html where not given.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer with JSON on the standard output.")] = False,
) -> None:
    """Write one page of a fit, or of a sample of fits, that opens in any browser without a network.

    Of several folders, or of one that holds many results, it is a table with a page for each fit beside it.

    \b
    autolens report autolens_results/my_lens
    autolens report survey --output survey_report
    """
    from autolens.cli.json_answer import print_json
    from autolens.cli.pages import pages_of

    answer = pages_of(folders, output)
    if json:
        print_json(answer)
    else:
        typer.echo(answer["report"])
        for name, problem in answer["problems"].items():
            typer.echo(f"{name}: {problem}", err=True)
    raise typer.Exit(answer["exit_code"])
