"""What a combined analysis gives back: a fit and a result for each dataset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray.abstract_ndarray import InstancePytree
from autogalaxy.inference.result import Result
from autogalaxy.inference.samples import Samples

if TYPE_CHECKING:
    from autogalaxy.inference.combined import CombinedAnalysis

_SUMMED = ("delta_log_likelihood", "sub_pixels")
"""Figures of a check that add up over datasets; of others the largest counts."""


class CombinedFit(InstancePytree):
    """The fits of one instance to several datasets, by position or by name; crosses ``jax.jit`` as one object."""

    no_flatten = ("names",)

    def __init__(self, fits: Sequence[Any], names: Sequence[str]) -> None:
        self.fits = tuple(fits)
        self.names = tuple(names)

    def __getitem__(self, key: int | str) -> Any:
        return self.fits[key if isinstance(key, int) else self.names.index(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fits)

    def __len__(self) -> int:
        return len(self.fits)

    def _sum(self, name: str) -> Any:
        return sum(getattr(fit, name) for fit in self.fits)

    @property
    def figure_of_merit(self) -> Any:
        """Sum over the datasets, as are the properties that follow."""
        return self._sum("figure_of_merit")

    @property
    def log_likelihood(self) -> Any:
        return self._sum("log_likelihood")

    @property
    def chi_squared(self) -> Any:
        return self._sum("chi_squared")

    @property
    def noise_normalization(self) -> Any:
        return self._sum("noise_normalization")

    @property
    def warnings(self) -> list[str]:
        """Warnings of each fit, with the name of its dataset."""
        pairs = zip(self.names, self.fits, strict=True)
        return [f"{name}: {text}" for name, fit in pairs for text in getattr(fit, "warnings", ())]


class CombinedResult(Result):
    """The result of a fit to several datasets; ``result["g"]`` or ``result[0]`` is that of one of them.

    The result of one dataset has the samples of its own parameters, with the log likelihoods of all datasets, and
    what its analysis adds: the tracer of a lens.
    """

    analysis: CombinedAnalysis

    @property
    def results(self) -> list[Result]:
        """One for each dataset."""
        return [self[i] for i in range(len(self.analysis.analyses))]

    def __getitem__(self, key: int | str) -> Any:
        names = self.analysis.names
        index = key if isinstance(key, int) else names.index(key)
        _, model, columns = self.analysis.parts_of(self.original_model)[index]
        samples = samples_of_part(self.samples, model, columns)
        result = self.analysis.analyses[index].make_result(samples, None)
        result.search_info = self.search_info
        return result

    def __len__(self) -> int:
        return len(self.analysis.analyses)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)


def samples_of_part(samples: Samples, model: Any, columns: np.ndarray) -> Samples:
    """The samples of the parameters of one dataset; their likelihoods and weights are those of all datasets."""
    covariance = samples.covariance
    return Samples(
        model,
        samples.parameters[:, columns],
        samples.log_likelihoods,
        log_priors=samples.log_priors,
        weights=samples.weights,
        covariance=None if covariance is None else covariance[np.ix_(columns, columns)],
    )


def joined_checks(checks: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """One check of all datasets from that of each, ``(name, check)``, which are in its ``datasets``."""
    joined: dict[str, Any] = {}
    for key in dict.fromkeys(key for _, check in checks for key in check):
        values = [check[key] for _, check in checks if key in check]
        if key == "holds":
            joined[key] = all(values)
        elif key == "summary":
            joined[key] = "; ".join(f"{name}: {check[key]}" for name, check in checks if key in check)
        elif all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            joined[key] = sum(values) if key in _SUMMED else max(values, key=abs)
        elif all(value == values[0] for value in values):
            joined[key] = values[0]
    return {**joined, "datasets": dict(checks)}
