import math

import pytest

from autolens.html_report.numbers import measured_from, plain_from, seconds_from


@pytest.mark.parametrize(
    ("value", "lower", "upper", "text"),
    [
        (1.39964, 0.00095, 0.00097, "1.39964 ± 0.00096"),
        (1.0, 0.1, 0.3, "1.00 +0.30 −0.10"),
        (-0.0401, 0.0011, 0.0011, "−0.0401 ± 0.0011"),
        (7.193e11, 5.4e8, 5.4e8, "(7.1930 ± 0.0054) ×10¹¹"),
        (153.4, 12.0, 13.0, "153 ± 12"),
        (0.5, 0.0, 0.0, "0.5"),
        (2.0, None, None, "2"),
        (math.nan, 1.0, 1.0, "–"),
        ("words", 1.0, 1.0, "–"),
        (3.0e-7, 1.0e-8, 1.0e-8, "(3.00 ± 0.10) ×10⁻⁷"),
    ],
)
def test_two_digits_of_the_smaller_error_are_written(value, lower, upper, text):
    assert str(measured_from(value, lower, upper)) == text


def test_errors_that_are_not_alike_stay_apart():
    measured = measured_from(5.0, 0.1, 0.2)
    assert not measured.is_symmetric
    assert (measured.lower, measured.upper) == ("0.10", "0.20")


def test_numbers_without_errors_have_four_digits():
    assert [plain_from(x) for x in (0.0, 12.3456, 123456.7, 1.5e9, -1e-7)] == [
        "0",
        "12.35",
        "123457",
        "1.500 ×10⁹",
        "−1.000 ×10⁻⁷",
    ]


def test_durations():
    assert [seconds_from(x) for x in (3.21, 300.0, 9000.0, None)] == ["3.2 s", "5.0 min", "2.5 h", "–"]
