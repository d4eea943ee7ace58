"""Gaussians around the optima of a posterior, in coordinates in which every prior is a standard normal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autoarray.special_functions import special_functions_from
from autoarray.type import Array
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.posterior.coordinates import FARTHEST
from autogalaxy.inference.posterior.density import LogDensity
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.kernels import kernel_from
from autogalaxy.inference.search.least_squares import LeastSquares, Start

WITHIN = 10.0
"""Optima further below the best one than this, in log evidence, hold no probability worth the name."""
SAME = 1.0
"""Distance of two modes, in sigma of either, below which they are one."""
_STARTS_WITHIN = 5.0
"""Coordinates at which the climb from an optimum starts at most: one on a limit of a prior lies at infinity."""
_JACOBIANS = 40
_TOLERANCE = 1e-4


@dataclass(frozen=True, eq=False)
class Mode:
    """A maximum of ``ln L + ln p`` and the Gaussian around it."""

    z: np.ndarray
    """Where it is, ``(p,)``."""
    covariance: np.ndarray
    """Of the coordinates, ``(p, p)``."""
    log_density: float
    log_likelihood: float

    @property
    def log_evidence(self) -> float:
        """Integral of the Gaussian: Laplace's approximation."""
        _, log_determinant = np.linalg.slogdet(2.0 * np.pi * self.covariance)
        return self.log_density + 0.5 * float(log_determinant)

    def distance_to(self, other: Mode) -> float:
        """Distance in the larger of both errors."""
        apart = self.z - other.z
        return float(
            np.sqrt(min(apart @ np.linalg.solve(mode.covariance, apart) / len(apart) for mode in (self, other)))
        )


class PosteriorLeastSquares(LeastSquares):
    """Residuals and, as p more of them, the coordinates: half of the sum of squares is ``-ln L - ln p``."""

    def __init__(self, model: AbstractModel, analysis: Analysis, robust_scale: float | None = None) -> None:
        super().__init__(model, analysis, robust_scale)
        self.linear_indexes = np.zeros(0, dtype=int)  # the image is not linear in a coordinate
        self.lower, self.upper = np.full(self.size, -FARTHEST), np.full(self.size, FARTHEST)

    def vector_from(self, scaled: Array) -> Array:
        xp = self.analysis._xp if not isinstance(scaled, np.ndarray) else np
        units = special_functions_from(xp).ndtr(scaled)
        return self.model.vector_from_unit_vector(units, xp=xp)

    def residuals_from(self, scaled: Array, arrays: Any = None) -> tuple[Array, Any]:
        residuals, allowed = super().residuals_from(scaled, arrays)
        return self.analysis._xp.concatenate((residuals, scaled)), allowed

    def half_chi_squared_from(self, residuals: Array) -> Any:
        return super().half_chi_squared_from(residuals[: -self.size])


def mode_at_maximum(density: LogDensity, best: Samples) -> Mode | None:
    """The mode next to the maximum of a likelihood whose covariance is known; ``None`` where that is no Gaussian.

    Takes the likelihood for a Gaussian of the parameters and nothing more than one evaluation of it.
    """
    if (covariance := best.covariance) is None or not np.all(np.diagonal(covariance) > 0.0):
        return None
    vector, coordinates = best.max_log_likelihood_vector, density.coordinates
    precision = np.linalg.inv(covariance)
    z = np.clip(coordinates.z_from(vector), -_STARTS_WITHIN, _STARTS_WITHIN)
    for _ in range(20):
        slope = coordinates.slopes_at(z)
        gradient = slope * (precision @ (coordinates.vector_from(z) - vector)) + z
        hessian = slope[:, None] * precision * slope + np.eye(len(z))
        move = np.linalg.solve(hessian, -gradient)
        z = z + move
    if not np.all(np.isfinite(z)) or np.max(np.abs(move)) > 1e-6:
        return None
    log_densities, log_likelihoods = density(z[None])
    if not np.isfinite(log_densities[0]):
        return None
    return Mode(z, np.linalg.inv(hessian), float(log_densities[0]), float(log_likelihoods[0]))


def modes_from(density: LogDensity, model: AbstractModel, analysis: Analysis, vectors: Sequence[Any]) -> list[Mode]:
    """Distinct modes reached from physical parameter vectors, by falling evidence; those that matter."""
    starts = np.clip(density.coordinates.z_from(np.array(vectors, dtype=float)), -_STARTS_WITHIN, _STARTS_WITHIN)
    if analysis.offers("residual_vector_from"):
        found = _by_least_squares(model, analysis, starts)
    else:
        found = [(z, covariance_from(-_hessian_by_differences(density, z))) for z in starts]
    whole = [(z, covariance) for z, covariance in found if covariance is not None]
    if not whole:
        return []
    log_densities, log_likelihoods = density(np.array([z for z, _ in whole]))
    modes = [
        Mode(z, covariance, float(d), float(lnl))
        for (z, covariance), d, lnl in zip(whole, log_densities, log_likelihoods, strict=True)
        if np.isfinite(d)
    ]
    return distinct(modes)


def distinct(modes: list[Mode]) -> list[Mode]:
    """Modes by falling evidence, without repetitions and without those that hold no probability."""
    kept: list[Mode] = []
    for mode in sorted(modes, key=lambda m: -m.log_density):
        if not any(mode.distance_to(known) < SAME for known in kept):
            kept.append(mode)
    best = max((m.log_evidence for m in kept), default=0.0)
    return sorted((m for m in kept if m.log_evidence > best - WITHIN), key=lambda m: -m.log_evidence)


def _by_least_squares(
    model: AbstractModel, analysis: Analysis, starts: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray | None]]:
    kernel = kernel_from(model, analysis, problem_class=PosteriorLeastSquares)
    ended = kernel.run_all([Start(z, damping=1e-4) for z in starts], _JACOBIANS, _TOLERANCE)
    return [(o.scaled, covariance_from(o.hessian)) for o in ended if np.isfinite(o.cost)]


def covariance_from(hessian: np.ndarray) -> np.ndarray | None:
    """The inverse; a direction without curvature has the variance of the prior, which is one."""
    if not np.all(np.isfinite(hessian)):
        return None
    values, vectors = np.linalg.eigh(0.5 * (hessian + hessian.T))
    return np.asarray((vectors / np.maximum(values, 1.0)) @ vectors.T)


def _hessian_by_differences(density: LogDensity, z: np.ndarray, step: float = 1e-3) -> np.ndarray:
    """Second derivatives of the log density at a point, ``(p, p)``, from values around it.

    The step of each coordinate is one over which the log density falls by about a hundredth.
    """
    size = len(z)
    centre = density(z[None])[0][0]
    steps = np.full(size, step)
    for _ in range(6):  # one sigma of a narrow coordinate may be far below a step, that of a wide one far above
        shifted = np.concatenate([z + np.diag(steps), z - np.diag(steps)])
        values = density(shifted)[0]
        fall = np.maximum(centre - 0.5 * (values[:size] + values[size:]), 1e-8)
        fall = np.where(np.isfinite(fall), fall, 1e4)
        steps = np.clip(steps * np.clip(np.sqrt(0.01 / fall), 0.03, 10.0), 1e-7, 0.3)
    first, second = np.triu_indices(size, k=1)
    corners = [z + a * steps[first, None] * np.eye(size)[first] + b * steps[second, None] * np.eye(size)[second]
               for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]  # fmt: skip
    around = np.concatenate([z + np.diag(steps), z - np.diag(steps), *corners])
    values = density(around)[0]
    plus, minus, cross = values[:size], values[size : 2 * size], values[2 * size :].reshape(4, -1)
    hessian = np.diag((plus - 2.0 * centre + minus) / steps**2)
    mixed = (cross[0] - cross[1] - cross[2] + cross[3]) / (4.0 * steps[first] * steps[second])
    hessian[first, second] = hessian[second, first] = mixed
    return hessian
