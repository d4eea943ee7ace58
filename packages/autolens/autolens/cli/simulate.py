"""Simulated lenses in folders that ``autolens fit`` reads."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autoarray import exc
from autogalaxy.inference.output import write_atomic, write_json
from autolens.description.simulation import Simulated, Simulation
from autolens.description.values import values_of
from autolens.description.writing import quoted, text_from

FEWEST_FOR_PROGRESS = 20
"""Lenses below which nothing is said while they are simulated."""


def run(config: Path, output: Path | None, count: int | None, seed: int | None, overwrite: bool) -> dict[str, Any]:
    """Simulate what ``config`` describes; what was written, and where."""
    simulation = Simulation.from_file(config)
    folder = output if output is not None else Path(config.stem)
    base = simulation.observing.seed if seed is None else seed
    folders = _folders(folder, count)
    for each in folders:
        if (each / "data.fits").exists() and not overwrite:
            raise exc.FileException(f"{each} holds a dataset already; wanted another --output, or --overwrite.")
    if folder.is_file():
        raise exc.FileException(f"--output {folder} is a file, wanted a folder.")
    lenses = []
    for number, each in _with_progress(folders):
        lens = simulation.lens(number, base)
        _write(lens, simulation, each)
        lenses.append({"folder": each, "noise_seed": lens.seed, "parameters": lens.parameters})
    return {"config": config, "folder": folder, "seed": base, "count": len(lenses), "lenses": lenses}


def _folders(folder: Path, count: int | None) -> list[Path]:
    if count is None:
        return [folder]
    digits = max(4, len(str(count - 1)))
    return [folder / f"{number:0{digits}d}" for number in range(count)]


def _with_progress(folders: list[Path]) -> Iterator[tuple[int, Path]]:
    """The folders with their numbers; while many are written, a bar on the error stream, or lines in a file."""
    if len(folders) < FEWEST_FOR_PROGRESS:
        yield from enumerate(folders)
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import track

        yield from enumerate(track(folders, "simulating", console=Console(stderr=True), transient=True))
    else:
        for number, folder in enumerate(folders):
            yield number, folder
            if (number + 1) % (len(folders) // 10) == 0:
                print(f"simulated {number + 1} of {len(folders)}", file=sys.stderr, flush=True)


def _write(lens: Simulated, simulation: Simulation, folder: Path) -> None:
    """The images, ``info.json`` with what a fit needs to know, and the truth as numbers and as a description."""
    from autolens.cli import results

    observing = simulation.observing
    redshifts = sorted(galaxy.redshift for galaxy in lens.instance.galaxies)
    facts = {
        "pixel_scale": observing.pixel_scale,
        "redshift_lens": float(redshifts[0]),
        "redshift_source": float(redshifts[-1]),
        "exposure_time": observing.exposure_time,
        "background": observing.background,
    }
    facts |= {} if observing.mask_radius is None else {"mask_radius": observing.mask_radius}
    results.write_dataset(lens.dataset, folder, facts)
    title = simulation.title
    values = values_of(lens.instance)
    truth = {"title": title, "noise_seed": lens.seed, "drawn": lens.parameters, "parameters": values}
    write_json(folder / "truth.json", truth)
    write_atomic(folder / "truth.toml", (text_from(lens.instance, title) + "\n" + _dataset(lens, simulation)).encode())


def _dataset(lens: Simulated, simulation: Simulation) -> str:
    """``[dataset]`` that simulates the folder again, from the folder itself."""
    o = simulation.observing
    lines = [
        "[dataset]",
        f"shape = [{o.shape[0]}, {o.shape[1]}]",
        f"pixel_scale = {o.pixel_scale!r}",
        f"psf = {{ file = {quoted('psf.fits')} }}",
        f"exposure_time = {o.exposure_time!r}",
        f"background = {o.background!r}",
        f"seed = {lens.seed}",
        f"over_sample_size = {o.over_sample_size}",
    ]
    lines += [] if o.mask_radius is None else [f"mask_radius = {o.mask_radius!r}"]
    return "\n".join(lines) + "\n"
