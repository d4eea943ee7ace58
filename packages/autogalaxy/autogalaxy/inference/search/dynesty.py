"""Nested sampling by dynesty, with a fixed and with a changing number of live points."""

from __future__ import annotations

import contextlib
import io
from abc import abstractmethod
from typing import Any, Unpack

import numpy as np

from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.search.batch_pool import BatchPool
from autogalaxy.inference.search.batches import REFUSED, finite_draws
from autogalaxy.inference.search.sampler import AbstractSampler, Posterior, Run, SearchSettings

_ON_ACCELERATOR = 16
"""Likelihoods at once where nothing else is asked for: a processor takes them one by one anyway."""


class DynestySettings(SearchSettings, total=False):
    """What both kinds take, see :class:`DynestyStatic`."""

    bound: str
    sample: str
    walks: int | None
    slices: int | None
    facc: float
    bootstrap: int | None
    enlarge: float | None
    maxcall: int | None
    n_batch: int | None
    seed: int


class AbstractDynesty(AbstractSampler):
    """What both kinds have in common.

    The state of dynesty is a pickle, which could run anything: it is neither written nor read. A killed run goes on
    through the log of its likelihoods.
    """

    def __init__(
        self,
        bound: str = "multi",
        sample: str = "auto",
        walks: int | None = None,
        slices: int | None = None,
        facc: float = 0.5,
        bootstrap: int | None = None,
        enlarge: float | None = None,
        maxcall: int | None = None,
        n_batch: int | None = None,
        seed: int = 1,
        **settings: Unpack[SearchSettings],
    ) -> None:
        super().__init__(seed, **settings)
        self.bound = bound
        self.sample = sample
        self.walks = self._optional_count("walks", walks, 1)
        self.slices = self._optional_count("slices", slices, 1)
        self.facc = self._positive("facc", facc)
        self.bootstrap = self._optional_count("bootstrap", bootstrap, 0)
        self.enlarge = None if enlarge is None else self._positive("enlarge", enlarge)
        self.maxcall = self._optional_count("maxcall", maxcall, 1)
        self.n_batch = self._optional_count("n_batch", n_batch, 1)

    def _batch_size(self, analysis: Analysis) -> int:
        if self.n_batch is not None:
            return self.n_batch
        if not analysis.use_jax:
            return 1
        import jax

        return 1 if jax.default_backend() == "cpu" else _ON_ACCELERATOR

    @abstractmethod
    def _made(self, library: Any, settings: dict[str, Any]) -> Any:
        """The sampler of the library."""

    @abstractmethod
    def _run(self, sampler: Any, say: Any) -> None:
        """Run it to its end."""

    def _sampled(self, run: Run) -> Posterior | None:
        library = self._library("dynesty", "dynesty")
        recorded = run.recorded(self.checkpoint)
        pool = BatchPool(recorded, run.batches.size)
        sampler, converged = None, False

        def log_likelihood(vector: np.ndarray) -> float:
            value = pool.value(vector)
            return value if value > REFUSED else -np.inf

        def say(results: Any, *_: Any, **__: Any) -> None:
            run.say(float(results.logz) if results.logz > REFUSED else None)

        try:
            finite_draws(run.batches, recorded, np.random.default_rng(self.seed))
            # dynesty prints what a likelihood raises, an interruption too
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                sampler = self._made(library, self._settings_of_the_library(run, log_likelihood, pool))
            if hasattr(sampler.loglikelihood, "loglikelihood"):
                sampler.loglikelihood.loglikelihood = log_likelihood  # without the wrapper that prints
            self._run(sampler, say)
            converged = self.maxcall is None or run.counts.evaluations < self.maxcall
        except KeyboardInterrupt:
            run.interrupted = True
        recorded.save()
        return None if sampler is None else _posterior_from(sampler, converged)

    def _settings_of_the_library(self, run: Run, log_likelihood: Any, pool: BatchPool) -> dict[str, Any]:
        of_pool = {"pool": pool, "queue_size": pool.size} if pool.size > 1 else {}
        return {
            "loglikelihood": log_likelihood,
            "prior_transform": run.model.vector_from_unit_vector,
            "ndim": run.model.prior_count,
            "bound": self.bound,
            "sample": self.sample,
            "walks": self.walks,
            "slices": self.slices,
            "facc": self.facc,
            "bootstrap": self.bootstrap,
            "enlarge": self.enlarge,
            "rstate": np.random.default_rng(self.seed),
            "use_pool": {"prior_transform": False, "update_bound": False, "stop_function": False},
            **of_pool,
        }


class DynestyStatic(AbstractDynesty):
    """Nested sampling with a fixed number of live points; the error of the evidence is the one dynesty states.

    Parameters
    ----------
    nlive
        Live points.
    dlogz
        Ends where the live points could add less than this to ln Z; dynesty's own choice where not given.
    bound, sample, walks, slices, facc, bootstrap, enlarge
        See the documentation of dynesty.
    maxcall
        Likelihoods after which it ends, converged or not.
    n_batch
        Proposals that are followed side by side, so that their likelihoods make a batch; one on a processor.

    References
    ----------
    Skilling (2006), Bayesian Anal. 1, 833; Speagle (2020), MNRAS 493, 3132.
    """

    def __init__(self, nlive: int = 50, dlogz: float | None = None, **settings: Unpack[DynestySettings]) -> None:
        super().__init__(**settings)
        self.nlive = self._count("nlive", nlive, 2)
        self.dlogz = None if dlogz is None else self._positive("dlogz", dlogz)

    def _made(self, library: Any, settings: dict[str, Any]) -> Any:
        return library.NestedSampler(nlive=self.nlive, **settings)

    def _run(self, sampler: Any, say: Any) -> None:
        sampler.run_nested(dlogz=self.dlogz, maxcall=self.maxcall, print_func=say)


class DynestyDynamic(AbstractDynesty):
    """Nested sampling that adds live points where the posterior profits most.

    Parameters
    ----------
    nlive_init
        Live points of the first pass.
    nlive_batch
        Live points that are added at a time.
    n_effective
        Effective samples after which it is done; dynesty's own choice where not given.
    pfrac
        Weight of the posterior, against that of the evidence, in where points are added.
    bound, sample, walks, slices, facc, bootstrap, enlarge, maxcall, n_batch
        As of :class:`DynestyStatic`.

    References
    ----------
    Higson et al. (2019), Stat. Comput. 29, 891; Speagle (2020), MNRAS 493, 3132.
    """

    def __init__(
        self,
        nlive_init: int = 500,
        nlive_batch: int = 500,
        n_effective: int | None = None,
        pfrac: float = 0.8,
        dlogz_init: float = 0.01,
        **settings: Unpack[DynestySettings],
    ) -> None:
        super().__init__(**settings)
        self.nlive_init = self._count("nlive_init", nlive_init, 2)
        self.nlive_batch = self._count("nlive_batch", nlive_batch, 2)
        self.n_effective = self._optional_count("n_effective", n_effective, 1)
        self.pfrac = self._positive("pfrac", pfrac)
        self.dlogz_init = self._positive("dlogz_init", dlogz_init)

    def _made(self, library: Any, settings: dict[str, Any]) -> Any:
        return library.DynamicNestedSampler(nlive=self.nlive_init, **settings)

    def _run(self, sampler: Any, say: Any) -> None:
        sampler.run_nested(
            nlive_init=self.nlive_init,
            nlive_batch=self.nlive_batch,
            dlogz_init=self.dlogz_init,
            n_effective=self.n_effective,
            maxcall=self.maxcall,
            wt_kwargs={"pfrac": self.pfrac},
            print_func=say,
        )


def _posterior_from(sampler: Any, converged: bool) -> Posterior | None:
    """What the sampler has, also in the midst of a run."""
    results = sampler.results
    log_weights = np.asarray(results.logwt)
    if len(log_weights) < 2 or not np.any(np.isfinite(log_weights)):
        return None
    return Posterior(
        np.asarray(results.samples),
        np.asarray(results.logl),
        np.exp(log_weights - np.max(log_weights)),
        converged=converged,
        log_evidence=float(results.logz[-1]),
        log_evidence_error=float(results.logzerr[-1]),
        log_evidence_error_from="dynesty",
        details={"iterations": int(results.niter)},
    )
