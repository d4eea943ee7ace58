"""One Levenberg-Marquardt run as one compiled loop.

References
----------
Nielsen (1999), "Damping parameter in Marquardt's method", IMM-REP-1999-05 (damping);
Golub & Pereyra (2003), Inverse Problems 19, R1 (separable least squares: each trial solves for its linear parameters).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from autoarray.type import Array
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.cores import calls_side_by_side
from autogalaxy.inference.search.least_squares import FIRST_DAMPING, LeastSquares, Optimum, Start


class _State(NamedTuple):
    scaled: Array
    trial: Array
    cost: Array
    half_chi_squared: Array
    predicted: Array
    """Decrease of the cost that the quadratic model expects of the trial."""
    hessian: Array
    gradient: Array
    expected: Array
    """Decrease that the undamped step would bring."""
    damping: Array
    growth: Array
    jacobians: Array
    evaluations: Array
    stalled: Array
    converged: Array
    done: Array


class JaxKernel:
    """Runs of Levenberg-Marquardt; the residuals are traced twice, however many starts there are."""

    raised: int = 0
    """Likelihoods that raised: what is compiled raises for all points or none, and that ends the search."""
    last_error: Exception | None = None

    def __init__(self, problem: LeastSquares) -> None:
        import jax

        self.problem = problem
        self._arrays: Any = None
        self._run = jax.jit(self._run_from)

    def of(self, analysis: Analysis) -> JaxKernel:
        """The same compiled runs for another dataset on the same pixels."""
        new = copy.copy(self)
        new.problem, new._arrays = self.problem.of(analysis), None
        return new

    def arrays(self) -> Any:
        """Arrays of the dataset, which are arguments of what is compiled; ``None`` where the analysis has none."""
        if self._arrays is None and self.problem.analysis.offers("dataset_arrays"):
            import jax

            self._arrays = jax.tree.map(jax.numpy.asarray, self.problem.analysis.dataset_arrays())
        return self._arrays

    def run(self, scaled: np.ndarray, max_jacobians: int, tolerance: float, damping: float = FIRST_DAMPING) -> Optimum:
        """Follow one start; ``max_jacobians=0`` solves for the linear parameters alone (screening)."""
        import jax

        state = jax.device_get(self._run(self.arrays(), scaled, max_jacobians, tolerance, damping))
        return Optimum(
            scaled=state.scaled,
            cost=float(state.cost),
            half_chi_squared=float(state.half_chi_squared),
            hessian=state.hessian,
            gradient=state.gradient,
            damping=float(state.damping),
            jacobians=int(state.jacobians),
            evaluations=int(state.evaluations),
            converged=bool(state.converged),
        )

    def run_all(self, starts: Sequence[Start], max_jacobians: int, tolerance: float) -> list[Optimum]:
        """:meth:`run` for several starts, side by side on the cores of a processor."""
        pool = ThreadPoolExecutor(max_workers=calls_side_by_side())  # JAX lets go of the interpreter while it computes
        try:
            return list(pool.map(lambda s: self.run(s.scaled, max_jacobians, tolerance, s.damping), starts))
        finally:
            pool.shutdown(cancel_futures=True)

    # ------------------------------------------------------------------ the loop

    def _run_from(self, arrays: Any, scaled: Array, max_jacobians: Array, tolerance: Array, damping: Array) -> _State:
        import jax
        import jax.numpy as jnp

        size = self.problem.size
        scaled = jnp.asarray(scaled, dtype=float)
        zero, none = jnp.zeros((), dtype=float), jnp.zeros((), dtype=int)
        start = _State(
            scaled=scaled, trial=scaled, cost=zero + jnp.inf, half_chi_squared=zero + jnp.inf, predicted=zero + 1.0,
            hessian=jnp.zeros((size, size)), gradient=jnp.zeros(size), expected=zero + jnp.inf,
            damping=zero + damping, growth=zero + 2.0, jacobians=none, evaluations=none, stalled=none,
            converged=none > 0, done=none > 0,
        )  # fmt: skip
        return jax.lax.while_loop(
            lambda state: jnp.logical_not(state.done),
            lambda state: self._advance(arrays, state, max_jacobians, tolerance),
            start,
        )

    def _advance(self, arrays: Any, state: _State, max_jacobians: Array, tolerance: Array) -> _State:
        """Judge the trial, take it where it lowers the cost, and make the next one."""
        import jax
        import jax.numpy as jnp

        trial, cost, half_chi_squared = self._projected(arrays, state.trial)
        first = jnp.isinf(state.cost)
        accepted = cost < state.cost
        decrease = state.cost - cost
        gain = jnp.where(first, 1.0, decrease / jnp.maximum(state.predicted, 1e-30))
        easier = jnp.maximum(1.0 / 3.0, 1.0 - (2.0 * jnp.minimum(gain, 2.0) - 1.0) ** 3)
        damping = jnp.where(first, state.damping, state.damping * jnp.where(accepted, easier, state.growth))
        scaled = jnp.where(accepted, trial, state.scaled)
        looks = jnp.logical_and(accepted, state.jacobians < max_jacobians)
        hessian, gradient, expected = jax.lax.cond(
            looks,
            partial(self._quadratic, arrays),
            lambda _: (state.hessian, state.gradient, state.expected),
            scaled,
        )
        stalled = jnp.where(accepted, jnp.where(decrease < tolerance, state.stalled + 1, 0), state.stalled)
        damping = jnp.maximum(damping, 1e-12)
        converged = jnp.logical_or(looks & (expected < tolerance), stalled >= 3)
        hopeless = jnp.logical_or(damping > 1e12, first & ~accepted)
        done = converged | hopeless | (accepted & ~looks)
        step, predicted = jax.lax.cond(
            done,
            lambda *_: (jnp.zeros_like(scaled), jnp.ones(())),
            self._step,
            *(scaled, hessian, gradient, damping),
        )
        return _State(
            scaled=scaled, trial=scaled + step, cost=jnp.where(accepted, cost, state.cost), predicted=predicted,
            half_chi_squared=jnp.where(accepted, half_chi_squared, state.half_chi_squared),
            hessian=hessian, gradient=gradient, expected=expected,
            damping=damping, growth=jnp.where(accepted, 2.0, 2.0 * state.growth),
            jacobians=state.jacobians + looks, evaluations=state.evaluations + 1, stalled=stalled,
            converged=converged, done=done,
        )  # fmt: skip

    # ------------------------------------------------------------------ pieces

    def _quadratic(self, arrays: Any, scaled: Array) -> tuple[Array, Array, Array]:
        """Gauss-Newton Hessian, gradient, and the decrease an undamped step would bring."""
        import jax

        residuals, push_forward = jax.linearize(lambda z: self.problem.residuals_from(z, arrays)[0], scaled)
        jacobian = _columns_from(push_forward, np.eye(self.problem.size))
        weighted = jacobian * self.problem.weights_from(residuals)
        hessian, gradient = weighted @ jacobian.T, weighted @ residuals
        newton = _damped_solution(hessian, -gradient, self._free(scaled, gradient), 1e-8)
        return hessian, gradient, -0.5 * gradient @ newton

    def _step(self, scaled: Array, hessian: Array, gradient: Array, damping: Any) -> tuple[Array, Array]:
        """Damped step inside the limits, and the decrease the quadratic model expects of it.

        A parameter at a limit whose step leads outwards stays there; one that would cross its limit is put on it and
        the others are solved for again.
        """
        import jax.numpy as jnp

        lower, upper = self.problem.lower, self.problem.upper
        free, step = self._free(scaled, gradient), jnp.zeros_like(scaled)
        for _ in range(4):
            fixed = jnp.where(free, 0.0, step)
            solved = _damped_solution(hessian, -(gradient + hessian @ fixed), free, damping)
            target = scaled + jnp.where(free, solved, fixed)
            step = jnp.clip(target, lower, upper) - scaled
            free = free & (target >= lower) & (target <= upper)
        return step, -(gradient @ step + 0.5 * step @ hessian @ step)

    def _free(self, scaled: Array, gradient: Array) -> Array:
        """Which parameters are not held by a limit, ``(p,)``."""
        at_lower = (scaled <= self.problem.lower) & (gradient > 0.0)
        return ~(at_lower | ((scaled >= self.problem.upper) & (gradient < 0.0)))

    def _projected(self, arrays: Any, scaled: Array) -> tuple[Array, Array, Array]:
        """``scaled`` with its linear parameters solved for if that lowers the cost, the cost, and chi-squared / 2."""
        import jax
        import jax.numpy as jnp

        linear = self.problem.linear_indexes
        if len(linear) == 0:
            residuals, allowed = self.problem.residuals_from(scaled, arrays)
            cost = self.problem.cost_from(residuals, allowed)
            return scaled, cost, self.problem.half_chi_squared_from(residuals)
        residuals, push_forward, allowed = jax.linearize(
            lambda values: self.problem.residuals_with(values, scaled, arrays), scaled[linear], has_aux=True
        )
        columns = _columns_from(push_forward, np.eye(len(linear)))
        low, high = self.problem.lower[linear] - scaled[linear], self.problem.upper[linear] - scaled[linear]
        solved, move = residuals, jnp.zeros(len(linear))
        for _ in range(1 if self.problem.robust_scale is None else 4):  # re-weighted least squares
            weighted = columns * self.problem.weights_from(solved)
            move = _bounded_solution(weighted @ columns.T, -weighted @ residuals, low, high)
            solved = residuals + move @ columns
        before, after = self.problem.cost_from(residuals, allowed), self.problem.cost_from(solved, allowed)
        better = after < before
        best = jnp.where(better, solved, residuals)
        projected = scaled.at[linear].add(jnp.where(better, move, 0.0))
        return projected, jnp.where(better, after, before), self.problem.half_chi_squared_from(best)


def _columns_from(push_forward: Callable[[Array], Array], tangents: np.ndarray) -> Array:
    """Directional derivatives, ``(k, p) -> (k, n)``; zero where they are not finite.

    One at a time on a processor, whose cache holds one of them (twice as fast as a batch); at once elsewhere.
    """
    import jax
    import jax.numpy as jnp

    one_at_a_time = jax.default_backend() == "cpu"
    columns = (jax.lax.map if one_at_a_time else _vmapped)(push_forward, jnp.asarray(tangents))
    return jnp.where(jnp.isfinite(columns), columns, 0.0)


def _vmapped(function: Callable[[Array], Array], values: Array) -> Array:
    import jax

    return jax.vmap(function)(values)


def _damped_solution(hessian: Array, right: Array, free: Array, damping: Any) -> Array:
    """``(H + damping diag H)^-1 right`` over the free parameters, zero for the others, ``(p,)``."""
    import jax.numpy as jnp

    diagonal = jnp.diagonal(hessian)
    scale = jnp.maximum(diagonal, 1e-12 * jnp.max(diagonal) + 1e-30)
    matrix = jnp.where(free[:, None] & free[None, :], hessian, 0.0)
    matrix = matrix + jnp.diag(jnp.where(free, damping * scale, 1.0))
    root = jnp.sqrt(jnp.diagonal(matrix))
    return jnp.linalg.solve(matrix / root[:, None] / root, jnp.where(free, right, 0.0) / root) / root


def _bounded_solution(matrix: Array, right: Array, low: Array, high: Array) -> Array:
    """Minimum of ``x.matrix.x / 2 - right.x`` between ``low`` and ``high``, all ``(n,)``.

    Components that leave the limits are fixed on them one round after the other; sweeps over single components then
    let go of those that were fixed too early.
    """
    import jax
    import jax.numpy as jnp

    size = len(right)
    diagonal = jnp.diagonal(matrix)
    root = jnp.sqrt(jnp.where(diagonal > 0.0, diagonal, 1.0))
    matrix = matrix / root[:, None] / root + 1e-10 * jnp.eye(size)
    right, low, high = right / root, low * root, high * root
    free, x = jnp.ones(size, dtype=bool), jnp.zeros(size)
    for _ in range(min(size, 4)):
        fixed = jnp.where(free, 0.0, x)
        system = jnp.where(free[:, None] & free[None, :], matrix, 0.0) + jnp.diag(jnp.where(free, 0.0, 1.0))
        target = jnp.where(free, jnp.linalg.solve(system, jnp.where(free, right - matrix @ fixed, 0.0)), fixed)
        x = jnp.clip(target, low, high)
        free = free & (target >= low) & (target <= high)

    def improved(i: Array, x: Array) -> Array:
        k = i % size
        return x.at[k].set(jnp.clip(x[k] + (right[k] - matrix[k] @ x) / matrix[k, k], low[k], high[k]))

    return jax.lax.fori_loop(0, 8 * size, improved, x) / root
