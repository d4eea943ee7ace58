"""``autolens info``: what is installed."""

from __future__ import annotations

import typer

from autolens.cli.commands import options as o


def info(
    json: o.Json = False,
) -> None:
    """Versions, backend, devices, threads, and how to install the optional parts that are missing.

    \b
    autolens info
    autolens info --json
    OMP_NUM_THREADS=4 autolens info
    """
    from autolens.cli.environment import environment, lines_from
    from autolens.cli.json_answer import print_json

    found = environment()
    if json:
        print_json(found)
        return
    for line in lines_from(found):
        typer.echo(line)
