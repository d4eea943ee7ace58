"""What every search has in common: its folder, its progress, and how it becomes a result."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np

from autogalaxy.inference import compilation_cache
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.checkpoint import Checkpoint
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.output import FolderLock
from autogalaxy.inference.result import Result
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.progress import Progress
from autogalaxy.inference.search.refinement import check_the_end, refined


class AbstractSearch(ABC):
    """Finds the parameters of a model; ``search.fit(model, analysis)`` returns a ``Result``.

    Parameters
    ----------
    name
        What the search is called in what it says; its class where not given.
    output_path
        Folder for ``model.json``, ``samples.npz`` and ``result.json``; nothing is written without one.
    show_progress
        Whether to say on the standard error stream how far the search is.
    check_over_sampling
        Whether the best fit is computed once more with twice the sub-sizes, and the search continued with sub-sizes
        made for it where that makes a difference.
    """

    def __init__(
        self,
        name: str | None = None,
        output_path: str | Path | None = None,
        show_progress: bool = True,
        check_over_sampling: bool = True,
    ) -> None:
        self.name = type(self).__name__ if name is None else name
        self.output_path = None if output_path is None else Path(output_path)
        self.show_progress = show_progress
        self.check_over_sampling = check_over_sampling
        self.info: dict[str, Any] = {}
        """How the last search went, in plain types."""
        self.checkpoint = Checkpoint()
        """Where this search keeps its state, see :class:`Checkpoint`; set by :meth:`fit`."""

    def fit(self, model: AbstractModel, analysis: Analysis) -> Result:
        """Search; an interruption from the keyboard ends it with the best found so far, saved like a whole result.

        Compiled programs are kept in the user's cache directory (``AUTOLENS_COMPILATION_CACHE`` names another folder,
        or is ``off``).
        """
        Fitness(model, analysis)  # its errors say what is no model or analysis
        model = analysis.model_for(model)
        if analysis.use_jax:
            compilation_cache.switch_on()
        lock = FolderLock(self.output_path) if self.output_path is not None else contextlib.nullcontext()
        with lock:
            with Progress(self.name, show=self.show_progress) as progress:
                checks = analysis.checks_before_search(model)
                for name, check in checks.items():
                    progress.line(f"{name}: {check['summary']}")
                samples, analysis = self._searched(model, analysis, progress)
                self.info |= {name: {**check, **self.info.get(name, {})} for name, check in checks.items()}
            result = analysis.make_result(samples, self)
            if self.output_path is not None:
                result.write(self.output_path)
        return result

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

    @abstractmethod
    def _search(self, model: AbstractModel, analysis: Analysis, progress: Progress) -> tuple[Samples, dict[str, Any]]:
        """Samples, and how the search went in plain types."""
