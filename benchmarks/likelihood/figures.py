"""Figures of the contenders of one case, from the rounds that ``compare.py`` stored."""

from __future__ import annotations

import statistics
from typing import Any


def median_of(entry: dict[str, Any], mode: str) -> float | None:
    """Median over the rounds of the median time [ms]."""
    rounds = [done["median_ms"] for done in entry["modes"].get(mode, {}).get("rounds", []) if done]
    return statistics.median(rounds) if rounds else None


def least_of(entry: dict[str, Any], mode: str) -> float | None:
    """Least 10th percentile of the rounds [ms]."""
    rounds = [done["p10_ms"] for done in entry["modes"].get(mode, {}).get("rounds", []) if done]
    return min(rounds) if rounds else None


def compile_of(entry: dict[str, Any], mode: str) -> float | None:
    """Median of the times of trace and compile in fresh processes [s]."""
    found = entry["modes"].get(mode, {}).get("trace_and_compile_s")
    return statistics.median(found) if found else None


def ratio_of(ours: dict[str, Any], peer: dict[str, Any], mode: str) -> float | None:
    """Median over the rounds of the ratio of the two medians: above 1 ours is faster."""
    rounds = [entry["modes"].get(mode, {}).get("rounds", []) for entry in (ours, peer)]
    found = [b["median_ms"] / a["median_ms"] for a, b in zip(*rounds, strict=False) if a and b]
    return statistics.median(found) if found else None


def peers_of(case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The peers of a case that made a likelihood."""
    return {name: entry for name, entry in case.items() if entry["tool"] != "ours" and entry["described"]}


def best_peer(case: dict[str, Any], mode: str) -> tuple[str, dict[str, Any]] | None:
    """The fastest peer in a mode whose image is the reference's within a hundredth of the noise."""
    timed = []
    for name, entry in peers_of(case).items():
        off, milliseconds = entry["described"]["largest_difference_sigma"], median_of(entry, mode)
        if milliseconds is not None and (off is None or off < 0.01):
            timed.append((milliseconds, name))
    return (min(timed)[1], case[min(timed)[1]]) if timed else None
