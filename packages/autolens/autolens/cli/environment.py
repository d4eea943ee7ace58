"""What this installation computes with: versions, backend, devices, threads, and the parts that are not there."""

from __future__ import annotations

import platform
from typing import Any

from autogalaxy.inference import compilation_cache
from autolens.analysis.named_models import LIGHTS, NAMED
from autolens.cli import searches, threads
from autolens.cli.installed import is_installed, version_of

OURS = ("autolens-xp", "autogalaxy-xp", "autoarray-xp")
NEEDED = ("numpy", "scipy", "astropy")
PARTS = {
    "jax": ("compiled likelihoods and gradients, many times faster", "jax"),
    "matplotlib": ("pictures", "plot"),
    "corner": ("corner pictures", "plot"),
    "jinja2": ("the report of a fit", "report"),
    "plotly": ("the report of a fit", "report"),
    "blackjax": ("Hamiltonian chains", "jax"),
    "nautilus": ("nested sampling where nothing simpler serves", "samplers"),
    "dynesty": ("another nested sampler", "samplers"),
    "emcee": ("ensemble sampling", "samplers"),
}
"""Optional modules: what they are for, and the extra of the package that brings them."""
_DISTRIBUTIONS = {"nautilus": "nautilus-sampler"}


def environment() -> dict[str, Any]:
    """Everything in plain types."""
    return {
        "versions": {"python": platform.python_version(), **{name: version_of(name) for name in (*OURS, *NEEDED)}},
        "backend": _backend(),
        "threads": {"used": threads.in_use(), "processors": threads.processors()},
        "optional": {name: _part(name) for name in PARTS},
        "missing": sorted({extra for name, (_, extra) in PARTS.items() if not is_installed(name)}),
        "models": list(NAMED),
        "lights": list(LIGHTS),
        "searches": list(searches.REGISTRY),
    }


def _part(name: str) -> dict[str, Any]:
    purpose, extra = PARTS[name]
    version = version_of(_DISTRIBUTIONS.get(name, name)) if is_installed(name) else None
    return {"version": version, "for": purpose, "install": None if version else pip_line(extra)}


def pip_line(*extras: str) -> str:
    """What installs parts that are missing."""
    return f"pip install 'autolens-xp[{','.join(extras)}]'"


def _backend() -> dict[str, Any]:
    """Where likelihoods are computed; asking JAX for its devices starts it."""
    if not is_installed("jax"):
        return {"name": "numpy", "devices": [], "compilation_cache": None}
    import jax

    devices = [f"{device.platform}: {device.device_kind}" for device in jax.devices()]
    cache = compilation_cache.folder_from_environment()
    return {"name": f"jax on {jax.default_backend()}", "devices": devices, "compilation_cache": cache}


def lines_from(found: dict[str, Any]) -> list[str]:
    """The same for people."""
    versions, said, backend = found["versions"], found["threads"], found["backend"]
    lines = [
        ", ".join(f"{name} {version}" for name, version in versions.items()),
        f"computes with {backend['name']}"
        + (f" ({', '.join(backend['devices'])})" if backend["devices"] else " (slow)"),
        f"{said['used']} threads on {said['processors']} processors ({threads.ASKED}=4 asks for 4)",
    ]
    for name, part in found["optional"].items():
        there = part["version"] or f"not installed ({part['install']})"
        lines.append(f"{name} {there}: {part['for']}")
    if found["missing"]:
        lines.append(f"everything that is missing: {pip_line(*found['missing'])}")
    if backend["compilation_cache"]:
        lines.append(f"compiled programs are kept in {backend['compilation_cache']}")
    return [
        *lines,
        f"models: {', '.join(found['models'])}",
        f"light of the lens: {', '.join(found['lights'])}",
        f"searches: {', '.join(found['searches'])}",
    ]
