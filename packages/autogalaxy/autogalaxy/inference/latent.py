"""Quantities that follow from the parameters, with errors: an Einstein radius, a flux, any function of an instance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autoarray import exc
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.samples import Samples

N_DRAWS = 200
"""Draws that errors are taken from, which are good to a tenth with as many."""
ALIKE = 0.15
"""Errors to both sides that differ by less than this part are written as one."""
_MAX_ROUNDS = 20

Functions = Mapping[str, "Callable[[Any], Any] | tuple[Callable[[Any], Any], str]"]
"""Functions of an instance by name, each alone or with its unit."""


@dataclass(frozen=True)
class Latent:
    """One quantity: at the most likely instance, and its distribution."""

    name: str
    maximum: float
    """Value at the maximum of the likelihood."""
    median: float
    lower_error: float
    """Distance from the median down to the lower end of the central 68 %."""
    upper_error: float
    unit: str = ""
    draws: int = 0
    """Draws that have a value."""
    failures: int = 0
    """Draws that have none: the function raised, or the value is not finite."""

    @property
    def has_errors(self) -> bool:
        """Whether there are draws, with a spread."""
        return bool(np.isfinite(self.median) and np.isfinite(self.upper_error) and np.isfinite(self.lower_error))

    def to_dict(self) -> dict[str, Any]:
        return dict(vars(self))


class LatentTable:
    """Latent quantities by name: ``result.latents["einstein_radius"].median``."""

    def __init__(self, latents: Sequence[Latent]) -> None:
        self._latents = {latent.name: latent for latent in latents}

    def __getitem__(self, name: str) -> Latent:
        if name not in self._latents:
            raise exc.SearchException(
                f"There is no latent {exc.shown(name)}, wanted one of {', '.join(self._latents) or '-'}."
            )
        return self._latents[name]

    def __iter__(self) -> Iterator[Latent]:
        return iter(self._latents.values())

    def __len__(self) -> int:
        return len(self._latents)

    def __repr__(self) -> str:
        return self.summary or "no latent quantities"

    @property
    def names(self) -> list[str]:
        return list(self._latents)

    @property
    def summary(self) -> str:
        """A line for each: median, errors, unit; the maximum where there are no draws."""
        width = max((len(name) for name in self._latents), default=0)
        lines = []
        for each in self:
            line = f"{each.name.ljust(width)}  {each.median:12.6g}  -{each.lower_error:.3g} +{each.upper_error:.3g}"
            if not each.has_errors:
                line = f"{each.name.ljust(width)}  {each.maximum:12.6g}  at the maximum"
            failed = f"  ({each.failures} draws without a value)" if each.failures else ""
            lines.append(f"{line} {each.unit}".rstrip() + failed)
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Plain types, by name."""
        return {latent.name: latent.to_dict() for latent in self}

    @classmethod
    def from_dict(cls, dictionary: Mapping[str, Mapping[str, Any]], where: str = "result.json") -> LatentTable:
        """The table that :meth:`to_dict` wrote; ``where`` names its file in errors."""
        if not isinstance(dictionary, Mapping):
            raise exc.FileException(f"{where} holds latents of type {type(dictionary).__name__}, wanted them by name.")
        return cls([_latent_from_dict(name, values, where) for name, values in dictionary.items()])


def _latent_from_dict(name: str, values: Any, where: str) -> Latent:
    numbers = ("maximum", "median", "lower_error", "upper_error")
    try:
        counts = {n: int(values[n]) for n in ("draws", "failures") if n in values}
        finite = {n: float("nan" if values[n] is None else values[n]) for n in numbers}
        return Latent(**{**values, **counts, **finite, "unit": str(values.get("unit", ""))})
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise exc.FileException(
            f"{where} holds a latent {str(name)[:80]!r} that is damaged ({type(error).__name__}: {error}), wanted "
            f"numbers for {', '.join(numbers)}: result.latents_with(functions) computes them anew."
        ) from None


def latents_of(
    samples: Any,
    analysis: Any = None,
    functions: Functions | None = None,
    n_draws: int = N_DRAWS,
    seed: int = 1,
) -> LatentTable:
    """Latent quantities of samples, or of a ``Result``.

    Parameters
    ----------
    samples
        A ``Result``, or ``Samples`` with an ``analysis``.
    functions
        ``{"mass ratio": f}`` or ``{"mass ratio": (f, "unit")}`` with functions of an instance that return a number;
        what ``analysis.latents_from`` offers where not given. Under JAX those that it can trace are compiled.
    n_draws, seed
        Draws from the samples by their weights, or from the Gaussian around the maximum where that is what they are.
    """
    if not isinstance(samples, Samples):
        analysis = samples.analysis if analysis is None else analysis
        samples = samples.samples
    vectors = np.vstack([samples.max_log_likelihood_vector, draws_from(samples, n_draws, seed)])
    rows: list[Latent] = []
    for function, units in _groups(analysis, functions):
        values = _values_at(vectors, samples.model, analysis, function)
        periods = getattr(analysis, "latent_periods", {}) if functions is None else {}
        rows += [_latent_from(name, column, _of_last_part(units, name, ""), periods) for name, column in values.items()]
    return LatentTable(rows)


def draws_from(samples: Samples, count: int, seed: int = 1) -> np.ndarray:
    """Physical parameters of equal weight from the distribution that ``samples`` describe, ``(count, p)``.

    Those from a Gaussian are moved to the limits of the priors that they leave, and keep to the assertions.
    """
    if not isinstance(count, int | np.integer) or count < 1:
        raise exc.SearchException(
            f"n_draws={exc.shown(count)}, wanted a whole number of at least 1: n_draws={N_DRAWS}."
        )
    rng = np.random.default_rng(seed)
    if samples.covariance is None:
        places = (np.arange(count) + rng.random()) / count
        shares = np.cumsum(samples.weights)
        return samples.parameters[np.minimum(np.searchsorted(shares, places * shares[-1]), len(samples) - 1)]
    model, best = samples.model, samples.max_log_likelihood_vector
    lower, upper = (np.array([getattr(p, f"{side}_limit") for p in model.priors]) for side in ("lower", "upper"))
    values, axes = np.linalg.eigh(samples.covariance)
    steps = axes * np.sqrt(np.clip(values, 0.0, None))
    drawn: list[np.ndarray] = []
    for _ in range(_MAX_ROUNDS):
        batch = np.clip(best + rng.standard_normal((count, len(best))) @ steps.T, lower, upper)
        drawn += [vector for vector in batch if bool(model.assertions_hold(vector))]
        if len(drawn) >= count:
            return np.array(drawn[:count])
    return np.array([*drawn, best])


def _groups(
    analysis: Any, functions: Functions | None
) -> Iterator[tuple[Callable[[Any], dict[str, Any]], dict[str, str]]]:
    """Functions of an instance that return values by name, with the units of these."""
    if functions is None:
        yield analysis.latents_from, analysis.latent_units
        return
    for name, item in functions.items():
        function, unit = item if isinstance(item, tuple) else (item, "")
        if not callable(function):
            raise exc.SearchException(
                f"latents_with got {exc.shown(item)} for {exc.shown(name)}, wanted a function of an instance, "
                f"or one with its unit: "
                'result.latents_with({"ratio": (lambda i: i.galaxies.lens.mass.einstein_radius / 2.0, "arcsec")}).'
            )
        yield partial(_named, name, function), {name: unit}


def _named(name: str, function: Callable[[Any], Any], instance: Any) -> dict[str, Any]:
    return {name: function(instance)}


def _values_at(
    vectors: np.ndarray, model: AbstractModel, analysis: Any, function: Callable[[Any], dict[str, Any]]
) -> dict[str, np.ndarray]:
    """Values by name at ``vectors``, ``(n, p) -> (n,)`` each; NaN where there are none."""
    if getattr(analysis, "use_jax", False):
        try:
            return _compiled_values_at(vectors, model, function)
        except Exception:  # whatever JAX cannot trace goes through the loop, which reports what is wrong
            pass
    found: list[dict[str, float]] = []
    first_error: Exception | None = None
    for vector in vectors:
        try:
            values = function(model.instance_from_vector(vector))
            found.append({name: _number(name, value) for name, value in values.items()})
        except Exception as error:  # a draw that has no value is counted
            first_error = error if first_error is None else first_error
            found.append({})
    names = dict.fromkeys(name for values in found for name in values)
    if not names and first_error is not None:
        raise exc.SearchException(
            f"A function of latents_with has a value for none of {len(vectors)} instances; it raises "
            f"{type(first_error).__name__}: {first_error}. Wanted a number: function(result.instance)."
        ) from first_error
    return {name: np.array([values.get(name, np.nan) for values in found]) for name in names}


def _compiled_values_at(
    vectors: np.ndarray, model: AbstractModel, function: Callable[[Any], dict[str, Any]]
) -> dict[str, np.ndarray]:
    """The same in one compiled batch: one after the other on a processor, side by side elsewhere."""
    import jax
    import jax.numpy as jnp

    names: dict[str, None] = {}  # in their order, which dictionaries lose on the way through JAX

    def at(vector: Any) -> dict[str, Any]:
        values = function(model.instance_from_vector(vector, xp=jnp))
        names.update(dict.fromkeys(values))
        return {name: jnp.reshape(jnp.asarray(value, dtype=float), ()) for name, value in values.items()}

    over_rows = (lambda rows: jax.lax.map(at, rows)) if jax.default_backend() == "cpu" else jax.vmap(at)
    values = jax.device_get(jax.jit(over_rows)(jnp.asarray(vectors)))
    return {name: np.asarray(values[name]) for name in names}


def _number(name: str, value: Any) -> float:
    if np.ndim(value) != 0:
        raise exc.SearchException(f"The latent {exc.shown(name)} is of shape {np.shape(value)}, wanted one number.")
    return float(value)


def _latent_from(name: str, values: np.ndarray, unit: str, periods: Mapping[str, float]) -> Latent:
    """The table's row of ``values``, the first of which is that at the maximum, ``(1 + n,)``."""
    maximum, draws = float(values[0]), values[1:]
    good = draws[np.isfinite(draws)]
    period = _of_last_part(periods, name, 0.0)
    if period and np.isfinite(maximum):  # an angle of 179 degrees is one of -1
        good = maximum + (good - maximum + 0.5 * period) % period - 0.5 * period
    low, median, high = np.quantile(good, [0.15865525, 0.5, 0.84134475]) if len(good) else [np.nan] * 3
    return Latent(
        name=name,
        maximum=maximum,
        median=float(median),
        lower_error=float(median - low),
        upper_error=float(high - median),
        unit=unit,
        draws=len(good),
        failures=len(draws) - len(good),
    )


def _of_last_part(known: Mapping[str, Any], name: str, default: Any) -> Any:
    """What is known of a name, or of its last part: ``galaxies.lens.mass.angle`` is an ``angle``."""
    return known.get(name, known.get(name.rpartition(".")[2], default))
