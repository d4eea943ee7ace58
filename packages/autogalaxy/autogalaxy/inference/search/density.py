"""The log likelihood and its gradient in the coordinates in which every prior is a standard normal distribution."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.type import Array
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.distinct_optima import exchanged
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.posterior.density import REFUSED, LogDensity

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
        self.batch = LogDensity(self.model, analysis)
        """The same function of many points at once."""
        self.coordinates = self.batch.coordinates
        self.analysis = analysis

    def of(self, analysis: Analysis) -> Density:
        """The density of an analysis that :meth:`Analysis.for_dataset` made; shares what is compiled."""
        return Density(self.model, analysis)

    @property
    def size(self) -> int:
        return self.coordinates.size

    @property
    def use_jax(self) -> bool:
        return self.analysis.use_jax

    def exchanged(self, z: np.ndarray) -> Iterator[np.ndarray]:
        """Places in which two components of one class are in each other's place."""
        vector = np.asarray(self.coordinates.vector_from(z))
        return (np.asarray(self.coordinates.z_from(row)) for row in exchanged(vector, self.model))

    def arrays(self) -> Any:
        """Arrays of the dataset, which are arguments of what is compiled; ``None`` where the analysis has none."""
        return self.batch.fitness.arrays() if self.use_jax else None

    def log_likelihood_from(self, z: Array, arrays: Any = None) -> Any:
        """Log likelihood, ``(p,) -> ()``, as the fitness gives it."""
        fitness = self.batch.fitness
        vector = self.coordinates.vector_from(z, xp=self.analysis._xp)
        return fitness.call_with(arrays, vector) if self.use_jax else self.batch.one(vector)

    def value_and_gradient(self, z: Array, arrays: Any = None) -> tuple[Any, Array]:
        """Log likelihood and its derivatives by z, ``(p,) -> (), (p,)``; JAX can transform it under JAX."""
        xp = self.analysis._xp
        if self.use_jax:
            import jax

            value, gradient = jax.value_and_grad(self.log_likelihood_from)(z, arrays)
        else:
            value = self.log_likelihood_from(z)
            gradient = self._differences(z, value)
        good = xp.logical_and(value > REFUSED, xp.all(xp.isfinite(gradient)))
        return xp.where(good, value, -np.inf), xp.where(good, gradient, 0.0)

    def _differences(self, z: np.ndarray, here: float) -> np.ndarray:
        """Central differences; towards the side that is allowed where only one is."""
        gradient = np.zeros(self.size)
        if not here > REFUSED:
            return gradient
        for i, unit in enumerate(np.eye(self.size)):
            high, low = (self.log_likelihood_from(z + sign * _DIFFERENCE * unit) for sign in (1.0, -1.0))
            both = high > REFUSED and low > REFUSED
            high, low = (value if value > REFUSED else here for value in (high, low))
            gradient[i] = (high - low) / (_DIFFERENCE * (2.0 if both else 1.0))
        return gradient
