"""The PSF: what was done to a Gaussian is found, and the number is that of the Gaussian."""

import numpy as np
import pytest

from autolens.data_doctor import psf as checks
from autolens.data_doctor.images import Images


def gaussian(shape, width, centre=(0.0, 0.0)):
    rows, columns = (np.arange(n) - (n - 1) / 2.0 for n in shape)
    image = np.exp(-0.5 * ((rows[:, None] - centre[0]) ** 2 + (columns[None, :] - centre[1]) ** 2) / width**2)
    return image / image.sum()


def findings_of(psf):
    one = np.ones((5, 5))
    images = Images(one, one, psf, 0.1, one > 0.0)
    return {finding.name: finding for finding in checks.findings_from(images)}


def test_good_one_is_silent():
    assert findings_of(gaussian((21, 21), 1.5)) == {}


@pytest.mark.parametrize("shift", [(0.25, 0.0), (-0.3, 0.4), (1.2, -2.1)])
def test_shift(shift):
    finding = findings_of(gaussian((31, 31), 1.5, shift))["psf_centre"]
    assert finding.value == pytest.approx(np.sqrt(shift[0] ** 2 + shift[1] ** 2), rel=0.02)
    assert finding.severity == ("error" if finding.value > 1.0 else "warning")


def test_centroid_has_the_sign_of_rows_and_columns():
    assert checks.centroid_of(gaussian((31, 31), 1.5, (0.25, -0.5))) == pytest.approx((0.25, -0.5), abs=0.01)


def test_even_side_sum_and_negative_wings():
    assert findings_of(gaussian((20, 21), 1.5))["psf_parity"].severity == "error"
    assert findings_of(0.95 * gaussian((21, 21), 1.5))["psf_sum"].value == pytest.approx(0.95)
    psf = gaussian((21, 21), 1.5)
    psf[2, 2:12] -= 0.002
    assert findings_of(psf)["psf_negative"].value == pytest.approx(0.02 / 0.98, rel=0.05)


@pytest.mark.parametrize("side", [5, 7])
def test_light_beyond_the_edge_of_a_gaussian(side):
    lost = 1.0 - gaussian((41, 41), 1.5)[20 - side // 2 : 21 + side // 2, 20 - side // 2 : 21 + side // 2].sum()
    found = findings_of(gaussian((side, side), 1.5))["psf_cut_off"].value
    assert 0.3 * lost < found < 3.0 * lost


def test_light_beyond_the_edge_of_a_power_law():
    rows, columns = np.indices((25, 25)) - 12
    psf = (1.0 + rows**2 + columns**2) ** -1.5  # falls like r^-3; 2 pi / sqrt(1 + 12.5^2) of 2 pi lies beyond 12.5
    found = findings_of(psf / psf.sum())["psf_cut_off"].value
    assert found == pytest.approx(1.0 / np.sqrt(1.0 + 12.5**2), rel=0.25)


def test_missing_one_and_one_that_is_not_finite():
    assert set(findings_of(None)) == {"psf_missing"}
    psf = gaussian((5, 5), 1.0)
    psf[0, 0] = np.nan
    assert findings_of(psf)["psf_values"].severity == "error"
