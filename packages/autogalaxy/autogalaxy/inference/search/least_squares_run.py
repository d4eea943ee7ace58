"""What a multi-start least-squares search has so far."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from autogalaxy.inference.search.kernel_jax import JaxKernel
from autogalaxy.inference.search.kernel_numpy import NumpyKernel
from autogalaxy.inference.search.least_squares import Optimum, Start

_LISTS = ("screened", "ended", "reached", "further")
_SLOW = 0.005
"""Seconds of a likelihood above which a group of starts may take longer than there may be between two saves."""


def is_same(a: Optimum, b: Optimum, tolerance: float) -> bool:
    """Whether two starts ended in one optimum: equal in cost, and no further apart than costs little in between."""
    apart = b.scaled - a.scaled
    return abs(a.cost - b.cost) <= tolerance and float(0.5 * apart @ a.hessian @ apart) <= 10.0 * tolerance


@dataclass
class Run:
    """What one search has so far."""

    screened: list[Optimum] = field(default_factory=list)
    ended: list[Optimum] = field(default_factory=list)
    reached: list[Optimum] = field(default_factory=list)
    """Where the starts of the present group are after their first Jacobians; they end in ``ended`` together."""
    further: list[Optimum] = field(default_factory=list)
    """Where those of them that were followed further ended."""
    jacobians: int = 0
    evaluations: int = 0
    dropped: int = 0
    refused: int = 0
    given: int = 0
    """How many of ``screened``, in front, are initial vectors; the others are sorted by cost."""
    is_screened: bool = False
    is_finished: bool = False
    is_slow: bool = True
    """Whether a group takes so long that its starts are followed a few at a time, to be saved in between."""
    first_call_seconds: float = 0.0
    interrupted: bool = False
    raised_before: int = 0
    """Likelihoods that raised in a run that was killed."""
    raised_now: Callable[[], int] = lambda: 0
    """Those that raised in this one."""
    exchanged: Callable[[np.ndarray], Iterable[np.ndarray]] = lambda scaled: ()
    """Scaled vectors of which a fit is the same, as equal components have changed places."""

    def screen(self, kernel: JaxKernel | NumpyKernel, scaled: Sequence[np.ndarray]) -> None:
        begin = time.perf_counter()
        self.screened += [self.count(o) for o in kernel.run_all([Start(point) for point in scaled], 0, 0.0)]
        self.is_slow = (time.perf_counter() - begin) / max(len(scaled), 1) > _SLOW

    def count(self, optimum: Optimum) -> Optimum:
        self.jacobians += optimum.jacobians
        self.evaluations += optimum.evaluations
        return optimum

    @property
    def raised(self) -> int:
        return self.raised_before + self.raised_now()

    @property
    def followed(self) -> list[Optimum]:
        """Where all starts are that were followed, those of the present group too."""
        return self.ended + self.reached + self.further

    @property
    def best(self) -> Optimum:
        return min(self.followed or self.screened, key=lambda optimum: optimum.cost)

    def agreeing(self, tolerance: float) -> int:
        """How many converged starts end in the best optimum: at its cost within ``tolerance``, and at its place."""
        best = self.best
        return sum(o.converged and self._is_at(best, o, tolerance) for o in self.followed)

    def _is_at(self, best: Optimum, other: Optimum, tolerance: float) -> bool:
        """Whether two are one optimum, also where equal components have changed places."""
        if is_same(best, other, tolerance):
            return True
        images = self.exchanged(other.scaled) if other.cost - best.cost <= tolerance else ()
        return any(is_same(best, dataclasses.replace(other, scaled=image), tolerance) for image in images)

    # ------------------------------------------------------------------ checkpoints

    def kept(self) -> dict[str, np.ndarray]:
        """Everything that a run which was killed needs to go on."""
        counts = [self.jacobians, self.evaluations, self.dropped, self.refused, self.given, self.is_screened]
        counts.append(self.is_finished)
        arrays = {"counts": np.array(counts, dtype=np.int64), "raised": np.array(self.raised)}
        for name, optima in ((name, getattr(self, name)) for name in _LISTS):
            for item in dataclasses.fields(Optimum) if optima else ():
                arrays[f"{name}_{item.name}"] = np.array([getattr(o, item.name) for o in optima])
        return arrays

    @classmethod
    def restored(cls, kept: dict[str, np.ndarray] | None) -> Run:
        """The run that was kept; a new one where there is none, or where it is another's."""
        run = cls()
        if kept is None or "counts" not in kept or kept["counts"].shape != (7,):
            return run
        run.jacobians, run.evaluations, run.dropped, run.refused, run.given, *flags = map(int, kept["counts"])
        run.is_screened, run.is_finished = map(bool, flags)
        run.raised_before = int(kept.get("raised", 0))
        for name in _LISTS:
            setattr(run, name, _optima_from(kept, name))
        return run


def _optima_from(kept: dict[str, np.ndarray], name: str) -> list[Optimum]:
    columns = {i.name: kept[f"{name}_{i.name}"] for i in dataclasses.fields(Optimum) if f"{name}_{i.name}" in kept}
    if not columns:
        return []
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return [Optimum(**{k: v if np.ndim(v) else v.item() for k, v in row.items()}) for row in rows]
