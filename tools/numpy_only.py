"""Pytest hooks of the packages' unit tests: they run on NumPy, so jax can't be imported while they do.

Each ``packages/*/test_*/conftest.py`` imports these hooks. JAX is checked in ``workspace_test`` alone.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from typing import Any

import pytest

BLOCKED = frozenset({"jax", "jaxlib"})


class JaxBlocker(MetaPathFinder):
    """Import finder that refuses jax as an environment without it would."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        """Raise for jax and its submodules; leave every other name to the next finder."""
        if fullname.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(
                f"a unit test imported {fullname!r}; unit tests are NumPy only, move the check to workspace_test",
                name=fullname,
            )


def loaded() -> list[str]:
    """Blocked packages that are imported all the same (``sys.modules[name] = None`` is a block, not an import)."""
    return sorted(name for name in BLOCKED if sys.modules.get(name) is not None)


def block() -> None:
    """Refuse every later import of jax in this process; calling it twice changes nothing."""
    if not any(isinstance(finder, JaxBlocker) for finder in sys.meta_path):
        sys.meta_path.insert(0, JaxBlocker())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run where jax was loaded after all."""
    if names := loaded():
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(f"ERROR: {', '.join(names)} was imported during unit tests, which are NumPy only")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


block()
