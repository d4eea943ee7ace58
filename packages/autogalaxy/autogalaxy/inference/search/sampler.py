"""What the searches that need likelihoods alone have in common: batches, counts, interruption, information."""

from __future__ import annotations

import importlib
import time
from abc import abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np

from autoarray import exc
from autoarray.arguments import LARGEST
from autoarray.concrete import number_from
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.checkpoint import Checkpoint
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.posterior.diagnostics import effective_weights_from
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.abstract import AbstractSearch
from autogalaxy.inference.search.batches import REFUSED, Batches, Counts
from autogalaxy.inference.search.check import raised_line
from autogalaxy.inference.search.progress import Progress
from autogalaxy.inference.search.replay import Recorded


@dataclass
class Posterior:
    """Weighted points a sampler ends with."""

    vectors: np.ndarray
    """Physical parameters, ``(n, p)``."""
    log_likelihoods: np.ndarray
    weights: np.ndarray
    converged: bool
    log_evidence: float | None = None
    log_evidence_error: float | None = None
    log_evidence_error_from: str = ""
    """Who states the error of the evidence."""
    effective_samples: float | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        keep = (self.log_likelihoods > REFUSED) & (self.weights > 0.0)
        self.vectors, self.log_likelihoods = self.vectors[keep], self.log_likelihoods[keep]
        self.weights = self.weights[keep]
        if self.effective_samples is None and len(self.weights):
            self.effective_samples = effective_weights_from(self.weights)


class Run:
    """One run of a sampler: its likelihood, what is counted, and since when."""

    def __init__(self, model: AbstractModel, analysis: Analysis, size: int, progress: Progress) -> None:
        self.model = model
        self.analysis = analysis
        self.progress = progress
        self.batches = Batches(model, analysis, size, progress)
        self.begin = time.perf_counter()
        self.interrupted = False
        self.restarted = ""
        """Why what a killed run kept could not be used, empty where it could."""
        self.counts = Counts()
        self._recorded: Recorded | None = None

    def recorded(self, checkpoint: Checkpoint) -> Recorded:
        """The likelihood with a log that ``checkpoint`` keeps; what it counts is counted here."""
        self._recorded = Recorded(self.batches, self.model.prior_count, checkpoint, self.progress)
        self.counts = self._recorded.counts
        return self._recorded

    @property
    def replayed(self) -> int:
        """Likelihoods that were looked up in the log of a killed run."""
        return 0 if self._recorded is None else self._recorded.replayed

    @property
    def why_restarted(self) -> str:
        return self.restarted or ("" if self._recorded is None else self._recorded.restarted)

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.begin

    def say(self, log_evidence: float | None = None, effective_samples: float | None = None, more: str = "") -> None:
        """A word of progress."""
        rate = (self.counts.evaluations - self.replayed) / max(self.seconds - self.batches.compile_seconds, 1e-9)
        text = f"{self.counts}, {rate:.0f} a second"
        if log_evidence is not None and np.isfinite(log_evidence):
            text += f", ln Z = {log_evidence:.2f}"
        if effective_samples is not None:
            text += f", {effective_samples:.0f} effective samples"
        self.progress.update(text + more)


class SearchSettings(TypedDict, total=False):
    """What every search takes, see :class:`AbstractSearch`."""

    name: str | None
    output_path: str | Path | None
    show_progress: bool
    check_over_sampling: bool
    path_prefix: str | Path | None
    unique_tag: str | None
    checkpoint_interval: float


class AbstractSampler(AbstractSearch):
    """A search that draws weighted samples of the posterior; works with NumPy and JAX analyses alike.

    Parameters
    ----------
    seed
        Seed of everything that is drawn: the same seed gives the same samples.
    """

    def __init__(self, seed: int = 1, **settings: Unpack[SearchSettings]) -> None:
        super().__init__(**settings)
        self.seed = self._count("seed", seed, 0)

    def _search(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> tuple[Samples, dict[str, Any]]:
        if model.prior_count == 0:
            raise exc.SearchException(
                f"{type(self).__name__} got a model with 0 free parameters, but wants at least one: see model.info."
            )
        run = Run(model, analysis, self._batch_size(analysis), progress)
        posterior = self._sampled(run)
        if posterior is None or len(posterior.vectors) == 0:
            raise KeyboardInterrupt
        if run.interrupted:
            progress.line("interrupted: the samples so far are returned")
        if run.counts.raised:
            progress.line(raised_line(run.counts.raised, run.counts.evaluations, run.batches.last_error))
        samples = Samples(model, posterior.vectors, posterior.log_likelihoods, weights=posterior.weights)
        info = self._info_from(run, posterior)
        progress.line(_summary(info))
        return samples, info

    @abstractmethod
    def _batch_size(self, analysis: Analysis) -> int:
        """Rows of a batch of likelihoods."""

    @abstractmethod
    def _sampled(self, run: Run) -> Posterior | None:
        """The posterior; of what there is where ``run.interrupted`` was set, ``None`` where that is nothing."""

    def _settings(self) -> dict[str, Any]:
        """The settings of this search, in plain types."""
        values = {name: value for name, value in vars(self).items() if name not in self.not_in_identifier}
        return {name: value for name, value in values.items() if isinstance(value, int | float | str | type(None))}

    def _info_from(self, run: Run, posterior: Posterior) -> dict[str, Any]:
        return {
            "search": type(self).__name__,
            **self._settings(),
            "log_likelihood": float(np.max(posterior.log_likelihoods)),
            "log_evidence": posterior.log_evidence,
            "log_evidence_error": posterior.log_evidence_error,
            "log_evidence_error_from": posterior.log_evidence_error_from,
            "effective_samples": posterior.effective_samples,
            "converged": bool(posterior.converged and not run.interrupted),
            "interrupted": run.interrupted,
            "restarted": run.why_restarted,
            "evaluations": run.counts.evaluations,
            "evaluations_replayed": run.replayed,
            "likelihood_refused": run.counts.refused,
            "likelihood_raised": run.counts.raised,
            "seconds": run.seconds,
            "compile_seconds": run.batches.compile_seconds,
            **posterior.details,
        }

    def _library(self, module: str, package: str) -> Any:
        """The library of the sampler, imported when it is used first."""
        try:
            return importlib.import_module(module)
        except ImportError as error:
            raise exc.SearchException(
                f"{type(self).__name__} wants {package}, which could not be imported ({error}). "
                "Install it: pip install 'autogalaxy-xp[samplers]'."
            ) from error

    def _optional_count(self, name: str, value: Any, least: int) -> int | None:
        return None if value is None else self._count(name, value, least)

    def _positive(self, name: str, value: Any) -> float:
        if not 0.0 < number_from(value) <= LARGEST:  # NaN is neither
            raise exc.SearchException(
                f"{type(self).__name__} got {name}={exc.shown(value)}, but wants a number above zero."
            )
        return float(value)


def _summary(info: dict[str, Any]) -> str:
    text = f"ln L = {info['log_likelihood']:.4f}, "
    if info["log_evidence"] is not None:
        text += f"ln Z = {info['log_evidence']:.3f} +- {info['log_evidence_error']:.3f}, "
    return (
        f"{text}{info['effective_samples']:.0f} effective samples, {info['evaluations']} likelihoods, "
        f"{info['seconds']:.1f} s with {info['compile_seconds']:.1f} s to compile"
    )
