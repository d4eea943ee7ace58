"""C5, deflections and Hessians of a million points, ours beside jaxtronomy and the NumPy path of autolens.

python compare.py --ours /path/to/python --jaxtronomy /path/to/python --autolens /path/to/python [--rounds 7]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from compare_rounds import machine, write  # noqa: E402
from table import markdown  # noqa: E402

CASES = ("sie", "epl", "nfw_sph", "nfw")
PEERS = HERE.parents[1] / "peers"


class Tool:
    """A process that keeps its grid and its compiled functions, see ``worker.py``."""

    def __init__(self, command: list[str]) -> None:
        environment = {**os.environ, "JAX_ENABLE_COMPILATION_CACHE": "false", "JAX_PLATFORMS": "cpu"}
        self._process = subprocess.Popen(
            [command[0], "-W", "ignore", *command[1:]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=HERE,
            env=environment,
        )
        self.versions = self._answer()

    def ask(self, request: str) -> Any:
        """The answer to one request."""
        assert self._process.stdin is not None
        print(request, file=self._process.stdin, flush=True)
        return self._answer()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            if line.startswith(("{", "[", "null")) or line[:1].isdigit():
                return json.loads(line)
        raise RuntimeError(f"{self._process.args} ended with {self._process.wait()}")


def main() -> None:
    """Measure, write the results and print them as a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", default=sys.executable, help="python with our packages and jax")
    parser.add_argument("--jaxtronomy", default=str(PEERS / "jaxtronomy/bin/python"))
    parser.add_argument("--autolens", default=str(PEERS / "autolens/bin/python"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--name", default="c5_profiles", help="stem of the files of results")
    options = parser.parse_args()

    before = machine()
    tools = {
        "ours": Tool([options.ours, "ours.py"]),
        "jaxtronomy": Tool([options.jaxtronomy, "peer_jaxtronomy.py"]),
        "ours NumPy": Tool([options.ours, "ours.py", "--numpy"]),
        "autolens NumPy": Tool([options.autolens, "peer_autolens.py"]),
    }
    errors = {name: _largest_difference(tools, name) for name in CASES}
    jax_pair, numpy_pair = ("ours", "jaxtronomy"), ("ours NumPy", "autolens NumPy")
    measured = {}
    for name in CASES:
        for kind in ("deflections", "hessian"):
            measured[f"{name}/{kind}"] = _alternating(tools, jax_pair, f"{name}/{kind}", options.rounds, 4)
        measured[f"{name}/numpy"] = _alternating(tools, numpy_pair, f"{name}/deflections", options.rounds, 1)
    alone = {
        f"{name}/{kind}": _alternating(tools, ("ours",), f"{name}/{kind}", 2, 3)
        for name in CASES
        for kind in ("value_and_grad", "potential")
    }
    facts = {
        f"{name}/{kind}": {key: tools["ours"].ask(f"{name}/{kind}/{key}") for key in ("compile_s", "arrays")}
        for name in CASES
        for kind in ("deflections", "hessian", "value_and_grad")
    }
    for name in CASES:
        facts[f"{name}/numpy"] = {"arrays": tools["ours NumPy"].ask(f"{name}/deflections/arrays")}
    results = {
        "machine": before,
        "versions": {tool: running.versions for tool, running in tools.items()},
        "points": 10**6,
        "errors": errors,
        "measured": measured,
        "alone": alone,
        "facts": facts,
    }
    for running in tools.values():
        running.close()
    write(options.name, results, markdown(results))


def _largest_difference(tools: dict[str, Tool], name: str) -> dict[str, float]:
    """From our NumPy deflection, largest over the sample of points, over the largest deflection there."""
    reference = np.array(tools["ours NumPy"].ask(f"{name}/values"))
    scale = float(np.abs(reference).max())
    others = (tool for tool in tools if tool != "ours NumPy")
    return {
        tool: float(np.abs(np.array(tools[tool].ask(f"{name}/values")) - reference).max()) / scale for tool in others
    }


def _alternating(
    tools: dict[str, Tool], names: tuple[str, ...], request: str, rounds: int, repeats: int
) -> dict[str, dict[str, Any]]:
    """Milliseconds of one call: a warm-up, then rounds in which the tools take turns, the first of them changing."""
    for name in names:
        tools[name].ask(f"{request} 1")
    times: dict[str, list[list[float]]] = {name: [] for name in names}
    busy: dict[str, list[float]] = {name: [] for name in names}
    loads = []
    for number in range(rounds):
        for name in names if number % 2 == 0 else names[::-1]:
            answer = tools[name].ask(f"{request} {repeats}")
            times[name].append(answer["ms"])
            busy[name] += answer["cpu_ms"]
            loads.append(answer["load"])
    print(f"{request} done", file=sys.stderr)
    row: dict[str, Any] = {
        name: {
            "median_ms": statistics.median(sum(times[name], [])),
            "least_ms": min(sum(times[name], [])),
            "least_cpu_ms": min(busy[name]),
        }
        for name in names
    }
    row["load_average"] = statistics.median(loads)
    if len(names) == 2:
        ours, peer = names
        both = zip(times[ours], times[peer], strict=True)
        row["ratio"] = statistics.median(statistics.median(b) / statistics.median(a) for a, b in both)
        row["ratio_of_least"] = row[peer]["least_ms"] / row[ours]["least_ms"]
    return row


if __name__ == "__main__":
    main()
