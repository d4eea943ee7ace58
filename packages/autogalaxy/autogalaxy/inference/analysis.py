"""What a search asks of a dataset: a likelihood, residuals, and whether an instance makes sense."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import activate_pytrees, namespace_from
from autoarray.type import Array, Namespace
from autogalaxy.inference.instance import is_ordered_from, is_physical_from
from autogalaxy.inference.verdict import Finding

logger = logging.getLogger(__name__)


class Analysis:
    """Log likelihood of a model's instance given data.

    A subclass for a dataset overrides :meth:`residual_vector_from` (least-squares searches need it) or
    :meth:`log_likelihood_function`, and :meth:`fit_from`.
    """

    stored_name: ClassVar[str] = ""
    """What files call this class, which then can be stored and made again; a subclass has a name of its own or none."""
    not_in_identifier: ClassVar[tuple[str, ...]] = ("_kernels", "_single_precision")
    """Attributes that change nothing in what is found; all others, private ones too, tell one fit from another.

    A subclass whose data cannot be hashed defines ``data_hash()``, a string that then stands for all attributes.
    """
    log_likelihood_offset: float = 0.0
    """What is added to minus half of the sum of squared residuals: the normalization of the noise."""

    latent_units: Mapping[str, str] = MappingProxyType({})
    """Units of :meth:`latents_from`, by name or by the last part of a name with dots."""
    latent_periods: Mapping[str, float] = MappingProxyType({})
    """Periods of those that are angles, in the same way."""

    def __init__(self, use_jax: bool = False) -> None:
        if not isinstance(use_jax, bool | np.bool_):
            raise exc.BackendException(
                f"{type(self).__name__} got use_jax={exc.shown(use_jax)}, wanted True or False: use_jax=True."
            )
        self.use_jax = bool(use_jax)
        if self.use_jax:
            switch_jax_on()

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_"):
            vars(self).pop("_kernels", None)  # compiled for what the analysis held until now
        object.__setattr__(self, name, value)

    def offers(self, name: str) -> bool:
        """Whether a subclass defines an optional method, such as ``residual_vector_from`` or ``dataset_arrays``."""
        return getattr(type(self), name) is not getattr(Analysis, name)

    def __add__(self, other: Analysis) -> Analysis:
        """One analysis of several datasets: ``a + b``, or ``sum([a, b, c])``."""
        from autogalaxy.inference.combined import combined_from

        return combined_from(self, other) if isinstance(other, Analysis) else NotImplemented

    def __radd__(self, other: Any) -> Analysis:
        return self if isinstance(other, int) and other == 0 else NotImplemented  # what sum() starts from

    @property
    def _xp(self) -> Namespace:
        return namespace_from(self.use_jax)

    def log_likelihood_function(self, instance: Any) -> Any:
        """Log likelihood of ``instance``, a float or a 0-d ``jax.Array``."""
        residuals = self.residual_vector_from(instance)
        return -0.5 * self._xp.sum(residuals**2) + self.log_likelihood_offset

    def residual_vector_from(self, instance: Any) -> Array:
        """Normalized residuals r, ``(n,)``, such that ln L = -r.r / 2 + ``log_likelihood_offset``.

        More of them, behind those of the data, are penalties that a least-squares search minimizes beside them.
        """
        raise exc.SearchException(
            f"{type(self).__name__} offers no residual_vector_from(instance), which a least-squares search wants. "
            "Define it, or use a search that needs the likelihood alone."
        )

    def residuals_of_data(self, residuals: Array) -> Array:
        """Those of :meth:`residual_vector_from` whose squares make up the likelihood; all of them by default."""
        return residuals

    def fit_from(self, instance: Any) -> Any:
        """The fit of ``instance`` to the data, with its maps."""
        raise exc.FitException(f"{type(self).__name__} offers no fit_from(instance). Define it in the subclass.")

    def dataset_arrays(self) -> Any:
        """What of the dataset may be an argument of a compiled likelihood, a pytree of arrays."""
        raise exc.SearchException(
            f"{type(self).__name__} offers no dataset_arrays() and with_arrays(arrays), which dataset_as_argument=True "
            "wants. Define them, or write Fitness(model, analysis)."
        )

    def with_arrays(self, arrays: Any) -> Self:
        """This analysis of another dataset with these :meth:`dataset_arrays`, which JAX may trace."""
        raise exc.SearchException(f"{type(self).__name__} offers no with_arrays(arrays). Define it in the subclass.")

    def for_dataset(self, dataset: Any) -> Self:
        """An analysis of another dataset for which the same compiled likelihood holds, or our error."""
        raise exc.SearchException(f"{type(self).__name__} offers no for_dataset(dataset). Define it in the subclass.")

    def model_for(self, model: Any) -> Any:
        """The model that is fitted where ``model`` is given: another one where datasets have their own parameters."""
        return model

    def most_likely_from(self, model: Any, **settings: Any) -> Any:
        """The result of a strategy of its own for the best fit, which the default search then uses, or ``None``."""
        return None

    def verdict_findings_from(self, instance: Any, model: Any) -> list[Finding]:
        """What the best fit says of itself, such as structure in its residuals; nothing by default."""
        return []

    def latents_from(self, instance: Any) -> dict[str, float]:
        """Quantities that follow from an instance, by name; a subclass says which."""
        return {}

    def sky_positions_from(self, instance: Any) -> dict[str, Any] | None:
        """Where the parts of an instance are on the sky, by path; ``None`` where the data do not say."""
        return None

    def sky_summary_from(self, instance: Any) -> dict[str, Any] | None:
        """The same in plain JSON types."""
        return None

    def is_physical(self, instance: Any) -> Any:
        """Whether every parameter is inside its domain, a boolean scalar of the backend."""
        return is_physical_from(instance, xp=self._xp)

    def is_ordered(self, instance: Any) -> Any:
        """Whether free redshifts keep the order of planes that the model fixed, a boolean scalar of the backend."""
        return is_ordered_from(instance, xp=self._xp)

    def __getstate__(self) -> dict[str, Any]:
        """Compiled kernels of searches neither pickle nor copy; they are made anew on first use."""
        return {name: value for name, value in vars(self).items() if name != "_kernels"}

    def checks_before_search(self, model: Any) -> dict[str, dict[str, Any]]:
        """What is measured before a search, by name, in plain types with a ``summary`` that is printed; may refuse."""
        return {}

    def checks_after_search(self, model: Any, vector: Array) -> dict[str, dict[str, Any]]:
        """What is measured at the best physical vector of a search, like :meth:`checks_before_search`; never refuses.

        What it finds is added to what the check of that name found before.
        """
        return {}

    def over_sampling_check_from(self, instance: Any) -> dict[str, Any] | None:
        """What finer sub-pixels change, in plain types with ``holds`` and a ``summary``; ``None`` if there are none."""
        return None

    def refined_for(self, instance: Any, error: float = 0.1) -> Self:
        """This analysis with sub-pixels that leave errors below ``error`` of the noise for an instance."""
        return self

    def to_stored(self) -> tuple[dict[str, np.ndarray], dict[str, Any]] | None:
        """Arrays and plain types from which :meth:`from_stored` makes an equal analysis; ``None`` without that."""
        return None

    @classmethod
    def from_stored(cls, arrays: Mapping[str, np.ndarray], settings: Mapping[str, Any]) -> Analysis:
        """The analysis in NumPy of which :meth:`to_stored` gave the parts."""
        raise exc.FileException(f"{cls.__name__} offers no from_stored(arrays, settings). Define it in the subclass.")

    def on_data_of(self, other: Any) -> Self:
        """This analysis on the dataset of one that was stored by it, whose sub-pixels may be finer."""
        return self

    def write_fit(self, instance: Any, folder: Path) -> dict[str, Any]:
        """Write what there is to see of the fit of an instance, in NumPy; its figures in plain types."""
        return {}

    def make_result(self, samples: Any, search: Any) -> Any:
        """The result of ``search``; a subclass returns one that knows its fits."""
        from autogalaxy.inference.result import Result

        return Result(samples=samples, analysis=self, search_info=search.info if search is not None else {})


def switch_jax_on() -> None:
    """Import JAX, let our objects cross ``jax.jit``, and compute in double precision (chi-squared sums need it)."""
    namespace_from(use_jax=True)  # one sentence of ours where JAX is not installed
    import jax

    activate_pytrees()
    if not np.dtype(jax.dtypes.canonicalize_dtype(np.float64)) == np.float64:
        jax.config.update("jax_enable_x64", True)
        logger.info("use_jax=True: jax_enable_x64 is switched on, all JAX computations are in double precision now.")
