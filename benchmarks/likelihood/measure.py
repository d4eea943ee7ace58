"""What is measured of every tool's likelihood, by the same code in each tool's own process and environment.

A worker builds one likelihood, then answers one request of a line on its standard input after another, each with one
line of JSON, so that ``compare.py`` can let the tools take turns while every one compiles once.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from problem import CROP, DEFAULT_FOLDER, LOG_LIKELIHOOD_AT_TRUTH, Problem, load, rows_near

PACKAGES = ("autolens", "herculens", "jaxtronomy", "lenstronomy", "jax", "jaxlib", "numpy", "scipy")
POOL = 2048


class NotAvailable(Exception):
    """This version of the tool lacks what the row wants."""


@dataclass
class Likelihood:
    """The log likelihood of one tool for one case.

    ``value`` and ``value_and_grad`` take a vector, ``batch`` rows of them; the last two are None where there is no JAX.
    ``image`` gives the noiseless image at the truth, rows descending in y, of the whole frame or of its crop.
    """

    truth: np.ndarray
    value: Callable[[Any], Any]
    image: Callable[[], np.ndarray]
    batch: Callable[[Any], Any] | None = None
    value_and_grad: Callable[[Any], Any] | None = None
    facts: Callable[[], dict[str, Any]] = dict
    """What else is stated of the tool, found when it is asked for."""

    def function_of(self, mode: str) -> tuple[Callable[[Any], Any], int]:
        """The function of a mode and the number of vectors that it takes at once, 0 for one without an axis."""
        batch = mode.startswith("vmap")
        function = self.batch if batch else getattr(self, {"single": "value"}.get(mode, mode))
        if function is None:
            raise NotAvailable(f"no {mode}: NumPy only")
        return function, int(mode.removeprefix("vmap")) if batch else 0


class Worker:
    """Answers the requests of ``compare.py``."""

    def __init__(self, likelihood: Likelihood, problem: Problem, case: str) -> None:
        self.likelihood, self.problem, self.case = likelihood, problem, case
        self.points = rows_near(likelihood.truth, POOL)
        self.used = 0

    def describe(self, path: str | None = None) -> dict[str, Any]:
        """Versions, free parameters, the value at the truth and how far the image is from lenstronomy's.

        The crop of the image, in units of the noise, is left in the file ``path``.
        """
        problem, image = self.problem.cropped, self.likelihood.image()
        image = image if image.shape == problem.data.shape else image[CROP, CROP]
        used = np.where(problem.mask, 0.0, 1.0 / problem.noise_map)
        value = float(self.likelihood.value(self._on_device(self.likelihood.truth)))
        if path is not None:
            np.save(path, used * image)
        wanted = LOG_LIKELIHOOD_AT_TRUTH.get(self.case)
        reference = problem.images.get(self.case)
        chi_squared = float(np.sum((used * (image - problem.data)) ** 2))
        return {
            "versions": {name: found for name in PACKAGES if (found := _version(name))},
            "python": sys.version.split()[0],
            "free_parameters": int(self.likelihood.truth.size),
            "log_likelihood_at_truth": value,
            "off_reference_value": None if wanted is None else value - wanted,
            "log_likelihood_of_image": problem.log_normalization - 0.5 * chi_squared,
            "largest_difference_sigma": None if reference is None else float(np.abs(used * (image - reference)).max()),
            "xla_flags": os.environ.get("XLA_FLAGS", ""),
            **self.likelihood.facts(),
        }

    def compile(self, mode: str) -> dict[str, Any]:
        """Seconds of the first call less a later one: trace and compile; and of a batch its temporary memory."""
        function, batch = self.likelihood.function_of(mode)
        first, second = (self._seconds_of(function, self._argument(batch)) for _ in range(2))
        return {"trace_and_compile_s": first - second, "call_s": second}

    def temporaries(self, mode: str) -> dict[str, Any]:
        """Temporary memory of the compiled batch [MB], as XLA's memory analysis states it."""
        import jax

        function, batch = self.likelihood.function_of(mode)
        compiled = jax.jit(function).lower(self._argument(batch)).compile()
        return {"temporaries_mb": compiled.memory_analysis().temp_size_in_bytes / 1e6}

    def memory(self) -> dict[str, Any]:
        """Peak resident memory of the process and, on a device that counts, of the device [MB]."""
        found: dict[str, Any] = {"peak_resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0}
        if self.likelihood.batch is not None:
            import jax

            device = jax.devices()[0]
            statistics = device.memory_stats() or {}
            found["device"] = f"{device.platform}: {device.device_kind}"
            if "peak_bytes_in_use" in statistics:
                found["peak_device_mb"] = statistics["peak_bytes_in_use"] / 1e6
        return found

    def time(self, mode: str, seconds: float) -> dict[str, Any]:
        """Milliseconds per evaluation for about ``seconds``, in three calls or more unless they are slow.

        Every call has other parameters.
        """
        function, batch = self.likelihood.function_of(mode)
        times: list[float] = []
        while sum(times) < (seconds if len(times) >= 3 else 4.0 * seconds):
            times.append(self._seconds_of(function, self._argument(batch)))
        milliseconds = 1e3 * np.array(times) / max(batch, 1)
        return {
            "median_ms": float(np.median(milliseconds)),
            "p10_ms": float(np.percentile(milliseconds, 10)),
            "calls": len(times),
        }

    def _argument(self, batch: int) -> Any:
        rows = np.take(self.points, range(self.used, self.used + max(batch, 1)), axis=0, mode="wrap")
        self.used = (self.used + max(batch, 1)) % POOL
        return self._on_device(rows if batch else rows[0])

    def _on_device(self, values: np.ndarray) -> Any:
        """Arguments are on the device before the clock starts: a search that runs there has them there."""
        if self.likelihood.batch is None:
            return values
        import jax

        return jax.block_until_ready(jax.numpy.asarray(values))

    def _seconds_of(self, function: Callable[[Any], Any], argument: Any) -> float:
        start = time.perf_counter()
        result = function(argument)
        if self.likelihood.batch is not None:
            import jax

            jax.block_until_ready(result)
        return time.perf_counter() - start


def serve(likelihood_from: Callable[[Problem, str, str], Likelihood]) -> None:
    """Build the likelihood of ``--case`` and ``--row`` and answer requests until the input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", required=True)
    parser.add_argument("--row", default="")
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, help="folder with data.npz")
    options = parser.parse_args()

    # what libraries print goes elsewhere
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    problem = load(options.data)
    try:
        worker = Worker(likelihood_from(problem, options.case, options.row), problem, options.case)
    except NotAvailable as error:
        answers.write(json.dumps({"not_available": str(error)}) + "\n")
        return
    answers.write(json.dumps({"ready": True}) + "\n")
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        try:
            answer = getattr(worker, name)(*arguments)
        except NotAvailable as error:
            answer = {"not_available": str(error)}
        except Exception as error:  # a request that fails is a result of that tool, the others go on
            answer = {"error": f"{type(error).__name__}: {str(error)[:300]}"}
        answers.write(json.dumps(answer) + "\n")


def compiled_likelihood_from(call: Callable[[Any], Any], truth: np.ndarray, image: Callable[[], np.ndarray]) -> Any:
    """A likelihood from a function of a vector that JAX can trace."""
    import jax

    return Likelihood(
        truth=truth,
        value=jax.jit(call),
        image=image,
        batch=jax.jit(jax.vmap(call)),
        value_and_grad=jax.jit(jax.value_and_grad(call)),
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
