"""Whether posteriors are as wide as they say: simulation-based calibration.

Parameters are drawn from the prior, data from the likelihood, and the posterior of each dataset is sampled. Then the
true value of a parameter is one more draw from its posterior, and its rank among L independent draws is uniform on
0, ..., L. A rank histogram like a bowl belongs to posteriors that are too narrow, one like a hill to too wide ones,
a slope to a bias.

References
----------
Talts, Betancourt, Simpson, Vehtari & Gelman (2018), arXiv:1804.06788; Cook, Gelman & Rubin (2006), JCGS 15, 675.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.special_functions import special_functions_from
from autogalaxy.inference.samples import Samples

DRAWS = 399
"""Draws of each posterior. With the true value there are 400: 20 bins, and 68 and 95 % of them, are whole numbers."""
LEVELS = (0.68, 0.95)
BINS = 20
LEAST_EXPECTED = 5.0
"""Ranks wanted in each bin; fewer bins are used where there are too few datasets."""


def equal_draws_from(samples: Samples, number: int, rng: np.random.Generator) -> np.ndarray:
    """Physical parameters of equal weight, ``(number, p)``.

    Draws of weighted samples are taken from them with replacement; where the posterior is the Gaussian around the
    maximum (``samples.covariance``), from that. They are independent where ``number`` is well below the effective
    number of samples.
    """
    if samples.covariance is not None:
        return rng.multivariate_normal(samples.max_log_likelihood_vector, samples.covariance, size=number)
    return samples.parameters[rng.choice(len(samples), size=number, p=samples.weights)]


def ranks_from(truth: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """How many draws lie below the true value, half of those equal to it, ``(p,), (L, p) -> (p,)`` of 0, ..., L."""
    draws, truth = np.atleast_2d(draws), np.asarray(truth, dtype=float)
    return np.sum(draws < truth, axis=0) + np.sum(draws == truth, axis=0) // 2


@dataclass(frozen=True, eq=False)
class Calibration:
    """Ranks of true values among draws, and what follows from them.

    Every test below has a known distribution for calibrated posteriors, of whatever shape.
    """

    ranks: np.ndarray
    """Of each dataset and parameter, ``(n, p)``."""
    scores: np.ndarray
    """True value less the mean of its draws, over their standard deviation, ``(n, p)``."""
    units: np.ndarray
    """Mean, and mean square, of the draws where the prior of the parameter is uniform from 0 to 1, ``(n, 2, p)``."""
    draws: int = DRAWS
    """Draws L of each posterior."""
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.ranks.ndim != 2 or np.any(self.ranks < 0) or np.any(self.ranks > self.draws):
            raise exc.SearchException(
                f"Calibration got ranks of shape {self.ranks.shape}, wanted (datasets, parameters) of whole numbers "
                f"from 0 to draws={self.draws}."
            )

    @classmethod
    def of(cls, truths: np.ndarray, draws: Sequence[np.ndarray], model: Any) -> Calibration:
        """From true vectors ``(n, p)`` and the draws ``(L, p)`` of each posterior."""
        rows = [row_from(truth, own, model) for truth, own in zip(truths, draws, strict=True)]
        return cls.of_rows(rows, draws=len(draws[0]), names=model.paths)

    @classmethod
    def of_rows(cls, rows: Sequence[dict[str, Any]], draws: int = DRAWS, names: Sequence[str] = ()) -> Calibration:
        """From what :func:`row_from` gave for each dataset."""
        ranks, scores, units = (np.array([row[key] for row in rows]) for key in ("ranks", "scores", "units"))
        return cls(ranks, scores, units, draws, tuple(names))

    @property
    def datasets(self) -> int:
        return len(self.ranks)

    @property
    def parameters(self) -> int:
        return self.ranks.shape[1]

    @property
    def bins(self) -> int:
        """Equal bins of the rank histogram: ``BINS`` or the half, quarter or tenth of it that the datasets fill."""
        wanted = [bins for bins in (BINS, BINS // 2, BINS // 4) if self.datasets / bins >= LEAST_EXPECTED]
        allowed = [bins for bins in [*wanted, 4, 2] if (self.draws + 1) % bins == 0]
        return allowed[0] if allowed else 1

    def histogram(self) -> np.ndarray:
        """Ranks in each bin, ``(p, bins)``."""
        which = self.ranks * self.bins // (self.draws + 1)
        return np.array([np.bincount(column, minlength=self.bins) for column in which.T])

    def p_values(self) -> np.ndarray:
        """Probability of a chi-squared of the rank histogram at least as large, ``(p,)``."""
        expected = self.datasets / self.bins
        chi_squared = np.sum((self.histogram() - expected) ** 2, axis=1) / expected
        return np.array([chi_squared_p_value(value, self.bins - 1) for value in chi_squared])

    def histogram_bounds(self, probability: float = 0.99) -> tuple[int, int]:
        """Within which the ranks of one bin lie with a probability."""
        return binomial_bounds(self.datasets, 1.0 / self.bins, probability)

    def is_inside(self, level: float) -> np.ndarray:
        """Whether the true value is in the central interval of its posterior, ``(n, p)``."""
        outside = round(0.5 * (1.0 - level) * (self.draws + 1))
        return (self.ranks >= outside) & (self.ranks < self.draws + 1 - outside)

    def coverage(self, level: float) -> np.ndarray:
        """Share of the true values in the central interval, ``(p,)``."""
        return np.mean(self.is_inside(level), axis=0)

    def coverage_bounds(self, level: float, probability: float = 0.99) -> tuple[float, float]:
        """Within which the coverage of one parameter lies with a probability."""
        low, high = binomial_bounds(self.datasets, self._exact(level), probability)
        return low / self.datasets, high / self.datasets

    def combined_coverage(self, level: float) -> tuple[float, float]:
        """Of all parameters, and its standard error: those of one dataset depend on each other, datasets do not.

        The error is that expected of calibrated posteriors, which have as much dependence as was found.
        """
        inside = self.is_inside(level).astype(float)
        of_datasets = inside.mean(axis=1)
        exact, share = self._exact(level), float(np.mean(inside))
        spread = float(np.mean((of_datasets - share) ** 2)) / max(share * (1.0 - share), 1e-12)
        spread = min(max(spread, 1.0 / self.parameters), 1.0)  # of independent parameters, and of one and the same
        return share, math.sqrt(exact * (1.0 - exact) * spread / self.datasets)

    def _exact(self, level: float) -> float:
        return 1.0 - 2.0 * round(0.5 * (1.0 - level) * (self.draws + 1)) / (self.draws + 1)

    def bias(self) -> np.ndarray:
        """Mean of the scores, in its standard errors: zero within a few ones, ``(p,)``."""
        return _in_errors(self.scores, 0.0)

    def widths(self) -> np.ndarray:
        """Root of the mean square of the scores: one; above one where posteriors are too narrow, ``(p,)``."""
        return np.sqrt(np.mean(self.scores**2, axis=0))

    def width_deviations(self) -> np.ndarray:
        """Mean square of the scores less one, in its standard errors, ``(p,)``."""
        return _in_errors(self.scores**2, 1.0)

    def averaged_posterior(self) -> np.ndarray:
        """First two moments of the posterior averaged over all datasets, less those of the prior, in their errors.

        The average is the prior, ``(2, p)``.
        """
        return np.array([_in_errors(self.units[:, 0], 1.0 / 2.0), _in_errors(self.units[:, 1], 1.0 / 3.0)])

    def failures(self, probability: float = 0.99) -> list[str]:
        """What calibrated posteriors would not show, in words; empty in ``probability`` of all cases for each kind.

        Of p parameters each has to be within bounds that one of them leaves with a probability p times smaller.
        """
        found, beyond = [], (1.0 - probability) / self.parameters
        names = self.names or [f"parameter {i}" for i in range(self.parameters)]
        for name, p_value in zip(names, self.p_values(), strict=True):
            if p_value < beyond:
                found.append(f"ranks of {name} are not uniform (p = {p_value:.2g}, wanted above {beyond:.2g})")
        for level in LEVELS:
            low, high = self.coverage_bounds(level, 1.0 - beyond)
            for name, share in zip(names, self.coverage(level), strict=True):
                if not low <= share <= high:
                    found.append(f"{100 * level:.0f} % interval of {name} holds {share:.3f}, not {low:.3f}-{high:.3f}")
            (share, error), exact = self.combined_coverage(level), self._exact(level)
            if not abs(share - exact) <= (reach := _sigmas(probability) * error):
                found.append(f"{100 * level:.0f} % intervals hold {share:.3f} in all, not {exact:.3f} +- {reach:.3f}")
        for name, bias in zip(names, self.bias(), strict=True):
            if not abs(bias) <= (reach := _sigmas(1.0 - beyond)):
                found.append(f"means of {name} are off by {bias:.1f} standard errors, wanted up to {reach:.1f}")
        return found


def row_from(truth: np.ndarray, draws: np.ndarray, model: Any) -> dict[str, Any]:
    """What one dataset adds: ranks, scores and moments, in plain types."""
    mean, deviation = np.mean(draws, axis=0), np.std(draws, axis=0, ddof=1)
    units = np.clip(model.unit_vector_from_vector(draws), 0.0, 1.0)
    return {
        "ranks": ranks_from(truth, draws).tolist(),
        "scores": ((truth - mean) / np.where(deviation > 0.0, deviation, 1.0)).tolist(),
        "units": np.array([np.mean(units, axis=0), np.mean(units**2, axis=0)]).tolist(),
    }


def chi_squared_p_value(chi_squared: float, freedom: int) -> float:
    """Probability that chi-squared of so many degrees of freedom is larger; one without freedom."""
    if freedom < 1:
        return 1.0
    return float(special_functions_from(np).gammaincc(0.5 * freedom, 0.5 * chi_squared))


def binomial_bounds(number: int, share: float, probability: float) -> tuple[int, int]:
    """Least and most successes of ``number`` with at most half of the rest of the probability beyond each."""
    k = np.arange(number + 1)
    if not 0.0 < share < 1.0:
        return (number, number) if share >= 1.0 else (0, 0)
    log_factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, number + 1)))])
    log_choose = log_factorials[-1] - log_factorials - log_factorials[::-1]
    masses = np.exp(log_choose + k * math.log(share) + (number - k) * math.log1p(-share))
    beyond = 0.5 * (1.0 - probability)
    low = int(np.argmax(np.cumsum(masses) > beyond))
    high = number - int(np.argmax(np.cumsum(masses[::-1]) > beyond))
    return low, high


def _in_errors(values: np.ndarray, expected: float) -> np.ndarray:
    """Mean over datasets less what is expected, in standard errors, ``(n, p) -> (p,)``."""
    error = np.std(values, axis=0, ddof=1) / math.sqrt(len(values))
    return (np.mean(values, axis=0) - expected) / np.where(error > 0.0, error, 1.0)


def _sigmas(probability: float) -> float:
    """Half width of the central interval of a standard normal distribution."""
    return float(special_functions_from(np).ndtri(0.5 * (1.0 + probability)))
