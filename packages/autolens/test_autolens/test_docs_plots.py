"""The page on plots runs as it is written, in an empty folder."""

from __future__ import annotations

import numpy as np
import pytest

from documented_code import run
from drawn_panels import axes_of, images_of


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plots")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return run("plots.md", with_jax=False), folder


def test_figures_of_the_page_are_written(page):
    _, folder = page
    names = {"dataset.png", "subplot_fit.png", "subplot_fit.pdf", "mine.pdf", "mine.png"}
    assert {file.name for file in (folder / "figures").iterdir()} == names
    assert all(file.stat().st_size > 10_000 for file in (folder / "figures").iterdir())


def test_fit_of_the_page_is_that_of_the_truth(page):
    names, _ = page
    images = images_of(names["figure"])
    assert len(images) == 12
    fit = names["fit"]
    assert float(fit.chi_squared) / fit.mask.pixels_in_mask == pytest.approx(1.0, abs=0.1)


def test_errors_of_the_page_are_those_of_its_posterior(page):
    names, _ = page
    bands = axes_of(names["errors"], "Mass: error").collections
    # an error of 0.01 of an Einstein radius of 1.2, in per cent; 68 per cent of 300 draws
    assert 0.5 * np.ptp(bands[1].get_paths()[0].vertices[:, 1]) == pytest.approx(100.0 * 0.01 / 1.2, rel=0.15)


def test_axes_on_the_sky_and_the_figure_of_many_panels(page):
    names, _ = page
    axes = axes_of(names["on_sky"], "On the sky")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("RA", "Dec")
    assert axes_of(names["own"], "Another title").images
