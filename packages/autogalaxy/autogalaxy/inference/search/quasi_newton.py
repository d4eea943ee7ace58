"""Maximum likelihood by BFGS from many starts, for likelihoods that are no sum of squared residuals."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.search.bfgs import Ascent, Bfgs
from autogalaxy.inference.search.curvature import derivatives_from
from autogalaxy.inference.search.gradient import GradientSearch
from autogalaxy.inference.search.gradient_run import Run
from autogalaxy.inference.search.modes import TINY_PRIOR, Mode
from autogalaxy.inference.search.progress import Progress, agreement, following

_PROBATION = 15
"""Steps after which a start that is far behind is given up."""
_GROUP = 4
"""Starts that go side by side, and are compared before the first of them is given up; under NumPy it is one."""
_POLISHED = 1e-6
"""Difference of ln L to which optima are followed."""


class QuasiNewton(GradientSearch[Bfgs]):
    """Multi-start BFGS on the gradient of the log likelihood, in coordinates z in which each prior is N(0, 1).

    For any ``log_likelihood_function``, such as an evidence; where there are residuals, ``LevenbergMarquardt`` takes a
    tenth of the time. Draws from the priors are screened in one batch and the best are followed, best first, until
    ``agree`` of them end within ``agree_tolerance`` of the best.

    What is climbed is likelihood times prior in z, which has a maximum also where the likelihood leans on a limit. The
    second derivatives there are exact, and a Newton step from them confirms ``converged``. From each optimum the
    maximum of the likelihood alone is then reached, which ``Samples`` report, as ``LevenbergMarquardt`` does;
    ``info["optima"]`` has both, and :attr:`modes` the second derivatives.

    With a NumPy analysis gradients are central differences, twice as many likelihoods as there are parameters.

    Parameters
    ----------
    n_starts
        Most starts that are followed.
    n_screen
        Draws that are screened.
    seed
        Seed of the draws.
    max_steps
        Most steps of one start.
    agree, agree_tolerance
        Starts that must agree, and within what difference of ln L, before the search stops.
    initial_vectors
        Physical parameter vectors, ``(n, p)``, that are followed before any draw.
    candidate_vectors
        Physical parameter vectors, ``(n, p)``, that are screened beside the draws.
    settings
        What every search has: ``name``, ``output_path``, ``show_progress``, ``check_over_sampling`` and so on.
    """

    kernel_class = Bfgs
    prior_weight = 1.0

    @checked(exc.SearchException)
    def __init__(
        self,
        n_starts: int = 24,
        n_screen: int = 256,
        seed: int = 1,
        max_steps: int = 500,
        agree: int = 3,
        agree_tolerance: float = 0.1,
        initial_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        candidate_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(n_starts, n_screen, seed, agree_tolerance, initial_vectors, candidate_vectors, **settings)
        self.max_steps = self._count("max_steps", max_steps, 1)
        self.agree = self._count("agree", agree, 1)

    def continued_from(self, vector: np.ndarray) -> Self:
        search = super().continued_from(vector)
        search.agree = 1
        return search

    # ------------------------------------------------------------------ the search

    def _follow(self, kernel: Bfgs, run: Run, progress: Progress) -> None:
        """Follow the screened starts, a few at a time, until enough agree."""
        first = time.perf_counter()
        if run.waiting and kernel.density.use_jax:
            progress.line("compiling the gradient")
            run.count(kernel.run(run.waiting[0], 1.0, 0, 0.0))
            run.first_call_seconds += time.perf_counter() - first
        while run.waiting and run.agreeing(self.agree_tolerance) < self.agree:
            progress.update(
                following(len(run.ended), len(run.ended) + len(run.waiting)),
                evaluations=run.evaluations + run.gradients,
                log_likelihood=run.best.log_likelihood,
                agreement=agreement(run.agreeing(self.agree_tolerance), self.agree, len(run.ended)),
            )
            size = _GROUP if kernel.density.use_jax else 1
            self._follow_group(kernel, run, run.waiting[:size])
            run.waiting = run.waiting[size:]
            self._keep(run)

    def _follow_group(self, kernel: Bfgs, run: Run, group: list[Ascent]) -> None:
        """A few steps for each of the group, then the rest for those that are not far behind the best."""
        tolerance = 1e-3 * self.agree_tolerance
        probation = min(_PROBATION, self.max_steps)
        reached = [run.count(a) for a in kernel.run_all(group, 1.0, probation, tolerance)]
        first = len(run.ended)
        run.ended += reached
        unfinished = [i for i, a in enumerate(reached) if not a.converged and probation < self.max_steps]
        kept = [i for i in unfinished if _is_promising(reached[i], group[i], run.best)]
        run.dropped += len(unfinished) - len(kept)
        if run.agreeing(self.agree_tolerance) >= self.agree:
            return
        further = kernel.run_all([reached[i] for i in kept], 1.0, self.max_steps - probation, tolerance)
        for i, ascent in zip(kept, further, strict=True):
            run.ended[first + i] = replace(run.count(ascent), steps=ascent.steps + reached[i].steps)

    def _mode_from(self, kernel: Bfgs, run: Run, ended: Ascent) -> Mode:
        """The optimum that a run ended at, confirmed by its second derivatives."""
        peak = ended
        for _ in range(3):
            _, hessian = derivatives_from(run.evaluating(kernel), peak)
            hessian = hessian + np.eye(len(peak.z))
            start = replace(peak, inverse=_inverse_from(hessian))
            further = run.count(kernel.run(start, 1.0, self.max_steps if ended.converged else 5, _POLISHED))
            moved = peak.cost - further.cost
            if further.cost <= peak.cost:
                peak = replace(further, steps=further.steps + peak.steps)
            if moved <= 0.1 * self.agree_tolerance:
                break
        start = replace(peak, inverse=_inverse_from(hessian - (1.0 - TINY_PRIOR) * np.eye(len(peak.z))))
        summit = run.count(kernel.run(start, TINY_PRIOR, self.max_steps, _POLISHED))
        higher = summit.log_likelihood >= peak.log_likelihood
        return Mode(peak, hessian=hessian, summit=summit if higher else peak)


def _is_promising(reached: Ascent, start: Ascent, best: Ascent) -> bool:
    """Whether a start closes up to the best one: less than half of its distance is left, or little."""
    behind = reached.cost - best.cost
    return behind <= max(0.5 * (start.cost - best.cost), 10.0 * len(reached.z)) and np.isfinite(behind)


def _inverse_from(hessian: np.ndarray) -> np.ndarray:
    """Inverse with the eigenvalues' magnitudes, so that it leads downhill, and none longer than a prior is wide."""
    values, vectors = np.linalg.eigh(hessian)
    return (vectors / np.maximum(np.abs(values), 0.1)) @ vectors.T
