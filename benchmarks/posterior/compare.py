"""The default search against references, each fit in a process of its own, with an empty and a warm compile cache.

    python compare.py c7 [--seeds 5] [--max-only]

Times are those of the fit, compilation included and imports and the reading of the data apart, as those are that the
limits come from, and those of the whole process. Writes ``results/posterior_NAME``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from problems import NAMES, problem_from, summary_from  # noqa: E402

DATA = HERE.parents[2] / "shared" / "data"
RESULTS = HERE.parent / "results"
LIMITS = {"c7": {"cold": 12.0, "warm": 6.0, "maximum_cold": 7.0, "maximum_warm": 3.0}}


def child(name: str, seed: int, samplers: tuple[str, ...], folder: Path) -> None:
    """One fit; prints its figures as the last line."""
    import jax  # noqa: F401 - its import is no part of a fit

    import autolens as al

    model, analysis = problem_from(name, folder)
    real = name in ("j0946", "euclid")
    search = al.Auto(seed=seed, samplers=samplers, check_over_sampling=real, show_progress=False)
    begin = time.perf_counter()
    result = search.fit(model, analysis)
    seconds = time.perf_counter() - begin
    samples, info = result.samples, result.search_info
    figures = {
        "seed": seed,
        "seconds": seconds,
        "log_likelihood": result.log_likelihood,
        "chi_squared": info.get("chi_squared"),
        "starts_agreeing": info.get("starts_agreeing"),
        "maximum_seconds": info.get("maximum_seconds"),
        "sampling": info.get("sampling"),
        "effective_samples": info.get("effective_samples"),
        "log_evidence": info.get("log_evidence"),
        "log_evidence_error": info.get("log_evidence_error"),
        "verdict": None if result.verdict is None else result.verdict.grade,
        "reasons": [] if result.verdict is None else result.verdict.reasons,
    }
    if samples.covariance is None:
        figures |= summary_from(samples.parameters, samples.weights)
    print(json.dumps(figures), flush=True)


def measured(name: str, seed: int, cache: str, options: Any) -> dict[str, Any]:
    """A fit in a process of its own: its figures, and the wall time of the process."""
    command = [sys.executable, "-W", "ignore", str(HERE / "compare.py"), name, "--child", str(seed)]
    command += ["--data", str(options.data), *(["--max-only"] if options.max_only else [])]
    begin = time.perf_counter()
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "AUTOLENS_COMPILATION_CACHE": cache}
    )
    process_seconds = time.perf_counter() - begin
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    return {**figures, "process_seconds": process_seconds, "load": os.getloadavg()[0]}


def orders_of(paths: list[str]) -> list[list[int]]:
    """Parameters as they are, and with the two Sersics of the lens exchanged: seeds differ in which is which."""
    swapped = {"light_0": "light_1", "light_1": "light_0"}
    names = [".".join(swapped.get(part, part) for part in path.split(".")) for path in paths]
    return [list(range(len(paths))), [paths.index(name) for name in names]]


def against(row: dict[str, Any], reference: dict[str, Any]) -> dict[str, float]:
    """Largest shift in sigma and largest change of a width, relative, from each reference with means."""
    found = {}
    for key in ("importance", "nuts", "nautilus"):
        if key in reference and "means" in row:
            means, widths = np.array(reference[key]["means"]), np.array(reference[key]["widths"])
            orders = orders_of(reference["maximum"]["paths"])
            shifts = [float(np.max(np.abs(np.array(row["means"])[order] - means) / widths)) for order in orders]
            order = orders[int(np.argmin(shifts))]
            found[f"{key}_shift"] = min(shifts)
            found[f"{key}_width"] = float(np.max(np.abs(np.array(row["widths"])[order] / widths - 1.0)))
            if reference[key].get("log_evidence") is not None and row["log_evidence"] is not None:
                found[f"{key}_evidence"] = row["log_evidence"] - reference[key]["log_evidence"]
    return found


def main() -> None:
    """Cold and warm for each seed, then the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--max-only", action="store_true", help="the maximum, without a posterior")
    parser.add_argument("--child", type=int, default=None, help=argparse.SUPPRESS)
    options = parser.parse_args()
    samplers = () if options.max_only else ("importance", "nuts")
    if options.child is not None:
        child(options.name, options.child, samplers, options.data)
        return
    from compare_rounds import machine, write

    path = RESULTS / f"posterior_reference_{options.name}.json"
    reference = json.loads(path.read_text()) if path.exists() else {}
    state, rows = machine(), []
    for seed in range(1, options.seeds + 1):
        with tempfile.TemporaryDirectory() as cache:
            for kind in ("cold", "warm"):
                row = measured(options.name, seed, cache, options)
                rows.append({**row, "kind": kind, **against(row, reference)})
                print(kind, seed, f"{row['seconds']:.1f} s of {row['process_seconds']:.1f} s", file=sys.stderr)
    name = f"posterior_{options.name}{'_maximum' if options.max_only else ''}"
    write(name, {"machine": state, "rows": rows}, _markdown(options, state, rows))


def _markdown(options: Any, state: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    columns = [key for key in rows[0] if key.endswith(("_shift", "_width", "_evidence")) and key != "log_evidence"]
    lines = [
        f"# {'Maximum' if options.max_only else 'Posterior'} of {options.name} by the default search",
        "",
        f"{state}, a process for each fit; its time with compilation, imports and the reading of the data apart, and "
        "that of the whole process; cold: empty compile cache.",
        "",
        "| cache | seed | fit, s | process, s | load | ln L | method | effective | ln Z | verdict | "
        + " | ".join(column.replace("_", " ") for column in columns)
        + " |",
        "|" + "---|" * (10 + len(columns)),
    ]
    for row in rows:
        sampling = row["sampling"] or {"method": "-"}
        evidence = (
            "-" if row["log_evidence"] is None else f"{row['log_evidence']:.3f} +- {row['log_evidence_error']:.3f}"
        )
        effective = "-" if row["effective_samples"] is None else f"{row['effective_samples']:.0f}"
        cells = [row["kind"], str(row["seed"]), f"{row['seconds']:.1f}"]
        cells += [f"{row['process_seconds']:.1f}", f"{row['load']:.1f}"]
        cells += [f"{row['log_likelihood']:.3f}", sampling["method"], effective, evidence, str(row["verdict"])]
        lines.append("| " + " | ".join([*cells, *(f"{row[column]:.3f}" for column in columns)]) + " |")
    for kind in ("cold", "warm"):
        worst = max(row["seconds"] for row in rows if row["kind"] == kind)
        limit = LIMITS.get(options.name, {}).get(f"maximum_{kind}" if options.max_only else kind)
        judged = "" if limit is None else f": {'reached' if worst <= limit else 'NOT reached'} (limit {limit:.0f} s)"
        process = max(row["process_seconds"] for row in rows if row["kind"] == kind)
        lines.append(f"\n- {kind}, slowest {worst:.1f} s{judged}; process {process:.1f} s")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
