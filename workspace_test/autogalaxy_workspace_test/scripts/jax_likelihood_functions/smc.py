"""Sequential Monte Carlo against posteriors known by quadrature, and going on after a kill."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
from known_posteriors import Banana, Killed, LeaningGaussian, MemoryCheckpoint, agrees
from parity import check

import autogalaxy as ag
from autogalaxy.inference.search.progress import Progress

SETTINGS: dict[str, Any] = {"show_progress": False, "check_over_sampling": False}
SILENT = Progress("", show=False)
LEANING, BANANA = LeaningGaussian(), Banana()
"""One each, so that their programs are compiled once."""
PARTICLES = 500


def known_posteriors() -> None:
    for analysis, name in ((LEANING, "Gaussian that leans on a limit"), (BANANA, "banana")):
        agrees(ag.SMC(n_particles=PARTICLES, **SETTINGS).fit(analysis.model(), analysis), analysis.known(), name)


def evidence_error_is_calibrated() -> None:
    """The error of ln Z against its scatter around the exact value."""
    analysis = LEANING
    exact = analysis.known().log_evidence
    runs = [
        ag.SMC(n_particles=PARTICLES, seed=seed, **SETTINGS).fit(analysis.model(), analysis) for seed in range(2, 22)
    ]
    infos = [run.search_info for run in runs]
    pulls = [(info["log_evidence"] - exact) / info["log_evidence_error"] for info in infos]
    rms = float(np.sqrt(np.mean(np.square(pulls))))
    check(0.6 < rms < 1.5, f"errors of ln Z: pulls have an rms of {rms:.2f} over 20 seeds")
    print(f"  ln Z: rms of the pulls {rms:.2f} over 20 seeds")


def goes_on_after_a_kill() -> None:
    analysis = LEANING
    search = ag.SMC(n_particles=PARTICLES, **SETTINGS)
    whole, known = search._search(analysis.model(), analysis, SILENT)
    search.checkpoint = MemoryCheckpoint(lives=4)
    try:
        search._search(analysis.model(), analysis, SILENT)
    except Killed:
        check(search.checkpoint.load()["stage"] == 4, "the stages done are not kept")  # type: ignore[index]
    else:
        check(False, "the search was not killed")
    samples, info = search._search(analysis.model(), analysis, SILENT)
    check(np.array_equal(samples.parameters, whole.parameters), "other samples after a kill")
    check(info["stages"] == known["stages"] and info["log_evidence"] == known["log_evidence"], "other evidence")


class Interrupting(Progress):
    """The user presses a key before the last stages."""

    def update(self, text: str, **facts: Any) -> None:
        if text.startswith("stage 9"):
            raise KeyboardInterrupt


def an_interruption_keeps_particles() -> None:
    analysis = LEANING
    samples, info = ag.SMC(n_particles=PARTICLES, **SETTINGS)._search(
        analysis.model(), analysis, Interrupting("", show=False)
    )
    check(info["interrupted"] and not info["converged"] and info["log_evidence"] is None, "an interrupted search")
    mean, known = samples.weights @ samples.parameters, analysis.known()
    check(np.max(np.abs(mean - known.means) / known.widths) < 1.0, f"weighted mean {mean} of an interrupted search")


if __name__ == "__main__":
    known_posteriors()
    evidence_error_is_calibrated()
    goes_on_after_a_kill()
    an_interruption_keeps_particles()
    print("smc: passed")
