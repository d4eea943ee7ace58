"""One model for several datasets: which parameters each of them has for itself."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.parameter import Prior
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.inference.model import AbstractModel, Collection
from autogalaxy.inference.tuple_parameter import TupleParameter


def priors_in(item: Any) -> list[Prior]:
    """The priors of what stands in a model: of a parameter, a tuple of parameters, arithmetic with them, or a model."""
    if isinstance(item, Prior):
        return [item]
    if isinstance(item, AbstractModel):
        return item.priors
    if isinstance(item, TupleParameter | tuple | list):
        return [prior for component in item for prior in priors_in(component)]
    return [prior for operand in getattr(item, "operands", ()) for prior in priors_in(operand)]


def check_free(item: Any) -> None:
    """Raise where nothing in ``item`` can be a parameter of each dataset."""
    if not isinstance(item, str) and not priors_in(item):
        raise exc.ModelException(
            f"with_free_parameters got {exc.shown(item)}, but wants free parameters, a part of the model that "
            f"has some, or a "
            "path: (a + b).with_free_parameters(model.galaxies.lens.bulge.intensity)."
        )


def split(model: AbstractModel, free: Sequence[Any], names: Sequence[str]) -> Collection:
    """A collection with a model for each of ``names``, in which ``free`` are copies and all other priors are shared.

    Assertions on copied priors hold for each dataset.
    """
    copied = {id(prior): prior for item in free for prior in _found(model, item)}
    models = {}
    for name in names:
        memo = {id(prior): prior for prior in model.priors}
        memo |= {key: prior.copy() for key, prior in copied.items()}
        models[name] = copy.deepcopy(model, memo)
    return Collection(models)


def _found(model: AbstractModel, item: Any) -> list[Prior]:
    """The priors of the model that ``item`` stands for, by identity or by path."""
    if isinstance(item, str):
        entries = [entry.value for entry in model.entries() if f"{entry.path}.".startswith(f"{item}.")]
        found = priors_in(entries)
    else:
        own = {id(prior) for prior in model.priors}
        found = [prior for prior in priors_in(item) if id(prior) in own]
    if not found:
        raise exc.ModelException(
            f"with_free_parameters got {exc.shown(item)}, which is no free parameter of the model that is "
            f"fitted; wanted one of "
            f"{', '.join(model.paths)}: assign priors first, then (a + b).with_free_parameters(...) of the same model."
        )
    return found


def is_per_dataset(model: Any, names: Sequence[str]) -> bool:
    """Whether a model or an instance has one item for each dataset, or our error where it nearly does."""
    if not isinstance(model, Collection | ModelInstance):
        return False
    items = dict(model.items())
    if set(items) == set(names):
        return True
    if items and (set(items) & set(names) or all(str(name).isdecimal() for name in items)):
        raise exc.ModelException(
            f"A model of {', '.join(items)} was given for datasets {', '.join(names)}, but one model for each wants "
            f"the same names: Collection({{{', '.join(f'{exc.shown(name)}: ...' for name in names)}}})."
        )
    return False


def parts_of(model: AbstractModel, names: Sequence[str]) -> Iterator[tuple[str, AbstractModel, np.ndarray]]:
    """The name of each dataset, its model, and where its parameters are in the vector of the whole model."""
    separate = is_per_dataset(model, names)
    index_of = {id(prior): i for i, prior in enumerate(model.priors)}
    for name in names:
        part = dict(model.items())[name] if separate else model
        priors = part.priors if isinstance(part, AbstractModel) else []
        yield name, part, np.array([index_of[id(prior)] for prior in priors], dtype=int)
