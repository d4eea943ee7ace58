"""Run two scripts in turn, each in its own process, and compare the medians round by round."""

from __future__ import annotations

import datetime
import json
import os
import platform
import statistics
import subprocess
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"


def last_line_from(command: list[str], timeout: float, cwd: Path | None = None) -> dict[str, Any]:
    """The JSON object that ``command`` prints last; its whole error output where it fails."""
    # a compilation cache on disk would make the compile times of all rounds but the first meaningless
    environment = {**os.environ, "JAX_ENABLE_COMPILATION_CACHE": "false"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, cwd=cwd, env=environment)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def ratio_of_medians(ours: list[float], theirs: list[float]) -> float:
    """Median over rounds of theirs over ours: above 1 we are faster."""
    return statistics.median(b / a for a, b in zip(ours, theirs, strict=True))


def machine() -> dict[str, Any]:
    """Class of the machine, without its name, and how busy it is."""
    model = ""
    if Path("/proc/cpuinfo").exists():
        lines = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        model = lines[0].split(":")[1].strip() if lines else ""
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "architecture": platform.machine(),
        "cpu": model,
        "load_average_1m": round(os.getloadavg()[0], 2),
        "xla_flags": os.environ.get("XLA_FLAGS", ""),
        "date": datetime.date.today().isoformat(),
    }


def write(name: str, results: dict[str, Any], markdown: str) -> None:
    """Write ``results/NAME.json`` and ``results/NAME.md`` and print the table."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(results, indent=1) + "\n")
    (RESULTS / f"{name}.md").write_text(markdown)
    print(markdown)
