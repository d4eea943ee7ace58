"""Into the frame of a profile, once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from autoarray.type import Namespace


def transform(func: Callable | None = None, *, rotate_back: bool = False) -> Callable:
    """Shift and rotate the grid into the frame of ``obj`` before the function sees it.

    Innermost of the decorators. A grid that is in the frame already is left alone, so decorated methods may call each
    other. ``rotate_back=True`` turns the vectors the function returns back into the frame of the sky.
    """

    def decorator(function: Callable) -> Callable:
        @wraps(function)
        def wrapper(obj: Any, grid: Any, xp: Namespace = np, *args: Any, **kwargs: Any) -> Any:
            if grid.is_transformed:
                return function(obj, grid, xp, *args, **kwargs)
            transformed = obj.transformed_to_reference_frame_grid_from(grid, xp)  # xp: the documented call
            transformed.is_transformed = True
            result = function(obj, transformed, xp, *args, **kwargs)
            return obj.rotated_grid_from_reference_frame_from(result, xp=xp) if rotate_back else result

        return wrapper

    return decorator if func is None else decorator(func)
