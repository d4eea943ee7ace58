"""Wall time of ``autolens demo`` from a warm environment to the printed result, compilation included.

python demo_time.py --ours /path/to/python [--runs 3]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

from compare_rounds import machine, write

LIMIT_S = 60.0


def main() -> None:
    """Run the command in empty folders, write ``results/demo_time`` and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", default=sys.executable, help="python of the environment with the command autolens")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()

    state, seconds, cpu_seconds, printed = machine(), [], [], ""
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as folder:
            command = [options.ours, "-m", "autolens.cli.main", "demo"]
            start, cpu = time.perf_counter(), os.times().children_user
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600.0)
            seconds.append(time.perf_counter() - start)
            cpu_seconds.append(os.times().children_user - cpu)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-4000:]}")
        printed = done.stdout
    median = statistics.median(seconds)
    verdict = "reached" if median <= LIMIT_S else "NOT REACHED"
    markdown = (
        "# autolens demo\n\n"
        f"{state['cpus']} CPUs ({state['cpu']}), load average at the start {state['load_average_1m']}, "
        f"{state['date']}, {options.runs} runs in empty folders.\n\n"
        f"- {verdict}: {median:.1f} s (limit {LIMIT_S} s); all runs {', '.join(f'{s:.1f}' for s in seconds)} s, "
        f"CPU {', '.join(f'{s:.1f}' for s in cpu_seconds)} s\n\n"
        f"What the last run printed:\n\n```\n{printed.strip()}\n```\n"
    )
    write("demo_time", {"machine": state, "seconds": seconds, "cpu_seconds": cpu_seconds, "printed": printed}, markdown)


if __name__ == "__main__":
    main()
