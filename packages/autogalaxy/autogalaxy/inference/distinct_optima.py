"""Whether two optima are two: an exchange of components, or two points of one valley, are not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from autogalaxy.inference.model import AbstractModel, Model
from autogalaxy.inference.samples import Samples

APART = 0.02
"""Distance in widths of the prior below which two vectors are one place."""

_SLACK = 3.0
"""Times the difference in ln L by which the Gaussian around the best one may fall towards a point of its valley."""
_ROUNDS = 3
"""Times the draws around the best one are told from those around the other by the metric that they give."""
_FEWEST = 4.0
"""Effective draws around the best one for each parameter, below which their covariance is not known."""
_REACH = 0.15
"""Distance from a place on the line between the two, in its length, of the draws that count there."""
_ANY_WEIGHT = 0.005
"""Weight around the other one below which a posterior says nothing of what is between."""


def different_from(
    best: np.ndarray, other: np.ndarray, below: float, samples: Samples, model: AbstractModel
) -> tuple[str, float, float] | None:
    """The parameter in which an optimum ``below`` the best one in ln L differs most; ``None`` where it is the same.

    Returns its path and the values of the best and of the other optimum.
    """
    widths = np.array([prior.width for prior in model.priors])
    for row in (other, *exchanged(other, model)):
        if float(np.max(np.abs(row - best) / widths)) <= APART or _is_one_valley(
            best, row - best, below, samples, widths
        ):
            return None
    worst = int(np.argmax(np.abs(other - best) / widths))
    return model.paths[worst], float(best[worst]), float(other[worst])


def _is_one_valley(best: np.ndarray, apart: np.ndarray, below: float, samples: Samples, widths: np.ndarray) -> bool:
    """Whether the Gaussian around the best one falls by about as much over this distance as ln L does.

    Where there are draws, those around the best one alone make the Gaussian, as one around both of two peaks is as
    wide as they are apart; draws without a dip between the two are of one valley too, of any shape.
    """
    if samples.covariance is None:
        return _is_one_valley_of_draws((samples.parameters - best) / widths, apart / widths, below, samples.weights)
    inverse = _inverse_from(samples.covariance / np.outer(widths, widths))
    return inverse is not None and _fall(inverse, apart / widths) <= _SLACK * below + 1.0


def _is_one_valley_of_draws(offsets: np.ndarray, apart: np.ndarray, below: float, weights: np.ndarray) -> bool:
    """The same from draws, ``(n, p)`` from the best one in widths; not where they are too few to say."""
    inverse: np.ndarray | None = np.eye(len(apart))
    along = np.zeros(len(offsets))
    for _ in range(_ROUNDS):
        along = offsets @ inverse @ apart / (apart @ inverse @ apart)
        near = np.where(along < 0.5, weights, 0.0)
        if np.sum(near) ** 2 < _FEWEST * len(apart) * np.sum(near**2) or not np.any(near):
            return False
        centred = offsets - near @ offsets / np.sum(near)
        inverse = _inverse_from((near[:, None] * centred).T @ centred / np.sum(near))
        if inverse is None:
            return False
    if inverse is not None and _fall(inverse, apart) <= _SLACK * below + 1.0:
        return True
    here, between, there = (float(weights[np.abs(along - place) < _REACH].sum()) for place in (0.0, 0.5, 1.0))
    return there > _ANY_WEIGHT and between >= 0.5 * min(here, there)


def _inverse_from(covariance: np.ndarray) -> np.ndarray | None:
    """Inverse of a covariance, directions without width as narrow as rounding allows; ``None`` where there is none."""
    if not np.all(np.isfinite(covariance)) or not np.any(covariance):
        return None
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors / np.maximum(values, 1e-12 * values[-1])) @ vectors.T)


def _fall(inverse: np.ndarray, apart: np.ndarray) -> float:
    return 0.5 * float(apart @ inverse @ apart)


def exchanged(vector: np.ndarray, model: AbstractModel) -> Iterator[np.ndarray]:
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
