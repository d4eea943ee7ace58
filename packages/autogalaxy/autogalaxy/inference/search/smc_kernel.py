"""The program that is compiled for sequential Monte Carlo: a stage of all particles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from autoarray.type import Array
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.posterior.coordinates import GaussianCoordinates
from autogalaxy.inference.search.nuts_kernel import blackjax_module


class Stage(NamedTuple):
    """Particles after a stage."""

    z: Array
    """``(n, p)``."""
    weights: Array
    """With which they follow the power ``exponent`` of the likelihood, sum one, ``(n,)``."""
    exponent: Array
    log_increment: Array
    """What the stage adds to the log evidence."""
    ancestors: Array
    """Which particle of the stage before each of them comes from, ``(n,)``."""
    acceptance: Array


def stage_function(
    fitness: Fitness, coordinates: GaussianCoordinates, moves: int, steps: int, at_once: bool, jax: Any
) -> Callable[..., Stage]:
    """``stage(arrays, seed, index, z, weights, exponent, sizes, centre, cholesky, target)``.

    The particles are drawn anew by their weights, moved ``moves`` times by trajectories of ``steps`` steps of
    Hamiltonian Monte Carlo at their exponent, and weighted for a larger one, for which a part ``target`` of them is
    effective. ``sizes`` are the steps of each, ``(n,)``, in coordinates whitened by ``cholesky``. A processor goes
    through them one by one; elsewhere they move ``at_once``.
    """
    blackjax = blackjax_module()
    hmc = blackjax.mcmc.hmc
    move = hmc.build_kernel()
    from blackjax.smc import adaptive_tempered, resampling
    from blackjax.smc.tempered import TemperedSMCState

    def stage(
        arrays: Any, seed: Array, index: Array, z: Array, weights: Array, exponent: Array, sizes: Array,
        centre: Array, cholesky: Array, target: Array,
    ) -> Stage:  # fmt: skip
        xp = jax.numpy
        unit = xp.ones(len(centre))

        def z_from(w: Array) -> Array:
            return centre + cholesky @ w

        def log_prior(w: Array) -> Any:
            return coordinates.log_prior_from(z_from(w), xp=xp)

        def log_likelihood(w: Array) -> Any:
            return fitness.call_with(arrays, coordinates.vector_from(z_from(w), xp=xp))

        def moved(key: Array, state: Any, log_density: Callable, size: Array) -> Any:
            return move(key, state, log_density, size, unit, steps)

        kernel = adaptive_tempered.build_kernel(
            log_prior, log_likelihood, moved, hmc.init, resampling.systematic, target, batch_size=0 if at_once else 1
        )
        w = xp.linalg.solve(cholesky, (z - centre).T).T
        key = jax.random.fold_in(jax.random.key(seed), index)
        state = TemperedSMCState(w, xp.asarray(weights), xp.asarray(exponent, dtype=float))
        new, info = kernel(key, state, moves, {"size": sizes})
        return Stage(
            centre + new.particles @ cholesky.T, new.weights, new.tempering_param, info.log_likelihood_increment,
            info.ancestors, xp.mean(info.update_info.acceptance_rate),
        )  # fmt: skip

    return stage
