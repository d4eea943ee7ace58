"""What to say of a folder that is not what a command wants: where the right one may be."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from pathlib import Path

from autoarray import exc

DATA = "data.fits"
RESULT = "result.json"
_SHOWN = 5


def refusal(folder: Path, wanted: str, example: str, marker: str = DATA) -> exc.FileException:
    """The error for ``folder``, which is not ``wanted`` (one with a file ``marker``); ``example`` is a right call."""
    if folder.is_file():
        return exc.FileException(f"{folder} is a file, wanted {wanted}: {example}.")
    if not folder.is_dir():
        return exc.FileException(f"{folder} is no folder{_or_else(_alike(folder))}; wanted {wanted}: {example}.")
    return exc.FileException(f"{folder} holds no {marker}{_inside(folder, marker)}; wanted {wanted}: {example}.")


def listed(names: Iterable[object]) -> str:
    """A few names in words, and how many more there are."""
    everything = [str(name) for name in names]
    more = len(everything) - _SHOWN
    return ", ".join(everything[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def subfolders_with(folder: Path, marker: str) -> list[Path]:
    """Folders right in ``folder`` that hold a file ``marker``."""
    return _kept(folder, lambda path: path.is_dir() and (path / marker).is_file())


def _alike(folder: Path) -> list[Path]:
    """Folders beside the place that was named whose names are close to its name."""
    parent = folder.parent
    while not parent.is_dir():
        folder, parent = parent, parent.parent
    there = {path.name.lower(): path for path in _kept(parent, Path.is_dir) if not path.name.startswith(".")}
    close = difflib.get_close_matches(folder.name.lower(), there, n=3, cutoff=0.6)
    close += [name for name in there if folder.name and folder.name.lower() in name and name not in close]
    return [there[name] for name in close]


def _inside(folder: Path, marker: str) -> str:
    """What there is in a folder without ``marker`` that may be what was meant."""
    if found := subfolders_with(folder, marker):
        return _or_else(found) + (" (autolens fit --batch for all)" if marker == DATA and len(found) > 1 else "")
    if marker == DATA and (folder / RESULT).is_file():
        return ", but the results of a fit (autolens results, or autolens report, reads them)"
    if marker == DATA and (folder / "dataset" / DATA).is_file():
        return _or_else([folder / "dataset"])
    files = _kept(folder, lambda path: path.name.lower().endswith((".fits", ".fits.gz", ".fit")))
    if files:
        return f", but {listed(path.name for path in files)} (name the image with --data)"
    return ", it is empty" if not _kept(folder, lambda _: True) else ""


def _or_else(places: list[Path]) -> str:
    return f", did you mean {listed(places)}" if places else ""


def _kept(folder: Path, condition: Callable[[Path], bool]) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if condition(path))
    except OSError:
        return []
