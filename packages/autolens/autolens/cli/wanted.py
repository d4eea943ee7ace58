"""What a fit needs beside an image: said before anything is read, with how to make what there is not."""

from __future__ import annotations

import shutil
import textwrap

from autoarray import exc
from autolens.cli import extensions
from autolens.cli.observation import Files

_WIDEST = 100
_WHY = {
    "noise_map": "the error of each pixel of the image",
    "psf": "how the telescope blurs a point; cut one of a star, or ask the archive for one",
}


def check_files(files: Files) -> None:
    """Our error for a noise map or a PSF that there is not, with the option that names one and how to make it."""
    for kind, why in _WHY.items():
        path = getattr(files, kind)
        if path.is_file() or not files.data.is_file():
            continue
        option, name = f"--{kind.replace('_', '-')}", {"noise_map": "noise map", "psf": "PSF"}[kind]
        by = "weights, or the gain and exposure time" if kind == "noise_map" else "--psf FILE, which it crops"
        raise exc.FileException(
            f"there is no {path}, and a fit needs a {name} ({why}): name it with {option} FILE, or make the folder "
            f"anew with autolens prepare IMAGE --output FOLDER, which takes {by}."
        )


def taken_from(files: Files) -> str | None:
    """Which HDUs of one FITS file are fitted, and which bands are not; ``None`` for files of one image each."""
    paths = (files.data, files.noise_map, files.psf)
    if len(set(paths)) == len(paths):
        return None
    parts = [
        f"{name} HDU {hdu}" + ("" if path == files.data else f" of {path}")
        for name, path, hdu in zip(("image", "noise map", "PSF"), paths, files.hdus, strict=True)
    ]
    others = [
        band for band, kinds in extensions.bands_of(files.data).items() if band and files.hdus[0] != kinds["data"]
    ]
    also = f"; other bands: {', '.join(others)} (--band {others[0]})" if others else ""
    return f"of {files.data} are taken {', '.join(parts)}{also}"


def wrapped(text: str) -> str:
    """A text in lines that a terminal shows, those after the first one indented."""
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    return textwrap.fill(text, max(width, 40), subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
