"""The profiles that a file may name: those of ``al.lp``, ``al.mp`` and so on, and nothing else."""

from __future__ import annotations

import difflib
import functools
from types import ModuleType

import autogalaxy as ag

GROUPS: dict[str, ModuleType] = {
    "lp": ag.lp,
    "lp_linear": ag.lp_linear,
    "lp_operated": ag.lp_operated,
    "lp_linear_operated": ag.lp_linear_operated,
    "lp_snr": ag.lp_snr,
    "mp": ag.mp,
    "lmp": ag.lmp,
    "lmp_linear": ag.lmp_linear,
    "ps": ag.ps,
    "lp_basis": ag.lp_basis,
}
ABSTRACT = (
    "LightProfile",
    "LightProfileLinear",
    "LightProfileOperated",
    "LightProfileSNR",
    "LightMassProfile",
    "MassProfile",
)
NEED_ARRAYS = ("GaussianRandomField", "InputDeflections", "InputPotential")
"""Profiles of pixels, which a file of numbers cannot describe."""


@functools.cache
def profiles() -> dict[str, type]:
    """Every profile by the name that a file uses: ``mp.PowerLaw``."""
    return {
        f"{group}.{name}": getattr(module, name)
        for group, module in GROUPS.items()
        for name in module.__all__
        if name not in ABSTRACT and name not in NEED_ARRAYS
    }


@functools.cache
def _names() -> dict[type, str]:
    return {cls: name for name, cls in reversed(profiles().items())}


def name_of(cls: type) -> str | None:
    """The name of a class in a file, ``None`` where it has none."""
    return _names().get(cls)


def nearest(word: str, known: list[str]) -> str:
    """The end of a message: the nearest known name, or all of them where they are few."""
    folded = {name.lower(): name for name in reversed(known)}
    found = difflib.get_close_matches(str(word).lower(), list(folded), n=1, cutoff=0.6)
    if found:
        return f"did you mean {folded[found[0]]}?"
    return f"wanted one of {', '.join(known)}." if len(known) <= 16 else "wanted a name of the docs' list of profiles."


def nearest_profile(word: str) -> str:
    """The end of a message on a profile that there is not; a name without its group finds those of every group."""
    known = profiles()
    tail = str(word).rpartition(".")[2].lower()
    same = [name for name in known if name.partition(".")[2].lower() == tail]
    if same:
        return f"did you mean {' or '.join(same[:4])}?"
    if str(word).rpartition(".")[2] in NEED_ARRAYS:
        return "that one is made of arrays, which only a model in Python can give it."
    found = difflib.get_close_matches(tail, [name.partition(".")[2].lower() for name in known], n=1)
    near = [name for name in known if found and name.partition(".")[2].lower() == found[0]]
    if near:
        return f"did you mean {' or '.join(near[:4])}?"
    return 'wanted a group and a name, such as "mp.PowerLaw" or "lp.Sersic".'
