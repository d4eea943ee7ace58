"""Coordinates in which a posterior that leans on a limit of a prior is straight.

Near a limit a parameter ``theta_i(z_i)`` hardly changes any more with its coordinate, and what is correlated with it
does not follow that any longer: a likelihood that is Gaussian in theta is bent in z. Here everything else follows
theta_i itself,

    z_i = v_i,    z_j = v_j + sum_i B_ji delta_i(v_i),    delta_i(v) = (theta_i(v) - theta_i(m_i)) / theta_i'(m_i),

for the few i that are bent, with the regression B of the others on them at the mode m. The map is a shear, so that
volumes, and with them densities and the evidence, are those of z.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from autogalaxy.inference.posterior.coordinates import FARTHEST
from autogalaxy.inference.posterior.density import LogDensity
from autogalaxy.inference.posterior.importance import ImportanceRun
from autogalaxy.inference.posterior.laplace import Mode

BENT = 0.15
"""Deviation of theta from a straight line one sigma from the mode, over the change of the line, from which on a
parameter counts as bent."""
_NODES, _PASSES, _DEEPEST = 33, 3, 18.0
"""Points of a lattice along a bent coordinate, lattices, and fall of ln density at which the last but one ends."""


class Straightened:
    """A log density of the coordinates v, with the Gaussian that is nearest to it there.

    Parameters
    ----------
    density
        Of the coordinates z.
    mode
        Its only one that matters.
    bent
        Indexes of the parameters that everything else follows.
    """

    def __init__(self, density: LogDensity, mode: Mode, bent: np.ndarray) -> None:
        self.density = density
        self.bent = bent
        self.rest = np.setdiff1d(np.arange(density.size), bent)
        self._centre = mode.z
        self._slopes = density.coordinates.slopes_at(mode.z)[bent]
        of_bent = mode.covariance[np.ix_(bent, bent)]
        across = mode.covariance[np.ix_(bent, self.rest)]
        self._regression = np.linalg.solve(of_bent, across)
        self.mode = self._mode(mode, of_bent, across)

    @property
    def size(self) -> int:
        return self.density.size

    def __call__(self, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Log densities and log likelihoods, ``(n, p) -> (n,), (n,)``."""
        return self.density(self.z_from(v))

    def z_from(self, v: np.ndarray) -> np.ndarray:
        """``(..., p) -> (..., p)``."""
        return self._sheared(v, 1.0)

    def v_from(self, z: np.ndarray) -> np.ndarray:
        """``(..., p) -> (..., p)``."""
        return self._sheared(z, -1.0)

    def in_z(self, run: ImportanceRun) -> ImportanceRun:
        """The same draws, where the density is that of z; the proposal stays one of v."""
        higher = None if run.higher is None else self.z_from(run.higher)
        return replace(run, draws=replace(run.draws, z=self.z_from(run.draws.z)), higher=higher)

    def _sheared(self, points: np.ndarray, sign: float) -> np.ndarray:
        moved = np.array(points, dtype=float)
        moved[..., self.rest] += sign * self._deltas(moved) @ self._regression
        return moved

    def _deltas(self, points: np.ndarray) -> np.ndarray:
        """``delta`` of the bent parameters, ``(..., p) -> (..., m)``; a point on the mode has zero."""
        coordinates = self.density.coordinates
        off = coordinates.vector_from(points) - coordinates.vector_from(self._centre)
        return np.asarray(off[..., self.bent] / self._slopes)

    def _mode(self, mode: Mode, of_bent: np.ndarray, across: np.ndarray) -> Mode:
        """Gaussian whose bent parameters have the mean and width of their own densities, on which none other leans."""
        z, covariance = mode.z.copy(), mode.covariance.copy()
        moments = np.array([self._moments(index) for index in self.bent])
        scale = moments[:, 1] / np.sqrt(np.diagonal(of_bent))
        z[self.bent] = moments[:, 0]
        covariance[np.ix_(self.bent, self.bent)] = of_bent * np.outer(scale, scale)
        covariance[np.ix_(self.rest, self.rest)] -= across.T @ self._regression
        covariance[np.ix_(self.bent, self.rest)] = 0.0
        covariance[np.ix_(self.rest, self.bent)] = 0.0
        return Mode(z, covariance, mode.log_density, mode.log_likelihood)

    def _moments(self, index: int) -> tuple[float, float]:
        """Mean of a coordinate along the line through the mode, and its width to the wider side, by a lattice that
        closes in on them."""
        low, high = -FARTHEST, FARTHEST
        for _ in range(_PASSES):
            points = np.tile(self._centre, (_NODES, 1))
            points[:, index] = nodes = np.linspace(low, high, _NODES)
            log_densities, _ = self(points)
            near = np.flatnonzero(log_densities > np.max(log_densities) - _DEEPEST)
            low, high = nodes[max(near[0] - 1, 0)], nodes[min(near[-1] + 1, _NODES - 1)]
        weights = np.exp(log_densities - np.max(log_densities))
        weights /= np.sum(weights)
        mean = weights @ nodes
        sides = [nodes < mean, nodes > mean]
        squares = [weights[side] @ (nodes[side] - mean) ** 2 / np.sum(weights[side]) for side in sides]
        return float(mean), float(np.sqrt(max(squares)))


def straightened_from(density: LogDensity, modes: Sequence[Mode]) -> Straightened | None:
    """The density in coordinates without its bends; ``None`` where it has none, or several modes."""
    if len(modes) != 1:
        return None
    (mode,), coordinates = modes, density.coordinates
    sigma = np.sqrt(np.diagonal(mode.covariance))
    centre = coordinates.vector_from(mode.z)
    line = 2.0 * sigma * coordinates.slopes_at(mode.z)
    off = coordinates.vector_from(mode.z + sigma) + coordinates.vector_from(mode.z - sigma) - 2.0 * centre
    bent = np.flatnonzero(np.abs(off) > BENT * np.abs(line))
    if len(bent) == 0 or not np.all(line[bent] != 0.0):
        return None
    return Straightened(density, mode, bent)
