"""``al.sample_report``: one page of many fits, with a page for each beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autogalaxy import results
from autogalaxy.inference.output import write_atomic
from autolens.html_report import page
from autolens.html_report.contents import FitContents
from autolens.html_report.images import Picture
from autolens.html_report.numbers import Measured, number_or_none
from autolens.html_report.opened import opened

INDEX = "index.html"
FITS = "fits"
"""Folder of the pages of single fits."""
_THUMBNAILS = ("data", "residuals", "source")
_FIRST = ("Einstein radius", "χ² per pixel", "ln evidence")
"""Columns of the table that come first."""
_SMALL = 44
"""Pixels along a side of a small image, at most."""


@dataclass
class SampleRow:
    """One fit of the sample, or why it cannot be read."""

    name: str
    folder: str
    grade: str
    link: str = ""
    problem: str = ""
    finished: bool = True
    reasons: list[str] = field(default_factory=list)
    thumbnails: list[dict[str, str]] = field(default_factory=list)
    measured: dict[str, tuple[Measured, str]] = field(default_factory=dict)
    """Key numbers by label, with units."""
    values: dict[str, float] = field(default_factory=dict)
    """Numbers by name, for sorting and for the charts."""


def sample_report(
    folders: str | Path | Iterable[str | Path],
    path: str | Path,
    on_progress: Callable[[int, int], None] | None = None,
    latent_seconds: float = 0.0,
) -> Path:
    """Write a page of many fits with a table and distributions, and a page for each fit beside it; returns its path.

    Parameters
    ----------
    folders
        Folders of results, or folders that hold such folders at any depth. One that cannot be read is a row with the
        problem.
    path
        Folder for the pages, or the ``.html`` file of the first one; the others and the drawing library go beside it.
    on_progress
        Called with how many of how many fits are done.
    latent_seconds
        For each fit, to draw errors of latent quantities (Einstein radius, magnification) that its folder does not
        hold; without, they are given at the maximum.
    """
    return write_sample(folders, Path(path), on_progress, latent_seconds)[0]


def write_sample(
    folders: str | Path | Iterable[str | Path],
    target: Path,
    on_progress: Callable[[int, int], None] | None = None,
    latent_seconds: float = 0.0,
) -> tuple[Path, list[SampleRow]]:
    """The same, with the rows of the table."""
    page.check_parts()
    target = target if target.suffix.lower() in (".html", ".htm") else target / INDEX
    found = folders_in(folders)
    write_atomic(target.parent / page.PLOTLY, page.plotly_script().encode())
    rows = []
    for i, (name, folder) in enumerate(found):
        rows.append(_row_of(name, folder, target, _file_name(i, name, len(found)), latent_seconds))
        if on_progress is not None:
            on_progress(i + 1, len(found))
    return page.write_page(target, _page_of(rows)), rows


def folders_in(folders: str | Path | Iterable[str | Path]) -> list[tuple[str, Path]]:
    """Every folder with a result, by a name that tells it from the others."""
    given = [Path(folders)] if isinstance(folders, str | Path) else [Path(folder) for folder in folders]
    found: dict[Path, Path] = {}
    for root in given:
        if not root.is_dir():
            found[root] = root.parent
            continue
        inside = results(root).folders
        found |= {folder: root.parent if folder == root else root for folder in inside or [root]}
    if not found:
        raise exc.FileException(
            "sample_report got no folders, wanted those of results: al.sample_report('output', 'report')."
        )
    names = [str(folder.relative_to(root)) for folder, root in found.items()]
    if len(set(names)) < len(names):
        shared = os.path.commonpath([folder.resolve() for folder in found])
        names = [os.path.relpath(folder.resolve(), shared) for folder in found]
    return list(zip(names, found, strict=True))


def _file_name(i: int, name: str, count: int) -> str:
    """A name that every file system takes, in the order of the fits."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:60] or "fit"
    return f"{i + 1:0{len(str(count))}d}-{plain}.html"


def _row_of(name: str, folder: Path, target: Path, file_name: str, latent_seconds: float) -> SampleRow:
    """The row of a fit whose page is written; a row with the problem where that fails, whatever the reason."""
    try:
        fit = opened(folder)
        fit.name = name
        contents = FitContents.of(fit, latent_seconds)
        made = contents.page(shared=f"../{page.PLOTLY}", up=f"../{target.name}")
        page.write_page(target.parent / FITS / file_name, made)
    except Exception as error:  # one bad folder must not cost the page of the others
        says = str(error) if isinstance(error, exc.AutoException) else f"{type(error).__name__}: {error}"
        return SampleRow(name, str(folder), "problem", problem=says)
    verdict = fit.result.verdict
    grade = "" if verdict is None else verdict.grade
    row = SampleRow(name, str(folder), grade, f"{FITS}/{file_name}", finished=bool(fit.summary.get("finished", True)))
    row.reasons = [] if verdict is None or grade == "good" else verdict.reasons
    pictures = {picture.key: picture for picture in (contents.fits[0]["pictures"] if contents.fits else [])}
    row.thumbnails = [_thumbnail(pictures[key]) for key in _THUMBNAILS if key in pictures]
    row.measured = {key.label: (key.measured, key.unit) for key in contents.keys}
    row.values = _values_of(contents)
    return row


def _thumbnail(picture: Picture) -> dict[str, str]:
    step = max(-(-max(picture.values.shape) // _SMALL), 1)
    return {"src": picture.small(step), "alt": f"{picture.title}. {picture.alt}"}


def _values_of(contents: FitContents) -> dict[str, float]:
    """Numbers of a fit by name: key numbers, medians of parameters, figures of the search."""
    found: dict[str, Any] = {key.label: key.number for key in contents.keys}
    found |= {column.name: column.median_and_errors[0] for column in contents.columns}
    search = contents.fit.search
    known = {"seconds": "time (s)", "effective_samples": "effective samples", "log_likelihood": "ln likelihood"}
    found |= {label: search.get(key) for key, label in known.items()}
    return {name: number for name, value in found.items() if (number := number_or_none(value)) is not None}


def _page_of(rows: list[SampleRow]) -> str:
    labels = list(dict.fromkeys([*_FIRST, *(label for row in rows for label in row.measured)]))
    labels = [label for label in labels if any(label in row.measured for row in rows)]
    names = list(dict.fromkeys(name for row in rows for name in row.values))
    grades = ("good", "check", "failed", "", "problem")
    return page.page_from(
        "sample.html.j2",
        shared=page.PLOTLY,
        figures={
            "sample": {
                "names": [row.name for row in rows],
                "grades": [row.grade for row in rows],
                "columns": {name: [row.values.get(name) for row in rows] for name in names},
                "units": {label: unit for row in rows for label, (_, unit) in row.measured.items()},
                "charts": [label for label in labels if _differ([row.values.get(label) for row in rows])],
            }
        },
        title=f"{len(rows)} fits" if len(rows) != 1 else "1 fit",
        rows=rows,
        labels=labels,
        counts=[(grade, n) for grade in grades if (n := sum(row.grade == grade for row in rows))],
        interrupted=sum(not row.finished for row in rows),
    )


def _differ(values: list[float | None]) -> bool:
    known = np.array([value for value in values if value is not None])
    return len(known) > 1 and bool(np.ptp(known) > 0.0)
