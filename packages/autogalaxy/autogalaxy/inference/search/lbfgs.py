"""Maximum likelihood by scipy's L-BFGS-B from a few starts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from autogalaxy.inference.posterior.coordinates import FARTHEST
from autogalaxy.inference.search.bfgs import Ascent, Bfgs
from autogalaxy.inference.search.gradient import GradientSearch
from autogalaxy.inference.search.gradient_run import Run
from autogalaxy.inference.search.modes import TINY_PRIOR
from autogalaxy.inference.search.progress import Progress

_MEMORY = 20
"""Steps that the second derivatives are made of."""
_MAX_RESTARTS = 5
"""A line search that fails is begun anew from where it is, without the memory that misled it."""
_WORSE = 1e3
"""What a point that is not allowed costs more than the worst one known."""


class LBFGS(GradientSearch[Bfgs]):
    """L-BFGS-B of scipy on the log likelihood, with its exact gradient under JAX and central differences under NumPy.

    A classic to compare with: every step goes through Python, and all starts are followed to the end.
    ``QuasiNewton`` compiles the whole loop, gives up starts that are far behind, and confirms its optima. Coordinates
    are those in which each prior is a standard normal distribution, so that no step leaves the limits.

    Parameters
    ----------
    n_starts
        Starts that are followed, the best of those that are screened. One of them alone may end in a wrong optimum
        without a sign of it.
    n_screen
        Draws from the priors that are screened.
    seed
        Seed of the draws.
    max_steps
        Most steps of one start.
    agree_tolerance
        Difference of ln L within which starts agree.
    initial_vectors, candidate_vectors
        Physical parameter vectors, ``(n, p)``, that are followed before any draw, and screened beside the draws.
    settings
        What every search has: ``name``, ``output_path``, ``show_progress``, ``check_over_sampling`` and so on.

    References
    ----------
    Byrd, Lu, Nocedal & Zhu (1995), SIAM Journal on Scientific Computing 16, 1190.
    """

    kernel_class = Bfgs

    def __init__(
        self,
        n_starts: int = 4,
        n_screen: int = 64,
        seed: int = 1,
        max_steps: int = 1000,
        agree_tolerance: float = 0.1,
        initial_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        candidate_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(n_starts, n_screen, seed, agree_tolerance, initial_vectors, candidate_vectors, **settings)
        self.max_steps = self._count("max_steps", max_steps, 1)

    def _follow(self, kernel: Bfgs, run: Run, progress: Progress) -> None:
        """All of the starts, one after the other."""
        start = time.perf_counter()
        if run.waiting and kernel.density.use_jax:
            progress.line("compiling the gradient")
            run.count(kernel.run(run.waiting[0], TINY_PRIOR, 0, 0.0))
            run.first_call_seconds += time.perf_counter() - start
        while run.waiting:
            follower = _Follower(kernel, run, progress, len(run.ended))
            try:
                run.ended.append(follower.followed(run.waiting[0], self.max_steps, 1e-3 * self.agree_tolerance))
            except KeyboardInterrupt:
                run.ended.append(follower.best)
                raise
            run.waiting = run.waiting[1:]
            self._keep(run)


class _Follower:
    """One start on its way; knows the best point, also where it is interrupted."""

    def __init__(self, kernel: Bfgs, run: Run, progress: Progress, number: int) -> None:
        self.kernel = kernel
        self.run = run
        self.progress = progress
        self.number = number
        self.best = Ascent(np.zeros(0))
        self._worst = -np.inf

    def followed(self, start: Ascent, max_steps: int, tolerance: float) -> Ascent:
        from scipy.optimize import minimize

        self.best, steps, converged = start, 0, False
        for _ in range(_MAX_RESTARTS):
            before = self.best.cost
            found = minimize(
                self._cost,
                self.best.z,
                jac=True,
                method="L-BFGS-B",
                bounds=[(-FARTHEST, FARTHEST)] * len(start.z),
                options={
                    "maxcor": _MEMORY,
                    "maxiter": max_steps - steps,
                    "maxfun": 20 * max_steps,
                    "ftol": 1e-3 * tolerance / max(abs(before), 1.0),
                    "gtol": 1e-6,
                },
            )
            steps += int(found.nit)
            # a line search fails at the minimum too, where differences are rounding: so only what it gains is judged
            converged = bool(before - self.best.cost < tolerance) and bool(np.isfinite(before))
            if converged or steps >= max_steps:
                break
        return Ascent(
            self.best.z, self.best.log_likelihood, self.best.cost, self.best.gradient, None, steps, 0, converged
        )

    def _cost(self, z: np.ndarray) -> tuple[float, np.ndarray]:
        """Cost and gradient; a point that is not allowed is a plateau above all others, which shortens the step."""
        here = self.run.count(self.kernel.run(Ascent(z), TINY_PRIOR, 0, 0.0))
        if not np.isfinite(here.cost):
            return self._worst + _WORSE if np.isfinite(self._worst) else _WORSE, np.zeros(len(z))
        self._worst = max(self._worst, here.cost)
        if not self.best.cost < here.cost:
            self.best = here
        self.progress.update(
            f"start {self.number + 1}",
            evaluations=self.run.evaluations + self.run.gradients,
            log_likelihood=max([self.best.log_likelihood, *(a.log_likelihood for a in self.run.ended)]),
        )
        return here.cost, here.gradient
