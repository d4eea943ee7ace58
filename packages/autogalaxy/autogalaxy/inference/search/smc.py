"""Posterior and evidence by particles that go from the prior to the posterior through powers of the likelihood."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.posterior.density import REFUSED, LogDensity
from autogalaxy.inference.posterior.diagnostics import effective_weights_from
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.abstract import AbstractSearch
from autogalaxy.inference.search.check import MAX_DRAWS, no_finite_draw
from autogalaxy.inference.search.nuts import needs_gradients
from autogalaxy.inference.search.progress import Progress
from autogalaxy.inference.search.smc_kernel import Stage, stage_function

_MOST_STAGES = 1000
_ACCEPTANCE = 0.8
_QUARTER = 0.5 * np.pi
"""Length of trajectories in a Gaussian after which nothing of where they began is left; longer ones come back."""
_LEAST_ACCEPTANCE = 0.4
"""Below it particles hardly move, and the evidence is not to be trusted."""


@dataclass(eq=False)
class _Particles:
    """Where the particles are, and how they came there."""

    z: np.ndarray
    weights: np.ndarray
    families: np.ndarray
    """Which draw from the prior each particle descends from, ``(n,)``."""
    exponent: float = 0.0
    stage: int = 0
    size: float = 0.5
    log_increments: list[float] = field(default_factory=list)
    variances: list[float] = field(default_factory=list)
    """Relative variance of each factor of the evidence, of independent particles."""
    acceptance: float = float("nan")
    finished: bool = False
    compile_seconds: float = 0.0

    @property
    def log_evidence(self) -> float:
        return float(np.sum(self.log_increments))

    @property
    def log_evidence_error(self) -> float:
        """The larger of two estimates: of independent particles, and from how many families are left.

        Lee & Whiteley (2018), Biometrika 105, 609, for the second.
        """
        independent = float(np.sum(self.variances))
        number = len(self.z)
        shares = np.bincount(self.families, weights=self.weights, minlength=number)
        lines = 1.0 - (number / (number - 1.0)) ** (self.stage + 1) * (1.0 - float(np.sum(shares**2)))
        return float(np.sqrt(max(independent, lines)))

    def kept(self) -> dict[str, np.ndarray]:
        return {name: np.asarray(getattr(self, name)) for name in _KEPT}

    @classmethod
    def of(cls, kept: dict[str, np.ndarray]) -> _Particles:
        particles = cls(kept["z"], kept["weights"], kept["families"])
        for name in _KEPT[3:]:
            setattr(particles, name, kept[name].tolist())
        return particles


_KEPT = ("z", "weights", "families", "exponent", "stage", "size", "log_increments", "variances", "acceptance",
         "finished")  # fmt: skip


class SMC(AbstractSearch):
    """Adaptive tempered sequential Monte Carlo (blackjax), in coordinates in which each prior is a standard normal.

    Draws from the prior are weighted by a small power of the likelihood, drawn anew by these weights, and moved by
    Hamiltonian Monte Carlo, again and again until the power is one. It needs no optimum to start from and finds
    several modes; on a graphics card all particles move at once.

    Needs gradients, so an analysis with ``use_jax=True``.

    Parameters
    ----------
    n_particles
        Particles, and samples.
    n_moves
        Trajectories of each particle in each stage.
    n_steps
        Steps of each trajectory.
    target_ess
        Part of the particles that is effective after each increase of the power.
    seed
        Seed of everything that is drawn.

    References
    ----------
    Del Moral, Doucet & Jasra (2006), J. R. Stat. Soc. B 68, 411; Cabezas et al. (2024), arXiv:2402.10797.
    """

    @checked(exc.SearchException)
    def __init__(
        self,
        n_particles: int = 1000,
        n_moves: int = 4,
        n_steps: int = 4,
        target_ess: float = 0.5,
        seed: int = 1,
        name: str | None = None,
        output_path: str | Path | None = None,
        show_progress: bool = True,
        check_over_sampling: bool = True,
        **settings: Any,
    ) -> None:
        super().__init__(name, output_path, show_progress, check_over_sampling, **settings)
        self.n_particles = self._count("n_particles", n_particles, 16)
        self.n_moves = self._count("n_moves", n_moves, 1)
        self.n_steps = self._count("n_steps", n_steps, 1)
        self.seed = self._count("seed", seed, 0)
        if not (isinstance(target_ess, int | float | np.number) and 0.0 < target_ess < 1.0):
            raise exc.SearchException(f"SMC got target_ess={exc.shown(target_ess)}, but wants it between 0 and 1: 0.5.")
        self.target_ess = float(target_ess)

    # ------------------------------------------------------------------ the search

    def _search(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> tuple[Samples, dict[str, Any]]:
        needs_gradients(self, analysis)
        begin = time.perf_counter()
        density = LogDensity(model, analysis)
        particles = self._start(density)
        interrupted = False
        try:
            while not particles.finished and particles.stage < _MOST_STAGES:
                progress.update(_where(particles))
                self._advance(density, particles)
                if self.checkpoint.is_due() or particles.finished:
                    self.checkpoint.save(**particles.kept())
        except KeyboardInterrupt:
            interrupted = True
            self.checkpoint.save(**particles.kept())
            progress.line("interrupted: particles on their way to the posterior are returned, weighted for it")
        log_likelihoods = density.log_likelihoods(particles.z)
        weights = np.full(self.n_particles, 1.0 / self.n_particles)
        if not particles.finished:
            with np.errstate(divide="ignore"):
                log_weights = np.log(particles.weights) + (1.0 - particles.exponent) * log_likelihoods
            weights = np.exp(log_weights - np.max(log_weights))
        info = self._info_from(particles, density, weights, interrupted)
        info["log_likelihood"] = float(np.max(log_likelihoods))
        info["seconds"] = time.perf_counter() - begin
        progress.line(_summary(info))
        keep = np.isfinite(log_likelihoods)
        vectors = density.coordinates.vector_from(particles.z[keep])
        return Samples(model, vectors, log_likelihoods[keep], weights=weights[keep]), info

    def _start(self, density: LogDensity) -> _Particles:
        """Draws from the prior, those that the model does not allow among them: they are part of the evidence."""
        if (kept := self.checkpoint.load()) is not None and kept["z"].shape == (self.n_particles, density.size):
            return _Particles.of(kept)
        rng = np.random.default_rng(self.seed)
        z = rng.standard_normal((self.n_particles, density.size))
        if not np.any(density.log_likelihoods(z) > REFUSED):
            vectors = density.coordinates.vector_from(z[:MAX_DRAWS])
            raise no_finite_draw(density.coordinates.model, density.fitness.analysis, vectors)
        weights = np.full(self.n_particles, 1.0 / self.n_particles)
        return _Particles(z, weights, np.arange(self.n_particles), size=_QUARTER / self.n_steps)

    def _advance(self, density: LogDensity, particles: _Particles) -> None:
        """One stage; the one at an exponent of one is the last."""
        import jax

        at_once = jax.default_backend() != "cpu"
        name = f"smc {self.n_moves} {self.n_steps} {at_once}"
        new = name not in density.fitness._compiled
        make = partial(stage_function, density.fitness, density.coordinates, self.n_moves, self.n_steps, at_once)
        function = density.fitness._function(name, make)
        centre, cholesky = _moments_of(particles)
        rng = np.random.default_rng([self.seed, particles.stage])
        sizes = particles.size * rng.uniform(0.5, 1.5, self.n_particles)  # no trajectory closes on itself
        began = time.perf_counter()
        stage: Stage = jax.device_get(
            function(
                density.fitness.arrays(), self.seed, particles.stage, particles.z, particles.weights,
                particles.exponent, sizes, centre, cholesky, self.target_ess,
            )
        )  # fmt: skip
        particles.compile_seconds += new * (time.perf_counter() - began)
        particles.finished = particles.exponent >= 1.0
        particles.z, particles.weights = stage.z, stage.weights
        particles.exponent, particles.stage = float(stage.exponent), particles.stage + 1
        particles.families = particles.families[stage.ancestors]
        particles.log_increments.append(float(stage.log_increment))
        particles.variances.append(float(np.sum(stage.weights**2)) - 1.0 / self.n_particles)
        particles.acceptance = float(stage.acceptance)
        longer = particles.size * float(np.exp(particles.acceptance - _ACCEPTANCE))
        particles.size = min(max(longer, 0.01), _QUARTER / self.n_steps)

    def _info_from(
        self, particles: _Particles, density: LogDensity, weights: np.ndarray, interrupted: bool
    ) -> dict[str, Any]:
        done = particles.finished
        # the last weights but one say how many of the final particles have an ancestor of their own
        last = particles.variances[-2] if done else 0.0
        effective = 1.0 / (last + 1.0 / len(weights)) if done else effective_weights_from(weights)
        gradients = particles.stage * self.n_particles * (1 + self.n_moves * self.n_steps)
        return {
            "search": type(self).__name__,
            "seed": self.seed,
            "n_particles": self.n_particles,
            "log_evidence": particles.log_evidence if done else None,
            "log_evidence_error": particles.log_evidence_error if done else None,
            "log_evidence_error_from": "families of particles" if done else "",
            "effective_samples": float(effective),
            "stages": particles.stage,
            "exponent": particles.exponent,
            "families": len(np.unique(particles.families)),
            "acceptance": particles.acceptance,
            "step_size": particles.size,
            "converged": bool(done and particles.acceptance > _LEAST_ACCEPTANCE and not interrupted),
            "interrupted": interrupted,
            "gradients": gradients,
            "evaluations": density.evaluations + gradients + 2 * particles.stage * self.n_particles,
            "compile_seconds": particles.compile_seconds,
        }


def _moments_of(particles: _Particles) -> tuple[np.ndarray, np.ndarray]:
    """Mean, and Cholesky factor of the covariance, of the weighted particles."""
    mean = particles.weights @ particles.z
    offset = particles.z - mean
    covariance = (particles.weights[:, None] * offset).T @ offset
    return mean, np.linalg.cholesky(covariance + 1e-12 * np.diag(np.diagonal(covariance) + 1e-12))


def _where(particles: _Particles) -> str:
    if particles.stage == 0:
        return "compiling"
    return f"stage {particles.stage}, likelihood to the power of {particles.exponent:.3g}"


def _summary(info: dict[str, Any]) -> str:
    evidence = "no evidence"
    if info["log_evidence"] is not None:
        evidence = f"ln Z = {info['log_evidence']:.3f} +- {info['log_evidence_error']:.3f}"
    return (
        f"ln L = {info['log_likelihood']:.4f}, {evidence}, {info['effective_samples']:.0f} effective samples, "
        f"{info['stages']} stages, {info['families']} families, acceptance {info['acceptance']:.2f}, "
        f"{info['seconds']:.1f} s with {info['compile_seconds']:.1f} s to compile"
    )
