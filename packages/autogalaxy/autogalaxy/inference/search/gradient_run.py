"""What a search with gradients has so far, and how that is kept in a checkpoint."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from autogalaxy.inference.search.bfgs import Ascent
from autogalaxy.inference.search.curvature import Kernel
from autogalaxy.inference.search.modes import Mode


@dataclass
class Run:
    """What one search has so far."""

    waiting: list[Ascent] = field(default_factory=list)
    """Starts that are not followed yet, best first."""
    ended: list[Ascent] = field(default_factory=list)
    screened: int = 0
    refused: int = 0
    dropped: int = 0
    gradients: int = 0
    evaluations: int = 0
    first_call_seconds: float = 0.0
    interrupted: bool = False
    raised_before: int = 0
    """Likelihoods that raised in a run that was killed."""
    raised_now: Callable[[], int] = lambda: 0
    """Those that raised in this one."""
    exchanged: Callable[[np.ndarray], Iterable[np.ndarray]] = lambda z: ()
    """Places of which a fit is the same, as equal components have changed places."""
    begin: float = field(default_factory=time.perf_counter)

    def count(self, ascent: Ascent) -> Ascent:
        self.gradients += ascent.evaluations
        return ascent

    def evaluating(self, kernel: Kernel) -> Callable[[Sequence[Ascent]], list[Ascent]]:
        """``kernel.evaluate``, counted."""
        return lambda points: [self.count(ascent) for ascent in kernel.evaluate(points)]

    @property
    def raised(self) -> int:
        return self.raised_before + self.raised_now()

    @property
    def best(self) -> Ascent:
        return min(self.ended or self.waiting, key=lambda ascent: ascent.cost)

    def agreeing(self, tolerance: float) -> int:
        """How many converged starts end in the best optimum, as far as is known before curvatures are measured.

        The approximate second derivatives of a run may be far off: what is near within several sigma is one place.
        """
        best = self.best
        hessian = None if best.inverse is None else np.linalg.pinv(best.inverse, hermitian=True)
        return self._ends_at(best.z, hessian, 100.0 * tolerance, best.cost + tolerance)

    def agreeing_with(self, mode: Mode, tolerance: float) -> int:
        """How many converged starts end in ``mode``: at one cost within ``tolerance``, and at its place."""
        if mode.hessian is None:
            return self.agreeing(tolerance)
        return self._ends_at(mode.peak.z, mode.hessian, 10.0 * tolerance, mode.peak.cost + tolerance)

    def _ends_at(self, place: np.ndarray, hessian: np.ndarray | None, fall: float, most: float) -> int:
        """Converged starts that cost no more than ``most``, near ``place`` where second derivatives are known."""
        ends = [(a.z, *self.exchanged(a.z)) for a in self.ended if a.converged and a.cost <= most]
        if hessian is None:
            return len(ends)
        return sum(any(0.5 * (z - place) @ hessian @ (z - place) <= fall for z in images) for images in ends)

    # ------------------------------------------------------------------ what is kept

    def kept(self) -> dict[str, np.ndarray]:
        """The starts that are done and those that wait, as arrays."""
        counts = [self.screened, self.refused, self.dropped, self.gradients, self.evaluations]
        arrays = {"counts": np.array(counts), "raised": np.array(self.raised)}
        for name, ascents in (("waiting", self.waiting), ("ended", self.ended)):
            numbers = [(a.log_likelihood, a.cost, a.steps, a.evaluations, a.converged) for a in ascents]
            arrays[f"{name}_z"] = np.array([a.z for a in ascents])
            arrays[f"{name}_numbers"] = np.array(numbers, dtype=float).reshape(-1, 5)
            nothing = [np.full((len(a.z), len(a.z)), np.nan) if a.inverse is None else a.inverse for a in ascents]
            arrays[f"{name}_inverse"] = np.array(nothing)
            unknown = [a.gradient if len(a.gradient) else np.full(len(a.z), np.nan) for a in ascents]
            arrays[f"{name}_gradient"] = np.array(unknown)
        return arrays

    @classmethod
    def restored(cls, kept: dict[str, np.ndarray] | None) -> Run:
        """The run of :meth:`kept`; a new one of nothing."""
        run = cls()
        if kept is None or "ended_gradient" not in kept:
            return run
        for name in ("waiting", "ended"):
            rows = zip(*(kept[f"{name}_{part}"] for part in ("z", "numbers", "inverse", "gradient")), strict=True)
            setattr(run, name, [_ascent_from(*row) for row in rows])
        run.screened, run.refused, run.dropped, run.gradients, run.evaluations = map(int, kept["counts"])
        run.raised_before = int(kept.get("raised", 0))
        return run


def _ascent_from(z: np.ndarray, numbers: np.ndarray, inverse: np.ndarray, gradient: np.ndarray) -> Ascent:
    log_likelihood, cost, steps, evaluations, converged = numbers.tolist()
    return Ascent(
        z=z,
        log_likelihood=log_likelihood,
        cost=cost,
        gradient=gradient if np.all(np.isfinite(gradient)) else np.zeros(0),
        inverse=inverse if np.all(np.isfinite(inverse)) else None,
        steps=int(steps),
        evaluations=int(evaluations),
        converged=bool(converged),
    )
