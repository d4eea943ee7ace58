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
_TRACED_BLOCK = 2048
"""Points of a block of a compiled function, whose loops and those of its derivatives share many more arrays."""
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


def in_one_loop(
    whole: Callable[[Any, Array], Array], divided: Callable[[Any, Array], Array], owner: Any, points: Array
) -> Array:
    """Under JAX ``whole(owner, points)`` of many points on a CPU; its derivatives are those of ``divided``.

    One loop over all points keeps every core busy, and a scan one; but reverse differentiation of it stores every
    intermediate array, and of a scan the points only.

    Parameters
    ----------
    whole, divided
        The same function of a pytree and of coordinates ``(n, 2)``, without and with ``in_blocks``.
    """
    import jax

    if not _is_divided(len(points)):
        return divided(owner, points)
    zero = jax.custom_derivatives.SymbolicZero
    function: Any = jax.custom_jvp(whole)

    def tangent_from(primals: tuple, tangents: tuple) -> tuple[Array, Array]:
        leaves, tree = jax.tree.flatten(primals)
        directions = jax.tree.leaves(tangents, is_leaf=lambda tangent: isinstance(tangent, zero))
        moving = [i for i, direction in enumerate(directions) if not isinstance(direction, zero)]

        def of_moving(*values: Array) -> Array:
            rebuilt = list(leaves)
            for i, value in zip(moving, values, strict=True):
                rebuilt[i] = value
            return divided(*jax.tree.unflatten(tree, rebuilt))

        return jax.jvp(of_moving, tuple(leaves[i] for i in moving), tuple(directions[i] for i in moving))

    function.defjvp(tangent_from, symbolic_zeros=True)
    return function(owner, points)


def _is_divided(number: int) -> bool:
    """Whether JAX goes through so many points block by block."""
    import jax

    return number >= _LEAST_TRACED and jax.default_backend() == "cpu"


def _scanned(function: Callable[[Array], Any], points: Array, xp: Namespace) -> Any:
    import jax

    number = len(points)
    if not _is_divided(number):
        return function(points)
    size = _block_size_from(number)
    missing = -number % size
    if missing:
        points = xp.pad(points, ((0, missing), (0, 0)), mode="edge")
    values = jax.lax.map(jax.checkpoint(function, prevent_cse=False), points.reshape(-1, size, 2))
    return jax.tree.map(lambda value: value.reshape(-1, *value.shape[2:])[:number], values)


def _block_size_from(number: int) -> int:
    """The divisor of ``number`` closest below twice the block, so that nothing is copied; a block where none is."""
    for size in range(2 * _TRACED_BLOCK, _TRACED_BLOCK // 2, -1):
        if number % size == 0:
            return size
    return _TRACED_BLOCK
