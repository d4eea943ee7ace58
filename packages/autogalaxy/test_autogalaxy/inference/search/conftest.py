"""A point in a square, whose log likelihood is any function of it."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from autoarray.abstract_ndarray import InstancePytree
from autoarray.parameter import UniformPrior, parameter
from autogalaxy.inference import Analysis, Collection
from autogalaxy.inference.checkpoint import Checkpoint

MEAN = np.array([1.0, -2.0])
COVARIANCE = np.array([[0.04, 0.03], [0.03, 0.09]])


@dataclass(eq=False)
class Point(InstancePytree):
    x: float = parameter(0.0, unit="", prior=UniformPrior(-5.0, 5.0))
    y: float = parameter(0.0, unit="", prior=UniformPrior(-5.0, 5.0))


class AnalysisOf(Analysis):
    """The log likelihood is ``function(x, y)``; counts how often it is asked for."""

    def __init__(self, function):
        super().__init__()
        self.function = function
        self.calls = 0

    def log_likelihood_function(self, instance):
        vars(self)["calls"] += 1
        return self.function(instance.point.x, instance.point.y)


class MemoryCheckpoint(Checkpoint):
    """Keeps what it is told to, at once."""

    def __init__(self):
        self.arrays = None

    def load(self):
        return self.arrays

    def save(self, **arrays):
        self.arrays = {name: np.array(array) for name, array in arrays.items()}

    def is_due(self):
        return True


def model():
    return Collection(point=Point)


def gaussian(x, y):
    """Seven at its maximum."""
    offset = np.array([x, y]) - MEAN
    return 7.0 - 0.5 * offset @ np.linalg.solve(COVARIANCE, offset)


def rosenbrock(x, y):
    """A curved ridge with its maximum, zero, at (1, 1)."""
    return -50.0 * (y - x**2) ** 2 - 0.5 * (1.0 - x) ** 2


def two_peaks(x, y):
    """Maxima 3 at (-2, 1) and 2 at (2.5, -1), up to exp(-40)."""
    first = 3.0 - 10.0 * ((x + 2.0) ** 2 + (y - 1.0) ** 2)
    second = 2.0 - 10.0 * ((x - 2.5) ** 2 + (y + 1.0) ** 2)
    return np.logaddexp(first, second)


def leaning(x, y):
    """Rises towards the limit x = 5, where it is 100 at y = 1 with an error of 0.1."""
    return 20.0 * x - 50.0 * (y - 1.0) ** 2


def cut(x, y):
    """A maximum of zero at (0.9, 0) a hair before the points without a likelihood, x >= 1."""
    return -0.5 * (((x - 0.9) / 0.3) ** 2 + (y / 0.1) ** 2) + (0.0 if x < 1.0 else np.nan)


@pytest.fixture
def points():
    """The names of this file."""
    return SimpleNamespace(**globals())
