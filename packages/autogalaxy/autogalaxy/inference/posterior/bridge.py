"""Evidence from posterior draws, by bridge sampling between the posterior and a proposal that is normalized.

References
----------
Meng & Wong (1996), Statistica Sinica 6, 831 (the iteration); Fruehwirth-Schnatter (2004), Econometrics Journal 7, 143
(its error); Gronau et al. (2017), J. Math. Psychology 81, 80 (overview).
"""

from __future__ import annotations

import numpy as np

from autoarray import exc

_TOLERANCE = 1e-10
_MOST_ITERATIONS = 1000


def bridge_evidence(
    log_density_of_draws: np.ndarray,
    log_proposal_of_draws: np.ndarray,
    log_density_of_proposals: np.ndarray,
    log_proposal_of_proposals: np.ndarray,
    effective_draws: float,
) -> tuple[float, float, int]:
    """Log evidence, its one-sigma error, and the number of iterations.

    The fixed point of ``Z = mean_2[p / (s_1 p + s_2 Z q)] / mean_1[q / (s_1 p / Z + s_2 q)]``, with p the density that
    is not normalized, q the proposal, 1 the draws, 2 the proposals, and s their shares of all effective draws.

    Parameters
    ----------
    log_density_of_draws, log_proposal_of_draws
        ln p and ln q at draws from the posterior, ``(n,)``. The proposal must not have been fitted to these draws.
    log_density_of_proposals, log_proposal_of_proposals
        ln p and ln q at independent draws from the proposal, ``(m,)``; ln p may be ``-inf`` there.
    effective_draws
        How many independent draws the n are worth, of ``log_density_of_draws - log_proposal_of_draws`` in particular.
    """
    ratios_1 = _ratios(log_density_of_draws, log_proposal_of_draws, "draws")
    ratios_2 = _ratios(log_density_of_proposals, log_proposal_of_proposals, "proposals")
    if not (np.isfinite(effective_draws) and effective_draws > 0.0):
        raise exc.SearchException(f"bridge_evidence got effective_draws={effective_draws}, but wants it positive.")
    if not np.any(np.isfinite(ratios_1)):
        raise exc.SearchException("bridge_evidence got no draw with a finite density: wanted draws of the posterior.")
    effective = min(float(effective_draws), float(len(ratios_1)))
    share_1 = effective / (effective + len(ratios_2))
    offset = float(np.median(ratios_1[np.isfinite(ratios_1)]))
    ratios_1, ratios_2 = ratios_1 - offset, ratios_2 - offset
    if not np.any(np.isfinite(ratios_2)):
        return -np.inf, np.inf, 0
    ln_z, before, iterations = 0.0, np.inf, 0
    while abs(ln_z - before) >= _TOLERANCE and iterations < _MOST_ITERATIONS:
        before, iterations = ln_z, iterations + 1
        ln_z = _log_mean(_log_above(ratios_2, ln_z, share_1)) - _log_mean(_log_below(ratios_1, ln_z, share_1))
    error = _error(_log_below(ratios_1, ln_z, share_1), _log_above(ratios_2, ln_z, share_1), effective)
    return ln_z + offset, error, iterations


def _log_above(ratios: np.ndarray, ln_z: float, share: float) -> np.ndarray:
    """Log of ``p / (s_1 p / Z + s_2 q)`` where ``ratios`` are ln p/q."""
    return ratios - np.logaddexp(np.log(share) + ratios - ln_z, np.log1p(-share))


def _log_below(ratios: np.ndarray, ln_z: float, share: float) -> np.ndarray:
    """Log of ``q / (s_1 p / Z + s_2 q)``."""
    return -np.logaddexp(np.log(share) + ratios - ln_z, np.log1p(-share))


def _error(log_below: np.ndarray, log_above: np.ndarray, effective: float) -> float:
    """Relative error of the evidence: relative variances of the two means, that of the draws for correlated ones."""
    draws, proposals = np.exp(log_below - np.max(log_below)), np.exp(log_above - np.max(log_above))
    variance = np.var(draws) / np.mean(draws) ** 2 / effective
    variance += np.var(proposals) / np.mean(proposals) ** 2 / len(proposals)
    return float(np.sqrt(variance))


def _ratios(log_density: np.ndarray, log_proposal: np.ndarray, of: str) -> np.ndarray:
    density, proposal = np.asarray(log_density, dtype=float).ravel(), np.asarray(log_proposal, dtype=float).ravel()
    if len(density) != len(proposal) or len(density) < 2:
        raise exc.SearchException(
            f"bridge_evidence got {len(density)} densities and {len(proposal)} proposal densities of the {of}, but "
            "wants one of each for every one, two at least."
        )
    if np.any(np.isnan(density)) or not np.all(np.isfinite(proposal)):
        raise exc.SearchException(f"bridge_evidence got log densities of the {of} that are not numbers.")
    return density - proposal


def _log_mean(logs: np.ndarray) -> float:
    largest = np.max(logs)
    return float(largest + np.log(np.mean(np.exp(logs - largest))))
