"""One quasi-Newton run as one loop, which JAX compiles.

References
----------
Nocedal & Wright (2006), Numerical Optimization, 2nd edition, chapter 6 (BFGS, its first scale: eq. 6.20);
Lewis & Overton (2013), Mathematical Programming 141, 135 (a line search that bisects until both Wolfe conditions hold,
and that only compares: an infinite cost is a step that was too long).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.cores import calls_side_by_side
from autogalaxy.inference.search.density import Density

_FIRST_STEP = 0.3
"""Length of the first step in units of the priors' sigma."""
_LONGEST_STEP = 2.0
_SUFFICIENT, _FLATTER = 1e-4, 0.9
"""Constants of the Wolfe conditions: of the decrease, and of the slope."""
_MAX_TRIALS = 25
"""Trials along a direction before it is given up."""
_MAX_RESETS = 2
_SMALL_STEPS = 2
"""Steps in a row below the tolerance that end a run."""


@dataclass(frozen=True, eq=False)
class Ascent:
    """Where a run is, in coordinates z; the beginning of another one."""

    z: np.ndarray
    log_likelihood: float = -np.inf
    cost: float = np.inf
    """Minus log likelihood, plus ``weight |z|^2 / 2``."""
    gradient: np.ndarray = field(default_factory=lambda: np.zeros(0))
    """Of the cost, ``(p,)``."""
    inverse: np.ndarray | None = None
    """Approximate inverse of the second derivatives of the cost, ``(p, p)``; ``None`` where nothing is known."""
    steps: int = 0
    evaluations: int = 0
    """Of the likelihood with its gradient."""
    converged: bool = False


class _State(NamedTuple):
    z: Array
    cost: Array
    log_likelihood: Array
    gradient: Array
    inverse: Array
    known: Array
    """Whether ``inverse`` has a scale."""
    direction: Array
    slope: Array
    step: Array
    low: Array
    high: Array
    trials: Array
    resets: Array
    steps: Array
    evaluations: Array
    small: Array
    expected: Array
    """Decrease of the cost that the next step would bring."""
    converged: Array
    done: Array


class Bfgs:
    """Runs of BFGS on ``-ln L + weight |z|^2 / 2``; the likelihood is traced once, however many starts there are.

    With ``weight=1`` that is minus the log posterior in z, up to a constant.
    """

    def __init__(self, density: Density) -> None:
        self.density = density
        self._compiled: dict[str, Callable] = {}

    def of(self, analysis: Analysis) -> Bfgs:
        """The same compiled runs for another dataset on the same pixels."""
        new = copy.copy(self)
        new.density = self.density.of(analysis)
        return new

    def evaluate(self, points: Sequence[Ascent]) -> list[Ascent]:
        """Log likelihoods and gradients of ``-ln L`` at points, by the program of the runs."""
        return self.run_all(points, 0.0, 0, 0.0)

    def run(self, start: Ascent, weight: float, max_steps: int, tolerance: float) -> Ascent:
        """Follow one start until steps lower the cost by less than ``tolerance``; ``max_steps=0`` evaluates it."""
        z, inverse, known = self._arguments(start)
        if not self.density.use_jax:
            with np.errstate(all="ignore"):
                return _ascent_from(self._loop(None, z, inverse, known, weight, max_steps, tolerance))
        import jax

        if "run" not in self._compiled:
            self._compiled["run"] = jax.jit(self._loop)
        settings = float(weight), int(max_steps), float(tolerance)
        state = self._compiled["run"](self.density.arrays(), z, inverse, known, *settings)
        return _ascent_from(jax.device_get(state))

    def run_all(self, starts: Sequence[Ascent], weight: float, max_steps: int, tolerance: float) -> list[Ascent]:
        """:meth:`run` for several starts: side by side on the cores of a processor, as one batch on a GPU."""
        if not starts or not self.density.use_jax:
            return [self.run(start, weight, max_steps, tolerance) for start in starts]
        import jax

        if jax.default_backend() != "cpu":
            return self._run_batch(jax, starts, weight, max_steps, tolerance)
        pool = ThreadPoolExecutor(max_workers=calls_side_by_side())  # JAX lets go of the interpreter while it computes
        try:
            return list(pool.map(lambda start: self.run(start, weight, max_steps, tolerance), starts))
        finally:
            pool.shutdown(cancel_futures=True)

    def _run_batch(self, jax: Any, starts: Sequence[Ascent], *settings: Any) -> list[Ascent]:
        if "batch" not in self._compiled:
            self._compiled["batch"] = jax.jit(jax.vmap(self._loop, in_axes=(None, 0, 0, 0, None, None, None)))
        rows = [np.stack(column) for column in zip(*map(self._arguments, starts), strict=True)]
        weight, max_steps, tolerance = settings
        numbers = float(weight), int(max_steps), float(tolerance)
        states = jax.device_get(self._compiled["batch"](self.density.arrays(), *rows, *numbers))
        return [_ascent_from(_State(*(column[i] for column in states))) for i in range(len(starts))]

    def _arguments(self, start: Ascent) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        known = start.inverse is not None
        inverse = start.inverse if start.inverse is not None else np.zeros((self.density.size,) * 2)
        return np.asarray(start.z, dtype=float), np.asarray(inverse, dtype=float), np.asarray(known)

    # ------------------------------------------------------------------ the loop

    def _loop(
        self, arrays: Any, z: Array, inverse: Array, known: Array, weight: Any, max_steps: Any, tolerance: Any
    ) -> _State:
        xp = self.density.analysis._xp
        zero, none = xp.zeros((), dtype=float), xp.zeros((), dtype=int)
        state = _State(
            z=xp.asarray(z), cost=zero + np.inf, log_likelihood=zero - np.inf, gradient=xp.zeros_like(z),
            inverse=xp.asarray(inverse), known=xp.asarray(known), direction=xp.zeros_like(z), slope=zero,
            step=zero + 1.0, low=zero, high=zero + np.inf, trials=none, resets=none, steps=none, evaluations=none,
            small=none, expected=zero + np.inf, converged=none > 0, done=none > 0,
        )  # fmt: skip
        if not self.density.use_jax:
            while not state.done:
                state = self._advance(state, arrays, weight, max_steps, tolerance, np)
            return state
        import jax

        return jax.lax.while_loop(
            lambda s: xp.logical_not(s.done),
            lambda s: self._advance(s, arrays, weight, max_steps, tolerance, xp),
            state,
        )

    def _advance(
        self, state: _State, arrays: Any, weight: Any, max_steps: Any, tolerance: Any, xp: Namespace
    ) -> _State:
        """Judge the trial; take it and turn to a new direction, or choose another length of the step."""
        trial = state.z + state.step * state.direction
        log_likelihood, upwards = self.density.value_and_gradient(trial, arrays)
        cost = -log_likelihood + 0.5 * weight * xp.sum(trial**2)
        gradient = weight * trial - upwards
        first, finite = xp.isinf(state.cost), xp.isfinite(cost)
        wanted = state.cost + _SUFFICIENT * state.step * state.slope
        lower = xp.logical_and(finite, cost <= wanted)
        flatter = xp.logical_or(gradient @ state.direction >= _FLATTER * state.slope, state.trials >= _MAX_TRIALS // 2)
        accepted = xp.logical_and(lower, xp.logical_or(first, flatter))
        searched = _shortened(state, cost, lower, finite, xp)
        stuck = xp.logical_and(~accepted, state.trials >= _MAX_TRIALS)
        here = state._replace(
            z=xp.where(accepted, trial, state.z), cost=xp.where(accepted, cost, state.cost),
            log_likelihood=xp.where(accepted, log_likelihood, state.log_likelihood),
            gradient=xp.where(accepted, gradient, state.gradient), evaluations=state.evaluations + 1,
            steps=state.steps + xp.logical_and(accepted, ~first), resets=state.resets + stuck,
        )  # fmt: skip
        turned = _turned(state, here, xp.logical_and(accepted, ~first), stuck, xp)
        turns = xp.logical_or(accepted, stuck)
        decrease = xp.where(first, np.inf, state.cost - cost)
        is_small = xp.logical_and(decrease < tolerance, turned.expected < tolerance)
        small = xp.where(accepted, xp.where(is_small, state.small + 1, 0), state.small)
        vanishes = turned.expected < 1e-3 * tolerance
        converged = xp.logical_or(small >= _SMALL_STEPS, xp.logical_and(accepted, vanishes))
        hopeless = xp.logical_or(here.resets > _MAX_RESETS, xp.logical_and(first, ~accepted))
        done = xp.logical_or(xp.logical_or(converged, hopeless), xp.logical_and(accepted, here.steps >= max_steps))
        following = _State(*(xp.where(turns, a, b) for a, b in zip(turned, searched, strict=True)))
        return following._replace(
            evaluations=here.evaluations, small=small, converged=converged, done=done, resets=here.resets
        )


# ---------------------------------------------------------------------- pieces of a step


def _shortened(state: _State, cost: Array, lower: Array, finite: Array, xp: Namespace) -> _State:
    """The next length along the same direction: longer until the cost rises, then inside the bracket."""
    low = xp.where(lower, state.step, state.low)
    high = xp.where(lower, state.high, state.step)
    rise = cost - state.cost - state.slope * state.step
    parabola = -0.5 * state.slope * state.step**2 / xp.where(xp.logical_and(finite, rise > 0.0), rise, 1.0)
    parabola = xp.clip(parabola, 0.1 * state.step, 0.6 * state.step)
    inside = xp.where(finite, 0.5 * (low + high), low + 0.2 * (high - low))
    inside = xp.where(xp.logical_and(finite, low == 0.0), parabola, inside)
    step = xp.where(xp.isinf(high), 2.0 * low, inside)
    return state._replace(low=low, high=high, step=step, trials=state.trials + 1)


def _turned(state: _State, here: _State, moved: Array, stuck: Array, xp: Namespace) -> _State:
    """The state at the point of ``here`` with a new direction; a direction that failed forgets what led to it."""
    change, turn = here.z - state.z, here.gradient - state.gradient
    curvature, squared = change @ turn, turn @ turn
    updates = xp.logical_and(moved, curvature > 1e-10 * xp.sqrt((change @ change) * squared))
    scale = xp.where(updates, curvature / xp.where(squared > 0.0, squared, 1.0), 1.0)
    inverse = xp.where(state.known, state.inverse, scale * xp.eye(len(change)))
    inverse = xp.where(updates, _updated(inverse, change, turn, xp.where(updates, curvature, 1.0), xp), inverse)
    known = xp.logical_and(xp.logical_or(state.known, updates), ~stuck)
    steepest = here.gradient * _FIRST_STEP / xp.maximum(xp.sqrt(here.gradient @ here.gradient), _FIRST_STEP)
    direction = -xp.where(known, inverse @ here.gradient, steepest)
    uphill = direction @ here.gradient >= 0.0
    direction = xp.where(uphill, -steepest, direction)
    known = xp.logical_and(known, ~uphill)
    expected = -0.5 * direction @ here.gradient
    length = xp.sqrt(direction @ direction)
    direction = direction * xp.minimum(1.0, _LONGEST_STEP / xp.maximum(length, 1e-300))
    zero = xp.zeros_like(state.step)
    return here._replace(
        inverse=inverse, known=known, direction=direction, slope=direction @ here.gradient, expected=expected,
        step=zero + 1.0, low=zero, high=zero + np.inf, trials=xp.zeros_like(state.trials),
    )  # fmt: skip


def _updated(inverse: Array, change: Array, turn: Array, curvature: Array, xp: Namespace) -> Array:
    """Eq. 6.17 of Nocedal & Wright."""
    bent = inverse @ turn
    outer = xp.outer(change, bent) / curvature
    return inverse - outer - outer.T + (1.0 + turn @ bent / curvature) * xp.outer(change, change) / curvature


def _ascent_from(state: _State) -> Ascent:
    return Ascent(
        z=np.array(state.z),
        log_likelihood=float(state.log_likelihood),
        cost=float(state.cost),
        gradient=np.array(state.gradient),
        inverse=np.array(state.inverse) if bool(state.known) else None,
        steps=int(state.steps),
        evaluations=int(state.evaluations),
        converged=bool(state.converged),
    )
