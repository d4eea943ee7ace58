"""The program that is compiled for NUTS: a block of transitions of one chain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autoarray import exc
from autoarray.type import Array
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.posterior.coordinates import GaussianCoordinates

_UNKNOWN = 1e30
"""Log density of a state whose density is not known yet: everything diverges from it."""


def blackjax_module() -> Any:
    """The library, or how to install it."""
    try:
        import blackjax
    except ImportError:
        raise exc.SearchException(
            "NUTS and SMC need blackjax, which is not installed: pip install autolens[jax]."
        ) from None
    return blackjax


def block_function(
    fitness: Fitness, coordinates: GaussianCoordinates, length: int, depth: int, vectorized: bool, jax: Any
) -> Callable[..., Any]:
    """``block(arrays, shared, z, averaging, chain)`` of one chain, or of all of them where ``vectorized``.

    ``shared`` is (step size, warm-up or not, target acceptance, seed, number of the block, centre, cholesky).

    The gradient of the likelihood, which takes nearly all of the time to compile, stands in the program once, in the
    integrator of the kernel. So the density of the first state of a block comes from the kernel too: its first
    iteration makes a step of size zero from a state so probable that the trajectory ends there as divergent, and the
    end of that trajectory is the first state with its density.
    """
    kernel = blackjax_module().nuts.build_kernel()
    from blackjax.optimizers.dual_averaging import DualAveragingState, dual_averaging

    _, update, _ = dual_averaging()

    @jax.jit  # loops are traced several times until their types settle, what is compiled inside them once
    def log_density_of(w: Array, centre: Array, cholesky: Array, arrays: Any) -> Any:
        return coordinates.log_density_from(centre + cholesky @ w, fitness, arrays)

    def block(arrays: Any, shared: tuple[Any, ...], z: Array, averaging: Array, chain: Array) -> tuple[Array, ...]:
        step, warm, target, seed, index, centre, cholesky = shared
        xp = jax.numpy
        unit = xp.ones(len(centre))

        def log_density(w: Array) -> Any:
            return log_density_of(w, centre, cholesky, arrays)

        def transition(carry: tuple[Any, Array, Array], key: Array) -> tuple[Any, tuple[Array, ...]]:
            state, averaging, fresh = carry
            size = xp.where(fresh, 0.0, xp.where(warm, xp.exp(averaging[0]), step))
            new, info = kernel(key, state, log_density, size, unit, depth)
            left, right = info.trajectory_leftmost_state, info.trajectory_rightmost_state
            known = jax.tree.map(
                lambda a, b: xp.where(left.logdensity < 0.5 * _UNKNOWN, a, b), _state(left), _state(right)
            )
            state = type(state)(*jax.tree.map(lambda a, b: xp.where(fresh, a, b), known, _state(new)))
            followed = xp.stack(update(DualAveragingState(*averaging), target - info.acceptance_rate))
            averaging = xp.where(fresh | xp.logical_not(warm), averaging, followed)
            out = (
                state.position,
                state.logdensity,
                info.is_divergent,
                info.acceptance_rate,
                info.num_integration_steps,
            )
            return (state, averaging, xp.zeros((), dtype=bool)), out

        key = jax.random.fold_in(jax.random.fold_in(jax.random.key(seed), chain), index)
        w = xp.linalg.solve(cholesky, z - centre)
        first = blackjax_module().mcmc.hmc.HMCState(w, xp.asarray(_UNKNOWN), xp.zeros_like(w))
        carry = (first, xp.asarray(averaging), xp.ones((), dtype=bool))
        (state, averaging, _), out = jax.lax.scan(transition, carry, jax.random.split(key, length + 1))
        ws, log_densities, divergent, acceptances, steps = out
        draws = centre + ws[1:] @ cholesky.T
        return draws[-1], averaging, draws, log_densities[1:], divergent[1:], acceptances[1:], xp.sum(steps)

    return jax.vmap(block, in_axes=(None, None, 0, 0, 0)) if vectorized else block


def _state(state: Any) -> tuple[Array, Array, Array]:
    return state.position, state.logdensity, state.logdensity_grad
