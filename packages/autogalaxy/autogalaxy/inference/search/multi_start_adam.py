"""Maximum likelihood by Adam from many starts: first-order steps, as machine learning takes them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.search.adam import Adam, AdamState, ascent_from
from autogalaxy.inference.search.curvature import expected_gain_from
from autogalaxy.inference.search.gradient import GradientSearch
from autogalaxy.inference.search.gradient_run import Run
from autogalaxy.inference.search.modes import Mode
from autogalaxy.inference.search.progress import Progress

_BLOCK = 25
"""Steps between two words of progress."""
_RATE = 0.1
"""First step in units of the priors' sigma. Of 0.01, 0.03, 0.1, 0.3 it leaves the most starts at the maximum."""


class MultiStartAdam(GradientSearch[Adam]):
    """Adam on the log likelihood from many starts side by side, in coordinates z in which each prior is N(0, 1).

    First-order steps creep along curved ridges and end in wrong basins without a word: ``converged`` is true only
    where the gradient has vanished, ``starts_agreeing`` counts the starts that did so at the best optimum, and a result
    in which few agree is no maximum. ``LevenbergMarquardt`` and ``QuasiNewton`` reach it in a tenth of the gradients.

    Parameters
    ----------
    n_starts
        Starts that are followed, the best of those that are screened.
    n_steps
        Steps of each start.
    learning_rate
        First step in units of the priors' sigma; it falls to zero as half a cosine.
    seed
        Seed of the draws.
    n_screen
        Draws from the priors that are screened.
    agree_tolerance
        Difference of ln L within which starts agree.
    initial_vectors, candidate_vectors
        Physical parameter vectors, ``(n, p)``, that are followed before any draw, and screened beside the draws.
    settings
        What every search has: ``name``, ``output_path``, ``show_progress``, ``check_over_sampling`` and so on.
    """

    kernel_class = Adam

    @checked(exc.SearchException)
    def __init__(
        self,
        n_starts: int = 48,
        n_steps: int = 300,
        learning_rate: float | None = None,
        seed: int = 1,
        n_screen: int = 256,
        agree_tolerance: float = 0.1,
        initial_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        candidate_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(n_starts, n_screen, seed, agree_tolerance, initial_vectors, candidate_vectors, **settings)
        self.learning_rate = _RATE if learning_rate is None else learning_rate
        self._check_positive("learning_rate", self.learning_rate)
        self.n_steps = self._count("n_steps", n_steps, 1)

    def _follow(self, kernel: Adam, run: Run, progress: Progress) -> None:
        """All starts, a block of steps at a time."""
        states = self._states_from(kernel, run)
        ended = run.ended
        first = time.perf_counter()
        while states and (done := int(states[0].count)) < self.n_steps:
            if not done:
                progress.line("compiling the gradient")
                kernel.evaluate(run.waiting[:1])
                run.first_call_seconds += time.perf_counter() - first
            progress.update(
                f"step {done} of {self.n_steps}",
                evaluations=run.evaluations + run.gradients,
                log_likelihood=run.best.log_likelihood,
                fraction=done / self.n_steps,
            )
            block = min(_BLOCK, self.n_steps - done)
            states = kernel.advanced(states, self.prior_weight, self.learning_rate, self.n_steps, block)
            run.gradients += block * len(states)
            run.ended = ended + [ascent_from(state) for state in states]
            if self.checkpoint.is_due():
                self.checkpoint.save(**run.kept(), **_kept_from(states))
        run.waiting = []

    def _states_from(self, kernel: Adam, run: Run) -> list[AdamState]:
        kept = self.checkpoint.load() or {}
        columns = [kept.get(f"adam_{name}") for name in AdamState._fields]
        if any(column is None for column in columns):
            return [kernel.beginning(start.z) for start in run.waiting]
        run.ended = []
        return [AdamState(*row) for row in zip(*columns, strict=True)]  # type: ignore[arg-type]

    def _modes_from(self, kernel: Adam, run: Run, progress: Progress) -> list[Mode]:
        """Distinct optima, the best one as it is; what is on the way is none.

        That a start has converged is judged by what a Newton step would still gain.
        """
        run.ended = [replace(ascent, converged=True) for ascent in run.ended]
        modes = super()._modes_from(kernel, run, progress)
        hessian = modes[0].hessian
        gains = [np.inf if hessian is None else expected_gain_from(a.gradient, hessian) for a in run.ended]
        run.ended = [
            replace(a, converged=gain < self.agree_tolerance) for a, gain in zip(run.ended, gains, strict=True)
        ]
        return modes[:1] + [mode for mode in modes[1:] if mode.hessian is not None and mode.peak.converged]

    def _base_info(self, run: Run) -> dict[str, Any]:
        norm = float(np.linalg.norm(self.modes[0].peak.gradient))
        return {**super()._base_info(run), "learning_rate": self.learning_rate, "gradient_norm": norm}


def _kept_from(states: list[AdamState]) -> dict[str, np.ndarray]:
    columns = zip(*states, strict=True)
    return {f"adam_{name}": np.stack(column) for name, column in zip(AdamState._fields, columns, strict=True)}
