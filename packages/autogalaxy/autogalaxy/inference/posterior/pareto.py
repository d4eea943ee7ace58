"""The shape of the tail of importance weights.

References
----------
Zhang & Stephens (2009), Technometrics 51, 316 (the estimate); Vehtari et al. (2024), JMLR 25, 72 (its use).
"""

from __future__ import annotations

import math

import numpy as np


def pareto_k(log_weights: np.ndarray) -> float:
    """Shape k of a generalized Pareto tail of the weights: moments below 1/k exist; infinite with too few weights.

    The tail are the largest ``min(n / 5, 3 sqrt(n))`` weights; k is drawn towards 0.5 like ten weights would.
    """
    finite = np.sort(log_weights[np.isfinite(log_weights)])
    number = int(min(len(log_weights) / 5.0, 3.0 * math.sqrt(len(log_weights))))
    if number < 5 or len(finite) <= number:
        return math.inf
    tail = np.exp(finite[-number:] - finite[-1])
    excess = tail - math.exp(finite[-number - 1] - finite[-1])
    if not excess[-1] > 0.0:
        return -math.inf  # all alike, no tail
    k = _generalized_pareto_shape(np.maximum(excess, 1e-300))
    return (number * k + 10.0 * 0.5) / (number + 10.0)


def _generalized_pareto_shape(x: np.ndarray) -> float:
    """Shape of a generalized Pareto distribution from its sorted draws: a mean over profile likelihoods."""
    n = len(x)
    m = 30 + int(math.sqrt(n))
    quartile = x[int(n / 4 + 0.5) - 1]
    theta = 1.0 / x[-1] + (1.0 - np.sqrt(m / (np.arange(1, m + 1) - 0.5))) / (3.0 * quartile)
    theta = np.where(theta == 0.0, 1e-12 / x[-1], theta)
    shapes = np.mean(np.log1p(-theta[:, None] * x), axis=1)
    profile = n * (np.log(-theta / shapes) - shapes - 1.0)
    weights = np.exp(profile - np.logaddexp.reduce(profile))
    mean_theta = float(np.sum(weights * theta))
    return float(np.mean(np.log1p(-mean_theta * x)))
