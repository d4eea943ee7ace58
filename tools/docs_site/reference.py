"""Entries of the reference for whole modules, written where a page says ``<!-- names of al.mp -->``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType

import autolens as al

MARK = re.compile(r"<!-- names of al\.(\w+) -->")
FAMILIES = {
    "total": "Total mass",
    "dark": "Dark matter",
    "stellar": "Stars",
    "sheets": "Shear, sheets, external potentials",
    "point": "Points",
    "input": "Tables",
    "abstract": "What every mass profile offers",
}
PROFILES = frozenset(
    {"lp", "mp", "lmp", "ps", "sr", "lp_linear", "lp_operated", "lp_linear_operated", "lp_snr", "lmp_linear"}
)


def public_names_of(module: ModuleType) -> list[str]:
    """What a module exports, or defines where it does not say what it exports."""
    own = [n for n, v in vars(module).items() if getattr(v, "__module__", None) == module.__name__ and n[0] != "_"]
    return list(getattr(module, "__all__", own))


def with_entries(markdown: str) -> str:
    """The page with an entry for each name of the modules that it asks for."""
    return MARK.sub(lambda found: "\n".join(_entries(found[1])), markdown)


def _entries(module: str) -> Iterator[str]:
    names = public_names_of(getattr(al, module))
    if module != "mp":
        yield from (_entry(module, name, with_members=module not in PROFILES) for name in names)
        return
    families: dict[str, list[str]] = {family: [] for family in FAMILIES}
    for name in names:
        families[getattr(al.mp, name).__module__.split(".")[3]].append(name)
    for family, members in families.items():
        yield f"## {FAMILIES[family]}\n"
        yield from (_entry(module, name, with_members=family == "abstract") for name in members)


def _entry(module: str, name: str, with_members: bool) -> str:
    options = "heading_level: 3" if with_members else "heading_level: 3, members: false"
    return f"::: autolens.{module}.{name}\n    options: {{{options}}}\n"
