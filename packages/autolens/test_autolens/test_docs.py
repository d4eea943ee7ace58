"""The pages on lenses run as they are written, their assertions with them."""

from __future__ import annotations

import numpy as np
import pytest

from documented_code import run


def test_page_on_the_likelihood_runs_and_its_numbers_hold():
    names = run("imaging.md", with_jax=False)

    fit, found = names["fit"], names["intensities"]
    assert len(found) == 31
    assert names["errors"].shape == (31,)
    assert names["tracer"].galaxies[1].disk.intensity == pytest.approx(2.0, rel=0.03)
    assert float(fit.chi_squared) / fit.mask.pixels_in_mask == pytest.approx(1.0, abs=0.1)
    sizes = names["fine"].over_sample_size_lensed
    assert np.ptp(sizes.array) > 0


def test_page_on_chains_finds_the_truth():
    names = run("chaining.md", with_jax=False)

    truth = {"einstein_radius": (1.2, 0.01), "slope": (2.0, 0.05)}
    mass = names["mass"].instance.galaxies.lens.mass
    for parameter, (value, tolerance) in truth.items():
        assert getattr(mass, parameter) == pytest.approx(value, abs=tolerance)
    assert names["joint"].instance.galaxies.source.disk.intensity == pytest.approx(2.0, rel=0.03)
    assert float(names["joint"].max_log_likelihood_fit.reduced_chi_squared) == pytest.approx(1.0, abs=0.15)
    found = {name.partition(".")[0] for name in names["fit"].samples.names}
    assert found == {"g", "r"}


def test_page_on_preparation_makes_a_dataset_that_its_truth_fits(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = run("prepare.md", with_jax=False)

    assert names["prepared"].values["gain"] == 1.7
    assert sorted(path.name for path in names["folder"].iterdir()) == [
        "data.fits",
        "info.json",
        "noise_map.fits",
        "psf.fits",
    ]
    assert names["dataset"].psf.shape_native == (21, 21)
