"""NUTS against posteriors known by quadrature: draws, evidence, interruption, and going on after a kill."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
from known_posteriors import Banana, Killed, LeaningGaussian, MemoryCheckpoint, agrees
from parity import check

import autogalaxy as ag
from autoarray import exc
from autogalaxy.inference.posterior import nuts
from autogalaxy.inference.posterior.density import LogDensity
from autogalaxy.inference.posterior.diagnostics import effective_samples_from, r_hat_from
from autogalaxy.inference.search.progress import Progress

SETTINGS: dict[str, Any] = {"show_progress": False, "check_over_sampling": False}


def known_posteriors() -> None:
    leaning, banana = LeaningGaussian(), Banana()
    search = ag.NUTS(n_draw=750, check_convergence=False, **SETTINGS)
    agrees(search.fit(leaning.model(), leaning), leaning.known(), "Gaussian that leans on a limit")
    bent = ag.NUTS(n_draw=1500, check_convergence=False, target_accept=0.9, **SETTINGS)
    agrees(bent.fit(banana.model(), banana), banana.known(), "banana")


def stops_when_chains_agree() -> None:
    analysis = LeaningGaussian()
    result = ag.NUTS(n_draw=4000, **SETTINGS).fit(analysis.model(), analysis)
    info = result.search_info
    check(info["converged"] and info["draws"] < 8000, f"converged chains go on: {info}")
    check(info["r_hat"] < 1.01 and info["effective_samples"] >= 400, f"ended too early: {info}")
    check(np.ptp(result.samples.weights[1:]) == 0.0, "draws have different weights")


def diagnostics_are_those_of_blackjax() -> None:
    from blackjax.diagnostics import ess_bulk, rhat

    rng = np.random.default_rng(4)
    draws = rng.normal(size=(4, 300, 3))
    for i in range(1, 300):
        draws[:, i] += 0.6 * draws[:, i - 1]
    check(np.allclose(r_hat_from(draws), rhat(draws), rtol=1e-9), "r-hat is not that of blackjax")
    check(np.allclose(effective_samples_from(draws), ess_bulk(draws), rtol=0.03), "effective size of blackjax")


def run_of(analysis: Any, checkpoint: MemoryCheckpoint | None = None, **settings: Any) -> nuts.NutsRun:
    density = LogDensity(analysis.model(), analysis)
    centre = density.coordinates.z_from(np.array([1.0, -1.0, 2.0, 0.0, 0.5]))
    starts = centre + 0.05 * np.random.default_rng(3).normal(size=(2, 5))
    return nuts.run_nuts(
        density.fitness, density.coordinates, starts, centre, 0.3 * np.eye(5), n_warm=75, n_draw=150, until=None,
        checkpoint=checkpoint, **settings,
    )  # fmt: skip


def goes_on_after_a_kill() -> None:
    """The same draws as without, to the last digit, and no block twice."""
    analysis, blocks = LeaningGaussian(), [0]
    whole = run_of(analysis)
    advance = nuts._Chains.advance

    def counted(self: Any, warm: int) -> None:
        blocks[0] += 1
        advance(self, warm)

    nuts._Chains.advance = counted  # type: ignore[method-assign]
    for lives in (1, 5):
        checkpoint, blocks[0] = MemoryCheckpoint(lives=lives), 0
        try:
            run_of(analysis, checkpoint)
        except Killed:
            check(blocks[0] == lives, f"killed after {blocks[0]} blocks, not {lives}")
        resumed = run_of(analysis, checkpoint)
        check(blocks[0] == 9, f"{blocks[0]} blocks in all, wanted 3 to warm up and 6 to draw")
        check(resumed.draws.shape == (2, 150, 5) and np.array_equal(resumed.draws, whole.draws), "other draws")
        check(resumed.gradients == whole.gradients, "counts of a killed run are lost")
        finished = run_of(analysis, checkpoint)
        check(blocks[0] == 9 and np.array_equal(finished.draws, whole.draws), "a finished run draws again")
    nuts._Chains.advance = advance  # type: ignore[method-assign]


class Interrupting(Progress):
    """The user presses a key when the third block of draws begins."""

    def update(self, text: str, **facts: Any) -> None:
        if text.startswith("draw 50 "):
            raise KeyboardInterrupt


def an_interruption_keeps_draws() -> None:
    analysis = LeaningGaussian()
    run = run_of(analysis, progress=Interrupting("", show=False))
    check(run.interrupted and not run.converged and run.draws.shape == (2, 50, 5), "draws are lost")
    samples, info = ag.NUTS(n_draw=200, **SETTINGS)._search(analysis.model(), analysis, Interrupting("", show=False))
    check(info["interrupted"] and len(samples) == 4 * 50 + 1, "samples of an interrupted search")


class Clock(Progress):
    """In the place of the module ``time``; a limit of one passes while the third block of draws is made."""

    now = 0.0
    perf_counter = staticmethod(time.perf_counter)

    def monotonic(self) -> float:
        return self.now

    def update(self, text: str, **facts: Any) -> None:
        self.now = 2.0 if text.startswith("draw 50 ") else 0.0


def a_time_limit_keeps_draws_and_the_same_fit_goes_on() -> None:
    analysis = LeaningGaussian()
    checkpoint = MemoryCheckpoint()
    nuts.time = clock = Clock("", show=False)  # type: ignore[assignment]
    late = run_of(analysis, checkpoint, progress=clock, end=1.0)
    nuts.time = time
    check(late.interrupted and late.draws.shape == (2, 75, 5), f"draws before the end: {late.draws.shape}")
    check(np.array_equal(run_of(analysis, checkpoint).draws, run_of(analysis).draws), "other draws after they ended")
    checkpoint = MemoryCheckpoint()
    ended = run_of(analysis, checkpoint, end=time.monotonic())
    check(ended.interrupted and ended.draws.shape == (2, 0, 5), f"draws after the end: {ended.draws.shape}")
    check(np.array_equal(run_of(analysis, checkpoint).draws, run_of(analysis).draws), "other draws after a time limit")
    with tempfile.TemporaryDirectory() as folder:
        settings = {**SETTINGS, "samplers": ("nuts",), "output_path": folder}
        ended = ag.Auto(time_limit=1e-3, **settings).fit(analysis.model(), analysis)
        check(not ended.is_finished and ended.search_info["time_limit_reached"] == 1e-3, "time limit is not said")
        result = ag.Auto(**settings).fit(analysis.model(), analysis)
    check(result.search_info["sampling"]["method"] == "nuts" and result.is_finished, f"{result.search_info}")
    agrees(result, analysis.known(), "default search, without its time limit")


def other_data_compile_nothing() -> None:
    first = LeaningGaussian()
    run_of(first)
    traces = LeaningGaussian.traces
    second = first.for_dataset(np.array([0.0, 0.5, 1.0, 0.0, 3.0]))
    density = LogDensity(first.model(), first)
    moved = nuts.run_nuts(density.fitness.of(second), density.coordinates, np.zeros((2, 5)), np.zeros(5),
                          0.3 * np.eye(5), n_draw=400, until=None)  # fmt: skip
    check(LeaningGaussian.traces == traces, "the likelihood was traced again for other data")
    mean = density.coordinates.vector_from(moved.flat_draws).mean(axis=0)
    check(np.max(np.abs(mean - second.known().means)) < 0.15, f"mean {mean} of the other data")


def numpy_is_refused() -> None:
    for search in (ag.NUTS(**SETTINGS), ag.SMC(**SETTINGS)):
        try:
            search.fit(LeaningGaussian.model(), LeaningGaussian(use_jax=False))
        except exc.BackendException as error:
            check("use_jax=True" in str(error), f"what to write is not said: {error}")
        else:
            check(False, f"{type(search).__name__} took an analysis without gradients")


if __name__ == "__main__":
    known_posteriors()
    diagnostics_are_those_of_blackjax()
    stops_when_chains_agree()
    goes_on_after_a_kill()
    an_interruption_keeps_draws()
    a_time_limit_keeps_draws_and_the_same_fit_goes_on()
    other_data_compile_nothing()
    numpy_is_refused()
    print("nuts: passed")
