"""The fits below a folder as a table: columns, conditions and order by name; nothing that is typed is evaluated."""

from __future__ import annotations

import csv
import difflib
import functools
import io
import math
import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autoarray import exc
from autogalaxy.inference.output import write_atomic
from autogalaxy.inference.results_table import Row, results
from autolens.cli.amounts import EINSTEIN_RADIUS, amount_from
from autolens.cli.folders import refusal
from autolens.lens.parameter_names import short_name_of

COLUMNS = ("name", "verdict", "einstein_radius", "chi_squared_per_pixel", "log_evidence", "seconds", "when")
"""Those that are shown where none are asked for."""
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
_CONDITION = re.compile(r"\s*([^=!<>]+?)\s*(==|!=|<=|>=|<|>|=)\s*(.*?)\s*")
_SAME = {"name": "folder", "verdict": "grade"}
_HEADS = {
    "einstein_radius": 'Einstein radius ["]',
    "chi_squared_per_pixel": "chi2/pixel",
    "log_evidence": "ln evidence",
}


@dataclass(frozen=True)
class Fit:
    """One row: values by name, and the errors of those that have any."""

    row: Row

    def keys(self) -> list[str]:
        """Names of everything there is."""
        return [*_SAME, "chi_squared_per_pixel", "when", *self.row.values]

    def value(self, name: str) -> Any:
        """A column by its name, or a parameter by the end of its path; ``None`` where this fit has none."""
        values = self.row.values
        if name == "when":
            return _when(self.row.folder / "result.json")
        if name == "chi_squared_per_pixel":
            pixels = values.get("pixels")
            return values["chi_squared"] / pixels if pixels and "chi_squared" in values else None
        if name == "verdict" and self.row.problem:
            return "damaged"
        return values.get(self.path(name))

    def error(self, name: str) -> tuple[float, float] | None:
        """Lower and upper error of a parameter."""
        return self.row.errors.get(self.path(name))

    def path(self, name: str) -> str:
        """The full name of a column."""
        name = _SAME.get(name, name)
        if name in self.row.values:
            return name
        if name == EINSTEIN_RADIUS:
            return self._radius_path
        found = [path for path in self.row.values if path.endswith(f".{name}") or _short(path).endswith(f".{name}")]
        if len(found) > 1:
            raise exc.FileException(f"{name!r} is the end of {' and of '.join(found)}; wanted more of the path.")
        return found[0] if found else name

    @property
    def _radius_path(self) -> str:
        """Of the lens in the first of several datasets; the parameter of a profile where no draws were computed."""
        found = [path for path in self.row.values if path.endswith(f".{EINSTEIN_RADIUS}")]
        found.sort(key=lambda path: path not in self.row.latents)
        return found[0] if found else EINSTEIN_RADIUS

    @property
    def radius_is_of(self) -> str | None:
        """``lens`` for the effective Einstein radius, else the profile whose parameter stands in its place."""
        path = self.path(EINSTEIN_RADIUS)
        if path not in self.row.values:
            return None
        return "lens" if path in self.row.latents else _short(path).rpartition(".")[0]


_short = functools.cache(short_name_of)


def _when(path: Path) -> str | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime).isoformat(sep=" ", timespec="minutes")
    except OSError:
        return None


@dataclass(frozen=True)
class Condition:
    """A column, how it is compared, and with what."""

    name: str
    sign: str
    wanted: str
    """As it was typed, without quotes."""

    @classmethod
    def parsed(cls, text: str) -> Condition:
        """``verdict==good``, ``einstein_radius > 1.2``."""
        found = _CONDITION.fullmatch(text)
        if found is None or not found[3]:
            raise exc.FileException(
                f"--where {text!r} is no condition, wanted a column, one of {' '.join(OPERATORS)} and a value: "
                "--where 'verdict==good' --where 'einstein_radius>1.2'."
            )
        name, sign, value = found.groups()
        wanted = value.strip("'\"")
        if _number(wanted) is None and sign in ("<", ">", "<=", ">=") and name != "when":
            raise exc.FileException(
                f"--where {text!r} compares with {value!r}, wanted a number: --where '{name}{sign}1'."
            )
        return cls(name, sign, wanted)

    def holds(self, fit: Fit) -> bool:
        """Whether a fit fulfils it; one without the column does not."""
        value = fit.value(self.name)
        if value is None or value == "":
            return False
        number = None if isinstance(value, bool | str) else _number(self.wanted)
        if number is not None:
            return OPERATORS[self.sign](value, number)
        return OPERATORS[self.sign](str(value).lower(), self.wanted.lower())


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def fits_below(folder: Path) -> list[Fit]:
    """A row for every fit, damaged ones too."""
    if not folder.is_dir():
        raise refusal(folder, "a folder with results", "autolens results autolens_results", marker="result.json")
    found = results(folder)
    if not len(found):
        raise exc.FileException(
            f"{folder} and the folders in it hold no result.json: no fit was finished there. autolens fit FOLDER "
            f"--output {folder / 'NAME'} writes one."
        )
    return [Fit(row) for row in found.rows]


def chosen(fits: Sequence[Fit], conditions: Iterable[str] = (), order: str | None = None) -> list[Fit]:
    """Those that fulfil every condition, ordered by a column: ``-log_evidence`` has the highest first."""
    tests = [Condition.parsed(text) for text in conditions]
    name = order.removeprefix("-") if order else None
    check_names(fits, [test.name for test in tests] + ([name] if name else []))
    kept = [fit for fit in fits if all(test.holds(fit) for test in tests)]
    if name is None or order is None:
        return kept
    there = [fit for fit in kept if not _is_missing(fit.value(name))]
    there.sort(key=lambda fit: _rank(fit.value(name)), reverse=order.startswith("-"))
    return there + [fit for fit in kept if _is_missing(fit.value(name))]


def _is_missing(value: Any) -> bool:
    """Whether there is nothing to compare: no value, or NaN."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _rank(value: Any) -> tuple[int, Any]:
    """Something that compares whatever the type: numbers come before words, and these before the rest as text."""
    if isinstance(value, int | float):
        return 0, value
    return (1, value.lower()) if isinstance(value, str) else (2, str(value))


def check_names(fits: Sequence[Fit], names: Iterable[str]) -> None:
    """Our error for a column that no fit has, with names that are close."""
    for name in dict.fromkeys(names):
        if name in COLUMNS or any(fit.path(name) in fit.row.values for fit in fits):
            continue
        known = list(dict.fromkeys(key for fit in fits for key in fit.keys()))
        ends = dict.fromkeys(end for key in known for end in (key.rpartition(".")[2], _short(key)))
        close = difflib.get_close_matches(name, ends, n=3, cutoff=0.5)
        said = f"did you mean {' or '.join(close)}" if close else f"there are {', '.join(known)}"
        raise exc.FileException(f"no fit has the column {name!r}; {said[:600]}.")


def columns_from(fits: Sequence[Fit], asked: str | None) -> list[str]:
    """Names that were asked for, with commas between them; ``all`` for everything there is."""
    if asked is None:
        return list(COLUMNS)
    if asked.strip() == "all":
        skipped = {*_SAME.values(), "problem"}
        return list(dict.fromkeys(key for fit in fits for key in fit.keys() if key not in skipped))
    names = [name.strip() for name in asked.split(",") if name.strip()]
    if not names:
        raise exc.FileException("--columns names no column, wanted names with commas: --columns name,einstein_radius.")
    check_names(fits, names)
    return list(dict.fromkeys(["name", *names]))


def records_from(fits: Sequence[Fit], columns: Sequence[str]) -> list[dict[str, Any]]:
    """A dictionary for each fit, errors beside what they belong to."""
    with_errors = {name for name in columns if any(fit.error(name) for fit in fits)}
    records = []
    for fit in fits:
        record: dict[str, Any] = {}
        for name in columns:
            record[name] = fit.value(name)
            if name == EINSTEIN_RADIUS:
                record[f"{name}_of"] = fit.radius_is_of
            if name in with_errors:
                low, high = fit.error(name) or (None, None)
                record |= {f"{name}_lower_error": low, f"{name}_upper_error": high}
        records.append(record)
    return records


def save_csv(fits: Sequence[Fit], columns: Sequence[str], path: Path) -> None:
    """The table with a line of names in front; numbers with every digit, nothing where there is none."""
    records = records_from(fits, columns)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(records[0]) if records else list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    write_atomic(path, text.getvalue().encode())


def lines_from(fits: Sequence[Fit], columns: Sequence[str]) -> list[str]:
    """The table for people, in columns of their width."""
    heads = [_HEADS.get(name, name) for name in columns]
    rows = [[_cell(fit, name) + _of_profile(fit, name) for name in columns] for fit in fits]
    widths = [max(len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    left = [all(_number(row[i].split(" ")[0]) is None or not row[i] for row in rows) for i in range(len(columns))]

    def line(cells: Sequence[str]) -> str:
        padded = (c.ljust(w) if is_left else c.rjust(w) for c, w, is_left in zip(cells, widths, left, strict=True))
        return "  ".join(padded).rstrip()

    return [line(heads), "  ".join("-" * width for width in widths), *(line(row) for row in rows)]


def _of_profile(fit: Fit, name: str) -> str:
    """Marks an Einstein radius that is the parameter of a profile, not that of the lens."""
    owner = fit.radius_is_of if name == EINSTEIN_RADIUS else None
    return "" if owner in (None, "lens") else f" (parameter of {owner})"


def _cell(fit: Fit, name: str) -> str:
    value = fit.value(name)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, float):
        return str(value)
    if error := fit.error(name):
        return amount_from(value, *error)
    if name == "log_evidence" and (error_of := fit.value("log_evidence_error")) is not None:
        return f"{value:.2f} +- {error_of:.2f}"
    return f"{value:.0f}" if name == "seconds" and value >= 10.0 else f"{value:.3f}"
