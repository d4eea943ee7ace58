"""How many compiled calls run side by side."""

from __future__ import annotations

import os

_MOST = 8


def calls_side_by_side() -> int:
    """One on an accelerator, which is full with one, else one for each core of this process, at most eight.

    ``NPROC``, by which XLA sizes its pools, lowers the number.
    """
    import jax

    if jax.default_backend() != "cpu":
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    said = os.environ.get("NPROC", "")
    return min(cores, int(said) if said.isdecimal() and int(said) > 0 else cores, _MOST)
