"""The least-squares problem that a model and an analysis pose, in coordinates scaled by the widths of the priors."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.type import Array
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.distinct_optima import exchanged
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.model import AbstractModel, Model

_MARGIN = 1e-6
"""Distance kept from a limit, in prior widths and at most in units of a limit that is not zero (a logarithmic prior is
wider than its lower limit by far): a radius of exactly zero is no profile."""


FIRST_DAMPING = 1e-2
"""Damping of the first step of a run."""


@dataclass(frozen=True, eq=False)
class Start:
    """Where a run begins, in scaled coordinates."""

    scaled: np.ndarray
    damping: float = FIRST_DAMPING


@dataclass(frozen=True, eq=False)
class Optimum:
    """Where one start ended, in scaled coordinates."""

    scaled: np.ndarray
    """Scaled parameters, ``(p,)``."""
    cost: float
    """Half of the (robust) sum of squared residuals; infinite where the start has no finite residuals."""
    half_chi_squared: float
    """Half of the plain sum of squared residuals of the data; the cost without robust loss and penalties."""
    hessian: np.ndarray
    """Gauss-Newton approximation of the second derivatives of the cost there, ``(p, p)``."""
    gradient: np.ndarray
    damping: float
    jacobians: int
    evaluations: int
    converged: bool


class LeastSquares:
    """Residuals, limits and linear parameters of a model, seen by the kernels of a least-squares search.

    Scaled coordinates are ``(vector - median) / width``. With ``robust_scale`` s the cost of a residual r is the
    pseudo-Huber ``s^2 (sqrt(1 + r^2 / s^2) - 1)``, quadratic below s and linear above.
    """

    def __init__(self, model: AbstractModel, analysis: Analysis, robust_scale: float | None = None) -> None:
        if model.prior_count == 0:
            raise exc.SearchException(
                "The search got a model without free parameters, but wants at least one: "
                "model.galaxies.lens.mass.einstein_radius = aa.UniformPrior(0.0, 3.0)."
            )
        if robust_scale is not None and (isinstance(robust_scale, str) or not robust_scale > 0.0):
            raise exc.SearchException(f"robust_scale is {robust_scale}, but wants a number above zero, or None.")
        _check_regularizations(model)
        self.model = model
        self.analysis = analysis
        self.robust_scale = robust_scale
        self.linear_indexes = np.array(model.linear_indexes, dtype=int)
        self._fitness = Fitness(model, analysis)
        priors = model.priors
        self.origin = np.array([prior.median for prior in priors])
        self.widths = np.array([prior.width for prior in priors])
        lower, upper = (np.array([getattr(p, f"{side}_limit") for p in priors]) for side in ("lower", "upper"))
        self.margins = np.array([self._margins_at(lower), self._margins_at(upper)])
        """Distances kept from the lower and the upper limits, scaled, ``(2, p)``."""
        self.lower = (lower - self.origin) / self.widths + self.margins[0]
        self.upper = (upper - self.origin) / self.widths - self.margins[1]

    def _margins_at(self, limits: np.ndarray) -> np.ndarray:
        """Scaled distances kept from ``limits``, ``(p,)``; not below rounding."""
        margins = np.where(limits == 0.0, _MARGIN, np.minimum(_MARGIN, _MARGIN * np.abs(limits) / self.widths))
        rounding = 4.0 * np.finfo(float).eps * np.abs(self.origin) / self.widths
        return np.maximum(margins, rounding)

    @property
    def size(self) -> int:
        return len(self.origin)

    def vector_from(self, scaled: Array) -> Array:
        return self.origin + self.widths * scaled

    def scaled_from(self, vector: Array) -> np.ndarray:
        vector = np.asarray(vector, dtype=float)
        if vector.shape != self.origin.shape or not np.all(np.isfinite(vector)):
            raise exc.SearchException(
                f"The search got the vector {vector}, but wants {self.size} finite values: initial_vectors and "
                "candidate_vectors are lists of physical parameter vectors."
            )
        return np.clip((vector - self.origin) / self.widths, self.lower, self.upper)

    def exchanged(self, scaled: np.ndarray) -> Iterator[np.ndarray]:
        """Scaled vectors in which two components of one class are in each other's place."""
        return (self.scaled_from(row) for row in exchanged(self.vector_from(scaled), self.model))

    def residuals_from(self, scaled: Array, arrays: Any = None) -> tuple[Array, Any]:
        """Normalized residuals, ``(n,)``, and whether the instance is one that may be fitted.

        ``arrays`` are those of the dataset where they are not constants of what is compiled.
        """
        vector = self.vector_from(scaled)
        return self._residuals_of(vector, vector, arrays)

    def residuals_with(self, linear: Array, scaled: Array, arrays: Any = None) -> tuple[Array, Any]:
        """The same with scaled values of the linear parameters in place of those in ``scaled``.

        Each parameter is a value of its own here, so that JAX differentiates nothing but light by its intensity.
        """
        values = list(self.vector_from(scaled))
        for value, i in zip(linear, self.linear_indexes, strict=True):
            values[i] = self.origin[i] + self.widths[i] * value
        return self._residuals_of(values, self.analysis._xp.stack(values), arrays)

    def _residuals_of(self, values: Any, vector: Array, arrays: Any) -> tuple[Array, Any]:
        """Residuals at physical parameters, given as a list and as an array too."""
        analysis = self.analysis if arrays is None else self.analysis.with_arrays(arrays)
        is_ours = type(self.model).instance_from_vector is AbstractModel.instance_from_vector  # others want an array
        instance = self.model.instance_from_vector(values if is_ours else vector, xp=analysis._xp)
        return analysis.residual_vector_from(instance), self._fitness.is_allowed(vector, instance)

    def of(self, analysis: Analysis) -> LeastSquares:
        """The same problem for another dataset on the same pixels."""
        new = copy.copy(self)
        new.analysis = analysis
        return new

    def weights_from(self, residuals: Array) -> Array:
        """Weights w with which the cost has the gradient ``J^T (w r)``, ``(n,) -> (n,)``."""
        xp = self.analysis._xp
        if self.robust_scale is None:
            return xp.ones_like(residuals)
        return 1.0 / xp.sqrt(1.0 + (residuals / self.robust_scale) ** 2)

    def half_chi_squared_from(self, residuals: Array) -> Any:
        """Half of the sum of squares without what is no data: the likelihood, less its offset."""
        return 0.5 * self.analysis._xp.sum(self.analysis.residuals_of_data(residuals) ** 2)

    def cost_from(self, residuals: Array, allowed: Any) -> Any:
        """Half of the sum of squares (or its robust form); infinite where not finite or not allowed."""
        xp = self.analysis._xp
        if self.robust_scale is None:
            cost = 0.5 * xp.sum(residuals**2)
        else:
            squared = self.robust_scale**2
            cost = squared * xp.sum(xp.sqrt(1.0 + residuals**2 / squared) - 1.0)
        return xp.where(xp.logical_and(allowed, xp.isfinite(cost)), cost, np.inf)


def _check_regularizations(model: AbstractModel) -> None:
    """The squares of residuals are least without any regularization, so that its strength cannot be free."""
    if paths := list(_free_regularizations(model, ())):
        raise exc.SearchException(
            f"A least-squares search got a model with a free coefficient in {', '.join(paths)}, but the sum of squares "
            f"is least where it vanishes. Fix it: model.{paths[0]}.coefficient = 1.0, or use a search that maximises "
            "the evidence, which is analysis.log_likelihood_function."
        )


def has_free_regularization(model: AbstractModel) -> bool:
    """Whether the strength of a regularization is free, which no least-squares search can find."""
    return any(True for _ in _free_regularizations(model, ()))


def _free_regularizations(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """Paths of the regularizations in a model that have free parameters."""
    if not isinstance(value, AbstractModel):
        return
    if isinstance(value, Model) and hasattr(value.cls, "regularization_matrix_from") and value.prior_count:
        yield ".".join(path)
    for name, item in value.items():
        yield from _free_regularizations(item, (*path, str(name)))
