"""The numbers of an instance under the paths that they have in a fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np


def values_of(instance: Any) -> dict[str, float]:
    """Every number, fixed or drawn: ``galaxies.lens.mass.centre.centre_0``."""
    return dict(_walk("", instance))


def _walk(path: str, value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float | np.number):
        yield path, float(value)
    elif isinstance(value, tuple):
        name = path.rpartition(".")[2]
        for i, part in enumerate(value):
            yield from _walk(f"{path}.{name}_{i}", part)
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from _walk(f"{path}.{i}", part)
    elif hasattr(value, "__dict__"):
        for name, part in value.items() if hasattr(value, "items") else vars(value).items():
            if not str(name).startswith("_"):
                yield from _walk(f"{path}.{name}".lstrip("."), part)
