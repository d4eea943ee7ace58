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
from autogalaxy.inference.posterior.density import CHUNK, LogDensity
from autogalaxy.inference.posterior.importance import ImportanceRun
from autogalaxy.inference.posterior.laplace import Mode

NONLINEAR = 0.15
"""Deviation of theta from a straight line one sigma from the mode, over the change of the line, from which on a
parameter may be bent."""
DEVIATION = 0.3
"""Of the log density from that of the Gaussian, within one sigma along its regression on a parameter, from which on
the parameter is."""
_DEEPEST = 18.0
"""Fall of the log density at which the lattice along a bent coordinate ends."""
_LEAST_NODES = 5


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
        coordinates, z = self.density.coordinates, np.array(v, dtype=float)
        off = coordinates.vector_from(z) - coordinates.vector_from(self._centre)
        z[..., self.rest] += (off[..., self.bent] / self._slopes) @ self._regression
        return z

    def in_z(self, run: ImportanceRun) -> ImportanceRun:
        """The same draws, where the density is that of z; the proposal stays one of v."""
        higher = None if run.higher is None else self.z_from(run.higher)
        return replace(run, draws=replace(run.draws, z=self.z_from(run.draws.z)), higher=higher)

    def _mode(self, mode: Mode, of_bent: np.ndarray, across: np.ndarray) -> Mode:
        """Gaussian whose bent parameters have the means and widths found along their lines, on which no other leans."""
        z, covariance = mode.z.copy(), mode.covariance.copy()
        z[self.bent], widths = self._means_and_widths()
        scale = widths * np.sqrt(np.diagonal(np.linalg.inv(of_bent)))  # along a line the others stay where they are
        covariance[np.ix_(self.bent, self.bent)] = of_bent * np.outer(scale, scale)
        covariance[np.ix_(self.rest, self.rest)] -= across.T @ self._regression
        covariance[np.ix_(self.bent, self.rest)] = 0.0
        covariance[np.ix_(self.rest, self.bent)] = 0.0
        return Mode(z, covariance, mode.log_density, mode.log_likelihood)

    def _means_and_widths(self) -> tuple[np.ndarray, np.ndarray]:
        """Of each bent coordinate along the line through the mode; the width is that to the wider side.

        From a lattice as wide as the prior, then one as wide as the density; NaN where that is too few points wide.
        """
        count = len(self.bent)
        nodes = np.tile(np.append(np.linspace(-FARTHEST, FARTHEST, CHUNK - 1), 0.0), (count, 1))
        nodes[:, -1] = self._centre[self.bent]
        nodes = np.sort(nodes)
        log_densities = self._along_lines(nodes)
        falls = np.max(log_densities, axis=1, keepdims=True) - log_densities
        for k in range(count):
            near = np.flatnonzero(falls[k] < _DEEPEST)
            nodes[k] = np.linspace(nodes[k, max(near[0] - 1, 0)], nodes[k, min(near[-1] + 1, CHUNK - 1)], CHUNK)
        log_densities = self._along_lines(nodes)
        return tuple(np.array([_mean_and_width(*row) for row in zip(nodes, log_densities, strict=True)]).T)

    def _along_lines(self, nodes: np.ndarray) -> np.ndarray:
        """Log densities with one bent coordinate each at its ``nodes``, ``(m, n) -> (m, n)``."""
        points = np.tile(self._centre, (*nodes.shape, 1))
        for k, index in enumerate(self.bent):
            points[k, :, index] = nodes[k]
        return self(points.reshape(-1, self.size))[0].reshape(nodes.shape)


def _mean_and_width(nodes: np.ndarray, log_densities: np.ndarray) -> tuple[float, float]:
    """Of evenly spaced nodes."""
    weights = np.exp(log_densities - np.max(log_densities))
    if np.sum(weights > 1e-3) < _LEAST_NODES:
        return np.nan, np.nan
    mean = weights @ nodes / np.sum(weights)
    sides = [nodes < mean, nodes > mean]
    squares = [weights[side] @ (nodes[side] - mean) ** 2 / np.sum(weights[side]) for side in sides]
    return float(mean), float(np.sqrt(max(squares)))


def straightened_from(density: LogDensity, modes: Sequence[Mode]) -> Straightened | None:
    """The density in coordinates without its bends; ``None`` where it has none, or several modes."""
    if len(modes) != 1:
        return None
    (mode,) = modes
    bent = np.array([i for i in _nonlinear(density, mode) if _deviates(density, mode, i)], dtype=int)
    if len(bent) == 0:
        return None
    straightened = Straightened(density, mode, bent)
    return straightened if np.all(np.isfinite(straightened.mode.covariance)) else None


def _nonlinear(density: LogDensity, mode: Mode) -> np.ndarray:
    """Parameters that are no linear functions of their coordinates over the width of the mode."""
    coordinates, sigma = density.coordinates, np.sqrt(np.diagonal(mode.covariance))
    line = 2.0 * sigma * coordinates.slopes_at(mode.z)
    around = coordinates.vector_from(mode.z + sigma) + coordinates.vector_from(mode.z - sigma)
    off = np.abs(around - 2.0 * coordinates.vector_from(mode.z))
    return np.flatnonzero((off > NONLINEAR * np.abs(line)) & (line != 0.0))


def _deviates(density: LogDensity, mode: Mode, index: int) -> bool:
    """Whether the density is not that of the Gaussian where all else follows the coordinate in a straight line."""
    direction = mode.covariance[:, index] / np.sqrt(mode.covariance[index, index])
    steps = np.linspace(-1.0, 1.0, CHUNK)
    log_densities, _ = density(mode.z + steps[:, None] * direction)
    return bool(np.max(np.abs(log_densities - mode.log_density + 0.5 * steps**2)) > DEVIATION)
