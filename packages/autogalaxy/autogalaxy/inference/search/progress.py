"""What a search says while it runs: a table that updates where ``rich`` and a terminal are, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import Any

_PLAIN_INTERVAL = 5.0
"""Seconds between plain lines of the same stage."""
_COLUMNS = ("stage", "where", "evaluations", "best ln L", "agree", "time", "left")


@dataclass(eq=False)
class _Stage:
    """A row of the table."""

    title: str
    text: str = ""
    evaluations: int | None = None
    log_likelihood: float | None = None
    agreement: str = ""
    fraction: float | None = None
    """Part of the stage that is done, where that is known."""
    begin: float = field(default_factory=time.monotonic)
    end: float | None = None

    def cells(self) -> list[str]:
        elapsed = (time.monotonic() if self.end is None else self.end) - self.begin
        left = ""
        if self.end is None and self.fraction is not None and self.fraction > 0.0:
            left = f"{elapsed * (1.0 - self.fraction) / self.fraction:.0f} s"
        return [
            self.title,
            self.text,
            "" if self.evaluations is None else f"{self.evaluations:,}",
            "" if self.log_likelihood is None else f"{self.log_likelihood:.2f}",
            self.agreement,
            f"{elapsed:.0f} s",
            left,
        ]


class _Table:
    """The stages of a search on a terminal; searches inside a search add their rows to the same one."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self.stages: list[_Stage] = []
        self.console = Console(stderr=True)
        self.live = Live(get_renderable=self._rendered, console=self.console, refresh_per_second=4)
        self.live.start()

    def _rendered(self) -> Any:
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for name in _COLUMNS:
            table.add_column(name, justify="left" if name in ("stage", "where") else "right")
        for stage in self.stages[-8:]:
            table.add_row(*stage.cells())
        return table


class Progress:
    """Status of a search on the standard error stream; silent with ``show=False``."""

    _table: _Table | None = None
    """The one table of the process while a search runs on a terminal."""

    def __init__(self, title: str, show: bool = True) -> None:
        self.title = title
        self.show = show
        self._stage: _Stage | None = None
        self._owns_table = False
        self._last = -_PLAIN_INTERVAL

    def __enter__(self) -> Progress:
        if self.show and sys.stderr.isatty():
            if Progress._table is None:
                try:
                    Progress._table = _Table()
                except ImportError:
                    return self
                self._owns_table = True
            self._stage = _Stage(self.title)
            Progress._table.stages.append(self._stage)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._stage is not None:
            self._stage.end = time.monotonic()
            self._stage = None
        if self._owns_table and Progress._table is not None:
            Progress._table.live.stop()
            Progress._table, self._owns_table = None, False

    def update(
        self,
        text: str,
        *,
        evaluations: int | None = None,
        log_likelihood: float | None = None,
        agreement: str = "",
        fraction: float | None = None,
    ) -> None:
        """Where the search is; at most one plain line every few seconds."""
        if self._stage is not None:
            stage = self._stage
            stage.text, stage.agreement, stage.fraction = text, agreement, fraction
            stage.evaluations = stage.evaluations if evaluations is None else evaluations
            stage.log_likelihood = stage.log_likelihood if log_likelihood is None else log_likelihood
        elif self.show and time.monotonic() - self._last >= _PLAIN_INTERVAL:
            self._last = time.monotonic()
            facts = [] if evaluations is None else [counted(evaluations, "evaluation")]
            facts += [] if log_likelihood is None else [f"best ln L {log_likelihood:.2f}"]
            facts += [agreement] if agreement else []
            self.line(", ".join([text, *facts]))

    def line(self, text: str) -> None:
        """A line that stays."""
        if self._stage is not None and Progress._table is not None:
            Progress._table.console.print(f"{self.title}: {text}", highlight=False, markup=False)
        elif self.show:
            print(f"{self.title}: {text}", file=sys.stderr, flush=True)


def following(ended: int, most: int) -> str:
    """Which of the starts is followed."""
    return "following the one start" if most == 1 else f"following start {ended + 1} of up to {most}"


def counted(number: int, noun: str) -> str:
    """``1 evaluation``, ``2 evaluations``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def agreed(agreeing: int, followed: int) -> str:
    """How many of the starts ended in the best fit."""
    return "one start" if followed == 1 else f"{agreeing} of {followed} starts agree"


def agreement(agreeing: int, wanted: int, ended: int) -> str:
    """How many starts ended in the same optimum, once that says something."""
    return "" if wanted == 1 or ended == 0 else f"{agreeing} of the {wanted} wanted agree"
