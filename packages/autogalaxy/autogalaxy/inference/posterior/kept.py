"""A log density whose likelihoods and modes are kept by a checkpoint, so that a killed run computes none twice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.checkpoint import Checkpoint
from autogalaxy.inference.cores import calls_side_by_side
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.posterior.density import CHUNK, LogDensity
from autogalaxy.inference.posterior.laplace import Mode, distinct, modes_from
from autogalaxy.inference.search.progress import Progress
from autogalaxy.inference.search.replay import Recorded

_SECONDS = 2.0
"""Likelihoods that take longer than this are computed in parts, so that they can be saved in between."""
_STARTS = 4
"""Starts that are followed to their modes between two saves."""
_OF_MODE = ("z", "covariance", "log_density", "log_likelihood")


class KeptDensity(LogDensity):
    """Asks for each likelihood once, however often the run is killed: see :class:`Recorded`."""

    def __init__(self, model: AbstractModel, analysis: Analysis, checkpoint: Checkpoint, progress: Progress) -> None:
        super().__init__(model, analysis)
        self._checkpoint = checkpoint
        self._log = Recorded(self._computed, self.size, checkpoint.part("likelihoods"), progress)
        self._seconds_each = np.inf
        self._saved = self._climbs = 0
        self.values_of = self._in_parts

    def _in_parts(self, vectors: np.ndarray) -> np.ndarray:
        """Log likelihoods of physical vectors; in whole chunks, so that parts change no value."""
        part = len(vectors)
        if self._seconds_each * part > _SECONDS:
            part = CHUNK * (calls_side_by_side() if self.fitness.analysis.use_jax else 1)
        done = []
        for i in range(0, len(vectors), max(part, 1)):
            begin, computed = time.perf_counter(), self._log.computed
            done.append(self._log(vectors[i : i + part]))
            if more := self._log.computed - computed:
                self._seconds_each = (time.perf_counter() - begin) / more
        return np.concatenate(done)

    def save(self) -> None:
        """Keep the likelihoods until now, before other work begins."""
        if self._log.computed > self._saved:
            self._log.save()
            self._saved = self._log.computed

    def modes_from(self, vectors: Sequence[Any]) -> list[Mode]:
        """Distinct modes reached from physical parameter vectors, see :func:`laplace.modes_from`."""
        modes: list[Mode] = []
        for i in range(0, len(vectors), _STARTS):
            modes += self._climbed_from(vectors[i : i + _STARTS])
        return distinct(modes)

    def _climbed_from(self, vectors: Sequence[Any]) -> list[Mode]:
        """The modes that a run before has climbed to from here, or those found now."""
        self._climbs += 1
        checkpoint, starts = self._checkpoint.part(f"modes_{self._climbs}"), np.array(vectors, dtype=float)
        kept = checkpoint.load()
        if kept is not None and np.array_equal(kept.get("starts", np.zeros(0)), starts):
            rows = zip(*(kept[name] for name in _OF_MODE), strict=True)
            return [Mode(z, covariance, float(d), float(lnl)) for z, covariance, d, lnl in rows]
        self.save()
        # not through the log: what is read the next time is not asked for again
        alone = LogDensity(self.coordinates.model, self.fitness.analysis)
        modes = modes_from(alone, self.coordinates.model, self.fitness.analysis, vectors)
        self.evaluations += alone.evaluations
        checkpoint.save(starts=starts, **{name: np.array([vars(m)[name] for m in modes]) for name in _OF_MODE})
        return modes
