"""Errors of the parameters at an optimum, from the Gauss-Newton second derivatives of the cost."""

from __future__ import annotations

import numpy as np

from autogalaxy.inference.search.least_squares import LeastSquares, Optimum

_PRIOR_PRECISION = 12.0
"""Inverse variance of a uniform prior of width one."""
_AT_LIMIT = 1e-4
"""Distance from a limit, in prior widths, at which a parameter counts as held by it."""
_MARGINS = 1e4
"""The same in units of the distance that is always kept, where that is less: a hundredth of a small limit."""


class Fisher:
    """Covariance from the Fisher matrix, over the parameters that no limit holds.

    A direction that the data constrain less than the priors do gets the variance of a uniform prior, not an infinite
    one. A parameter at a limit has no Gaussian error: its variance is zero here and it is named in ``at_limits``.
    """

    def __init__(self, optimum: Optimum, problem: LeastSquares) -> None:
        lower, upper = np.minimum(_AT_LIMIT, _MARGINS * problem.margins)
        held = (optimum.scaled <= problem.lower + lower) | (optimum.scaled >= problem.upper - upper)
        free = np.flatnonzero(~held)
        values, vectors = np.linalg.eigh(optimum.hessian[np.ix_(free, free)])
        scaled = np.zeros((problem.size, problem.size))
        scaled[np.ix_(free, free)] = (vectors / np.maximum(values, _PRIOR_PRECISION)) @ vectors.T
        self.covariance = scaled * problem.widths[:, None] * problem.widths
        """In physical units, ``(p, p)``."""
        self.at_limits = np.flatnonzero(held)
        self.flat_directions = int(np.sum(values < _PRIOR_PRECISION))
        """Directions in which the priors say more than the data."""
        self.condition_number = float(values[-1] / values[0]) if len(values) and values[0] > 0.0 else float("inf")
        """Largest over smallest eigenvalue, in units of the prior widths."""
