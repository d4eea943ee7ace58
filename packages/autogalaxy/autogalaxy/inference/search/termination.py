"""A request to end the process, which a search treats like an interruption from the keyboard: it saves, then ends."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any, ClassVar


class Termination:
    """Within it SIGTERM raises ``KeyboardInterrupt``, once; afterwards it is delivered to whom it belongs.

    Requests are counted, those from the keyboard too, because libraries swallow the exception: scikit-learn ends the
    training of a network at it, and goes on.

    The process ends with status 143 where nobody else had asked for the signal. Signals reach the main thread alone, so
    in others nothing changes; a search within a search leaves the ending to the outer one.
    """

    requests: ClassVar[int] = 0
    """How often a search of this process was asked to end."""

    def __init__(self) -> None:
        self.was_asked_for = False
        self._before: Any = None
        self._is_installed = False
        self._is_at_keyboard = False

    def __enter__(self) -> Termination:
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and not isinstance(getattr(signal.getsignal(signal.SIGTERM), "__self__", None), Termination):
            self._before = signal.signal(signal.SIGTERM, self._handle)
            self._is_installed = True
        if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)
            self._is_at_keyboard = True
        return self

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        Termination.requests += 1
        raise KeyboardInterrupt

    def _handle(self, number: int, frame: FrameType | None) -> None:
        Termination.requests += 1
        if not self.was_asked_for:
            self.was_asked_for = True
            raise KeyboardInterrupt

    def __exit__(self, *exception: object) -> None:
        if self._is_at_keyboard:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if not self._is_installed:
            return
        self._is_installed = False
        signal.signal(signal.SIGTERM, signal.SIG_DFL if self._before is None else self._before)
        if not self.was_asked_for:
            return
        if callable(self._before):
            signal.raise_signal(signal.SIGTERM)
        elif self._before != signal.SIG_IGN:
            raise SystemExit(128 + signal.SIGTERM)
