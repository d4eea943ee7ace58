"""With which versions of what a result was computed."""

from __future__ import annotations

import platform
import sys
from importlib import metadata

PACKAGES = ("autoarray-xp", "autogalaxy-xp", "autolens-xp", "numpy", "scipy", "jax")


def versions() -> dict[str, str]:
    """Versions by name; what is not installed is left out."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            imported = sys.modules.get(name.removesuffix("-xp"))  # run from its source
            if version := getattr(imported, "__version__", None):
                found[name] = str(version)
    return found
