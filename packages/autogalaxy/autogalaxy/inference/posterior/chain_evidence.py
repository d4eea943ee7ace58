"""Evidence from the draws of Markov chains."""

from __future__ import annotations

import numpy as np

from autogalaxy.inference.posterior.bridge import bridge_evidence
from autogalaxy.inference.posterior.density import LogDensity
from autogalaxy.inference.posterior.diagnostics import effective_size_from
from autogalaxy.inference.posterior.importance import draws_from
from autogalaxy.inference.posterior.student_t import mixture_around

_LEAST_DRAWS = 4
"""Draws for each parameter without which no proposal can be made from half of them."""


def chain_evidence(
    density: LogDensity, draws: np.ndarray, log_densities: np.ndarray, number: int, rng: np.random.Generator
) -> tuple[float, float] | None:
    """Log evidence and its one-sigma error from draws in z, ``(chains, n, p)``; ``None`` where they are too few.

    A heavy-tailed mixture with the moments of one half of each chain is the proposal of a bridge to the other half,
    and the other way round, with ``number`` evaluations in all. Which draws are correlated is measured on what the
    bridge averages: NUTS moves fast in the parameters and slowly in the density.
    """
    chains, count, size = draws.shape
    half = count // 2
    if chains * half < _LEAST_DRAWS * size:
        return None
    parts = slice(0, half), slice(half, 2 * half)
    found = []
    for learn, judge in (parts, parts[::-1]):
        pooled = draws[:, learn].reshape(-1, size)
        covariance = np.cov(pooled, rowvar=False).reshape(size, size)
        try:
            proposal = mixture_around(pooled.mean(axis=0)[None], covariance[None], np.ones(1))
        except np.linalg.LinAlgError:  # chains that did not move
            return None
        proposed = draws_from(density, proposal, max(number // 2, 2), rng)
        judged = log_densities[:, judge]
        of_proposal = proposal.log_density(draws[:, judge].reshape(-1, size)).reshape(judged.shape)
        ratios = judged - of_proposal
        effective = float(effective_size_from(np.minimum(1.0, np.exp(np.median(ratios) - ratios))[..., None])[0])
        if not effective > 0.0:
            return None
        ln_z, error, _ = bridge_evidence(
            judged, of_proposal, proposed.log_densities, proposed.log_densities - proposed.log_weights, effective
        )
        found.append((ln_z, error))
    (first, error_first), (second, error_second) = found
    if not np.isfinite(first + second):
        return None
    return 0.5 * (first + second), float(np.hypot(error_first, error_second)) / 2.0
