"""The page on searches runs as it is written, its assertions with it."""

from __future__ import annotations

import pytest

from documented_code import run


def test_page_on_searches_runs_and_its_numbers_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = run("searches.md", with_jax=False)

    result = names["result"]
    found = dict(zip(result.samples.names, result.samples.median_pdf_vector, strict=True))
    assert found["galaxies.source.disk.intensity"] == pytest.approx(2.0, rel=0.03)
    assert names["sampling"]["effective_samples"] >= 500.0
    # the posterior of so good an image is nearly Gaussian, whose evidence has a closed form
    laplace = names["sampling"]["laplace_log_evidence"]
    assert result.search_info["log_evidence"] == pytest.approx(laplace, abs=0.2)
    assert (tmp_path / "corner.png").stat().st_size > 20_000
