import numpy as np
import pytest

from autoarray.plot import style


def test_residual_limits_are_symmetric_about_zero():
    assert style.limits_from(np.array([-1.0, 3.0]), "residual") == (-3.0, 3.0)


def test_residual_limits_stop_at_five_sigma():
    assert style.limits_from(np.array([-80.0, 3.0]), "residual") == (-5.0, 5.0)


def test_zero_residual_is_drawn_white():
    norm = style.norm_from((-4.0, 4.0), "residual")
    assert style.colour_map_from("residual")(norm(0.0))[:3] == pytest.approx((0.97, 0.97, 0.97), abs=0.02)


def test_residuals_are_blue_below_zero_and_red_above():
    below, above = (style.colour_map_from("residual")(place) for place in (0.1, 0.9))
    assert below[2] > below[0]
    assert above[0] > above[2]


@pytest.mark.parametrize("kind", ["image", "linear", "chi_squared"])
def test_images_are_in_maps_whose_lightness_only_rises(kind):
    red, green, blue = style.colour_map_from(kind)(np.linspace(0.0, 1.0, 50))[:, :3].T
    lightness = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert np.all(np.diff(lightness) > 0.0)


@pytest.mark.parametrize("kind", list(style.KINDS))
def test_masked_pixels_are_neutral_grey(kind):
    red, green, blue, alpha = style.colour_map_from(kind)(np.ma.masked_invalid([np.nan]))[0]
    assert red == green == blue == pytest.approx(0.78, abs=0.01)
    assert alpha == 1.0


def test_chi_squared_starts_at_zero():
    assert style.limits_from(np.array([0.4, 9.0]), "chi_squared") == (0.0, 9.0)


@pytest.mark.parametrize("kind", list(style.KINDS))
@pytest.mark.parametrize("values", [[], [0.0, 0.0], [np.nan], [2.0]])
def test_limits_of_dull_images_are_in_order(kind, values):
    low, high = style.limits_from(np.array(values, dtype=float), kind)
    assert np.isfinite(low) and np.isfinite(high)
    assert high > low


@pytest.mark.parametrize(
    ("limits", "kind"), [((-0.02, 31.0), "image"), ((-5.0, 5.0), "residual"), ((0.0, 9.0), "linear")]
)
def test_ticks_are_few_in_range_and_have_a_zero(limits, kind):
    ticks = style.ticks_from(style.norm_from(limits, kind))
    assert 3 <= len(ticks) <= 7
    assert limits[0] <= ticks.min() and ticks.max() <= limits[1]
    assert 0.0 in ticks
