"""Many lenses at once: what happens to one is nothing to the others. Workers here are short programs of the tests."""

import json
import os
import signal
import sys
import threading
import time

import numpy as np
import pytest
from astropy.io import fits

from autolens import exc
from autolens.cli import batch, worker
from autolens.cli.interruption import Interruption
from autolens.cli.main import run

OPTIONS = {
    **dict.fromkeys(("data", "noise_map", "psf", "mask_extra_galaxies", "pixel_scale", "mask_centre")),
    "folders": [],
    "model": "sie+shear",
    "seed": 2,
    "output": None,
    "no_jax": True,
    "batch": True,
    "jobs": 1,
    "overwrite": False,
}
FAKE = """
import json, os, sys, time
from pathlib import Path
data, folder = Path(sys.argv[1]), Path(sys.argv[2])
tries = folder / "tries"
tries.write_text(tries.read_text() + "x" if tries.exists() else "x")
what = (data / "what").read_text()
print("fit: working", file=sys.stderr, flush=True)
if what == "killed" or (what == "once" and len(tries.read_text()) == 1):
    os.kill(os.getpid(), 9)
if what == "slow":
    (folder / "began").write_text(str(os.getpid()))
    time.sleep(60)
if what == "raises":
    raise RuntimeError("no idea")
if what == "bad input":
    print(json.dumps({"error": "no noise map", "exit_code": 2}))
    raise SystemExit(2)
grade = "good" if what == "once" else what
shared = os.environ.get("XLA_PYTHON_CLIENT_PREALLOCATE")
(folder / "result.json").write_text(json.dumps({"finished": True, "threads": os.environ["NPROC"], "shared": shared}))
radius = {"median": 1.25, "lower_error": 0.01, "upper_error": 0.02}
print(json.dumps({"verdict": grade, "reasons": ["because"], "results": str(folder), "chi_squared": 50.0, "pixels": 100,
                  "parameters": {"galaxies.lens.mass.einstein_radius": radius}}))
raise SystemExit(0 if grade == "good" else 1)
"""


@pytest.fixture
def fitted(tmp_path, monkeypatch):
    """``fitted(a="good", b="killed")`` runs a batch of such lenses; its answer."""
    (tmp_path / "fake.py").write_text(FAKE)
    popen = worker.subprocess.Popen

    def start(command, **settings):
        assert command[3:5] == ["fit", command[4]] and command[5] == "--output" and command[-1] == "--json"
        return popen([sys.executable, str(tmp_path / "fake.py"), command[4], command[6]], **settings)

    monkeypatch.setattr(worker.subprocess, "Popen", start)
    monkeypatch.setattr(batch, "_PAUSE", 0.01)

    def run_lenses(jobs=1, model="sie+shear", **lenses):
        for name, what in lenses.items():
            folder = tmp_path / "lenses" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "data.fits").touch()
            (folder / "what").write_text(what)
        options = {**OPTIONS, "model": model, "output": tmp_path / "out", "jobs": jobs}
        return batch.run_batch([tmp_path / "lenses"], options)

    return run_lenses


def states(answer):
    return {lens["name"]: lens["state"] for lens in answer["lenses"]}


@pytest.mark.parametrize(
    ("lenses", "code"),
    [
        ({"a": "good", "b": "good"}, 0),
        ({"a": "good", "b": "check"}, 1),
        ({"a": "failed", "b": "good"}, 1),
        ({"a": "failed", "b": "bad input"}, 2),
    ],
)
def test_the_exit_code_is_that_of_the_worst(fitted, lenses, code):
    answer = fitted(**lenses)
    assert answer["exit_code"] == code
    assert states(answer) == lenses


def test_a_crash_is_tried_once_more_and_loses_no_other(fitted, capsys):
    answer = fitted(a="killed", b="once", c="good", d="raises")
    assert states(answer) == {"a": "crashed", "b": "good", "c": "good", "d": "crashed"}
    assert {lens["name"]: lens["attempts"] for lens in answer["lenses"]} == {"a": 2, "b": 2, "c": 1, "d": 2}
    assert answer["exit_code"] == 1
    errors = {lens["name"]: lens["error"] for lens in answer["lenses"]}
    assert "signal 9" in errors["a"] and "no idea" in errors["d"] and errors["c"] is None
    captured = capsys.readouterr()
    assert "b: killed (signal 9" in captured.err and "once more" in captured.err
    row = next(line for line in captured.out.splitlines() if line.startswith("c "))
    assert row.split()[:6] == ["c", "good", "1.250", "+0.020", "-0.010", "(parameter"]
    assert "0.500" in row.split()


def test_what_is_finished_is_skipped_unless_the_data_or_options_changed(fitted, tmp_path):
    def tries():
        return {name: len((tmp_path / "out" / name / "tries").read_text()) for name in "ab"}

    fitted(a="good", b="check")
    again = fitted(a="good", b="check")
    assert tries() == {"a": 1, "b": 1}
    assert states(again) == {"a": "good", "b": "check"} and again["exit_code"] == 1
    assert [lens["attempts"] for lens in again["lenses"]] == [0, 0]

    (tmp_path / "lenses" / "b" / "data.fits").write_text("other")
    fitted(a="good", b="check")
    assert tries() == {"a": 1, "b": 2}


def test_what_is_finished_is_fitted_again_where_the_file_of_its_model_or_the_version_changed(
    fitted, tmp_path, monkeypatch
):
    def tries():
        return len((tmp_path / "out" / "a" / "tries").read_text())

    model = tmp_path / "my.toml"
    for count, text in ((1, "a = 1"), (1, "a = 1"), (2, "a = 2"), (2, "a = 2")):
        model.write_text(text)
        fitted(a="good", model=str(model))
        assert tries() == count
    monkeypatch.setattr(batch, "__version__", "another")
    fitted(a="good", model=str(model))
    assert tries() == 3


def test_processes_share_the_threads(fitted, tmp_path, monkeypatch):
    monkeypatch.setenv("NPROC", "6")
    fitted(jobs=3, a="good", b="good", c="good", d="good")
    said = json.loads((tmp_path / "out" / "d" / "result.json").read_text())
    assert said["threads"] == "2"


@pytest.mark.parametrize(("jobs", "shared"), [(1, None), (2, "false")])
def test_several_at_once_share_an_accelerator_even_with_one_thread(fitted, tmp_path, monkeypatch, jobs, shared):
    monkeypatch.setenv("NPROC", "1")
    monkeypatch.delenv("XLA_PYTHON_CLIENT_PREALLOCATE", raising=False)
    fitted(jobs=jobs, a="good", b="good")
    assert json.loads((tmp_path / "out" / "a" / "result.json").read_text())["shared"] == shared


def when_it_began(tmp_path, act):
    """Do something in a thread as soon as lens ``a`` is being fitted."""

    def wait():
        for _ in range(500):
            if (tmp_path / "out" / "a" / "began").exists():
                break
            time.sleep(0.02)
        act()

    threading.Thread(target=wait).start()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_an_interruption_ends_what_runs_and_says_so(fitted, tmp_path, capsys, name):
    if not hasattr(signal, name) or signal.getsignal(getattr(signal, name)) == signal.SIG_IGN:
        pytest.skip(f"{name} does not exist or is ignored here (nohup)")
    before = signal.getsignal(getattr(signal, name))
    when_it_began(tmp_path, lambda: os.kill(os.getpid(), getattr(signal, name)))
    answer = fitted(a="slow", b="good")
    assert answer["exit_code"] == 130 and answer["interrupted"]
    assert states(answer) == {"a": "interrupted", "b": "not begun"}
    assert "goes on" in capsys.readouterr().err
    assert not is_alive(tmp_path / "out" / "a")
    assert signal.getsignal(getattr(signal, name)) == before


def is_alive(folder):
    """Whether the process of a fit still exists."""
    try:
        os.kill(int((folder / "began").read_text()), 0)
    except ProcessLookupError:
        return False
    return True


def test_whatever_ends_a_batch_ends_its_fits(fitted, tmp_path, monkeypatch):
    class UnforeseenError(Exception):
        pass

    def refresh(_):
        if (tmp_path / "out" / "a" / "began").exists() and (tmp_path / "out" / "a" / "began").read_text():
            raise UnforeseenError

    monkeypatch.setattr(batch.BatchProgress, "refresh", refresh)
    with pytest.raises(UnforeseenError):
        fitted(a="slow")
    assert not is_alive(tmp_path / "out" / "a")


def test_a_folder_that_cannot_be_written_is_bad_input_of_its_own_lens(fitted, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b").write_text("a file")
    answer = fitted(jobs=2, a="good", b="good", c="good")
    assert states(answer) == {"a": "good", "b": "bad input", "c": "good"}
    assert answer["exit_code"] == 2 and str(tmp_path / "out" / "b") in answer["lenses"][1]["error"]


def test_an_interruption_waits_until_what_is_held_is_done():
    done = []
    with pytest.raises(KeyboardInterrupt), Interruption() as interruption, interruption.held():
        signal.raise_signal(signal.SIGTERM)
        done.append("noted")
    assert done == ["noted"]


def test_a_batch_runs_in_any_thread(fitted):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(fitted(a="good")))
    thread.start()
    thread.join()
    assert states(answers[0]) == {"a": "good"}


def test_options_are_handed_on_as_they_were_typed():
    options = {**OPTIONS, "mask_centre": (0.1, -0.2), "pixel_scale": 0.05}
    words = batch.arguments_from(options)
    assert " ".join(words) == "--pixel-scale 0.05 --mask-centre 0.1 -0.2 --model sie+shear --seed 2 --no-jax"


def test_equal_names_get_folders_of_their_own_and_wrong_folders_are_bad_input(tmp_path):
    for name in ("first/lens", "second/lens"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "data.fits").touch()
    jobs = batch.jobs_from([tmp_path / "first", tmp_path / "second", tmp_path / "frist"], tmp_path / "out")
    assert [job.name for job in jobs] == ["lens", "lens_2", "frist"]
    assert [job.state for job in jobs] == ["waiting", "waiting", "bad input"]
    assert f"did you mean {tmp_path / 'first'}" in jobs[2].error


def test_a_folder_named_twice_is_one_lens_and_names_differ_in_more_than_case(tmp_path):
    for name in ("first/lens", "second/LENS"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "data.fits").touch()
    places = [
        tmp_path / "first" / "lens",
        tmp_path / "first",
        tmp_path / "second",
        tmp_path / "second" / ".." / "second",
    ]
    assert [job.name for job in batch.jobs_from(places, tmp_path / "out")] == ["lens", "LENS_2"]


@pytest.mark.parametrize(
    ("change", "named"), [({"band": "VIS"}, "--band"), ({"data": "x.fits"}, "--data"), ({}, "--batch without a folder")]
)
def test_a_batch_of_files_or_of_nothing_is_bad_input(change, named):
    with pytest.raises(exc.FileException, match=named):
        batch.run_batch([], {**OPTIONS, **change})


def test_a_real_worker_says_what_is_wrong_with_its_data(tmp_path, capsys):
    folder = tmp_path / "lenses" / "a"
    folder.mkdir(parents=True)
    for name, image in (("data", np.ones((15, 15))), ("noise_map", np.zeros((15, 15))), ("psf", np.ones((3, 3)))):
        fits.PrimaryHDU(image).writeto(folder / f"{name}.fits")
    arguments = ["--batch", "--no-jax", "--pixel-scale", "0.1", "--mask-radius", "0.6", "--json"]
    with pytest.raises(SystemExit) as left:
        run(["fit", str(tmp_path / "lenses"), "--output", str(tmp_path / "out"), *arguments])
    assert left.value.code == 2
    answer = json.loads(capsys.readouterr().out)
    assert states(answer) == {"a": "bad input"} and "noise" in answer["lenses"][0]["error"]
