"""The limits of the likelihood, each held against what was measured."""

from __future__ import annotations

from typing import Any

from figures import best_peer, compile_of, median_of, ratio_of

SAME_IMAGE = 0.01
"""Largest difference of ln L from the reference with the same sub-pixels."""
CONVERGED = 1.0
"""Largest difference of ln L from 16 x 16 sub-pixels."""
MEMORY_MB = 100.0


def verdicts_from(cases: dict[str, Any]) -> list[str]:
    """One line for every limit of the cases that were run."""
    lines: list[str] = []
    if "c1" in cases:
        lines += [*_values(cases["c1"], "C1"), *_speeds_c1(cases["c1"]), *_compile_c1(cases["c1"])]
    if "c2" in cases:
        lines += [*_values(cases["c2"], "C2"), *_speeds_c2(cases["c2"], cases.get("c1"))]
    if "c3" in cases:
        lines += _c3(cases["c3"])
    return lines


def _line(text: str, value: float | None, limit: float, at_least: bool, unit: str = "") -> str:
    """A verdict; ``text`` has a place ``{}`` for the value."""
    sign = ">=" if at_least else "<="
    if value is None:
        return f"- not measured: {text.format('-')} (limit {sign} {limit:g}{unit})"
    good = value >= limit if at_least else value <= limit
    return (
        f"- {'reached' if good else 'NOT REACHED'}: {text.format(f'{value:.3g}{unit}')} (limit {sign} {limit:g}{unit})"
    )


def _row(case: dict[str, Any], row: str) -> dict[str, Any] | None:
    entry = case.get(f"ours {row}")
    return entry if entry and entry["described"] else None


def _speed(case: dict[str, Any], row: str, mode: str, limit: float, name: str) -> str:
    ours, best = _row(case, row), best_peer(case, mode)
    ratio = None if ours is None or best is None else ratio_of(ours, best[1], mode)
    against = f"as fast as {best[0]}" if best else "as fast as the best peer"
    return _line(f"{name} {mode}, {row}: {{}} times {against}", ratio, limit, at_least=True)


def _values(case: dict[str, Any], name: str) -> list[str]:
    reference = _row(case, "uniform")
    if reference is None:
        return []
    said = reference["described"]
    lines = [
        _line(
            f"{name} uniform: ln L off the reference by {{}}",
            abs(said["off_reference_value"]),
            SAME_IMAGE,
            at_least=False,
        )
    ]
    for row in ("default", "adaptive", "adaptive-mixed"):
        entry = _row(case, row)
        off = entry and abs(entry["described"]["log_likelihood_at_truth"] - said["log_likelihood_converged"])
        lines.append(_line(f"{name} {row}: ln L off 16 x 16 by {{}}", off, CONVERGED, at_least=False))
    memory = reference["temporaries_mb"].get("vmap64")
    lines.append(_line(f"{name} uniform: temporaries of a batch of 64 {{}}", memory, MEMORY_MB, False, " MB"))
    return lines


def _evaluations(entry: dict[str, Any] | None) -> float | None:
    """Time of value and gradient in evaluations."""
    if entry is None:
        return None
    single = {"modes": {"value_and_grad": entry["modes"].get("single", {})}}
    return ratio_of(single, entry, "value_and_grad")


def _speeds_c1(case: dict[str, Any]) -> list[str]:
    return [
        _speed(case, "uniform", "single", 1.5, "C1"),
        _speed(case, "uniform", "vmap16", 2.0, "C1"),
        _speed(case, "uniform", "vmap64", 2.0, "C1"),
        _speed(case, "adaptive-mixed", "vmap16", 4.0, "C1"),
        _speed(case, "adaptive-mixed", "single", 3.0, "C1"),
        _speed(case, "uniform", "value_and_grad", 2.0, "C1"),
        _line(
            "C1 uniform: value_and_grad takes {} evaluations", _evaluations(_row(case, "uniform")), 2.5, at_least=False
        ),
    ]


def _compile_c1(case: dict[str, Any]) -> list[str]:
    ours, peer, lines = _row(case, "uniform"), case.get("herculens"), []
    for mode, name in (("single", "value"), ("value_and_grad", "value_and_grad")):
        both = [entry and compile_of(entry, mode) for entry in (ours, peer)]
        ratio = both[0] / both[1] if both[0] and both[1] else None
        seconds = f" ({both[0]:.2f} s against {both[1]:.2f} s)" if both[0] and both[1] else ""
        lines.append(
            _line(f"C1 trace and compile of {name} takes {{}} of herculens' time{seconds}", ratio, 1.5, at_least=False)
        )
    return lines


def _speeds_c2(case: dict[str, Any], first: dict[str, Any] | None) -> list[str]:
    ours, theirs = _row(case, "uniform"), first and _row(first, "uniform")
    lines = [_speed(case, "uniform", "single", 2.0, "C2"), _speed(case, "uniform", "value_and_grad", 4.0, "C2")]
    for mode in ("single", "vmap16", "value_and_grad"):
        both = [entry and median_of(entry, mode) for entry in (ours, theirs)]
        ratio = both[0] / both[1] if both[0] and both[1] else None
        lines.append(_line(f"C2 uniform, {mode}: takes {{}} of our C1's time", ratio, 1.3, at_least=False))
    return lines


def _c3(case: dict[str, Any]) -> list[str]:
    ours, peer = _row(case, "uniform"), case.get("autolens")
    ratio = ratio_of(ours, peer, "single") if ours and peer else None
    seconds = ours and compile_of(ours, "single")
    return [
        _line("C3 uniform, single: {} times as fast as autolens", ratio, 4.0, at_least=True),
        _line("C3 uniform: trace and compile {}", seconds, 4.0, at_least=False, unit=" s"),
    ]
