"""Many results at a glance: a row for each fit under a folder, read from its ``result.json`` alone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.latent import Latent, LatentTable
from autogalaxy.inference.load_result import load_result, read_summary
from autogalaxy.inference.result_files import RESULT

_CONDITIONS: dict[str, Callable[[Any, Any], bool]] = {
    "min": lambda value, limit: value >= limit,
    "max": lambda value, limit: value <= limit,
}
_TABLED = {"log_evidence": float, "log_evidence_error": float, "effective_samples": float, "seconds": float}
"""Figures of a search that have a column where any fit has them."""
_OF_FIT = ("chi_squared", "pixels")
"""Figures of the best fit, likewise."""
_OF_SKY = ("ra", "dec")
"""Place of the lens on the sky [deg], likewise."""


@dataclass(frozen=True)
class Row:
    """One fit: its folder and what its ``result.json`` says, or why that cannot be read."""

    folder: Path
    values: dict[str, Any]
    """Columns by name; the median of a parameter under its path, of what follows from parameters under its name."""
    problem: str = ""
    errors: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Lower and upper error of each of these, by the same name."""
    latents: tuple[str, ...] = ()
    """Names of the columns that follow from the parameters."""

    def load(self) -> Any:
        """The whole result."""
        return load_result(self.folder)


class Results:
    """Fits found under a folder; rows are read when they are asked for, once.

    ``results.table`` is an astropy Table, ``results.filter(...)`` the fits that fulfil conditions, and iterating loads
    one result after the other. Damaged results are listed with the ``problem`` and are not loaded.
    """

    def __init__(self, folders: Sequence[Path], root: Path | None = None, rows: Sequence[Row] | None = None) -> None:
        self.folders = list(folders)
        self.root = root
        self._rows = None if rows is None else list(rows)

    @property
    def rows(self) -> list[Row]:
        """What each ``result.json`` says."""
        if self._rows is None:
            self._rows = [_row_from(folder, self.root) for folder in self.folders]
        return self._rows

    def __len__(self) -> int:
        return len(self.folders)

    def __getitem__(self, index: int) -> Any:
        """The result in a row."""
        return self.rows[index].load()

    def __iter__(self) -> Iterator[Any]:
        """Every result that can be read, one at a time."""
        for row in self.rows:
            if not row.problem:
                yield row.load()

    @property
    def problems(self) -> dict[str, str]:
        """Why a result cannot be read, by folder."""
        return {row.values["folder"]: row.problem for row in self.rows if row.problem}

    @property
    def columns(self) -> list[str]:
        """Names of the columns, those of every fit first."""
        return list(dict.fromkeys(name for row in self.rows for name in row.values))

    @property
    def table(self) -> Any:
        """An astropy Table: numbers that a fit does not have are nan, words empty."""
        from astropy.table import Table

        columns = {name: [row.values.get(name) for row in self.rows] for name in self.columns}
        return Table({name: _column_from(values) for name, values in columns.items()})

    def filter(self, condition: Callable[[dict[str, Any]], Any] | None = None, **wanted: Any) -> Results:
        """The fits of which ``condition(row)`` is true, and whose columns are as wanted.

        ``filter(lambda row: row["log_likelihood"] > 100.0)``, or ``filter(grade="good", log_likelihood_min=100.0)``:
        ``_min`` and ``_max`` after the name of a column are limits, a list holds the values that are allowed. A fit
        without the column, or that is damaged, is left out.
        """
        known = self.columns
        tests = [_test_from(name, value, known) for name, value in wanted.items()]
        tests += [] if condition is None else [condition]
        kept = [row for row in self.rows if not row.problem and all(_holds(test, row) for test in tests)]
        return Results([row.folder for row in kept], self.root, kept)

    def __repr__(self) -> str:
        return f"Results({len(self)} fits in {self.root})"


@checked(exc.FileException)
def results(folder: str | Path) -> Results:
    """The fits in a folder and all folders in it; links are not followed."""
    root = Path(folder)
    if not root.is_dir():
        raise exc.FileException(f"{root} is no folder, wanted one with results: results('output').")
    return Results(sorted(_folders_under(root)), root)


def _folders_under(root: Path) -> Iterator[Path]:
    for path, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if RESULT in files:
            yield Path(path)


def _row_from(folder: Path, root: Path | None) -> Row:
    name = str(folder.relative_to(root)) if root is not None else str(folder)
    try:
        summary = read_summary(folder)
        latents = _latents_from(summary)
        values = {"folder": name, **_values_from(summary), **{each.name: _value_of(each) for each in latents}}
        errors = _errors_from(summary) | {e.name: (e.lower_error, e.upper_error) for e in latents if e.has_errors}
        return Row(folder, {**values, "problem": ""}, errors=errors, latents=tuple(latents.names))
    except (exc.FileException, KeyError, TypeError, ValueError, AttributeError) as error:
        return Row(folder, {"folder": name, "problem": str(error)}, problem=str(error))


def _values_from(summary: dict[str, Any]) -> dict[str, Any]:
    verdict = summary.get("verdict")
    search, fit = summary["search"], dict(summary.get("fit") or {})
    fit.setdefault("pixels", (search.get("command") or {}).get("pixels"))
    values: dict[str, Any] = {
        "identifier": str(summary.get("identifier") or ""),
        "search": str(search.get("search", "")),
        "finished": bool(summary.get("finished", False)),
        "grade": str(verdict["grade"]) if verdict else "",
        "log_likelihood": float(summary["log_likelihood"]),
    }
    values |= {name: kind(search[name]) for name, kind in _TABLED.items() if search.get(name) is not None}
    if search.get("total_seconds") is not None:  # "seconds" may be those of the last stage
        values["seconds"] = float(search["total_seconds"])
    values |= {name: float(fit[name]) for name in _OF_FIT if fit.get(name) is not None}
    sky = summary.get("sky") or {}
    values |= {name: float(sky[name]) for name in _OF_SKY if sky.get(name) is not None}
    return values | {path: float(parameter["median"]) for path, parameter in summary["parameters"].items()}


def _errors_from(summary: dict[str, Any]) -> dict[str, tuple[float, float]]:
    return {path: (float(p["lower_error"]), float(p["upper_error"])) for path, p in summary["parameters"].items()}


def _latents_from(summary: dict[str, Any]) -> LatentTable:
    return LatentTable.from_dict(summary.get("latents") or {})


def _value_of(latent: Latent) -> float:
    """The median of the draws; where there are none, the value at the maximum."""
    return latent.median if latent.has_errors else latent.maximum


def _column_from(values: list[Any]) -> np.ndarray:
    """Words, truth values or numbers with a value for those that are missing."""
    known = [value for value in values if value is not None]
    if all(isinstance(value, bool) for value in known):
        return np.array([bool(value) for value in values])
    if all(isinstance(value, str) for value in known):
        return np.array([value or "" for value in values], dtype=str)
    return np.array([np.nan if value is None else float(value) for value in values])


def _test_from(name: str, wanted: Any, known: Sequence[str]) -> Callable[[dict[str, Any]], bool]:
    """A condition on one column."""
    column, _, limit = name.rpartition("_")
    if name not in known and limit in _CONDITIONS and column in known:
        return lambda row: _CONDITIONS[limit](row[column], wanted)
    if name not in known:
        raise exc.FileException(f"no result has the column {name!r}; there are {json.dumps(list(known))[:400]}.")
    if isinstance(wanted, list | tuple | set):
        return lambda row: row[name] in wanted
    return lambda row: row[name] == wanted


def _holds(test: Callable[[dict[str, Any]], Any], row: Row) -> bool:
    try:
        return bool(test(row.values))
    except KeyError:  # this fit has no such parameter
        return False
