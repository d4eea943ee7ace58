"""What a search keeps so that it can go on after it was killed.

A checkpoint is one file: a line of JSON that says what it is (version, checksum, of which fit), then the arrays. It is
written beside the one before, flushed to the disk and renamed; the one before stays as ``.previous``, so that at every
moment one of the two can be read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from autoarray import exc
from autogalaxy.inference import archive

FORMAT = "autogalaxy-xp checkpoint"
VERSION = 1
INTERVAL = 10.0
"""Seconds between two saves."""
_LONGEST_HEADER = 65536


class Checkpoint:
    """State of a search under a name; this one keeps nothing, as a search without an output folder does."""

    interval: float = INTERVAL
    """Seconds between two saves."""

    def load(self) -> dict[str, np.ndarray] | None:
        """The arrays of the last save of this search (same model, data and settings), ``None`` without one."""
        return None

    def save(self, **arrays: np.ndarray) -> None:
        """Keep ``arrays`` in the place of those before; whole or not at all."""

    def is_due(self) -> bool:
        """Whether the last save is long enough ago."""
        return False

    def part(self, name: str) -> Checkpoint:
        """The checkpoint of one stage of a search."""
        return self

    @property
    def warnings(self) -> list[str]:
        """What went wrong with saving and loading, each once."""
        return []

    def clear(self) -> None:
        """Remove what was kept, of every part: the search is over."""


class FolderCheckpoint(Checkpoint):
    """Keeps the state of a search in a folder.

    Parameters
    ----------
    folder
        Where the files are; made at the first save.
    key
        Hashes of what the fit is of, by name: ``model``, ``data``, ``settings``. A file of another fit is refused.
    interval
        Seconds between two saves.
    warn
        Is told what went wrong, once for each kind.
    """

    def __init__(
        self,
        folder: str | Path,
        key: Mapping[str, str],
        interval: float = INTERVAL,
        warn: Callable[[str], None] | None = None,
        name: str = "search",
        _warnings: dict[str, str] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.key = dict(key)
        self.interval = float(interval)
        self.name = name
        self._warn = warn
        self._warnings: dict[str, str] = {} if _warnings is None else _warnings
        self._saved_at = self._asked_at = time.monotonic()
        self._last_is_good = False
        """Whether the file in place was read or written by this object, so that it is worth keeping."""

    @property
    def path(self) -> Path:
        return self.folder / f"{_file_name_of(self.name)}.checkpoint"

    @property
    def previous_path(self) -> Path:
        return self.path.with_name(f"{self.path.name}.previous")

    @property
    def warnings(self) -> list[str]:
        return list(self._warnings.values())

    def is_due(self) -> bool:
        """Whether to save now; a search that asks rarely saves before the interval is over, not long after it."""
        now = time.monotonic()
        until_asked_again = now - max(self._asked_at, self._saved_at)
        self._asked_at = now
        return now - self._saved_at + until_asked_again >= self.interval

    def part(self, name: str) -> FolderCheckpoint:
        """The checkpoint of one stage; a part of a part has both names."""
        return FolderCheckpoint(
            self.folder, self.key, self.interval, self._warn, f"{self.name}.{name}", _warnings=self._warnings
        )

    # ------------------------------------------------------------------ reading

    def load(self) -> dict[str, np.ndarray] | None:
        """The arrays of the last save, those of the one before where it is damaged, ``None`` where both are.

        A checkpoint of another model, of other data or settings raises our error, which says which.
        """
        problems = []
        for path in (self.path, self.previous_path):
            try:
                arrays = self._read(path)
            except FileNotFoundError:
                continue
            except (OSError, _Damaged) as error:
                problems.append(f"{path.name} {error}")
                continue
            self._last_is_good = path == self.path
            if problems:
                self._say("damaged", f"checkpoint damaged ({problems[0]}): goes on from the one before it")
            return arrays
        if problems:
            self._say("damaged", f"checkpoint damaged ({'; '.join(problems)}): the search starts anew")
        return None

    def _read(self, path: Path) -> dict[str, np.ndarray]:
        with open(path, "rb") as file:
            line = file.readline(_LONGEST_HEADER)
            payload = file.read(archive.LARGEST_ARCHIVE)
        try:
            header = json.loads(line)
            found, version = header["format"], header["version"]
            checksum, key, name = header["sha256"], dict(header["key"]), header["name"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise _Damaged("has no readable header") from None
        if found != FORMAT or version != VERSION:
            raise _Damaged(f"is {str(found)[:40]!r} of version {str(version)[:10]}, wanted {FORMAT!r} {VERSION}")
        if hashlib.sha256(payload).hexdigest() != checksum:
            raise _Damaged("does not match its checksum")
        if other := [part for part in {**self.key, **key} if self.key.get(part) != key.get(part)]:
            raise exc.FileException(
                f"{path} is the checkpoint of a fit with another {' and other '.join(other)}. Give this search another "
                "folder, or search.fit(model, analysis, overwrite=True)."
            )
        if name != self.name:
            raise _Damaged(f"belongs to the stage {str(name)[:40]!r}")
        try:
            return archive.arrays_from(payload, path.name)
        except exc.FileException as error:
            raise _Damaged(str(error)) from None

    # ------------------------------------------------------------------ writing

    def save(self, **arrays: np.ndarray) -> None:
        """Keep ``arrays``; where the disk refuses, the search is told once and what was there before is intact."""
        payload = archive.bytes_of(arrays)
        header = {
            "format": FORMAT,
            "version": VERSION,
            "sha256": hashlib.sha256(payload).hexdigest(),
            "key": self.key,
            "name": self.name,
        }
        try:
            self._put(json.dumps(header).encode() + b"\n" + payload)
        except OSError as error:
            self._say("unwritten", f"checkpoint not written ({error.strerror or error}): the search goes on without")
        self._saved_at = time.monotonic()

    def _put(self, content: bytes) -> None:
        """Write, flush, rename; the file in place becomes the previous one if it is known to be whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        for left_over in self.folder.glob(f".{self.path.name}.*"):  # of a process that was killed while it wrote
            left_over.unlink(missing_ok=True)
        try:
            write_through(temporary, content)
            if self._last_is_good and self.path.exists():
                os.replace(self.path, self.previous_path)
            os.replace(temporary, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        self._last_is_good = True
        flush_folder(self.folder)

    def clear(self) -> None:
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if ".checkpoint" in path.name:
                    path.unlink()
            self.folder.rmdir()

    def _say(self, kind: str, text: str) -> None:
        if kind in self._warnings:
            return
        self._warnings[kind] = text
        if self._warn is not None:
            self._warn(text)


class _Damaged(Exception):
    """A file that is no checkpoint of ours, or not a whole one."""


def write_through(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk."""
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Wait until renames in a folder are on the disk, where the system knows how."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _file_name_of(name: str) -> str:
    """A plain file name for a stage; names that differ in other characters have different files."""
    plain = re.sub(r"[^A-Za-z0-9_\-]+", "_", name)[:80]
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def files_of_checkpoints(folder: Path) -> list[Path]:
    """The checkpoint files of a folder, half-written ones apart."""
    return sorted(path for path in folder.glob("*.checkpoint*") if not path.name.startswith("."))
