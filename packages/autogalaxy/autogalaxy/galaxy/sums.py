"""Sums over profiles and galaxies on raw arrays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from autoarray.type import Array, GridLike, Namespace

from autogalaxy.inference.instance import ModelInstance


def flattened(items: Iterable[Any]) -> list[Any]:
    """Items of nested lists, tuples and collections of a model in one list."""
    flat: list[Any] = []
    for item in items:
        flat.extend(flattened(item) if isinstance(item, list | tuple | ModelInstance) else [item])
    return flat


def sum_over(
    parts: list[Any], method: str, grid: GridLike, xp: Namespace = np, trailing: tuple[int, ...] = (), **kwargs: Any
) -> Array:
    """Sum of ``part.method(grid)`` as a raw array ``(n, *trailing)``; zeros when there are no parts."""
    total = None
    for part in parts:
        values = getattr(part, method)(grid, xp=xp, **kwargs).array
        total = values if total is None else total + values
    return xp.zeros((grid.shape[0], *trailing)) if total is None else total
