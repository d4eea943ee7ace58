"""C1, ours beside autolens: alternating rounds, each tool in a fresh process of its own environment.

python compare.py --ours /path/to/python --peer /path/to/peer/python [--rounds 5] [--modes single value_and_grad]
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from compare_rounds import last_line_from, machine, ratio_of_medians, write  # noqa: E402
from problem import LOG_LIKELIHOOD_AT_TRUTH  # noqa: E402

FLOORS = {"trace_and_compile_s": 3.0, "value_and_grad_in_evaluations": 3.0, "difference": 0.01}


def main() -> None:
    """Measure, write the results and print them as a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", default=sys.executable, help="python with our packages and jax")
    parser.add_argument("--peer", required=True, help="python with the PyPI package autolens and jax")
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--modes", nargs="+", default=["single", "value_and_grad"])
    parser.add_argument("--name", default="c1_likelihood", help="stem of the files of results")
    options = parser.parse_args()

    extra = ["--modes", *options.modes, "--repeats", str(options.repeats)]
    extra += ["--data", str(options.data)] if options.data else []
    commands = {
        "ours": [options.ours, "-W", "ignore", str(HERE / "ours.py"), *extra],
        "peer": [options.peer, "-W", "ignore", str(HERE / "peer_autolens.py"), *extra],
    }
    rounds: dict[str, list[dict[str, Any]]] = {"ours": [], "peer": []}
    before = machine()
    for number in range(options.rounds):
        for tool in ("ours", "peer") if number % 2 == 0 else ("peer", "ours"):
            rounds[tool].append(last_line_from(commands[tool], timeout=300.0, cwd=HERE))
            print(f"round {number + 1}: {tool} done", file=sys.stderr)
    summary = {mode: _summary(rounds, mode) for mode in options.modes}
    results = {"machine": before, "dtype": "float64", "over_sampling": "uniform 4x4", "summary": summary, **rounds}
    write(options.name, results, _markdown(results))


def _summary(rounds: dict[str, list[dict[str, Any]]], mode: str) -> dict[str, Any]:
    medians = {tool: [done["modes"][mode]["median_ms"] for done in rounds[tool]] for tool in rounds}
    compile_s = {tool: [done["modes"][mode]["trace_and_compile_s"] for done in rounds[tool]] for tool in rounds}
    return {
        "median_ms": {tool: statistics.median(medians[tool]) for tool in medians},
        "least_p10_ms": {tool: min(done["modes"][mode]["p10_ms"] for done in rounds[tool]) for tool in rounds},
        "trace_and_compile_s": {tool: statistics.median(compile_s[tool]) for tool in compile_s},
        "speed_ratio": ratio_of_medians(medians["ours"], medians["peer"]),
        "compile_ratio": ratio_of_medians(compile_s["ours"], compile_s["peer"]),
    }


def _markdown(results: dict[str, Any]) -> str:
    machine_class, summary = results["machine"], results["summary"]
    lines = [
        "# C1: one parametric likelihood",
        "",
        f"{machine_class['cpus']} CPUs ({machine_class['cpu']}, {machine_class['architecture']}), load average at the "
        f"start {machine_class['load_average_1m']}, {machine_class['date']}, {len(results['ours'])} alternating "
        "rounds in fresh processes. Ratio = median over rounds of the ratio of medians (above 1: ours is faster)."
        + (f" XLA_FLAGS={machine_class['xla_flags']} for both." if machine_class["xla_flags"] else ""),
        "",
        "| tool | versions | free | ln L at truth | off 4481.399 |",
        "|---|---|---|---|---|",
    ]
    for tool in ("ours", "peer"):
        done = results[tool][0]
        versions = ", ".join(f"{name} {number}" for name, number in done["versions"].items())
        lines.append(
            f"| {done['tool']} | {versions} | {done['free_parameters']} | {done['log_likelihood_at_truth']:.4f} "
            f"| {done['difference']:+.4f} |"
        )
    columns = ("mode", "ours ms [least p10]", "peer ms [least p10]", "ratio", "ours compile s", "peer compile s")
    lines += ["", "| " + " | ".join((*columns, "compile ratio")) + " |", "|---|---|---|---|---|---|---|"]
    for mode, row in summary.items():
        lines.append(
            f"| {mode} | {row['median_ms']['ours']:.2f} [{row['least_p10_ms']['ours']:.2f}] "
            f"| {row['median_ms']['peer']:.2f} [{row['least_p10_ms']['peer']:.2f}] | {row['speed_ratio']:.2f} "
            f"| {row['trace_and_compile_s']['ours']:.2f} | {row['trace_and_compile_s']['peer']:.2f} "
            f"| {row['compile_ratio']:.2f} |"
        )
    lines += ["", *_verdicts(results)]
    return "\n".join(lines) + "\n"


def _verdicts(results: dict[str, Any]) -> list[str]:
    """The lines that a reader checks first, each with its limit."""
    summary, ours = results["summary"], results["ours"]
    off = max(abs(done["difference"]) for done in ours)
    checks = [(f"ln L at the truth off by {off:.2g} (limit {FLOORS['difference']})", off < FLOORS["difference"])]
    both = zip(ours[0]["log_likelihoods_near_truth"], results["peer"][0]["log_likelihoods_near_truth"], strict=True)
    apart = max(abs(a - b) for a, b in both)
    checks.append((f"ln L of the two tools at 5 points near the truth at most {apart:.2g} apart", apart < 0.01))
    if ours[0]["with_sampled_ring"] is not None:
        off = ours[0]["with_sampled_ring"] - LOG_LIKELIHOOD_AT_TRUTH
        checks.append((f"with the ring sub-sampled as in the reference, off by {off:+.2g}", abs(off) < 0.01))
    if "single" in summary:
        ratio, seconds = summary["single"]["speed_ratio"], summary["single"]["trace_and_compile_s"]["ours"]
        checks.append((f"one evaluation {ratio:.2f} times the peer's speed (limit 1)", ratio >= 1.0))
        limit = FLOORS["trace_and_compile_s"]
        checks.append((f"trace and compile {seconds:.2f} s (limit {limit})", seconds <= limit))
    if {"single", "value_and_grad"} <= set(summary):
        medians = [done["modes"]["value_and_grad"]["median_ms"] / done["modes"]["single"]["median_ms"] for done in ours]
        count, limit = statistics.median(medians), FLOORS["value_and_grad_in_evaluations"]
        checks.append((f"value and gradient {count:.2f} evaluations (limit {limit})", count <= limit))
    return [f"- {'reached' if good else 'NOT REACHED'}: {text}" for text, good in checks]


if __name__ == "__main__":
    main()
