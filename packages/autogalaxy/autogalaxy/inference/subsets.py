"""Models in which some of the free parameters of another one are fixed."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree
from autoarray.parameter import Prior
from autoarray.prior_arithmetic import Operand, priors_of
from autogalaxy.inference.abstract_model import AbstractModel
from autogalaxy.inference.tuple_parameter import TupleParameter


def fixed_at(model: AbstractModel, values: Any, only: Any = None) -> Any:
    """The model with all free parameters, or those of ``only``, fixed at ``values``."""
    fixed = {id(prior) for prior in model.priors} if only is None else _chosen(model, only, "only")
    return _with_fixed(model, fixed, values)


def free_only(model: AbstractModel, free: Any, values: Any = None) -> Any:
    """The model with only the parameters of ``free`` free."""
    kept = _chosen(model, free, "free")
    fixed = {id(prior) for prior in model.priors if id(prior) not in kept}
    return _with_fixed(model, fixed, model.physical_values_from_prior_medians if values is None else values)


def _with_fixed(model: AbstractModel, fixed: set[int], values: Any) -> Any:
    numbers = _numbers_from(model, values, fixed)
    return model.with_priors([numbers.get(id(prior), prior) if id(prior) in fixed else prior for prior in model.priors])


# ---------------------------------------------------------------------- which


def _chosen(model: AbstractModel, which: Any, argument: str) -> set[int]:
    """The ``id`` of each prior that paths, parts of the model, or priors stand for."""
    several = which if isinstance(which, list | tuple | set) else [which]
    own = {id(prior) for prior in model.priors}
    chosen: set[int] = set()
    for item in several:
        found = {id(prior) for prior in _priors_at(model, item)}
        if not found or not found <= own:
            raise exc.ModelException(
                f"{argument}={exc.shown(item)} stands for no free parameters of the "
                f"model{_nearest(model, item)}, but wants "
                f"paths, parts of it or priors: model.fixed_at(values, only=['{(model.paths or ['a.b'])[0]}'])."
            )
        chosen |= found
    return chosen


def _priors_at(model: AbstractModel, item: Any) -> list[Prior]:
    if isinstance(item, str):
        entries = [e for e in model.entries() if e.path == item or e.path.startswith(f"{item}.")]
        named = [p for path, p in zip(model.paths, model.priors, strict=True) if path == item]
        return [*named, *(prior for entry in entries for prior in priors_of(entry.value))]
    if isinstance(item, AbstractModel):
        return item.priors
    if isinstance(item, TupleParameter):
        return priors_of(*item)
    return priors_of(item) if isinstance(item, Operand) else []


def _nearest(model: AbstractModel, item: Any) -> str:
    near = difflib.get_close_matches(str(item), model.paths, n=1, cutoff=0.5)
    return f" (did you mean {near[0]}?)" if near else ""


# ---------------------------------------------------------------------- at what


def _numbers_from(model: AbstractModel, values: Any, wanted: set[int]) -> dict[int, float]:
    """Values of the ``wanted`` free parameters by ``id`` of their prior."""
    samples = getattr(values, "samples", values)
    best = getattr(samples, "max_log_likelihood_vector", None)
    if best is not None:
        by_path = dict(zip(samples.model.paths, best, strict=True))
        if missing := [path for path in _wanted_paths(model, wanted) if path not in by_path]:
            raise exc.ModelException(
                f"the result has no {missing[0]}, but wants every parameter that is fixed: "
                f"model.fixed_at({{{exc.shown(missing[0])}: 1.0}}, only=[{exc.shown(missing[0])}])."
            )
        values = {path: by_path[path] for path in _wanted_paths(model, wanted)}
    if isinstance(values, Mapping):
        return _from_paths(model, values, wanted)
    if isinstance(values, InstancePytree):
        return _from_instance(model, values, wanted)
    vector = np.asarray(values, dtype=float) if isinstance(values, list | tuple | np.ndarray) else np.zeros(0)
    if vector.shape != (model.prior_count,):
        raise exc.ModelException(
            f"fixed_at got values of shape {vector.shape} ({type(values).__name__}), but the model has "
            f"{model.prior_count} free parameters: model.fixed_at(vector), one number for each of model.paths, an "
            "instance of the model, or {path: number}."
        )
    return {id(p): _finite(path, v) for path, p, v in zip(model.paths, model.priors, vector, strict=True)}


def _wanted_paths(model: AbstractModel, wanted: set[int]) -> list[str]:
    return [path for path, prior in zip(model.paths, model.priors, strict=True) if id(prior) in wanted]


def _from_paths(model: AbstractModel, values: Mapping[str, Any], wanted: set[int]) -> dict[int, float]:
    found: dict[int, float] = {}
    known = dict(zip(model.paths, model.priors, strict=True))
    known |= {entry.path: entry.value for entry in model.entries() if isinstance(entry.value, Prior)}
    for path, value in values.items():
        if path not in known:
            raise exc.ModelException(
                f"fixed_at got {exc.shown(path)}, no free parameter of the model{_nearest(model, path)}: see "
                f"model.info."
            )
        found[id(known[path])] = _finite(path, value)
    if missing := [path for path, prior in known.items() if id(prior) in wanted and id(prior) not in found]:
        raise exc.ModelException(
            f"fixed_at got no value for {missing[0]}: model.fixed_at({{...}}, only=[...]) wants one for each "
            "parameter that is fixed."
        )
    return found


def _from_instance(model: AbstractModel, instance: Any, wanted: set[int]) -> dict[int, float]:
    """Values read from an instance at the paths of the model."""
    found: dict[int, float] = {}
    for entry in model.entries():
        if isinstance(entry.value, Prior) and id(entry.value) in wanted and id(entry.value) not in found:
            found[id(entry.value)] = _finite(entry.path, _value_at(instance, entry.path))
    if missing := [p for p, prior in zip(model.paths, model.priors, strict=True) if id(prior) in wanted - set(found)]:
        raise exc.ModelException(
            f"an instance does not tell {missing[0]}, which stands in expressions alone: "
            "model.fixed_at(vector) or model.fixed_at({path: number})."
        )
    return found


def _value_at(instance: Any, path: str) -> Any:
    value = instance
    for name in path.split("."):
        place = name.rpartition("_")[2]
        try:
            if isinstance(value, tuple):
                value = value[int(place)]
            elif isinstance(value, np.ndarray):
                value = value[tuple(int(i) for i in name.split("_")[1:])]
            elif isinstance(value, list):
                value = value[int(name)]
            else:
                value = getattr(value, name)
        except (AttributeError, IndexError, ValueError):
            raise exc.ModelException(
                f"the instance has no {path}, but wants to be one of this model: model.fixed_at(result.instance)."
            ) from None
    return value


def _finite(path: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise exc.ModelException(f"{path} cannot be fixed at {exc.shown(value)}, wanted a finite number.")
    return number
