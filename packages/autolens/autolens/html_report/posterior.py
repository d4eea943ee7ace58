"""The posterior of a fit: draws of equal weight with quantities that follow from them, key numbers, tables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from autoarray.dataset.display_unit import display_unit_from
from autogalaxy.inference.latent import Latent, LatentTable, draws_from
from autogalaxy.inference.samples import Samples
from autolens.html_report.encoding import typed
from autolens.html_report.numbers import Measured, measured_from, plain_from, unit_from
from autolens.lens.parameter_names import short_name_of

DRAWS = 3000
_NUMBERS = 200_000
"""Most numbers of all draws: of very many parameters there are fewer."""
FIRST = 6
"""Parameters that the corner figure shows at first."""


@dataclass(frozen=True)
class Column:
    """A parameter, or what follows from parameters of one draw, by name."""

    name: str
    unit: str
    maximum: float
    draws: np.ndarray
    period: float = 0.0
    """Of an angle [deg]; its draws are within half of it around the maximum."""

    @property
    def median_and_errors(self) -> tuple[float, float, float]:
        low, median, high = np.quantile(self.draws, [0.15865525, 0.5, 0.84134475])
        return float(median), float(median - low), float(high - median)

    @property
    def measured(self) -> Measured:
        return measured_from(*self.median_and_errors)


def columns_of(samples: Samples, dataset: Any = None) -> list[Column]:
    """Free parameters, then shapes and shears that follow from them; brightness in the unit of ``dataset``."""
    draws, best = draws_from(samples, min(DRAWS, _NUMBERS // len(samples.names))), samples.max_log_likelihood_vector
    if samples.covariance is None and len(samples) == 1:
        draws = best[None, :]
    names, units = [short_name_of(path) for path in samples.names], _units_of(samples, dataset)
    found = [Column(names[i], units[i], float(best[i]), draws[:, i]) for i in range(len(names))]
    return found + _derived(found)


def _units_of(samples: Samples, dataset: Any) -> list[str]:
    return [display_unit_from(unit, dataset) for unit in samples.model.units]


def _derived(columns: list[Column]) -> list[Column]:
    """Axis ratio and angle from ``ell_comps``, strength and angle from ``gamma``."""
    by_name = {column.name: column for column in columns}
    found = []
    for name, first in by_name.items():
        owner, _, last = name.rpartition(".")
        second = by_name.get(f"{owner}.ell_comps_1" if last == "ell_comps_0" else f"{owner}.gamma_2")
        if second is None or last not in ("ell_comps_0", "gamma_1"):
            continue
        sine, cosine = (first, second) if last == "ell_comps_0" else (second, first)
        size = Column("", "", math.hypot(sine.maximum, cosine.maximum), np.hypot(sine.draws, cosine.draws))
        if last == "ell_comps_0":
            ratio = (1.0 - size.draws) / (1.0 + size.draws)
            maximum = (1.0 - size.maximum) / (1.0 + size.maximum)
            found.append(Column(f"{owner}.axis_ratio", "", maximum, ratio))
        else:
            found.append(Column(f"{owner}.strength", "", size.maximum, size.draws))
        found.append(_angle_from(f"{owner}.angle", sine, cosine))
    return found


def _angle_from(name: str, sine: Column, cosine: Column) -> Column:
    """Half of the angle whose sine and cosine these are proportional to [deg], from 0 to 180 at the maximum."""
    maximum = 0.5 * math.degrees(math.atan2(sine.maximum, cosine.maximum)) % 180.0
    draws = 0.5 * np.degrees(np.arctan2(sine.draws, cosine.draws))
    return Column(name, "deg", maximum, maximum + (draws - maximum + 90.0) % 180.0 - 90.0, period=180.0)


def figure_of(samples: Samples, columns: list[Column]) -> dict[str, Any]:
    """For the script that draws the corner and the pair of parameters."""
    names = [column.name for column in columns]
    return {
        "names": names,
        "units": [unit_from(column.unit) for column in columns],
        "maxima": [column.maximum for column in columns],
        "draws": [typed(column.draws) for column in columns],
        "first": _first_of(names),
        "gaussian": samples.covariance is not None,
    }


def _first_of(names: list[str]) -> list[int]:
    """What a lens is about comes first: its Einstein radius, slope, shape and shear."""
    known = set(names)

    def rank(i: int) -> tuple[int, int]:
        owner, _, last = names[i].rpartition(".")
        wanted = ["einstein_radius", "slope", "axis_ratio", "angle", "gamma_1", "gamma_2"]
        is_known = last in wanted and (last.startswith("gamma") or f"{owner}.einstein_radius" in known)
        return (wanted.index(last) if is_known else len(names), i)

    return sorted(range(len(names)), key=rank)[:FIRST]


# ------------------------------------------------------------------ tables


def parameter_rows(samples: Samples, at_limits: set[str], dataset: Any = None) -> list[dict[str, Any]]:
    """A row for each free parameter."""
    median, errors, best = samples.median_pdf_vector, samples.errors_at_sigma(1.0), samples.max_log_likelihood_vector
    units = _units_of(samples, dataset)
    rows = []
    for i, (path, prior) in enumerate(zip(samples.names, samples.model.priors, strict=True)):
        rows.append(
            {
                "name": short_name_of(path),
                "path": path,
                "median": float(median[i]),
                "measured": measured_from(median[i], *errors[i]),
                "error": 0.5 * sum(errors[i]),
                "maximum": float(best[i]),
                "maximum_text": str(measured_from(best[i], *errors[i]).value),
                "times": measured_from(best[i], *errors[i]).times,
                "prior": prior_text(prior),
                "unit": unit_from(units[i]),
                "at_limit": path in at_limits,
            }
        )
    return rows


def prior_text(prior: Any) -> str:
    """A prior in a few words: ``uniform 0 … 8``."""
    kind = type(prior).__name__.removesuffix("Prior")
    low, high = (plain_from(getattr(prior, f"{side}_limit", math.nan)).replace("–", "∞") for side in ("lower", "upper"))
    limits = f"{'−' if low == '∞' else ''}{low} … {high}"
    if not hasattr(prior, "sigma"):
        return f"{'log-uniform' if kind == 'LogUniform' else kind.lower()} {limits}"
    text = f"{plain_from(prior.mean)} ± {plain_from(prior.sigma)}"
    name = {"Gaussian": "Gaussian", "TruncatedGaussian": "Gaussian", "LogGaussian": "Gaussian in ln"}.get(kind, kind)
    return f"{name} {text}" + (f", {limits}" if kind == "TruncatedGaussian" else "")


def latent_rows(latents: LatentTable, columns: list[Column], dataset: Any = None) -> list[dict[str, Any]]:
    """A row for each quantity that follows from the parameters; shapes have errors from the draws at hand.

    What was not drawn has a maximum alone.
    """
    drawn = {column.name: (column.median_and_errors[0], column.measured) for column in columns}
    rows = []
    for each in latents:
        median, measured = drawn.get(short_name_of(each.name), (None, Measured("–")))
        if each.has_errors:
            median, measured = each.median, measured_of(each)
        maximum = measured_from(each.maximum, each.lower_error, each.upper_error)
        rows.append(
            {
                "name": short_name_of(each.name),
                "path": each.name,
                "median": "" if median is None else median,
                "measured": measured,
                "maximum": each.maximum,
                "maximum_text": maximum.value,
                "times": maximum.times,
                "unit": unit_from(display_unit_from(each.unit, dataset)),
                "draws": each.draws,
                "failures": each.failures,
            }
        )
    return rows


def measured_of(latent: Latent) -> Measured:
    """Median and errors; the maximum alone where there are none."""
    if latent.has_errors:
        return measured_from(latent.median, latent.lower_error, latent.upper_error)
    return measured_from(latent.maximum)
