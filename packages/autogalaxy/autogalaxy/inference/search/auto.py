"""The default search: the best fit, a posterior with its evidence, and a verdict, without settings."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.posterior.chain import SAMPLERS, Chain, Posterior
from autogalaxy.inference.posterior.coordinates import GaussianCoordinates
from autogalaxy.inference.posterior.laplace import Mode, covariance_from
from autogalaxy.inference.result import Result
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.abstract import AbstractSearch
from autogalaxy.inference.search.least_squares import has_free_regularization
from autogalaxy.inference.search.levenberg_marquardt import LevenbergMarquardt
from autogalaxy.inference.search.progress import Progress


class Auto(AbstractSearch):
    """Finds the maximum from many starts, samples the posterior by the cheapest way that is shown to work, and judges.

    The maximum comes from Levenberg-Marquardt runs, of a lens in stages (its light, then mass and source, then all),
    or from a quasi-Newton method where the likelihood is not that of residuals. Every distinct optimum that matters is
    part of the proposal of an importance sampling. Where its weights are not well behaved NUTS takes over, and Nautilus
    where that does not converge; which one was used, and why, is in ``info["sampling"]``.

    Parameters
    ----------
    n_effective
        Effective samples wanted of importance sampling.
    seed
        Seed of all draws.
    samplers
        Which samplers may be used, in this order; none for the maximum alone, with errors from the Fisher matrix.
    time_limit
        Seconds after which chains and nested sampling end, counted from the maximum; ``None`` for as long as they take.
        What there is by then is the result, the verdict says so, and the same fit goes on where it was. Importance
        sampling, which comes first, has no limit but its number of draws.
    """

    not_in_identifier = (*AbstractSearch.not_in_identifier, "time_limit")

    @checked(exc.SearchException)
    def __init__(
        self,
        n_effective: int = 2000,
        seed: int = 1,
        samplers: Sequence[str] = SAMPLERS,
        name: str | None = None,
        output_path: str | Path | None = None,
        show_progress: bool = True,
        check_over_sampling: bool = True,
        time_limit: float | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(name, output_path, show_progress, check_over_sampling, **settings)
        if not isinstance(n_effective, int | np.integer) or not 100 <= n_effective <= 100_000:
            raise exc.SearchException(
                f"Auto got n_effective={exc.shown(n_effective)}, but wants a whole number from 100 to 100,000."
            )
        if unknown := [n for n in _several(samplers) if not isinstance(n, str) or n not in SAMPLERS]:
            raise exc.SearchException(
                f"Auto got the sampler {exc.shown(unknown[0])}, but wants some of {', '.join(SAMPLERS)}."
            )
        if time_limit is not None and not 0.0 < time_limit < float("inf"):
            raise exc.SearchException(
                f"Auto got time_limit={exc.shown(time_limit)}, but wants seconds above 0, or None for no limit."
            )
        self.time_limit = time_limit
        self.n_effective = int(n_effective)
        self.seed = seed
        self.samplers = tuple(samplers)

    def _searched(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> tuple[Samples, Analysis]:
        """The maximum with its checks, then samples around it, on sub-pixels fine enough for it."""
        begin = time.perf_counter()
        best = self._maximum(model, analysis)
        self.info = {**best.search_info, "search": type(self).__name__, "seed": self.seed}
        self.info["maximum_seconds"] = time.perf_counter() - begin
        if self.info["interrupted"] or not self.samplers:
            return best.samples, best.analysis
        samples = self._sampled(model, best, progress)
        self.info["seconds"] = time.perf_counter() - begin
        return samples, best.analysis

    def _search(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> tuple[Samples, dict[str, Any]]:
        samples, _ = self._searched(model, analysis, progress)
        return samples, self.info

    # ------------------------------------------------------------------ the maximum

    def _maximum(self, model: AbstractModel, analysis: Analysis) -> Result:
        """The best fit with all distinct optima found, from checkpointed runs."""
        settings = {
            "seed": self.seed,
            "show_progress": self.show_progress,
            "check_over_sampling": self.check_over_sampling,
            "checkpoint": self.checkpoint.part("maximum"),
        }
        if (result := analysis.most_likely_from(model, **settings)) is not None:
            return result
        return most_likely_from(model, analysis, **settings)

    # ------------------------------------------------------------------ the posterior

    def _sampled(self, model: AbstractModel, best: Result, progress: Progress) -> Samples:
        """Samples of the posterior; the maximum alone where none could be drawn."""
        begin = time.perf_counter()
        chain = Chain(
            model,
            best.analysis,
            self.samplers,
            self.n_effective,
            self.seed,
            progress,
            self.checkpoint.part("posterior"),
            self.time_limit,
        )
        posterior: Posterior | None = None
        try:
            posterior = chain.posterior_from(
                self._optima(best), best.samples, _modes_of(self.info, chain.density.coordinates)
            )
        except KeyboardInterrupt:
            self.info["interrupted"] = True
            why = "time limit reached" if chain.was_out_of_time else "interrupted"
            progress.line(f"{why}: the maximum is returned with the errors of a Gaussian")
        if chain.was_out_of_time:
            self.info |= {"interrupted": True, "time_limit_reached": self.time_limit}
        self.info["sampling"] = self._sampling_from(chain, posterior, time.perf_counter() - begin)
        self.info["evaluations"] = int(self.info.get("evaluations", 0)) + chain.density.evaluations
        if posterior is None:
            return best.samples
        self.info["interrupted"] |= bool(posterior.facts.get("interrupted"))
        self.info["effective_samples"] = posterior.effective_samples
        self.info["log_evidence"] = posterior.log_evidence
        self.info["log_evidence_error"] = posterior.log_evidence_error
        evidence = "no evidence"
        if posterior.log_evidence is not None:
            evidence = f"ln Z = {posterior.log_evidence:.3f} +- {posterior.log_evidence_error:.3f}"
        progress.line(
            f"posterior by {posterior.method}, {posterior.effective_samples:.0f} effective samples, {evidence}"
        )
        if not posterior.accepted and posterior.method == "importance":
            return best.samples  # weights that cannot be trusted are worse than the Gaussian around the maximum
        return posterior.samples(model, chain.density, best.samples)

    def _optima(self, best: Result) -> list[np.ndarray]:
        """Physical vectors of the optima that the posterior may have parts around."""
        highest = best.log_likelihood
        optima = [o for o in self.info.get("optima", ()) if o["log_likelihood"] > highest - 3.0 * _WITHIN]
        vectors = [np.array(o["parameters"]) for o in optima]
        return vectors[:_MOST_OPTIMA] or [best.samples.max_log_likelihood_vector]

    def _sampling_from(self, chain: Chain, posterior: Posterior | None, seconds: float) -> dict[str, Any]:
        """How the posterior was sampled and why so, in plain types."""
        facts: dict[str, Any] = {"method": "laplace", "accepted": False}
        if posterior is not None:
            facts = {"method": posterior.method, "accepted": posterior.accepted, **posterior.facts}
            if not posterior.accepted and posterior.method == "importance":
                facts["method"] = "laplace"
        if chain.modes:
            facts["laplace_log_evidence"] = float(np.logaddexp.reduce([m.log_evidence for m in chain.modes]))
        return {
            **facts,
            "rejected": chain.rejected,
            "modes": len(chain.modes),
            "higher_maxima": len(chain.higher),
            "evaluations": chain.density.evaluations,
            "likelihood_refused": chain.density.refused,
            "likelihood_raised": chain.density.raised,
            "seconds": seconds,
        }


def _modes_of(info: dict[str, Any], coordinates: GaussianCoordinates) -> list[Mode]:
    """Modes that a quasi-Newton search has climbed to already; their second derivatives are not kept in results."""
    modes = []
    for optimum in info.get("optima", ()):
        hessian = optimum.pop("mode_hessian", None)
        covariance = None if hessian is None else covariance_from(np.asarray(hessian))
        if covariance is not None:
            z, log_density = coordinates.z_from(np.asarray(optimum["mode"])), float(optimum["mode_log_density"])
            modes.append(Mode(z, covariance, log_density, float(optimum["log_likelihood"])))
    return modes


_WITHIN = 10.0
_MOST_OPTIMA = 8


def most_likely_from(model: AbstractModel, analysis: Analysis, checkpoint: Any = None, **settings: Any) -> Result:
    """The best fit by multi-start least squares, by a quasi-Newton method where the likelihood has no residuals."""
    search: AbstractSearch
    if analysis.offers("residual_vector_from") and not has_free_regularization(model):
        search = LevenbergMarquardt(name="maximum", **settings)
    else:
        from autogalaxy.inference.search.quasi_newton import QuasiNewton

        search = QuasiNewton(name="maximum", **settings)
    if checkpoint is not None:
        search.checkpoint = checkpoint
    result: Result = search.fit(model, analysis)
    return result


def _several(names: Any) -> list[Any]:
    return list(names) if isinstance(names, list | tuple) and all(isinstance(n, str) for n in names) else [names]
