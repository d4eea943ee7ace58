"""The folder of one fit: whose it is, whether the fit is finished, and where the search keeps its state."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autoarray import exc
from autogalaxy.inference.checkpoint import FolderCheckpoint, files_of_checkpoints
from autogalaxy.inference.identifier import Identity
from autogalaxy.inference.output import FolderLock, read_json, write_json

IDENTITY = "identity.json"
RESULT = "result.json"
CHECKPOINTS = "checkpoints"


class AnotherFitException(exc.FileException):
    """A folder holds something else than the fit that is asked for."""

    def __init__(self, folder: Path, what: str) -> None:
        super().__init__(
            f"{folder} holds {what}. Give this search another output_path, or call "
            "search.fit(model, analysis, overwrite=True) (--overwrite of the command)."
        )
        self.folder = folder
        self.what = what


class ResultFolder:
    """Holds the folder of a fit for this process, from its opening until it is closed."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        self.folder = folder
        self.identity = identity
        self._lock = FolderLock(folder)

    def __enter__(self) -> ResultFolder:
        self._lock.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._lock.__exit__(*exception)

    def open(self, overwrite: bool = False) -> bool:
        """Whether a finished result of this fit is there; our error where the folder is that of another one."""
        if overwrite:
            self._clear()
        holds_something = (self.folder / RESULT).exists() or bool(files_of_checkpoints(self.folder / CHECKPOINTS))
        if holds_something:
            self._refuse_another()
            if self._is_finished():
                return True
        write_json(self.folder / IDENTITY, self.identity.to_dict())
        return False

    def _refuse_another(self) -> None:
        try:
            before = Identity.from_dict(read_json(self.folder / IDENTITY))
        except exc.FileException:
            before = None
        if before is None and (self.folder / RESULT).exists():
            raise self._refusal("results that do not say what they are of")
        if before is not None and (difference := self.identity.difference_from(before)):
            raise self._refusal(f"a fit that differs in its {difference}")

    def _refusal(self, what: str) -> exc.FileException:
        return AnotherFitException(self.folder, what)

    def _is_finished(self) -> bool:
        try:
            result = read_json(self.folder / RESULT)
        except exc.FileException:
            return False
        return isinstance(result, dict) and result.get("finished") is True

    def _clear(self) -> None:
        """Forget what a fit before left: results first, so that a half-cleared folder does not look finished."""
        for path in (self.folder / RESULT, self.folder / IDENTITY):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
        self.checkpoint().clear()

    def checkpoint(self, interval: float = 10.0, warn: Callable[[str], None] | None = None) -> FolderCheckpoint:
        """Where the search keeps its state."""
        return FolderCheckpoint(self.folder / CHECKPOINTS, self.identity.key, interval, warn)


def folder_from(output_path: Any, path_prefix: Any, name: str, identity: Identity) -> Path | None:
    """The folder that was named, or ``path_prefix/name/identifier``, or none."""
    if output_path is not None:
        return Path(output_path)
    return None if path_prefix is None else Path(path_prefix) / name / identity.identifier
