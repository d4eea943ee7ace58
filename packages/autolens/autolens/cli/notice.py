"""An answer to Ctrl-C at once, while compiled code that no interruption can enter goes on computing."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Callable

SAID = "interrupted, finishing what is being computed (again: leaves what is not saved)"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Notice:
    """Within it the first SIGINT is answered when it comes, by a thread that waits for nothing else.

    Python handles a signal between two of its own steps, which is after a call of compiled code; the byte that comes
    through a pipe at once is read beside it. In other threads than the main one nothing changes.
    """

    def __init__(self, say: Callable[[str], None] = _say) -> None:
        self.say = say
        self._ends: tuple[socket.socket, socket.socket] | None = None
        self._before = -1
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Notice:
        if threading.current_thread() is not threading.main_thread():
            return self
        reading, writing = self._ends = socket.socketpair()
        writing.setblocking(False)
        self._before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._wait, args=(reading,), daemon=True)
        self._thread.start()
        return self

    def _wait(self, reading: socket.socket) -> None:
        while received := reading.recv(16):
            if signal.SIGINT in received:
                self.say(SAID)
                return

    def __exit__(self, *exception: object) -> None:
        if self._ends is None or self._thread is None:
            return
        signal.set_wakeup_fd(self._before)
        reading, writing = self._ends
        with contextlib.suppress(OSError):
            writing.shutdown(socket.SHUT_RDWR)
        self._thread.join(1.0)
        for end in (reading, writing):
            end.close()
        self._ends = self._thread = None
