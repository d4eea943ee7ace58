"""Files that want to run something, to leave their folder or to fill the memory, and what reading each of them does.

All are read by one process of its own, ``python test_hostile_files.py FOLDER``, with 3 GiB of address space and a hook
on everything that Python runs, imports by name, unpickles or writes.
"""

import io
import json
import os
import pickle
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

MEMORY = 3 * 2**30
POPEN = {"type": "model", "class": "subprocess:Popen", "items": {"args": ["touch", "ran"]}}
PEER = {"type": "instance", "class_path": "subprocess.Popen", "arguments": {"args": ["touch", "ran"]}}


class Payload:
    """Runs a command where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch ran",)


def changed(folder: Path, name: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change a JSON file of a result, and its hash as whoever forges it would."""
    content = json.loads((folder / name).read_text())
    change(content)
    replaced(folder, name, json.dumps(content).encode())


def replaced(folder: Path, name: str, content: bytes) -> None:
    import hashlib

    (folder / name).write_bytes(content)
    if name == "result.json":
        return
    summary = json.loads((folder / "result.json").read_text())
    summary["files"][name] = hashlib.sha256(content).hexdigest()
    (folder / "result.json").write_text(json.dumps(summary))


def header_of(shape: tuple[int, ...], kind: str = "<f8") -> bytes:
    """The beginning of an NPY file that claims a shape."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": shape})
    return file.getvalue()


def archive_of(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def npy(values: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, values, allow_pickle=True)
    return file.getvalue()


def cards(**values: Any) -> bytes:
    """A FITS header without data."""
    lines = [f"{key:8s}= {'T' if value is True else value:>20}" for key, value in {"SIMPLE": True, **values}.items()]
    text = "".join(f"{line:80s}" for line in [*lines, "END"])
    return text.ljust(-(-len(text) // 2880) * 2880).encode() + bytes(2880)


def linked(folder: Path) -> None:
    outside = folder.parent / "outside.npz"
    outside.write_bytes((folder / "samples.npz").read_bytes())
    (folder / "samples.npz").unlink()
    (folder / "samples.npz").symlink_to(outside)


def lens_of(**changes: Any) -> dict[str, Any]:
    """Keyword arguments of lenstronomy."""
    sie = {"theta_E": 1.0, "e1": 0.0, "e2": 0.0, "center_x": 0.0, "center_y": 0.0}
    return {"lens_model_list": ["SIE"], "kwargs_lens": [sie], **changes}


def template_of(**mass: Any) -> dict[str, Any]:
    """A template of COOLEST with one mass profile."""
    lens = {"type": "Galaxy", "name": "lens", "redshift": 0.5, "mass_model": [mass], "light_model": []}
    return {"standard": "COOLEST", "lensing_entities": [lens], "coordinates_origin": {"ra": 0.0, "dec": 0.0}}


DEEP = "[" * 100_000
LENS = '[galaxies.lens]\nredshift = 0.5\n[galaxies.lens.mass]\nprofile = "mp.Isothermal"\neinstein_radius = {}\n'

# ---------------------------------------------------------------------- name, what is written, how it is read, wanted

READ_NOTHING = "unharmed"
RESULTS: list[tuple[str, Callable[[Path], Any], str]] = [
    ("class path in model.json", lambda f: changed(f, "model.json", lambda c: c["items"].update(a=POPEN)), "Popen"),
    ("class path of the peer", lambda f: replaced(f, "model.json", json.dumps(PEER).encode()), "model"),
    ("pickle beside the result", lambda f: (f / "samples.pickle").write_bytes(pickle.dumps(Payload())), READ_NOTHING),
    ("pickle as samples", lambda f: replaced(f, "samples.npz", pickle.dumps(Payload())), "samples.npz"),
    ("pickle as checkpoint", lambda f: (f / "search.checkpoint").write_bytes(pickle.dumps(Payload())), READ_NOTHING),
    (
        "objects in samples.npz",
        lambda f: replaced(f, "samples.npz", archive_of(**{"names.npy": npy(np.array([Payload()], dtype=object))})),
        "not numbers",
    ),
    (
        "objects in dataset.npz",
        lambda f: replaced(f, "dataset.npz", archive_of(**{"data.npy": npy(np.array([Payload()], dtype=object))})),
        "not numbers",
    ),
    ("../ in an archive", lambda f: replaced(f, "samples.npz", archive_of(**{"../ran.npy": npy(1.0)})), "../ran.npy"),
    ("absolute name", lambda f: replaced(f, "dataset.npz", archive_of(**{"/tmp/ran.npy": npy(1.0)})), "/tmp/ran.npy"),
    (
        "1e9 numbers announced",
        lambda f: replaced(f, "dataset.npz", archive_of(**{"data.npy": header_of((10**9, 10**3))})),
        "claims more",
    ),
    (
        "zeros that unpack to 1 GB",
        lambda f: replaced(f, "dataset.npz", archive_of(**{f"a{i}.npy": npy(np.zeros(2**22)) for i in range(8)})),
        "unpacks to",
    ),
    (
        "file outside of the folder",
        lambda f: changed(f, "result.json", lambda c: c["files"].update({"../a": ""})),
        "../a",
    ),
    ("link out of the folder", linked, "is a link"),
    (
        "analysis by class path",
        lambda f: changed(f, "analysis.json", lambda c: c.update(analysis="os.system")),
        "os.system",
    ),
    ("latents that call", lambda f: changed(f, "result.json", lambda c: c.update(latents={"a": PEER})), "latent"),
    ("deep model.json", lambda f: replaced(f, "model.json", DEEP.encode()), "model.json holds no readable"),
    ("deep result.json", lambda f: replaced(f, "result.json", DEEP.encode()), "result.json holds no readable"),
    ("number of 10,000 digits", lambda f: replaced(f, "model.json", b"1" * 10_000), "model.json"),
    (
        "1e9 parameters announced",
        lambda f: changed(
            f, "model.json", lambda c: c["items"].update(a={"type": "array model", "shape": [10**9], "items": []})
        ),
        "10",
    ),
]

FILES: list[tuple[str, str, bytes, str]] = [
    ("model by class path", "model.json", json.dumps(POPEN).encode(), "Popen"),
    ("model of the peer", "model.json", json.dumps(PEER).encode(), "model"),
    ("lenstronomy, class path", "a.json", json.dumps(lens_of(lens_model_list=["os.system"])).encode(), READ_NOTHING),
    ("lenstronomy, dunder", "a.json", json.dumps(lens_of(lens_model_list=["__class__"])).encode(), READ_NOTHING),
    ("lenstronomy, no numbers", "a.json", json.dumps(lens_of(kwargs_lens=[{"theta_E": PEER}])).encode(), "theta_E"),
    ("lenstronomy, huge", "a.json", json.dumps(lens_of(kwargs_lens=[{"theta_E": 10**400}])).encode(), "theta_E"),
    ("lenstronomy, deep", "a.json", b'{"lens_model_list": ' + DEEP.encode(), "no readable JSON"),
    ("COOLEST, class path", "a.json", json.dumps(template_of(type="os.system", parameters={})).encode(), READ_NOTHING),
    (
        "COOLEST, no numbers",
        "a.json",
        json.dumps(template_of(type="SIE", parameters={"theta_E": PEER})).encode(),
        "theta_E",
    ),
    ("COOLEST, pickled by jsonpickle", "a.json", json.dumps({"py/object": "os.system"}).encode(), "wanted a COOLEST"),
    ("TOML, class path", "a.toml", LENS.replace("mp.Isothermal", "os.system").format(1.0).encode(), "no profile"),
    ("TOML, dunder", "a.toml", LENS.replace("mp.Isothermal", "mp.__class__").format(1.0).encode(), "no profile"),
    ("TOML, deep lists", "a.toml", f"a = {DEEP}".encode(), "no TOML"),
    ("TOML, deep tables", "a.toml", f"[{'.'.join('a' * 3000)}]".encode(), "a.toml"),
    ("TOML, huge number", "a.toml", LENS.format("1" * 5000).encode(), "a.toml"),
    ("TOML, expression", "a.toml", LENS.format('"__import__(1)"').encode(), "einstein_radius"),
    ("TOML, 8 MB", "a.toml", b"#" * 2**23, "wanted at most"),
    (
        "TOML, 1e9 Gaussians",
        "a.toml",
        b'[galaxies.lens]\nredshift = 0.5\n[galaxies.lens.bulge]\nprofile = "mge"\nmask_radius = 3.0\n'
        b"total_gaussians = 1000000000\n",
        "1000000000",
    ),
    ("YAML for TOML", "a.toml", b"!!python/object/apply:os.system ['touch ran']\n", "no TOML"),
    ("FITS of 1e9 x 1e9", "a.fits", cards(BITPIX=-64, NAXIS=2, NAXIS1=10**9, NAXIS2=10**9), "a.fits"),
    ("FITS of 40 GB", "a.fits", cards(BITPIX=-64, NAXIS=2, NAXIS1=10**5, NAXIS2=50000), "a.fits"),
    ("FITS of 999 axes", "a.fits", cards(BITPIX=8, NAXIS=999, NAXIS1=1), "a.fits"),
    ("FITS of negative size", "a.fits", cards(BITPIX=8, NAXIS=2, NAXIS1=-5, NAXIS2=5), "a.fits"),
    ("FITS of an unknown type", "a.fits", cards(BITPIX=7, NAXIS=2, NAXIS1=5, NAXIS2=5), "a.fits"),
    ("FITS without an end", "a.fits", cards(BITPIX=8, NAXIS=0).replace(b"END", b"   ") + b" " * 2**20, "a.fits"),
]


# ---------------------------------------------------------------------- the process that reads


def read(path: Path) -> Any:
    """What a user would call with such a file."""
    import autolens as al

    if path.suffix == ".fits":
        return al.Array2D.from_fits(path, pixel_scales=0.1)
    if path.name == "model.json":
        return al.Model.from_json(path)
    if path.suffix in (".toml", ".json"):
        from autolens.description.interchange.reading import lens_from

        return lens_from(path)
    loaded = al.load_result(path)
    rows = al.results(path.parent)
    stored = loaded.latents if loaded.search_info.get("latents") else None  # those that are not stored take seconds
    return stored, str(loaded.model), len(rows)


def outcomes_of(root: Path) -> dict[str, dict[str, Any]]:
    """What reading every case below ``root`` did."""
    from autolens import exc

    happened: list[str] = []
    watched = (
        "os.system",
        "subprocess.Popen",
        "os.exec",
        "os.posix_spawn",
        "pickle.find_class",
        "os.fork",
        "exec.user",
    )

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        wrote = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
        if event in watched or (wrote and str(arguments[0]) != os.devnull):
            happened.append(f"{event} {arguments[0]}")

    cases = json.loads((root / "cases.json").read_text())
    for _, case in cases.items():  # what is imported once is not what a file runs
        outcome_of(root / case, exc)
        break
    sys.addaudithook(hook)
    found = {}
    for name, case in cases.items():
        happened.clear()
        outcome, said = outcome_of(root / case, exc)
        found[name] = {"outcome": outcome, "said": said, "ran": list(happened)}
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {**found, "largest": {"bytes": largest}}


def outcome_of(path: Path, exc: Any) -> tuple[str, str]:
    try:
        read(path)
    except exc.AutoException as error:
        return "refused", str(error)
    except BaseException as error:
        return "obscure", f"{type(error).__name__}: {error}"[:500]
    return "unharmed", ""


def fitted(folder: Path) -> None:
    """A real result, to be forged."""
    import autolens as al

    shape = (15, 15)
    dataset = al.Imaging(np.ones(shape), np.ones(shape), psf=np.ones((3, 3)), pixel_scales=0.1, over_sample_size_lp=1)
    lens = al.Model(al.Galaxy, redshift=0.5, mass=al.mp.Isothermal)
    source = al.Model(al.Galaxy, redshift=1.0, bulge=al.lp.Sersic)
    model = al.Collection(galaxies=al.Collection(lens=lens, source=source))
    settings = {"n_starts": 1, "n_screen": 2, "max_jacobians": 1, "show_progress": False, "output_path": folder}
    al.LevenbergMarquardt(**settings).fit(model, al.AnalysisImaging(dataset))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, dict[str, Any]]:
    import shutil

    root = tmp_path_factory.mktemp("hostile")
    fitted(root / "result")
    cases = {"unchanged": "result"}
    for i, (name, write, _) in enumerate(RESULTS):
        shutil.copytree(root / "result", root / f"folder{i}" / "result")
        write(root / f"folder{i}" / "result")
        cases[name] = f"folder{i}/result"
    for i, (name, file, content, _) in enumerate(FILES):
        (root / f"file{i}").mkdir()
        (root / f"file{i}" / file).write_bytes(content)
        cases[name] = f"file{i}/{file}"
    (root / "cases.json").write_text(json.dumps(cases))
    before = sorted(str(p.relative_to(root)) for p in root.rglob("*"))
    run = subprocess.run(
        [sys.executable, __file__, str(root)],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    assert run.returncode == 0, run.stderr
    assert sorted(str(p.relative_to(root)) for p in root.rglob("*")) == before, "a file appeared"
    return json.loads(run.stdout)


WANTED = {"unchanged": READ_NOTHING, **{row[0]: row[2] for row in RESULTS}, **{row[0]: row[3] for row in FILES}}


@pytest.mark.parametrize("name", WANTED)
def test_hostile_file_runs_nothing_and_is_named(name, outcomes):
    found = outcomes[name]
    assert found["ran"] == []
    wanted = WANTED[name]
    if wanted == READ_NOTHING:
        assert found["outcome"] == "unharmed", found["said"]
    else:
        assert found["outcome"] == "refused", found["said"]
        assert wanted in found["said"] and "\n" not in found["said"]


def test_memory_of_all_hostile_files_is_bounded(outcomes):
    assert outcomes["largest"]["bytes"] < 600 * 2**20


if __name__ == "__main__":
    sys.stdout.write(json.dumps(outcomes_of(Path(sys.argv[1]))))
