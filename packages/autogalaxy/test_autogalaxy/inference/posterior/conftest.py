"""Posteriors in closed form: straight lines with Gaussian noise, and densities of two parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from autoarray.abstract_ndarray import InstancePytree
from autoarray.parameter import GaussianPrior, UniformPrior, parameter
from autogalaxy.inference import Analysis, Model

X = np.linspace(-1.0, 1.0, 40)
NOISE = 0.3
TRUTH = (0.4, -0.7, 0.2)


@dataclass(eq=False)
class Parabola(InstancePytree):
    a: float = parameter(0.0, unit="", prior=GaussianPrior(0.0, 1.5))
    b: float = parameter(0.0, unit="", prior=GaussianPrior(0.5, 2.0))
    c: float = parameter(0.0, unit="", prior=GaussianPrior(0.0, 1.0))


class AnalysisParabola(Analysis):
    """Linear in its parameters with Gaussian priors: posterior and evidence are those of linear algebra."""

    def __init__(self, seed=3):
        super().__init__()
        self.design = DESIGN
        self.data = DESIGN @ np.array(TRUTH) + NOISE * np.random.default_rng(seed).normal(size=len(X))
        self.log_likelihood_offset = -0.5 * len(X) * np.log(2.0 * np.pi * NOISE**2)

    def residual_vector_from(self, instance):
        return (self.data - DESIGN @ np.array([instance.a, instance.b, instance.c])) / NOISE


DESIGN = np.stack([X**0, X, X**2], axis=1)


@dataclass(eq=False)
class Pair(InstancePytree):
    x: float = parameter(0.0, unit="", prior=UniformPrior(-1.0, 1.0))
    y: float = parameter(0.0, unit="", prior=UniformPrior(-1.0, 1.0))


class AnalysisOf(Analysis):
    """A log likelihood that is a function of x and y, without residuals."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def log_likelihood_function(self, instance):
        return self.function(instance.x, instance.y)


@pytest.fixture
def linear():
    """Model, analysis, and mean, covariance and log evidence in closed form."""
    means, sigmas = np.array([0.0, 0.5, 0.0]), np.array([1.5, 2.0, 1.0])
    analysis = AnalysisParabola()
    precision = DESIGN.T @ DESIGN / NOISE**2 + np.diag(sigmas**-2.0)
    covariance = np.linalg.inv(precision)
    mean = covariance @ (DESIGN.T @ analysis.data / NOISE**2 + means / sigmas**2)
    total = NOISE**2 * np.eye(len(X)) + (DESIGN * sigmas**2) @ DESIGN.T
    apart = analysis.data - DESIGN @ means
    _, log_determinant = np.linalg.slogdet(2.0 * np.pi * total)
    evidence = -0.5 * apart @ np.linalg.solve(total, apart) - 0.5 * log_determinant
    return Model(Parabola), analysis, mean, covariance, evidence


@pytest.fixture
def of():
    """A model of x and y from -1 to 1 and an analysis of a function of both."""
    return lambda function: (Model(Pair), AnalysisOf(function))
