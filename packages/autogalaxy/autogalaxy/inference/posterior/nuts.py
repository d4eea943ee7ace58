"""Posterior draws by the No-U-Turn sampler, in coordinates whitened by a covariance that the caller knows.

References
----------
Hoffman & Gelman (2014), JMLR 15, 1593 (NUTS, dual averaging); Phan, Pradhan & Jankowiak (2019), arXiv:1912.11554
(the iterative form); Cabezas et al. (2024), arXiv:2402.10797 (BlackJAX, whose kernel this is).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from autoarray import exc
from autogalaxy.inference.checkpoint import Checkpoint
from autogalaxy.inference.cores import calls_side_by_side
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.posterior.coordinates import GaussianCoordinates
from autogalaxy.inference.posterior.diagnostics import effective_samples_from, r_hat_from
from autogalaxy.inference.search.nuts_kernel import block_function
from autogalaxy.inference.search.progress import Progress

BLOCK = 25
"""Transitions of one call of the compiled program, which compiles once for any number of blocks."""
R_HAT = 1.01
EFFECTIVE_SAMPLES = 400
_LEAST_BLOCKS = 4
"""Blocks of draws before the chains are judged."""


@dataclass(eq=False)
class NutsRun:
    """Draws of several chains, and how the sampler did."""

    draws: np.ndarray
    """In z, ``(chains, n, p)``."""
    log_densities: np.ndarray
    """Log of likelihood times prior in z, ``(chains, n)``."""
    log_likelihoods: np.ndarray
    divergences: int
    r_hat: float
    """Rank-normalized split r-hat, the largest over parameters; infinite before there are draws."""
    effective_samples: float
    """Bulk effective sample size, the smallest over parameters."""
    step_sizes: np.ndarray
    gradients: int
    acceptance: float
    seconds: float
    compile_seconds: float
    converged: bool
    interrupted: bool = False

    @property
    def flat_draws(self) -> np.ndarray:
        return self.draws.reshape(-1, self.draws.shape[-1])


def is_converged(run: NutsRun) -> bool:
    """Chains that agree, and enough draws for a mean to a twentieth of the width."""
    return run.r_hat < R_HAT and run.effective_samples >= EFFECTIVE_SAMPLES


def run_nuts(
    fitness: Fitness,
    coordinates: GaussianCoordinates,
    starts: np.ndarray,
    centre: np.ndarray,
    cholesky: np.ndarray,
    *,
    n_warm: int = 150,
    n_draw: int = 500,
    seed: int = 1,
    target_accept: float = 0.8,
    max_tree_depth: int = 7,
    until: Callable[[NutsRun], bool] | None = is_converged,
    progress: Progress | None = None,
    checkpoint: Checkpoint | None = None,
    end: float = math.inf,
    divergences: float = 0.0,
) -> NutsRun:
    """Draw from the posterior with one chain for each start, side by side.

    Chains move in w, z = ``centre + cholesky @ w``, with a unit mass matrix. While they warm up, the step size follows
    the acceptance, and the covariance is taken from their draws where the one given is far from it. Draws come in
    blocks until ``until(run)`` says that they are enough, there are ``n_draw`` in each chain, or it is ``end``.

    Parameters
    ----------
    starts
        In z, ``(chains, p)``.
    centre, cholesky
        Of a covariance near that of the posterior in z, ``(p,)`` and ``(p, p)``, such as the Laplace covariance.
    n_warm, n_draw
        Transitions of each chain, rounded up to whole blocks of 25.
    checkpoint
        Loaded first; saved after a block when it is due, and at the end.
    end
        On the monotonic clock; a run that it ends counts as interrupted.
    divergences
        Share of the draws that may diverge in a run that counts as converged.
    """
    starts, cholesky = np.atleast_2d(np.asarray(starts, dtype=float)), np.asarray(cholesky, dtype=float)
    _check(starts, cholesky, coordinates.size)
    settings = (int(seed), float(target_accept), int(max_tree_depth))
    chains = _Chains(fitness, coordinates, starts, np.asarray(centre, dtype=float), cholesky, settings)
    progress = Progress("NUTS", show=False) if progress is None else progress
    checkpoint = Checkpoint() if checkpoint is None else checkpoint
    chains.restore(checkpoint.load())
    warm = _blocks(n_warm)
    last = warm + max(_blocks(n_draw), 1)
    began = time.perf_counter()
    try:
        interrupted = not _advance_until(chains, warm, last, until, progress, checkpoint, end)
    except KeyboardInterrupt:
        interrupted = True
    checkpoint.save(**chains.kept())
    run = chains.so_far()
    run.seconds, run.interrupted = time.perf_counter() - began, interrupted
    run.converged = run.divergences <= divergences * run.log_densities.size and is_converged(run)
    return run


def _advance_until(
    chains: _Chains,
    warm: int,
    last: int,
    until: Callable[[NutsRun], bool] | None,
    progress: Progress,
    checkpoint: Checkpoint,
    end: float,
) -> bool:
    """Block after block; whether there are enough draws before the end of the time."""
    run = _judged_again(chains, until)
    while chains.index < last:
        if run is not None and until is not None and chains.index - warm >= _LEAST_BLOCKS and until(run):
            return True
        if time.monotonic() >= end:
            return False
        progress.update(_where(chains, warm, last, run))
        chains.advance(warm)
        run = chains.so_far()
        if checkpoint.is_due():
            checkpoint.save(**chains.kept())
    return True


def _judged_again(chains: _Chains, until: Callable[[NutsRun], bool] | None) -> NutsRun | None:
    """The run that was killed, whose blocks are judged in turn as they were then: who judges may remember."""
    run: NutsRun | None = None
    for blocks in range(1, len(chains.draws) + 1):
        if run is not None and until is not None and blocks > _LEAST_BLOCKS:
            until(run)
        run = chains.so_far(blocks)
    return run


@dataclass(eq=False)
class _Chains:
    """Where the chains are, and what they have drawn."""

    fitness: Fitness
    coordinates: GaussianCoordinates
    z: np.ndarray
    centre: np.ndarray
    cholesky: np.ndarray
    settings: tuple[int, float, int] = (1, 0.8, 7)
    index: int = 0
    step: float = 0.0
    averaging: np.ndarray = field(default_factory=lambda: np.empty(0))
    draws: list[np.ndarray] = field(default_factory=list)
    warm_draws: list[np.ndarray] = field(default_factory=list)
    log_densities: list[np.ndarray] = field(default_factory=list)
    divergent: list[np.ndarray] = field(default_factory=list)
    acceptances: list[np.ndarray] = field(default_factory=list)
    gradients: int = 0
    compile_seconds: float = 0.0

    def __post_init__(self) -> None:
        self.step = min(1.0, 1.6 * len(self.centre) ** -0.25)
        self.restart_averaging()

    def restart_averaging(self) -> None:
        """State of dual averaging: log step, its average, count, error, and the log step it is drawn to."""
        log_step = np.log(self.step)
        self.averaging = np.tile([log_step, log_step, 1.0, 0.0, np.log(4.0) + log_step], (len(self.z), 1))

    def advance(self, warm_blocks: int) -> None:
        """One block of every chain; a block that is interrupted leaves no trace."""
        warm = self.index < warm_blocks
        blocks = self._blocks_of_all_chains(warm)
        z, averaging, draws, log_densities, divergent, acceptances, gradients = blocks
        self.z, self.averaging, self.index = z, averaging, self.index + 1
        self.gradients += int(np.sum(gradients))
        if warm:
            self.warm_draws.append(draws)
            self._learn(warm_blocks)
            return
        self.draws.append(draws)
        self.log_densities.append(log_densities)
        self.divergent.append(divergent)
        self.acceptances.append(acceptances)

    def _blocks_of_all_chains(self, warm: bool) -> tuple[np.ndarray, ...]:
        import jax

        seed, target, depth = self.settings
        beside = jax.default_backend() == "cpu"
        name = f"nuts {BLOCK} {depth} {beside}"
        new = name not in self.fitness._compiled
        block = self.fitness._function(
            name, partial(block_function, self.fitness, self.coordinates, BLOCK, depth, not beside)
        )
        shared = (self.step, warm, target, seed, self.index, self.centre, self.cholesky)
        call = partial(block, self.fitness.arrays(), shared)
        began = time.perf_counter()
        if not beside:
            at_once = jax.device_get(call(self.z, self.averaging, np.arange(len(self.z))))
            self.compile_seconds += new * (time.perf_counter() - began)
            return at_once
        rows = list(zip(self.z, self.averaging, range(len(self.z)), strict=True))
        done = [jax.device_get(call(*rows[0]))] if new else []  # compiled by one thread, used by all
        self.compile_seconds += new * (time.perf_counter() - began)
        with ThreadPoolExecutor(max_workers=calls_side_by_side()) as pool:
            done += pool.map(lambda row: jax.device_get(call(*row)), rows[len(done) :])
        return tuple(np.stack(values) for values in zip(*done, strict=True))

    def _learn(self, warm_blocks: int) -> None:
        """Settle the step size, and take the covariance of the draws at a third and two thirds of the warm-up."""
        self.step = float(np.exp(np.median(self.averaging[:, 1])))
        third = max(warm_blocks // 3, 1)
        if self.index < warm_blocks and self.index % third == 0 and self.index // third <= 2:
            recent = np.concatenate(self.warm_draws[self.index - max(third // 2, 1) :], axis=1)
            pooled = recent.reshape(-1, recent.shape[-1])
            if (learnt := learnt_cholesky_from(pooled, self.cholesky)) is not None:
                self.centre, self.cholesky = pooled.mean(axis=0), learnt
                self.step = min(1.0, 1.6 * len(self.centre) ** -0.25)
                self.restart_averaging()

    def so_far(self, blocks: int | None = None) -> NutsRun:
        """What all blocks of draws, or the first few, come to."""
        chains, size = self.z.shape
        draws = np.concatenate([np.empty((chains, 0, size)), *self.draws[:blocks]], axis=1)
        log_densities = np.concatenate([np.empty((chains, 0)), *self.log_densities[:blocks]], axis=1)
        enough = draws.shape[1] >= 8
        return NutsRun(
            draws=draws,
            log_densities=log_densities,
            log_likelihoods=log_densities - self.coordinates.log_prior_from(draws),
            divergences=int(np.sum(self.divergent[:blocks])) if self.divergent else 0,
            r_hat=float(np.max(r_hat_from(draws))) if enough else float("inf"),
            effective_samples=float(np.min(effective_samples_from(draws))) if enough else 0.0,
            step_sizes=np.full(chains, self.step),
            gradients=self.gradients,
            acceptance=float(np.mean(self.acceptances[:blocks])) if self.acceptances else float("nan"),
            seconds=0.0,
            compile_seconds=self.compile_seconds,
            converged=False,
        )

    # ------------------------------------------------------------------ kept on disk

    def kept(self) -> dict[str, np.ndarray]:
        lists = {name: np.array(getattr(self, name)) for name in _LISTS}
        plain = {name: np.asarray(getattr(self, name)) for name in _PLAIN}
        return lists | plain

    def restore(self, kept: dict[str, np.ndarray] | None) -> None:
        """Go on from what was kept of as many chains."""
        if kept is None or "z" not in kept or kept["z"].shape != self.z.shape:
            return
        for name in _LISTS:
            setattr(self, name, list(kept[name]))
        for name in _PLAIN:
            setattr(self, name, kept[name] if kept[name].ndim else kept[name].item())


_LISTS = ("draws", "warm_draws", "log_densities", "divergent", "acceptances")
_PLAIN = ("z", "centre", "cholesky", "averaging", "index", "step", "gradients")


def learnt_cholesky_from(draws: np.ndarray, cholesky: np.ndarray) -> np.ndarray | None:
    """Cholesky factor of the covariance of ``draws``, ``(n, p)``, or ``None`` where the one at hand is close to it.

    Close: in whitened coordinates all variances are within a factor of three of what that many independent draws of a
    unit Gaussian would show. The estimate is drawn towards the one at hand by as many draws as there are parameters.
    """
    count, size = draws.shape
    count //= 2  # successive draws are correlated
    whitened = np.linalg.solve(cholesky, (draws - draws.mean(axis=0)).T)
    covariance = whitened @ whitened.T / len(draws)
    values = np.linalg.eigvalsh(covariance)
    spread = np.sqrt(size / count)
    if values[-1] < 3.0 * (1.0 + spread) ** 2 and values[0] > max(1.0 - spread, 0.0) ** 2 / 3.0:
        return None
    shrunk = (count * covariance + size * np.eye(size)) / (count + size)
    return cholesky @ np.linalg.cholesky(shrunk)


def _blocks(transitions: int) -> int:
    return -(-int(transitions) // BLOCK)


def _where(chains: _Chains, warm: int, last: int, run: NutsRun | None) -> str:
    if chains.index < warm:
        compiling = ", compiling" if chains.index == 0 else ""
        return f"warming up, {chains.index * BLOCK} of {warm * BLOCK}{compiling}"
    state = "" if run is None else f", r-hat {run.r_hat:.3f}, {run.effective_samples:.0f} effective draws"
    return f"draw {(chains.index - warm) * BLOCK} of at most {(last - warm) * BLOCK} in {len(chains.z)} chains{state}"


def _check(starts: np.ndarray, cholesky: np.ndarray, size: int) -> None:
    if starts.shape[1] != size or cholesky.shape != (size, size):
        raise exc.SearchException(
            f"run_nuts got starts of shape {starts.shape} and a cholesky factor of shape {cholesky.shape}, but the "
            f"model has {size} free parameters: it wants (chains, {size}) and ({size}, {size})."
        )
