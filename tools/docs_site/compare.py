"""What a page shows of the output of a command, beside what the command prints."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[-+]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?(?:\s?(?:us|ms|s|min|h|kB|MB|GB)\b)?")
_RULED = re.compile(r"[\s\u2500-\u257f+|=_-]+")
WORDS = 4


def structure_of(line: str) -> tuple[str, ...]:
    """The first words of a line, numbers left out: what stays alike from one machine or version to the next."""
    words = _RULED.sub(" ", _NUMBER.sub(" ", line)).split()
    return tuple(word for word in words if any(map(str.isalpha, word)))[:WORDS]


def first_missing(shown: tuple[str, ...], printed: str) -> str | None:
    """The first shown line that is not in ``printed`` behind the one before; ``None`` where all are.

    A line ``...`` stands for what is left out. Lines without words are not compared.
    """
    rest = iter([structure_of(line) for line in printed.splitlines()])
    for line in shown:
        wanted = structure_of(line)
        if wanted and line.strip() != "..." and wanted not in rest:
            return line
    return None
