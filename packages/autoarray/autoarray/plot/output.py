"""Figures to files or to the screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from autoarray import exc

FORMATS = (".png", ".pdf", ".svg")
SHOW = "show"
_NAMES = (*(ending[1:] for ending in FORMATS), SHOW)


@dataclass(frozen=True)
class Output:
    """Where figures go: ``Output("figures", format="pdf")`` writes ``figures/<name of the figure>.pdf``.

    Several formats write several files; ``"show"`` opens a window, or displays the figure in a notebook.
    """

    path: str | Path | None = None
    """A folder, or the name of one file with its ending; the current folder where not given."""
    format: str | Sequence[str] = "png"
    """``"png"``, ``"pdf"``, ``"svg"``, ``"show"``, or several of them."""
    dpi: int = 120
    """Dots per inch of a png."""

    def __post_init__(self) -> None:
        if not self.formats or any(name not in _NAMES for name in self.formats):
            raise exc.PlotException(
                f"Output got format={self.format!r}, wanted one or several of {', '.join(_NAMES)}: "
                'Output("figures", format="png").'
            )
        if isinstance(self.dpi, bool) or not isinstance(self.dpi, int | float) or not 10 <= self.dpi <= 2400:
            raise exc.PlotException(f"Output got dpi={self.dpi!r}, wanted a number from 10 to 2400: Output(dpi=120).")

    @property
    def formats(self) -> tuple[str, ...]:
        return (self.format,) if isinstance(self.format, str) else tuple(self.format)

    def deliver(self, figure: Figure, name: str) -> list[Path]:
        """Write or show ``figure``; returns the files."""
        written = []
        path = Path("." if self.path is None else self.path)
        for ending in self.formats:
            if ending == SHOW:
                show(figure)
                continue
            is_file = path.suffix.lower() in FORMATS
            file = path.with_suffix(f".{ending}") if is_file else path / f"{name}.{ending}"
            written.append(save(figure, file, dpi=int(self.dpi)))
        return written


def deliver(figure: Figure, name: str, path: str | Path | None = None, output: Output | None = None) -> None:
    """Write ``figure`` to the file ``path`` and to ``output``, to those that are given."""
    if output is not None and not isinstance(output, Output):
        raise exc.PlotException(f'output={output!r}, wanted an Output: output=Output("figures", format="png").')
    if path is not None:
        save(figure, path)
    if output is not None:
        output.deliver(figure, name)


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


def show(figure: Figure) -> None:
    """Display ``figure`` in a notebook, or open a window and wait until it is closed."""
    notebook = sys.modules.get("IPython")
    if notebook is not None and getattr(notebook.get_ipython(), "kernel", None) is not None:
        from IPython.display import display

        display(figure)
        return
    from matplotlib import pyplot

    canvas, window = figure.canvas, pyplot.figure()
    try:  # a window of pyplot is lent to this figure, and given back
        if type(window.canvas).required_interactive_framework is None:
            raise exc.PlotException(
                f'format="show" needs a screen, but matplotlib draws with {pyplot.get_backend()!r} here; wanted a '
                'file: Output("figures", format="png").'
            )
        window.canvas.figure = figure
        figure.set_canvas(window.canvas)
        pyplot.show()
    finally:
        pyplot.close(window.number)
        figure.set_canvas(canvas)
