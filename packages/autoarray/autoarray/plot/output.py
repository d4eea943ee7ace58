"""Figures to files."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from matplotlib.figure import Figure

from autoarray import exc

FORMATS = (".png", ".pdf", ".svg")


def save(figure: Figure, path: str | Path, dpi: int = 120) -> Path:
    """Write ``figure`` to ``path`` (png, pdf or svg by its ending), making the folder where it is missing."""
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise exc.PlotException(
            f"save got the file name {path.name!r} and wants one that ends in {', '.join(FORMATS)}: "
            f'save(figure, "{path.stem}.png").'
        )
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(part, dpi=dpi, facecolor="white", format=path.suffix[1:].lower())
        os.replace(part, path)  # an interruption leaves an older picture as it was
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise exc.FileException(f"The figure {path} cannot be written: {error}") from error
    return path
