"""What files hold, in the kind that was expected: the content of a folder may be of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def mapping_from(value: Any) -> Mapping[str, Any]:
    """A mapping; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def list_from(value: Any) -> list[Any]:
    """A list; an empty one for anything else."""
    return value if isinstance(value, list) else []
