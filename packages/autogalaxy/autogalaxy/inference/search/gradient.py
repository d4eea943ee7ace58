"""What searches that follow gradients of the log likelihood have in common: settings, starts, and what they report."""

from __future__ import annotations

import copy
import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Generic, Self, TypeVar

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.abstract import AbstractSearch
from autogalaxy.inference.search.bfgs import Ascent
from autogalaxy.inference.search.check import MAX_DRAWS, no_finite_draw, none_as_asserted, raised_line
from autogalaxy.inference.search.curvature import Curvature, Kernel, derivatives_from, expected_gain_from
from autogalaxy.inference.search.density import Density
from autogalaxy.inference.search.gradient_run import Run
from autogalaxy.inference.search.kernels import key_of
from autogalaxy.inference.search.modes import TINY_PRIOR, Mode
from autogalaxy.inference.search.progress import Progress
from autogalaxy.inference.search.starts import varied_order

_RELEVANT = 50.0
"""Optima less likely by more than this in ln L have no part in a posterior: their curvature is not measured."""
_MEASURED = 12
"""Most optima whose curvature is measured."""
_FEW = 32
"""Draws that are tried further where none had a likelihood."""


KernelT = TypeVar("KernelT", bound=Kernel)


class GradientSearch(AbstractSearch, Generic[KernelT]):
    """Screens draws from the priors in one batch and follows the best of them up the gradient."""

    not_in_identifier = (*AbstractSearch.not_in_identifier, "modes")
    kernel_class: Callable[[Density], KernelT]
    """What is compiled for a density."""
    prior_weight = TINY_PRIOR
    """What the log prior in z counts for in what is climbed."""

    @checked(exc.SearchException)
    def __init__(
        self,
        n_starts: int,
        n_screen: int,
        seed: int = 1,
        agree_tolerance: float = 0.1,
        initial_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        candidate_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self.n_starts = self._count("n_starts", n_starts, 1)
        self.n_screen = self._count("n_screen", n_screen, 0)
        self.seed = self._count("seed", seed, 0)
        self._check_positive("agree_tolerance", agree_tolerance)
        self.agree_tolerance = agree_tolerance
        self.initial_vectors = initial_vectors
        self.candidate_vectors = candidate_vectors
        self.modes: list[Mode] = []
        """The distinct optima of the last search, by falling likelihood."""

    def _check_positive(self, name: str, value: Any) -> None:
        if not (isinstance(value, int | float | np.number) and value > 0.0):
            raise exc.SearchException(
                f"{type(self).__name__} got {name}={exc.shown(value)}, but wants a number above zero."
            )

    def continued_from(self, vector: np.ndarray) -> Self:
        """The search that follows one physical vector."""
        search = copy.copy(self)
        search.initial_vectors, search.candidate_vectors = vector[None], None
        search.n_starts, search.n_screen = 1, 0
        search.checkpoint = self.checkpoint.part("refined")
        return search

    # ------------------------------------------------------------------ the search

    def _search(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> tuple[Samples, dict[str, Any]]:
        kernel = self._kernel_from(model, analysis)
        run = Run.restored(self.checkpoint.load())
        run.exchanged = kernel.density.exchanged
        batch = kernel.density.batch
        batch.last_error, before = None, batch.raised
        run.raised_now = lambda: batch.raised - before
        try:
            if run.screened:
                progress.line(f"goes on with {len(run.ended)} starts followed")
            else:
                self._screen(kernel.density, run, progress)
                self._keep(run)
            self._follow(kernel, run, progress)
        except KeyboardInterrupt:
            if not (run.ended or run.waiting):
                raise
            run.interrupted = True
            progress.line("interrupted: the best so far is returned")
        self.checkpoint.save(**run.kept())
        return self._reported(kernel, run, progress)

    @abstractmethod
    def _follow(self, kernel: KernelT, run: Run, progress: Progress) -> None:
        """Move starts from ``run.waiting`` to ``run.ended``."""

    def _kernel_from(self, model: AbstractModel, analysis: Analysis) -> KernelT:
        """The compiled runs for a model and analysis, kept on the analysis: an equal model compiles once."""
        kernels: dict[Any, KernelT] = vars(analysis).setdefault("_kernels", {})
        key = (key_of(model), self.kernel_class)
        if key not in kernels:
            kernels[key] = self.kernel_class(Density(model, analysis))
        if kernels[key].density.analysis is not analysis:  # this dataset has taken over what is compiled for another
            kernels[key] = kernels[key].of(analysis)
        return kernels[key]

    def _screen(self, density: Density, run: Run, progress: Progress) -> None:
        """Fill ``run.waiting``: given vectors first, then candidates and draws by falling likelihood."""
        rng = np.random.default_rng(self.seed)
        given = self._z_from(density, self.initial_vectors)
        candidates = self._z_from(density, self.candidate_vectors)
        count = self.n_screen or int(len(given) + len(candidates) == 0)
        if density.use_jax:
            progress.line("compiling")
        start = time.perf_counter()
        tried = self._evaluated(density, run, np.concatenate([given, candidates, _draws(density, count, rng)]))
        run.first_call_seconds = time.perf_counter() - start
        progress.line(f"{len(tried)} points screened after {run.first_call_seconds:.1f} s")
        while not any(np.isfinite(a.cost) for a in tried):
            if len(tried) >= MAX_DRAWS:
                vectors = np.array([density.coordinates.vector_from(a.z) for a in tried])
                error = density.batch.last_error
                raise no_finite_draw(density.model, density.analysis, vectors, error) from error
            progress.update(f"no likelihood in {len(tried)} draws")
            tried += self._evaluated(density, run, _draws(density, max(count, _FEW), rng))
        first = [a for a in tried[: len(given)] if np.isfinite(a.cost)]
        run.refused = len(given) - len(first)
        if run.refused:
            progress.line(f"{run.refused} of {len(given)} initial vectors are not allowed by the model: not followed")
        rest = [a for a in tried[len(given) :] if np.isfinite(a.cost)]
        if rest:
            order = varied_order(np.array([a.z for a in rest]), np.array([a.cost for a in rest]), self.n_starts)
            rest = [rest[i] for i in order]
        run.waiting = (first + rest)[: max(self.n_starts, len(first))]

    def _z_from(self, density: Density, vectors: Any) -> np.ndarray:
        if vectors is None:
            return np.zeros((0, density.size))
        rows = np.asarray(vectors, dtype=float)
        if rows.ndim != 2 or rows.shape[1] != density.size or not np.all(np.isfinite(rows)):
            raise exc.SearchException(
                f"{type(self).__name__} got initial or candidate vectors of shape {rows.shape}, but wants rows of "
                f"{density.size} finite physical parameters."
            )
        return np.asarray(density.coordinates.z_from(rows), dtype=float)

    def _evaluated(self, density: Density, run: Run, rows: np.ndarray) -> list[Ascent]:
        log_likelihoods = density.batch.log_likelihoods(rows) if len(rows) else np.zeros(0)
        run.screened += len(rows)
        run.evaluations += len(rows)
        costs = -log_likelihoods + 0.5 * self.prior_weight * np.sum(rows**2, axis=1)
        return [Ascent(z, float(v), float(c)) for z, v, c in zip(rows, log_likelihoods, costs, strict=True)]

    def _keep(self, run: Run) -> None:
        if self.checkpoint.is_due():
            self.checkpoint.save(**run.kept())

    # ------------------------------------------------------------------ what it returns

    def _reported(self, kernel: KernelT, run: Run, progress: Progress) -> tuple[Samples, dict[str, Any]]:
        """One sample for each distinct optimum; the best one, first, has all of the weight."""
        self.modes = self._modes_from(kernel, run, progress)
        best, coordinates = self.modes[0].best, kernel.density.coordinates
        covariance, errors = None, {}
        try:
            if self.modes[0].hessian is not None and not run.interrupted:
                curvature = Curvature(best.z, *derivatives_from(run.evaluating(kernel), best), coordinates)
                covariance, errors = curvature.covariance, curvature.to_dict()
        except KeyboardInterrupt:
            run.interrupted = True
        samples = Samples(
            kernel.density.model,
            parameters=np.array([coordinates.vector_from(mode.best.z) for mode in self.modes]),
            log_likelihoods=np.array([mode.best.log_likelihood for mode in self.modes]),
            weights=np.arange(len(self.modes)) == 0,
            covariance=covariance,
        )
        info = {
            **self._base_info(run),
            "log_likelihood": best.log_likelihood,
            "converged": self.modes[0].peak.converged,
            **errors,
            "optima": [mode.to_dict(coordinates) for mode in self.modes],
        }
        if run.raised:
            progress.line(raised_line(run.raised, info["evaluations"], kernel.density.batch.last_error))
        progress.line(
            f"ln L = {best.log_likelihood:.4f}, {info['starts_agreeing']} of {info['starts_followed']} starts agree, "
            f"{run.gradients} gradients, {info['seconds']:.1f} s with {info['compile_seconds']:.1f} s to compile"
        )
        return samples, info

    def _modes_from(self, kernel: KernelT, run: Run, progress: Progress) -> list[Mode]:
        """Distinct optima by falling likelihood; after an interruption the best point alone, as it is."""
        modes: list[Mode] = []
        try:
            for ended in sorted(() if run.interrupted else run.ended, key=lambda a: a.cost):
                if any(mode.is_at(ended, self.agree_tolerance) for mode in modes) or not np.isfinite(ended.cost):
                    continue
                progress.update(f"optimum {len(modes) + 1}")
                relevant = ended.cost - run.best.cost <= _RELEVANT and len(modes) < _MEASURED
                mode = self._mode_from(kernel, run, ended) if relevant else Mode(ended)
                if not any(known.is_at(mode.peak, self.agree_tolerance) for known in modes):
                    modes.append(mode)
        except KeyboardInterrupt:
            run.interrupted = True
        modes = modes or [Mode(run.best)]
        counted = [replace(m, starts=max(1, sum(m.is_at(e, self.agree_tolerance) for e in run.ended))) for m in modes]
        return sorted(counted, key=lambda mode: -mode.best.log_likelihood)

    def _mode_from(self, kernel: KernelT, run: Run, ended: Ascent) -> Mode:
        """The optimum that a run ended at, with its second derivatives."""
        gradient, hessian = derivatives_from(run.evaluating(kernel), ended)
        hessian = hessian + np.eye(len(ended.z))
        gain = expected_gain_from(gradient + self.prior_weight * ended.z, hessian)
        return Mode(replace(ended, converged=ended.converged and gain < self.agree_tolerance), hessian=hessian)

    def _base_info(self, run: Run) -> dict[str, Any]:
        seconds = time.perf_counter() - run.begin
        return {
            "search": type(self).__name__,
            "seed": self.seed,
            "interrupted": run.interrupted,
            "initial_vectors_refused": run.refused,
            "likelihood_raised": run.raised,
            "starts_screened": run.screened,
            "starts_followed": len(run.ended),
            "starts_dropped": run.dropped,
            "starts_agreeing": run.agreeing_with(self.modes[0], self.agree_tolerance),
            "gradients": run.gradients,
            "evaluations": run.evaluations + run.gradients,
            "seconds": seconds,
            "compile_seconds": min(run.first_call_seconds, seconds),
        }


def _draws(density: Density, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draws from the priors, ``(count, p)``, those against an assertion of the model drawn anew, a few times."""
    drawn = np.zeros((0, density.size))
    for _ in range(MAX_DRAWS):
        if len(drawn) >= count:
            break
        batch = rng.standard_normal((count, density.size))
        vectors = density.coordinates.vector_from(batch)
        drawn = np.concatenate([drawn, batch[density.model.assertions_hold(vectors)]])
    else:
        draws = density.coordinates.vector_from(rng.standard_normal((MAX_DRAWS, density.size)))
        raise none_as_asserted(density.model, draws)
    return drawn[:count]
