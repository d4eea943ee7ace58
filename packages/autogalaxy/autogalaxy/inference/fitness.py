"""The function of a parameter vector that searches call, on either backend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.type import Array
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.instance import REFUSALS, is_ordered_from
from autogalaxy.inference.model import AbstractModel


class Fitness:
    """Figure of merit of physical parameters: the log likelihood, or the log posterior.

    ``fitness(vector)``, ``jax.vmap(fitness)(matrix)``, ``jax.grad(fitness)`` and ``jax.jit(fitness)`` work alike. A
    vector whose instance is unphysical, out of the order of planes, against an assertion of the model, or without a
    finite likelihood gets ``resample_figure_of_merit``.
    """

    def __init__(
        self,
        model: AbstractModel,
        analysis: Analysis,
        fom_is_log_likelihood: bool = True,
        resample_figure_of_merit: float = -1e99,
    ) -> None:
        if not isinstance(model, AbstractModel) or not isinstance(analysis, Analysis):
            raise exc.SearchException(
                f"got a {type(model).__name__} as model and a {type(analysis).__name__} as analysis, but wants "
                "Fitness(model, analysis) or search.fit(model, analysis) of a Collection or Model and an Analysis."
            )
        self.model = model
        self.analysis = analysis
        self.fom_is_log_likelihood = fom_is_log_likelihood
        self.resample_figure_of_merit = float(resample_figure_of_merit)
        if np.isnan(self.resample_figure_of_merit):
            raise exc.SearchException("Fitness got resample_figure_of_merit=nan, but wants a number: -1e99.")
        self._medians = np.array(model.physical_values_from_prior_medians)
        self._compiled: dict[str, Any] = {}
        self._batch_sizes: set[int] = set()

    def __call__(self, vector: Array) -> Any:
        """Figure of merit at ``vector``, ``(p,) -> ()``."""
        if self.analysis.use_jax:
            return self._jit(vector)
        if is_traced(vector):
            raise exc.BackendException(
                "Fitness got a traced vector, but its analysis computes with NumPy. "
                f"Build it for JAX: {type(self.analysis).__name__}(..., use_jax=True)."
            )
        return self.call(np.asarray(vector, dtype=float))

    def call(self, vector: Array) -> Any:
        """Figure of merit without compilation; JAX can transform it."""
        if self.analysis.use_jax:
            return self._call_jax(vector)
        try:
            with np.errstate(all="ignore"):  # what is not finite is judged below
                return self._call_numpy(vector)
        except REFUSALS:
            return self.resample_figure_of_merit

    def _call_numpy(self, vector: np.ndarray) -> float:
        instance = self.model.instance_from_vector(vector)
        if not bool(self.is_allowed(vector, instance)):
            return self.resample_figure_of_merit
        figure_of_merit = float(self.analysis.log_likelihood_function(instance)) + float(self._log_prior(vector))
        return figure_of_merit if np.isfinite(figure_of_merit) else self.resample_figure_of_merit

    def _call_jax(self, vector: Array) -> Any:
        xp = self.analysis._xp
        vector = xp.asarray(vector, dtype=float)
        allowed = self.is_allowed(vector, self.model.instance_from_vector(vector, xp=xp))
        # the likelihood never sees what is not allowed, so that its gradient there is zero and not NaN
        instance = self.model.instance_from_vector(xp.where(allowed, vector, self._medians), xp=xp)
        figure_of_merit = self.analysis.log_likelihood_function(instance) + self._log_prior(vector)
        good = xp.logical_and(allowed, xp.isfinite(figure_of_merit))
        return xp.where(good, figure_of_merit, self.resample_figure_of_merit)

    def is_allowed(self, vector: Array, instance: Any) -> Any:
        """Whether the instance is physical, in the order of planes and as asserted, a boolean scalar."""
        xp = self.analysis._xp
        allowed = xp.logical_and(self.analysis.is_physical(instance), is_ordered_from(instance, xp=xp))
        return xp.logical_and(allowed, self.model.assertions_hold(vector, xp=xp))

    def _log_prior(self, vector: Array) -> Any:
        if self.fom_is_log_likelihood:
            return 0.0
        return self.analysis._xp.sum(self.model.log_priors_from_vector(vector, xp=self.analysis._xp))

    # ------------------------------------------------------------------ compiled once, kept while the fitness lives

    def _function(self, name: str, make: Callable[[Any], Callable]) -> Callable:
        if name not in self._compiled:
            if not self.analysis.use_jax:
                raise exc.BackendException(
                    f"Fitness.{name} needs JAX, but the analysis computes with NumPy. "
                    f"Build it for JAX: {type(self.analysis).__name__}(..., use_jax=True)."
                )
            import jax

            self._compiled[name] = jax.jit(make(jax))
        return self._compiled[name]

    def _as_array(self, vector: Array) -> Array:
        return self.analysis._xp.asarray(vector, dtype=float)

    def _over_rows(self, jax: Any) -> Callable[[Array], Array]:
        """The figure of merit of each row of a batch."""
        if jax.default_backend() != "cpu":
            return jax.vmap(self.call)
        return lambda rows: jax.lax.map(self.call, rows)

    def _jit(self, vector: Array) -> Any:
        """Compiled figure of merit, ``(p,) -> ()``; NumPy where the analysis is."""
        if not self.analysis.use_jax:
            return self(vector)
        return self._function("_jit", lambda jax: self.call)(self._as_array(vector))

    def _grad(self, vector: Array) -> Array:
        """Compiled gradient, ``(p,) -> (p,)``."""
        return self._function("_grad", lambda jax: jax.grad(self.call))(self._as_array(vector))

    def _value_and_grad(self, vector: Array) -> tuple[Any, Array]:
        """Compiled value and gradient, ``(p,) -> (), (p,)``."""
        return self._function("_value_and_grad", lambda jax: jax.value_and_grad(self.call))(self._as_array(vector))

    def _vmap(self, parameters: Array) -> Array:
        """Figures of merit of a batch of any size, ``(b, p) -> (b,)``; a loop where the analysis is NumPy's.

        On a processor compiled code goes through the rows one by one: the arrays of one fit its cache, those of a
        batch do not, so that this is twice as fast as ``jax.vmap`` and takes the memory of one evaluation.
        """
        if not self.analysis.use_jax:
            return np.array([self(vector) for vector in np.atleast_2d(parameters)])
        batch = self._as_array(parameters)
        function = self._function("_vmap", self._over_rows)
        if batch.ndim != 2 or is_traced(batch):
            return function(batch)
        size = len(batch)
        fitting = [known for known in self._batch_sizes if size <= known <= 4 * size]
        if size == 0 or size in self._batch_sizes or not fitting:
            self._batch_sizes.add(size)
            return function(batch)
        # a last batch that is a little short is filled up: cheaper than compiling for its size
        xp = self.analysis._xp
        padding = xp.broadcast_to(batch[:1], (min(fitting) - size, batch.shape[1]))
        return function(xp.concatenate([batch, padding]))[:size]

    def __getstate__(self) -> dict[str, Any]:
        """Compiled functions neither pickle nor copy; they are made anew on first use."""
        return {**vars(self), "_compiled": {}, "_batch_sizes": set()}
