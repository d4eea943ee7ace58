"""What every profile says of its own parameters: defaults, domains and priors that fit together."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest

import autogalaxy as ag
from autogalaxy.profiles.validation import Domain

FAMILIES = ("lp", "mp", "lmp", "lp_linear", "lp_operated", "lp_linear_operated", "lp_snr", "lmp_linear")
ROWS = [
    pytest.param(cls, item, id=f"{family}.{name}.{item.name}")
    for family in FAMILIES
    for name in getattr(ag, family).__all__
    if dataclasses.is_dataclass(cls := getattr(getattr(ag, family), name))
    for item in dataclasses.fields(cls)
    if item.init and "prior" in item.metadata
]
CLASSES = [pytest.param(cls, id=key) for key, cls in {row.id.rpartition(".")[0]: row.values[0] for row in ROWS}.items()]
ORDERS = {"ShapeletCartesian": (1, 2), "ShapeletPolar": (2, 0), "ShapeletExponential": (2, 1)}


@pytest.mark.parametrize(("cls", "item"), ROWS)
def test_default_is_inside_the_domain_and_the_prior(cls, item):
    prior, domain = item.metadata["prior"], cls.domains.get(item.name, Domain())

    for value in np.atleast_1d(item.default):
        assert domain.contains(value)
        assert prior.lower_limit <= value <= prior.upper_limit


@pytest.mark.parametrize(("cls", "item"), ROWS)
def test_prior_is_inside_the_domain(cls, item):
    prior, domain = item.metadata["prior"], cls.domains.get(item.name, Domain())

    reached = [prior.value_for(1e-9), prior.value_for(1.0 - 1e-9)]
    for value in reached + [limit for limit in (prior.lower_limit, prior.upper_limit) if math.isfinite(limit)]:
        assert domain.contains(value)


@pytest.mark.parametrize("cls", CLASSES)
def test_corners_of_the_priors_are_physical(cls):
    """Every corner, since some parameters have an order, or a bound on their ratio."""
    priors = {
        item.name: item.metadata["prior"]
        for item in dataclasses.fields(cls)
        if item.init and "prior" in item.metadata and not isinstance(item.default, tuple)
    }
    orders = ORDERS.get(cls.__name__.removesuffix("Sph"), ())

    for corner in itertools.product((1e-6, 1.0 - 1e-6), repeat=len(priors)):
        values = {name: prior.value_for(unit) for (name, prior), unit in zip(priors.items(), corner, strict=True)}
        assert cls(*orders, **values).is_physical()
