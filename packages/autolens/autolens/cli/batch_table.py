"""How far a batch is: a table that updates on a terminal, plain lines elsewhere; and what came out, a line a lens."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autolens.cli.amounts import EINSTEIN_RADIUS, amount_from, radii_from
from autolens.cli.worker import Job
from autolens.lens.parameter_names import short_name_of

_COLUMNS = ("lens", "verdict", 'Einstein radius ["]', "chi2/pixel", "ln evidence", "seconds", "tries", "why")
_STYLES = {"good": "green", "check": "yellow", "failed": "red", "crashed": "red", "bad input": "red", "running": "cyan"}
_PLAIN_INTERVAL = 60.0
"""Seconds between plain lines about what still runs."""
_SHOWN = 40
_WIDEST = 30
"""Letters of a name that a narrow terminal still shows."""
_LONGEST = 120
"""Letters of a reason; the whole of it is in the log of the fit and in the answer."""


class BatchProgress:
    """Status of a batch on the standard error stream."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.jobs = list(jobs)
        self._live: Any = None
        self._last = time.monotonic()

    def __enter__(self) -> BatchProgress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.live import Live

            console = Console(stderr=True, highlight=False)
            self._live = Live(get_renderable=self._rendered, console=console, refresh_per_second=2)
            self._live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def line(self, text: str) -> None:
        """A line that stays."""
        if self._live is not None:
            self._live.console.print(text, markup=False)
        else:
            print(text, file=sys.stderr, flush=True)

    def started(self, job: Job) -> None:
        """A fit begins."""
        if self._live is None:
            self.line(f"{job.name}: started" + (", second try" if job.attempts > 1 else ""))

    def over(self, job: Job) -> None:
        """A fit has ended, or did so before."""
        if self._live is None:
            done = ", from before" if job.answer and not job.attempts else ""
            self.line(f"{job.name}: {job.state}{done}, {why(job) or f'{_seconds(job)} s'} ({self._count()})")

    def refresh(self) -> None:
        """Say now and then what runs, where no table shows it."""
        if self._live is None and time.monotonic() - self._last > _PLAIN_INTERVAL:
            self._last = time.monotonic()
            for job in self.jobs:
                if job.state == "running":
                    self.line(
                        f"{job.name}: {time.monotonic() - (job.begin or 0.0):.0f} s, {job.last_line()[:_LONGEST]}"
                    )

    def _count(self) -> str:
        return f"{sum(job.is_over for job in self.jobs)} of {len(self.jobs)}"

    def _rendered(self) -> Any:
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE_HEAD, pad_edge=False, caption=f"{self._count()} done")
        table.add_column("lens", no_wrap=True, min_width=min(max(len(job.name) for job in self.jobs), _WIDEST))
        table.add_column("state", no_wrap=True, min_width=len("interrupted"))
        table.add_column("seconds", no_wrap=True, min_width=len("seconds"), justify="right")
        table.add_column("what", no_wrap=True, overflow="ellipsis")
        for job in self._most_telling():
            if job.state == "running":
                seconds, text = f"{job.seconds + time.monotonic() - (job.begin or 0.0):.0f}", job.last_line()
            else:
                seconds, text = _seconds(job) if job.is_over else "", why(job)
            table.add_row(Text(job.name), Text(job.state, style=_STYLES.get(job.state, "")), seconds, Text(text))
        return table

    def _most_telling(self) -> list[Job]:
        """What fits on a screen: those that run, the last that ended, the next that wait; in their order."""
        rank = {"running": 0, "waiting": 2}
        kept = sorted(self.jobs, key=lambda job: rank.get(job.state, 1))[:_SHOWN]
        return [job for job in self.jobs if job in kept]


def why(job: Job) -> str:
    """What somebody who looks at this lens has to know first."""
    said = job.error
    if not said and job.state not in ("good", "waiting"):
        said = next(iter(job.answer.get("reasons") or ()), "")
    return textwrap.shorten(said.rstrip("."), _LONGEST, placeholder=" ...")


def _seconds(job: Job) -> str:
    seconds = job.seconds if job.attempts else job.answer.get("seconds") or 0.0
    return f"{seconds:.0f}"


def summary_lines(jobs: Sequence[Job], output: Path) -> list[str]:
    """A line a lens, and how many came out how."""
    rows = [_cells(job) for job in jobs]
    widths = [max(len(cell) for cell in column) for column in zip(_COLUMNS, *rows, strict=True)]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in (_COLUMNS, *rows)]
    states = list(dict.fromkeys(job.state for job in jobs))
    counts = ", ".join(f"{sum(job.state == state for job in jobs)} {state}" for state in states)
    return [*lines, f"{counts}; results in {output} (autolens results {output})"]


def _cells(job: Job) -> list[str]:
    answer = job.answer
    chi_squared, pixels = answer.get("chi_squared"), answer.get("pixels")
    evidence = answer.get("log_evidence")
    return [
        job.name,
        job.state,
        _radius_of(answer),
        f"{chi_squared / pixels:.3f}" if chi_squared is not None and pixels else "-",
        "-" if evidence is None else f"{evidence:.2f}",
        _seconds(job),
        str(job.attempts),
        why(job),
    ]


def _radius_of(answer: Mapping[str, Any]) -> str:
    """The effective Einstein radius; where no draws were computed, the parameter of the first profile that has one."""
    if radii := radii_from(answer.get("latents")):
        return amount_from(radii[0].median, radii[0].lower_error, radii[0].upper_error)
    parameters = answer.get("parameters") or {}
    path = next((path for path in parameters if path.endswith(f".{EINSTEIN_RADIUS}")), None)
    if path is None:
        return "-"
    parameter, owner = parameters[path], short_name_of(path).rpartition(".")[0]
    low, high = parameter.get("lower_error"), parameter.get("upper_error")
    without = low is None or high is None
    value = f"{parameter['median']:.4f}" if without else amount_from(parameter["median"], low, high)
    return f"{value} (parameter of {owner})"
