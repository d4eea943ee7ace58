"""What the pages say of names: every public name has an entry, and every name in a page exists."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import autolens as al

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "tools" / "docs_site"))

import reference  # noqa: E402


def test_every_public_name_has_one_entry_in_the_reference():
    pages = "".join(path.read_text() for path in (DOCS / "api").glob("*.md"))
    entries = re.findall(r"^::: autolens\.(\S+)", pages, re.MULTILINE) + reference.MARK.findall(pages)
    assert sorted(entries) == sorted([*al.__all__, "plot"])
