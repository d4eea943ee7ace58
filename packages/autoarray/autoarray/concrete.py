"""What a caller gave, as real numbers; quantities that are no such thing are told by NaN or ``None``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def real_array_from(values: Any) -> np.ndarray | None:
    """Real numbers of any shape as float64 in the order of the machine; ``None`` where ``values`` are no such thing.

    Strings that spell numbers, dates, quantities with a unit and lists within lists of other lengths are none. Numbers
    that are real and stored as objects (a column of a table) are; a ``None`` among them becomes NaN.
    """
    if hasattr(values, "to_value") or np.ma.is_masked(values):
        return None
    try:
        array = np.asarray(values)
        return array.astype(float) if array.dtype.kind in "biuf" or _holds_numbers(array) else None
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None


def _holds_numbers(array: np.ndarray) -> bool:
    if array.dtype.kind != "O":
        return False
    return not any(isinstance(item, str | bytes) or hasattr(item, "to_value") for item in array.flat)


def number_from(value: Any) -> float:
    """One real number as a float; NaN where ``value`` is no such thing.

    Strings, booleans, complex numbers, quantities with a unit and arrays with an axis are none: what NumPy or Python
    would make of them is not what was meant.
    """
    if isinstance(value, str | bytes | bool | np.bool_ | complex | np.complexfloating | np.datetime64 | np.timedelta64):
        return math.nan
    if getattr(value, "shape", ()) != () or hasattr(value, "to_value") or np.ma.isMaskedArray(value):
        return math.nan
    if isinstance(value, np.ndarray) and value.dtype.kind not in "iufO":
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf
    except (TypeError, ValueError, ArithmeticError):
        return math.nan
