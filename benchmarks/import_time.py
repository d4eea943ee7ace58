"""Seconds of ``import autolens``, median of five fresh processes, ours beside the PyPI package.

python import_time.py --ours /path/to/python [--peer /path/to/peer/python]
"""

from __future__ import annotations

import argparse
import statistics
import sys
from typing import Any

from compare_rounds import last_line_from, machine, write

LIMIT_S = 1.5
FORBIDDEN = (
    "jax", "matplotlib", "dynesty", "nautilus", "emcee", "zeus", "blackjax", "numpyro", "ultranest", "corner",
    "astropy.io.fits",
)  # fmt: skip
PROBE = (
    "import json, sys, time; start = time.perf_counter(); import autolens; seconds = time.perf_counter() - start; "
    f"print(json.dumps(dict(seconds=seconds, modules=len(sys.modules), "
    f"found=[name for name in {FORBIDDEN!r} if name in sys.modules])))"
)


def measured(python: str, number: int) -> dict[str, Any]:
    """Median import time, after one process that fills the disk cache and is not counted."""
    command = [python, "-W", "ignore", "-c", PROBE]
    runs = [last_line_from(command, timeout=120.0) for _ in range(number + 1)][1:]
    return {
        "median_s": statistics.median(run["seconds"] for run in runs),
        "seconds": [run["seconds"] for run in runs],
        "modules": runs[0]["modules"],
        "loaded": runs[0]["found"],
    }


def main() -> None:
    """Measure and write ``results/import_time``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", default=sys.executable)
    parser.add_argument("--peer", default=None)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()

    state = machine()
    rows = {"ours": measured(options.ours, options.runs)}
    if options.peer:
        rows["peer"] = measured(options.peer, options.runs)
    lines = [
        "# import autolens",
        "",
        f"{state['cpus']} CPUs ({state['cpu']}), load average {state['load_average_1m']}, {state['date']}, median of "
        f"{options.runs} fresh processes.",
        "",
        "| tool | s | modules | of those that must not be loaded |",
        "|---|---|---|---|",
    ]
    for tool, row in rows.items():
        lines.append(f"| {tool} | {row['median_s']:.2f} | {row['modules']} | {', '.join(row['loaded']) or 'none'} |")
    ours = rows["ours"]
    good = ours["median_s"] <= LIMIT_S and not ours["loaded"]
    lines += ["", f"- {'reached' if good else 'NOT REACHED'}: {LIMIT_S} s with none of {', '.join(FORBIDDEN)}"]
    write("import_time", {"machine": state, **rows}, "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
