"""What the output-wrapping decorators share."""

from __future__ import annotations

import inspect
from abc import abstractmethod
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import AbstractNDArray, activate_pytrees, namespace_from
from autoarray.structures.grids.irregular_2d import Grid2DIrregular, coordinates_from
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.type import Array, Namespace


class AbstractMaker:
    """Calls a function of a grid and wraps the raw array it returns in the structure that fits the grid.

    A list of raw arrays becomes a list of structures. A raw grid ``(n, 2)`` is shown to the function as a
    ``Grid2DIrregular`` and the result stays raw.
    """

    def __init__(self, func: Callable, obj: Any, grid: Any, xp: Namespace = np, *args: Any, **kwargs: Any) -> None:
        self.func = func
        self.obj = obj
        self.grid = grid
        self.use_jax = xp is not np
        self.args = args
        self.kwargs = kwargs
        if not self.use_jax and getattr(grid, "use_jax", hasattr(grid, "aval")):
            raise exc.BackendException(
                f"{func.__qualname__} got a grid held by JAX with xp=np; write "
                f"{func.__name__}(grid, xp=jnp), or hand over a grid held by NumPy."
            )
        if self.use_jax:
            activate_pytrees()

    @property
    def _xp(self) -> Namespace:
        return namespace_from(self.use_jax)

    @property
    def result(self) -> Any:
        """The wrapped result of the function."""
        wrap, grid = self._wrapper_and_grid
        raw = self.func(self.obj, grid, self._xp, *self.args, **self.kwargs)
        return [wrap(r) for r in raw] if isinstance(raw, list) else wrap(raw)

    @property
    def _wrapper_and_grid(self) -> tuple[Callable[[Array], Any], Any]:
        if isinstance(self.grid, Grid2D):
            return self.via_grid_2d, self.grid.slim
        if isinstance(self.grid, Grid2DIrregular):
            return self.via_grid_2d_irr, self.grid
        if isinstance(self.grid, AbstractNDArray):
            raise exc.GridException(
                f"{self.func.__qualname__} got a {type(self.grid).__name__}, wanted a Grid2D, a Grid2DIrregular or a "
                "raw array (n, 2)."
            )
        points = Grid2DIrregular.from_raw(coordinates_from(self.grid, xp=self._xp), is_transformed=False)
        return _unwrapped, points

    @abstractmethod
    def via_grid_2d(self, result: Array) -> Any:
        """Structure for a uniform grid."""
        raise NotImplementedError

    @abstractmethod
    def via_grid_2d_irr(self, result: Array) -> Any:
        """Structure for irregular coordinates."""
        raise NotImplementedError


def _unwrapped(result: Any) -> Any:
    return result.array if isinstance(result, AbstractNDArray) else result


def decorator_from(maker: type[AbstractMaker]) -> Callable[[Callable], Callable]:
    """The decorator that sends calls through ``maker``."""

    def decorator(func: Callable) -> Callable:
        known = inspect.signature(func).parameters
        takes_any = any(p.kind is p.VAR_KEYWORD for p in known.values())

        @wraps(func)
        def wrapper(obj: Any, grid: Any, xp: Namespace = np, *args: Any, **kwargs: Any) -> Any:
            for name in () if takes_any else kwargs.keys() - known.keys():
                raise exc.ProfileException(
                    f"{func.__qualname__} got the keyword {exc.shown(name)}, wanted one of "
                    f"{', '.join(list(known)[1:])}."
                )
            return maker(func, obj, grid, xp, *args, **kwargs).result

        return wrapper

    return decorator
