"""One and two parameters of a posterior at a time, from weighted draws or from a covariance alone."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from autogalaxy import Samples

BINS = 25
"""Of the histogram of one parameter."""
_CELLS = 60
"""Cells a side in which the density of two parameters is known."""
_REACH = 3.5
"""Sigma to which a Gaussian is drawn."""
_WIDEST = 0.4
"""Largest width of the smoothing, in sigma."""
_FLOOR = 1e-4
"""Width of a parameter that has none, in units of its value."""

Surface = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Two parameters and a density, ``(c, c)`` each."""


class Marginals(Protocol):
    """What a figure needs of a posterior."""

    def span(self, i: int) -> tuple[float, float]:
        """From where to where parameter ``i`` is to be drawn."""

    def curve(self, i: int, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
        """Values of parameter ``i`` and its density there, the corners of a line."""

    def surface(self, i: int, j: int) -> Surface:
        """Density of parameters ``i`` and ``j`` in the frame in which they are not correlated."""


class GaussianMarginals:
    """Those of a Gaussian, in closed form."""

    def __init__(self, mean: np.ndarray, covariance: np.ndarray) -> None:
        self.mean = mean
        self.covariance = widened(covariance, mean)

    def span(self, i: int) -> tuple[float, float]:
        reach = _REACH * float(np.sqrt(self.covariance[i, i]))
        return float(self.mean[i]) - reach, float(self.mean[i]) + reach

    def curve(self, i: int, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
        values = np.linspace(low, high, 200)
        return values, np.exp(-0.5 * (values - self.mean[i]) ** 2 / self.covariance[i, i])

    def surface(self, i: int, j: int) -> Surface:
        steps = np.linspace(-_REACH, _REACH, _CELLS)
        first, second = np.meshgrid(steps, steps, indexing="ij")
        cholesky = np.linalg.cholesky(self.covariance[np.ix_((i, j), (i, j))])
        return (*_unwhitened(self.mean[[i, j]], cholesky, first, second), np.exp(-0.5 * (first**2 + second**2)))


class DrawnMarginals:
    """Those of weighted draws: histograms, for two parameters smoothed in their common whitened frame.

    There a degeneracy is as wide as it is long, so that smoothing by a part of a sigma does not fill it.

    References
    ----------
    Scott (1992), Multivariate Density Estimation; West (1993), J. R. Stat. Soc. B 55, 409.
    """

    def __init__(self, draws: np.ndarray, weights: np.ndarray) -> None:
        held = weights > 0.0
        self.draws, self.weights = draws[held], weights[held] / np.sum(weights[held])
        self.mean = self.weights @ self.draws
        apart = self.draws - self.mean
        self.covariance = widened((self.weights[:, None] * apart).T @ apart, self.mean)

    def span(self, i: int) -> tuple[float, float]:
        low, high = _quantiles(self.draws[:, i], self.weights, (0.001, 0.999))
        pad = max(0.08 * (high - low), 0.5 * float(np.sqrt(self.covariance[i, i])))
        return low - pad, high + pad

    def curve(self, i: int, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
        density, edges = np.histogram(self.draws[:, i], bins=BINS, range=(low, high), weights=self.weights)
        return np.repeat(edges, 2), np.concatenate([[0.0], np.repeat(density, 2), [0.0]])

    def surface(self, i: int, j: int) -> Surface:
        from scipy.ndimage import gaussian_filter

        cholesky = np.linalg.cholesky(self.covariance[np.ix_((i, j), (i, j))])
        white = np.linalg.solve(cholesky, (self.draws[:, [i, j]] - self.mean[[i, j]]).T)
        width = min(float(np.sum(self.weights**2)) ** (1.0 / 6.0), _WIDEST)  # Scott's rule, with effective draws
        width *= min(1.0, *(_half_width(axis, self.weights) for axis in white))  # narrow peaks apart stay narrow
        white = white / np.sqrt(1.0 + width**2)  # smoothing then leaves the covariance as it was (West 1993)
        ends = [_quantiles(axis, self.weights, (5e-4, 1.0 - 5e-4)) for axis in white]
        ends = [(low - 3.0 * width, high + 3.0 * width) for low, high in ends]
        density, *edges = np.histogram2d(white[0], white[1], bins=_CELLS, range=ends, weights=self.weights)
        density = gaussian_filter(density, [width / (e[1] - e[0]) for e in edges], mode="constant")
        first, second = np.meshgrid(*(0.5 * (e[1:] + e[:-1]) for e in edges), indexing="ij")
        return (*_unwhitened(self.mean[[i, j]], cholesky, first, second), density)


def marginals_from(samples: Samples, columns: list[int]) -> Marginals:
    """Of some parameters: the Gaussian around the maximum where a search measured its covariance, else the draws."""
    if samples.covariance is not None:
        return GaussianMarginals(
            samples.max_log_likelihood_vector[columns], samples.covariance[np.ix_(columns, columns)]
        )
    return DrawnMarginals(samples.parameters[:, columns], samples.weights)


def levels_from(density: np.ndarray, parts: tuple[float, ...]) -> list[float]:
    """Densities above which these parts of the whole lie, rising."""
    falling = np.sort(density, axis=None)[::-1]
    within = np.cumsum(falling) / np.sum(falling)
    return sorted(float(falling[np.searchsorted(within, part)]) for part in parts)


def widened(covariance: np.ndarray, values: np.ndarray) -> np.ndarray:
    """A covariance with a width for parameters that have none, as those on a limit of their prior."""
    floor = _FLOOR * np.where(values == 0.0, 1.0, np.abs(values))
    diagonal = np.diagonal(covariance)
    return covariance + np.diag(np.where(diagonal > 0.0, 1e-9 * diagonal, floor**2))


def _unwhitened(
    mean: np.ndarray, cholesky: np.ndarray, first: np.ndarray, second: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    x, y = mean[:, None] + cholesky @ np.stack([first.ravel(), second.ravel()])
    return x.reshape(first.shape), y.reshape(first.shape)


def _half_width(column: np.ndarray, weights: np.ndarray) -> float:
    """The shortest interval with half of the weights, over that of a standard normal distribution."""
    order = np.argsort(column, kind="stable")
    values, shares = column[order], np.cumsum(weights[order])
    ends = np.searchsorted(shares, shares - weights[order] + 0.5 - 1e-12)
    held = ends < len(values)
    return float(np.min(values[ends[held]] - values[held])) / 1.349


def _quantiles(column: np.ndarray, weights: np.ndarray, parts: tuple[float, float]) -> tuple[float, float]:
    order = np.argsort(column, kind="stable")
    shares = weights[order]
    low, high = np.interp(parts, np.cumsum(shares) - 0.5 * shares, column[order])
    return float(low), float(high)
