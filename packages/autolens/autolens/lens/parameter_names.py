"""What the parameters of a lens are called where there is little room."""

from __future__ import annotations


def short_name_of(path: str) -> str:
    """A parameter's path as tables and figures show it: ``lens.mass.centre_0`` for
    ``galaxies.lens.mass.centre.centre_0``."""
    steps = path.removeprefix("galaxies.").split(".")
    return ".".join(a for a, b in zip(steps, [*steps[1:], ""], strict=True) if not b.startswith(f"{a}_"))
