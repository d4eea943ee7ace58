"""What a search keeps so that it can go on after it was killed."""

from __future__ import annotations

import numpy as np


class Checkpoint:
    """State of a search under a name; this one keeps nothing, as a search without an output folder does."""

    def load(self) -> dict[str, np.ndarray] | None:
        """The arrays of the last save of this search (same model, data and settings), ``None`` without one."""
        return None

    def save(self, **arrays: np.ndarray) -> None:
        """Keep ``arrays`` in the place of those before; whole or not at all."""

    def is_due(self) -> bool:
        """Whether the last save is long enough ago."""
        return False

    def part(self, name: str) -> Checkpoint:
        """The checkpoint of one stage of a search."""
        return self
