"""Posteriors in the parameters of another format: draws of ours, each converted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from autogalaxy.inference.instance import REFUSALS
from autogalaxy.inference.samples import Samples
from autolens.description.interchange import rows
from autolens.description.interchange.lens import Lens, Row

DRAWS = 1000
FEWEST = 100
"""Draws below which nothing is said on a parameter."""
ANGLES = {"phi": 180.0, "phi_ext": 180.0}
"""Parameters that come back to the same after so many degrees."""


def instances_from(samples: Samples, seed: int = 1) -> list[Any]:
    """Equally weighted draws of the posterior as instances; those that the profiles refuse are left out."""
    random = np.random.default_rng(seed)
    if samples.covariance is not None:
        best = samples.max_log_likelihood_vector
        vectors = random.multivariate_normal(best, samples.covariance, size=DRAWS, check_valid="ignore")
    else:
        places = (np.arange(DRAWS) + random.random()) / DRAWS  # systematic: as many of each as its weight says
        vectors = samples.parameters[np.searchsorted(np.cumsum(samples.weights), places).clip(max=len(samples) - 1)]
    found = []
    for vector in vectors:
        try:
            found.append(samples.model.instance_from_vector(vector))
        except REFUSALS:
            continue
    return found


Key = tuple[str, str, int]
"""A profile: galaxy and name, its name in the other format, and its number among those with the same two."""


def statistics_from(lens: Lens, table: Sequence[Row]) -> dict[Key, dict[str, dict[str, float]]]:
    """Mean, median and percentiles of the parameters of each profile that a fit left free."""
    columns: dict[Key, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for galaxies in lens.draws:
        for key, values in numbered(rows.written_from(Lens(galaxies, lens.pixel_scale), table, "")):
            for name, value in values.items():
                columns[key][name].append(value)
    return {
        key: {name: _statistics(name, np.array(values)) for name, values in columns_of.items() if len(values) >= FEWEST}
        for key, columns_of in columns.items()
    }


def numbered(written: Sequence[rows.Written]) -> list[tuple[Key, dict[str, float]]]:
    """The profiles that were written, with a key for each."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    found = []
    for name, row, values, _ in written:
        found.append(((name, row.theirs, seen[name, row.theirs]), values))
        seen[name, row.theirs] += 1
    return found


def _statistics(name: str, values: np.ndarray) -> dict[str, float]:
    if (period := ANGLES.get(name)) is not None:
        phase = np.exp(2.0j * np.pi * values / period)
        middle = np.angle(phase.mean()) * period / (2.0 * np.pi)
        values = middle + (values - middle + 0.5 * period) % period - 0.5 * period
    low, median, high = np.percentile(values, [16.0, 50.0, 84.0])
    found = {"mean": np.mean(values), "median": median, "percentile_16th": low, "percentile_84th": high}
    return {key: float(value) for key, value in found.items()}
