"""A small problem with answers from outside the code: a sum of Gaussian lines on a one-dimensional axis."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree, is_concrete_number
from autoarray.parameter import LogUniformPrior, UniformPrior, parameter
from autogalaxy.inference import Analysis, Collection, Model

AXIS = np.linspace(-6.0, 6.0, 80)
NOISE = 0.1
TRUTH = (-1.0, 0.8, 3.0, 1.5, 1.2, 2.0)


@dataclass(eq=False)
class Line(InstancePytree):
    centre: float = parameter(0.0, unit="arcsec", prior=UniformPrior(-5.0, 5.0))
    sigma: float = parameter(1.0, unit="arcsec", prior=LogUniformPrior(0.1, 4.0))
    intensity: float = parameter(1.0, unit="", prior=UniformPrior(0.0, 10.0), linear=True)
    order: int = 2

    def __post_init__(self):
        if is_concrete_number(self.sigma) and not self.sigma > 0.0:
            raise exc.ProfileException(f"sigma is {self.sigma}, but wants to be above zero.")

    def is_physical(self, xp=np):
        return xp.asarray(self.intensity) < 9.0

    def values_from(self, axis, xp=np):
        return self.intensity * xp.exp(-0.5 * xp.abs((axis - self.centre) / self.sigma) ** self.order)


@dataclass(eq=False)
class Sheet(InstancePytree):
    centre: tuple = parameter((0.0, 0.0), unit="arcsec", prior=UniformPrior(-1.0, 1.0))
    slope: float = parameter(1.0, unit="", prior=UniformPrior(0.0, 2.0))


class Group(InstancePytree):
    no_flatten = ("redshift",)
    ordering_parameter = "redshift"

    def __init__(self, redshift, **lines):
        self.redshift = redshift
        vars(self).update(lines)


class AnalysisLines(Analysis):
    def __init__(self, data, use_jax=False):
        super().__init__(use_jax=use_jax)
        self.data = data
        self.log_likelihood_offset = -0.5 * len(data) * np.log(2.0 * np.pi * NOISE**2)

    def residual_vector_from(self, instance):
        model_data = sum(line.values_from(AXIS, xp=self._xp) for line in instance.lines)
        return (self.data - model_data) / NOISE


def two_lines():
    """Six free parameters, in the order of ``TRUTH``; which line is which is asserted."""
    model = Collection(lines=Collection(a=Line, b=Model(Line)))
    model.add_assertion(model.lines.a.centre < model.lines.b.centre)
    return model


def data_without_noise():
    model_data = np.zeros_like(AXIS)
    for centre, sigma, intensity in (TRUTH[:3], TRUTH[3:]):
        model_data += intensity * np.exp(-0.5 * ((AXIS - centre) / sigma) ** 2)
    return model_data


def data_with_noise():
    return data_without_noise() + np.random.default_rng(3).normal(0.0, NOISE, AXIS.size)


@pytest.fixture
def lines():
    """The names of this file."""
    return SimpleNamespace(**globals())
