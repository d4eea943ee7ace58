"""Simulation-based calibration of the default search: are the errors it quotes as large as they are?

    python calibrate.py [--datasets 100] [--fresh]

Lenses are drawn from the priors, data from the likelihood, and ``al.Auto`` fits each with its defaults. Ranks of the
true values among the draws of the posteriors have to be uniform (Talts et al. 2018). Fits are kept as they come, so a
run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from calibrated_lenses import CalibratedLenses
from compare_rounds import RESULTS, machine, write

SEED = 20261121
"""Fixed before anything was fitted."""
PROBABILITY = 0.99
"""With which calibrated posteriors pass each kind of test."""


def rows_from(
    lenses: CalibratedLenses, datasets: int, draws: int, kept: Path | None = None, **settings: Any
) -> list[dict[str, Any]]:
    """A row for each dataset; those that a file ``kept`` has are not made again."""
    lines = kept.read_text().splitlines() if kept is not None and kept.exists() else []
    rows = [row for row in map(json.loads, lines) if row["number"] < datasets]
    done = {row["number"] for row in rows}
    for number in (number for number in range(datasets) if number not in done):
        rows.append(lenses.row(number, draws, **settings))
        if kept is not None:
            with kept.open("a") as file:
                file.write(json.dumps(rows[-1]) + "\n")
        told = {
            key: rows[-1].get(key)
            for key in ("method", "accepted", "learnt_from", "modes", "agreeing", "verdict", "error")
        }
        beyond = float(np.max(np.abs(rows[-1].get("scores", [np.nan]))))
        told |= {"largest score": round(beyond, 2), "below truth": round(rows[-1].get("below_truth", np.nan), 1)}
        print(number, f"{rows[-1]['seconds']:.1f} s", told, file=sys.stderr, flush=True)
    return sorted(rows, key=lambda row: row["number"])


def summary_from(rows: list[dict[str, Any]], names: list[str], draws: int) -> tuple[Any, dict[str, Any]]:
    """The calibration and, in plain types, what it shows."""
    from autogalaxy.inference.calibration import LEVELS, Calibration

    fitted = [row for row in rows if "error" not in row]
    calibration = Calibration.of_rows(fitted, draws, names)
    failures = [f"dataset {row['number']} raised an error" for row in rows if "error" in row]
    limit = (1.0 - PROBABILITY) / len(names)
    summary = {
        "datasets": len(rows),
        "draws": draws,
        "names": names,
        "failures": failures + calibration.failures(PROBABILITY),
        "methods": dict(Counter(row["method"] for row in fitted)),
        "not_accepted": sum(not row["accepted"] for row in fitted),
        "verdicts": dict(Counter(row["verdict"] for row in fitted)),
        "rejected": dict(Counter(text.partition(":")[0] for row in fitted for text in row["rejected"])),
        "errors": len(rows) - len(fitted),
        "below_truth": [row["number"] for row in fitted if row["below_truth"] > 0.0],
        "median_seconds": statistics.median(row["seconds"] for row in rows),
        "first_seconds": rows[0]["seconds"],
        "p_values": calibration.p_values().tolist(),
        "p_value_limit": limit,
        "coverage": {str(level): calibration.coverage(level).tolist() for level in LEVELS},
        "coverage_bounds": {str(level): calibration.coverage_bounds(level, 1.0 - limit) for level in LEVELS},
        "combined_coverage": {str(level): calibration.combined_coverage(level) for level in LEVELS},
        "bias_in_standard_errors": calibration.bias().tolist(),
        "rms_score": calibration.widths().tolist(),
        "width_in_standard_errors": calibration.width_deviations().tolist(),
        "averaged_posterior_in_standard_errors": calibration.averaged_posterior().tolist(),
    }
    return calibration, summary


def draw_figure(calibration: Any, names: list[str], units: list[str], path: Path) -> None:
    """A histogram of ranks for each parameter, with the band that holds 99 % of the bins of a uniform distribution."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = 4
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(3.2 * columns, 2.3 * rows + 0.5), layout="constrained")
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    low, high = calibration.histogram_bounds(PROBABILITY)
    edges = np.linspace(0, calibration.draws + 1, calibration.bins + 1)
    for axis, name, unit, counts, p in zip(
        axes, names, units, calibration.histogram(), calibration.p_values(), strict=False
    ):
        axis.axhspan(low, high, color="0.88", zorder=0)
        axis.axhline(calibration.datasets / calibration.bins, color="0.5", linewidth=0.8)
        axis.stairs(counts, edges, fill=True, color="tab:blue", alpha=0.7)
        title = name.removeprefix("galaxies.") + (f" [{unit}]" if unit else "")
        axis.set_title(f"{title}\np = {p:.2f}", fontsize=8)
        axis.tick_params(labelsize=7)
    for axis in axes[len(names) :]:
        axis.set_visible(False)
    for axis in axes[max(len(names) - columns, 0) : len(names)]:  # the lowest of each column
        axis.tick_params(labelbottom=True)
    figure.supxlabel(f"rank of the true value among {calibration.draws} draws of its posterior", fontsize=9)
    figure.supylabel(f"datasets in the bin, of {calibration.datasets}", fontsize=9)
    figure.suptitle("Calibration of al.Auto; the band holds 99 % of the bins of a uniform distribution", fontsize=10)
    FigureCanvasAgg(figure).print_png(path)


def markdown_from(summary: dict[str, Any], state: dict[str, Any]) -> str:
    """The table of parameters, and what else is known."""
    bounds, combined = summary["coverage_bounds"], summary["combined_coverage"]

    def counts(of: dict[str, int]) -> str:
        return ", ".join(f"{name} {count}" for name, count in of.items()) or "none"

    lines = [
        "# Calibration of the default search",
        "",
        f"{summary['datasets']} lenses drawn from their priors (seed {SEED}), {len(summary['names'])} free parameters, "
        f"{summary['draws']} draws of each posterior. {state['cpus']} CPUs ({state['cpu']}), load "
        f"{state['load_average_1m']}, {state['date']}: {summary['median_seconds']:.1f} s for a fit (median), "
        f"{summary['first_seconds']:.0f} s for the first one, which compiles.",
        "",
        f"**{'PASSED' if not summary['failures'] else 'NOT PASSED'}**",
        *(f"- {failure}" for failure in summary["failures"]),
        "",
        f"Posteriors by: {counts(summary['methods'])}; not accepted: {summary['not_accepted']}; samplers rejected: "
        f"{counts(summary['rejected'])}; fits that raised an error: {summary['errors']}; best fits below the truth in "
        f"ln L: {len(summary['below_truth'])}. Verdicts: {counts(summary['verdicts'])}.",
        "",
        "| parameter | p of its ranks | in 68 % | in 95 % | mean, in standard errors | rms of (truth - mean) / sigma |",
        "|---|---|---|---|---|---|",
    ]
    for i, name in enumerate(summary["names"]):
        held = [summary["coverage"][level][i] for level in ("0.68", "0.95")]
        lines.append(
            f"| {name.removeprefix('galaxies.')} | {summary['p_values'][i]:.3f} | {held[0]:.3f} | {held[1]:.3f} "
            f"| {summary['bias_in_standard_errors'][i]:+.1f} | {summary['rms_score'][i]:.2f} |"
        )
    share = [f"{combined[level][0]:.3f} +- {combined[level][1]:.3f}" for level in ("0.68", "0.95")]
    wanted = [f"{low:.2f} to {high:.2f}" for low, high in (bounds["0.68"], bounds["0.95"])]
    averaged = np.max(np.abs(summary["averaged_posterior_in_standard_errors"]))
    lines += [
        f"| all | | {share[0]} | {share[1]} | | |",
        f"| wanted of each | > {summary['p_value_limit']:.2g} | {wanted[0]} | {wanted[1]} | | 1 |",
        "",
        f"The posterior averaged over all datasets is the prior: its first two moments are off by up to {averaged:.1f} "
        "standard errors. The standard error of all parameters together takes into account that those of one dataset "
        "depend on each other.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Fit what is not fitted yet, and write ``results/calibration``."""
    from autogalaxy.inference.calibration import DRAWS

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--datasets", type=int, default=100)
    parser.add_argument("--fresh", action="store_true", help="forget the fits of a run that was stopped")
    parser.add_argument("--name", default="calibration", help="of the files in results/")
    parser.add_argument("--samplers", nargs="+", help="those of al.Auto that may be used; all by default")
    options = parser.parse_args()
    settings = {"samplers": options.samplers} if options.samplers else {}
    kept = RESULTS / f"{options.name}.partial.jsonl"
    if options.fresh:
        kept.unlink(missing_ok=True)
    state, begin = machine(), time.perf_counter()
    lenses = CalibratedLenses(SEED)
    rows = rows_from(lenses, options.datasets, DRAWS, kept, **settings)
    names = list(lenses.model.paths)
    calibration, summary = summary_from(rows, names, DRAWS)
    summary |= {"machine": state, "seed": SEED, "seconds_of_this_run": time.perf_counter() - begin}
    draw_figure(calibration, names, list(lenses.model.units), RESULTS / f"{options.name}.png")
    write(options.name, {**summary, "rows": rows}, markdown_from(summary, state))
    os.unlink(kept)
    sys.exit(bool(summary["failures"]))


if __name__ == "__main__":
    main()
