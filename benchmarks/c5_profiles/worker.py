"""The points, the lenses and the loop that every tool shares: a process that answers requests on its standard input.

A tool keeps its process, its grid and its compiled functions for the whole comparison, so that rounds can alternate
between tools call by call.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

SIDE = 1000
HALF_WIDTH = 3.0
SAMPLE = slice(0, None, 997)
"""Points at which the tools' deflections are compared."""
CENTRE = (0.02, -0.03)
E1, E2 = 0.2, 0.1
EINSTEIN_RADIUS, SLOPE = 1.2, 2.1
"""Einstein radius on the intermediate axis, ``sqrt(q) m``."""
SCALE_RADIUS, KAPPA_S = 1.5, 0.2
"""Scale radius on the intermediate axis."""
PACKAGES = ("autolens", "jaxtronomy", "lenstronomy", "jax", "numpy")


def axis_ratio() -> float:
    """q of (E1, E2)."""
    modulus = np.hypot(E1, E2)
    return float((1.0 - modulus) / (1.0 + modulus))


def grid() -> tuple[np.ndarray, np.ndarray]:
    """y and x of a million points, each ``(n,)``; none of them on the centre."""
    side = np.linspace(-HALF_WIDTH, HALF_WIDTH, SIDE) + 1e-4
    y, x = np.meshgrid(side[::-1], side, indexing="ij")
    return y.ravel(), x.ravel()


def serve(calls: dict[str, Callable[[], Any]], facts: dict[str, Callable[[], Any]]) -> None:
    """Answer each line ``NAME REPEATS`` with milliseconds, and each line with a name of ``facts`` with its value.

    ``calls`` return when the result is there; names that end in ``/values`` are facts about the sample of points.
    """
    found = {name: number for name in PACKAGES if (number := _version(name))}
    print(json.dumps({"python": sys.version.split()[0], **found}), flush=True)
    for line in sys.stdin:
        name, _, repeats = line.strip().partition(" ")
        if name in facts:
            answer = facts[name]()
        elif name in calls:
            answer = _timed(calls[name], int(repeats))
        else:
            answer = None
        print(json.dumps(answer), flush=True)


def _timed(call: Callable[[], Any], repeats: int) -> dict[str, Any]:
    times, busy = [], []
    for _ in range(repeats):
        start, start_cpu = time.perf_counter(), time.process_time()
        call()
        times.append(1e3 * (time.perf_counter() - start))
        busy.append(1e3 * (time.process_time() - start_cpu))
    return {"ms": times, "cpu_ms": busy, "load": os.getloadavg()[0]}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
