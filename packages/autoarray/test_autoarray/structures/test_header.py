"""Keywords that travel with an image, and the size of a pixel that they state."""

import numpy as np
import pytest

import autoarray as aa


@pytest.fixture
def images():
    return [aa.Array2D.no_mask(np.full((3, 4), 2.0), 0.1, header=h) for h in ({"A": 1}, {"A": 2}, None)]


def test_the_header_of_the_first_operand_that_has_one_stays(images):
    first, second, bare = images
    for one, other, wanted in ((first, bare, 1), (bare, first, 1), (first, second, 1), (second, first, 2)):
        for result in (one - other, one * np.sqrt(other), *divmod(one, other), np.hypot(one, other), one.slim > other):
            assert result.header["A"] == wanted
    assert (np.ones(12) / first).header["A"] == np.sqrt(first).native.header["A"] == 1
    assert (bare + bare).header is None and (1.0 - bare).header is None
    assert (first.header, second.header, bare.header) == ({"A": 1}, {"A": 2}, None)
