"""Affine-invariant ensemble sampling by emcee."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.posterior.coordinates import FARTHEST, GaussianCoordinates
from autogalaxy.inference.posterior.diagnostics import effective_samples_from, r_hat_from
from autogalaxy.inference.search.batches import REFUSED, finite_draws
from autogalaxy.inference.search.replay import Recorded
from autogalaxy.inference.search.sampler import AbstractSampler, Posterior, Run, SearchSettings

_ENOUGH = 50.0
"""Autocorrelation times a chain is long when it has converged, after emcee's documentation."""
_BURN_IN = 5.0
"""Autocorrelation times that are left out at the start."""
R_HAT = 1.05
"""Most r-hat of the walkers, as chains, of an ensemble that has converged: it is 1.02 after 50 autocorrelation times
of walkers that agree, as many short chains are compared, and far above where some are stuck in another mode."""
_STEPS = 50
"""Steps between two looks at the autocorrelation time."""
_JITTER = 1e-3
"""Spread of walkers around initial vectors, in sigma of the priors."""


class Emcee(AbstractSampler):
    """An ensemble of walkers in coordinates in which every prior is a standard normal distribution.

    The walkers start from the priors, or near ``initial_vectors``; the first five autocorrelation times are left out.
    It states no evidence.

    Parameters
    ----------
    nwalkers
        Walkers, at least two for each parameter, and an even number.
    nsteps
        Most steps of each walker.
    check_convergence
        Whether to end before ``nsteps``, once the chain is 50 autocorrelation times long and the walkers agree: r-hat
        of the walkers below 1.05, as autocorrelation times do not see walkers that stay in different modes.
    initial_vectors
        Physical parameter vectors, ``(n, p)``, near which the walkers start.

    References
    ----------
    Goodman & Weare (2010), Comm. App. Math. Comp. Sci. 5, 65; Foreman-Mackey et al. (2013), PASP 125, 306.
    """

    @checked(exc.SearchException)
    def __init__(
        self,
        nwalkers: int = 50,
        nsteps: int = 2000,
        check_convergence: bool = True,
        initial_vectors: Sequence[Sequence[float]] | np.ndarray | None = None,
        seed: int = 1,
        **settings: Unpack[SearchSettings],
    ) -> None:
        super().__init__(seed, **settings)
        self.nwalkers = self._count("nwalkers", nwalkers, 2)
        self.nsteps = self._count("nsteps", nsteps, 1)
        self.check_convergence = bool(check_convergence)
        self.initial_vectors = initial_vectors

    def _batch_size(self, analysis: Analysis) -> int:
        return self.nwalkers // 2  # half of the walkers move at a time

    def _sampled(self, run: Run) -> Posterior | None:
        size = run.model.prior_count
        if self.nwalkers < 2 * size or self.nwalkers % 2:
            raise exc.SearchException(
                f"Emcee got nwalkers={self.nwalkers} for {size} free parameters, but wants an even number of at least "
                f"{2 * size}: Emcee(nwalkers={max(2 * size, 2 * (self.nwalkers // 2))})."
            )
        library = self._library("emcee", "emcee")
        coordinates = GaussianCoordinates(run.model)
        recorded = run.recorded(self.checkpoint)

        def log_density(z: np.ndarray) -> np.ndarray:
            """Log posterior density in z and log likelihood, which emcee keeps beside it, ``(n, 2)``."""
            values = recorded(coordinates.vector_from(z))
            inside = np.all(np.abs(z) < FARTHEST, axis=1) & (values > REFUSED)
            density = np.where(inside, values + coordinates.log_prior_from(z), -np.inf)
            return np.stack([density, values], axis=1)

        sampler = library.EnsembleSampler(self.nwalkers, size, log_density, vectorize=True)
        if hasattr(sampler, "log_prob_fn"):
            sampler.log_prob_fn = log_density  # emcee's own wrapper prints an interruption
        converged = False
        try:
            start = self._start(run, recorded, coordinates)
            state = library.State(start, random_state=np.random.RandomState(self.seed).get_state())
            converged = self._run(sampler, state, run)
        except KeyboardInterrupt:
            run.interrupted = True
        recorded.save()
        return self._posterior_from(sampler, coordinates, converged)

    def _start(self, run: Run, recorded: Recorded, coordinates: GaussianCoordinates) -> np.ndarray:
        """Where the walkers start, ``(nwalkers, p)`` in z."""
        rng = np.random.default_rng(self.seed)
        if self.initial_vectors is None:
            return coordinates.z_from(finite_draws(run.batches, recorded, rng, self.nwalkers)[0])[: self.nwalkers]
        vectors = np.atleast_2d(np.asarray(self.initial_vectors, dtype=float))
        if vectors.shape[-1] != coordinates.size or not np.all(np.isfinite(vectors)):
            raise exc.SearchException(
                f"Emcee got initial_vectors of shape {vectors.shape}, but wants finite physical vectors, "
                f"(n, {coordinates.size})."
            )
        z = np.clip(coordinates.z_from(vectors), -FARTHEST + 1.0, FARTHEST - 1.0)
        rows = np.arange(self.nwalkers) % len(z)
        return z[rows] + _JITTER * rng.standard_normal((self.nwalkers, coordinates.size))

    def _run(self, sampler: Any, state: Any, run: Run) -> bool:
        """Step by step; whether the chain is long enough and its walkers agree."""
        long_enough = False
        for _ in sampler.sample(state, iterations=self.nsteps):
            steps = sampler.iteration
            if steps % _STEPS and steps != self.nsteps:
                continue
            time = float(np.max(sampler.get_autocorr_time(tol=0)))
            long_enough = bool(np.isfinite(time) and steps >= (_ENOUGH + _BURN_IN) * time)
            if long_enough:
                long_enough = _r_hat_of(_walkers_of(sampler, _burn_in_from(time, steps))) < R_HAT
            run.say(more=f", {steps} of {self.nsteps} steps, {steps / max(time, 1e-9):.0f} autocorrelation times")
            if long_enough and self.check_convergence:
                break
        return long_enough

    def _posterior_from(self, sampler: Any, coordinates: GaussianCoordinates, converged: bool) -> Posterior | None:
        steps = sampler.iteration
        if steps < 2:
            return None
        time = float(np.max(sampler.get_autocorr_time(tol=0, quiet=True)))
        time = time if np.isfinite(time) and time > 0.0 else float(steps)
        burn_in = _burn_in_from(time, steps)
        walkers = _walkers_of(sampler, burn_in)
        r_hat = _r_hat_of(walkers)
        z = sampler.get_chain(discard=burn_in, flat=True)
        values = sampler.get_blobs(discard=burn_in, flat=True)
        return Posterior(
            coordinates.vector_from(z),
            np.asarray(values, dtype=float).reshape(-1),
            np.ones(len(z)),
            converged=converged and r_hat < R_HAT,
            effective_samples=float(np.min(effective_samples_from(walkers))) if walkers.shape[1] >= 4 else 0.0,
            details={
                "r_hat": r_hat,
                "r_hat_limit": R_HAT,
                "steps": steps,
                "burn_in": burn_in,
                "autocorrelation_time": time,
                "acceptance_fraction": float(np.mean(sampler.acceptance_fraction)),
            },
        )


def _burn_in_from(time: float, steps: int) -> int:
    """Steps that are left out at the start."""
    return int(min(np.ceil(_BURN_IN * time), steps // 2))


def _walkers_of(sampler: Any, burn_in: int) -> np.ndarray:
    """The walkers as chains, ``(walkers, steps, p)``."""
    return np.swapaxes(np.asarray(sampler.get_chain(discard=burn_in), dtype=float), 0, 1)


def _r_hat_of(walkers: np.ndarray) -> float:
    """The largest r-hat of a parameter; infinite of too few steps."""
    return float(np.max(r_hat_from(walkers))) if walkers.shape[1] >= 4 else np.inf
