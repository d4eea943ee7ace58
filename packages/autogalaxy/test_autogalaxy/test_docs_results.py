"""The page on results runs as it is written."""

import pytest

from documented_code import run


def test_page_on_results_runs_and_its_numbers_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = run("results.md", with_jax=False)

    assert names["radii"] == [pytest.approx(0.4, abs=0.02)]
    assert len(names["results"]) == 1 and len(names["high"]) == 0
    assert names["table"]["galaxies.galaxy.light.intensity"][0] == pytest.approx(2.0, rel=0.1)
