"""Whether two optima are two: an exchange of components, or two points of one valley, are not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from autogalaxy.inference.model import AbstractModel, Model
from autogalaxy.inference.samples import Samples

APART = 0.02
"""Distance in widths of the prior below which two vectors are one place."""


def different_from(
    best: np.ndarray, other: np.ndarray, below: float, samples: Samples, model: AbstractModel
) -> tuple[str, float, float] | None:
    """The parameter in which an optimum ``below`` the best one in ln L differs most; ``None`` where it is the same.

    Returns its path and the values of the best and of the other optimum.
    """
    widths = np.array([prior.width for prior in model.priors])
    for row in (other, *_exchanged(other, model)):
        if float(np.max(np.abs(row - best) / widths)) <= APART or _is_one_valley(row - best, below, samples, widths):
            return None
    worst = int(np.argmax(np.abs(other - best) / widths))
    return model.paths[worst], float(best[worst]), float(other[worst])


def _is_one_valley(apart: np.ndarray, below: float, samples: Samples, widths: np.ndarray) -> bool:
    """Whether the Gaussian around the best one falls by about as much over this distance as ln L does."""
    covariance = samples.covariance_matrix / np.outer(widths, widths)
    if not np.all(np.isfinite(covariance)) or not np.any(covariance):
        return False
    values, vectors = np.linalg.eigh(covariance)
    along = vectors.T @ (apart / widths)
    fall = 0.5 * float(np.sum(along**2 / np.maximum(values, 1e-12 * values[-1])))
    return fall <= 3.0 * below + 1.0


def _exchanged(vector: np.ndarray, model: AbstractModel) -> Iterator[np.ndarray]:
    """The vector with two components of one class of a galaxy, or two galaxies, in each other's place."""
    index_of = {id(prior): i for i, prior in enumerate(model.priors)}
    for first, second in _pairs_in(model):
        rows = [[index_of.get(id(prior), -1) for prior in part.priors] for part in (first, second)]
        if len(rows[0]) != len(rows[1]) or -1 in rows[0] + rows[1]:
            continue
        new = vector.copy()
        new[rows[0]], new[rows[1]] = vector[rows[1]], vector[rows[0]]
        yield new


def _pairs_in(model: AbstractModel) -> Iterator[tuple[AbstractModel, AbstractModel]]:
    """Pairs of components of one class in one place."""
    parts = [part for _, part in model.items() if isinstance(part, AbstractModel)]
    for first, second in combinations(parts, 2):
        if isinstance(first, Model) and isinstance(second, Model) and first.cls is second.cls:
            yield first, second
    for part in parts:
        yield from _pairs_in(part)
