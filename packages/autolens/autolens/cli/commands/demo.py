"""``autolens demo``: the main job on a simulated lens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


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
