"""Second derivatives of the log likelihood at an optimum, and the errors of the parameters that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self

import numpy as np

from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.posterior.coordinates import GaussianCoordinates
from autogalaxy.inference.search.bfgs import Ascent
from autogalaxy.inference.search.density import Density

_DIFFERENCE = 1e-3
"""Distance of the points whose gradients are compared, in units of the standard deviation there."""
_PRIOR_PRECISION = 12.0
"""Inverse variance of a uniform prior of width one."""
_AT_LIMIT = 3.5
"""Distance from the median in sigma at which a parameter counts as held by a limit of its prior: 2e-4 of the prior."""


class Kernel(Protocol):
    """What a search with gradients needs of its compiled runs."""

    density: Density

    def of(self, analysis: Analysis) -> Self:
        """The same for another dataset on the same pixels."""

    def evaluate(self, points: Sequence[Ascent]) -> list[Ascent]:
        """Log likelihoods and gradients of ``-ln L`` at points."""


def derivatives_from(
    evaluate: Callable[[Sequence[Ascent]], list[Ascent]], optimum: Ascent
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and second derivatives of ``-ln L`` by z, ``(p,)`` and ``(p, p)``, from differences of exact gradients.

    With ``evaluate`` of a kernel they need no other compiled program than the run itself, and as many gradients as
    forward-over-reverse differentiation would cost. The steps follow from the curvature, measured first with steps
    that are guessed.
    """
    size = len(optimum.z)
    guess = np.ones(size) if optimum.inverse is None else np.diag(optimum.inverse)
    sigma = np.sqrt(np.clip(guess, 1e-16, 1.0))
    for _ in range(2):
        steps = _DIFFERENCE * sigma
        gradient, hessian = _differences(evaluate, optimum.z, steps)
        measured = 1.0 / np.sqrt(np.maximum(np.abs(np.diag(hessian)), 1.0))
        if np.all((measured < 10.0 * sigma) & (measured > 0.1 * sigma)):
            break
        sigma = measured
    return gradient, hessian


def expected_gain_from(gradient: np.ndarray, hessian: np.ndarray) -> float:
    """How much higher a Newton step would lead, ``g H^-1 g / 2``, also where the curvature has the wrong sign."""
    values, vectors = np.linalg.eigh(hessian)
    return float(0.5 * np.sum((vectors.T @ gradient) ** 2 / np.maximum(np.abs(values), 1.0)))


def _differences(
    evaluate: Callable[[Sequence[Ascent]], list[Ascent]], z: np.ndarray, steps: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    moved = [Ascent(z + sign * step) for step in np.diag(steps) for sign in (1.0, -1.0)]
    ends = evaluate([Ascent(z), *moved])
    middle = ends[0].gradient
    rows = np.zeros((len(z), len(z)))
    for i, step in enumerate(steps):
        sides = ends[1 + 2 * i : 3 + 2 * i]
        high, low = (side.gradient if np.isfinite(side.cost) else middle for side in sides)
        allowed = sum(bool(np.isfinite(side.cost)) for side in sides)
        rows[i] = (high - low) / (step * max(allowed, 1))
    return middle, 0.5 * (rows + rows.T)


class Curvature:
    """Covariance of the physical parameters from the derivatives of ``-ln L`` by z, see :func:`derivatives_from`.

    A direction that the data constrain less than the priors do gets the variance of a uniform prior. A parameter at a
    limit has no Gaussian error: its variance is zero here and it is named in ``at_limits``.
    """

    def __init__(
        self, z: np.ndarray, gradient: np.ndarray, hessian: np.ndarray, coordinates: GaussianCoordinates
    ) -> None:
        priors = coordinates.model.priors
        limits = np.array([(np.isfinite(p.lower_limit), np.isfinite(p.upper_limit)) for p in priors])
        held = ((z < -_AT_LIMIT) & limits[:, 0]) | ((z > _AT_LIMIT) & limits[:, 1])
        free = np.flatnonzero(~held)
        widths = np.array([prior.width for prior in priors])
        slope, bend = _derivatives_from(coordinates, z)
        with np.errstate(all="ignore"):
            straight = hessian - np.diag(gradient * bend / slope)
            scaled = (straight / np.outer(slope, slope) * np.outer(widths, widths))[np.ix_(free, free)]
        values, vectors = np.linalg.eigh(scaled)
        covariance = np.zeros((len(z), len(z)))
        covariance[np.ix_(free, free)] = (vectors / np.maximum(values, _PRIOR_PRECISION)) @ vectors.T
        self.covariance = covariance * np.outer(widths, widths)
        """In physical units, ``(p, p)``."""
        self.at_limits = np.flatnonzero(held)
        self.flat_directions = int(np.sum(values < _PRIOR_PRECISION))
        """Directions in which the priors say more than the data."""
        self.condition_number = float(values[-1] / values[0]) if len(values) and values[0] > 0.0 else float("inf")
        """Largest over smallest eigenvalue, in units of the prior widths."""
        self._paths = coordinates.model.paths

    def to_dict(self) -> dict[str, Any]:
        """What a search reports of it, in plain types."""
        return {
            "fisher_condition_number": self.condition_number,
            "flat_directions": self.flat_directions,
            "parameters_at_limits": [self._paths[i] for i in self.at_limits],
        }


def _derivatives_from(coordinates: GaussianCoordinates, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and second derivative of each physical parameter by its z."""
    step = 1e-4
    low, middle, high = (coordinates.vector_from(z + shift) for shift in (-step, 0.0, step))
    return (high - low) / (2.0 * step), (high - 2.0 * middle + low) / step**2
