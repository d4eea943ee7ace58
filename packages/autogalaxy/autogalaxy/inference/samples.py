"""Points of the parameter space that a search visited, with their likelihoods and weights."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autoarray.concrete import real_array_from
from autogalaxy.inference import archive
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.output import write_atomic

_ARRAYS = ("parameters", "log_likelihoods", "log_priors", "weights")
_LARGEST_NAMES = 64 * 2**20
"""Bytes of the names of the parameters beyond which they are not read."""


def _numbers_from(values: Any, name: str) -> np.ndarray:
    """A copy as floats; JAX's own too."""
    numbers = real_array_from(values)
    if numbers is None:
        raise exc.SearchException(f"Samples got {name} that are no numbers: {exc.shown(values)}.")
    return numbers


class Samples:
    """Weighted samples of a model's parameters.

    With ``covariance`` (a search that measured it at the maximum, from the Fisher matrix) the errors are those of the
    Gaussian around the maximum; without, they are quantiles of the weighted samples.

    Parameters
    ----------
    parameters
        Physical parameters, ``(n, p)``.
    log_likelihoods, log_priors, weights
        Each ``(n,)``; weights are normalized to a sum of one.
    """

    @checked(exc.SearchException)
    def __init__(
        self,
        model: AbstractModel,
        parameters: np.ndarray,
        log_likelihoods: np.ndarray,
        log_priors: np.ndarray | None = None,
        weights: np.ndarray | None = None,
        covariance: np.ndarray | None = None,
    ) -> None:
        self.model = model
        self.parameters = np.atleast_2d(_numbers_from(parameters, "parameters"))
        if self.parameters.ndim != 2 or len(self.parameters) == 0 or self.parameters.shape[1] != model.prior_count:
            raise exc.SearchException(
                f"Samples got parameters of shape {self.parameters.shape}, but the model has {model.prior_count} free "
                "parameters: Samples(model, parameters) wants one column for each, and a row."
            )
        if not np.all(np.isfinite(self.parameters)):
            row = int(np.argmin(np.isfinite(self.parameters).all(axis=1)))
            raise exc.SearchException(f"Samples got the parameters {self.parameters[row]} in row {row}, not finite.")
        count = len(self.parameters)
        self.log_likelihoods = self._column(log_likelihoods, count, "log_likelihoods")
        if log_priors is None:
            log_priors = np.sum(model.log_priors_from_vector(self.parameters), axis=-1)
        self.log_priors = self._column(log_priors, count, "log_priors")
        weights = np.full(count, 1.0) if weights is None else self._column(weights, count, "weights")
        if not (np.all(weights >= 0.0) and 0.0 < np.sum(weights) < np.inf):
            raise exc.SearchException(
                f"Samples got weights that sum to {np.sum(weights)}, but wants them not negative."
            )
        self.weights = weights / np.sum(weights)
        self._covariance = None if covariance is None else _numbers_from(covariance, "a covariance")
        if self._covariance is not None and not np.all(np.isfinite(self._covariance)):
            raise exc.SearchException(f"Samples got the covariance {exc.shown(covariance)}, wanted finite numbers.")

    @staticmethod
    def _column(values: Any, count: int, name: str) -> np.ndarray:
        column = _numbers_from(values, name).reshape(-1)
        if len(column) != count:
            raise exc.SearchException(f"Samples got {len(column)} {name}, but wants one for each of {count} samples.")
        return column

    def __len__(self) -> int:
        return len(self.parameters)

    @property
    def names(self) -> list[str]:
        return self.model.paths

    @property
    def log_posteriors(self) -> np.ndarray:
        return self.log_likelihoods + self.log_priors

    # ------------------------------------------------------------------ the maximum

    @property
    def max_log_likelihood_index(self) -> int:
        if np.all(np.isnan(self.log_likelihoods)):
            raise exc.SearchException(f"All {len(self)} log likelihoods of the samples are nan, wanted a number.")
        return int(np.nanargmax(self.log_likelihoods))

    @property
    def max_log_likelihood(self) -> float:
        return float(self.log_likelihoods[self.max_log_likelihood_index])

    @property
    def max_log_likelihood_vector(self) -> np.ndarray:
        """Physical parameters of the highest likelihood, ``(p,)``."""
        return self.parameters[self.max_log_likelihood_index]

    @property
    def max_log_likelihood_instance(self) -> Any:
        return self.model.instance_from_vector(self.max_log_likelihood_vector)

    # ------------------------------------------------------------------ the distribution

    @property
    def covariance(self) -> np.ndarray | None:
        """That of the Gaussian around the maximum where the search measured it, ``(p, p)``; ``None`` for draws."""
        return self._covariance

    @property
    def covariance_matrix(self) -> np.ndarray:
        """Covariance of the parameters, ``(p, p)``."""
        if self._covariance is not None:
            return self._covariance
        offset = self.parameters - self.weights @ self.parameters
        return (self.weights[:, None] * offset).T @ offset

    @property
    def median_pdf_vector(self) -> np.ndarray:
        """Median of each marginal distribution, ``(p,)``; of a Gaussian around the maximum, the maximum."""
        if self._covariance is not None:
            return self.max_log_likelihood_vector
        return self._quantiles(0.5)

    def median_pdf(self) -> Any:
        """The instance of the marginal medians."""
        return self.model.instance_from_vector(self.median_pdf_vector)

    def values_at_sigma(self, sigma: float = 1.0) -> list[tuple[float, float]]:
        """Lower and upper end of the central interval that holds as much as ``sigma`` of a Gaussian."""
        if self._covariance is not None:
            reach = sigma * np.sqrt(np.clip(np.diag(self._covariance), 0.0, None))
            low, high = self.max_log_likelihood_vector - reach, self.max_log_likelihood_vector + reach
        else:
            outside = 0.5 * math.erfc(sigma / math.sqrt(2.0))
            low, high = self._quantiles(outside), self._quantiles(1.0 - outside)
        return [(float(lo), float(hi)) for lo, hi in zip(low, high, strict=True)]

    def errors_at_sigma(self, sigma: float = 1.0) -> list[tuple[float, float]]:
        """Distance from the median down and up to the ends of :meth:`values_at_sigma`."""
        median = self.median_pdf_vector
        ends = self.values_at_sigma(sigma)
        return [(float(m - lo), float(hi - m)) for m, (lo, hi) in zip(median, ends, strict=True)]

    def _quantiles(self, quantile: float) -> np.ndarray:
        """Weighted quantile of each column: linear between the middles of the samples' shares."""
        values = []
        for column in self.parameters.T:
            order = np.argsort(column, kind="stable")
            shares = self.weights[order]
            values.append(np.interp(quantile, np.cumsum(shares) - 0.5 * shares, column[order]))
        return np.array(values)

    @property
    def summary(self) -> str:
        """A table of the median and one-sigma errors of each parameter."""
        rows = zip(self.names, self.median_pdf_vector, self.errors_at_sigma(1.0), self.model.units, strict=True)
        width = max(len(name) for name in self.names)
        lines = [f"{n.ljust(width)}  {m:12.6g}  -{lo:.3g} +{hi:.3g} {unit}".rstrip() for n, m, (lo, hi), unit in rows]
        return "\n".join([f"Maximum log likelihood: {self.max_log_likelihood:.4f}", "", *lines])

    # ------------------------------------------------------------------ files

    def to_bytes(self) -> bytes:
        """The arrays as an NPZ archive; nothing in it can run code."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        if self._covariance is not None:
            arrays["covariance"] = self._covariance
        return archive.bytes_of({"names": np.array(self.names, dtype=str), **arrays}, compressed=True)

    def to_npz(self, path: str | Path) -> None:
        """Write :meth:`to_bytes` to a file."""
        write_atomic(Path(path), self.to_bytes())

    def to_csv(self) -> str:
        """A table with a row for each sample: the parameters by path, ``log_likelihood``, ``log_prior``, ``weight``.

        Numbers are written with all their digits.
        """
        table = np.column_stack((self.parameters, self.log_likelihoods, self.log_priors, self.weights))
        header = ",".join([*self.names, "log_likelihood", "log_prior", "weight"])
        return "\n".join([header, *(",".join(map(repr, row)) for row in table.tolist())]) + "\n"

    @classmethod
    def from_npz(cls, path: str | Path, model: AbstractModel) -> Samples:
        """Read what :meth:`to_npz` wrote for ``model``."""
        try:
            content = Path(path).read_bytes()
        except FileNotFoundError:
            raise exc.FileException(f"There are no samples at {path}. Write them with samples.to_npz(path).") from None
        except OSError as error:
            raise exc.FileException(f"{path} cannot be read ({error}).") from None
        return cls.from_bytes(content, model, path)

    @classmethod
    def from_bytes(cls, content: bytes, model: AbstractModel, path: str | Path = "the archive") -> Samples:
        """Read what :meth:`to_bytes` gave for ``model``; ``path`` is named in errors."""
        count = model.prior_count
        shapes = {"parameters": (None, count), **dict.fromkeys(_ARRAYS[1:], (None,)), "covariance": (count, count)}
        try:
            found = archive.arrays_from(content, str(path), _LARGEST_NAMES, wanted={"names": (None,)})
        except exc.FileException as error:
            raise exc.FileException(f"{error} There are no readable samples: write them with samples.to_npz.") from None
        if (names := found.get("names", np.array([])).tolist()) != model.paths:
            raise exc.FileException(
                f"{path} holds samples of {str(names)[:400]}, but the model has {model.paths}: "
                "Samples.from_npz(path, model) wants the model they were drawn from."
            )
        arrays = archive.arrays_from(content, str(path), wanted=shapes)
        if missing := [name for name in _ARRAYS if name not in arrays]:
            raise exc.FileException(f"{path} lacks {missing[0]}. Write it with samples.to_npz(path).")
        if wrong := [name for name, values in arrays.items() if values.dtype.kind not in "fiu"]:
            raise exc.FileException(f"{path} holds {wrong[0]} of type {arrays[wrong[0]].dtype}, wanted real numbers.")
        parameters, log_likelihoods, log_priors, weights = (arrays[name] for name in _ARRAYS)
        try:
            return cls(model, parameters, log_likelihoods, log_priors, weights, arrays.get("covariance"))
        except ValueError as error:
            raise exc.FileException(f"{path} holds no samples of this model: {error}") from None
