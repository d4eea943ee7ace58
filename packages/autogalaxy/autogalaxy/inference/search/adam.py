"""Steps of Adam for many starts, as one compiled program.

References
----------
Kingma & Ba (2015), ICLR, arXiv:1412.6980.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from autoarray import exc
from autoarray.type import Array
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.cores import calls_side_by_side
from autogalaxy.inference.search.bfgs import Ascent
from autogalaxy.inference.search.density import Density


class AdamState(NamedTuple):
    """One start on its way."""

    z: Array
    mean: Array
    """Moving average of the gradient, ``(p,)``."""
    square: Array
    """Moving average of its squares, ``(p,)``."""
    count: Array
    """Steps made."""
    best_z: Array
    best_cost: Array
    best_log_likelihood: Array
    best_gradient: Array
    """Gradient of the cost at ``best_z``, ``(p,)``."""


class Adam:
    """Blocks of steps on ``-ln L + weight |z|^2 / 2``, with a rate that falls to zero as half a cosine.

    The rate, its length and the length of a block are arguments of what is compiled, so that all settings share it.
    """

    def __init__(self, density: Density) -> None:
        if not density.use_jax:
            raise exc.SearchException(
                "MultiStartAdam got an analysis that computes with NumPy, but wants exact gradients: "
                f"{type(density.analysis).__name__}(..., use_jax=True), or a search that takes differences: "
                "QuasiNewton()."
            )
        try:
            import optax
        except ImportError:
            raise exc.SearchException(
                "MultiStartAdam needs optax, which is not installed. Install it: pip install 'autolens-xp[jax]', or "
                "use a search without it: QuasiNewton()."
            ) from None
        self.density = density
        self._adam = optax.scale_by_adam()
        self._state_class = type(self._adam.init(np.zeros(1)))
        self._compiled: dict[str, Callable] = {}

    def of(self, analysis: Analysis) -> Adam:
        """The same compiled steps for another dataset on the same pixels."""
        new = copy.copy(self)
        new.density = self.density.of(analysis)
        return new

    @staticmethod
    def beginning(z: np.ndarray) -> AdamState:
        zeros = np.zeros(len(z))
        return AdamState(z, zeros, zeros, np.zeros((), dtype=int), z, np.array(np.inf), np.array(-np.inf), zeros)

    def advanced(
        self, states: Sequence[AdamState], weight: float, rate: float, n_steps: int, block: int
    ) -> list[AdamState]:
        """``block`` steps more of ``n_steps`` for each: side by side on a processor's cores, one batch on a GPU."""
        import jax

        settings = float(weight), float(rate), int(n_steps), int(block)
        arrays = self.density.arrays()
        if jax.default_backend() != "cpu":
            batch = AdamState(*(np.stack(column) for column in zip(*states, strict=True)))
            done = jax.device_get(self._program(jax, "batch")(arrays, batch, *settings))
            return [AdamState(*(column[i] for column in done)) for i in range(len(states))]
        program = self._program(jax, "one")
        pool = ThreadPoolExecutor(max_workers=calls_side_by_side())  # JAX lets go of the interpreter while it computes
        try:
            return list(pool.map(lambda state: jax.device_get(program(arrays, state, *settings)), states))
        finally:
            pool.shutdown(cancel_futures=True)

    def evaluate(self, points: Sequence[Ascent]) -> list[Ascent]:
        """Log likelihoods and gradients of ``-ln L`` at points, by the program of the steps."""
        return [ascent_from(s) for s in self.advanced([self.beginning(start.z) for start in points], 0.0, 0.0, 1, 1)]

    def _program(self, jax: Any, name: str) -> Callable:
        if name not in self._compiled:
            function = (
                self._block if name == "one" else jax.vmap(self._block, in_axes=(None, 0, None, None, None, None))
            )
            self._compiled[name] = jax.jit(function)
        return self._compiled[name]

    def _block(self, arrays: Any, state: AdamState, weight: Any, rate: Any, n_steps: Any, block: Any) -> AdamState:
        import jax

        return jax.lax.fori_loop(0, block, lambda _, now: self._step(arrays, now, weight, rate, n_steps), state)

    def _step(self, arrays: Any, state: AdamState, weight: Any, rate: Any, n_steps: Any) -> AdamState:
        """One gradient; where the likelihood is refused, momentum alone goes on, towards the median."""
        xp = self.density.analysis._xp
        log_likelihood, upwards = self.density.value_and_gradient(state.z, arrays)
        gradient = weight * state.z - upwards
        cost = -log_likelihood + 0.5 * weight * xp.sum(state.z**2)
        better = cost < state.best_cost
        before = self._state_class(count=state.count, mu=state.mean, nu=state.square)
        direction, after = self._adam.update(gradient, before)
        falling = 0.5 * (1.0 + xp.cos(np.pi * xp.minimum(state.count / n_steps, 1.0)))
        return AdamState(
            z=state.z - rate * falling * direction, mean=after.mu, square=after.nu,
            count=xp.asarray(after.count, dtype=state.count.dtype),
            best_z=xp.where(better, state.z, state.best_z), best_cost=xp.where(better, cost, state.best_cost),
            best_log_likelihood=xp.where(better, log_likelihood, state.best_log_likelihood),
            best_gradient=xp.where(better, gradient, state.best_gradient),
        )  # fmt: skip


def ascent_from(state: AdamState) -> Ascent:
    """The best point of a start."""
    return Ascent(
        z=np.array(state.best_z),
        log_likelihood=float(state.best_log_likelihood),
        cost=float(state.best_cost),
        gradient=np.array(state.best_gradient),
        steps=int(state.count),
        evaluations=int(state.count),
    )
