"""Compiled programs kept on disk, so that the same model on the same data compiles once and not in each session."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "AUTOLENS_COMPILATION_CACHE"
"""Environment variable: a folder, or ``off``."""
LEAST_SECONDS = 0.1
"""Programs that compile faster than this are not kept."""


def folder_from_environment() -> Path | None:
    """Where compiled programs are kept: what the variable says, or a folder in the user's cache directory."""
    value = os.environ.get(VARIABLE, "").strip()
    if value.lower() in ("off", "0", "none", "false"):
        return None
    if value:
        return Path(value).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("autolens") / "compiled"


def switch_on() -> Path | None:
    """Let JAX keep compiled programs, unless it does so already or it is switched off; returns the folder used.

    Called by searches and by the command, never on import. A folder that cannot be written is no error: JAX goes on
    without it.
    """
    import jax

    used = getattr(jax.config, "jax_compilation_cache_dir", None)
    if used is not None:
        return Path(used)
    folder = folder_from_environment()
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", LEAST_SECONDS)
    return folder
