"""What a model becomes at one point of its parameter space."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree
from autoarray.type import Namespace

REFUSALS = (exc.ProfileException, exc.GalaxyException, exc.CosmologyException)
"""Raised by the objects of a model for parameters outside their domain: such a point is no sample, and no error."""

NOT_OF_A_POINT = (MemoryError, exc.BackendException, exc.ModelException, exc.TracerException, exc.DatasetException)
"""Raised for what is wrong with the model or the machine at every point: no search goes on after them."""


class ModelInstance(InstancePytree):
    """The objects of a ``Collection`` under their names; iterates over them, ``instance[0]`` is the first."""

    no_flatten = ("_order",)

    def __init__(self, items: dict[str, Any]) -> None:
        if not isinstance(items, dict) or not all(isinstance(name, str) for name in items):
            raise exc.ModelException(
                f"ModelInstance got {exc.shown(items)}, wanted objects by name: {{'lens': galaxy}}."
            )
        vars(self).update(items)
        self._order = tuple(items)  # a pytree keeps its leaves sorted by name, not by position

    def __iter__(self) -> Iterator[Any]:
        return iter([vars(self)[name] for name in self._order])

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, key: int | str | slice) -> Any:
        if isinstance(key, slice):
            return list(self)[key]
        return vars(self)[self._order[key] if isinstance(key, int) else key]

    def items(self) -> list[tuple[str, Any]]:
        return [(name, vars(self)[name]) for name in self._order]

    def __repr__(self) -> str:
        return f"ModelInstance({', '.join(f'{name}={value!r}' for name, value in self.items())})"

    def is_physical(self, xp: Namespace = np) -> Any:
        """Whether every object in it has its parameters inside their domain, a boolean scalar of ``xp``."""
        return is_physical_from(self, xp=xp)

    def is_ordered(self, xp: Namespace = np) -> Any:
        """Whether free redshifts keep the order of planes that the model fixed, a boolean scalar of ``xp``."""
        return is_ordered_from(self, xp=xp)


def is_physical_from(instance: Any, xp: Namespace = np) -> Any:
    """Whether ``instance`` and every object in it are inside their domain, a boolean scalar of ``xp``."""
    physical = xp.asarray(True)
    for item in objects_of(instance):
        if not isinstance(item, ModelInstance) and hasattr(item, "is_physical"):
            physical = xp.logical_and(physical, item.is_physical(xp=xp))
    return physical


def is_ordered_from(instance: Any, xp: Namespace = np) -> Any:
    """Whether values of the ordering parameter (the redshift) rise in the order of their static keys."""
    ordered = [item for item in objects_of(instance) if hasattr(item, "ordering_parameter")]
    if not any(hasattr(item, "_traced") for item in ordered):
        return xp.asarray(True)
    ordered.sort(key=_plane_key_of)  # objects that the model holds fixed have their place in it too
    values = xp.stack([xp.asarray(getattr(item, item.ordering_parameter), dtype=float) for item in ordered])
    return xp.all(xp.diff(values) >= 0.0)


def _plane_key_of(item: Any) -> tuple[float, int]:
    """The static place of ``item``: as it says itself, as the model said, or by its fixed value."""
    key = getattr(item, "plane_key", None) or vars(item).get("_plane_key")
    return (float(getattr(item, item.ordering_parameter)), 0) if key is None else key


def objects_of(value: Any) -> Iterator[Any]:
    """``value`` and everything a model is made of inside it."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from objects_of(item)
    elif isinstance(value, InstancePytree):
        yield value
        for name, item in vars(value).items():
            if not name.startswith("__"):
                yield from objects_of(item)
