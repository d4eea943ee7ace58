"""Posteriors whose means, widths and evidence are known from quadrature, and a checkpoint in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from parity import check
from scipy.integrate import quad

from autoarray.abstract_ndarray import InstancePytree
from autoarray.parameter import UniformPrior, parameter
from autogalaxy.inference import Analysis, Collection, Model
from autogalaxy.inference.checkpoint import Checkpoint

WIDE = UniformPrior(-10.0, 10.0)
FACTOR = np.linalg.cholesky(0.05 * np.eye(5) + 0.1 * np.array([[1.0 + min(i, j) for j in range(5)] for i in range(5)]))
BEND, SPREAD = 0.5, 0.8


@dataclass(eq=False)
class Five(InstancePytree):
    a: float = parameter(0.0, unit="", prior=WIDE)
    b: float = parameter(0.0, unit="", prior=WIDE)
    c: float = parameter(0.0, unit="", prior=WIDE)
    d: float = parameter(0.0, unit="", prior=WIDE)
    e: float = parameter(1.0, unit="", prior=UniformPrior(0.0, 10.0))


@dataclass(eq=False)
class Two(InstancePytree):
    x: float = parameter(0.0, unit="", prior=UniformPrior(-6.0, 6.0))
    y: float = parameter(0.0, unit="", prior=UniformPrior(-10.0, 30.0))


@dataclass(frozen=True)
class Known:
    """What a posterior is, parameter by parameter."""

    means: np.ndarray
    widths: np.ndarray
    log_evidence: float


class LeaningGaussian(Analysis):
    """A correlated Gaussian likelihood of five parameters, the last of which leans on the lower limit of its prior."""

    traces = 0

    def __init__(self, centre: Any = (1.0, -1.0, 2.0, 0.0, -0.2), use_jax: bool = True) -> None:
        super().__init__(use_jax=use_jax)
        self.centre = self._xp.asarray(centre)

    def residual_vector_from(self, instance: Any) -> Any:
        type(self).traces += 1
        values = [self._xp.asarray(getattr(instance.five, name), dtype=float) for name in "abcde"]
        return np.linalg.inv(FACTOR) @ (self._xp.stack(values) - self.centre)

    def dataset_arrays(self) -> Any:
        return self.centre

    def with_arrays(self, arrays: Any) -> Self:
        new = type(self).__new__(type(self))
        vars(new).update(vars(self), centre=arrays)
        return new

    def for_dataset(self, dataset: Any) -> Self:
        return self.with_arrays(self._xp.asarray(dataset))

    @staticmethod
    def model() -> Collection:
        return Collection(five=Model(Five))

    def known(self) -> Known:
        """The last parameter by quadrature, the others by what they are given the last one."""
        covariance, centre = FACTOR @ FACTOR.T, np.asarray(self.centre)
        variance = covariance[4, 4]
        density = lambda e: np.exp(-0.5 * (e - centre[4]) ** 2 / variance)  # noqa: E731
        total, mean, square = (quad(lambda e, k=k: e**k * density(e), 0.0, 10.0, epsabs=1e-13)[0] for k in range(3))
        mean, square = mean / total, square / total
        slope = covariance[:, 4] / variance
        widths = np.sqrt(np.diag(covariance) + slope**2 * (square - mean**2 - variance))
        _, rest = np.linalg.slogdet(2.0 * np.pi * (covariance - np.outer(slope, slope) * variance)[:4, :4])
        return Known(centre + slope * (mean - centre[4]), widths, 0.5 * rest + np.log(total) - np.log(20.0**4 * 10.0))


class Banana(Analysis):
    """x is a unit Gaussian, and y a Gaussian around a parabola of x; no sum of squared residuals is offered."""

    def __init__(self, use_jax: bool = True) -> None:
        super().__init__(use_jax=use_jax)

    def log_likelihood_function(self, instance: Any) -> Any:
        x, y = instance.two.x, instance.two.y
        return -0.5 * x**2 - 0.5 * ((y - BEND * x**2) / SPREAD) ** 2

    @staticmethod
    def model() -> Collection:
        return Collection(two=Model(Two))

    def known(self) -> Known:
        """By sums over a fine grid."""
        x, y = np.meshgrid(np.linspace(-6.0, 6.0, 1201), np.linspace(-10.0, 30.0, 4001), indexing="ij")
        density = np.exp(-0.5 * x**2 - 0.5 * ((y - BEND * x**2) / SPREAD) ** 2)
        total = np.sum(density)
        means = np.array([np.sum(x * density), np.sum(y * density)]) / total
        squares = np.array([np.sum(x**2 * density), np.sum(y**2 * density)]) / total
        return Known(means, np.sqrt(squares - means**2), float(np.log(total * 0.01 * 0.01 / (12.0 * 40.0))))


def agrees(result: Any, known: Known, name: str) -> None:
    """Means within 4 standard errors, widths within 15 %, ln Z within 3 of its errors, which are small."""
    samples, info = result.samples, result.search_info
    check(info["converged"], f"{name}: did not converge, {info}")
    means = samples.weights @ samples.parameters
    widths = np.sqrt(samples.weights @ (samples.parameters - means) ** 2)
    pulls = (means - known.means) / (known.widths / np.sqrt(info["effective_samples"]))
    check(np.max(np.abs(pulls)) < 4.0, f"{name}: means are off by {pulls} standard errors")
    check(np.max(np.abs(widths / known.widths - 1.0)) < 0.15, f"{name}: ratios of widths {widths / known.widths}")
    off, error = info["log_evidence"] - known.log_evidence, info["log_evidence_error"]
    check(0.0 < error < 0.12 and abs(off) < 3.0 * error, f"{name}: ln Z is off by {off} with an error of {error}")
    print(f"  {name}: means within {np.max(np.abs(pulls)):.1f} errors, widths {np.round(widths / known.widths, 3)}, "
          f"ln Z off by {off:+.3f} +- {error:.3f}, {info['effective_samples']:.0f} effective samples, "
          f"{info['seconds']:.1f} s")  # fmt: skip


class Killed(Exception):
    """Stands for a signal that ends the process."""


@dataclass
class MemoryCheckpoint(Checkpoint):
    """Keeps everything that is saved; the process is killed after ``lives`` saves of the part ``kills``."""

    kept: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    name: str = ""
    kills: str = ""
    lives: int = -1

    def load(self) -> dict[str, np.ndarray] | None:
        return self.kept.get(self.name)

    def save(self, **arrays: np.ndarray) -> None:
        self.kept[self.name] = {name: np.array(values) for name, values in arrays.items()}
        if self.name == self.kills and self.lives > 0:
            self.lives -= 1
            if self.lives == 0:
                raise Killed

    def is_due(self) -> bool:
        return True

    def part(self, name: str) -> MemoryCheckpoint:
        return MemoryCheckpoint(self.kept, name, self.kills, self.lives)
