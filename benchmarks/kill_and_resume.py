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
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from compare_rounds import machine, write
from noted_work import lens_from

import autogalaxy as ag
from autogalaxy.inference import checkpoint
from autogalaxy.inference.search.abstract import AbstractSearch

INTERVALS = {"NUTS": 1.0, "Auto": 1.0, "Auto in stages": 1.0}
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
    "NUTS": lambda **s: ag.NUTS(**s),
    "Auto": lambda **s: ag.Auto(n_effective=10_000, **s),
    "Auto in stages": lambda **s: ag.Auto(n_effective=5_000, **s),
}
"""The last three fit an image of a lens under JAX, the others two numbers."""


# ---------------------------------------------------------------------- the child


def run_child(name: str, folder: Path, note: Path, seed: int, moment: str, saves: int) -> None:
    """A search in a folder; with a moment, it kills itself there in a save."""
    if moment:
        end_at(moment, saves)
    model: Any = ag.Collection(light=ag.Model(ag.lp.Gaussian, ell_comps=(0.0, 0.0), intensity=1.0, sigma=1.0))
    analysis: Any = None
    if name in INTERVALS:
        model, analysis = lens_from(note, light=name == "Auto in stages")
    search = SEARCHES[name](seed=seed, output_path=folder, checkpoint_interval=interval_of(name), show_progress=False)
    search.fit(model, AnalysisOfNumbers(note) if analysis is None else analysis)


def interval_of(name: str) -> float:
    """Seconds between two saves; a fit of an image has longer batches."""
    return max(INTERVAL, INTERVALS.get(name, 0.0))


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
class Work:
    """What one process computed: when each piece began and ended, and those that had no end."""

    done: list[tuple[float, float, str]] = field(default_factory=list)
    open: list[tuple[float, str, int]] = field(default_factory=list)

    @classmethod
    def read(cls, note: Path) -> Work:
        lines = note.read_text().splitlines() if note.exists() else []
        work, pieces = cls(), {}
        for row in (line.split() for line in lines):
            if len(row) < 3 or len(row[2]) != 16:
                continue  # the process was killed while it wrote
            begin, end, key = float(row[0]), float(row[1]), row[2]
            if end == 0.0:
                pieces[begin] = (begin, key, int(row[3]))
            else:
                pieces.pop(begin, None)
                work.done.append((begin, end, key))
        work.open = list(pieces.values())
        return work


def covered(pieces: list[tuple[float, float]]) -> float:
    """Seconds in which at least one of the pieces was computed."""
    total, until = 0.0, -1e300
    for begin, end in sorted(pieces):
        total += max(end - max(begin, until), 0.0)
        until = max(until, end)
    return total


@dataclass
class Run:
    """One fit, by as many processes as it takes."""

    name: str
    root: Path
    seed: int
    whole: Counter = field(default_factory=Counter)
    """How often a run that nobody kills computes each piece."""
    shortest: dict[str, float] = field(default_factory=dict)
    """Least seconds that each piece took: the first of its kind is compiled."""
    before: Counter = field(default_factory=Counter)
    lost: list[tuple[float, float]] = field(default_factory=list)
    """What the last process that was killed was at."""
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
        """Whether the last process has computed anything."""
        return bool(Work.read(self.note).done)

    def undisturbed(self) -> None:
        """The fit in one process, to compare with."""
        whole = Run(self.name, self.root.with_name(f"whole_{self.seed}"), self.seed)
        whole.root.mkdir()
        if whole.start().wait(timeout=300.0) != 0:
            raise RuntimeError(f"{self.name} fails, also where nobody kills it.")
        self.whole = Counter(key for _, _, key in self.learn(Work.read(whole.note)).done)

    def learn(self, work: Work) -> Work:
        for begin, end, key in work.done:
            self.shortest[key] = min(end - begin, self.shortest.get(key, 1e300))
        return work

    def repeated(self, killed_at: float) -> dict[str, Any]:
        """What the last process computed that those before it had, or had begun, and whether that is little enough."""
        now = self.learn(Work.read(self.note))
        twice = []
        for begin, _, key in now.done:
            self.before[key] += 1
            if self.before[key] > max(self.whole[key], 1):
                twice.append((begin, begin + self.shortest[key]))
        seconds = covered(twice) + covered(self.lost)
        ends = ((begin, min(killed_at, begin + self.shortest.get(key, 0.0) * n)) for begin, key, n in now.open)
        self.lost = [(begin, end) for begin, end in ends if end > begin]
        longest = max([*self.shortest.values(), COST])
        return {
            "new": len(now.done) - len(twice),
            "repeated": len(twice),
            "repeated_seconds": seconds,
            "within": seconds <= interval_of(self.name) + longest,
        }


def killed(run: Run, rng: random.Random, moment: str) -> bool:
    """Start a process and let it be killed; whether it was, before the search ended."""
    process = run.start(moment, saves=rng.randint(2, 4))
    if not moment:
        deadline = time.monotonic() + 120.0
        while not run.has_begun and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(rng.uniform(0.0, 3.0 * interval_of(run.name)))
        process.kill()
    return process.wait(timeout=120.0) == -signal.SIGKILL


def is_same(folder: Path, other: Path) -> bool:
    """Whether two fits are finished with the same samples, to the last bit, the same evidence and verdict."""
    ends = []
    for path in (folder, other):
        result = json.loads((path / "result.json").read_text())
        info = result["search"]
        kept = [result["finished"], info["interrupted"], info.get("log_evidence"), info.get("verdict")]
        ends.append(json.dumps([*kept, info.get("sampling", {}).get("method")]))
    with np.load(folder / "samples.npz") as one, np.load(other / "samples.npz") as two:
        same = all(np.array_equal(one[name], two[name]) for name in ("parameters", "log_likelihoods", "weights"))
    return same and ends[0] == ends[1] and ends[0].startswith("[true, false")


def measured(name: str, kills: int, aimed: int, root: Path, seed: int = 7) -> list[dict[str, Any]]:
    """A row for each kill: when it was, and what was repeated after it."""
    rng = random.Random(seed)
    moments = [""] * (kills - aimed) + [MOMENTS[i % len(MOMENTS)] for i in range(aimed)]
    rows: list[dict[str, Any]] = []
    number = 0
    while len(rows) < kills:
        number += 1
        run = Run(name, root / f"killed_{number}", number)
        run.root.mkdir()
        run.undisturbed()
        since = len(rows)
        was_killed = True
        while was_killed:
            if len(rows) < kills:
                was_killed = killed(run, rng, moments[len(rows)])
            else:
                was_killed = run.start().wait(timeout=300.0) != 0
            repeated = run.repeated(time.monotonic())
            if len(rows) > since:
                rows[-1] |= repeated
                print(name, len(rows), json.dumps(rows[-1]), file=sys.stderr, flush=True)
            if was_killed:
                rows.append({"moment": moments[len(rows)] or "random", "run": number})
        finished = json.loads((run.root / "fit/result.json").read_text())
        for row in rows[since:]:
            row["finished"] = is_same(run.root / "fit", root / f"whole_{number}/fit")
            row["warnings"] = finished["search"].get("checkpoint_warnings", [])
        print(name, "ended as one that nobody killed:", rows[-1]["finished"], file=sys.stderr, flush=True)
    return rows


def main() -> None:
    """Measure and write ``results/kill_and_resume``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--aimed", type=int, default=5)
    parser.add_argument("--search", nargs="+", default=["Walk"], choices=list(SEARCHES))
    parser.add_argument("--dry", action="store_true", help="print, write no results")
    parser.add_argument("--kept", type=Path, help="file of what was measured before, to which is added")
    parser.add_argument("--child", nargs=6, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        name, folder, note, seed, moment, saves = options.child
        run_child(name, Path(folder), Path(note), int(seed), moment, int(saves))
        return
    found = {} if options.kept is None or not options.kept.exists() else json.loads(options.kept.read_text())
    for name in options.search:
        if name not in found:
            with tempfile.TemporaryDirectory() as root:
                found[name] = measured(name, options.kills, options.aimed, Path(root))
        if options.kept is not None:
            options.kept.write_text(json.dumps(found))
    lines, is_reached = table_of(found, options)
    if options.dry:
        print("\n".join(lines))
    else:
        write(
            "kill_and_resume",
            {"machine": machine(), "intervals": {name: interval_of(name) for name in found}, "kills": found},
            "\n".join(lines) + "\n",
        )
    sys.exit(not is_reached)


def table_of(found: dict[str, list[dict[str, Any]]], options: Any) -> tuple[list[str], bool]:
    """A row for each search, and whether all is as it should be."""
    state = machine()
    lines = [
        "# Kill and resume",
        "",
        f"{state['cpus']} CPUs ({state['cpu']}), load average {state['load_average_1m']}, {state['date']}. "
        f"{options.kills} processes killed with signal 9, {options.aimed} of them while they saved. Resumed: the fit "
        "is finished by other processes, with the samples of one that nobody killed, to the last bit, its evidence and "
        "its verdict, and without a warning. NUTS and Auto fit the image of a lens under JAX, the others two numbers.",
        "",
        "| search | interval [s] | resumed | within one interval | repeated work, median [s] | most [s] |",
        "|---|---|---|---|---|---|",
    ]
    is_reached = True
    for name, rows in found.items():
        resumed = sum(row["finished"] and not row["warnings"] for row in rows)
        within = sum(row["within"] for row in rows)
        seconds = [row["repeated_seconds"] for row in rows]
        is_reached &= resumed == within == len(rows)
        lines.append(
            f"| {name} | {interval_of(name):g} | {resumed} of {len(rows)} | {within} of {len(rows)} "
            f"| {statistics.median(seconds):.3f} | {max(seconds):.3f} |"
        )
    return [*lines, "", f"- {'reached' if is_reached else 'NOT REACHED'}: all"], is_reached


if __name__ == "__main__":
    main()
