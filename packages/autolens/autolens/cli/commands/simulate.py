"""``autolens simulate``: observations of a lens that a TOML file describes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def simulate(
    config: Annotated[Path, typer.Argument(help="TOML file of galaxies and of a dataset.")],
    output: Annotated[Path | None, typer.Option(help="Folder to write; the name of the file where not given.")] = None,
    count: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="Simulate this many lenses, each in a folder of its own.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**31 - 1, help="Seed of the draws and the noise, in place of the file's.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over a dataset that is there.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was written as one JSON object.")] = False,
) -> None:
    """Simulate a lens, or a sample of lenses, into folders that `autolens fit` reads.

    Parameters with a prior in the file are drawn from it, anew for each lens. The truth is in truth.json.

    \b
    autolens simulate lens.toml --output one_lens
    autolens simulate sample.toml --output sample --count 100 --seed 7
    autolens fit one_lens
    """
    from autolens.cli import simulate as work

    answer = work.run(config, output, count, seed, overwrite)
    if json:
        from autolens.cli.json_answer import print_json

        print_json(answer)
        return
    lenses = f"{answer['count']} lenses" if count is not None else "the lens"
    print(f"{lenses} and the truth written to {answer['folder']}, seed {answer['seed']}")
    example = answer["lenses"][0]["folder"]
    print(f"next: autolens doctor {example}; autolens fit {example}")
