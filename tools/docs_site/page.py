"""The examples of a page: blocks of Python, and of commands with what they print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
_BLOCK = re.compile(
    r"^((?:<!--[^\n]*-->\n)*)```(python|console|toml|json)(?: title=\"([\w.-]+)\")?\n(.*?)^```",
    flags=re.DOTALL | re.MULTILINE,
)
_MARK = re.compile(r"<!-- (.*?) -->")
_FOLLOWS = re.compile(r"^<!-- follows (\S+) -->$", re.MULTILINE)


@dataclass(frozen=True)
class Command:
    """A line behind ``$`` and the lines below it, which are what it printed."""

    line: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, where it starts, and the comments in front of it."""

    language: str
    code: str
    line: int
    marks: tuple[str, ...]
    title: str | None = None
    """The name of a file."""

    @property
    def commands(self) -> list[Command]:
        """The commands of a ``console`` block; a backslash at the end of a line goes on in the next."""
        commands: list[Command] = []
        for part in re.split(r"^\$ ", self.code, flags=re.MULTILINE)[1:]:
            lines = part.rstrip("\n").split("\n")
            end = next(n for n, line in enumerate(lines) if not line.endswith("\\"))
            commands.append(Command("\n".join(lines[: end + 1]), tuple(lines[end + 1 :])))
        return commands

    @property
    def needs(self) -> tuple[str, str] | None:
        """The folder of ``../shared/data`` that the block needs, and how it calls it: ``needs data NAME as FOLDER``.

        Without ``as`` it is called as what follows the first underscore of its name.
        """
        words = next((mark.split() for mark in self.marks if mark.startswith("needs data ")), [])
        if not words:
            return None
        return words[2], words[4] if len(words) > 4 else words[2].partition("_")[2]


@dataclass(frozen=True)
class Page:
    """A page of the documentation and what of it can be executed."""

    name: str
    text: str

    @classmethod
    def read(cls, name: str) -> Page:
        """The page ``docs/name``."""
        return cls(name, (DOCS / name).read_text())

    @classmethod
    def all(cls) -> list[Page]:
        """Every page, in the order of names."""
        return [cls.read(str(path.relative_to(DOCS))) for path in sorted(DOCS.rglob("*.md"))]

    @property
    def follows(self) -> str | None:
        """The page in whose folder, and after whose examples, those of this one run."""
        found = _FOLLOWS.search(self.text)
        return found[1] if found else None

    @property
    def blocks(self) -> list[Block]:
        """The blocks in order, without those that show a file of the repository."""
        return [
            Block(
                language=found[2],
                code=found[4],
                line=self.text[: found.start(4)].count("\n"),
                marks=tuple(_MARK.findall(found[1])),
                title=found[3],
            )
            for found in _BLOCK.finditer(self.text)
            if not found[4].startswith("--8<--")
        ]
