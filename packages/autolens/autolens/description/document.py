"""A TOML file as tables that know where they stand, so that every error names the file, the line and the key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoarray import exc
from autolens.description.registry import nearest

LARGEST = 4 * 2**20
"""Bytes of a file beyond which it is not read."""
DEEPEST = 12
"""Tables inside tables."""

_HEADER = re.compile(r"^\s*\[(\[?)\s*([^\]#]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_."'-]+(?:\s*\.\s*[A-Za-z0-9_"'-]+)*)\s*=""")


@dataclass(frozen=True)
class Place:
    """A key of a file: ``galaxies.lens.mass.einstein_radius``."""

    file: str
    keys: tuple[str, ...] = ()
    lines: Any = None

    def at(self, *keys: str | int) -> Place:
        return Place(self.file, (*self.keys, *map(str, keys)), self.lines)

    @property
    def key(self) -> str:
        return ".".join(self.keys)

    @property
    def line(self) -> int | None:
        """The line of the key, or of the nearest table around it."""
        lines = self.lines or {}
        found = next((lines[self.keys[:n]] for n in range(len(self.keys), 0, -1) if self.keys[:n] in lines), None)
        below = [line for keys, line in lines.items() if keys[: len(self.keys)] == self.keys]
        return min(below, default=None) if found is None else found  # of a table whose parts alone have headers

    def error(self, message: str) -> exc.ModelException:
        line = f", line {self.line}" if self.line is not None else ""
        return exc.ModelException(f"{self.file}{line}: {self.key + ' ' if self.keys else ''}{message}")


class Table:
    """A table of the file; keys that nothing asked for are an error."""

    def __init__(self, content: Any, place: Place) -> None:
        if not isinstance(content, dict):
            raise place.error(f"is {shown(content)}, wanted a table: [{place.key}].")
        if len(place.keys) > DEEPEST:
            raise place.error(f"is a table inside more than {DEEPEST} others.")
        self.content = content
        self.place = place

    def __contains__(self, name: str) -> bool:
        return name in self.content

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def get(self, name: str, default: Any = None) -> Any:
        return self.content.get(name, default)

    def table(self, name: str) -> Table:
        return Table(self.content.get(name, {}), self.place.at(name))

    def only(self, known: list[str]) -> None:
        """Raise for the first key that is not among ``known``."""
        for name in self.content:
            if name not in known:
                where = "here" if self.place.keys else "at the top"
                raise self.place.at(name).error(f"is no key that is known {where}: {nearest(name, known)}")


def document_from(path: str | Path) -> Table:
    """The top table of a TOML file."""
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise exc.FileException(f"{path} has {path.stat().st_size} bytes, wanted at most {LARGEST}.")
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise exc.FileException(f"There is no file {path}; wanted a description of a lens, lens.toml.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise exc.FileException(f"{path} cannot be read as text ({error}).") from None
    return table_from(text, path.name)


def table_from(text: str, file: str) -> Table:
    """The top table of the text of a file that is called ``file``."""
    try:
        content = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise exc.ModelException(f"{file} is no TOML: {error}.") from None
    except (RecursionError, ValueError, OverflowError) as error:
        raise exc.ModelException(f"{file} is no TOML ({type(error).__name__}).") from None
    return Table(content, Place(file, (), lines_of(text)))


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """The line on which each key stands first, as far as lines tell; keys of inline tables are on that of the table."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _numbered(_keys(header[2]), counts)
            if header[1]:
                counts[table] = counts.get(table, -1) + 1
                table = (*table, str(counts[table]))
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_keys(key[1])), number)
    return lines


def _numbered(keys: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    """The keys of a table, with the number of the latest element of each list of tables above it."""
    found: tuple[str, ...] = ()
    for i, key in enumerate(keys):
        found = (*found, key)
        if found in counts and i < len(keys) - 1:
            found = (*found, str(counts[found]))
    return found


def _keys(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in text.split("."))


def shown(value: Any) -> str:
    """A value of the file as an error shows it."""
    if isinstance(value, dict):
        return "a table"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
