"""Write the pages of ``docs/api`` that list whole modules: ``python tools/docs_site/reference.py``."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import autolens as al

API = Path(__file__).resolve().parents[2] / "docs" / "api"
PROFILES = {
    "light.md": (
        "Light profiles",
        {
            "lp": "Light",
            "lp_linear": "Light whose intensity the fit solves for",
            "lp_operated": "Light that is convolved with the PSF already",
            "lp_linear_operated": "The same, with intensities solved for",
            "lp_snr": "Light by its signal to noise, for simulations",
            "lp_basis": "Groups of profiles",
            "ps": "Points",
        },
    ),
    "mass.md": (
        "Mass profiles",
        {
            "mp": "Mass",
            "lmp": "Light and mass from one set of parameters",
            "lmp_linear": "The same, with intensities solved for",
            "sr": "Mass from luminosity",
        },
    ),
}
OTHERS = {
    "plot": "Pictures",
    "cosmo": "Distances",
    "reg": "Regularization of linear light",
    "convert": "Parameters of other codes",
    "preprocess": "Preparing data",
    "exc": "Errors",
}
FAMILIES = {"total": "total mass", "dark": "dark matter", "stellar": "stars", "input": "tables", "point": "points"}
_PROFILES_INTRO = (
    "Formula, parameters and their priors of each profile. How it is computed, and with which error: "
    "[profiles](../profiles.md).\nA name that ends in `Sph` is the round form, without `ell_comps`.\n"
)
_OTHERS_INTRO = (
    "Modules of `al`: `al.plot.subplot_fit(...)`, `al.cosmo.Planck15()` and so on. Every error derives from\n"
    "`al.exc.AutoException`, which is a `ValueError`; what their messages mean: "
    "[troubleshooting](../troubleshooting.md).\n"
)


def public_names_of(module: ModuleType) -> list[str]:
    """What a module exports, or defines where it does not say what it exports."""
    own = [n for n, v in vars(module).items() if getattr(v, "__module__", None) == module.__name__ and n[0] != "_"]
    return list(getattr(module, "__all__", own))


def profile_page(title: str, modules: dict[str, str]) -> str:
    """The page of several modules of profiles, mass in families."""
    parts = [f"# {title}\n\n{_PROFILES_INTRO}"]
    for module, heading in modules.items():
        names = public_names_of(getattr(al, module))
        if module != "mp":
            parts += [_heading(heading, module), *(_entry(module, name, members=False) for name in names)]
            continue
        families: dict[str, list[str]] = {}
        for name in names:
            families.setdefault(getattr(al.mp, name).__module__.split(".")[3], []).append(name)
        bases = families.pop("abstract")
        for family in sorted(families, key=[*FAMILIES, *families].index):
            parts.append(f"## {heading}: {FAMILIES.get(family, family)}\n")
            parts += [_entry(module, name, members=False) for name in families[family]]
        parts += ["## What every mass profile offers\n", *(_entry(module, name, members=True) for name in bases)]
    return "\n".join(parts)


def others_page() -> str:
    """The page of modules that hold functions."""
    parts = [f"# Plots, cosmology, converters, errors\n\n{_OTHERS_INTRO}"]
    for module, heading in OTHERS.items():
        parts.append(_heading(heading, module))
        parts += [_entry(module, name, members=True) for name in public_names_of(getattr(al, module))]
    return "\n".join(parts)


def _heading(heading: str, module: str) -> str:
    return f"## {heading}, `al.{module}` {{: #al-{module} }}\n"


def _entry(module: str, name: str, members: bool) -> str:
    options = "heading_level: 3" if members else "heading_level: 3, members: false"
    return f"::: autolens.{module}.{name}\n    options: {{{options}}}\n"


def pages() -> dict[str, str]:
    """Text by name of file."""
    texts = {name: profile_page(*content) for name, content in PROFILES.items()} | {"other.md": others_page()}
    return {name: text.rstrip() + "\n" for name, text in texts.items()}


if __name__ == "__main__":
    for name, text in pages().items():
        (API / name).write_text(text)
