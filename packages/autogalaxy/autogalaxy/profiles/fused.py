"""What XLA should compute once: it decides by the cost of each operation, not by what it takes to compile them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray.abstract_ndarray import is_traced
from autoarray.type import Array, Namespace


def held(values: Any, xp: Namespace = np) -> Any:
    """``values``, a tuple of arrays, computed once by XLA: what it takes for cheap it repeats wherever it is used."""
    if xp is np:
        return values
    import jax

    return jax.lax.optimization_barrier(values)


def packed(*values: Array, xp: Namespace = np) -> tuple[Array, ...]:
    """``values``, scalars that follow from parameters, computed by XLA in one loop.

    By itself it makes a loop of its own of every quotient, and each takes as long to compile as one over all pixels.
    """
    if xp is np or not any(is_traced(value) for value in values):
        return values
    return tuple(held(xp.stack(xp.broadcast_arrays(*values)), xp=xp))
