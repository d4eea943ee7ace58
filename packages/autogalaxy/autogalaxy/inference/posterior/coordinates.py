"""Coordinates without limits, in which every prior is a standard normal distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autoarray.special_functions import special_functions_from
from autoarray.type import Array, Namespace
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.model import AbstractModel

_STEP = 1e-5
FARTHEST = 8.0
"""Beyond this many sigma of a prior there is no probability, and no digit left to tell values apart."""


class GaussianCoordinates:
    """``z = Phi^-1(F(theta))`` with the cumulative distribution F of each prior, so that ``p(z) = N(0, 1)``.

    A limit of a prior lies at infinity, and a posterior that leans on it has a smooth tail there; the evidence is the
    integral of ``exp(log_density)``.
    """

    def __init__(self, model: AbstractModel) -> None:
        self.model = model

    @property
    def size(self) -> int:
        return self.model.prior_count

    def vector_from(self, z: Array, xp: Namespace = np) -> Array:
        """Physical parameters, ``(..., p) -> (..., p)``."""
        units = special_functions_from(xp).ndtr(xp.clip(xp.asarray(z, dtype=float), -FARTHEST, FARTHEST))
        return self.model.vector_from_unit_vector(units, xp=xp)

    def z_from(self, vector: Array, xp: Namespace = np) -> Array:
        """Coordinates of physical parameters, ``(..., p) -> (..., p)``; what lies on a limit is eight sigma out."""
        units = self.model.unit_vector_from_vector(vector, xp=xp)
        return xp.clip(special_functions_from(xp).ndtri(units), -FARTHEST, FARTHEST)

    def slopes_at(self, z: np.ndarray) -> np.ndarray:
        """Derivatives of the physical parameters, each with its own coordinate, ``(p,) -> (p,)``."""
        return np.asarray((self.vector_from(z + _STEP) - self.vector_from(z - _STEP)) / (2.0 * _STEP))

    def log_prior_from(self, z: Array, xp: Namespace = np) -> Any:
        """Log density of the prior, ``(..., p) -> (...)``."""
        return -0.5 * xp.sum(z**2, axis=-1) - 0.5 * self.size * math.log(2.0 * math.pi)

    def log_density_from(self, z: Array, fitness: Fitness, arrays: Any = None) -> Any:
        """Log of likelihood times prior at one point, ``(p,) -> ()``; JAX can transform it under JAX.

        ``fitness`` gives log likelihoods (``fom_is_log_likelihood``); ``arrays`` are those of its dataset, if traced.
        """
        xp = fitness.analysis._xp
        vector = self.vector_from(z, xp=xp)
        log_likelihood = fitness.call_with(arrays, vector) if fitness.analysis.use_jax else fitness.call(vector)
        return log_likelihood + self.log_prior_from(z, xp=xp)
