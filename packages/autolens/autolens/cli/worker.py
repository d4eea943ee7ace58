"""One lens of a batch in a process of its own, so that its crash is its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autolens.cli import threads

LOG = "fit.log"
_LAST_BYTES = 4000
_PATIENCE = 60.0
"""Seconds that a fit has to write the best so far after it was asked to end."""
BAD_INPUT = 2


@dataclass(eq=False)
class Job:
    """A lens to fit, and how that went."""

    name: str
    data: Path
    folder: Path
    """Of its results."""
    state: str = "waiting"
    attempts: int = 0
    answer: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    begin: float | None = None
    seconds: float = 0.0

    @property
    def is_over(self) -> bool:
        return self.state not in ("waiting", "running")

    @property
    def exit_code(self) -> int:
        """0 for a good verdict, 2 for bad input, 1 for everything that somebody has to look at."""
        return {"good": 0, "bad input": BAD_INPUT}.get(self.state, 1)

    @property
    def log(self) -> Path:
        return self.folder / LOG

    def last_line(self) -> str:
        """What its fit said last."""
        try:
            with open(self.log, "rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST_BYTES))
                lines = file.read().decode(errors="replace").splitlines()
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "data": self.data,
            "results": self.folder,
            "state": self.state,
            "exit_code": self.exit_code,
            "attempts": self.attempts,
            "seconds": self.seconds,
            "error": self.error or None,
            "fit": self.answer or None,
        }


class Worker:
    """A process that fits one lens; it ends by itself, or is asked to."""

    def __init__(self, job: Job, arguments: Sequence[str], number_of_threads: int, is_alone: bool = True) -> None:
        self.job = job
        job.attempts += 1
        job.state, job.begin = "running", time.monotonic()
        job.folder.mkdir(parents=True, exist_ok=True)
        environment = dict(os.environ)
        threads.limit(environment, number_of_threads)
        command = [sys.executable, "-m", "autolens.cli.main", "fit", str(job.data), "--output", str(job.folder)]
        if not is_alone:
            environment.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # several share an accelerator
        with ExitStack() as files:
            self._log = files.enter_context(open(job.log, "ab"))
            self._output = files.enter_context(tempfile.TemporaryFile())
            self._process = subprocess.Popen(
                [*command, *arguments, "--json"],
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=self._log,
                env=environment,
                start_new_session=True,  # an interruption from the keyboard is for the batch, which asks each to end
            )
            self._files = files.pop_all()

    @property
    def is_over(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def end(self) -> None:
        """Ask it to save and end; it goes on when it is asked again."""
        if not self.is_over:
            self._process.terminate()

    def kill(self) -> None:
        """End it at once; what it saved last is on the disk."""
        if not self.is_over:
            self._process.kill()

    def wait(self, seconds: float = _PATIENCE) -> None:
        """Wait until it has ended, by force where it does not."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()

    def collect(self) -> None:
        """Note in the job how its process ended."""
        with self._files:
            self._output.seek(0)
            output = self._output.read().decode(errors="replace")
        job, code = self.job, self._process.returncode
        job.seconds += time.monotonic() - (job.begin or 0.0)
        answer = _object_from(output)
        if code in (0, 1) and answer.get("verdict") in ("good", "check", "failed"):
            job.state, job.answer = answer["verdict"], dict(answer)
        elif code == BAD_INPUT:
            job.state, job.error = "bad input", str(answer.get("error") or job.last_line().removeprefix("autolens: "))
        else:
            job.state, job.error = "crashed", _how_it_ended(code, job.last_line())


def _object_from(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _how_it_ended(code: int, last_line: str) -> str:
    if code == -9:
        return "killed (signal 9; the system does this where memory ends: fewer --jobs)"
    if code < 0:
        return f"killed by signal {-code}"
    return f"exit code {code}: {last_line}"
