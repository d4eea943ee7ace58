"""The example of README.md runs as it stands, in a folder with an observation, and finds the truth."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

import autolens as al
from autolens.cli.demonstration import truth_and_dataset_from

README = Path(__file__).resolve().parents[3] / "README.md"


def test_example_of_the_readme_fits_the_demonstration_and_draws_it(tmp_path, monkeypatch, capsys):
    truth, dataset = truth_and_dataset_from(1)
    dataset.output_to_fits(*(tmp_path / f"{name}.fits" for name in ("data", "noise_map", "psf")))
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(), flags=re.DOTALL)

    names: dict = {}
    exec(compile(example, "README.md", "exec"), names)

    printed = float(capsys.readouterr().out.split()[-1])
    assert printed == pytest.approx(truth["lens"].mass.einstein_radius, abs=0.01)
    fit = names["result"].max_log_likelihood_fit
    assert isinstance(fit, al.FitImaging)
    assert float(fit.chi_squared) / dataset_pixels(names) == pytest.approx(1.0, abs=0.15)
    picture = matplotlib.image.imread(tmp_path / "fit.png")
    assert np.std(picture[..., :3]) > 0.05


def dataset_pixels(names: dict) -> int:
    return names["dataset"].mask.pixels_in_mask
