"""Many datasets with the same pixels, evaluated by one compiled function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autoarray import exc
from autoarray.type import Array
from autogalaxy.inference.fitness import Fitness


class FitnessStack:
    """The fitness of each of m datasets at a vector of its own; made by ``fitness.for_datasets(datasets)``."""

    def __init__(self, fitness_list: Sequence[Fitness]) -> None:
        if not fitness_list:
            raise exc.SearchException("for_datasets got no dataset, wanted at least one: fitness.for_datasets([a, b]).")
        self.fitness_list = list(fitness_list)
        self._first = self.fitness_list[0]
        self._arrays: Any = None

    def __len__(self) -> int:
        return len(self.fitness_list)

    def __call__(self, vectors: Array) -> Array:
        """Compiled figures of merit, ``(m, p) -> (m,)``, or of b vectors for each dataset, ``(m, b, p) -> (m, b)``."""
        return self._of("_stack", vectors, lambda jax: self._first.call_with)

    def value_and_grad(self, vectors: Array) -> tuple[Array, Array]:
        """Compiled values and gradients, ``(m, p) -> (m,), (m, p)``, or with b vectors for each dataset."""
        return self._of(
            "_stack_value_and_grad", vectors, lambda jax: jax.value_and_grad(self._first.call_with, argnums=1)
        )

    def _of(self, name: str, vectors: Array, make: Callable[[Any], Callable]) -> Any:
        vectors = self._first._as_array(vectors)
        parameters = self._first.model.prior_count
        if vectors.ndim not in (2, 3) or (len(vectors), vectors.shape[-1]) != (len(self), parameters):
            raise exc.SearchException(
                f"vectors of shape {vectors.shape} for {len(self)} datasets and {parameters} free parameters, wanted "
                f"({len(self)}, {parameters}), or ({len(self)}, b, {parameters}) for b vectors of each dataset."
            )
        function = self._first._function(name, lambda jax: _over_datasets(jax, make(jax)))
        return function(self._stacked_arrays(), vectors)

    def _stacked_arrays(self) -> Any:
        """The arrays of all datasets with one more axis in front, ``(m, ...)``."""
        if self._arrays is None:
            import jax

            xp = self._first.analysis._xp
            self._arrays = jax.tree.map(lambda *each: xp.stack(each), *[f.arrays() for f in self.fitness_list])
        return self._arrays

    def __getstate__(self) -> dict[str, Any]:
        """Stacked arrays are made anew on first use."""
        return {**vars(self), "_arrays": None}


def _over_datasets(jax: Any, function: Callable) -> Callable:
    """``function`` of each dataset and its vectors: one after another on a processor, at once elsewhere."""
    one_by_one = jax.default_backend() == "cpu"

    def of_rows(arrays: Any, rows: Array) -> Any:
        if rows.ndim == 1:
            return function(arrays, rows)
        if one_by_one:
            return jax.lax.map(lambda row: function(arrays, row), rows)
        return jax.vmap(function, in_axes=(None, 0))(arrays, rows)

    if one_by_one:
        return lambda arrays, vectors: jax.lax.map(lambda each: of_rows(*each), (arrays, vectors))
    return jax.vmap(of_rows)
