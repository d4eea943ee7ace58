"""Processes that hold one likelihood each and answer requests, with a time limit on every answer."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ONE_THREAD = "--xla_cpu_multi_thread_eigen=false"
ON_JAX_0_11 = ("autolens",)
DEADLOCKED: set[str] = set()
"""Tools one of whose batches hung."""


class Hung(Exception):
    """No answer within the limit."""


class Refused(Exception):
    """The tool cannot make this likelihood."""


class WorkerProcess:
    """One tool, one case, one row of options, in its own environment."""

    def __init__(self, command: list[str], xla_flags: str = "") -> None:
        # a compilation cache on disk would make every compile time but the first meaningless
        environment = {**os.environ, "JAX_ENABLE_COMPILATION_CACHE": "false"}
        if xla_flags:
            environment["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {xla_flags}".strip()
        self._process = subprocess.Popen(
            command, cwd=HERE, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._selector = selectors.DefaultSelector()
        assert self._process.stdout is not None and self._process.stderr is not None
        self._selector.register(self._process.stdout, selectors.EVENT_READ, "answer")
        self._selector.register(self._process.stderr, selectors.EVENT_READ, "error")
        self._pending, self._errors = b"", b""

    def ask(self, *request: Any, limit: float) -> dict[str, Any]:
        """The answer to a request, which is what went wrong where there is none."""
        if self._process.poll() is not None:
            return {"error": f"ended: {self._last_error()}"}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        return self.answer(limit)

    def answer(self, limit: float) -> dict[str, Any]:
        """The next line that the process writes, within ``limit`` seconds."""
        end = time.monotonic() + limit
        while b"\n" not in self._pending:
            ready = self._selector.select(max(0.0, end - time.monotonic()))
            if not ready:
                self.stop()
                raise Hung
            for key, _ in ready:
                found = os.read(key.fd, 65536)
                if key.data == "error":
                    self._errors = (self._errors + found)[-4000:]
                    if not found:
                        self._selector.unregister(key.fileobj)
                elif not found:
                    self._process.wait(timeout=10.0)
                    return {"error": f"ended: {self._last_error()}"}
                else:
                    self._pending += found
        line, self._pending = self._pending.split(b"\n", 1)
        return json.loads(line)

    def _last_error(self) -> str:
        lines = self._errors.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit status {self._process.returncode}"

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()


class Contender:
    """A line of the table: a tool with a row of options in one case, restarted where it hangs.

    A mode that hung is given up. A batch that hangs under jax 0.11, whose thread pool can deadlock, is tried once
    more in a second process with one Eigen thread, and so are that tool's batches from then on.
    """

    def __init__(self, tool: str, row: str, case: str, python: str, data: Path | None, limit: float) -> None:
        script = "ours.py" if tool == "ours" else f"peer_{tool}.py"
        self.tool, self.row, self.case, self.limit = tool, row, case, limit
        self._command = [python, "-W", "ignore", script, "--case", case, "--row", row]
        self._command += ["--data", str(Path(data).resolve())] if data else []
        self._processes: dict[str, WorkerProcess] = {}
        self.gone: dict[str, str] = {}
        """Why a mode has no time, keyed by mode; ``all`` where no mode has."""

    @property
    def name(self) -> str:
        return f"{self.tool} {self.row}".strip()

    def ask(self, kind: str, mode: str = "", *arguments: Any) -> dict[str, Any] | None:
        """The answer to a request about a mode, or None where that mode is given up."""
        if "all" in self.gone or mode in self.gone:
            return None
        flags = ONE_THREAD if mode.startswith("vmap") and self.tool in DEADLOCKED else ""
        try:
            request = (kind, mode, *arguments) if mode else (kind, *arguments)
            answer = self._process_with(flags).ask(*request, limit=self.limit)
        except Hung:
            self._processes.pop(flags, None)
            print(f"{self.case} {self.name}: no answer to {kind} {mode} in {self.limit:.0f} s", file=sys.stderr)
            if mode.startswith("vmap") and not flags and self.tool in ON_JAX_0_11:
                DEADLOCKED.add(self.tool)
                return self.ask(kind, mode, *arguments)
            self.gone[mode or "all"] = f"no answer in {self.limit:.0f} s"
            return None
        except Refused as error:
            self.gone["all"] = str(error)
            print(f"{self.case} {self.name}: {error}", file=sys.stderr)
            return None
        for key in ("not_available", "error"):
            if key in answer:
                self.gone[mode or "all"] = str(answer[key])
                print(f"{self.case} {self.name} {mode}: {answer[key]}", file=sys.stderr)
                return None
        return answer

    def _process_with(self, flags: str) -> WorkerProcess:
        if flags not in self._processes:
            process = WorkerProcess(self._command, flags)
            first = process.answer(self.limit)
            if "ready" not in first:
                process.stop()
                raise Refused(str(first.get("not_available") or first.get("error")))
            self._processes[flags] = process
        return self._processes[flags]

    def stop(self) -> None:
        for process in self._processes.values():
            process.stop()
        self._processes = {}
