"""A function of many points evaluated some thousand at a time, so that what lies between stays in the cache.

A formula has tens of intermediate arrays. Of a million points each is 8 MB of fresh memory, and a CPU then waits for
its pages; of one block they are reused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autoarray.type import Array, Namespace

_BLOCK = 8192
_LEAST_TRACED = 2**17
"""Points below which a compiled function is left whole: its arrays fit, and XLA fuses it with what uses it."""


def in_blocks(function: Callable[[Array], Any], points: Array, xp: Namespace = np) -> Any:
    """``function(points)`` for a function whose value at a point depends on that point alone.

    Under JAX a scan whose blocks are computed again in the reverse pass, so that a gradient stores the points only. On
    an accelerator, which has no such cache, nothing is divided.

    Parameters
    ----------
    function
        ``(m, 2) -> (m, ...)`` for any m; under JAX a tuple of such arrays too.
    points
        Coordinates ``(n, 2)``.

    Returns
    -------
    ``(n, ...)``
    """
    if xp is not np:
        return _scanned(function, points, xp=xp)
    if len(points) <= _BLOCK:
        return function(points)
    first = function(points[:_BLOCK])
    values = np.empty((len(points), *first.shape[1:]), dtype=first.dtype)
    values[:_BLOCK] = first
    for start in range(_BLOCK, len(points), _BLOCK):
        values[start : start + _BLOCK] = function(points[start : start + _BLOCK])
    return values


def _scanned(function: Callable[[Array], Any], points: Array, xp: Namespace) -> Any:
    import jax

    number = len(points)
    if number < _LEAST_TRACED or jax.default_backend() != "cpu":
        return function(points)
    size = _block_size_from(number)
    missing = -number % size
    if missing:
        points = xp.pad(points, ((0, missing), (0, 0)), mode="edge")
    values = jax.lax.map(jax.checkpoint(function, prevent_cse=False), points.reshape(-1, size, 2))
    return jax.tree.map(lambda value: value.reshape(-1, *value.shape[2:])[:number], values)


def _block_size_from(number: int) -> int:
    """The divisor of ``number`` closest below twice the block, so that nothing is copied; a block where none is."""
    for size in range(2 * _BLOCK, _BLOCK // 2, -1):
        if number % size == 0:
            return size
    return _BLOCK
