"""What a search says while it runs: a line that updates where ``rich`` and a terminal are, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any

_PLAIN_INTERVAL = 5.0
"""Seconds between plain lines of the same stage."""


class Progress:
    """Status of a search on the standard error stream; silent with ``show=False``."""

    def __init__(self, title: str, show: bool = True) -> None:
        self.title = title
        self.show = show
        self._status: Any = None
        self._last = -_PLAIN_INTERVAL

    def __enter__(self) -> Progress:
        if self.show and sys.stderr.isatty():
            try:
                from rich.console import Console
            except ImportError:
                return self
            self._status = Console(stderr=True).status(self.title)
            self._status.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def update(self, text: str) -> None:
        """Where the search is; at most one plain line every few seconds."""
        if self._status is not None:
            self._status.update(f"{self.title}: {text}")
        elif self.show and time.monotonic() - self._last >= _PLAIN_INTERVAL:
            self._last = time.monotonic()
            self.line(text)

    def line(self, text: str) -> None:
        """A line that stays."""
        if self._status is not None:
            self._status.console.print(f"{self.title}: {text}", highlight=False, markup=False)
        elif self.show:
            print(f"{self.title}: {text}", file=sys.stderr, flush=True)
