"""Kill a search again and again, and look at what the next process has to do once more.

python kill_and_resume.py [--kills 20] [--aimed 5] [--search Walk] [--dry]

The last of the kills are aimed at the saving of a checkpoint: a child ends itself, as by kill -9, with half of the file
written, before, between or after the renames. Every evaluation of the likelihood is noted with its time and its point;
what a resumed search evaluates that its predecessors had evaluated already is repeated work.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from compare_rounds import machine, write

import autogalaxy as ag
from autogalaxy.inference import checkpoint
from autogalaxy.inference.search.abstract import AbstractSearch

INTERVAL = float(os.environ.get("CHECKPOINT_INTERVAL", "0.5"))
"""Seconds between two saves; a search cannot save within a batch of evaluations, so a batch has to be shorter."""
MOMENTS = ("half written", "written", "between the renames", "renamed", "flushed")
COST = 0.001
"""Seconds that an evaluation takes at least."""


class AnalysisOfNumbers(ag.Analysis):
    """A Gaussian in two parameters; every evaluation is noted in a file."""

    def __init__(self, note: Path) -> None:
        super().__init__()
        self.centre = (0.02, 0.01)
        self._note = os.open(note, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def residual_vector_from(self, instance: Any) -> np.ndarray:
        begin = time.monotonic()
        time.sleep(COST)
        values = np.array(instance.light.centre)
        residuals = (values - self.centre) / np.array([0.1, 0.2])
        point = hashlib.sha256(values.tobytes()).hexdigest()[:16]
        os.write(self._note, f"{begin} {time.monotonic()} {point}\n".encode())
        return residuals


class Walk(AbstractSearch):
    """Evaluates points of a sequence, one by one, and saves what it has."""

    def __init__(self, seed: int = 1, steps: int = 3000, **settings: Any) -> None:
        super().__init__(check_over_sampling=False, **settings)
        self.seed, self.steps = seed, steps

    def _search(self, model: Any, analysis: Any, progress: Any) -> tuple[Any, dict[str, Any]]:
        units = np.random.default_rng(self.seed).uniform(0.01, 0.99, (self.steps, model.prior_count))
        vectors = [model.vector_from_unit_vector(unit) for unit in units]
        kept = self.checkpoint.load()
        values = [] if kept is None else kept["values"].tolist()
        for vector in vectors[len(values) :]:
            values.append(float(analysis.log_likelihood_function(model.instance_from_vector(vector))))
            if self.checkpoint.is_due():
                self.checkpoint.save(values=np.array(values))
        return ag.Samples(model, vectors, values), {"interrupted": False, "evaluations": len(values)}


SEARCHES: dict[str, Any] = {
    "Walk": Walk,
    "LevenbergMarquardt": lambda **s: ag.LevenbergMarquardt(n_starts=40, n_screen=400, agree=40, **s),
    "Drawer": lambda **s: ag.Drawer(total_draws=1500, **s),
    "Emcee": lambda **s: ag.Emcee(nwalkers=20, nsteps=80, **s),
    "Nautilus": lambda **s: ag.Nautilus(n_live=100, **s),
}


# ---------------------------------------------------------------------- the child


def run_child(name: str, folder: Path, note: Path, seed: int, moment: str, saves: int) -> None:
    """A search in a folder; with a moment, it kills itself there in a save."""
    if moment:
        end_at(moment, saves)
    model = ag.Collection(light=ag.Model(ag.lp.Gaussian, ell_comps=(0.0, 0.0), intensity=1.0, sigma=1.0))
    search = SEARCHES[name](seed=seed, output_path=folder, checkpoint_interval=INTERVAL, show_progress=False)
    search.fit(model, AnalysisOfNumbers(note))


def end_at(moment: str, saves: int) -> None:
    """Let the process end in its save number ``saves``, at a moment, with nothing cleaned up."""
    count = {"saves": 0, "renames": 0}
    through, replace, flush = checkpoint.write_through, os.replace, checkpoint.flush_folder

    def end_if(is_moment: str) -> None:
        if moment == is_moment and count["saves"] >= saves:
            os.kill(os.getpid(), signal.SIGKILL)

    def write_through(path: Path, content: bytes) -> None:
        count["saves"] += 1
        count["renames"] = 0
        if moment == "half written" and count["saves"] >= saves:
            path.write_bytes(content[: len(content) // 2])
            end_if(moment)
        through(path, content)
        end_if("written")

    def renamed(source: Any, target: Any) -> None:
        replace(source, target)
        if ".checkpoint" in str(target):
            end_if("between the renames" if str(target).endswith(".previous") else "renamed")

    def flush_folder(path: Path) -> None:
        flush(path)
        end_if("flushed")

    checkpoint.write_through, checkpoint.os.replace = write_through, renamed  # type: ignore[attr-defined]
    checkpoint.flush_folder = flush_folder


# ---------------------------------------------------------------------- the parent


@dataclass
class Evaluations:
    """What one process evaluated: seconds by point."""

    seconds: dict[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, note: Path) -> Evaluations:
        lines = note.read_text().splitlines() if note.exists() else []
        rows = [line.split() for line in lines if line.count(" ") == 2]
        return cls({point: float(end) - float(begin) for begin, end, point in rows if len(point) == 16})


@dataclass
class Run:
    """One fit, by as many processes as it takes."""

    name: str
    root: Path
    seed: int
    before: dict[str, float] = field(default_factory=dict)
    processes: int = 0

    def start(self, moment: str = "", saves: int = 0) -> subprocess.Popen:
        self.processes += 1
        arguments = [self.name, str(self.root / "fit"), str(self.note), str(self.seed), moment, str(saves)]
        return subprocess.Popen([sys.executable, "-W", "ignore", __file__, "--child", *arguments])

    @property
    def note(self) -> Path:
        return self.root / f"note_{self.processes}"

    @property
    def has_begun(self) -> bool:
        """Whether the last process has evaluated anything."""
        return self.note.exists() and self.note.stat().st_size > 0

    def repeated(self) -> dict[str, Any]:
        """What the last process evaluated that those before it had evaluated, and whether that is little enough."""
        now = Evaluations.read(self.note).seconds
        twice = [point for point in now if point in self.before]
        seconds = sum(self.before[point] for point in twice)
        self.before |= now
        longest = max([*self.before.values(), COST])
        return {
            "new_evaluations": len(now) - len(twice),
            "repeated_evaluations": len(twice),
            "repeated_seconds": seconds,
            "within": seconds <= INTERVAL + longest,
        }


def killed(run: Run, rng: random.Random, moment: str) -> bool:
    """Start a process and let it be killed; whether it was, before the search ended."""
    process = run.start(moment, saves=rng.randint(2, 4))
    if not moment:
        deadline = time.monotonic() + 60.0
        while not run.has_begun and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(rng.uniform(0.0, 3.0 * INTERVAL))
        process.kill()
    return process.wait(timeout=120.0) == -signal.SIGKILL


def same_samples(folder: Path, other: Path) -> bool:
    """Whether two fits have the same samples, to the last bit."""
    with np.load(folder / "samples.npz") as one, np.load(other / "samples.npz") as two:
        return all(np.array_equal(one[name], two[name]) for name in ("parameters", "log_likelihoods"))


def measured(name: str, kills: int, aimed: int, root: Path, seed: int = 7) -> list[dict[str, Any]]:
    """A row for each kill: when it was, and what was repeated after it."""
    rng = random.Random(seed)
    moments = [""] * (kills - aimed) + [MOMENTS[i % len(MOMENTS)] for i in range(aimed)]
    rows: list[dict[str, Any]] = []
    number = 0
    while len(rows) < kills:
        number += 1
        run, whole = (Run(name, root / f"{kind}_{number}", number) for kind in ("killed", "whole"))
        for folder in (run.root, whole.root):
            folder.mkdir()
        since = len(rows)
        was_killed = True
        while was_killed:
            if len(rows) < kills:
                was_killed = killed(run, rng, moments[len(rows)])
            else:
                was_killed = run.start().wait(timeout=300.0) != 0
            repeated = run.repeated()
            if len(rows) > since:
                rows[-1] |= repeated
            if was_killed:
                rows.append({"moment": moments[len(rows)] or "random", "run": number})
        whole.start().wait(timeout=300.0)
        finished = json.loads((run.root / "fit/result.json").read_text())
        for row in rows[since:]:
            row["finished"] = finished["finished"] and same_samples(run.root / "fit", whole.root / "fit")
            row["warnings"] = finished["search"].get("checkpoint_warnings", [])
    return rows


def main() -> None:
    """Measure and write ``results/kill_and_resume``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--aimed", type=int, default=5)
    parser.add_argument("--search", nargs="+", default=["Walk"], choices=list(SEARCHES))
    parser.add_argument("--dry", action="store_true", help="print, write no results")
    parser.add_argument("--child", nargs=6, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        name, folder, note, seed, moment, saves = options.child
        run_child(name, Path(folder), Path(note), int(seed), moment, int(saves))
        return
    found = {}
    for name in options.search:
        with tempfile.TemporaryDirectory() as root:
            found[name] = measured(name, options.kills, options.aimed, Path(root))
    lines, is_reached = table_of(found, options)
    if options.dry:
        print("\n".join(lines))
    else:
        write("kill_and_resume", {"machine": machine(), "interval": INTERVAL, "kills": found}, "\n".join(lines) + "\n")
    sys.exit(not is_reached)


def table_of(found: dict[str, list[dict[str, Any]]], options: Any) -> tuple[list[str], bool]:
    """A row for each search, and whether all is as it should be."""
    state = machine()
    lines = [
        "# Kill and resume",
        "",
        f"{state['cpus']} CPUs ({state['cpu']}), load average {state['load_average_1m']}, {state['date']}. "
        f"{options.kills} processes killed with signal 9, {options.aimed} of them while they saved; saves are "
        f"{INTERVAL} s apart. Resumed: the fit is finished by other processes, with the samples of one that nobody "
        "killed, to the last bit, and without a warning.",
        "",
        "| search | resumed | within one interval | repeated work, median [s] | most [s] |",
        "|---|---|---|---|---|",
    ]
    is_reached = True
    for name, rows in found.items():
        resumed = sum(row["finished"] and not row["warnings"] for row in rows)
        within = sum(row["within"] for row in rows)
        seconds = [row["repeated_seconds"] for row in rows]
        is_reached &= resumed == within == len(rows)
        lines.append(
            f"| {name} | {resumed} of {len(rows)} | {within} of {len(rows)} | {statistics.median(seconds):.3f} | "
            f"{max(seconds):.3f} |"
        )
    return [*lines, "", f"- {'reached' if is_reached else 'NOT REACHED'}: all"], is_reached


if __name__ == "__main__":
    main()
