"""What the pages say of names: every public name has an entry, and every name in a page exists."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

import autolens as al

DOCS = Path(__file__).resolve().parents[2] / "docs"
WHOLE = (
    "lp",
    "lp_linear",
    "lp_operated",
    "lp_linear_operated",
    "lp_snr",
    "lp_basis",
    "ps",
    "mp",
    "lmp",
    "lmp_linear",
    "sr",
)
PARTS = ("plot", "cosmo", "reg", "convert", "preprocess", "exc")


def entries() -> list[str]:
    """The names behind ``:::`` of the pages in ``docs/api``."""
    return re.findall(
        r"^::: autolens\.(\S+)", "".join(p.read_text() for p in (DOCS / "api").glob("*.md")), re.MULTILINE
    )


def public_names_of(module: ModuleType) -> list[str]:
    """What is exported, or was defined there."""
    own = [n for n, v in vars(module).items() if getattr(v, "__module__", None) == module.__name__ and n[0] != "_"]
    return list(getattr(module, "__all__", own))


def test_every_public_name_has_one_entry_in_the_reference():
    wanted = [name for name in al.__all__ if name not in PARTS]
    wanted += [f"{part}.{name}" for part in PARTS for name in public_names_of(getattr(al, part))]
    assert sorted(entries()) == sorted(wanted)


@pytest.mark.parametrize("module", WHOLE)
def test_a_module_that_is_listed_as_a_whole_says_what_is_public(module):
    assert getattr(al, module).__all__
