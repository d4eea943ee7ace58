"""How the command was called: what was typed, and whether its process is its own."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from autolens.cli import threads


@dataclass(frozen=True)
class Call:
    """A call of the command, by somebody who types or by a program."""

    arguments: tuple[str, ...] = ()
    """As they were typed."""
    owns_process: bool = False
    """Whether nothing but the command runs in this process, so that it may say what libraries find when they load."""

    def ask_for_threads(self, number: int | None) -> None:
        """Compute with so many threads, in a process of our own; the environment of a caller is left alone."""
        if number is None:
            return
        if self.owns_process:
            threads.limit(threads=number)
        else:
            print(
                f"--threads {number} is for processes of the command; this one has {threads.in_use()} threads "
                f"({threads.ASKED}={number} before it begins)",
                file=sys.stderr,
                flush=True,
            )


def call_of(context: Any) -> Call:
    """The call that a sub-command belongs to; one that nothing is known of where its application was called alone."""
    return context.obj if isinstance(context.obj, Call) else Call()
