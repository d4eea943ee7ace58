"""Tables and verdicts from what ``compare.py`` measured."""

from __future__ import annotations

from typing import Any

from figures import compile_of, least_of, median_of, peers_of, ratio_of
from verdicts import verdicts_from

TITLES = {
    "c1": "C1: SIE, shear, two Sersics",
    "c2": "C2: power law of slope 2.1, shear, two Sersics",
    "c3": "C3: SIE, shear, 30 linear Gaussians, linear Sersic source",
}
MODES = ("single", "vmap16", "vmap64", "value_and_grad")


def markdown(results: dict[str, Any]) -> str:
    """The whole page."""
    lines = ["# One imaging likelihood beside the peers", "", _preamble(results), "", "## Limits", ""]
    lines += verdicts_from(results["cases"])
    for case, entries in results["cases"].items():
        lines += ["", f"## {TITLES[case]}", "", *_values(entries), "", *_times(entries), "", *_ratios(entries)]
        lines += [""] + [
            f"- {name}{'' if mode == 'all' else f', {mode}'}: {why}"
            for name, entry in entries.items()
            for mode, why in entry["gone"].items()
            if "NumPy only" not in why
        ]
    return "\n".join(lines).rstrip() + "\n"


def _machine(results: dict[str, Any]) -> str:
    machine = results["machine"]
    return f"{machine['cpus']} CPUs ({machine['cpu']}, {machine['architecture']}), {machine['date']}, load average at "


def _preamble(results: dict[str, Any]) -> str:
    flagged = ", ".join(results["one_eigen_thread_in_batches"])
    return (
        f"{_machine(results)}the start {results['machine']['load_average_1m']} and at the end "
        f"{results['load_average_1m_at_end']}, {results['rounds']} alternating rounds, {results['seconds']} s in all. "
        "Times are medians over the rounds of the median, in brackets the least 10th percentile; every evaluation has "
        "other parameters. A ratio is the median over the rounds of the ratio of medians, above 1: ours is faster. The "
        "reference image is lenstronomy's with uniform 4 x 4 sub-pixels, in C3 that of our first row. lenstronomy, "
        "jaxtronomy and herculens have no mask and run on the 80 x 80 crop that holds it. float64, but where a row "
        "says mixed." + (f" A batch of {flagged} hung and was measured with one Eigen thread." if flagged else "")
    )


def _table(columns: list[str], rows: list[list[str]]) -> list[str]:
    rows = [columns, ["---"] * len(columns), *rows]
    return ["| " + " | ".join(row) + " |" for row in rows]


def _values(entries: dict[str, Any]) -> list[str]:
    converged = entries.get("ours uniform", {}).get("described") or {}
    limit = converged.get("log_likelihood_converged")
    columns = ["tool", "versions", "free", "ln L at truth", "off reference", "off 16 x 16", "image off, sigma"]
    rows = []
    for name, entry in entries.items():
        said = entry["described"]
        if not said:
            rows.append([name, "", "", "not available", "", "", ""])
            continue
        versions = ", ".join(f"{key} {value}" for key, value in said["versions"].items() if key != "jaxlib")
        value, off, image = (
            said[key] for key in ("log_likelihood_at_truth", "off_reference_value", "largest_difference_sigma")
        )
        rows.append(
            [
                name,
                versions,
                str(said["free_parameters"]),
                f"{value:.3f}",
                "" if off is None else f"{off:+.4f}",
                "" if limit is None else f"{value - limit:+.2f}",
                "" if image is None else f"{image:.2g}",
            ]
        )
    return _table(columns, rows)


def _times(entries: dict[str, Any]) -> list[str]:
    columns = ["tool", *(f"{mode} ms" for mode in MODES), "compile s", "with gradient s", "temporaries of 64, MB"]
    rows = []
    for name, entry in entries.items():
        if not entry["described"]:
            continue
        cells = [name]
        for mode in MODES:
            time, least = median_of(entry, mode), least_of(entry, mode)
            cells.append("-" if time is None or least is None else f"{time:.2f} [{least:.2f}]")
        for mode in ("single", "value_and_grad"):
            seconds = compile_of(entry, mode) if entry["described"]["versions"].get("jax") else None
            cells.append("-" if seconds is None else f"{seconds:.2f}")
        memory = entry["temporaries_mb"].get("vmap64")
        rows.append([*cells, "-" if memory is None else f"{memory:.3g}"])
    return _table(columns, rows)


def _ratios(entries: dict[str, Any]) -> list[str]:
    ours = {name: entry for name, entry in entries.items() if entry["tool"] == "ours" and entry["described"]}
    rows = []
    for name, entry in ours.items():
        for peer, other in peers_of(entries).items():
            found = [ratio_of(entry, other, mode) for mode in MODES]
            rows.append([f"{name} : {peer}", *("-" if ratio is None else f"{ratio:.2f}" for ratio in found)])
    return _table(["times as fast", *MODES], rows) if rows else []


def gpu_markdown(results: dict[str, Any]) -> str:
    """Ours alone, batch by batch, with memory."""
    lines = ["# One imaging likelihood on an accelerator", "", f"{_machine(results)}the start "]
    lines[-1] += f"{results['machine']['load_average_1m']}, {results['rounds']} rounds; times are of one evaluation."
    for case, entries in results["cases"].items():
        lines += ["", f"## {TITLES[case]}", ""]
        modes = list(dict.fromkeys(mode for entry in entries.values() for mode in entry["modes"]))
        rows = []
        for name, entry in entries.items():
            memory = entry["memory"] or {}
            for mode in modes:
                time, seconds = median_of(entry, mode), compile_of(entry, mode)
                if time is not None and seconds is not None:
                    temporaries = entry["temporaries_mb"].get(mode)
                    cells = [name, memory.get("device", ""), mode, f"{time:.4f}", f"{seconds:.2f}"]
                    cells += ["-" if temporaries is None else f"{temporaries:.3g}"]
                    rows.append([*cells, f"{memory['peak_device_mb']:.0f}" if "peak_device_mb" in memory else "-"])
        columns = ["row", "device", "mode", "ms", "compile s", "temporaries MB", "peak on device MB"]
        lines += _table(columns, rows)
    return "\n".join(lines) + "\n"
