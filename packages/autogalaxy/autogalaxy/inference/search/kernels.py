"""Compiled runs of a least-squares search, kept on the analysis so that equal models compile once."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from autoarray import exc
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.instance import objects_of
from autogalaxy.inference.model import AbstractModel, Model
from autogalaxy.inference.search.kernel_jax import JaxKernel
from autogalaxy.inference.search.kernel_numpy import NumpyKernel
from autogalaxy.inference.search.least_squares import LeastSquares


def kernel_from(
    model: AbstractModel,
    analysis: Analysis,
    robust_scale: float | None = None,
    problem_class: type[LeastSquares] = LeastSquares,
) -> JaxKernel | NumpyKernel:
    """The compiled runs for a model and analysis, kept on the analysis: an equal model compiles once."""
    key: Any = (key_of(model), robust_scale, problem_class)
    kernels = vars(analysis).setdefault("_kernels", {})
    if key not in kernels:
        problem = problem_class(copy.deepcopy(model), analysis, robust_scale)
        kernels[key] = JaxKernel(problem) if analysis.use_jax else NumpyKernel(problem)
    if kernels[key].problem.analysis is not analysis:  # this dataset has taken over what is compiled for another
        kernels[key] = kernels[key].of(analysis)
    return kernels[key]


def key_of(model: AbstractModel) -> Any:
    """What equal models share, so that one serves where the other was compiled."""
    try:
        return json.dumps(model.to_dict()), tuple(_classes_of(model))
    except exc.ModelException:  # it holds an object that cannot be written, so only the same model is equal
        return model


def _classes_of(value: Any) -> Iterator[type]:
    """The classes in a model, which a name does not tell apart when a notebook defines one anew."""
    if isinstance(value, AbstractModel):
        yield value.cls if isinstance(value, Model) else type(value)
        for _, item in value.items():
            yield from _classes_of(item)
    else:
        yield from (type(item) for item in objects_of(value))
