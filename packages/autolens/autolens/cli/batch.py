"""Many lenses, each fitted in a process of its own: what happens to one, a crash or bad data, is nothing to others."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autoarray import exc
from autogalaxy.inference.output import read_json, write_json
from autolens import __version__
from autolens.cli import threads
from autolens.cli.batch_table import BatchProgress, summary_lines
from autolens.cli.folders import DATA, refusal, subfolders_with
from autolens.cli.interruption import Interruption
from autolens.cli.observation import EXTRA_GALAXIES, WANTED
from autolens.cli.settings import DEFAULT_FOLDER, is_finished
from autolens.cli.worker import Job, Worker

KEPT = "batch.json"
"""What a batch writes beside a finished result, by which it knows the fit again."""
ATTEMPTS = 2
INTERRUPTED = 130
_PAUSE = 0.1
_OF_ONE_LENS = ("data", "noise_map", "psf", "mask_extra_galaxies", "band")
_FOR_ALL = ("folders", "arguments", "output", "batch", "jobs", "threads", "json", "overwrite", "resume", *_OF_ONE_LENS)
_EXAMPLE = "autolens fit my_lenses --batch"


def run_batch(places: Sequence[Path], options: Mapping[str, Any]) -> dict[str, Any]:
    """Fit the lenses of all places; what came out, with the exit code of the worst."""
    for name in _OF_ONE_LENS:
        if options.get(name) is not None:
            flag = f"--{name.replace('_', '-')}"
            raise exc.FileException(
                f"{flag} is of the file of one lens, wanted folders alone with --batch: {_EXAMPLE}."
            )
    if not places:
        raise exc.FileException(f"--batch without a folder, wanted folders, or one of folders: {_EXAMPLE}.")
    output = options["output"] or DEFAULT_FOLDER
    if output.is_file():
        raise exc.FileException(f"--output {output} is a file, wanted a folder.")
    jobs = jobs_from(places, output)
    settings = {"overwrite": options["overwrite"], "number_of_threads": options.get("threads")}
    batch = Batch(jobs, arguments_from(options), options["jobs"], **settings)
    interrupted = batch.run()
    for line in summary_lines(jobs, output):
        print(line)
    code = INTERRUPTED if interrupted else max(job.exit_code for job in jobs)
    return {"exit_code": code, "results": output, "interrupted": interrupted, "lenses": [job.to_dict() for job in jobs]}


def jobs_from(places: Sequence[Path], output: Path) -> list[Job]:
    """A job for each folder with an observation, and for each in a folder of them; names are those of the folders.

    A folder that is named twice is one job. Names that differ in case alone count as equal, as they do on some disks.
    """
    jobs: list[Job] = []
    known: set[Path] = set()
    names: set[str] = set()
    for place in places:
        found = [place] if (place / DATA).is_file() else subfolders_with(place, DATA)
        for folder in found or [place]:
            if folder.resolve() in known:
                continue
            known.add(folder.resolve())
            name, number = folder.resolve().name, 1
            while (numbered := name if number == 1 else f"{name}_{number}").casefold() in names:
                number += 1
            names.add(numbered.casefold())
            job = Job(numbered, folder, output / numbered)
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
        self,
        jobs: Sequence[Job],
        arguments: Sequence[str],
        at_once: int = 1,
        overwrite: bool = False,
        number_of_threads: int | None = None,
    ) -> None:
        self.jobs = list(jobs)
        self.arguments = list(arguments)
        self.overwrite = overwrite
        self.at_once = max(1, min(at_once, len(self.jobs)))
        self.threads = max(1, (number_of_threads or threads.in_use()) // self.at_once)
        self._waiting = deque(job for job in self.jobs if not job.is_over)
        self._running: list[Worker] = []
        self._keys: dict[Job, str] = {}

    def run(self) -> bool:
        """Work until nothing is left; whether somebody interrupted that. Whatever ends it ends every process too."""
        each = f"{self.at_once} at once, {self.threads} threads each" if self.at_once > 1 else f"{self.threads} threads"
        with BatchProgress(self.jobs) as progress, Interruption() as interruption:
            try:
                progress.line(f"{len(self.jobs)} lenses, {each}")
                for job in self.jobs:
                    if job.is_over:
                        progress.over(job)
                while self._waiting or self._running:
                    self._step(progress, interruption)
                    time.sleep(_PAUSE)
            except KeyboardInterrupt:
                self._end(progress)
                return True
            except BaseException:
                self._end(progress)
                raise
        return False

    def _step(self, progress: BatchProgress, interruption: Interruption) -> None:
        """Start what there is room for, and note what has ended."""
        while self._waiting and len(self._running) < self.at_once:
            with interruption.held():
                job = self._waiting.popleft()
                self._begin(job)
            (progress.over if job.is_over else progress.started)(job)
        for worker in [worker for worker in self._running if worker.is_over]:
            self._running.remove(worker)
            self._collect(worker, progress)
        progress.refresh()

    def _begin(self, job: Job) -> None:
        """Start a job that was not done before; files and folders that refuse are its own bad input."""
        try:
            self._keys[job] = self._key(job)
            if job.attempts == 0 and not self.overwrite and self._was_done(job):
                return
            again = ["--overwrite"] if self.overwrite and job.attempts == 0 else []
            arguments = [*self.arguments, *again]
            self._running.append(Worker(job, arguments, self.threads, is_alone=self.at_once == 1))
        except OSError as error:
            job.state, job.error = "bad input", f"{job.name} cannot be fitted: {error}"

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
            try:
                write_json(job.folder / KEPT, {"key": self._keys[job], "answer": answer})
            except exc.FileException as error:
                progress.line(f"{job.name}: {error}")
        progress.over(job)

    def _end(self, progress: BatchProgress) -> None:
        """Let what runs save and end; a second interruption ends it at once."""
        try:
            for worker in self._running:
                worker.end()
            with contextlib.suppress(OSError):  # a terminal that was closed
                progress.line(f"interrupted: {len(self._running)} fits save and end; the same command goes on with all")
            for worker in self._running:
                worker.wait()
        except KeyboardInterrupt:
            pass
        finally:
            for worker in self._running:
                worker.kill()
                worker.wait()
        for worker in self._running:
            worker.collect()
            worker.job.state, worker.job.error = "interrupted", ""
        self._running.clear()
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
        if not isinstance(answer, dict) or kept.get("key") != self._keys[job]:
            return False
        if answer.get("verdict") not in ("good", "check", "failed"):
            return False
        job.state, job.answer = answer["verdict"], {**answer, "results": str(job.folder)}
        return True

    def _key(self, job: Job) -> str:
        """A hash of what the fit is made of: the files of the observation, the options with what their files hold, and
        the version that fits."""
        digest = hashlib.sha256("\0".join([__version__, *self.arguments]).encode())
        observation = [job.data / name for name in (DATA, "noise_map.fits", "psf.fits", EXTRA_GALAXIES, "info.json")]
        for path in [*observation, *(Path(argument) for argument in self.arguments)]:
            content = path.read_bytes() if path.is_file() else b""
            digest.update(f"\0{path.name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()
