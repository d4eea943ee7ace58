"""How far a log likelihood that is computed in mixed precision is off, from its residuals and those in double."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np

from autoarray import exc
from autoarray.type import Array

LARGEST_PRECISION_ERROR = 0.05
"""Error of ln L beyond which mixed precision is refused."""
MAX_DRAWS = 64
"""Draws from the priors after which no more are looked at."""


def precision_error_of(mixed: Array, double: Array) -> float | None:
    r"""How far ln L near its maximum may be off, for whitened residuals ``(n,)`` of one instance.

    With the difference :math:`\delta` of the two model images in units of the noise and residuals that are noise,
    ln L changes by :math:`|\delta|`, one sigma, and by :math:`\delta^2 / 2` on top. It is infinite where only mixed
    precision has no finite residuals, and ``None`` where double precision has none: there is nothing to compare.
    """
    mixed, double = np.asarray(mixed, dtype=float), np.asarray(double, dtype=float)
    if not np.all(np.isfinite(double)):
        return None
    if not np.all(np.isfinite(mixed)):
        return float("inf")
    squares = float(np.sum((mixed - double) ** 2))
    return squares**0.5 + 0.5 * squares


def worst_precision_error_of(errors: Iterable[float | None], draws: int) -> float:
    """The largest of the first ``draws`` that say anything, or our error where none of many does."""
    found = list(islice((error for error in islice(errors, MAX_DRAWS) if error is not None), draws))
    if not found:
        raise exc.FitException(
            f"precision='mixed' cannot be judged: none of {MAX_DRAWS} draws from the priors has finite residuals. "
            "Narrow the priors, or write precision='double'."
        )
    return max(found)
