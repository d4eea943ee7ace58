"""Fits of the command in processes of their own: killed ones go on, in a batch too, and answers are JSON alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autolens.cli.demonstration import truth_and_dataset_from
from autolens.cli.results import write_dataset

COMMAND = [sys.executable, "-m", "autolens.cli.main"]
OPTIONS = ["--search", "maximum", "--no-report", "--json"]
MODEL = """
[galaxies.lens.light]
profile = "lp.Sersic"
centre = [0.02, -0.01]
ell_comps = [0.05, 0.1]
intensity = 1.0
effective_radius = 0.8
sersic_index = 3.0

[galaxies.lens.mass]
profile = "mp.Isothermal"
centre = [0.01, 0.02]
ell_comps = [0.08, 0.12]
einstein_radius = { prior = "uniform", lower = 1.2, upper = 1.6 }

[galaxies.lens.shear]
profile = "mp.ExternalShear"
gamma_1 = 0.03
gamma_2 = -0.04

[galaxies.source.light]
profile = "lp.Sersic"
centre = [0.12, 0.06]
ell_comps = [0.1, -0.1]
intensity = { prior = "uniform", lower = 0.5, upper = 3.0 }
effective_radius = 0.2
sersic_index = 1.5
"""
"""The demonstration with two parameters to be found, so that little is compiled."""
RADIUS = "galaxies.lens.mass.einstein_radius"


@pytest.fixture
def lenses(tmp_path):
    """A folder with the simulated lens, and with one whose description is damaged."""
    _, dataset = truth_and_dataset_from(1)
    facts = {"pixel_scale": 0.1, "mask_radius": 2.2, "redshift_lens": 0.5, "redshift_source": 1.0}
    for name in ("damaged", "lens"):
        write_dataset(dataset, tmp_path / "lenses" / name, facts)
    (tmp_path / "lenses" / "damaged" / "info.json").write_text("{")
    (tmp_path / "model.toml").write_text(MODEL)
    return tmp_path / "lenses"


def killed_in(folder: Path, process: subprocess.Popen) -> None:
    """Kill -9 whoever fits in a folder, as soon as it does."""
    for _ in range(1200):
        try:
            owner = json.loads((folder / ".lock").read_text())
            os.kill(owner["pid"], signal.SIGKILL)
            return
        except (OSError, ValueError):
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.05)
    raise AssertionError(f"nobody began to fit in {folder}")


def test_a_killed_fit_goes_on_with_resume(lenses):
    arguments = [*COMMAND, "fit", str(lenses / "lens"), "--model", "model.toml", *OPTIONS]
    begun = subprocess.Popen(arguments, cwd=lenses.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    folder = lenses.parent / "autolens_results" / "lens"
    killed_in(folder, begun)
    assert begun.wait() == -signal.SIGKILL

    done = subprocess.run([*arguments, "--resume"], cwd=lenses.parent, capture_output=True, text=True)
    said = json.loads(done.stdout)
    assert done.returncode == said["exit_code"] == (0 if said["verdict"] == "good" else 1)
    assert [path.name for path in folder.parent.iterdir()] == ["lens"] and said["finished"]
    parameter = said["parameters"][RADIUS]
    assert parameter["best"] == pytest.approx(1.4, abs=5.0 * parameter["upper_error"])
    assert said["chi_squared"] / said["pixels"] == pytest.approx(1.0, abs=0.15)
    assert said["doctor"]["worst"] in ("good", "note", "warning")
    assert json.loads((folder / "doctor.json").read_text())["worst"] == said["doctor"]["worst"]

    table = subprocess.run([*COMMAND, "results", "--json"], cwd=lenses.parent, capture_output=True, text=True)
    (row,) = json.loads(table.stdout)["fits"]
    assert row["verdict"] == said["verdict"]
    effective = said["latents"]["einstein_radius"]["median"]  # of the area inside the critical curve, not the parameter
    assert row["einstein_radius"] == pytest.approx(effective) and effective == pytest.approx(1.3889, abs=2e-3)

    again = subprocess.run([*arguments, "--resume"], cwd=lenses.parent, capture_output=True, text=True)
    assert again.returncode == 2 and "not finished" in json.loads(again.stdout)["error"]


def test_chains_end_at_their_time_limit_and_go_on_without_it(lenses):
    arguments = [*COMMAND, "fit", str(lenses / "lens"), "--model", "model.toml", "--output", "out"]
    arguments += ["--search", "nuts", "--no-report", "--json"]
    limited = subprocess.run([*arguments, "--time-limit", "0.001"], cwd=lenses.parent, capture_output=True, text=True)
    said = json.loads(limited.stdout)
    assert limited.returncode == 1 and said["verdict"] == "check" and not said["finished"]
    assert "the same command goes on from out" in limited.stderr
    best = said["parameters"][RADIUS]["best"]
    assert best == pytest.approx(1.4, abs=0.01)

    whole = json.loads(subprocess.run(arguments, cwd=lenses.parent, capture_output=True, text=True).stdout)
    assert whole["finished"] and whole["parameters"][RADIUS]["best"] == best
    summary = json.loads((lenses.parent / "out" / "result.json").read_text())
    sampling = summary["search"]["sampling"]
    assert sampling["method"] == "nuts" and sampling["accepted"] and sampling["effective_samples"] > 400


def test_a_killed_worker_of_a_batch_is_started_again_and_bad_data_stop_nobody(lenses):
    out = lenses.parent / "out"
    model = ["--model", str(lenses.parent / "model.toml"), "--no-jax"]
    arguments = [*COMMAND, "fit", str(lenses), *model, "--batch", "--jobs", "2", "--output", str(out), *OPTIONS]
    batch = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    killed_in(out / "lens", batch)
    answer, said = batch.communicate()
    found = {lens["name"]: lens for lens in json.loads(answer)["lenses"]}
    assert batch.returncode == 2
    assert found["damaged"]["state"] == "bad input" and "info.json" in found["damaged"]["error"]
    assert found["lens"]["attempts"] == 2 and found["lens"]["state"] in ("good", "check")
    assert found["lens"]["fit"]["parameters"][RADIUS]["best"] == pytest.approx(1.4, abs=0.01)
    assert "lens: killed (signal 9" in said

    again = subprocess.run(arguments, capture_output=True, text=True)
    found = {lens["name"]: lens for lens in json.loads(again.stdout)["lenses"]}
    assert found["lens"]["attempts"] == 0 and again.returncode == 2  # what is finished is not fitted again
