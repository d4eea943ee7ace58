"""Likelihoods of batches of one size: what refuses or raises is counted, and lowers no sampler's speed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from autoarray import exc
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.instance import NOT_OF_A_POINT
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.search.check import MAX_DRAWS, no_finite_draw
from autogalaxy.inference.search.progress import Progress

REFUSED = -1e99
"""Log likelihood of a draw that the model does not allow, or whose likelihood is not finite."""
RAISED = -np.inf
"""Log likelihood of a draw whose likelihood raised."""


@dataclass
class Counts:
    """How many likelihoods a sampler asked for, and what became of them."""

    evaluations: int = 0
    refused: int = 0
    raised: int = 0
    best: float = -np.inf

    def add(self, values: np.ndarray) -> None:
        self.evaluations += len(values)
        self.raised += int(np.sum(values == RAISED))
        self.refused += int(np.sum(values == REFUSED))
        self.best = max(self.best, float(np.max(values, initial=-np.inf)))

    def to_array(self) -> np.ndarray:
        return np.array([getattr(self, f.name) for f in fields(self)], dtype=float)

    @classmethod
    def from_array(cls, values: np.ndarray) -> Counts:
        evaluations, refused, raised, best = np.asarray(values, dtype=float)
        return cls(int(evaluations), int(refused), int(raised), float(best))

    def __str__(self) -> str:
        text = f"{self.evaluations} likelihoods, best ln L {self.best:.2f}"
        for number, what in ((self.refused, "refused"), (self.raised, "raised")):
            text += f", {number} {what}" if number else ""
        return text


class Batches:
    """Log likelihoods of physical vectors, ``(n, p) -> (n,)``; draws that are no sample are ``REFUSED`` or ``RAISED``.

    Compiled code gets batches of ``size`` rows always, so that it compiles once.
    """

    def __init__(self, model: AbstractModel, analysis: Analysis, size: int, progress: Progress) -> None:
        self.model = model
        self.analysis = analysis
        self.size = int(size)
        self.progress = progress
        self.fitness = Fitness(model, analysis, resample_figure_of_merit=REFUSED)
        self.compile_seconds = 0.0
        self.last_error: Exception | None = None
        self._began = False

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        if not self._began:
            return self._first(vectors)
        if not self.analysis.use_jax:
            return np.array([self._one(vector) for vector in vectors])
        values = [self._compiled(vectors[i : i + self.size]) for i in range(0, len(vectors), self.size)]
        return values[0] if len(values) == 1 else np.concatenate(values)

    def _first(self, vectors: np.ndarray) -> np.ndarray:
        """The first call, which compiles; an error of the compilation is one of every draw."""
        start = time.perf_counter()
        if self.analysis.use_jax:
            self.progress.line("compiling")
            self._values_of(vectors[: self.size])
            self.compile_seconds = time.perf_counter() - start
        self._began = True
        return self(vectors)

    def _values_of(self, rows: np.ndarray) -> np.ndarray:
        """Compiled values of at most ``size`` rows."""
        count = len(rows)
        if count < self.size:
            rows = np.concatenate([rows, np.broadcast_to(rows[:1], (self.size - count, rows.shape[1]))])
        return np.array(self.fitness._vmap(rows))[:count]

    def _compiled(self, rows: np.ndarray) -> np.ndarray:
        try:
            return self._values_of(rows)
        except NOT_OF_A_POINT:
            raise
        except Exception:  # whose, is found one by one
            return np.array([self._one(row) for row in rows])

    def _one(self, vector: np.ndarray) -> float:
        try:
            return float(self.fitness(vector))
        except NOT_OF_A_POINT:
            raise
        except Exception as error:  # a draw that raises is counted, and ends no search
            self.last_error = error
            return RAISED

    def error_without_finite(self, vectors: np.ndarray) -> exc.SearchException:
        """The error for ``vectors`` none of which has a likelihood, naming what is to blame."""
        return no_finite_draw(self.model, self.analysis, vectors, self.last_error)


def finite_draws(
    batches: Batches, function: Callable[[np.ndarray], np.ndarray], rng: np.random.Generator, wanted: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Draws from the priors with a finite likelihood and its values, ``(n, p), (n,)``, at least ``wanted``.

    ``function`` is ``batches``, or counts or replays it. Without a single one after ``MAX_DRAWS`` draws, our error.
    """
    model = batches.model
    tried: list[np.ndarray] = []
    good: list[np.ndarray] = []
    values: list[np.ndarray] = []
    found = drawn = 0
    while found < wanted:
        size = min(batches.size, MAX_DRAWS - drawn) if not found else batches.size
        vectors = model.vector_from_unit_vector(rng.random((size, model.prior_count)))
        log_likelihoods = function(vectors)
        keep = log_likelihoods > REFUSED
        drawn, found = drawn + size, found + int(np.sum(keep))
        good.append(vectors[keep])
        values.append(log_likelihoods[keep])
        if not found:
            tried.append(vectors)
            if drawn >= MAX_DRAWS:
                raise batches.error_without_finite(np.concatenate(tried)) from batches.last_error
        elif drawn >= MAX_DRAWS * wanted:
            raise exc.SearchException(
                f"Only {found} of {drawn} draws from the priors have a finite likelihood, wanted {wanted}. "
                "Choose priors inside the domain of the model, see model.info, or give initial_vectors."
            )
    return np.concatenate(good), np.concatenate(values)
