"""Draws from the priors, weighted by their likelihood."""

from __future__ import annotations

from typing import Unpack

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.posterior.diagnostics import effective_weights_from
from autogalaxy.inference.search.batches import REFUSED
from autogalaxy.inference.search.check import MAX_DRAWS
from autogalaxy.inference.search.sampler import AbstractSampler, Posterior, Run, SearchSettings


class Drawer(AbstractSampler):
    """Independent draws from the priors with weights in proportion to their likelihood.

    The evidence is the mean likelihood of all draws, ``Z = sum L_i / n``, and its error that of a mean.

    Parameters
    ----------
    total_draws
        Draws in all.
    n_batch
        Draws that are computed between two words of progress.
    """

    @checked(exc.SearchException)
    def __init__(
        self,
        total_draws: int = 50,
        n_batch: int = 100,
        seed: int = 1,
        **settings: Unpack[SearchSettings],
    ) -> None:
        super().__init__(seed, **settings)
        self.total_draws = self._count("total_draws", total_draws, 1)
        self.n_batch = self._count("n_batch", n_batch, 1)

    def _batch_size(self, analysis: Analysis) -> int:
        return min(self.n_batch, self.total_draws, MAX_DRAWS)

    def _sampled(self, run: Run) -> Posterior | None:
        recorded = run.recorded(self.checkpoint)
        size = self._batch_size(run.analysis)
        rng = np.random.default_rng(self.seed)
        vectors = run.model.vector_from_unit_vector(rng.random((self.total_draws, run.model.prior_count)))
        values: list[np.ndarray] = []
        try:
            for first in range(0, self.total_draws, size):
                values.append(recorded(vectors[first : first + size]))
                run.say()
                if run.counts.best <= REFUSED and run.counts.evaluations >= min(self.total_draws, MAX_DRAWS):
                    raise run.batches.error_without_finite(vectors[: first + size]) from run.batches.last_error
        except KeyboardInterrupt:
            run.interrupted = True
        recorded.save()
        return _posterior_from(vectors, np.concatenate(values)) if values else None


def _posterior_from(vectors: np.ndarray, values: np.ndarray) -> Posterior | None:
    allowed = values > REFUSED
    if not np.any(allowed):
        return None
    highest = np.max(values)
    weights = np.where(allowed, np.exp(np.where(allowed, values, highest) - highest), 0.0)
    count = len(values)
    spread = max(1.0 / effective_weights_from(weights) - 1.0 / count, 0.0)
    return Posterior(
        vectors[:count],
        values,
        weights,
        converged=True,
        log_evidence=float(highest + np.log(np.mean(weights))),
        log_evidence_error=float(np.sqrt(spread)),
        log_evidence_error_from="spread of the likelihoods of the draws",
    )
