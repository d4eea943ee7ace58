import json
import os
import socket
import subprocess
import sys

import numpy as np
import pytest

from autoarray import exc
from autogalaxy.inference.output import FolderLock, read_json, write_atomic, write_json


def test_json_is_strict_and_whole(tmp_path):
    content = {"x": np.float64(1.5), "n": np.int64(2), "inf": np.inf, "v": np.eye(2), "yes": np.bool_(True)}
    write_json(tmp_path / "a" / "b.json", {**content, "s": np.array(-np.inf), "other": 1 + 2j, "none": None})

    assert json.loads((tmp_path / "a" / "b.json").read_text()) == {
        "x": 1.5, "n": 2, "inf": "inf", "v": [[1.0, 0.0], [0.0, 1.0]], "yes": True, "s": "-inf", "other": "(1+2j)",
        "none": None,
    }  # fmt: skip
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.json"]


def test_a_failed_write_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    path = tmp_path / "result.json"
    write_atomic(path, b"before")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(exc.FileException, match="result.json could not be written"):
        write_atomic(path, b"after")

    assert path.read_bytes() == b"before"
    assert [p.name for p in tmp_path.iterdir()] == ["result.json"]


def test_damaged_json_is_named(tmp_path):
    (tmp_path / "model.json").write_text('{"type": ')
    with pytest.raises(exc.FileException, match="model.json holds no readable JSON"):
        read_json(tmp_path / "model.json")
    with pytest.raises(exc.FileException, match="There is no file"):
        read_json(tmp_path / "none.json")


def test_a_second_writer_is_refused_and_named(tmp_path):
    with FolderLock(tmp_path):
        with pytest.raises(exc.FileException, match=f"process {os.getpid()} on"):
            FolderLock(tmp_path).__enter__()
    with FolderLock(tmp_path):  # free again
        pass
    assert not list(tmp_path.iterdir())


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / ".lock").write_text(json.dumps({"host": socket.gethostname(), "pid": dead.pid}))

    with FolderLock(tmp_path):
        assert json.loads((tmp_path / ".lock").read_text())["pid"] == os.getpid()


def test_the_lock_of_another_host_is_respected(tmp_path):
    (tmp_path / ".lock").write_text(json.dumps({"host": "elsewhere", "pid": 1}))

    with pytest.raises(exc.FileException, match="process 1 on elsewhere"):
        FolderLock(tmp_path).__enter__()


def test_a_lock_that_another_process_took_over_stays(tmp_path):
    theirs = json.dumps({"host": "elsewhere", "pid": 1, "token": "theirs"})

    with FolderLock(tmp_path):
        (tmp_path / ".lock").write_text(theirs)

    assert (tmp_path / ".lock").read_text() == theirs


def test_a_lock_taken_over_while_the_dead_one_is_looked_at_is_put_back(tmp_path, monkeypatch):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / ".lock").write_text(json.dumps({"host": socket.gethostname(), "pid": dead.pid}))
    theirs = json.dumps({"host": socket.gethostname(), "pid": os.getppid(), "token": "theirs"})
    kill = os.kill

    def kill_while_another_takes_over(pid, signal):
        (tmp_path / ".lock").write_text(theirs)
        kill(pid, signal)

    monkeypatch.setattr(os, "kill", kill_while_another_takes_over)
    with pytest.raises(exc.FileException, match="is being written by"):
        FolderLock(tmp_path).__enter__()

    assert (tmp_path / ".lock").read_text() == theirs
    assert [p.name for p in tmp_path.iterdir()] == [".lock"]
