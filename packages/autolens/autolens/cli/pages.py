"""What ``autolens report`` does: a page of one fit, or pages of many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from autoarray import exc
from autogalaxy import results
from autolens.cli.folders import DATA, RESULT, refusal
from autolens.html_report import report
from autolens.html_report.sample_report import write_sample

SAMPLE = "report"
"""Folder for the pages of a sample, in the folder that holds its fits."""


def pages_of(folders: Sequence[Path], output: Path | None) -> dict[str, Any]:
    """Write them; where they are, and which fits cannot be read. One folder of one fit is no sample."""
    if missing := [folder for folder in folders if not folder.is_dir()]:
        raise refusal(missing[0], "a folder with results", "autolens report autolens_results/NAME", marker=RESULT)
    for folder in folders:
        if (folder / DATA).is_file() and not len(results(folder)):
            raise exc.FileException(
                f"{folder} holds the images of a lens and no results: run autolens fit {folder} first, then "
                "autolens report with the folder that it names."
            )
    if len(folders) == 1 and not _holds_many(folders[0]):
        return {"report": report(folders[0], output), "fits": 1, "problems": {}, "exit_code": 0}
    target = output if output is not None else (folders[0] if len(folders) == 1 else Path()) / SAMPLE
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("pages", total=None)
        path, rows = write_sample(folders, target, lambda done, of: progress.update(task, completed=done, total=of))
    problems = {row.name: row.problem for row in rows if row.problem}
    return {"report": path, "fits": len(rows), "problems": problems, "exit_code": 1 if problems else 0}


def _holds_many(folder: Path) -> bool:
    """Whether a folder is no result itself and has some inside."""
    return not (folder / "result.json").exists() and len(results(folder)) > 0
