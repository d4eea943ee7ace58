"""A log of likelihoods in the order in which a sampler asked for them: it goes on after a kill by asking again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autogalaxy.inference.checkpoint import Checkpoint
from autogalaxy.inference.search.batches import Counts
from autogalaxy.inference.search.progress import Progress


class Recorded:
    """A batch function, ``(n, p) -> (n,)``, whose values are kept by a checkpoint and computed once.

    A sampler with the same seed asks for the same points in the same order. Those of a killed run are looked up, so
    that no likelihood is computed again; nothing of the state of the sampler has to be written, which samplers do by
    pickling. Where a point differs from the one in the log, the rest of the log is left out and said once.
    """

    def __init__(
        self, function: Callable[[np.ndarray], np.ndarray], size: int, checkpoint: Checkpoint, progress: Progress
    ) -> None:
        self.function = function
        self.checkpoint = checkpoint
        self.progress = progress
        self.counts = Counts()
        self.computed = 0
        self.restarted = ""
        """Why what was kept could not be used, empty where it could."""
        self._vectors: list[np.ndarray] = []
        self._values: list[np.ndarray] = []
        self._position = 0
        self._known_vectors, self._known_values = np.empty((0, size)), np.empty(0)
        self._load(size)

    @property
    def replayed(self) -> int:
        return self.counts.evaluations - self.computed

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        vectors = np.array(vectors, dtype=float)  # a sampler may use its array again
        known = self._known(vectors)
        values = self._known_values[self._position : self._position + known]
        self._position += known
        if known < len(vectors):
            values = np.concatenate([values, self.function(vectors[known:])])
            self.computed += len(vectors) - known
        self._vectors.append(vectors)
        self._values.append(values)
        self.counts.add(values)
        if self._position == len(self._known_values) and self.checkpoint.is_due():
            self.save()
        return values.copy()

    def save(self) -> None:
        """Keep what was asked for until now, unless more is kept already."""
        if self._vectors and self._position == len(self._known_values):
            self.checkpoint.save(vectors=np.concatenate(self._vectors), values=np.concatenate(self._values))

    def _known(self, vectors: np.ndarray) -> int:
        """How many of ``vectors``, from the first, are the next ones of the log."""
        left = self._known_vectors[self._position : self._position + len(vectors)]
        if len(left) == 0:
            return 0
        same = np.all(left == vectors[: len(left)], axis=1)
        known = len(left) if np.all(same) else int(np.argmin(same))
        if known < len(left):
            position = self._position + known
            self._leave_out(
                f"the search asks for another point than the log of the killed run from likelihood {position + 1} on: "
                f"the {len(self._known_values) - position} that follow there are computed anew"
            )
            self._known_vectors, self._known_values = self._known_vectors[:position], self._known_values[:position]
        return known

    def _load(self, size: int) -> None:
        stored: dict[str, Any] | None = self.checkpoint.load()
        if stored is None:
            return
        vectors, values = (np.asarray(stored.get(name, np.empty(0))) for name in ("vectors", "values"))
        if vectors.dtype.kind != "f" or values.dtype.kind != "f" or vectors.shape != (*values.shape, size):
            self._leave_out("what a killed run kept holds no log of likelihoods: the search starts anew")
            return
        self._known_vectors, self._known_values = vectors, values
        self.progress.line(f"goes on after {len(values)} likelihoods that are known")

    def _leave_out(self, why: str) -> None:
        self.restarted = why
        self.progress.line(f"restarted: {why}")
