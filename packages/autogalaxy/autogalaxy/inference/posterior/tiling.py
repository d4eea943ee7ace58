"""A mixture that follows the draws of Markov chains, curved ones too: the proposal of an importance sampling."""

from __future__ import annotations

import numpy as np

from autogalaxy.inference.posterior.student_t import StudentMixture, mixture_around

COUNTS = (1, 2, 4, 8, 16)
"""Numbers of components that are tried."""
_WIDEN = 1.2
"""Factor on covariances of parts that are cut apart, which end where their neighbours begin."""


def tiled_from(draws: np.ndarray, rng: np.random.Generator) -> StudentMixture | None:
    """The mixture, of the numbers tried, under which held-out ``draws``, ``(n, p)``, are likeliest."""
    shuffled = draws[rng.permutation(len(draws))]
    learn, judge = shuffled[::2], shuffled[1::2]
    best: tuple[float, int] | None = None
    for count in COUNTS:
        if len(learn) < 3 * count * draws.shape[1]:
            break
        if (mixture := _of_parts(learn, count, rng)) is not None:
            quality = float(np.mean(mixture.log_density(judge)))
            best = max(best, (quality, count)) if best is not None else (quality, count)
    return None if best is None else _of_parts(shuffled, best[1], rng)


def _of_parts(draws: np.ndarray, count: int, rng: np.random.Generator) -> StudentMixture | None:
    """Gaussians, with tails, of the parts into which draws are cut; small parts resemble the whole."""
    from scipy.cluster.vq import kmeans2

    size = draws.shape[1]
    pooled = np.cov(draws, rowvar=False).reshape(size, size)
    try:
        cholesky = np.linalg.cholesky(pooled)
    except np.linalg.LinAlgError:  # chains that did not move
        return None
    whitened = np.linalg.solve(cholesky, (draws - draws.mean(axis=0)).T).T
    _, labels = kmeans2(whitened, count, minit="++", rng=rng) if count > 1 else (None, np.zeros(len(draws), dtype=int))
    means, covariances, weights = [], [], []
    for label in np.unique(labels):
        part = draws[labels == label]
        if len(part) < size + 2:
            continue
        covariance = (np.cov(part, rowvar=False) * len(part) + 0.3 * size * pooled) / (len(part) + 0.3 * size)
        means.append(part.mean(axis=0))
        covariances.append((_WIDEN if count > 1 else 1.0) * covariance.reshape(size, size))
        weights.append(float(len(part)))
    if not means:
        return None
    return mixture_around(np.array(means), np.array(covariances), np.array(weights))
