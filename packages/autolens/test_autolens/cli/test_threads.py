"""How many threads the command asks libraries for."""

import os
import subprocess
import sys

import pytest

from autogalaxy.inference.cores import calls_side_by_side
from autolens.cli import threads
from autolens.cli.call import Call


def test_every_processor_is_used_and_no_more_than_eight(monkeypatch):
    for there, used in ((1, 1), (6, 6), (128, 8)):
        monkeypatch.setattr(threads, "processors", lambda there=there: there)
        environment = {}
        assert threads.limit(environment) == used
        assert environment == dict.fromkeys(threads.VARIABLES, str(used))


def test_what_the_user_set_stays():
    environment = {"OMP_NUM_THREADS": "3", "MKL_NUM_THREADS": "1"}
    assert threads.limit(environment) == 3
    assert environment["MKL_NUM_THREADS"] == "1"
    assert environment["NPROC"] == environment["OPENBLAS_NUM_THREADS"] == "3"


def test_an_option_comes_before_the_environment():
    environment = {"OMP_NUM_THREADS": "3"}
    assert threads.limit(environment, 5) == 5
    assert set(environment.values()) == {"5"}


@pytest.mark.parametrize("text", ["", "0", "-2", "many"])
def test_a_number_that_is_none_is_not_asked_for(text, monkeypatch):
    monkeypatch.setattr(threads, "processors", lambda: 4)
    assert threads.chosen({"OMP_NUM_THREADS": text}) == 4


@pytest.mark.parametrize(("quota", "used"), [("max 100000", 16), ("250000 100000", 3), ("50000 100000", 1)])
def test_a_container_may_take_less(quota, used, monkeypatch, tmp_path):
    (tmp_path / "cpu.max").write_text(quota)
    monkeypatch.setattr(threads, "_QUOTA", tmp_path / "cpu.max")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(16), raising=False)
    assert threads.processors() == used


@pytest.mark.parametrize("arguments", [["--help"], *([c, "/nowhere", "--threads", "2"] for c in ("fit", "plan"))])
def test_the_environment_of_who_calls_the_command_as_a_function_is_left_alone(arguments):
    program = (
        "import os; before = dict(os.environ)\n"
        "from autolens.cli.main import run\n"
        f"try:\n    run({arguments!r})\nexcept SystemExit: pass\n"
        "assert dict(os.environ) == before"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_a_process_of_the_command_alone_takes_the_threads_that_are_asked_for(capsys, monkeypatch):
    for name in threads.VARIABLES:
        monkeypatch.setenv(name, "1")
    Call(owns_process=False).ask_for_threads(5)
    assert threads.in_use() == 1
    assert "OMP_NUM_THREADS=5" in capsys.readouterr().err
    Call(owns_process=True).ask_for_threads(5)
    assert threads.in_use() == 5
    assert capsys.readouterr().err == ""


def test_calls_side_by_side_are_no_more_than_threads(monkeypatch):
    pytest.importorskip("jax", reason="asks JAX for its backend")
    monkeypatch.setenv("NPROC", "1")
    assert calls_side_by_side() == 1
