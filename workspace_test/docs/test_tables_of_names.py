"""Names in the tables for users of other codes exist here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import autolens as al
import autolens.plot
from autolens.analysis.result import LensResult

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROOTS: dict[str, Any] = {
    "al": al,
    "calc": al.LensCalc,
    "dataset": al.Imaging,
    "fit": al.FitImaging,
    "model": al.Collection,
    "result": LensResult,
    "samples": al.Samples,
    "tracer": al.Tracer,
}
SET_IN_CONSTRUCTOR = {"result.samples", "result.search_info", "al.FitImaging.model_data"}
_NAME = re.compile(r"\b((?:al|calc|dataset|fit|model|result|samples|tracer)(?:\.\w+)+)")


def names_of(page: str) -> list[str]:
    """Names in the second column of the tables of ``page``."""
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", (DOCS / page).read_text(), re.MULTILINE)
    spans = [span for _, ours in rows for span in re.findall(r"`([^`]+)`", ours)]
    return [name for span in spans for name in _NAME.findall(span)]


def exists(name: str) -> bool:
    """Whether ``name`` leads somewhere, from the class of its root."""
    first, *rest = name.split(".")
    found = ROOTS[first]
    for step in rest:
        if name in SET_IN_CONSTRUCTOR:
            return True
        if not hasattr(found, step) and step not in getattr(found, "__dataclass_fields__", {}):
            return False
        found = getattr(found, step, None)
    return True


@pytest.mark.parametrize("page", ["from-pyautolens.md", "from-lenstronomy.md", "conventions.md"])
def test_names_in_our_column_exist(page: str):
    assert [name for name in names_of(page) if not exists(name)] == []


def test_tables_have_names_to_look_at_and_a_wrong_one_is_found():
    assert len(names_of("from-pyautolens.md")) > 80
    assert len(names_of("from-lenstronomy.md")) > 50
    assert not exists("al.lp.Sersik")
    assert not exists("tracer.image_3d_from")
    assert autolens.plot is al.plot
