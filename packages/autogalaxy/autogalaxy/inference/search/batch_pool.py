"""A pool for samplers whose tasks ask for one likelihood after the other: those of all tasks are computed at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np


class _Stopped(BaseException):
    """Ends the threads of tasks whose pool was interrupted; no task may handle it."""


class BatchPool:
    """``map`` runs tasks side by side; whenever each of them waits for a value, all are computed in one batch.

    Which points make a batch depends on the tasks alone and not on the speed of threads, so that a run can be repeated.

    Parameters
    ----------
    function
        Values of a batch, ``(n, p) -> (n,)``.
    size
        Tasks that run side by side.
    """

    def __init__(self, function: Callable[[np.ndarray], np.ndarray], size: int) -> None:
        self.function = function
        self.size = int(size)
        self._here = threading.local()
        self._condition = threading.Condition()
        self._asked: dict[int, np.ndarray] = {}
        self._answers: dict[int, float] = {}
        self._results: dict[int, Any] = {}
        self._errors: dict[int, BaseException] = {}
        self._running = 0
        self._stopped = False

    def value(self, vector: np.ndarray) -> float:
        """The value at one point, ``(p,) -> ()``; in a task it waits for the other tasks."""
        number = getattr(self._here, "number", None)
        if number is None:
            return float(self.function(np.asarray(vector)[None])[0])
        with self._condition:
            self._asked[number] = np.array(vector, dtype=float)
            self._condition.notify_all()
            self._condition.wait_for(lambda: number in self._answers or self._stopped)
            if self._stopped:
                raise _Stopped
            return self._answers.pop(number)

    def map(self, task: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        """``[task(item) for item in items]``, ``size`` of them at a time."""
        items = list(items)
        groups = [items[first : first + self.size] for first in range(0, len(items), self.size)]
        return [result for group in groups for result in self._group(task, group)]

    def _group(self, task: Callable[[Any], Any], items: list[Any]) -> list[Any]:
        if len(items) == 1:
            return [task(items[0])]
        self._asked, self._answers, self._results, self._errors = {}, {}, {}, {}
        self._running, self._stopped = len(items), False
        threads = [threading.Thread(target=self._work, args=(task, i, item)) for i, item in enumerate(items)]
        try:
            for thread in threads:
                thread.start()
            self._serve()
        finally:
            with self._condition:
                self._stopped = True
                self._condition.notify_all()
            for thread in threads:
                if thread.ident is not None:
                    thread.join()
        if self._errors:
            raise self._errors[min(self._errors)]
        return [self._results[i] for i in range(len(items))]

    def _serve(self) -> None:
        """Answer all who ask, until no task is left."""
        while True:
            with self._condition:
                self._condition.wait_for(lambda: len(self._asked) == self._running)
                if not self._running:
                    return
                asked, self._asked = self._asked, {}
            order = sorted(asked)
            values = self.function(np.array([asked[number] for number in order]))
            with self._condition:
                self._answers.update((number, float(value)) for number, value in zip(order, values, strict=True))
                self._condition.notify_all()

    def _work(self, task: Callable[[Any], Any], number: int, item: Any) -> None:
        self._here.number = number
        try:
            self._results[number] = task(item)
        except _Stopped:
            pass
        except BaseException as error:  # raised again by map
            self._errors[number] = error
        finally:
            with self._condition:
                self._running -= 1
                self._condition.notify_all()
