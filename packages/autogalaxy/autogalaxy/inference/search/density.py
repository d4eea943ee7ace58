"""The log likelihood and its gradient in the coordinates in which every prior is a standard normal distribution."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.type import Array
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.posterior.coordinates import GaussianCoordinates

_REFUSED = -1e98
"""A log likelihood below is the word of a fitness for a point that is not allowed."""
_DIFFERENCE = 1e-5
"""Half of the distance of two points of a numerical derivative: exact for a quadratic, and far above rounding."""


class Density:
    """What searches with gradients climb: the log likelihood as a function of z (:class:`GaussianCoordinates`).

    Where the likelihood is refused or not finite, or its gradient is not, the value is minus infinity and the gradient
    zero. Under NumPy the gradient is made of central differences.
    """

    def __init__(self, model: AbstractModel, analysis: Analysis) -> None:
        if model.prior_count == 0:
            raise exc.SearchException(
                "The search got a model without free parameters, but wants at least one: "
                "model.galaxies.lens.mass.einstein_radius = aa.UniformPrior(0.0, 3.0)."
            )
        self.model = copy.deepcopy(model)
        self.coordinates = GaussianCoordinates(self.model)
        self.fitness = Fitness(self.model, analysis)

    @property
    def size(self) -> int:
        return self.coordinates.size

    @property
    def use_jax(self) -> bool:
        return self.fitness.analysis.use_jax

    def log_likelihood_from(self, z: Array) -> Any:
        """Log likelihood, ``(p,) -> ()``, as the fitness gives it."""
        vector = self.coordinates.vector_from(z, xp=self.fitness.analysis._xp)
        return self.fitness.call_with(None, vector) if self.use_jax else self.fitness.call(vector)

    def value_and_gradient(self, z: Array) -> tuple[Any, Array]:
        """Log likelihood and its derivatives by z, ``(p,) -> (), (p,)``; JAX can transform it under JAX."""
        xp = self.fitness.analysis._xp
        if self.use_jax:
            import jax

            value, gradient = jax.value_and_grad(self.log_likelihood_from)(z)
        else:
            value, gradient = self.log_likelihood_from(z), self._differences(z)
        good = xp.logical_and(value > _REFUSED, xp.all(xp.isfinite(gradient)))
        return xp.where(good, value, -np.inf), xp.where(good, gradient, 0.0)

    def _differences(self, z: np.ndarray) -> np.ndarray:
        """Central differences; towards the side that is allowed where only one is."""
        here = self.log_likelihood_from(z)
        gradient = np.zeros(self.size)
        if not here > _REFUSED:
            return gradient
        for i, unit in enumerate(np.eye(self.size)):
            high, low = (self.log_likelihood_from(z + sign * _DIFFERENCE * unit) for sign in (1.0, -1.0))
            both = high > _REFUSED and low > _REFUSED
            high, low = (value if value > _REFUSED else here for value in (high, low))
            gradient[i] = (high - low) / (_DIFFERENCE * (2.0 if both else 1.0))
        return gradient
