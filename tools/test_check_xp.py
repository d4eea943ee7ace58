"""Each rule of check_xp goes red on the code that breaks it and stays green on the code that keeps it."""

import textwrap

import pytest

from check_xp import findings_from, main
from xp_source import Module

HEADER = """
import numpy as np

def helper(values, xp=np):
    return xp.sqrt(values)

class Profile:
    slope: float = parameter(2.0)

    def radii_from(self, grid, xp=np):
        return xp.abs(grid)
"""


def rules(source: str) -> list[str]:
    """Rules that ``source``, after the header, breaks."""
    findings = findings_from([Module("a.py", HEADER + textwrap.dedent(source))])
    return [finding.rule for finding in findings]


def body(line: str) -> str:
    """A function of ``grid`` and ``xp`` with one statement."""
    return f"\ndef f(profile, grid, flag=True, xp=np):\n    {line}\n"


@pytest.mark.parametrize(
    "line",
    [
        "return helper(grid)",
        "return helper(grid, xp)",
        "return profile.radii_from(grid)",
        "return Profile().radii_from(grid=grid)",
        "return [helper(row) for row in grid]",
        "return (lambda row: helper(row))(grid)",
    ],
)
def test_xp1_a_dropped_xp(line):
    assert rules(body(line)) == ["XP1"]


@pytest.mark.parametrize(
    "line",
    [
        "return helper(grid, xp=xp)",
        "return profile.radii_from(grid, xp=xp)",
        "return xp.sqrt(grid)",
        "return len(grid)",
    ],
)
def test_xp1_green(line):
    assert rules(body(line)) == []


def test_xp1_in_a_method_that_reads_the_namespace_of_its_object():
    source = "class Fit:\n    def chi_squared(self):\n        return helper(self.data{}) + self._xp.sum(1.0)\n"
    assert rules(source.format("")) == ["XP1"]
    assert rules(source.format(", xp=self._xp")) == []


def test_xp1_of_an_inherited_method_and_of_super():
    source = """
    class Sersic(Profile):
        def radii_from(self, grid, xp=np):
            return super().radii_from(grid)

        def image_from(self, grid, xp=np):
            return self.radii_from(grid)
    """
    assert rules(source) == ["XP1", "XP1"]


def test_xp1_of_a_constructor():
    source = """
    class Grid:
        def __init__(self, values, xp=np):
            self.values = values

    def f(values, xp=np):
        return Grid(values)
    """
    assert rules(source) == ["XP1"]


def test_xp1_does_not_ask_where_the_callee_has_no_default():
    source = (
        "def strict(values, xp):\n    return xp.sum(values)\n\ndef f(values, xp=np):\n    return strict(values, xp)\n"
    )
    assert rules(source) == []


@pytest.mark.parametrize(
    "line",
    [
        "return np.sqrt(grid)",
        "return np.sqrt(grid) if flag else grid",
        "return xp.where(grid > 0, np.log(grid), 0.0)",
        "return np.linalg.norm(grid)",
        "return grid if xp is np else np.sqrt(grid)",
    ],
)
def test_xp2_numpy_in_an_xp_aware_body(line):
    assert rules(body(line)) == ["XP2"]


@pytest.mark.parametrize(
    "line",
    [
        "return np.sqrt(grid) if xp is np else grid",
        "return grid if xp is not np else np.sqrt(grid)",
        "return xp.pi * np.pi * np.inf",
        "return np.prod(grid.shape)",
        "return is_numpy(grid) and np.all(np.isfinite(grid))",
        "return is_traced(grid) or np.all(np.isfinite(grid))",
    ],
)
def test_xp2_green(line):
    assert rules(body(line)) == []


def test_xp2_knows_which_branch_is_numpy():
    early = "\ndef f(grid, xp=np):\n    if xp is {} np:\n        return xp.sum(grid)\n    return np.sum(grid)\n"
    assert rules(early.format("not")) == []
    assert rules(early.format("")) == ["XP2"]
    both = "\ndef f(grid, xp=np):\n    if xp is np:\n        a = np.sum(grid)\n    else:\n        a = np.abs(grid)\n"
    assert rules(both) == ["XP2"]


def test_numpy_outside_xp_aware_functions_is_free():
    assert rules("\ndef read(path):\n    return np.sqrt(np.array([1.0])) & 3\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "return grid > 0.0 and grid < 1.0",
        "return flag or xp.any(grid)",
        "return not xp.any(grid)",
        "return (grid.array > 0.0) & (grid.array < 1.0)",
        "return (xp.abs(grid) > 0.0) | flag",
        "inside = xp.abs(grid) < 1.0; return flag and inside",
    ],
)
def test_xp3_python_logic_on_arrays(line):
    assert rules(body(line)) == ["XP3"]


def test_xp3_on_a_model_parameter():
    source = """
    class PowerLaw(Profile):
        def f(self, grid, xp=np):
            return self.slope > 1.0 and self.name
    """
    assert rules(source) == ["XP3"]


@pytest.mark.parametrize(
    "line",
    [
        "return grid is None or flag",
        "return flag and not isinstance(grid, int | float)",
        "return grid.ndim == 2 and grid.shape[1] == 2",
        "return xp.logical_and(grid > 0.0, grid < 1.0)",
        "value: int | None = None; return value",
    ],
)
def test_xp3_green(line):
    assert rules(body(line)) == []


def test_xp4_a_property_with_numpy_beside_xp_aware_methods():
    source = """
    class Sersic(Profile):
        @property
        def scale(self):
            return np.sqrt(2.0 * self.slope)

        @property
        def constant(self):
            return 2.0 * np.pi
    """
    assert rules(source) == ["XP4"]


def test_xp4_green_in_a_class_without_xp():
    assert rules("\nclass Mask:\n    @property\n    def n(self):\n        return np.sum(self.array)\n") == []


def test_a_waiver_on_the_line_or_the_signature():
    assert rules(body("return np.sqrt(grid)  # xp: read from a file")) == []
    on_signature = "\ndef f(grid, xp=np):  # xp: masks are never traced\n    a = np.sqrt(grid)\n    return np.sum(a)\n"
    assert rules(on_signature) == []


def test_xp0_a_waiver_without_a_reason_or_use():
    assert rules(body("return np.sqrt(grid)  # xp:")) == ["XP0", "XP2"]
    assert rules(body("return xp.sqrt(grid)  # xp: not needed any more")) == ["XP0"]


def test_the_command_prints_the_place_and_fails(tmp_path, capsys):
    (tmp_path / "a.py").write_text(HEADER + body("return np.sqrt(grid)"))
    assert main([str(tmp_path)]) == 1
    assert f"{tmp_path / 'a.py'}:14: XP2" in capsys.readouterr().out
    (tmp_path / "a.py").write_text(HEADER)
    assert main([str(tmp_path)]) == 0


def test_the_command_fails_where_there_is_nothing_to_check(tmp_path):
    assert main([str(tmp_path / "missing")]) == 1
