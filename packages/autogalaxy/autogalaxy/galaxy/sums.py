"""Sums over profiles and galaxies on raw arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.profiles.geometry import components_of


def flattened(items: Iterable[Any], depth: int = 0) -> list[Any]:
    """Items of nested lists, tuples and collections of a model in one list."""
    if isinstance(items, str | bytes | dict) or not isinstance(items, Iterable) or getattr(items, "shape", None) == ():
        raise exc.GalaxyException(
            f"got {exc.shown(items)}, wanted a list of galaxies: [Galaxy(redshift=0.5, mass=...)]."
        )
    if depth > 20:
        raise exc.GalaxyException(f"got {exc.shown(items)}, lists within lists, wanted one list of galaxies.")
    flat: list[Any] = []
    for item in items:
        flat.extend(flattened(item, depth + 1) if isinstance(item, list | tuple | ModelInstance) else [item])
    return flat


def sum_over(
    parts: list[Any], method: str, grid: GridLike, xp: Namespace = np, trailing: tuple[int, ...] = (), **kwargs: Any
) -> Array:
    """Sum of ``part.method(grid)`` as a raw array ``(n, *trailing)``; zeros when there are no parts."""
    values = [getattr(part, method)(grid, xp=xp, **kwargs).array for part in parts]
    if len(values) == 0:
        return xp.zeros((grid.shape[0], *trailing))
    if trailing:
        return by_component(lambda *columns: sum(columns[1:], start=columns[0]), *values, xp=xp)
    return sum(values[1:], start=values[0])


def by_component(function: Callable[..., Array], *vectors: Array, xp: Namespace = np) -> Array:
    """``function`` of the y and of the x components of raw vectors, each ``(n, 2) -> (n, 2)``.

    The same as ``function(*vectors)``, but a compiler sees columns that are built and taken apart again and computes
    with them alone; arithmetic on the pairs makes it evaluate a lens model several times.
    """
    components = zip(*(components_of(vector, xp=xp) for vector in vectors), strict=True)
    return xp.stack([function(*pair) for pair in components], axis=-1)
