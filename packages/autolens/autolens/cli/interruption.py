"""Requests to end a batch: what they find must be ended, or is left running alone."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""From the keyboard, from whoever ends processes, and from a terminal that closes, where there is such a signal."""


class Interruption:
    """Within it each of these signals raises ``KeyboardInterrupt``, but not while it is held.

    Signals reach the main thread alone, so in others nothing changes; one that is ignored (``nohup``) stays so.
    """

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self._is_held = False
        self._was_asked_for = False

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            for number in (getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)):
                if signal.getsignal(number) != signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *exception: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, signal.SIG_DFL if before is None else before)
        self._before.clear()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._is_held:
            self._was_asked_for = True
            return
        raise KeyboardInterrupt

    @contextmanager
    def held(self) -> Iterator[None]:
        """What must not be cut in two, such as to start a process and to note that it runs."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            if self._was_asked_for:
                self._was_asked_for = False
                raise KeyboardInterrupt
