"""How many threads the command computes with: said in the environment of its own process, before NumPy and JAX load."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path

MOST = 8
"""Threads beyond which a fit gains little, so that no fit takes a whole shared machine unasked."""
ASKED = "OMP_NUM_THREADS"
"""The variable by which users say how many threads they want."""
VARIABLES = (
    ASKED,
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NPROC",
)
"""Those that libraries read when they load; XLA sizes its pools by ``NPROC``."""
_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_QUOTA_V1 = Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), Path("/sys/fs/cgroup/cpu/cpu.cfs_period_us")


def processors() -> int:
    """Processors that this process may use: those it is bound to, less what a container may take of them."""
    try:
        bound = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this operating system
        bound = os.cpu_count() or 1
    quota = _quota()
    return bound if quota is None else max(1, min(bound, quota))


def _quota() -> int | None:
    """Whole processors that a container may take, ``None`` where nothing limits it."""
    try:
        words = _QUOTA.read_text().split() if _QUOTA.exists() else [path.read_text().strip() for path in _QUOTA_V1]
        quota, period = (int(word) for word in words)
    except (OSError, ValueError):
        return None
    return -(-quota // period) if quota > 0 and period > 0 else None


def chosen(environment: Mapping[str, str]) -> int:
    """Number of threads: what ``OMP_NUM_THREADS`` says, else every processor, at most eight."""
    asked = environment.get(ASKED, "").split(",")[0].strip()
    return int(asked) if asked.isdecimal() and int(asked) > 0 else min(processors(), MOST)


def limit(environment: MutableMapping[str, str] | None = None, threads: int | None = None) -> int:
    """Let the libraries that are about to load use ``threads``; variables that the user has set stay as they are."""
    environment = os.environ if environment is None else environment
    if threads is not None:
        environment.update(dict.fromkeys(VARIABLES, str(threads)))
        return threads
    number = chosen(environment)
    for name in VARIABLES:
        environment.setdefault(name, str(number))
    return number


def in_use() -> int:
    """Threads that this process computes with: what was said when it began, else every processor."""
    said = os.environ.get("NPROC", "")
    return int(said) if said.isdecimal() and int(said) > 0 else processors()
