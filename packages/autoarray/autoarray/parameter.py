"""The one declaration of a model parameter, and the priors it may have."""

from __future__ import annotations

import copy
import dataclasses
import math
from abc import abstractmethod
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.concrete import number_from
from autoarray.prior_arithmetic import Operand, PriorOrder
from autoarray.special_functions import special_functions_from

__all__ = [
    "GaussianPrior",
    "LogGaussianPrior",
    "LogUniformPrior",
    "Prior",
    "PriorOrder",
    "TruncatedGaussianPrior",
    "UniformPrior",
    "parameter",
]


def parameter(default: Any, *, unit: str, prior: Prior, linear: bool = False) -> Any:
    """A dataclass field that is a free parameter of a model.

    A tuple ``default`` (``centre``, ``ell_comps``) has one ``prior``, copied for each of its components.

    Parameters
    ----------
    default
        The value without a model, a float or a tuple of floats.
    unit
        The unit as it is written on a plot's axis, ``""`` for a pure number.
    prior
        The prior of a model that does not name another.
    linear
        True where the image is proportional to the parameter (an ``intensity``), so that least squares solves for it.
    """
    if not isinstance(prior, Prior):
        raise exc.PriorException(
            f"parameter() got prior={exc.shown(prior)}, but wants a prior: parameter({default!r}, unit={unit!r}, "
            "prior=aa.UniformPrior(lower_limit=0.0, upper_limit=1.0))."
        )
    numbers = [number_from(item) for item in (default if isinstance(default, tuple) else (default,))]
    if not all(math.isfinite(number) for number in numbers) or not isinstance(unit, str):
        raise exc.PriorException(
            f"parameter() got default={exc.shown(default)} and unit={exc.shown(unit)}, wanted a number or a tuple of "
            "them, and a text: parameter(1.0, unit='arcsec', prior=aa.UniformPrior(0.0, 2.0))."
        )
    return dataclasses.field(default=default, metadata={"unit": unit, "prior": prior, "linear": bool(linear)})


class Prior(Operand):
    """Distribution of one parameter. Two fields of a model that hold the same prior object share one parameter."""

    lower_limit: float
    upper_limit: float

    @abstractmethod
    def value_for(self, unit: Any, xp: ModuleType = np) -> Any:
        """The quantile function: ``unit`` in [0, 1] to a physical value."""
        raise NotImplementedError

    @abstractmethod
    def unit_value_for(self, value: Any, xp: ModuleType = np) -> Any:
        """The cumulative distribution: a physical value to [0, 1]."""
        raise NotImplementedError

    @abstractmethod
    def log_prior_from_value(self, value: Any, xp: ModuleType = np) -> Any:
        """Log of the normalized density at ``value``, minus infinity outside the limits."""
        raise NotImplementedError

    @property
    def median(self) -> float:
        return float(self.value_for(0.5))

    @property
    def width(self) -> float:
        """Characteristic width, what a search scales the parameter by: the central 68 % unless said otherwise."""
        return float(self.value_for(0.8413447460685429) - self.value_for(0.15865525393145705))

    def copy(self) -> Prior:
        """An equal prior that is another parameter."""
        return copy.copy(self)

    def _inside(self, value: Any, xp: ModuleType) -> Any:
        return xp.logical_and(value >= self.lower_limit, value <= self.upper_limit)

    def _check(self, *, sigma: bool = False, lower_above: float | None = None) -> None:
        """Cast the numbers to float and raise where they describe no distribution."""
        for item in dataclasses.fields(self):  # type: ignore[arg-type]
            object.__setattr__(self, item.name, self._number(item.name, getattr(self, item.name)))
        if sigma and not self.sigma > 0.0:  # type: ignore[attr-defined]
            raise self._exception("sigma", "sigma above zero")
        if not self.lower_limit < self.upper_limit:
            raise self._exception("lower_limit", "lower_limit below upper_limit")
        if lower_above is not None and not self.lower_limit > lower_above:
            raise self._exception("lower_limit", f"lower_limit above {lower_above}")

    def _number(self, name: str, value: Any) -> float:
        number = number_from(value)
        may_be_infinite = name.endswith("_limit") and isinstance(self, TruncatedGaussianPrior)
        if math.isnan(number) or (abs(number) > 1e100 and not (math.isinf(number) and may_be_infinite)):
            raise exc.PriorException(
                f"{type(self).__name__} got {name}={exc.shown(value)}, but wants a finite number: {self._example}."
            )
        return number

    def _exception(self, name: str, wanted: str) -> exc.PriorException:
        got = ", ".join(f"{item.name}={getattr(self, item.name)!r}" for item in dataclasses.fields(self))  # type: ignore[arg-type]
        return exc.PriorException(f"{type(self).__name__} got {got}, but wants {wanted}: {self._example}.")

    @property
    def _example(self) -> str:
        if isinstance(self, UniformPrior | LogUniformPrior):
            return f"aa.{type(self).__name__}(lower_limit=0.1, upper_limit=2.0)"
        limits = ", lower_limit=0.0, upper_limit=2.0" if isinstance(self, TruncatedGaussianPrior) else ""
        return f"aa.{type(self).__name__}(mean=1.0, sigma=0.5{limits})"


@dataclass(frozen=True, eq=False)
class UniformPrior(Prior):
    """Every value between the limits is equally likely; ``width`` is their difference."""

    lower_limit: float = 0.0
    upper_limit: float = 1.0

    def __post_init__(self) -> None:
        self._check()

    def value_for(self, unit: Any, xp: ModuleType = np) -> Any:
        return self.lower_limit + unit * (self.upper_limit - self.lower_limit)

    def unit_value_for(self, value: Any, xp: ModuleType = np) -> Any:
        return xp.clip((value - self.lower_limit) / (self.upper_limit - self.lower_limit), 0.0, 1.0)

    def log_prior_from_value(self, value: Any, xp: ModuleType = np) -> Any:
        return xp.where(self._inside(value, xp), -math.log(self.upper_limit - self.lower_limit), -np.inf)

    @property
    def width(self) -> float:
        return self.upper_limit - self.lower_limit


@dataclass(frozen=True, eq=False)
class LogUniformPrior(Prior):
    """The logarithm of the value is uniform between the logarithms of the limits, both above zero."""

    lower_limit: float = 1e-6
    upper_limit: float = 1.0

    def __post_init__(self) -> None:
        self._check(lower_above=0.0)

    @property
    def _log_ratio(self) -> float:
        return math.log(self.upper_limit / self.lower_limit)

    def value_for(self, unit: Any, xp: ModuleType = np) -> Any:
        return self.lower_limit * xp.exp(unit * self._log_ratio)

    def unit_value_for(self, value: Any, xp: ModuleType = np) -> Any:
        inside = xp.clip(value, self.lower_limit, self.upper_limit)
        return xp.log(inside / self.lower_limit) / self._log_ratio

    def log_prior_from_value(self, value: Any, xp: ModuleType = np) -> Any:
        inside = self._inside(value, xp)
        return xp.where(inside, -xp.log(xp.where(inside, value, 1.0)) - math.log(self._log_ratio), -np.inf)


@dataclass(frozen=True, eq=False)
class GaussianPrior(Prior):
    """Normal distribution without limits; ``width`` is two sigma."""

    mean: float
    sigma: float

    lower_limit = -math.inf
    upper_limit = math.inf

    def __post_init__(self) -> None:
        self._check(sigma=True)

    def value_for(self, unit: Any, xp: ModuleType = np) -> Any:
        return self.mean + self.sigma * special_functions_from(xp).ndtri(unit)

    def unit_value_for(self, value: Any, xp: ModuleType = np) -> Any:
        return special_functions_from(xp).ndtr((value - self.mean) / self.sigma)

    def log_prior_from_value(self, value: Any, xp: ModuleType = np) -> Any:
        return -0.5 * ((value - self.mean) / self.sigma) ** 2 - math.log(self.sigma * math.sqrt(2.0 * math.pi))

    @property
    def width(self) -> float:
        return 2.0 * self.sigma


@dataclass(frozen=True, eq=False)
class TruncatedGaussianPrior(Prior):
    """Normal distribution cut at ``lower_limit`` and ``upper_limit``, either of which may be infinite."""

    mean: float
    sigma: float
    lower_limit: float = -math.inf
    upper_limit: float = math.inf

    def __post_init__(self) -> None:
        self._check(sigma=True)
        if self._mass < 1e-10:
            raise self._exception("mean", "limits within six sigma of the mean, so that some probability lies between")

    def _below(self, limit: float) -> float:
        return 0.5 * math.erfc((self.mean - limit) / (self.sigma * math.sqrt(2.0)))

    @property
    def _mass(self) -> float:
        return self._below(self.upper_limit) - self._below(self.lower_limit)

    def value_for(self, unit: Any, xp: ModuleType = np) -> Any:
        value = self.mean + self.sigma * special_functions_from(xp).ndtri(
            self._below(self.lower_limit) + unit * self._mass
        )
        return xp.clip(value, self.lower_limit, self.upper_limit)

    def unit_value_for(self, value: Any, xp: ModuleType = np) -> Any:
        below = special_functions_from(xp).ndtr((value - self.mean) / self.sigma)
        return xp.clip((below - self._below(self.lower_limit)) / self._mass, 0.0, 1.0)

    def log_prior_from_value(self, value: Any, xp: ModuleType = np) -> Any:
        density = -0.5 * ((value - self.mean) / self.sigma) ** 2
        constant = math.log(self.sigma * math.sqrt(2.0 * math.pi) * self._mass)
        return xp.where(self._inside(value, xp), density - constant, -np.inf)

    @property
    def width(self) -> float:
        return min(2.0 * self.sigma, self.upper_limit - self.lower_limit)


@dataclass(frozen=True, eq=False)
class LogGaussianPrior(Prior):
    """The natural logarithm of the value is normal with ``mean`` and ``sigma``."""

    mean: float
    sigma: float

    lower_limit = 0.0
    upper_limit = math.inf

    def __post_init__(self) -> None:
        self._check(sigma=True)
        if abs(self.mean) + 9.0 * self.sigma > 700.0:
            raise self._exception("mean", "mean and sigma of the logarithm whose exponential is a number")

    def value_for(self, unit: Any, xp: ModuleType = np) -> Any:
        return xp.exp(self.mean + self.sigma * special_functions_from(xp).ndtri(unit))

    def unit_value_for(self, value: Any, xp: ModuleType = np) -> Any:
        positive = value > 0.0
        log_value = xp.log(xp.where(positive, value, 1.0))
        return xp.where(positive, special_functions_from(xp).ndtr((log_value - self.mean) / self.sigma), 0.0)

    def log_prior_from_value(self, value: Any, xp: ModuleType = np) -> Any:
        positive = value > 0.0
        log_value = xp.log(xp.where(positive, value, 1.0))
        constant = math.log(self.sigma * math.sqrt(2.0 * math.pi))
        return xp.where(positive, -0.5 * ((log_value - self.mean) / self.sigma) ** 2 - log_value - constant, -np.inf)
