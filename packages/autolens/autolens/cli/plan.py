"""What a fit will cost, measured before it is begun: times and memory of one evaluation, and how many there will be."""

from __future__ import annotations

import textwrap
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autogalaxy.inference import compilation_cache
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.cores import calls_side_by_side
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.model import Collection
from autogalaxy.inference.posterior.density import CHUNK, LogDensity
from autogalaxy.inference.search.kernels import kernel_from
from autolens.cli.installed import is_installed

JACOBIANS = 110.0
"""Jacobians of the whole model, on the sub-pixels as they are now, that the stages of a maximum are worth."""
PROGRAMS = 4.0
"""Programs that a maximum compiles, in units of the one with the Jacobian."""
DRAWS = 3_000
"""Likelihoods of importance sampling: 2,000 effective ones at an efficiency of two thirds."""
GRADIENTS = 30_000
"""Gradients of Hamiltonian chains: 4 chains of a thousand steps with trees of 7 leaves."""
OVERHEAD = 8.0
"""Seconds of a fit that do not depend on its size: start, data doctor, verdict, pictures, report."""
NESTED = {"nautilus": 200_000, "dynesty": 200_000, "smc": 300_000}
"""Likelihoods of searches of the whole prior, for about twenty parameters."""
WITHIN = 2.0
"""Factor within which the expected duration is that of a fit with nothing compiled before: for best fits of J0946 with
Gaussians and with Sersics 1.3 and 1.0 times the time they took, for one of a Euclid lens 0.64 times."""
_SHARE_OF_MEMORY = 0.5
_REPEATS = 3
_LONGEST = 5.0
"""Seconds after which a call is not repeated."""


@dataclass(frozen=True)
class Timing:
    """One kind of evaluation."""

    compile_seconds: float
    seconds: float
    memory: int | None = None
    """Bytes that it needs beside the data."""

    def to_dict(self) -> dict[str, Any]:
        return {"compile_seconds": self.compile_seconds, "seconds": self.seconds, "memory_bytes": self.memory}


@dataclass(frozen=True)
class Batch:
    """Likelihoods that are computed by one compiled call, and side by side."""

    size: int
    side_by_side: int
    seconds_each: float
    """Of one likelihood, of many that are computed as a posterior does it."""
    memory: int | None
    """Bytes of all calls that run side by side."""
    compile_seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        return {
            "size": self.size,
            "side_by_side": self.side_by_side,
            "seconds_each": self.seconds_each,
            "memory_bytes": self.memory,
            "compile_seconds": self.compile_seconds,
        }


@dataclass(frozen=True)
class Expected:
    """How long a part of a fit will take, and what that follows from."""

    seconds: float
    basis: str

    def to_dict(self) -> dict[str, Any]:
        return {"seconds": self.seconds, "basis": self.basis}


@dataclass(frozen=True)
class Plan:
    """Everything that was measured, and what follows."""

    model: Collection
    facts: dict[str, Any]
    value: Timing
    gradient: Timing | None
    jacobian: Timing
    batch: Batch
    expected: dict[str, Expected] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """Seconds of everything that is sure to come."""
        return sum(part.seconds for name, part in self.expected.items() if not name.startswith("if "))

    def to_dict(self) -> dict[str, Any]:
        return {
            **self.facts,
            "parameters": self.model.prior_count,
            "names": list(self.model.paths),
            "value": self.value.to_dict(),
            "value_and_gradient": None if self.gradient is None else self.gradient.to_dict(),
            "jacobian": self.jacobian.to_dict(),
            "batch": self.batch.to_dict(),
            "expected": {name: part.to_dict() for name, part in self.expected.items()},
            "total_seconds": self.total,
            "within_a_factor": WITHIN,
            "exit_code": 0,
        }


def plan_from(
    model: Collection, analysis: Analysis, search: str, facts: dict[str, Any], say: Callable[[str], None]
) -> Plan:
    """Measure a model and analysis; ``say`` is told what is done."""
    if analysis.use_jax:
        compilation_cache.switch_on()
    density = LogDensity(model, analysis)
    vector = np.array(model.physical_values_from_prior_medians)
    say("one likelihood")
    value = _timed(density.fitness, "_jit", vector)
    gradient = None
    if analysis.use_jax:
        say("its gradient")
        gradient = _timed(density.fitness, "_value_and_grad", vector)
    say("the Jacobian of its residuals")
    jacobian = _jacobian_timed(model, analysis, vector, value)
    say("a batch of likelihoods")
    batch = _batch_timed(density, vector, value)
    return Plan(model, facts, value, gradient, jacobian, batch, expected_from(search, value, gradient, jacobian, batch))


# ------------------------------------------------------------------ what is measured


def _timed(fitness: Fitness, name: str, vector: np.ndarray) -> Timing:
    """A compiled function of the fitness, or its value in NumPy."""
    if not fitness.analysis.use_jax:
        return Timing(0.0, _least_seconds(lambda: fitness(vector)), _peak_memory(lambda: fitness(vector)))
    import jax

    begin = time.perf_counter()
    jax.block_until_ready(getattr(fitness, name)(vector))  # compiles
    first = time.perf_counter() - begin
    seconds = _least_seconds(lambda: jax.block_until_ready(getattr(fitness, name)(vector)))
    compiled = fitness._compiled[name].lower(fitness.arrays(), fitness._as_array(vector))
    return Timing(max(first - seconds, 0.0), seconds, _memory_of(compiled))


def _jacobian_timed(model: Collection, analysis: Analysis, vector: np.ndarray, value: Timing) -> Timing:
    """One Jacobian with what comes with it: the run of a search that makes one, less its likelihoods."""
    kernel = kernel_from(model, analysis)
    scaled = kernel.problem.scaled_from(vector)

    def run() -> Any:
        return kernel.run(scaled, 1, 1e-2)

    begin = time.perf_counter()
    optimum = run()
    first = time.perf_counter() - begin
    seconds = _least_seconds(run) if analysis.use_jax else first
    each = max(seconds - max(optimum.evaluations - 1, 0) * value.seconds, 0.2 * seconds) / max(optimum.jacobians, 1)
    return Timing(max(first - seconds, 0.0), each)


def _batch_timed(density: LogDensity, vector: np.ndarray, value: Timing) -> Batch:
    """Likelihoods side by side, as a posterior asks for them, with a batch that memory has room for."""
    analysis = density.fitness.analysis
    if not analysis.use_jax:
        return Batch(1, 1, value.seconds, value.memory)
    import jax

    at_once = calls_side_by_side()
    is_serial = jax.default_backend() == "cpu"  # rows then go one by one, and take the memory of one
    room = _free_memory()
    size = CHUNK
    if not is_serial and value.memory and room:
        while size > 1 and size * value.memory > _SHARE_OF_MEMORY * room:
            size //= 2
    rows = np.tile(vector, (size, 1))
    begin = time.perf_counter()
    density.values_of(rows)  # compiles
    first = time.perf_counter() - begin
    many = np.tile(vector, (size * at_once, 1))
    seconds = first if first > _LONGEST * _REPEATS else _least_seconds(lambda: density.values_of(many), repeats=1)
    fitness = density.fitness
    memory = _memory_of(fitness._compiled["_vmap"].lower(fitness.arrays(), fitness._as_array(rows)))
    each = seconds / len(many)
    return Batch(size, at_once, each, None if memory is None else at_once * memory, max(first - each * size, 0.0))


def _least_seconds(call: Callable[[], Any], repeats: int = _REPEATS) -> float:
    """The shortest of a few calls: others that compute on the same machine only lengthen them."""
    least, total = np.inf, 0.0
    for _ in range(repeats):
        begin = time.perf_counter()
        call()
        seconds = time.perf_counter() - begin
        least, total = min(least, seconds), total + seconds
        if total > _LONGEST:
            break
    return float(least)


def _memory_of(lowered: Any) -> int | None:
    """Bytes of what a compiled program needs for itself, where JAX says it."""
    try:
        analysed = lowered.compile().memory_analysis()
        return int(analysed.temp_size_in_bytes + analysed.output_size_in_bytes + analysed.argument_size_in_bytes)
    except (AttributeError, TypeError, NotImplementedError, RuntimeError):  # not on every backend
        return None


def _peak_memory(call: Callable[[], Any]) -> int:
    """Bytes that NumPy takes at most during a call."""
    is_running = tracemalloc.is_tracing()
    if not is_running:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        call()
        return max(tracemalloc.get_traced_memory()[1] - before, 0)
    finally:
        if not is_running:
            tracemalloc.stop()


def _free_memory() -> int | None:
    """Bytes that are free on the device, where it says so."""
    import jax

    try:
        stats = jax.devices()[0].memory_stats() or {}
        return int(stats["bytes_limit"] - stats["bytes_in_use"])
    except (KeyError, AttributeError, RuntimeError):
        return None


# ------------------------------------------------------------------ what follows


def expected_from(
    search: str, value: Timing, gradient: Timing | None, jacobian: Timing, batch: Batch
) -> dict[str, Expected]:
    """How long each part of a search will take; parts that may not be needed begin with ``if``."""
    if (count := NESTED.get(search)) is not None:
        seconds = count * batch.seconds_each + batch.compile_seconds + OVERHEAD
        return {"posterior": Expected(seconds, f"about {count:,} likelihoods, which depends on the posterior")}
    work = JACOBIANS * jacobian.seconds
    compiling = value.compile_seconds + PROGRAMS * jacobian.compile_seconds
    basis = f"{_seconds(work)} for the work of {JACOBIANS:.0f} Jacobians in all stages{_compiling(compiling)}"
    parts = {"maximum": Expected(work + compiling + OVERHEAD, basis)}
    if search in ("auto", "importance"):
        work, compiling = DRAWS * batch.seconds_each, batch.compile_seconds
        compiling += 0.0 if gradient is None else gradient.compile_seconds  # for the mode of the posterior
        basis = f"{DRAWS:,} likelihoods of importance sampling{_compiling(compiling)}"
        parts["posterior"] = Expected(work + compiling, basis)
    if gradient is not None and is_installed("blackjax") and search in ("auto", "nuts"):
        seconds = GRADIENTS * gradient.seconds / batch.side_by_side + 2.0 * gradient.compile_seconds
        name = "posterior" if search == "nuts" else "if importance sampling fails"
        basis = f"about {GRADIENTS:,} gradients of Hamiltonian chains, or ten times as many"
        parts[name] = Expected(seconds, basis)
    return parts


# ------------------------------------------------------------------ what is said


def lines_from(plan: Plan) -> list[str]:
    """The plan for people."""
    facts, batch = plan.facts, plan.batch
    lines = [
        f"{facts['name']}: {facts['pixels']} pixels of {facts['pixel_scale']:g} arcsec, "
        f"{facts['sub_pixels']:,} sub-pixels, {facts['engine']}, {facts['threads']} threads",
        f"{plan.model.prior_count} free parameters:",
        *_names_of(facts["short_names"]),
        f"one likelihood       {_line_of(plan.value)}",
    ]
    if plan.gradient is not None:
        lines.append(f"  with its gradient  {_line_of(plan.gradient)}")
    lines.append(f"one Jacobian         {_line_of(plan.jacobian)} (derivatives of all residuals: a step of the search)")
    memory = "" if batch.memory is None else f", {_bytes(batch.memory)} in all"
    lines += [
        f"batch                {batch.size} likelihoods a call, {batch.side_by_side} calls side by side{memory}; "
        f"{_seconds(batch.seconds_each)} each",
        f"expected, within a factor of {WITHIN:g} for lenses like those it was measured on:",
        *(f"  {name + ':':<31} {_seconds(part.seconds):>9}  ({part.basis})" for name, part in plan.expected.items()),
        f"  {'in all:':<31} {_seconds(plan.total):>9}",
    ]
    if plan.gradient is not None:
        lines.append("  (times to compile are of now: programs of runs before are read, a first fit compiles them all)")
    return lines


def _compiling(seconds: float) -> str:
    return f", {_seconds(seconds)} to compile" if seconds > 0.0 else ""


def _names_of(names: Sequence[str]) -> list[str]:
    """Parameters by what they belong to, in lines that are not too long."""
    owners: dict[str, list[str]] = {}
    for name in names:
        owner, _, last = name.rpartition(".")
        owners.setdefault(owner, []).append(last)
    width = max(map(len, owners), default=0)
    lines: list[str] = []
    for owner, own in owners.items():
        head = f"  {owner:<{width}}  "
        lines += textwrap.wrap(", ".join(own), 100, initial_indent=head, subsequent_indent=" " * len(head))
    return lines


def _line_of(timing: Timing) -> str:
    text = f"{_seconds(timing.seconds)}"
    if timing.memory is not None:
        text += f", {_bytes(timing.memory)}"
    return text + (f"; {_seconds(timing.compile_seconds)} to compile" if timing.compile_seconds > 0.0 else "")


def _seconds(seconds: float) -> str:
    for limit, unit, factor in ((1e-3, "us", 1e6), (1.0, "ms", 1e3), (120.0, "s", 1.0), (7200.0, "min", 1.0 / 60.0)):
        if seconds < limit:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds / 3600.0:.3g} h"


def _bytes(number: int) -> str:
    return f"{number / 2**20:.3g} MB" if number < 2**30 else f"{number / 2**30:.3g} GB"
