"""The distinct optima that a search with gradients found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autogalaxy.inference.posterior.coordinates import GaussianCoordinates
from autogalaxy.inference.search.bfgs import Ascent

TINY_PRIOR = 1e-3
"""Weight of the prior in z with which the maximum of the likelihood is looked for: it lowers ln L by as much for each
parameter at a limit, and keeps z finite there."""


@dataclass(frozen=True, eq=False)
class Mode:
    """One optimum."""

    peak: Ascent
    """Maximum of what was climbed."""
    starts: int = 1
    """Starts that ended there."""
    hessian: np.ndarray | None = None
    """Second derivatives of minus the log density in z at ``peak``, ``(p, p)``; ``None`` far below the best."""
    summit: Ascent | None = None
    """Maximum of the likelihood within the limits of the priors, where it was looked for beside ``peak``."""

    @property
    def best(self) -> Ascent:
        return self.peak if self.summit is None else self.summit

    def is_at(self, other: Ascent, tolerance: float) -> bool:
        """Whether a run ended here: equal in cost, and no further apart than costs little in between."""
        apart = other.z - self.peak.z
        if self.hessian is None:
            return bool(np.sum(apart**2) < 1e-4)
        same_cost = abs(other.cost - self.peak.cost) <= tolerance
        return same_cost and float(0.5 * apart @ self.hessian @ apart) <= 10.0 * tolerance

    def to_dict(self, coordinates: GaussianCoordinates) -> dict[str, Any]:
        """In plain types; ``mode`` is the maximum of the density in z, where that was looked for."""
        described: dict[str, Any] = {
            "log_likelihood": self.best.log_likelihood,
            "cost": -self.best.log_likelihood,
            "starts": self.starts,
            "converged": self.peak.converged,
            "parameters": np.asarray(coordinates.vector_from(self.best.z)).tolist(),
        }
        if self.summit is not None and self.hessian is not None:
            log_prior = float(coordinates.log_prior_from(self.peak.z))
            described |= {
                "mode": np.asarray(coordinates.vector_from(self.peak.z)).tolist(),
                "mode_log_density": self.peak.log_likelihood + log_prior,
                "mode_hessian": self.hessian.tolist(),
            }
        return described
