"""In which order screened points are followed: the best, and between them good ones that lie elsewhere."""

from __future__ import annotations

import numpy as np

_GOOD = 0.25
"""Part of the points, by cost, among which those far from the others are looked for."""


def varied_order(points: np.ndarray, costs: np.ndarray, number: int) -> list[int]:
    """Indexes of ``points``, ``(n, p)``, by rising cost; among the first ``number`` every second is the good one
    farthest from all before it, so that a second optimum is found where the best points all lead to one.
    """
    waiting = [int(i) for i in np.argsort(costs, kind="stable")]
    good = set(waiting[: max(int(_GOOD * len(waiting)), 2)])
    spread = np.std(points, axis=0)
    scaled = points / np.where(spread > 0.0, spread, 1.0)
    order: list[int] = []
    while waiting and len(order) < number:
        candidates = [i for i in waiting if i in good]
        if len(order) % 2 == 0 or not candidates:
            chosen = waiting[0]
        else:
            apart = np.linalg.norm(scaled[candidates][:, None] - scaled[order][None], axis=2).min(axis=1)
            chosen = candidates[int(np.argmax(apart))]
        waiting.remove(chosen)
        order.append(chosen)
    return order + waiting
