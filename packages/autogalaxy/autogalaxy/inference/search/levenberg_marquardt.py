"""Maximum likelihood by Levenberg-Marquardt from many starts, with errors from the Fisher matrix."""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.abstract import AbstractSearch
from autogalaxy.inference.search.check import MAX_DRAWS, no_finite_draw, none_as_asserted, raised_line
from autogalaxy.inference.search.fisher import Fisher
from autogalaxy.inference.search.kernel_jax import JaxKernel
from autogalaxy.inference.search.kernel_numpy import NumpyKernel
from autogalaxy.inference.search.kernels import kernel_from
from autogalaxy.inference.search.least_squares import LeastSquares, Optimum, Start
from autogalaxy.inference.search.least_squares_run import Run, is_same
from autogalaxy.inference.search.progress import Progress, agreed, agreement, counted, following
from autogalaxy.inference.search.starts import varied_order

_PROBATION = 15
"""Jacobians after which a start that is far behind is given up."""
_GROUP = 4
"""Starts that are compared before the first of them is given up."""
_AHEAD = min(os.cpu_count() or 1, 8)
"""Starts that are followed between two saves where they are slow; a kernel follows no more side by side."""
_BATCH = 32
"""Draws that are screened between two words of progress."""
_POLISHED = 1e-7
"""Difference of ln L to which the best start is followed."""
_FAR_BEHIND = 2.0
"""Cost, in units of the best one, of a start that is given up."""


class LevenbergMarquardt(AbstractSearch):
    """Multi-start Levenberg-Marquardt on the normalized residuals.

    Draws from the priors are screened by their cost after the linear parameters (intensities) are solved for; the best
    are followed, best first, until ``agree`` of them end within ``agree_tolerance`` in ln L of the best. Regularized
    linear light, whose coefficient has to be fixed, and penalties count among the squares that are minimized; the
    log likelihoods that are reported are those of the data alone, as that of a fit.

    Parameters
    ----------
    n_starts
        Most starts that are followed.
    n_screen
        Draws that are screened.
    seed
        Seed of the draws.
    robust_scale
        With a number s, residuals beyond s sigma count linearly (pseudo-Huber loss), not quadratically.
    max_jacobians
        Most Jacobians of one start.
    agree, agree_tolerance
        Starts that must agree, and within what difference of ln L, before the search stops.
    initial_vectors
        Physical parameter vectors, ``(n, p)``, that are followed before any draw; how many the model does not allow is
        in ``info["initial_vectors_refused"]``.
    candidate_vectors
        Physical parameter vectors, ``(n, p)``, that are screened beside the draws.
    settings
        What every search has: ``path_prefix``, ``unique_tag``, ``checkpoint_interval``.
    """

    @checked(exc.SearchException)
    def __init__(
        self,
        n_starts: int = 24,
        n_screen: int = 256,
        seed: int = 1,
        robust_scale: float | None = None,
        max_jacobians: int = 100,
        agree: int = 3,
        agree_tolerance: float = 0.1,
        initial_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        candidate_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        name: str | None = None,
        output_path: str | Path | None = None,
        show_progress: bool = True,
        check_over_sampling: bool = True,
        **settings: Any,
    ) -> None:
        super().__init__(name, output_path, show_progress, check_over_sampling and robust_scale is None, **settings)
        if not (isinstance(agree_tolerance, int | float | np.number) and agree_tolerance > 0.0):
            raise exc.SearchException(
                f"LevenbergMarquardt got agree_tolerance={exc.shown(agree_tolerance)}, but wants a number above zero."
            )
        self.n_starts = self._count("n_starts", n_starts, 1)
        self.n_screen = self._count("n_screen", n_screen, 0)
        self.seed = self._count("seed", seed, 0)
        self.robust_scale = robust_scale
        self.max_jacobians = self._count("max_jacobians", max_jacobians, 1)
        self.agree = self._count("agree", agree, 1)
        self.agree_tolerance = agree_tolerance
        self.initial_vectors = initial_vectors
        self.candidate_vectors = candidate_vectors

    # ------------------------------------------------------------------ the search

    def continued_from(self, vector: np.ndarray) -> LevenbergMarquardt:
        """The search that follows one physical vector."""
        search = copy.copy(self)
        search.initial_vectors, search.candidate_vectors = vector[None], None
        search.n_starts, search.n_screen, search.agree = 1, 0, 1
        search.checkpoint = self.checkpoint.part("refined")
        return search

    def _search(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> tuple[Samples, dict[str, Any]]:
        begin = time.perf_counter()
        kernel = kernel_from(model, analysis, self.robust_scale)
        run, was_open = Run.restored(self.checkpoint.load()), True
        run.exchanged = kernel.problem.exchanged
        kernel.last_error, before = None, kernel.raised
        run.raised_now = lambda: kernel.raised - before
        try:
            if not run.is_screened:
                self._screen(kernel, run, progress)
                self._keep(run)
            was_open = not run.is_finished
            if was_open:
                self._follow(kernel, run, progress)
                run.is_finished = True
        except KeyboardInterrupt:
            if not any(np.isfinite(o.cost) for o in run.screened + run.followed):
                raise
            run.interrupted = True
            progress.line("interrupted: the best so far is returned")
        if was_open:
            self.checkpoint.save(**run.kept())
        optima = _distinct(run.followed or [run.best], self.agree_tolerance)
        fisher = Fisher(optima[0], kernel.problem)
        seconds = time.perf_counter() - begin
        info = self._info_from(kernel.problem, run, optima, fisher, seconds)
        if run.raised:
            progress.line(raised_line(run.raised, run.evaluations, kernel.last_error))
        progress.line(
            f"ln L = {info['log_likelihood']:.4f}, {agreed(info['starts_agreeing'], info['starts_followed'])}, "
            f"{counted(run.jacobians, 'Jacobian')}, {seconds:.1f} s with {info['compile_seconds']:.1f} s to compile"
        )
        return self._samples_from(model, kernel.problem, optima, fisher), info

    def _keep(self, run: Run) -> None:
        if self.checkpoint.is_due():
            self.checkpoint.save(**run.kept())

    def _screen(self, kernel: JaxKernel | NumpyKernel, run: Run, progress: Progress) -> None:
        """Fill ``run.screened``, given vectors first and then draws by rising cost."""
        problem = kernel.problem
        rng = np.random.default_rng(self.seed)
        given = [] if self.initial_vectors is None else [problem.scaled_from(v) for v in self.initial_vectors]
        candidates = [] if self.candidate_vectors is None else list(self.candidate_vectors)
        draws = _draws(problem.model, self.n_screen or int(not (given or candidates)), rng)
        drawn = [problem.scaled_from(v) for v in candidates + draws]
        tried = given + drawn
        if problem.analysis.use_jax:
            progress.line("compiling")
        if not run.screened:
            start = time.perf_counter()
            run.screen(kernel, tried[:1])
            run.first_call_seconds = time.perf_counter() - start
            progress.line(f"first evaluation after {run.first_call_seconds:.1f} s")
        while (known := len(run.screened)) < len(tried):
            progress.update(f"start values tried: {known} of {len(tried)}", fraction=known / len(tried))
            run.screen(kernel, tried[known : known + _BATCH])
            self._keep(run)
        while not any(np.isfinite(o.cost) for o in run.screened):
            if len(tried) >= MAX_DRAWS:
                vectors = np.array([problem.vector_from(scaled) for scaled in tried])
                raise no_finite_draw(problem.model, problem.analysis, vectors, kernel.last_error) from kernel.last_error
            more = [problem.scaled_from(v) for v in _draws(problem.model, min(_BATCH, MAX_DRAWS - len(tried)), rng)]
            tried += more
            if len(run.screened) < len(tried):  # they may be known from a run that was killed
                run.screen(kernel, more)
        finite = [o for o in run.screened[: len(given)] if np.isfinite(o.cost)]
        run.refused = len(given) - len(finite)
        if run.refused:
            progress.line(f"{run.refused} of {len(given)} initial vectors are not allowed by the model: not followed")
        rest = sorted((o for o in run.screened[len(given) :] if np.isfinite(o.cost)), key=lambda o: o.cost)
        if rest and not candidates:  # candidates lie where they are meant to
            order = varied_order(np.array([o.scaled for o in rest]), np.array([o.cost for o in rest]), self.n_starts)
            rest = [rest[i] for i in order]
        run.screened, run.given, run.is_screened = finite + rest, len(finite), True

    def _follow(self, kernel: JaxKernel | NumpyKernel, run: Run, progress: Progress) -> None:
        """Follow the screened starts, a few at a time, until enough agree; then polish the best."""
        waiting = run.screened[: max(self.n_starts, run.given)][len(run.ended) :]
        while waiting and (run.reached or run.agreeing(self.agree_tolerance) < self.agree):
            size = max(_GROUP, run.given - len(run.ended))
            group, waiting = waiting[:size], waiting[size:]
            progress.update(
                following(len(run.ended), len(run.ended) + len(group) + len(waiting)),
                evaluations=run.evaluations,
                log_likelihood=self._log_likelihood(kernel.problem, run.best),
                agreement=agreement(run.agreeing(self.agree_tolerance), self.agree, len(run.ended)),
            )
            self._follow_group(kernel, run, group)
        best = run.best
        polished = run.count(kernel.run(best.scaled, self.max_jacobians, _POLISHED, min(best.damping, 1e-3)))
        if polished.cost <= best.cost:
            run.ended[run.ended.index(best)] = polished

    def _follow_group(self, kernel: JaxKernel | NumpyKernel, run: Run, group: list[Optimum]) -> None:
        """A few Jacobians for each of the group, then the rest for those that are not far behind the best."""
        tolerance = 0.1 * self.agree_tolerance
        probation = min(_PROBATION, self.max_jacobians)
        self._run_each(kernel, run, run.reached, [Start(o.scaled) for o in group], probation, tolerance)
        reached = run.reached
        unfinished = [i for i, o in enumerate(reached) if not o.converged and probation < self.max_jacobians]
        best = min(run.ended + reached, key=lambda o: o.cost)
        kept = [i for i in unfinished if reached[i].cost <= _FAR_BEHIND * best.cost]
        if run.further or run.agreeing(self.agree_tolerance) < self.agree:
            starts = [Start(reached[i].scaled, reached[i].damping) for i in kept]
            self._run_each(kernel, run, run.further, starts, self.max_jacobians - probation, tolerance)
        ends = dict(zip(kept, run.further, strict=False))
        run.dropped += len(unfinished) - len(kept)
        run.ended += [ends.get(i, optimum) for i, optimum in enumerate(reached)]
        run.reached, run.further = [], []
        self._keep(run)

    def _run_each(
        self, kernel: JaxKernel | NumpyKernel, run: Run, done: list[Optimum], starts: list[Start], jacobians: int,
        tolerance: float,
    ) -> None:  # fmt: skip
        """Follow those ``starts`` that are not ``done``, and save in between where that takes long."""
        while ahead := starts[len(done) :]:
            ahead = ahead[:_AHEAD] if run.is_slow else ahead
            done += [run.count(optimum) for optimum in kernel.run_all(ahead, jacobians, tolerance)]
            if len(done) < len(starts):
                self._keep(run)

    # ------------------------------------------------------------------ what it returns

    @staticmethod
    def _log_likelihood(problem: LeastSquares, optimum: Optimum) -> float:
        return -optimum.half_chi_squared + float(problem.analysis.log_likelihood_offset)

    def _samples_from(
        self, model: AbstractModel, problem: LeastSquares, optima: list[Optimum], fisher: Fisher
    ) -> Samples:
        """One sample for each distinct optimum; the best one, first, has all of the weight.

        Their likelihoods are those of the data. Optima that the data alone prefer to the best one are left out.
        """
        log_likelihoods = np.array([self._log_likelihood(problem, o) for o in optima])
        # a robust loss and penalties rank otherwise
        keep = [i for i, value in enumerate(log_likelihoods) if value <= log_likelihoods[0]]
        return Samples(
            model,
            parameters=np.array([problem.vector_from(optima[i].scaled) for i in keep]),
            log_likelihoods=log_likelihoods[keep],
            weights=np.arange(len(keep)) == 0,
            covariance=fisher.covariance,
        )

    def _info_from(
        self, problem: LeastSquares, run: Run, optima: list[Optimum], fisher: Fisher, seconds: float
    ) -> dict[str, Any]:
        later = run.first_call_seconds and min(run.first_call_seconds, seconds)
        return {
            "search": type(self).__name__,
            "seed": self.seed,
            "robust_scale": self.robust_scale,
            "log_likelihood": self._log_likelihood(problem, optima[0]),
            "chi_squared": 2.0 * optima[0].half_chi_squared,
            "converged": optima[0].converged,
            "interrupted": run.interrupted,
            "initial_vectors_refused": run.refused,
            "likelihood_raised": run.raised,
            "starts_screened": len(run.screened),
            "starts_followed": len(run.ended) + len(run.reached),
            "starts_dropped": run.dropped,
            "starts_agreeing": run.agreeing(self.agree_tolerance),
            "jacobians": run.jacobians,
            "evaluations": run.evaluations,
            "seconds": seconds,
            "compile_seconds": later,
            "fisher_condition_number": fisher.condition_number,
            "flat_directions": fisher.flat_directions,
            "parameters_at_limits": [problem.model.paths[i] for i in fisher.at_limits],
            "optima": [
                {
                    "log_likelihood": self._log_likelihood(problem, optimum),
                    "cost": optimum.cost,
                    "starts": _starts_at(optimum, run.followed, self.agree_tolerance),
                    "converged": optimum.converged,
                    "parameters": problem.vector_from(optimum.scaled).tolist(),
                }
                for optimum in optima
            ],
        }


def _draws(model: AbstractModel, count: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Draws from the priors; those against an assertion of the model are drawn anew."""
    drawn: list[np.ndarray] = []
    for _ in range(1000):
        batch = model.vector_from_unit_vector(rng.random((max(count, 1), model.prior_count)))
        drawn += list(batch[model.assertions_hold(batch)])
        if len(drawn) >= count:
            return drawn[:count]
    raise none_as_asserted(model, model.vector_from_unit_vector(rng.random((MAX_DRAWS, model.prior_count))))


def _distinct(ended: list[Optimum], tolerance: float) -> list[Optimum]:
    """Different optima by rising cost."""
    distinct: list[Optimum] = []
    for optimum in sorted(ended, key=lambda o: o.cost):
        if np.isfinite(optimum.cost) and not any(is_same(optimum, known, tolerance) for known in distinct):
            distinct.append(optimum)
    return distinct


def _starts_at(optimum: Optimum, ended: list[Optimum], tolerance: float) -> int:
    return sum(is_same(optimum, other, tolerance) for other in ended)
