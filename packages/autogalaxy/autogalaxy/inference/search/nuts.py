"""Posterior draws by Hamiltonian Monte Carlo without a length to tune, from the optimum of a short search."""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.posterior.chain_evidence import chain_evidence
from autogalaxy.inference.posterior.density import LogDensity
from autogalaxy.inference.posterior.kept import KeptDensity
from autogalaxy.inference.posterior.laplace import Mode
from autogalaxy.inference.posterior.nuts import NutsRun, is_converged, run_nuts
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.abstract import AbstractSearch
from autogalaxy.inference.search.levenberg_marquardt import LevenbergMarquardt
from autogalaxy.inference.search.progress import Progress
from autogalaxy.inference.search.quasi_newton import QuasiNewton

_COMPARABLE = 3.0
"""Modes further below the best than this, in log evidence, start no chain."""
_UNKNOWN_WIDTH = 0.1
"""Width of a start around which no Gaussian is known, in sigma of the priors."""

_KEPT = (
    "starts_followed",
    "starts_agreeing",
    "starts_dropped",
    "starts_screened",
    "optima",
    "flat_directions",
    "parameters_at_limits",
)
"""What the search for the optimum says that holds for the posterior around it."""


class NUTS(AbstractSearch):
    """The No-U-Turn sampler (blackjax), in coordinates in which every prior is a standard normal distribution.

    A short search for the optimum (:class:`LevenbergMarquardt` where the analysis has residuals, else
    :class:`QuasiNewton`) gives the chains their starts and the covariance that whitens their steps. They draw until
    they agree (r-hat below 1.01) and are worth 400 independent draws, or ``n_draw`` times each. The evidence comes from
    bridge sampling.

    Needs gradients, so an analysis with ``use_jax=True``.

    Parameters
    ----------
    n_chains
        Chains, side by side.
    n_warm
        Transitions of each chain in which the step size is found; none of them is a sample.
    n_draw
        Most draws of each chain.
    seed
        Seed of everything that is drawn.
    target_accept
        Acceptance that the step size aims at; higher is slower and safer in narrow corners.
    max_tree_depth
        Most doublings of a trajectory.
    check_convergence
        Whether to end before ``n_draw`` once the chains agree.
    n_bridge
        Likelihoods that the evidence may take; without any it is not computed.
    n_starts
        Most starts of the search for the optimum.
    initial_vectors
        Physical parameter vectors, ``(n, p)``, at which that search begins.

    References
    ----------
    Hoffman & Gelman (2014), JMLR 15, 1593; Cabezas et al. (2024), arXiv:2402.10797.
    """

    @checked(exc.SearchException)
    def __init__(
        self,
        n_chains: int = 4,
        n_warm: int = 150,
        n_draw: int = 2000,
        seed: int = 1,
        target_accept: float = 0.8,
        max_tree_depth: int = 7,
        check_convergence: bool = True,
        n_bridge: int = 2000,
        n_starts: int = 24,
        initial_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        name: str | None = None,
        output_path: str | Path | None = None,
        show_progress: bool = True,
        check_over_sampling: bool = True,
        **settings: Any,
    ) -> None:
        super().__init__(name, output_path, show_progress, check_over_sampling, **settings)
        least = {"n_chains": 2, "n_warm": 0, "n_draw": 1, "seed": 0, "max_tree_depth": 1, "n_bridge": 0, "n_starts": 1}
        values = (n_chains, n_warm, n_draw, seed, max_tree_depth, n_bridge, n_starts)
        for (key, smallest), value in zip(least.items(), values, strict=True):
            setattr(self, key, self._count(key, value, smallest))
        if not (isinstance(target_accept, int | float | np.number) and 0.0 < target_accept < 1.0):
            raise exc.SearchException(
                f"NUTS got target_accept={exc.shown(target_accept)}, but wants it between 0 and 1: 0.8."
            )
        self.target_accept = float(target_accept)
        self.check_convergence = bool(check_convergence)
        self.initial_vectors = initial_vectors

    n_chains: int
    n_warm: int
    n_draw: int
    seed: int
    max_tree_depth: int
    n_bridge: int
    n_starts: int

    # ------------------------------------------------------------------ the search

    def continued_from(self, vector: np.ndarray) -> Self:
        """The search whose chains start around one physical vector."""
        search = copy.copy(self)
        search.initial_vectors, search.n_starts = np.asarray(vector)[None], 1
        return search

    def _searched(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> tuple[Samples, Analysis]:
        """The optimum, checked and refined like that of any search, then the chains around it."""
        needs_gradients(self, analysis)
        begin = time.perf_counter()
        search = self._search_for_optimum(analysis)
        best, analysis = search._searched(model, analysis, progress)
        samples, self.info = self._around(best, search.info, model, analysis, progress, begin)
        return samples, analysis

    def _search(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> tuple[Samples, dict[str, Any]]:
        needs_gradients(self, analysis)
        begin = time.perf_counter()
        best, info = self._search_for_optimum(analysis)._search(model, analysis, progress)
        return self._around(best, info, model, analysis, progress, begin)

    def _search_for_optimum(self, analysis: Analysis) -> LevenbergMarquardt | QuasiNewton:
        kind = LevenbergMarquardt if analysis.offers("residual_vector_from") else QuasiNewton
        alone = self.initial_vectors is not None and self.n_starts == 1
        search = kind(
            n_starts=self.n_starts,
            n_screen=0 if alone else 256,
            seed=self.seed,
            agree=1 if alone else 3,
            initial_vectors=self.initial_vectors,
            show_progress=False,
            check_over_sampling=self.check_over_sampling,
        )
        search.checkpoint = self.checkpoint.part("optimum")
        return search

    def _around(
        self, best: Samples, found: dict[str, Any], model: AbstractModel, analysis: Analysis, progress: Progress,
        begin: float,
    ) -> tuple[Samples, dict[str, Any]]:  # fmt: skip
        """Chains around the optima ``best`` of a search that went as ``found`` says."""
        density = KeptDensity(model, analysis, self.checkpoint.part("posterior"), progress)
        run: NutsRun | None = None
        evidence = None
        try:
            if not found.get("interrupted"):
                run = self._chains(density, best, progress)
            if run is not None and run.draws.shape[1] and self.n_bridge and not run.interrupted:
                progress.update("evidence")
                rng = np.random.default_rng([self.seed, 2])
                evidence = chain_evidence(density, run.draws, run.log_densities, self.n_bridge, rng)
        except KeyboardInterrupt:
            if run is not None:
                run.interrupted = True
        info = self._info_from(run, evidence, found, best, density)
        info["seconds"] = time.perf_counter() - begin
        if run is None or run.draws.shape[1] == 0:
            progress.line("interrupted: the optimum is returned, without samples of the posterior")
            return best, info
        progress.line(_summary(info))
        return samples_with(best, density, run.flat_draws, run.log_likelihoods.reshape(-1)), info

    def _chains(self, density: KeptDensity, best: Samples, progress: Progress) -> NutsRun:
        modes = density.modes_from(list(best.parameters))
        if not modes:
            z = density.coordinates.z_from(best.max_log_likelihood_vector)
            log_density, log_likelihood = (float(values[0]) for values in density(z[None]))
            modes = [Mode(z, _UNKNOWN_WIDTH**2 * np.eye(len(z)), log_density, log_likelihood)]
        starts = starts_around(density, modes, self.n_chains, np.random.default_rng([self.seed, 1]))
        density.save()
        return run_nuts(
            density.fitness,
            density.coordinates,
            starts,
            modes[0].z,
            np.linalg.cholesky(modes[0].covariance),
            n_warm=self.n_warm,
            n_draw=self.n_draw,
            seed=self.seed,
            target_accept=self.target_accept,
            max_tree_depth=self.max_tree_depth,
            until=is_converged if self.check_convergence else None,
            progress=progress,
            checkpoint=self.checkpoint.part("chains"),
        )

    def _info_from(
        self, run: NutsRun | None, evidence: tuple[float, float] | None, found: dict[str, Any], best: Samples,
        density: LogDensity,
    ) -> dict[str, Any]:  # fmt: skip
        checks = {key: value for key, value in found.items() if isinstance(value, dict) and "summary" in value}
        found = {**found, "optima": [_without_curvature(optimum) for optimum in found.get("optima") or ()]}
        gradients = 0 if run is None else run.gradients
        counted = {} if run is None else {
            "r_hat": run.r_hat,
            "divergences": run.divergences,
            "effective_samples": run.effective_samples,
            "draws": len(run.flat_draws),
            "acceptance": run.acceptance,
            "step_size": float(np.median(run.step_sizes)),
        }  # fmt: skip
        return {
            "search": type(self).__name__,
            "seed": self.seed,
            "n_chains": self.n_chains,
            "log_likelihood": best.max_log_likelihood,
            "log_evidence": None if evidence is None else evidence[0],
            "log_evidence_error": None if evidence is None else evidence[1],
            "log_evidence_error_from": "bridge sampling" if evidence is not None else "",
            "effective_samples": 0.0,
            **counted,
            **{key: found[key] for key in _KEPT if key in found},
            "optimum_converged": bool(found.get("converged", False)),
            "converged": run is not None and run.converged and not run.interrupted,
            "interrupted": bool(run is None or run.interrupted or found.get("interrupted", False)),
            "gradients": gradients,
            "evaluations": int(found.get("evaluations", 0)) + gradients + density.evaluations,
            "compile_seconds": found.get("compile_seconds", 0.0) + (0.0 if run is None else run.compile_seconds),
            **checks,
        }


def starts_around(density: LogDensity, modes: list[Mode], chains: int, rng: np.random.Generator) -> np.ndarray:
    """Allowed points around the modes that matter, as wide as their Gaussians where these hold, ``(chains, p)``."""
    near = [mode for mode in modes if mode.log_evidence > modes[0].log_evidence - _COMPARABLE]
    starts = []
    for k in range(chains):
        mode = near[k % len(near)]
        factor, z = np.linalg.cholesky(mode.covariance), mode.z
        for spread in 0.7 ** np.arange(20):
            drawn = mode.z + spread * rng.standard_normal((8, len(z))) @ factor.T
            good = density(drawn)[0] > mode.log_density - 5.0 * len(z)
            if np.any(good):
                z = drawn[np.argmax(good)]
                break
        starts.append(z)
    return np.array(starts)


def samples_with(best: Samples, density: LogDensity, z: np.ndarray, log_likelihoods: np.ndarray) -> Samples:
    """Draws of equal weight, and in front of them the most likely vector, which has none."""
    return Samples(
        best.model,
        np.concatenate([best.max_log_likelihood_vector[None], density.coordinates.vector_from(z)]),
        np.concatenate([[best.max_log_likelihood], log_likelihoods]),
        weights=np.concatenate([[0.0], np.ones(len(z))]),
    )


def _without_curvature(optimum: dict[str, Any]) -> dict[str, Any]:
    """An optimum as it is reported; its second derivatives are not kept in results."""
    return {key: value for key, value in optimum.items() if key != "mode_hessian"}


def needs_gradients(search: AbstractSearch, analysis: Analysis) -> None:
    """Our error where the analysis has no gradient."""
    if not analysis.use_jax:
        raise exc.BackendException(
            f"{type(search).__name__} needs gradients, but the analysis computes with NumPy. "
            f"Build it for JAX: {type(analysis).__name__}(..., use_jax=True), or use Nautilus."
        )


def _summary(info: dict[str, Any]) -> str:
    evidence = "no evidence"
    if info["log_evidence"] is not None:
        evidence = f"ln Z = {info['log_evidence']:.3f} +- {info['log_evidence_error']:.3f}"
    return (
        f"ln L = {info['log_likelihood']:.4f}, {evidence}, {info['effective_samples']:.0f} effective samples, r-hat "
        f"{info['r_hat']:.4f}, {info['divergences']} divergences, {info['gradients']} gradients, "
        f"{info['seconds']:.1f} s with {info['compile_seconds']:.1f} s to compile"
    )
