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

MODULES = {*reference.OTHERS, *(module for _, modules in reference.PROFILES.values() for module in modules)}


def test_every_public_name_has_one_entry_in_the_reference():
    pages = "".join(path.read_text() for path in (DOCS / "api").glob("*.md"))
    entries = re.findall(r"^::: autolens\.(\S+)", pages, re.MULTILINE)

    wanted = [name for name in al.__all__ if name not in MODULES]
    wanted += [f"{module}.{name}" for module in MODULES for name in reference.public_names_of(getattr(al, module))]
    assert sorted(entries) == sorted(wanted)


def test_pages_that_list_whole_modules_are_those_that_the_script_writes():
    for name, text in reference.pages().items():
        assert (DOCS / "api" / name).read_text() == text, "run: python tools/docs_site/reference.py"
