"""The function of a parameter vector that searches call, on either backend."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.concrete import number_from
from autoarray.type import Array
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.instance import REFUSALS
from autogalaxy.inference.model import AbstractModel

if TYPE_CHECKING:
    from autogalaxy.inference.fitness_stack import FitnessStack


class Fitness:
    """Figure of merit of physical parameters: the log likelihood, or the log posterior.

    ``fitness(vector)``, ``jax.vmap(fitness)(matrix)``, ``jax.grad(fitness)`` and ``jax.jit(fitness)`` work alike. A
    vector whose instance is unphysical, out of the order of planes, against an assertion of the model, or without a
    finite likelihood gets ``resample_figure_of_merit``.

    With ``dataset_as_argument`` compiled functions take data, noise and PSF as arguments, so that the fitness of
    another dataset on the same pixels (:meth:`for_dataset`), or of many (:meth:`for_datasets`), compiles nothing.
    """

    def __init__(
        self,
        model: AbstractModel,
        analysis: Analysis,
        fom_is_log_likelihood: bool = True,
        resample_figure_of_merit: float = -1e99,
        dataset_as_argument: bool = False,
    ) -> None:
        if not isinstance(model, AbstractModel) or not isinstance(analysis, Analysis):
            raise exc.SearchException(
                f"got a {type(model).__name__} as model and a {type(analysis).__name__} as analysis, but wants "
                "Fitness(model, analysis) or search.fit(model, analysis) of a Collection or Model and an Analysis."
            )
        self.model = model
        self.analysis = analysis
        self.fom_is_log_likelihood = fom_is_log_likelihood
        self.resample_figure_of_merit = number_from(resample_figure_of_merit)
        if not self.resample_figure_of_merit < np.inf:
            got = f"resample_figure_of_merit={exc.shown(resample_figure_of_merit)}"
            raise exc.SearchException(f"Fitness got {got}, but wants a number: -1e99.")
        if not isinstance(fom_is_log_likelihood, bool) or not isinstance(dataset_as_argument, bool):
            got = f"{exc.shown(fom_is_log_likelihood)} and dataset_as_argument={exc.shown(dataset_as_argument)}"
            raise exc.SearchException(f"Fitness got fom_is_log_likelihood={got}, but wants True or False.")
        self.dataset_as_argument = dataset_as_argument
        self._medians = np.array(model.physical_values_from_prior_medians)
        self._arrays: Any = None
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
            return self._call_jax(self.analysis, vector)
        try:
            with np.errstate(all="ignore"):  # what is not finite is judged below
                return self._call_numpy(vector)
        except REFUSALS:
            return self.resample_figure_of_merit

    def call_with(self, arrays: Any, vector: Array) -> Any:
        """:meth:`call` for the ``arrays`` of a dataset; those of this one where they are ``None``."""
        analysis = self.analysis if arrays is None else self.analysis.with_arrays(arrays)
        return self._call_jax(analysis, vector)

    def _call_numpy(self, vector: np.ndarray) -> float:
        instance = self.model.instance_from_vector(vector)
        if not bool(self.is_allowed(vector, instance)):
            return self.resample_figure_of_merit
        figure_of_merit = float(self.analysis.log_likelihood_function(instance)) + float(self._log_prior(vector))
        return figure_of_merit if np.isfinite(figure_of_merit) else self.resample_figure_of_merit

    def _call_jax(self, analysis: Analysis, vector: Array) -> Any:
        xp = analysis._xp
        vector = xp.asarray(vector, dtype=float)
        allowed = self.is_allowed(vector, self.model.instance_from_vector(vector, xp=xp))
        # the likelihood never sees what is not allowed, so that its gradient there is zero and not NaN
        instance = self.model.instance_from_vector(xp.where(allowed, vector, self._medians), xp=xp)
        figure_of_merit = analysis.log_likelihood_function(instance) + self._log_prior(vector)
        good = xp.logical_and(allowed, xp.isfinite(figure_of_merit))
        return xp.where(good, figure_of_merit, self.resample_figure_of_merit)

    def is_allowed(self, vector: Array, instance: Any) -> Any:
        """Whether the instance is physical, in the order of planes and as asserted, a boolean scalar."""
        xp = self.analysis._xp
        physical, ordered = self.analysis.is_physical(instance), self.analysis.is_ordered(instance)
        # a reduction, because XLA would write a chain of comparisons into every loop that uses it, and compile them all
        return xp.all(xp.stack([xp.asarray(c) for c in (physical, ordered, self.model.assertions_hold(vector, xp=xp))]))

    def _log_prior(self, vector: Array) -> Any:
        if self.fom_is_log_likelihood:
            return 0.0
        return self.analysis._xp.sum(self.model.log_priors_from_vector(vector, xp=self.analysis._xp))

    # ------------------------------------------------------------------ other datasets, nothing compiled anew

    def for_dataset(self, dataset: Any) -> Fitness:
        """The fitness of another dataset with the same pixels, sub-pixels and shape of PSF; shares what is compiled."""
        if not (self.dataset_as_argument and self.analysis.use_jax):
            raise exc.SearchException(
                f"for_dataset of a Fitness with dataset_as_argument={self.dataset_as_argument} and "
                f"use_jax={self.analysis.use_jax}, wanted both: Fitness(model, AnalysisImaging(dataset, use_jax=True), "
                "dataset_as_argument=True)."
            )
        return self.of(self.analysis.for_dataset(dataset))

    def of(self, analysis: Analysis) -> Fitness:
        """The fitness of an analysis that :meth:`Analysis.for_dataset` made; shares what is compiled."""
        new = copy.copy(self)
        vars(new).update(vars(self))  # copies do not share what is compiled, this one does
        new.analysis, new._arrays = analysis, None
        return new

    def for_datasets(self, datasets: Iterable[Any]) -> FitnessStack:
        """One compiled function of m vectors for m datasets with the same pixels."""
        from autogalaxy.inference.fitness_stack import FitnessStack

        return FitnessStack([self.for_dataset(dataset) for dataset in datasets])

    def arrays(self) -> Any:
        """The arrays of the dataset as JAX arrays; ``None`` where they are constants of compiled functions."""
        if self.dataset_as_argument and self._arrays is None:
            import jax

            self._arrays = jax.tree.map(self.analysis._xp.asarray, self.analysis.dataset_arrays())
        return self._arrays

    # ------------------------------------------------------------------ compiled once, kept while the fitness lives

    def _function(self, name: str, make: Callable[[Any], Callable]) -> Callable:
        """A compiled function of the arrays of a dataset, or ``None``, and of a vector or a batch."""
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

    def _over_rows(self, jax: Any) -> Callable[[Any, Array], Array]:
        """The figure of merit of each row of a batch."""
        if jax.default_backend() != "cpu":
            return jax.vmap(self.call_with, in_axes=(None, 0))
        return lambda arrays, rows: jax.lax.map(partial(self.call_with, arrays), rows)

    def _jit(self, vector: Array) -> Any:
        """Compiled figure of merit, ``(p,) -> ()``; NumPy where the analysis is."""
        if not self.analysis.use_jax:
            return self(vector)
        return self._function("_jit", lambda jax: self.call_with)(self.arrays(), self._as_array(vector))

    def _grad(self, vector: Array) -> Array:
        """Compiled gradient, ``(p,) -> (p,)``."""
        function = self._function("_grad", lambda jax: jax.grad(self.call_with, argnums=1))
        return function(self.arrays(), self._as_array(vector))

    def _value_and_grad(self, vector: Array) -> tuple[Any, Array]:
        """Compiled value and gradient, ``(p,) -> (), (p,)``."""
        function = self._function("_value_and_grad", lambda jax: jax.value_and_grad(self.call_with, argnums=1))
        return function(self.arrays(), self._as_array(vector))

    def _vmap(self, parameters: Array) -> Array:
        """Figures of merit of a batch of any size, ``(b, p) -> (b,)``; a loop where the analysis is NumPy's.

        On a processor compiled code goes through the rows one by one: the arrays of one fit its cache, those of a
        batch do not, so that this is twice as fast as ``jax.vmap`` and takes the memory of one evaluation.
        """
        if not self.analysis.use_jax:
            return np.array([self(vector) for vector in np.atleast_2d(parameters)])
        batch = self._as_array(parameters)
        function = partial(self._function("_vmap", self._over_rows), self.arrays())
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
        return {**vars(self), "_compiled": {}, "_batch_sizes": set(), "_arrays": None}
