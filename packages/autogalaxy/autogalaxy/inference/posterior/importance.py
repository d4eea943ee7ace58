"""A posterior by importance sampling from heavy-tailed mixtures around its modes, with the evidence.

What is reported comes from draws that had no part in making the proposal: adapting and re-weighting the same draws
biases the evidence while every diagnostic looks perfect. A proposal is accepted by three numbers together: the shape of
the tail of the weights, the share of draws that are effective, and their number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autogalaxy.inference.posterior.density import Density
from autogalaxy.inference.posterior.diagnostics import effective_weights_from
from autogalaxy.inference.posterior.laplace import Mode
from autogalaxy.inference.posterior.pareto import pareto_k
from autogalaxy.inference.posterior.student_t import SHARES, Proposal, StudentMixture, mixture_around

LARGEST_K = 0.4
NEARLY_K = 0.7
"""Below this the shape of the tail of a thousand weights may be that of a good proposal by chance."""
LEAST_EFFICIENCY = 0.1
FIRST_DRAWS = 1000
MOST_DRAWS = 6000
"""Draws of an accepted proposal at most: they leave at least 600 effective ones."""
LARGEST_K_ALONG_CHAINS, MOST_DRAWS_ALONG_CHAINS = 0.5, 20_000
"""Of a proposal that follows draws of chains: they have been where a Gaussian does not reach, and took longer than
these draws do."""
ADAPTABLE = 5.0
"""Effective draws for each parameter without which a covariance cannot be learnt from them."""
WIDTH_ERROR = 0.9
"""Relative error of a width, times the root of the effective draws that are wanted: 2 per cent of 2,000. Of a Gaussian
they have 1.6 per cent."""
LEAST_EFFECTIVE = 30.0
"""Effective draws of a first batch below which more of its kind are not worth their time."""
MOST_LEARNING = 10_000
HIGHER = 1.0
"""A draw whose log density exceeds that of every mode by more than this shows that the maximum was not one."""
_LEAST_WEIGHT = 0.02
"""Share of the draws of a mode that Laplace's evidence gives less."""


@dataclass(frozen=True, eq=False)
class WeightedDraws:
    """Draws from a frozen proposal."""

    z: np.ndarray
    log_densities: np.ndarray
    log_likelihoods: np.ndarray
    log_weights: np.ndarray
    """Log of density over proposal, ``(n,)``."""

    @property
    def weights(self) -> np.ndarray:
        """Normalized to a sum of one; zeros where none is finite."""
        top = np.max(self.log_weights)
        if not np.isfinite(top):
            return np.zeros(len(self.log_weights))
        weights = np.exp(self.log_weights - top)
        return np.asarray(weights / np.sum(weights))

    @property
    def effective(self) -> float:
        """Kish's effective number of draws."""
        return effective_weights_from(self.weights)

    @property
    def efficiency(self) -> float:
        return self.effective / len(self.log_weights)

    @property
    def width_error(self) -> float:
        """Relative error of the worst known width of a coordinate: a few draws far out may hold much of it."""
        weights = self.weights
        squares = (self.z - weights @ self.z) ** 2
        return float(np.max(0.5 * np.sqrt(weights**2 @ (squares / (weights @ squares) - 1.0) ** 2)))

    @property
    def log_evidence(self) -> float:
        return float(np.logaddexp.reduce(self.log_weights) - np.log(len(self.log_weights)))

    @property
    def log_evidence_error(self) -> float:
        """One sigma of independent draws, from the variance of the weights: evenly spread ones scatter less."""
        number = len(self.log_weights)
        return float(np.sqrt(max(number / self.effective - 1.0, 0.0) / number)) if self.effective > 0.0 else np.inf

    @property
    def k(self) -> float:
        return pareto_k(self.log_weights)

    def joined(self, other: WeightedDraws) -> WeightedDraws:
        """Both, of the same proposal."""
        return WeightedDraws(*(np.concatenate([a, vars(other)[name]]) for name, a in vars(self).items()))

    def to_dict(self) -> dict[str, float]:
        return {
            "pareto_k": self.k,
            "effective_samples": self.effective,
            "efficiency": self.efficiency,
            "draws": len(self.z),
        }


@dataclass(eq=False)
class ImportanceRun:
    """What importance sampling came to."""

    draws: WeightedDraws
    proposal: Proposal
    accepted: bool
    adaptations: int = 0
    rejected: list[str] = field(default_factory=list)
    """Why proposals before the last one were rejected, or the last one, in words."""
    higher: np.ndarray | None = None
    """A point with a higher density than every mode, ``(p,)``: the search for the maximum has to go on from there."""

    def to_dict(self) -> dict[str, Any]:
        return {**self.draws.to_dict(), "adaptations": self.adaptations, "rejected": self.rejected}


def proposal_from(modes: list[Mode]) -> StudentMixture:
    """Each mode by its Laplace evidence, none below a fiftieth."""
    log_evidences = np.array([mode.log_evidence for mode in modes])
    shares = np.maximum(np.exp(log_evidences - np.max(log_evidences)), _LEAST_WEIGHT)
    return mixture_around(np.array([m.z for m in modes]), np.array([m.covariance for m in modes]), shares)


def importance_sample(
    density: Density, modes: list[Mode], n_effective: float, rng: np.random.Generator, max_adaptations: int = 3
) -> ImportanceRun:
    """Draws from the mixture of modes; from one adapted to draws before, all of them fresh, where that fails."""
    proposal = proposal_from(modes)
    rejected: list[str] = []
    best = max(mode.log_density for mode in modes)
    adaptations = 0
    while True:
        draws = draws_from(density, proposal, FIRST_DRAWS, rng)
        top = int(np.argmax(draws.log_densities))
        if draws.log_densities[top] > best + HIGHER:
            run = ImportanceRun(draws, proposal, False, adaptations, rejected, higher=draws.z[top])
            run.rejected.append(f"a draw is {draws.log_densities[top] - best:.1f} above the maximum found")
            return run
        draws = enlarged(density, proposal, draws, n_effective, rng)
        if (why := why_not(draws)) is None:
            draws = with_known_widths(density, proposal, draws, n_effective, rng)
            return ImportanceRun(draws, proposal, True, adaptations, rejected)
        rejected.append(why)
        is_last = adaptations == max_adaptations or len(modes) > 1
        learnt = None if is_last else learnt_from(density, proposal, draws, rng)
        if learnt is None:
            draws = judged_again(density, proposal, draws, n_effective, rng)
            return ImportanceRun(draws, proposal, why_not(draws) is None, adaptations, rejected)
        proposal, adaptations = learnt, adaptations + 1


def sample_along(
    density: Density, proposal: Proposal, n_effective: float, rng: np.random.Generator
) -> tuple[WeightedDraws, str | None]:
    """As many draws as are wanted of a proposal that follows chains, and why they cannot be trusted, if so."""
    draws = draws_from(density, proposal, FIRST_DRAWS, rng)
    draws = enlarged(density, proposal, draws, n_effective, rng, LARGEST_K_ALONG_CHAINS)
    if (why := why_not(draws, LARGEST_K_ALONG_CHAINS)) is not None:
        return draws, why
    return with_known_widths(density, proposal, draws, n_effective, rng, MOST_DRAWS_ALONG_CHAINS), None


def judged_again(
    density: Density, proposal: Proposal, draws: WeightedDraws, n_effective: float, rng: np.random.Generator
) -> WeightedDraws:
    """Three times as many draws more where a few of them may have failed by chance."""
    if not (draws.k < NEARLY_K and draws.efficiency > 0.5 * LEAST_EFFICIENCY):
        return draws
    more = draws_from(density, proposal, 3 * FIRST_DRAWS, rng)
    return enlarged(density, proposal, draws.joined(more), n_effective, rng)


def enlarged(
    density: Density,
    proposal: Proposal,
    draws: WeightedDraws,
    n_effective: float,
    rng: np.random.Generator,
    largest_k: float = LARGEST_K,
) -> WeightedDraws:
    """More draws of the same proposal where they can be trusted and too few are effective."""
    if draws.effective >= n_effective or why_not(draws, largest_k) is not None:
        return draws
    more = int(np.ceil(1.1 * n_effective / draws.efficiency)) - len(draws.z)
    return draws.joined(draws_from(density, proposal, min(max(more, 1), MOST_DRAWS), rng))


def with_known_widths(
    density: Density,
    proposal: Proposal,
    draws: WeightedDraws,
    n_effective: float,
    rng: np.random.Generator,
    most_draws: int = MOST_DRAWS,
) -> WeightedDraws:
    """More draws of an accepted proposal where widths are not known as well as is wanted, or effective ones are few."""
    short = max(n_effective / draws.effective, n_effective * (draws.width_error / WIDTH_ERROR) ** 2)
    more = min(int(np.ceil(len(draws.z) * (short - 1.0))), most_draws - len(draws.z))
    return draws if more <= 0 else draws.joined(draws_from(density, proposal, more, rng))


def learnt_from(
    density: Density, proposal: StudentMixture, draws: WeightedDraws, rng: np.random.Generator
) -> StudentMixture | None:
    """A proposal learnt from draws, and more of them where they are too few; ``None`` where it is hopeless."""
    wanted = ADAPTABLE * density.size
    if draws.effective < LEAST_EFFECTIVE:
        return None
    if (missing := int(1.5 * wanted / draws.efficiency) - len(draws.z)) > 0:
        draws = draws.joined(draws_from(density, proposal, min(missing, MOST_LEARNING), rng))
    return adapted(draws, proposal) if draws.effective >= wanted else None


def draws_from(density: Density, proposal: Proposal, number: int, rng: np.random.Generator) -> WeightedDraws:
    """Draws from a proposal with their weights."""
    z = proposal.draw(number, rng)
    log_densities, log_likelihoods = density(z)
    return WeightedDraws(z, log_densities, log_likelihoods, log_densities - proposal.log_density(z))


def why_not(draws: WeightedDraws, largest_k: float = LARGEST_K) -> str | None:
    """Why draws cannot be trusted, in words; ``None`` where they can."""
    reasons = []
    if not (k := draws.k) < largest_k:
        reasons.append(f"the weights have a heavy tail (Pareto k {k:.2f}, wanted below {largest_k})")
    if draws.efficiency < LEAST_EFFICIENCY:
        reasons.append(f"{draws.effective:.0f} of {len(draws.z)} draws are effective, wanted a tenth")
    return " and ".join(reasons) or None


def adapted(draws: WeightedDraws, before: StudentMixture) -> StudentMixture:
    """The proposal before and, with the same share, one with the mean and covariance of weighted draws.

    Weights are cut so that none of them rules, and the covariance is drawn towards the one before by as many draws as
    there are parameters.
    """
    weights = np.minimum(draws.weights, np.sqrt(len(draws.z)) * np.mean(draws.weights))
    weights = weights / np.sum(weights)
    effective, size = effective_weights_from(weights), draws.z.shape[1]
    mean, cholesky = weights @ draws.z, before.choleskys[-len(SHARES)]
    whitened = np.linalg.solve(cholesky, (draws.z - mean).T)
    covariance = (effective * (weights * whitened) @ whitened.T + size * np.eye(size)) / (effective + size)
    learnt = mixture_around(mean[None], (cholesky @ covariance @ cholesky.T)[None], np.ones(1))
    return before.beside(learnt)
