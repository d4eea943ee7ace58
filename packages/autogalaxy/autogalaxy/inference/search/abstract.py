"""What every search has in common: its folder, its progress, and how it becomes a result."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference import compilation_cache
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.checkpoint import INTERVAL, Checkpoint
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.identifier import Identity
from autogalaxy.inference.known_analyses import stored_from
from autogalaxy.inference.load_result import load_result
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.result import Result
from autogalaxy.inference.result_folder import ResultFolder, folder_from
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.progress import Progress
from autogalaxy.inference.search.refinement import check_the_end, refined
from autogalaxy.inference.search.termination import Termination
from autogalaxy.inference.verdict_checks import verdict_from
from autogalaxy.inference.versions import versions

_INSIDE: ContextVar[bool] = ContextVar("whether this is a fit inside another one", default=False)


class AbstractSearch(ABC):
    """Finds the parameters of a model; ``search.fit(model, analysis)`` returns a ``Result``.

    Parameters
    ----------
    name
        What the search is called in what it says; its class where not given.
    output_path
        Folder of the results; nothing is written without one.
    show_progress
        Whether to say on the standard error stream how far the search is.
    check_over_sampling
        Whether the best fit is computed once more with twice the sub-sizes, and the search continued with sub-sizes
        made for it where that makes a difference.
    path_prefix
        Instead of ``output_path``: results go to ``path_prefix/name/identifier``, a folder of its own for each model,
        data and settings.
    unique_tag
        Tells fits apart that are alike in everything else.
    checkpoint_interval
        Seconds between two saves of the state of a search that has a folder.
    """

    not_in_identifier: ClassVar[tuple[str, ...]] = (
        "name",
        "output_path",
        "path_prefix",
        "show_progress",
        "checkpoint",
        "checkpoint_interval",
        "info",
        "judges",
        "says_verdict",
        "before_writing",
    )
    """Attributes that change nothing in what a search finds."""

    @checked(exc.SearchException)
    def __init__(
        self,
        name: str | None = None,
        output_path: str | Path | None = None,
        show_progress: bool = True,
        check_over_sampling: bool = True,
        path_prefix: str | Path | None = None,
        unique_tag: str | None = None,
        checkpoint_interval: float = INTERVAL,
    ) -> None:
        self.name = type(self).__name__ if name is None else name
        self.output_path = None if output_path is None else Path(output_path)
        self.show_progress = show_progress
        self.check_over_sampling = check_over_sampling
        self.path_prefix = None if path_prefix is None else Path(path_prefix)
        self.unique_tag = unique_tag
        self.checkpoint_interval = checkpoint_interval
        self.info: dict[str, Any] = {}
        """How the last search went, in plain types."""
        self.judges = True
        """Whether a fit ends with a verdict; one inside another fit never does."""
        self.says_verdict = True
        """Whether the verdict is said; who shows it otherwise says it once."""
        self.before_writing: Callable[[Result], None] | None = None
        """Called with a result before it is written, to add to its ``search_info``; not where a fit is only read."""
        self.checkpoint = Checkpoint()
        """Where this search keeps its state, see :class:`Checkpoint`; :meth:`fit` makes one in the output folder."""

    def fit(self, model: AbstractModel, analysis: Analysis, overwrite: bool = False) -> Result:
        """Search; an interruption from the keyboard ends it with the best found so far, saved like a whole result.

        With a folder, a search that was killed goes on where it was last saved, and a finished fit is read, not run
        again, unless ``overwrite`` is true. A folder with the fit of another model, of other data or settings is
        refused. A signal to terminate (SIGTERM) is an interruption after which the process ends.

        Compiled programs are kept in the user's cache directory (``AUTOLENS_COMPILATION_CACHE`` names another folder,
        or is ``off``).
        """
        Fitness(model, analysis)  # its errors say what is no model or analysis
        model = analysis.model_for(model)
        if analysis.use_jax:
            compilation_cache.switch_on()
        with Termination():
            if self.output_path is None and self.path_prefix is None:
                with Progress(self.name, show=self.show_progress) as progress:
                    return self._fitted(model, analysis, progress)
            return self._fit_in_folder(model, analysis, overwrite)

    def _fit_in_folder(self, model: AbstractModel, analysis: Analysis, overwrite: bool) -> Result:
        """The result of a folder that is finished, or that of the search, which is written there."""
        identity = Identity.of(model, analysis, self)
        path = folder_from(self.output_path, self.path_prefix, self.name, identity)
        assert path is not None
        with ResultFolder(path, identity) as folder, Progress(self.name, show=self.show_progress) as progress:
            if folder.open(overwrite):
                progress.line(f"{path} holds this fit, finished: it is read, not run again")
                return self._finished(path, model, analysis)
            self.checkpoint = folder.checkpoint(self.checkpoint_interval, warn=progress.line)
            try:
                result = self._fitted(model, analysis, progress)
                result.identity = identity
                try:
                    if self.before_writing is not None:
                        self.before_writing(result)
                finally:
                    result.write(path)
                if result.is_finished:
                    self.checkpoint.clear()
            finally:
                self.checkpoint = Checkpoint()
        return result

    def _finished(self, path: Path, model: AbstractModel, analysis: Analysis) -> Result:
        """The result of a folder, on the sub-pixels that the search ended with."""
        known = stored_from(analysis) is not None
        result: Result = load_result(path, analysis=None if known else analysis, model=model)
        if known:
            result.analysis = analysis.on_data_of(result.analysis)
        self.info = result.search_info
        return result

    def _fitted(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> Result:
        """Checks, search, and what the analysis makes of it."""
        begin = time.perf_counter()
        checks = analysis.checks_before_search(model)
        for name, check in checks.items():
            progress.line(f"{name}: {check['summary']}")
        is_outermost = not _INSIDE.get()
        token = _INSIDE.set(True)
        try:
            samples, analysis = self._searched(model, analysis, progress)
        finally:
            _INSIDE.reset(token)
        self.info |= {name: {**check, **self.info.get(name, {})} for name, check in checks.items()}
        if self.checkpoint.warnings:
            self.info["checkpoint_warnings"] = self.checkpoint.warnings
        self.info["total_seconds"] = time.perf_counter() - begin
        self.info["versions"] = versions()
        if self.judges and is_outermost:
            verdict = verdict_from(self.info, samples, analysis, model)
            self.info["verdict"] = verdict.to_dict()
            if self.says_verdict:
                for line in verdict.lines:
                    progress.line(line)
        return analysis.make_result(samples, self)

    def _searched(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> tuple[Samples, Analysis]:
        """Search, then measure what the best fit owes to sub-pixels and precision; the analysis may be a finer one."""
        samples, self.info = self._search(model, analysis, progress)
        if self.check_over_sampling:
            samples, analysis = refined(self, model, analysis, samples, progress)
        check_the_end(self, model, analysis, samples, progress)
        return samples, analysis

    def continued_from(self, vector: np.ndarray) -> AbstractSearch | None:
        """The search that follows a physical parameter vector alone; ``None`` where this kind of search cannot."""
        return None

    def _count(self, name: str, value: Any, least: int) -> int:
        """The setting ``name`` as an integer, or our error where it is no whole number of at least ``least``."""
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise exc.SearchException(
                f"{type(self).__name__} got {name}={exc.shown(value)}, but wants a whole number of at least {least}."
            )
        return int(value)

    @abstractmethod
    def _search(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> tuple[Samples, dict[str, Any]]:
        """Samples, and how the search went in plain types."""
