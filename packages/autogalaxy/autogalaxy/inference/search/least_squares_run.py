"""What a multi-start least-squares search has so far."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from autogalaxy.inference.search.kernel_jax import JaxKernel
from autogalaxy.inference.search.kernel_numpy import NumpyKernel
from autogalaxy.inference.search.least_squares import Optimum, Start


@dataclass
class Run:
    """What one search has so far."""

    screened: list[Optimum] = field(default_factory=list)
    ended: list[Optimum] = field(default_factory=list)
    jacobians: int = 0
    evaluations: int = 0
    dropped: int = 0
    refused: int = 0
    given: int = 0
    """How many of ``screened``, in front, are initial vectors; the others are sorted by cost."""
    is_screened: bool = False
    first_call_seconds: float = 0.0
    interrupted: bool = False

    def screen(self, kernel: JaxKernel | NumpyKernel, scaled: Sequence[np.ndarray]) -> None:
        self.screened += [self.count(o) for o in kernel.run_all([Start(point) for point in scaled], 0, 0.0)]

    def count(self, optimum: Optimum) -> Optimum:
        self.jacobians += optimum.jacobians
        self.evaluations += optimum.evaluations
        return optimum

    @property
    def best(self) -> Optimum:
        return min(self.ended or self.screened, key=lambda optimum: optimum.cost)

    def agreeing(self, tolerance: float) -> int:
        """How many converged starts reach the best cost within ``tolerance``."""
        return sum(o.converged and o.cost - self.best.cost <= tolerance for o in self.ended)

    # ------------------------------------------------------------------ checkpoints

    def kept(self) -> dict[str, np.ndarray]:
        """Everything that a run which was killed needs to go on."""
        counts = [self.jacobians, self.evaluations, self.dropped, self.refused, self.given, self.is_screened]
        arrays = {"counts": np.array(counts, dtype=np.int64)}
        for name, optima in (("screened", self.screened), ("ended", self.ended)):
            for item in dataclasses.fields(Optimum) if optima else ():
                arrays[f"{name}_{item.name}"] = np.array([getattr(o, item.name) for o in optima])
        return arrays

    @classmethod
    def restored(cls, kept: dict[str, np.ndarray] | None) -> Run:
        """The run that was kept; a new one where there is none, or where it is another's."""
        run = cls()
        if kept is None or "counts" not in kept:
            return run
        run.jacobians, run.evaluations, run.dropped, run.refused, run.given, screened = map(int, kept["counts"])
        run.is_screened = bool(screened)
        run.screened, run.ended = (_optima_from(kept, name) for name in ("screened", "ended"))
        return run


def _optima_from(kept: dict[str, np.ndarray], name: str) -> list[Optimum]:
    columns = {i.name: kept[f"{name}_{i.name}"] for i in dataclasses.fields(Optimum) if f"{name}_{i.name}" in kept}
    if not columns:
        return []
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return [Optimum(**{k: v if np.ndim(v) else v.item() for k, v in row.items()}) for row in rows]
