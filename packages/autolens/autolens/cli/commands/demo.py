"""``autolens demo``: the main job on a simulated lens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autolens.cli.call import call_of
from autolens.cli.commands import options as o


def demo(
    context: typer.Context,
    seed: Annotated[int, typer.Option(help="Seed of the noise and of the search.")] = 1,
    output: Annotated[Path | None, typer.Option(help="Folder for the results.")] = None,
    no_jax: o.NoJax = False,
    overwrite: o.Overwrite = False,
    json: o.Json = False,
) -> None:
    """Simulate a lens, fit it, and print the truth beside the fit.

    \b
    autolens demo
    autolens demo --output my_demo --seed 2
    """
    from autolens.cli import job
    from autolens.cli.demonstration import truth_and_dataset_from
    from autolens.cli.json_answer import alone_on_stdout

    with alone_on_stdout(json) as print_answer:
        truth, dataset = truth_and_dataset_from(seed)
        settings = job.Settings(
            "demo",
            seed=seed,
            use_jax=job.use_jax_from(no_jax),
            output=output,
            overwrite=overwrite,
            arguments=call_of(context).arguments,
        )
        outcome = job.run_demo(truth, dataset, settings)
    print_answer(outcome.to_dict())
    raise typer.Exit(outcome.exit_code)
