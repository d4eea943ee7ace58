"""Seconds and memory of a table of a thousand results, in a fresh process, and of the command that prints it.

python results_table.py [--count 1000]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from compare_rounds import last_line_from, machine, write

LIMIT_S, LIMIT_MB = 2.0, 200.0
PROBE = """
import json, resource, sys, time
import autolens as al
start = time.perf_counter()
results = al.results(sys.argv[1])
table = results.table
tabled = time.perf_counter()
chosen = results.filter(grade="good", log_likelihood_min=-99.5)
filtered = time.perf_counter()
one = chosen[0]
loaded = time.perf_counter()
assert len(table) == int(sys.argv[2]) and len(chosen) == 50 and table["log_likelihood"].min() == 1 - len(table)
assert one.max_log_likelihood_tracer.planes
print(json.dumps(dict(table_s=tabled - start, filter_s=filtered - tabled, load_s=loaded - filtered,
    columns=len(table.colnames), peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))
"""


def seconds_of_command(folder: str) -> float:
    """Wall time of ``autolens results FOLDER``, the start of its process included."""
    begin = time.perf_counter()
    command = [sys.executable, "-W", "ignore", "-m", "autolens.cli.main", "results", folder]
    subprocess.run(command, check=True, capture_output=True, timeout=120.0)
    return time.perf_counter() - begin


def lens_result() -> Any:
    """A fit of a lens with 17 free parameters, with the samples of a posterior."""
    import autolens as al

    lens = al.Model(al.Galaxy, redshift=0.5, light=al.lp.Sersic, mass=al.mp.Isothermal, shear=al.mp.ExternalShear)
    source = al.Model(al.Galaxy, redshift=1.0, light=al.lp.SersicCore)
    model = al.Collection(galaxies=al.Collection(lens=lens, source=source))
    rng = np.random.default_rng(1)
    units = rng.uniform(0.4, 0.6, (500, model.prior_count))
    parameters = np.array([model.vector_from_unit_vector(unit) for unit in units])
    image = rng.normal(0.0, 1.0, (60, 60))
    dataset = al.Imaging(image, np.ones_like(image), psf=np.ones((3, 3)), pixel_scales=0.1, over_sample_size_lp=2)
    result = al.AnalysisImaging(dataset).make_result(al.Samples(model, parameters, rng.normal(size=500)), None)
    optimum = {"log_likelihood": -1.0, "starts": 3, "converged": True, "parameters": parameters[0].tolist()}
    result.search_info = {"search": "Auto", "log_evidence": -3.0, "seconds": 9.0, "optima": [optimum] * 3}
    return result


def make_folders(root: Path, count: int) -> None:
    """``count`` fits, ten to a folder, that differ in likelihood and grade; every file is there."""
    from autogalaxy.inference.verdict import Finding, Verdict

    result = lens_result()
    findings = [Finding(name, "good", "A sentence about it." * 3, 0.5, 0.7) for name in "abcdefgh"]
    summaries = []
    for grade in ("good", "check"):
        result.verdict = Verdict.of([*findings, Finding("residuals", grade, "Structure is left in the arcs.")])
        result.write(root / "first")
        summaries.append(json.loads((root / "first" / "result.json").read_text()))
    for number in range(count):
        folder = root / f"{number // 10:03d}" / f"fit_{number}"
        shutil.copytree(root / "first", folder)
        summary = {**summaries[number % 2], "log_likelihood": -float(number)}
        (folder / "result.json").write_text(json.dumps(summary, indent=2))
    shutil.rmtree(root / "first")


def main() -> None:
    """Measure and write ``results/results_table``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    state = machine()
    with tempfile.TemporaryDirectory() as name:
        make_folders(Path(name), options.count)
        size = len((Path(name) / "000" / "fit_0" / "result.json").read_bytes())
        command = [sys.executable, "-W", "ignore", "-c", PROBE, name, str(options.count)]
        runs = [last_line_from(command, timeout=120.0) for _ in range(options.runs)]
        for run in runs:
            run["command_s"] = seconds_of_command(name)
    row = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    slowest = max(row["table_s"] + row["filter_s"], row["command_s"])
    is_reached = slowest <= LIMIT_S and row["peak_mb"] <= LIMIT_MB
    lines = [
        f"# A table of {options.count} results",
        "",
        f"{state['cpus']} CPUs ({state['cpu']}), load average {state['load_average_1m']}, {state['date']}, median of "
        f"{options.runs} fresh processes, import apart; {size / 1024:.0f} kB of result.json each, "
        f"{row['columns']:.0f} columns.",
        "",
        "| find, read and tabulate [s] | filter [s] | load one [s] | peak memory of the process [MB] | "
        "`autolens results`, its start included [s] |",
        "|---|---|---|---|---|",
        f"| {row['table_s']:.2f} | {row['filter_s']:.4f} | {row['load_s']:.3f} | {row['peak_mb']:.0f} | "
        f"{row['command_s']:.2f} |",
        "",
        f"- {'reached' if is_reached else 'NOT REACHED'}: {LIMIT_S:.0f} s and {LIMIT_MB:.0f} MB",
    ]
    write("results_table", {"machine": state, "median": row, "runs": runs}, "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
