"""The page on data has a row for everything that the doctor can find, and for nothing else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCTOR = ROOT / "packages" / "autolens" / "autolens" / "data_doctor"


def names_in_the_source() -> set[str]:
    """First argument, or ``name=``, of each ``DataFinding``; an expression gives every text in it."""
    found: set[str] = set()
    for path in DOCTOR.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DataFinding":
                named = [keyword.value for keyword in node.keywords if keyword.arg == "name"]
                for value in [*node.args[:1], *named]:
                    found |= _names_of(value)
    return found


def _names_of(value: ast.expr) -> set[str]:
    if isinstance(value, ast.Constant):
        return {value.value}
    if isinstance(value, ast.IfExp):
        return _names_of(value.body) | _names_of(value.orelse)
    if isinstance(value, ast.JoinedStr):  # f"{name}_not_finite" of the data and of the noise map
        tail = "".join(part.value for part in value.values if isinstance(part, ast.Constant))
        return {f"{name}{tail}" for name in ("data", "noise_map")}
    return set()


def test_the_page_lists_what_the_doctor_finds():
    page = (ROOT / "docs" / "your-data.md").read_text()
    table = page[page.index("| finding |") : page.index("The guesses at the end")]
    listed = {name for row in re.findall(r"^\| (.+?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}

    assert len(listed) > 25
    assert listed == names_in_the_source()
