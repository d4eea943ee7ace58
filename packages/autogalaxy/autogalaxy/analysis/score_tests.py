r"""What a change of the model that nobody made would gain: score tests.

The residuals r of a best fit are compared with the image t of a change that is not among its free parameters. With t'
the part of t that the free parameters cannot imitate, the change lowers chi-squared by

.. math:: \Delta \chi^2 = (r \cdot t')^2 / (t' \cdot t')

to first order, by as much as noise does with one degree of freedom where the model is right. A wrong model shows here
long before chi-squared does.

References
----------
Rao (1948), Mathematical Proceedings of the Cambridge Philosophical Society 44, 50.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np

from autoarray.type import Array
from autogalaxy.analysis.residual_structure import Residuals, basis_from
from autogalaxy.inference.instance import REFUSALS
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.verdict import MARK, Finding

FALSE_ALARM = 5.7e-7
"""Probability with which noise alone passes the limit of one test: five standard deviations."""
LEAST_PART = 1e-3
"""Part of a change that the free parameters cannot imitate, below which they contain it."""
MOST_NAMED = 3
"""Changes that are named: to first order nothing can be said of more."""
_STEP = 1e-5
"""Step of a difference, in widths of a prior: far above rounding, far below any structure."""


@dataclass(frozen=True, eq=False)
class Change:
    """A change of the model in k parameters that it does not have."""

    name: str
    derivatives: Array
    """Derivatives of the whitened image by these parameters, ``(n, k)``."""
    sentence: Callable[[Array], str]
    """What it means that these values of them, ``(k,)``, would fit better, and what to do."""


@dataclass(frozen=True)
class Score:
    """What a change would gain."""

    gain: float
    """Decrease of chi-squared."""
    values: np.ndarray
    """The parameters of the change at the minimum, to first order, ``(k,)``."""
    freedom: int
    """Number of parameters that are not among the free ones of the model."""

    @property
    def limit(self) -> float:
        """The gain that noise alone exceeds with probability :data:`FALSE_ALARM`."""
        if self.freedom == 0:
            return np.inf
        if self.freedom == 1:
            return NormalDist().inv_cdf(0.5 * FALSE_ALARM) ** 2
        if self.freedom == 2:
            return -2.0 * float(np.log(FALSE_ALARM))
        from scipy.special import chdtri

        return float(chdtri(self.freedom, FALSE_ALARM))

    @property
    def is_found(self) -> bool:
        """Whether the change gains more than noise does; one without a number is found too, to be looked at."""
        return self.freedom > 0 and not self.gain <= self.limit


def score_from(residuals: Residuals, derivatives: Array) -> Score:
    """The gain of a change with ``derivatives`` of the whitened image, ``(n, k)``."""
    basis, counts = residuals.basis, residuals.counts
    own = derivatives - basis @ (basis.T @ derivatives)
    own = own - basis @ (basis.T @ own)  # once more, because the first projection leaves rounding of the whole
    lengths = np.linalg.norm(derivatives, axis=0)
    lengths = np.where(lengths > 0.0, lengths, 1.0)
    left, singular, right = np.linalg.svd(own * counts[:, None] / lengths, full_matrices=False)
    kept = singular > LEAST_PART
    along = left[:, kept].T @ (residuals.values * counts)
    values = right[kept].T @ (along / singular[kept]) / lengths
    gain = float(along @ along)
    return Score(gain=gain if np.isfinite(gain) else np.inf, values=values, freedom=int(kept.sum()))


def score_findings_from(residuals: Residuals, changes: Sequence[Change]) -> list[Finding]:
    """One finding for each change that the free parameters do not contain, those that gain most first.

    What one missing thing leaves is imitated by others: each change that is found counts as made when the rest are
    looked at, so that only what gains beside it is named too, and no more than :data:`MOST_NAMED`.
    """
    findings: list[Finding] = []
    left = list(changes)
    while left and len(findings) < MOST_NAMED:
        scores = [score_from(residuals, change.derivatives) for change in left]
        order = sorted(range(len(left)), key=lambda i: scores[i].gain - scores[i].limit)
        best = order[-1]
        if not scores[best].is_found:
            return findings + [_finding(left[i], scores[i]) for i in range(len(left)) if scores[i].freedom]
        change = left.pop(best)
        findings.append(_finding(change, scores[best]))
        residuals = replace(residuals, basis=basis_from(np.concatenate((residuals.basis, change.derivatives), axis=1)))
    return findings


def _finding(change: Change, score: Score) -> Finding:
    name = "missing." + change.name.replace(" ", "_")
    text = f"chi-squared would fall by {score.gain:.0f}, where noise alone gives up to {score.limit:.0f}."
    if score.is_found:
        return Finding(name, "check", f"{change.sentence(score.values)}: {text}", score.gain, score.limit)
    return Finding(name, "good", f"No {change.name} is missing: {text}", score.gain, score.limit)


# ------------------------------------------------------------------ derivatives by differences


def jacobian_from(residuals_of: Callable[[Array], Array], model: AbstractModel, vector: Array) -> Array:
    """Derivatives of the whitened image by the free parameters, ``(n, p)``; a step that is refused is made backwards.

    ``residuals_of(vector)`` are whitened residuals, ``(n,)``. A parameter that cannot move has a column of zeros.
    """
    vector = np.asarray(vector, dtype=float)
    start = residuals_of(vector)
    columns = []
    for i, prior in enumerate(model.priors):
        step = _STEP * prior.width
        if vector[i] != 0.0:
            step = max(min(step, 1e-3 * abs(vector[i])), 1e-3 * step)
        columns.append(_column_from(residuals_of, start, vector, i, step))
    return np.stack(columns, axis=1) if columns else np.zeros((len(start), 0))


def _column_from(residuals_of: Callable[[Array], Array], start: Array, vector: Array, i: int, step: float) -> Array:
    for signed in (step, -step):
        moved = vector.copy()
        moved[i] += signed
        column = _difference_from(partial(residuals_of, moved), start, signed)
        if column is not None:
            return column
    return np.zeros_like(start)


def _difference_from(changed: Callable[[], Array], start: Array, step: float) -> Array | None:
    """Derivative of the whitened image (minus that of the residuals); ``None`` where the model refuses the step."""
    try:
        column = (start - changed()) / step
    except REFUSALS:
        return None
    return column if np.all(np.isfinite(column)) else None


def derivatives_from(changed: Callable[[int, float], Array], start: Array, steps: Sequence[float]) -> Array | None:
    """Derivatives by parameters that the model does not have, ``(n, k)``: ``changed(i, step)`` gives residuals."""
    columns = [_difference_from(partial(changed, i, s), start, s) for i, s in enumerate(steps)]
    return None if any(c is None for c in columns) else np.stack(columns, axis=1)  # type: ignore[arg-type]


def vector_of_instance(model: AbstractModel, instance: Any) -> np.ndarray:
    """The free parameters of an instance of a model, ``(p,)``: those it was marked with, or read from its objects.

    A parameter that stands in expressions alone can only be known from a mark.
    """
    marked = vars(instance).get(MARK)
    if marked is not None and np.shape(marked) == (model.prior_count,):
        return np.array(marked, dtype=float)
    return np.array([_value_at(instance, path) for path in model.paths], dtype=float)


def _value_at(instance: Any, path: str) -> float:
    """``galaxies.lens.mass.centre.centre_0`` of an instance."""
    value = instance
    for name in path.split("."):
        if isinstance(value, tuple | list) or (isinstance(value, np.ndarray) and value.ndim):
            value = value[int(name.rsplit("_", 1)[-1])]
        elif hasattr(value, name):
            value = getattr(value, name)
        else:
            value = value[int(name)]
    return float(value)
