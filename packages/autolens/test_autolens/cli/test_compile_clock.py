import time

import pytest

from autolens.cli.compile_clock import CompileClock


def test_clock_without_jax_stands_still():
    with CompileClock(use_jax=False) as clock:
        clock._listen("/jax/core/compile/backend_compile_duration", 3.0)
    assert clock.seconds == 0.0


def test_spans_inside_each_other_count_once(monkeypatch):
    clock = CompileClock(use_jax=True)
    for now, duration in ((10.0, 1.0), (12.0, 4.0), (20.0, 2.0)):  # 9-10 inside 8-12, and 18-20
        monkeypatch.setattr(time, "perf_counter", lambda now=now: now)
        clock._listen("/jax/core/compile/jaxpr_trace_duration", duration)
    clock._listen("/jax/another/event", 100.0)
    assert clock.seconds == pytest.approx(6.0)
