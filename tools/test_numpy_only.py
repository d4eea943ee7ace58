"""The hook that keeps unit tests on NumPy goes red."""

import subprocess
import sys
import textwrap
from pathlib import Path

TOOLS = Path(__file__).parent


def run_pytest(folder: Path, test: str) -> subprocess.CompletedProcess[str]:
    """Run one test file beside a conftest like the packages', with a stand-in for jax on the path."""
    (folder / "jax.py").write_text("")
    (folder / "conftest.py").write_text("from numpy_only import pytest_sessionfinish\n")
    (folder / "test_one.py").write_text(textwrap.dedent(test))
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", str(folder)]
    command += ["-p", "no:cacheprovider", "-o", f"pythonpath={TOOLS}", str(folder / "test_one.py")]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder)


def test_a_test_without_jax_passes(tmp_path):
    assert run_pytest(tmp_path, "def test_it(): pass").returncode == 0


def test_importing_jax_raises_and_names_the_place_for_it(tmp_path):
    result = run_pytest(tmp_path, "def test_it(): import jax")
    assert result.returncode == 1
    assert "workspace_test" in result.stdout


def test_jax_that_slips_past_the_block_fails_the_run(tmp_path):
    result = run_pytest(tmp_path, "def test_it():\n    import sys, types; sys.modules['jax'] = types.ModuleType('jax')")
    assert "1 passed" in result.stdout
    assert result.returncode == 1


def test_jax_blocked_with_none_is_not_an_import(tmp_path):
    assert run_pytest(tmp_path, "def test_it():\n    import sys; sys.modules['jax'] = None").returncode == 0
