"""The same runs for an analysis that computes with NumPy: scipy's trust-region least squares, numerical Jacobians."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.instance import NOT_OF_A_POINT, REFUSALS
from autogalaxy.inference.search.least_squares import FIRST_DAMPING, LeastSquares, Optimum, Start

_DIFFERENCE = float(np.finfo(float).eps ** 0.5)
"""Distance of two points of a numerical derivative, in widths of the priors or parts of what is larger."""


class NumpyKernel:
    """Least-squares runs with finite-difference Jacobians: slower than JAX, with the same optima."""

    def __init__(self, problem: LeastSquares) -> None:
        self.problem = problem
        self._length: int | None = None
        self.raised = 0
        """Likelihoods that raised; they are refused."""
        self.last_error: Exception | None = None

    def of(self, analysis: Analysis) -> NumpyKernel:
        """The same runs for another dataset on the same pixels."""
        return NumpyKernel(self.problem.of(analysis))

    def run(self, scaled: np.ndarray, max_jacobians: int, tolerance: float, damping: float = FIRST_DAMPING) -> Optimum:
        """Follow one start; ``max_jacobians=0`` solves for the linear parameters alone (screening)."""
        from scipy.optimize import least_squares

        scaled, cost = self._projected(np.asarray(scaled, dtype=float))
        size = self.problem.size
        if max_jacobians == 0 or not np.isfinite(cost):
            half = self._half_chi_squared(scaled)
            return Optimum(scaled, cost, half, np.zeros((size, size)), np.zeros(size), damping, 0, 1, False)
        robust = self.problem.robust_scale
        found = least_squares(
            self._residuals,
            scaled,
            jac=self._jacobian,
            bounds=(self.problem.lower, self.problem.upper),
            method="trf",
            loss="linear" if robust is None else "soft_l1",
            f_scale=robust or 1.0,
            ftol=max(tolerance / (self._length or 1), 1e-14),
            xtol=1e-12,
            gtol=None,
            max_nfev=max_jacobians,
        )
        best, best_cost = self._projected(found.x)
        jacobian = found.jac
        return Optimum(
            scaled=best,
            cost=best_cost,
            half_chi_squared=self._half_chi_squared(best),
            hessian=jacobian.T @ jacobian,
            gradient=found.grad,
            damping=damping,
            jacobians=int(found.njev),
            evaluations=int(found.nfev) + (size + 1) * int(found.njev),
            converged=bool(found.status > 0),
        )

    def run_all(self, starts: Sequence[Start], max_jacobians: int, tolerance: float) -> list[Optimum]:
        """:meth:`run` for several starts, one after the other."""
        return [self.run(start.scaled, max_jacobians, tolerance, start.damping) for start in starts]

    def _residuals(self, scaled: np.ndarray) -> np.ndarray:
        """Residuals, all NaN where the instance makes no sense (scipy then shortens its step)."""
        try:
            with np.errstate(all="ignore"):
                residuals, allowed = self.problem.residuals_from(scaled)
        except REFUSALS:
            return np.full(self._length or 1, np.nan)
        except NOT_OF_A_POINT:
            raise
        except Exception as error:  # a point that raises is counted, and ends no search
            self.raised += 1
            self.last_error = error
            return np.full(self._length or 1, np.nan)
        residuals = np.asarray(residuals, dtype=float)
        self._length = len(residuals)
        return residuals if bool(allowed) else np.full(len(residuals), np.nan)

    def _jacobian(self, scaled: np.ndarray) -> np.ndarray:
        """Differences towards a side where there are residuals, ``(n, p)``; zero where neither side has any."""
        here = self._residuals(scaled)
        columns = np.zeros((len(here), len(scaled)))
        steps = _DIFFERENCE * np.maximum(1.0, np.abs(scaled)) * np.where(scaled < 0.0, -1.0, 1.0)
        for i, step in enumerate(steps):
            for signed in (step, -step):
                moved = scaled.copy()
                moved[i] += signed
                if not self.problem.lower[i] <= moved[i] <= self.problem.upper[i]:
                    continue
                there = self._residuals(moved)
                if np.all(np.isfinite(there)):
                    columns[:, i] = (there - here) / (moved[i] - scaled[i])
                    break
        return columns

    def _cost(self, residuals: np.ndarray) -> float:
        with np.errstate(all="ignore"):
            return float(self.problem.cost_from(residuals, True))

    def _half_chi_squared(self, scaled: np.ndarray) -> float:
        return float(self.problem.half_chi_squared_from(self._residuals(scaled)))

    def _projected(self, scaled: np.ndarray) -> tuple[np.ndarray, float]:
        """``scaled`` with its linear parameters solved for where that lowers the cost, and the cost."""
        from scipy.optimize import lsq_linear

        residuals = self._residuals(scaled)
        cost = self._cost(residuals)
        linear = self.problem.linear_indexes
        if len(linear) == 0 or not np.isfinite(cost):
            return scaled, cost
        # a difference of any length is exact, as the residuals are linear; inwards, so that it stays allowed
        signs = np.where(scaled[linear] <= 0.0, 1.0, -1.0) * 0.1
        moved = [self._residuals(scaled + sign * np.eye(len(scaled))[i]) for i, sign in zip(linear, signs, strict=True)]
        columns = (np.array(moved) - residuals) / signs[:, None]
        if not np.all(np.isfinite(columns)):
            return scaled, cost
        limits = (self.problem.lower[linear] - scaled[linear], self.problem.upper[linear] - scaled[linear])
        solved = residuals
        for _ in range(1 if self.problem.robust_scale is None else 4):  # re-weighted least squares
            root = np.sqrt(self.problem.weights_from(solved))
            move = lsq_linear((columns * root).T, -residuals * root, bounds=limits).x
            solved = residuals + move @ columns
        projected = scaled.copy()
        projected[linear] += move
        after = self._cost(solved)
        return (projected, after) if after < cost else (scaled, cost)
