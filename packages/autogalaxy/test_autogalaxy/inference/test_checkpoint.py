import errno
import hashlib
import io
import json
import os
import zipfile

import numpy as np
import pytest

from autoarray import exc
from autogalaxy.inference import archive, checkpoint
from autogalaxy.inference.checkpoint import Checkpoint, FolderCheckpoint

KEY = {"model": "a" * 64, "data": "b" * 64, "settings": "c" * 64}


@pytest.fixture
def said():
    return []


@pytest.fixture
def kept(tmp_path, said):
    """A checkpoint with two saves behind it, of 1 and then 2."""
    kept = FolderCheckpoint(tmp_path / "checkpoints", KEY, interval=0.0, warn=said.append)
    for number in (1, 2):
        kept.save(number=np.array(number), values=np.array([np.pi, -np.inf, np.nan]), names=np.array(["a.b", "c"]))
    return kept


def again(kept, **changes):
    """The checkpoint of a new process."""
    return FolderCheckpoint(kept.folder, {**KEY, **changes}, warn=kept._warn)


def number_in(kept):
    arrays = kept.load()
    return None if arrays is None else int(arrays["number"])


def test_arrays_come_back_to_the_last_bit(kept, said):
    arrays = again(kept).load()

    assert set(arrays) == {"number", "values", "names"} and arrays["number"] == 2
    assert arrays["values"].tobytes() == np.array([np.pi, -np.inf, np.nan]).tobytes()
    assert arrays["names"].tolist() == ["a.b", "c"]
    assert said == []


def test_the_one_before_is_kept(kept):
    kept.path.unlink()
    assert number_in(again(kept)) == 1


def test_nothing_is_kept_without_a_folder():
    kept = Checkpoint()
    kept.save(number=np.array(1))
    assert kept.load() is None and not kept.is_due() and kept.part("stage") is kept and kept.warnings == []


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ((1.0, 2.0, 8.9, 9.0, 9.9), (False, False, True, False, True)),  # after 8.9 the next may come too late
        ((0.1, 9.8, 9.9, 9.95), (False, True, True, True)),
        ((12.0,), (True,)),
    ],
)
def test_a_save_is_due_before_more_than_an_interval_is_lost(tmp_path, monkeypatch, asked, due):
    clock = [100.0]
    monkeypatch.setattr(checkpoint.time, "monotonic", lambda: clock[0])
    kept = FolderCheckpoint(tmp_path, KEY, interval=10.0)
    found = []
    for seconds in asked:
        clock[0] = 100.0 + seconds
        found.append(kept.is_due())
    assert tuple(found) == due
    kept.save(number=np.array(1))
    clock[0] += 4.9
    assert not kept.is_due()


def test_parts_are_kept_apart(kept):
    for name in ("lens/light", "lens light", "../../up"):
        kept.part(name).part("inner").save(number=np.array(len(name)))

    for name in ("lens/light", "lens light", "../../up"):
        assert number_in(again(kept).part(name).part("inner")) == len(name)
    assert number_in(again(kept)) == 2
    assert {path.parent for path in kept.folder.parent.rglob("*.checkpoint*")} == {kept.folder}


def test_clearing_removes_every_part(kept):
    kept.part("light").save(number=np.array(1))
    kept.clear()
    assert not kept.folder.exists()


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "exchanged", "other version", "pickle"])
def test_a_damaged_one_falls_back_to_the_one_before(kept, said, damage):
    content = kept.path.read_bytes()
    header, payload = content.split(b"\n", 1)
    if damage == "truncated":
        content = content[:-10]
    elif damage == "flipped":
        content = content[:-300] + bytes([content[-300] ^ 1]) + content[-299:]
    elif damage == "empty":
        content = b""
    elif damage == "exchanged":
        content = header + b"\n" + archive.bytes_of({"number": np.array(9)})
    elif damage == "other version":
        content = json.dumps({**json.loads(header), "version": 99}).encode() + b"\n" + payload
    else:
        payload = archive_with({"number.npy": pickled_array()})
        content = header_for(payload) + payload
    kept.path.write_bytes(content)

    assert number_in(again(kept)) == 1
    assert len(said) == 1 and "search.checkpoint" in said[0] and "the one before" in said[0]


def test_two_damaged_ones_start_anew_with_one_warning(kept, said):
    kept.path.write_bytes(b"{}")
    kept.previous_path.write_bytes(b"nothing")
    resumed = again(kept)

    assert resumed.load() is None and resumed.load() is None
    assert len(said) == 1 and "starts anew" in said[0]
    assert resumed.part("x").warnings == resumed.warnings == said


def test_a_save_after_a_damaged_one_keeps_the_good_one(kept):
    kept.path.write_bytes(b"{}")
    resumed = again(kept)
    assert number_in(resumed) == 1
    resumed.save(number=np.array(3))
    assert number_in(again(kept)) == 3
    kept.path.unlink()
    assert number_in(again(kept)) == 1


@pytest.mark.parametrize("part", list(KEY))
def test_that_of_another_fit_is_refused_and_the_difference_named(kept, part):
    with pytest.raises(exc.FileException, match=f"a fit with another {part}.*overwrite=True"):
        again(kept, **{part: "d" * 64}).load()


@pytest.mark.parametrize("step", range(4))
def test_an_end_at_any_step_of_a_save_leaves_a_readable_one(kept, said, monkeypatch, step):
    """Killed before the write, after it, between the renames, and after them."""
    calls = []

    def ends_at(function):
        def called(*arguments):
            calls.append(function)
            if len(calls) == step + 1:
                os._exit(0)
            return function(*arguments)

        return called

    child = os.fork()
    if child == 0:  # nothing is cleaned up, as after kill -9
        try:
            monkeypatch.setattr(checkpoint, "write_through", ends_at(checkpoint.write_through))
            monkeypatch.setattr(checkpoint, "flush_folder", ends_at(checkpoint.flush_folder))
            monkeypatch.setattr(checkpoint.os, "replace", ends_at(os.replace))
            kept.save(number=np.array(3))
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0

    resumed = again(kept)
    assert number_in(resumed) == [2, 2, 2, 3][step]
    resumed.save(number=np.array(4))
    assert sorted(p.name for p in kept.folder.iterdir()) == ["search.checkpoint", "search.checkpoint.previous"]
    assert said == []


def test_a_full_disk_leaves_the_one_before_and_the_search_goes_on(kept, said, monkeypatch):
    def full(path, content):
        path.write_bytes(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(checkpoint, "write_through", full)
        for _ in range(3):
            kept.save(number=np.array(3))

    assert number_in(again(kept)) == 2
    assert said == ["checkpoint not written (No space left on device): the search goes on without"]
    assert sorted(p.name for p in kept.folder.iterdir()) == ["search.checkpoint", "search.checkpoint.previous"]
    kept.save(number=np.array(4))  # there is room again
    assert number_in(again(kept)) == 4


def test_objects_are_not_saved(kept):
    with pytest.raises(exc.FileException, match="'bad' of type object"):
        kept.save(bad=np.array([{}], dtype=object))
    assert number_in(again(kept)) == 2


@pytest.mark.parametrize(
    ("members", "match"),
    [
        ({"../up.npy": None}, "a member named '../up.npy'"),
        ({"/tmp/up.npy": None}, "a member named"),
        ({"number.npy": "pickle"}, "not numbers"),
        ({"number.npy": "claims"}, "claims more than it contains"),
        ({"number.npy": "bomb"}, "unpacks to .* bytes"),
    ],
)
def test_hostile_archives_are_not_unpacked(members, match):
    contents = {"pickle": pickled_array(), "claims": array_that_claims(10**12), "bomb": bytes(3 * 2**20), None: b""}
    payload = archive_with({name: contents[kind] for name, kind in members.items()})

    with pytest.raises(exc.FileException, match=match):
        archive.arrays_from(payload, "it", largest=2**20)
    assert not ran


ran = []


class Hostile:
    def __reduce__(self):
        return ran.append, (1,)


def pickled_array():
    buffer = io.BytesIO()
    np.save(buffer, np.array([Hostile()], dtype=object), allow_pickle=True)
    ran.clear()
    return buffer.getvalue()


def array_that_claims(count):
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "<f8", "fortran_order": False, "shape": (count,)})
    return buffer.getvalue() + bytes(64)


def archive_with(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def header_for(payload):
    """A header that says all is well."""
    digest = hashlib.sha256(payload).hexdigest()
    facts = {"format": checkpoint.FORMAT, "version": checkpoint.VERSION, "sha256": digest, "key": KEY, "name": "search"}
    return json.dumps(facts).encode() + b"\n"
