"""Which sampler turns the optima of a posterior into samples: the cheapest one that can be shown to work.

Importance sampling from the modes where its weights are well behaved; Hamiltonian Monte Carlo, whitened by what is
known of the covariance, where they are not; nested sampling where neither serves. What was rejected says why.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autoarray import exc
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.checkpoint import Checkpoint
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.posterior.chain_evidence import chain_evidence
from autogalaxy.inference.posterior.curved import following_from
from autogalaxy.inference.posterior.density import LogDensity
from autogalaxy.inference.posterior.importance import (
    ImportanceRun,
    importance_sample,
    proposal_from,
    sample_along,
)
from autogalaxy.inference.posterior.kept import KeptDensity
from autogalaxy.inference.posterior.laplace import Mode, distinct, mode_at_maximum
from autogalaxy.inference.posterior.nuts import NutsRun, is_converged, run_nuts
from autogalaxy.inference.posterior.straightened import straightened_from
from autogalaxy.inference.posterior.student_t import Both
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.nuts import starts_around
from autogalaxy.inference.search.progress import Progress

SAMPLERS = ("importance", "nuts", "nautilus")
CHAINS = 4
_CLIMBS = 3
"""How often a draw above the maximum starts the climb anew."""
_HIGHER = 0.1
"""Rise of ln L that makes another maximum of a mode."""
_BRIDGE_DRAWS = 2000
_FIRST_TRY = 800
"""Draws of NUTS that are first tried as the ground of a proposal; then twice as many each time."""
_ACCEPTANCE, _CAREFUL_ACCEPTANCE = 0.8, 0.97
"""Of the steps of NUTS: first, and where steps were too long for some of the posterior so that chains diverged."""
_FEW_DIVERGENCES = 2e-3
"""Of the draws of chains with shorter steps: a verdict that asks for a look serves better than hours of Nautilus."""
_LEAST_TO_FOLLOW = 20.0
"""Effective draws of NUTS below which chains have not seen the posterior."""


@dataclass(eq=False)
class Posterior:
    """Samples of a posterior in :class:`GaussianCoordinates`, and how they were made."""

    method: str
    z: np.ndarray
    log_likelihoods: np.ndarray
    weights: np.ndarray
    accepted: bool
    effective_samples: float
    log_evidence: float | None
    log_evidence_error: float | None
    facts: dict[str, Any] = field(default_factory=dict)
    """Diagnostics of the method in plain types."""

    def samples(self, model: AbstractModel, density: LogDensity, best: Samples) -> Samples:
        """With the most likely vector of ``best`` in front, which has no weight here."""
        vectors = np.concatenate([best.max_log_likelihood_vector[None], density.coordinates.vector_from(self.z)])
        return Samples(
            model,
            parameters=vectors,
            log_likelihoods=np.concatenate([[best.max_log_likelihood], self.log_likelihoods]),
            weights=np.concatenate([[0.0], self.weights]),
        )


class Chain:
    """The samplers in turn, for one model and analysis."""

    def __init__(
        self,
        model: AbstractModel,
        analysis: Analysis,
        samplers: Sequence[str] = SAMPLERS,
        n_effective: int = 2000,
        seed: int = 1,
        progress: Progress | None = None,
        checkpoint: Checkpoint | None = None,
        time_limit: float | None = None,
    ) -> None:
        self.model = model
        self.analysis = analysis
        self.samplers = tuple(samplers)
        self.n_effective = n_effective
        self.seed = seed
        self.progress = Progress("posterior", show=False) if progress is None else progress
        self.checkpoint = Checkpoint() if checkpoint is None else checkpoint
        self.density = KeptDensity(model, analysis, self.checkpoint, self.progress)
        self.density.report = self._report
        self._doing = "looking for the modes of the posterior"
        self.rejected: list[str] = []
        """Why samplers before the one that was used were not."""
        self._next_try = _FIRST_TRY
        self._of_chains: Posterior | None = None
        self.higher: list[np.ndarray] = []
        """Physical vectors found above the maximum of the search."""
        self._end = math.inf if time_limit is None else time.monotonic() + time_limit
        self.was_out_of_time = False
        """Whether the time limit left something undone."""

    def _report(self) -> None:
        self.progress.update(self._doing, evaluations=self.density.evaluations)

    def posterior_from(
        self, vectors: Sequence[Any], best: Samples | None = None, known: Sequence[Mode] = ()
    ) -> Posterior | None:
        """Samples around the modes that physical ``vectors`` lead to; ``None`` where no sampler could be used.

        Where there is one vector alone, ``best`` with its covariance spares the climb, if that is good enough; so do
        modes that are ``known``.
        """
        may_be_quick = best is not None and len(vectors) == 1 and not known
        quick = mode_at_maximum(self.density, best) if best is not None and may_be_quick else None
        if quick is not None and "importance" in self.samplers:
            self.modes = [quick]
            posterior = self._by_importance()
            if posterior is not None and posterior.accepted:
                return posterior
            self.rejected.clear()
        self.progress.line("climbing to the modes of the posterior")
        if known:
            self.modes = distinct(list(known))
        else:
            self.modes = self.density.modes_from(vectors)
        last: Posterior | None = None
        for name in self.samplers:
            try:
                posterior = getattr(self, f"_by_{name}")()
            except exc.AutoException as error:  # a library that is not installed, a model that it cannot sample
                self._reject(f"{name}: {error}")
                continue
            if posterior is None:
                continue
            if posterior.accepted or posterior.facts.get("interrupted"):
                return posterior
            last = posterior if last is None or name != "importance" else last
        return last

    def _is_out_of_time(self) -> bool:
        """Asked where something is left to do."""
        self.was_out_of_time |= time.monotonic() >= self._end
        return self.was_out_of_time

    def _is_too_late_for(self, sampler: str) -> bool:
        """Whether a sampler cannot be begun any more, which is why it is rejected."""
        if self._is_out_of_time():
            self.rejected.append(f"{sampler}: not begun, as the time limit was reached")
        return self.was_out_of_time

    def _reject(self, why: str) -> None:
        self.rejected.append(why)
        self.progress.line(why)

    # ------------------------------------------------------------------ the samplers

    def _by_importance(self) -> Posterior | None:
        """Draws from a mixture around the modes; a draw above them starts the climb anew."""
        if not self.modes:
            self.rejected.append("importance sampling: no mode was found")
            return None
        rng = np.random.default_rng(self.seed)
        for _ in range(_CLIMBS):
            self._doing = "importance sampling"
            self.progress.update(
                self._doing,
                evaluations=self.density.evaluations,
                log_likelihood=self.modes[0].log_likelihood,
                agreement=f"{len(self.modes)} modes" if len(self.modes) > 1 else "one mode",
            )
            run = self._importance_run(rng)
            self.density.save()
            if run.higher is None or not self._climbed(run.higher):
                break
        if not run.accepted:
            self._reject(f"importance sampling: {run.rejected[-1]}")
        return self._of_importance(run)

    def _importance_run(self, rng: np.random.Generator) -> ImportanceRun:
        """First in coordinates in which the posterior has no bends, where it leans on a limit of a prior."""
        straightened = straightened_from(self.density, self.modes)
        if straightened is not None:
            run = importance_sample(straightened, [straightened.mode], self.n_effective, rng)
            if run.accepted or run.higher is not None:
                return straightened.in_z(run)
            self._reject(f"importance sampling of the straightened posterior: {run.rejected[-1]}")
        return importance_sample(self.density, self.modes, self.n_effective, rng)

    def _climbed(self, z: np.ndarray) -> bool:
        """Whether a point leads to a mode that was not known."""
        found = self.density.modes_from([self.density.coordinates.vector_from(z)])
        known, highest = [mode.z for mode in self.modes], max(mode.log_likelihood for mode in self.modes)
        self.modes = distinct([*self.modes, *found])
        if (best := max(self.modes, key=lambda mode: mode.log_likelihood)).log_likelihood > highest + _HIGHER:
            self.higher.append(self.density.coordinates.vector_from(best.z))
            self.progress.line(f"a draw led to a higher maximum, ln L = {best.log_likelihood:.2f}")
        return any(not any(mode.z is z for z in known) for mode in self.modes)

    def _of_importance(self, run: ImportanceRun) -> Posterior:
        draws = run.draws
        return Posterior(
            method="importance",
            z=draws.z,
            log_likelihoods=np.where(np.isfinite(draws.log_likelihoods), draws.log_likelihoods, -1e99),
            weights=draws.weights if draws.effective > 0.0 else np.ones(len(draws.z)),
            accepted=run.accepted,
            effective_samples=draws.effective,
            log_evidence=draws.log_evidence if run.accepted else None,
            log_evidence_error=draws.log_evidence_error if run.accepted else None,
            facts={**run.to_dict(), **(self._against_laplace(draws.z, draws.weights) if run.accepted else {})},
        )

    def _against_laplace(self, z: np.ndarray, weights: np.ndarray) -> dict[str, float]:
        """How far the Gaussian around the best mode was off: largest shift in sigma, extreme ratios of widths."""
        if len(self.modes) != 1:
            return {}
        mean = weights @ z
        sigma, widths = np.sqrt(np.diagonal(self.modes[0].covariance)), np.sqrt(weights @ (z - mean) ** 2)
        return {
            "laplace_shift": float(np.max(np.abs(mean - self.modes[0].z) / sigma)),
            "laplace_width_ratio_least": float(np.min(widths / sigma)),
            "laplace_width_ratio_most": float(np.max(widths / sigma)),
        }

    def _by_nuts(self) -> Posterior | None:
        """Four chains from around the modes that matter, whitened by the covariance of the best one."""
        if not self.analysis.use_jax:
            self.rejected.append("NUTS: it needs gradients, which the analysis has with use_jax=True only")
            return None
        if not self.modes:
            self.rejected.append("NUTS: no mode was found to start from")
            return None
        if self._is_too_late_for("NUTS"):
            return None
        run = self._chains("nuts", _ACCEPTANCE)
        if self._of_chains is None and run.divergences and not run.interrupted:
            self.progress.line(f"{run.divergences} divergences of NUTS: once more, with shorter steps")
            self._next_try = _FIRST_TRY
            again = self._chains("nuts_with_shorter_steps", _CAREFUL_ACCEPTANCE, _FEW_DIVERGENCES)
            if again.draws.size:
                run = again
            else:
                run.interrupted = True
        if self._of_chains is not None:
            return self._of_chains
        z = run.flat_draws
        if len(z) == 0:  # nothing but warming up
            raise KeyboardInterrupt
        if not (run.converged or run.interrupted):
            self._reject(
                f"NUTS: r-hat {run.r_hat:.3f} (wanted below 1.01), {run.effective_samples:.0f} effective draws (wanted "
                f"400), {run.divergences} divergences"
            )
        rng = np.random.default_rng(self.seed)
        evidence, error = chain_evidence(self.density, run.draws, run.log_densities, _BRIDGE_DRAWS, rng) or (None, None)
        return Posterior(
            method="nuts",
            z=z,
            log_likelihoods=run.log_likelihoods.reshape(-1),
            weights=np.full(len(z), 1.0 / len(z)),
            accepted=run.converged,
            effective_samples=run.effective_samples,
            log_evidence=evidence,
            log_evidence_error=error,
            facts={
                "r_hat": run.r_hat,
                "divergences": run.divergences,
                "gradients": run.gradients,
                "acceptance": run.acceptance,
                "draws": len(z),
                "effective_samples": run.effective_samples,
                "interrupted": run.interrupted,
                **self._against_laplace(z, np.full(len(z), 1.0 / len(z))),
            },
        )

    def _chains(self, part: str, target_accept: float, divergences: float = 0.0) -> NutsRun:
        """Chains until there are enough draws; ``part`` is where they are kept."""
        mode = self.modes[0]
        cholesky = np.linalg.cholesky(mode.covariance)
        starts = starts_around(self.density, self.modes, CHAINS, np.random.default_rng(self.seed))
        self.density.save()
        run = run_nuts(
            self.density.fitness,
            self.density.coordinates,
            starts,
            mode.z,
            cholesky,
            n_draw=2000,
            target_accept=target_accept,
            seed=self.seed,
            until=self._is_enough,
            progress=self.progress,
            checkpoint=self.checkpoint.part(part),
            end=self._end,
            divergences=divergences,
        )
        if run.interrupted:
            self._is_out_of_time()
        return run

    def _is_enough(self, run: NutsRun) -> bool:
        """Whether chains agree, or importance sampling from a mixture that follows their draws works already."""
        if is_converged(run):
            return True
        draws = run.flat_draws
        have_seen_it = run.effective_samples >= _LEAST_TO_FOLLOW or len(self.modes) > 1  # each chain its own mode
        if len(draws) < self._next_try or not have_seen_it:
            return False
        self._next_try = 2 * len(draws)
        rng = np.random.default_rng([self.seed, len(draws)])
        if (following := following_from(draws, rng)) is None:
            return False
        proposal = Both(following, proposal_from(self.modes))  # so that the weights judge modes without a chain
        found, why = sample_along(self.density, proposal, self.n_effective, rng)
        self.density.save()
        if why is not None:
            self.progress.line(f"importance sampling along {len(draws)} draws of NUTS: {why}")
            return False
        facts = {"learnt_from": f"{len(draws)} draws of NUTS", "gradients": run.gradients}
        self._of_chains = self._of_importance(ImportanceRun(found, proposal, True))
        self._of_chains.facts |= facts
        return True

    def _by_nautilus(self) -> Posterior | None:
        """Nested sampling of the whole prior; slow, and what is left where nothing else serves."""
        from autogalaxy.inference.search.nautilus import Nautilus

        if self._is_too_late_for("Nautilus"):
            return None
        self.progress.line("nested sampling, which takes minutes to hours")
        left = self._end - time.monotonic()
        search = Nautilus(seed=self.seed, show_progress=False, timeout=None if math.isinf(left) else max(left, 1e-3))
        search.checkpoint = self.checkpoint.part("nautilus")
        samples, info = search._search(self.model, self.analysis, self.progress)
        converged = bool(info.get("converged"))
        interrupted = bool(info["interrupted"]) or not converged and self._is_out_of_time()
        if not (converged or interrupted):
            self._reject("Nautilus: it did not converge")
        return Posterior(
            method="nautilus",
            z=self.density.coordinates.z_from(samples.parameters),
            log_likelihoods=samples.log_likelihoods,
            weights=samples.weights,
            accepted=converged and not interrupted,
            effective_samples=float(info["effective_samples"]),
            log_evidence=info["log_evidence"],
            log_evidence_error=info["log_evidence_error"],
            facts={"evaluations": info["evaluations"], "seconds": info["seconds"], "interrupted": interrupted},
        )
