"""A proposal bent along the widest directions of a posterior, learnt from the draws of Markov chains.

In the few directions that the data constrain least, measured in widths of the priors, a posterior leaves the Gaussian:
all else follows them along curves. So these directions get a mixture of their own, and everything else a Gaussian whose
mean is a polynomial of them and whose widths change with them; a triangular map, whose density is known exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from autogalaxy.inference.posterior.student_t import Both, Proposal, StudentMixture, mixture_around
from autogalaxy.inference.posterior.tiling import tiled_from

DRIVERS = (1, 2, 3, 4)
"""Numbers of bent directions that are tried."""

_FARTHEST = 3.5
"""Drivers are taken for this many sigma at most where a polynomial of them is evaluated: it means nothing beyond."""


@dataclass(frozen=True, eq=False)
class CurvedProposal:
    """``q(u) q(v | u)`` with the widest directions u and the others v, in coordinates rotated so."""

    centre: np.ndarray
    rotation: np.ndarray
    """Columns are directions, widest first, over their standard deviations, so that ``(z - centre) @ rotation`` has
    unit variances, ``(p, p)``."""
    drivers: StudentMixture
    """Of u, ``(m,)``."""
    coefficients: np.ndarray
    """Of the mean of v in the polynomials of u, ``(f, p - m)``."""
    slopes: np.ndarray
    """Changes of ln width of v with u, ``(m + 1, p - m)``."""
    rest: StudentMixture
    """Of what is left of v, over its widths."""

    @property
    def number_of_drivers(self) -> int:
        return self.drivers.means.shape[1]

    def draw(self, number: int, rng: np.random.Generator) -> np.ndarray:
        """Points, ``(n, p)``."""
        u = self.drivers.draw(number, rng)
        mean, log_widths = self._conditional(u)
        v = mean + np.exp(log_widths) * self.rest.draw(len(u), rng)
        return np.asarray(self.centre + np.linalg.solve(self.rotation.T, np.concatenate([u, v], axis=1).T).T)

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """Normalized log density, ``(n, p) -> (n,)``."""
        w = (z - self.centre) @ self.rotation
        u, v = w[:, : self.number_of_drivers], w[:, self.number_of_drivers :]
        mean, log_widths = self._conditional(u)
        bent = self.drivers.log_density(u) + self.rest.log_density((v - mean) / np.exp(log_widths))
        return np.asarray(bent - np.sum(log_widths, axis=1) + np.linalg.slogdet(self.rotation)[1])

    def _conditional(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Means and ln widths of v, ``(n, m) -> (n, p - m)`` each."""
        features = polynomials_of(u)
        return features @ self.coefficients, features[:, : u.shape[1] + 1] @ self.slopes


def polynomials_of(u: np.ndarray) -> np.ndarray:
    """One, u, its squares and products, and its cubes, ``(n, m) -> (n, f)``."""
    near = np.clip(u, -_FARTHEST, _FARTHEST)
    first, second = np.triu_indices(u.shape[1])
    return np.concatenate([np.ones((len(u), 1)), near, near[:, first] * near[:, second], near**3], axis=1)


def curved_from(draws: np.ndarray, drivers: int, rng: np.random.Generator) -> Both | None:
    """The proposal that ``draws``, ``(n, p)``, teach, with so many bent directions; ``None`` where they are too few.

    A fifth of it is straight, with the covariance of all draws.
    """
    number, size = draws.shape
    if not 0 < drivers < size or number < 20 * size:
        return None
    centre = draws.mean(axis=0)
    covariance = np.cov(draws, rowvar=False).reshape(size, size)
    values, vectors = np.linalg.eigh(covariance)
    if not values[0] > 0.0:
        return None
    rotation = (vectors / np.sqrt(values))[:, ::-1]
    w = (draws - centre) @ rotation
    u, v = w[:, :drivers], w[:, drivers:]
    features = polynomials_of(u)
    coefficients = np.linalg.lstsq(features, v, rcond=None)[0]
    left = v - features @ coefficients
    linear = features[:, : drivers + 1]
    slopes = 0.5 * np.linalg.lstsq(linear, np.log(left**2 + 1e-12), rcond=None)[0]
    slopes[0] = 0.0
    rest = left / np.exp(linear @ slopes)
    of_rest = np.cov(rest, rowvar=False).reshape(size - drivers, size - drivers)
    of_drivers = tiled_from(u, rng)
    if of_drivers is None:
        return None
    curved = CurvedProposal(
        centre=centre,
        rotation=rotation,
        drivers=of_drivers,
        coefficients=coefficients,
        slopes=slopes,
        rest=mixture_around(np.zeros((1, size - drivers)), of_rest[None], np.ones(1)),
    )
    return Both(curved, mixture_around(centre[None], covariance[None], np.ones(1)))


def following_from(draws: np.ndarray, rng: np.random.Generator) -> Proposal | None:
    """Of mixtures and curved proposals, each learnt from half of ``draws``, that under which the others are likeliest;
    then learnt from all of them.
    """
    shuffled = draws[rng.permutation(len(draws))]
    learn, judge = shuffled[::2], shuffled[1::2]
    makers: list[Callable[[np.ndarray], Proposal | None]] = [partial(tiled_from, rng=rng)]
    makers += [partial(curved_from, drivers=number, rng=rng) for number in DRIVERS]
    best: tuple[float, Callable[[np.ndarray], Proposal | None]] | None = None
    for make in makers:
        if (proposal := make(learn)) is not None:
            quality = float(np.mean(proposal.log_density(judge)))
            best = (quality, make) if best is None or quality > best[0] else best
    return None if best is None else best[1](shuffled)
