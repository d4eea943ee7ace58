"""What is said the moment somebody presses Ctrl-C."""

import hashlib
import signal
import threading
import time

import pytest

from autolens.cli.notice import SAID, Notice


def interrupt_after(seconds):
    timer = threading.Timer(seconds, lambda: signal.pthread_kill(threading.main_thread().ident, signal.SIGINT))
    timer.start()
    return timer


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="signals of threads are of POSIX")
def test_the_answer_comes_while_compiled_code_computes():
    said = []
    with pytest.raises(KeyboardInterrupt), Notice(lambda text: said.append((text, time.monotonic()))):
        interrupt_after(0.05)
        hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000)  # one call, that no signal enters
    end = time.monotonic()
    assert [text for text, _ in said] == [SAID]
    assert said[0][1] < end - 0.1


def test_without_an_interruption_nothing_is_said_and_the_signals_are_as_before():
    said, before = [], signal.set_wakeup_fd(-1)
    with Notice(said.append):
        pass
    assert said == []
    assert signal.set_wakeup_fd(before) == before
