"""The results of C5 as a table, with what has to be reached."""

from __future__ import annotations

from typing import Any

TITLES = {"sie": "SIE", "epl": "power law", "nfw_sph": "spherical NFW", "nfw": "elliptical NFW"}
FLOORS = {"sie": 1.0, "epl": 2.0, "nfw_sph": 1.0, "nfw": 1.2}
"""Speed of our deflection over that of jaxtronomy; for the elliptical NFW over its expansion in cored ellipsoids."""
NUMPY_FLOOR, HESSIAN_LIMIT, COMPILE_LIMIT, ARRAYS_LIMIT = 2.0, 1.5, 2.0, 10.0


def markdown(results: dict[str, Any]) -> str:
    """The file of results that is read."""
    machine, versions = results["machine"], results["versions"]
    lines = [
        "# C5: deflections and Hessians of a million points",
        "",
        f"{machine['cpus']} CPUs ({machine['cpu']}, {machine['architecture']}), load average at the start "
        f"{machine['load_average_1m']}, {machine['date']}; float64, tools in turn. Least time of a call [median], ms; "
        "ratio = median over rounds of the ratio of medians, and ratio of the least times (above 1: ours is faster).",
        "",
        *(
            f"- {tool}: " + ", ".join(f"{name} {number}" for name, number in versions[tool].items())
            for tool in versions
        ),
        "",
        "| lens | what | ours | peer | ratio | of least | load |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, row in results["measured"].items():
        name, kind = key.split("/")
        ours, peer = [tool for tool in row if isinstance(row[tool], dict)]
        lines.append(
            f"| {TITLES[name]} | {kind}, {peer} | {_time(row[ours])} | {_time(row[peer])} "
            f"| {row['ratio']:.2f} | {row['ratio_of_least']:.2f} | {row['load_average']:.1f} |"
        )
    for key, row in results["alone"].items():
        name, kind = key.split("/")
        lines.append(f"| {TITLES[name]} | {kind} | {_time(row['ours'])} | | | | {row['load_average']:.1f} |")
    lines += ["", "| lens | what | compile s | arrays of n numbers |", "|---|---|---|---|"]
    for key, fact in results["facts"].items():
        name, kind = key.split("/")
        seconds = f"{fact['compile_s']:.2f}" if "compile_s" in fact else ""
        lines.append(f"| {TITLES[name]} | {kind} | {seconds} | {fact['arrays']:.1f} |")
    lines += ["", "Largest difference from our NumPy deflection, over the largest deflection:", ""]
    for name, errors in results["errors"].items():
        lines.append(f"- {TITLES[name]}: " + ", ".join(f"{tool} {error:.1e}" for tool, error in errors.items()))
    return "\n".join([*lines, "", *_verdicts(results)]) + "\n"


def _time(row: dict[str, float]) -> str:
    return f"{row['least_ms']:.1f} [{row['median_ms']:.1f}]"


def _verdicts(results: dict[str, Any]) -> list[str]:
    measured, facts = results["measured"], results["facts"]
    checks = []
    for name, floor in FLOORS.items():
        ratio = measured[f"{name}/deflections"]["ratio_of_least"]
        checks.append(
            (f"{TITLES[name]}, deflections {ratio:.2f} times jaxtronomy's speed (limit {floor})", ratio >= floor)
        )
    for name in FLOORS:
        hessian, deflections = (measured[f"{name}/{kind}"]["ours"]["least_ms"] for kind in ("hessian", "deflections"))
        count = hessian / deflections
        checks.append(
            (f"{TITLES[name]}, Hessian {count:.2f} deflections (limit {HESSIAN_LIMIT})", count <= HESSIAN_LIMIT)
        )
    for name in FLOORS:
        ratio = measured[f"{name}/numpy"]["ratio_of_least"]
        text = f"{TITLES[name]}, NumPy {ratio:.2f} times autolens' speed (limit {NUMPY_FLOOR})"
        checks.append((text, ratio >= NUMPY_FLOOR))
    seconds = facts["epl/value_and_grad"]["compile_s"]
    checks.append(
        (f"power law value_and_grad compiled in {seconds:.2f} s (limit {COMPILE_LIMIT})", seconds <= COMPILE_LIMIT)
    )
    most = max(fact["arrays"] for fact in facts.values())
    checks.append((f"peak memory {most:.1f} arrays (limit {ARRAYS_LIMIT})", most <= ARRAYS_LIMIT))
    return [f"- {'reached' if good else 'NOT REACHED'}: {text}" for text, good in checks]
