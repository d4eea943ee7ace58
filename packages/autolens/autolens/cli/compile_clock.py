"""How long JAX traced and compiled."""

from __future__ import annotations

import time
from typing import Any

_COMPILATION = "/jax/core/compile"


class CompileClock:
    """Sums the time that JAX spent on tracing and compiling inside a ``with``; zero without JAX."""

    def __init__(self, use_jax: bool) -> None:
        self.use_jax = use_jax
        self._spans: list[tuple[float, float]] = []

    def __enter__(self) -> CompileClock:
        if self.use_jax:
            from jax import monitoring

            monitoring.register_event_duration_secs_listener(self._listen)
        return self

    def __exit__(self, *exception: object) -> None:
        self.use_jax = False  # listeners cannot be taken back on every version: this one stops counting

    def _listen(self, event: str, duration_secs: float, **kwargs: Any) -> None:
        if self.use_jax and event.startswith(_COMPILATION):
            now = time.perf_counter()
            self._spans.append((now - duration_secs, now))

    @property
    def seconds(self) -> float:
        """Length of the union of all spans: traces of nested functions are inside those around them."""
        total, reached = 0.0, float("-inf")
        for start, end in sorted(self._spans):
            total += max(0.0, end - max(start, reached))
            reached = max(reached, end)
        return total
