"""Files of a result: written whole or not at all, by one process at a time."""

from __future__ import annotations

import contextlib
import json
import math
import os
import socket
import uuid
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc

LOCK_NAME = ".lock"


def write_atomic(path: Path, content: bytes) -> None:
    """Write a file under another name beside it, flush it to the disk, then rename: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f".{path.name}.{os.getpid()}"
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise exc.FileException(f"{path} could not be written ({error}); what was there before is intact.") from error
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def write_json(path: Path, content: Any) -> None:
    write_atomic(path, json_bytes(content))


def json_bytes(content: Any) -> bytes:
    """Strict JSON, indented."""
    return (json.dumps(_strict(content), indent=2, allow_nan=False) + "\n").encode()


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise exc.FileException(f"There is no file {path}.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise exc.FileException(f"{path} holds no readable JSON ({error}).") from None


def _strict(value: Any) -> Any:
    """Plain JSON types; what is not finite becomes a string, as strict JSON has no infinity."""
    if isinstance(value, dict):
        return {str(k): _strict(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(v) for v in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else str(float(value))
    if value is None or isinstance(value, bool | int | str):
        return value
    if hasattr(value, "tolist"):  # arrays and scalars of NumPy and JAX
        return _strict(value.tolist())
    return str(value)  # a search that says something else loses no result by it


class FolderLock:
    """Holds a folder for this process; a second writer is refused, a lock left by a dead process is taken over.

    Whether a process is alive is known for those of this host alone. A lock is removed by the one that wrote it only.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.path = self.folder / LOCK_NAME
        self.token = uuid.uuid4().hex

    def __enter__(self) -> FolderLock:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise exc.FileException(
                f"{self.folder} cannot be made ({error}); give the search another folder."
            ) from error
        for _ in range(2):
            try:
                descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
            except FileExistsError:
                self._clear_if_dead()
                continue
            with os.fdopen(descriptor, "w") as file:
                json.dump({"host": socket.gethostname(), "pid": os.getpid(), "token": self.token}, file)
            return self
        raise self._refusal("another process")

    def __exit__(self, *exception: object) -> None:
        with contextlib.suppress(OSError, ValueError):
            owner = json.loads(self.path.read_text())
            if isinstance(owner, dict) and owner.get("token") == self.token:
                self.path.unlink()

    def _clear_if_dead(self) -> None:
        """Move the lock of a dead process away; what another one took over meanwhile is put back."""
        if (stale := self._content()) is None:
            return
        aside = self.folder / f"{LOCK_NAME}.{self.token}"
        try:
            os.rename(self.path, aside)
        except FileNotFoundError:  # another process was faster
            return
        try:
            if aside.read_text() != stale:
                with contextlib.suppress(OSError):  # there is a new lock, or the disk knows no links
                    os.link(aside, self.path)
                raise self._refusal("another process")
        finally:
            aside.unlink()

    def _content(self) -> str | None:
        """The text of a dead process's lock, ``None`` when there is none any more; our error when its owner lives."""
        try:
            content = self.path.read_text()
            owner = json.loads(content)
            host, pid = str(owner["host"]), int(owner["pid"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            raise self._refusal("a process that did not write its name") from None
        if host != socket.gethostname() or _is_alive(pid):
            raise self._refusal(f"process {pid} on {host}")
        return content

    def _refusal(self, owner: str) -> exc.FileException:
        return exc.FileException(
            f"{self.folder} is being written by {owner}. Give this search another folder, "
            f"or remove {self.path} if that process is gone."
        )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
