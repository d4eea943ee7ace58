"""Many lenses, each fitted in a process of its own: what happens to one, a crash or bad data, is nothing to others."""

from __future__ import annotations

import hashlib
import signal
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autoarray import exc
from autogalaxy.inference.output import read_json, write_json
from autolens.cli import threads
from autolens.cli.batch_table import BatchProgress, summary_lines
from autolens.cli.folders import DATA, refusal, subfolders_with
from autolens.cli.observation import EXTRA_GALAXIES, WANTED
from autolens.cli.settings import DEFAULT_FOLDER, is_finished
from autolens.cli.worker import Job, Worker

KEPT = "batch.json"
"""What a batch writes beside a finished result, by which it knows the fit again."""
ATTEMPTS = 2
INTERRUPTED = 130
_PAUSE = 0.1
_OF_ONE_LENS = ("data", "noise_map", "psf", "mask_extra_galaxies")
_FOR_ALL = ("folders", "output", "batch", "jobs", "threads", "json", "overwrite", "resume", *_OF_ONE_LENS)
_EXAMPLE = "autolens fit my_lenses --batch"


def run_batch(places: Sequence[Path], options: Mapping[str, Any]) -> dict[str, Any]:
    """Fit the lenses of all places; what came out, with the exit code of the worst."""
    for name in _OF_ONE_LENS:
        if options[name] is not None:
            flag = f"--{name.replace('_', '-')}"
            raise exc.FileException(f"{flag} names a file of one lens, wanted folders alone with --batch: {_EXAMPLE}.")
    if not places:
        raise exc.FileException(f"--batch without a folder, wanted folders, or one of folders: {_EXAMPLE}.")
    output = options["output"] or DEFAULT_FOLDER
    if output.is_file():
        raise exc.FileException(f"--output {output} is a file, wanted a folder.")
    jobs = jobs_from(places, output)
    batch = Batch(jobs, arguments_from(options), options["jobs"], overwrite=options["overwrite"])
    interrupted = batch.run()
    for line in summary_lines(jobs, output):
        print(line)
    code = INTERRUPTED if interrupted else max(job.exit_code for job in jobs)
    return {"exit_code": code, "results": output, "interrupted": interrupted, "lenses": [job.to_dict() for job in jobs]}


def jobs_from(places: Sequence[Path], output: Path) -> list[Job]:
    """A job for each folder with an observation, and for each in a folder of them; names are those of the folders."""
    jobs: list[Job] = []
    for place in places:
        found = [place] if (place / DATA).is_file() else subfolders_with(place, DATA)
        for folder in found or [place]:
            name, number = folder.resolve().name, 1
            while any(job.name == (name if number == 1 else f"{name}_{number}") for job in jobs):
                number += 1
            name = name if number == 1 else f"{name}_{number}"
            job = Job(name, folder, output / name)
            if not found:
                job.state, job.error = "bad input", str(refusal(folder, f"folders, each {WANTED}", _EXAMPLE))
            jobs.append(job)
    return jobs


def arguments_from(options: Mapping[str, Any]) -> list[str]:
    """The options of a batch as they are typed for one lens."""
    arguments: list[str] = []
    for name, value in options.items():
        if name in _FOR_ALL or value is None or value is False:
            continue
        arguments.append(f"--{name.replace('_', '-')}")
        if value is not True:
            arguments += [str(part) for part in (value if isinstance(value, tuple) else (value,))]
    return arguments


class Batch:
    """Jobs that wait, and those that run; one that crashed comes last, once more."""

    def __init__(
        self, jobs: Sequence[Job], arguments: Sequence[str], at_once: int = 1, overwrite: bool = False
    ) -> None:
        self.jobs = list(jobs)
        self.arguments = list(arguments)
        self.overwrite = overwrite
        self.at_once = max(1, min(at_once, len(self.jobs)))
        self.threads = max(1, threads.in_use() // self.at_once)
        self._waiting = deque(job for job in self.jobs if not job.is_over)
        self._running: list[Worker] = []

    def run(self) -> bool:
        """Work until nothing is left; whether somebody interrupted that."""
        each = f"{self.at_once} at once, {self.threads} threads each" if self.at_once > 1 else f"{self.threads} threads"
        with BatchProgress(self.jobs) as progress, _termination_is_interruption():
            progress.line(f"{len(self.jobs)} lenses, {each}")
            for job in self.jobs:
                if job.is_over:
                    progress.over(job)
            try:
                while self._waiting or self._running:
                    self._step(progress)
                    time.sleep(_PAUSE)
            except KeyboardInterrupt:
                self._end(progress)
                return True
        return False

    def _step(self, progress: BatchProgress) -> None:
        """Start what there is room for, and note what has ended."""
        while self._waiting and len(self._running) < self.at_once:
            job = self._waiting.popleft()
            if job.attempts == 0 and not self.overwrite and self._was_done(job):
                progress.over(job)
                continue
            again = ["--overwrite"] if self.overwrite and job.attempts == 0 else []
            self._running.append(Worker(job, [*self.arguments, *again], self.threads))
            progress.started(job)
        for worker in [worker for worker in self._running if worker.is_over]:
            self._running.remove(worker)
            self._collect(worker, progress)
        progress.refresh()

    def _collect(self, worker: Worker, progress: BatchProgress) -> None:
        worker.collect()
        job = worker.job
        if job.state == "crashed" and job.attempts < ATTEMPTS:
            progress.line(f"{job.name}: {job.error}; once more when the others are done")
            job.state = "waiting"
            self._waiting.append(job)
            return
        if job.answer and is_finished(job.folder):
            answer = {name: value for name, value in job.answer.items() if name not in ("results", "report")}
            write_json(job.folder / KEPT, {"key": self._key(job), "answer": answer})
        progress.over(job)

    def _end(self, progress: BatchProgress) -> None:
        """Let what runs save and end; a second interruption ends it at once."""
        progress.line(f"interrupted: {len(self._running)} fits save and end; the same command goes on with all")
        try:
            for worker in self._running:
                worker.end()
            for worker in self._running:
                worker.wait()
        except KeyboardInterrupt:
            for worker in self._running:
                worker.kill()
                worker.wait()
        for worker in self._running:
            worker.collect()
            worker.job.state, worker.job.error = "interrupted", ""
        for job in self._waiting:
            job.state = "not begun" if job.attempts == 0 else "interrupted"

    # ------------------------------------------------------------------ what was done before

    def _was_done(self, job: Job) -> bool:
        """Whether the same fit of the same files was finished by a batch before; its answer then is that of the job."""
        if not is_finished(job.folder):
            return False
        try:
            kept = read_json(job.folder / KEPT)
        except exc.FileException:
            return False
        answer = kept.get("answer") if isinstance(kept, dict) else None
        if not isinstance(answer, dict) or kept.get("key") != self._key(job):
            return False
        if answer.get("verdict") not in ("good", "check", "failed"):
            return False
        job.state, job.answer = answer["verdict"], {**answer, "results": str(job.folder)}
        return True

    def _key(self, job: Job) -> str:
        """A hash of what the fit is made of: the files of the observation, and the options."""
        digest = hashlib.sha256("\0".join(self.arguments).encode())
        for name in (DATA, "noise_map.fits", "psf.fits", EXTRA_GALAXIES, "info.json"):
            path = job.data / name
            digest.update(name.encode() + (path.read_bytes() if path.is_file() else b""))
        return digest.hexdigest()


@contextmanager
def _termination_is_interruption() -> Iterator[None]:
    """Within it a request to terminate is an interruption from the keyboard."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before if before is not None else signal.SIG_DFL)
