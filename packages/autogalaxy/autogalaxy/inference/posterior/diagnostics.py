"""Whether Markov chains agree, and how many independent draws they are worth.

Reference: Vehtari, Gelman, Simpson, Carpenter & Buerkner (2021), Bayesian Analysis 16, 667. In NumPy, because the
number of draws changes with every look, and a compiled version would be compiled for each of them.
"""

from __future__ import annotations

import numpy as np


def r_hat_from(draws: np.ndarray) -> np.ndarray:
    """Rank-normalized split r-hat of each parameter, the larger of bulk and folded, ``(chains, n, p) -> (p,)``."""
    split = _split(np.asarray(draws, dtype=float))
    folded = np.abs(split - np.median(split, axis=(0, 1)))
    return np.maximum(_plain_r_hat(_normal_scores(split)), _plain_r_hat(_normal_scores(folded)))


def effective_samples_from(draws: np.ndarray) -> np.ndarray:
    """Bulk effective sample size of each parameter, ``(chains, n, p) -> (p,)``."""
    return effective_size_from(_normal_scores(_split(np.asarray(draws, dtype=float))))


def effective_weights_from(weights: np.ndarray) -> float:
    """Kish's number of equal samples, ``(sum w)^2 / sum w^2``; zero where all weights are zero."""
    top = np.max(weights)
    if not top > 0.0:
        return 0.0
    weights = weights / top
    return float(np.sum(weights) ** 2 / np.sum(weights**2))


def effective_size_from(draws: np.ndarray) -> np.ndarray:
    """Effective sample size of the mean of each parameter, by Geyer's monotone sequence, ``(chains, n, p) -> (p,)``."""
    chains, count, _ = draws.shape
    centred = draws - draws.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, n=2 * count, axis=1)
    covariances = np.fft.irfft(np.abs(spectrum) ** 2, n=2 * count, axis=1)[:, :count].mean(axis=0) / count
    within = covariances[0] * count / (count - 1.0)
    total = covariances[0] + (draws.mean(axis=1).var(axis=0, ddof=1) if chains > 1 else 0.0)
    moving = total > 0.0
    safe = np.where(moving, total, 1.0)
    correlations = 1.0 - (within - covariances) / safe
    correlations[0] = 1.0
    pairs = correlations[: count - count % 2].reshape(count // 2, 2, -1).sum(axis=1)
    kept = np.cumprod(pairs > 0.0, axis=0)
    times = -1.0 + 2.0 * np.sum(np.minimum.accumulate(pairs, axis=0) * kept, axis=0)
    times = np.maximum(times, 1.0 / np.log10(max(chains * count, 10)))
    return np.where(moving, chains * count / times, 0.0)


def _split(draws: np.ndarray) -> np.ndarray:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, half : 2 * half]])


def _normal_scores(draws: np.ndarray) -> np.ndarray:
    """Each draw replaced by the normal quantile of its rank among all of its parameter; ties share theirs."""
    from scipy.special import ndtri

    chains, count, size = draws.shape
    pooled = draws.reshape(chains * count, size)
    scores = np.empty_like(pooled)
    for k, column in enumerate(pooled.T):
        _, which, counts = np.unique(column, return_inverse=True, return_counts=True)
        ranks = np.cumsum(counts) - 0.5 * (counts - 1)
        scores[:, k] = ndtri((ranks[which] - 0.375) / (len(column) + 0.25))
    return scores.reshape(draws.shape)


def _plain_r_hat(draws: np.ndarray) -> np.ndarray:
    count = draws.shape[1]
    within = draws.var(axis=1, ddof=1).mean(axis=0)
    between = draws.mean(axis=1).var(axis=0, ddof=1)
    moving = within > 0.0
    ratio = between / np.where(moving, within, 1.0)
    return np.where(moving, np.sqrt((count - 1.0) / count + ratio), np.inf)
