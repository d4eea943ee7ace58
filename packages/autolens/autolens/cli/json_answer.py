"""The answer of a command for machines: one JSON object on the standard output, and nothing else there."""

from __future__ import annotations

import contextlib
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np


def print_json(answer: Mapping[str, Any]) -> None:
    """Write ``answer``; what is not finite becomes ``null``, as JSON has no such numbers."""
    json.dump(plain_from(answer), sys.stdout, indent=2, allow_nan=False)
    print(flush=True)


@contextlib.contextmanager
def alone_on_stdout(is_wanted: bool) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """A function that prints the answer, where it is wanted; what is printed within goes to the error stream then."""
    if not is_wanted:
        yield lambda _: None
        return
    with contextlib.redirect_stdout(sys.stderr):
        yield print_json


def plain_from(value: Any) -> Any:
    """``value`` with arrays as lists, paths as text, and ``None`` for numbers that are not finite."""
    if isinstance(value, Mapping):
        return {str(name): plain_from(part) for name, part in value.items()}
    if isinstance(value, np.ndarray | list | tuple | set):
        return [plain_from(part) for part in (value.tolist() if isinstance(value, np.ndarray) else value)]
    if isinstance(value, np.generic):
        return plain_from(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, Path) else value
