"""The log density of a posterior at many points at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np

from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.cores import calls_side_by_side
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.instance import NOT_OF_A_POINT
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.posterior.coordinates import GaussianCoordinates

CHUNK = 125
"""Points of one compiled call; the cores of a processor share the calls."""
SLICE = 1000
"""Points between two words of progress, and two looks at whether it is time to save."""
REFUSED = -1e98
"""Log likelihoods below this are those of points that the model does not allow."""


class Density(Protocol):
    """What can be sampled: log densities at many points of a space."""

    @property
    def size(self) -> int: ...

    def __call__(self, z: np.ndarray, /) -> tuple[np.ndarray, np.ndarray]:
        """Log densities and log likelihoods, ``(n, p) -> (n,), (n,)``."""
        ...


class LogDensity:
    """``ln L + ln p`` of a model in :class:`GaussianCoordinates`, and how often it was asked for."""

    def __init__(self, model: AbstractModel, analysis: Analysis) -> None:
        self.coordinates = GaussianCoordinates(model)
        self.fitness = _fitness_of(model, analysis)
        self.evaluations = 0
        self.refused = 0
        self.raised = 0
        """Likelihoods that raised; they are among those that are refused."""
        self.last_error: Exception | None = None
        self.values_of: Callable[[np.ndarray], np.ndarray] = self._computed
        """Log likelihoods of physical vectors; may be replaced by one that remembers them."""
        self.report: Callable[[], None] | None = None
        """Called after each slice of points."""

    @property
    def size(self) -> int:
        return self.coordinates.size

    def log_likelihoods(self, z: np.ndarray) -> np.ndarray:
        """Log likelihoods of points, ``(n, p) -> (n,)``; minus infinity where the model does not allow one."""
        vectors = self.coordinates.vector_from(np.atleast_2d(z))
        done = []
        for i in range(0, len(vectors), SLICE):
            done.append(self.values_of(vectors[i : i + SLICE]))
            self.evaluations += len(done[-1])
            if self.report is not None:
                self.report()
        values = np.concatenate(done)
        is_allowed = values > REFUSED
        self.refused += int(np.sum(~is_allowed))
        return np.where(is_allowed, values, -np.inf)

    def _computed(self, vectors: np.ndarray) -> np.ndarray:
        """Log likelihoods of physical vectors, ``(n, p) -> (n,)``, side by side on the cores of a processor."""
        if not self.fitness.analysis.use_jax:
            return np.array([self.one(vector) for vector in vectors])
        size = min(CHUNK, len(vectors))
        chunks = [vectors[i : i + size] for i in range(0, len(vectors), size)]
        done = [np.asarray(self.fitness._vmap(chunks[0]))]  # the first one may compile
        with ThreadPoolExecutor(max_workers=calls_side_by_side()) as pool:
            done += pool.map(lambda chunk: np.asarray(self.fitness._vmap(chunk)), chunks[1:])
        return np.concatenate(done)

    def one(self, vector: np.ndarray) -> float:
        """Log likelihood of a physical vector with NumPy; one that raises has none, and is counted."""
        try:
            return float(self.fitness(vector))
        except NOT_OF_A_POINT:
            raise
        except Exception as error:
            self.raised += 1
            self.last_error = error
            return -np.inf

    def __call__(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Log densities and log likelihoods, ``(n, p) -> (n,), (n,)``."""
        log_likelihoods = self.log_likelihoods(z)
        return log_likelihoods + self.coordinates.log_prior_from(np.atleast_2d(z)), log_likelihoods


def _fitness_of(model: AbstractModel, analysis: Analysis) -> Fitness:
    """The fitness of a model, compiled once for all datasets on the same pixels."""
    from autogalaxy.inference.search.kernels import key_of

    kernels: dict[Any, Any] = vars(analysis).setdefault("_kernels", {})
    key = ("fitness", key_of(model))
    if key not in kernels:
        as_argument = analysis.use_jax and analysis.offers("dataset_arrays")
        kernels[key] = Fitness(model, analysis, dataset_as_argument=as_argument)
    elif kernels[key].analysis is not analysis:
        kernels[key] = kernels[key].of(analysis)
    fitness: Fitness = kernels[key]
    return fitness
