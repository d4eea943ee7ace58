"""Mixtures of multivariate Student t distributions: proposals with tails heavier than those of a posterior.

Points are scrambled Sobol points, spread more evenly than independent ones: sums over 4,000 weighted draws of a nearly
Gaussian posterior in 15 dimensions scatter three times less. Each is distributed as the proposal, so that weights, and
errors from their variance, hold; the latter are upper bounds then.

References
----------
Owen (1998), ACM Trans. Model. Comput. Simul. 8, 71 (scrambled nets).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from autoarray.special_functions import special_functions_from

FREEDOM = 5.0
"""Degrees of freedom of the heavy tails."""
SHARES = ((0.5, 1.0, math.inf), (0.3, 1.0, FREEDOM), (0.2, 2.0, FREEDOM))
"""Share, widening and degrees of freedom of the parts around each mode: a Gaussian, which nearly Gaussian posteriors
want, and tails, which keep the weights bounded elsewhere."""
_EDGE = 2.0**-40
"""Nearest that a point comes to a face of the unit cube, where the normal distribution is at infinity."""


class Proposal(Protocol):
    """What importance sampling draws from."""

    def draw(self, number: int, rng: np.random.Generator) -> np.ndarray:
        """Points, ``(n, p)``."""

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """Normalized log density, ``(n, p) -> (n,)``."""


@dataclass(frozen=True, eq=False)
class StudentMixture:
    """``sum w_k t_nu_k(z; m_k, L_k L_k^T)`` in p dimensions; a Gaussian where nu is infinite."""

    means: np.ndarray
    """Centres, ``(k, p)``."""
    choleskys: np.ndarray
    """Lower Cholesky factors of the scale matrices, ``(k, p, p)``."""
    weights: np.ndarray
    """Sum to one, ``(k,)``."""
    freedoms: np.ndarray
    """Degrees of freedom nu, ``(k,)``."""

    def draw(self, number: int, rng: np.random.Generator) -> np.ndarray:
        """Points, ``(n, p)``: two dimensions of the cube choose the component and its stretch."""
        special = special_functions_from(np)
        unit = evenly_spread_from(number, self.means.shape[1] + 2, rng)
        shares = np.cumsum(self.weights) / np.sum(self.weights)
        component = np.minimum(np.searchsorted(shares, unit[:, 0]), len(shares) - 1)
        freedom = self.freedoms[component]
        is_heavy = np.isfinite(freedom)
        freedom = np.where(is_heavy, freedom, 1.0)
        stretch = np.where(is_heavy, np.sqrt(freedom / special.chdtri(freedom, unit[:, 1])), 1.0)
        normal = special.ndtri(unit[:, 2:])
        z = self.means[component] + stretch[:, None] * np.einsum("nij,nj->ni", self.choleskys[component], normal)
        return z[rng.permutation(number)]

    def beside(self, other: StudentMixture) -> StudentMixture:
        """Half of this mixture and half of another."""
        both = {name: np.concatenate([values, vars(other)[name]]) for name, values in vars(self).items()}
        return StudentMixture(**{**both, "weights": 0.5 * both["weights"]})

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """Normalized log density, ``(n, p) -> (n,)``."""
        terms = []
        for i, weight in enumerate(self.weights):
            standard = np.linalg.solve(self.choleskys[i], (z - self.means[i]).T)
            log_determinant = float(np.sum(np.log(np.diagonal(self.choleskys[i]))))
            shape = _log_standard_density(np.sum(standard**2, axis=0), float(self.freedoms[i]), z.shape[1])
            terms.append(math.log(weight) + shape - log_determinant)
        return np.asarray(np.logaddexp.reduce(terms, axis=0))


@dataclass(frozen=True, eq=False)
class Both:
    """Most draws from one proposal and a fifth from another."""

    first: Proposal
    second: Proposal
    share: float = 0.2

    def draw(self, number: int, rng: np.random.Generator) -> np.ndarray:
        """Points, ``(n, p)``."""
        of_second = round(self.share * number)
        z = np.concatenate([self.first.draw(number - of_second, rng), self.second.draw(of_second, rng)])
        return np.asarray(z[rng.permutation(number)])

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """Normalized log density, ``(n, p) -> (n,)``."""
        parts = (1.0 - self.share, self.first), (self.share, self.second)
        return np.asarray(np.logaddexp.reduce([math.log(share) + part.log_density(z) for share, part in parts]))


def evenly_spread_from(number: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Scrambled Sobol points inside the unit cube, ``(number, size)``; those of another call are independent."""
    from scipy.stats.qmc import Sobol  # here, because it takes half a second to load

    points = Sobol(size, scramble=True, rng=rng).random_base2(max(number - 1, 1).bit_length())[:number]
    return np.clip(points, _EDGE, 1.0 - _EDGE)


def _log_standard_density(squared: np.ndarray, freedom: float, size: int) -> np.ndarray:
    """Log density in ``size`` dimensions at a squared distance, ``(n,) -> (n,)``."""
    if math.isinf(freedom):
        return -0.5 * squared - 0.5 * size * math.log(2.0 * math.pi)
    constant = math.lgamma(0.5 * (freedom + size)) - math.lgamma(0.5 * freedom)
    constant -= 0.5 * size * math.log(freedom * math.pi)
    return constant - 0.5 * (freedom + size) * np.log1p(squared / freedom)


def mixture_around(means: np.ndarray, covariances: np.ndarray, weights: np.ndarray) -> StudentMixture:
    """The mixture around modes ``(m, p)``, each with all parts of ``SHARES``."""
    choleskys = np.linalg.cholesky(covariances)
    weights = np.asarray(weights, dtype=float) / np.sum(weights)
    return StudentMixture(
        means=np.concatenate([means for _ in SHARES]),
        choleskys=np.concatenate([widening * choleskys for _, widening, _ in SHARES]),
        weights=np.concatenate([share * weights for share, _, _ in SHARES]),
        freedoms=np.repeat([freedom for _, _, freedom in SHARES], len(means)),
    )
