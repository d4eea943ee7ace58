"""What both tools measure of their ``Fitness``, by the same code; run in a fresh process per tool and round."""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from problem import DEFAULT_FOLDER, LOG_LIKELIHOOD_AT_TRUTH, Problem, load, values_from, vector_from, vectors_near

MODES = ("single", "value_and_grad", "vmap16")
PACKAGES = ("autolens", "autofit", "jax", "jaxlib", "numpy", "scipy")


def main(
    tool: str,
    fitness_from: Callable[[Problem], tuple[Any, list[str]]],
    sampled_ring_from: Callable[[Problem], float] | None = None,
) -> None:
    """Build the tool's fitness, check its value at the truth, time it and print one line of JSON."""
    parser = argparse.ArgumentParser(description=f"C1 likelihood of {tool}")
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, help="folder with data.npz")
    parser.add_argument("--modes", nargs="+", choices=MODES, default=["single", "value_and_grad"])
    parser.add_argument("--repeats", type=int, default=60)
    options = parser.parse_args()

    problem = load(options.data)
    load_before = os.getloadavg()[0]
    fitness, paths = fitness_from(problem)
    values = values_from(problem.truth)
    points = vectors_near(paths, values, max(options.repeats, 80))
    results = {mode: _timed(mode, fitness, points, options.repeats) for mode in options.modes}
    log_likelihood = float(fitness._jit(vector_from(paths, values)))
    print(
        json.dumps(
            {
                "tool": tool,
                "free_parameters": len(paths),
                "log_likelihood_at_truth": log_likelihood,
                "difference": log_likelihood - LOG_LIKELIHOOD_AT_TRUTH,
                "log_likelihoods_near_truth": [float(fitness._jit(point)) for point in points[:5]],
                "with_sampled_ring": None if sampled_ring_from is None else float(sampled_ring_from(problem)),
                "modes": results,
                "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
                "load_average": load_before,
                "versions": {name: found for name in PACKAGES if (found := _version(name))},
            }
        )
    )


def _timed(mode: str, fitness: Any, points: np.ndarray, repeats: int) -> dict[str, float]:
    """Seconds of the first call less one later call (trace and compile), and milliseconds per evaluation after it."""
    import jax

    batch = 16 if mode == "vmap16" else 1
    repeats = max(5, repeats // batch)
    # the arguments are on the device before the clock starts: a search that runs there has them there
    vectors = [jax.numpy.asarray(rows) for rows in points[: repeats * batch].reshape(repeats, batch, -1)]
    if mode == "single":
        function = fitness._jit
    elif mode == "value_and_grad":
        function = jax.jit(jax.value_and_grad(fitness.call))
    else:
        function = fitness._vmap
    arguments = [rows if batch > 1 else rows[0] for rows in vectors]

    start = time.perf_counter()
    jax.block_until_ready(function(arguments[0]))
    first = time.perf_counter() - start
    for argument in arguments[:3]:
        jax.block_until_ready(function(argument))
    times = []
    for argument in arguments:
        start = time.perf_counter()
        jax.block_until_ready(function(argument))
        times.append(time.perf_counter() - start)
    milliseconds = 1e3 * np.array(times) / batch
    return {
        "median_ms": float(np.median(milliseconds)),
        "p10_ms": float(np.percentile(milliseconds, 10)),
        "trace_and_compile_s": first - float(np.median(times)),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
