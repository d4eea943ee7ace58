"""The page on the imaging likelihood runs as it is written, its assertions with it."""

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
