"""Observations in one FITS file of many HDUs: which are the image, its noise and its PSF, band by band."""

from __future__ import annotations

import re
from pathlib import Path

from autoarray import exc
from autoarray.dataset import fits

Hdu = int | str
KINDS = {
    "data": ("FLUX", "SCI", "SCIENCE", "DATA", "IMAGE", "IMG"),
    "noise_map": ("RMS", "ERR", "ERROR", "NOISE", "NOISE_MAP", "NOISEMAP", "SIGMA", "STD", "UNC"),
    "psf": ("PSF", "KERNEL"),
}
"""How HDUs of an image, of its noise and of its PSF are named; a band may stand before or behind."""
_ENDINGS = {word: kind for kind, words in KINDS.items() for word in words}
_WORDS = "|".join(sorted(_ENDINGS, key=len, reverse=True))
_BEHIND = re.compile(rf"(?P<band>.*?)[_\-. ]?(?P<kind>{_WORDS})", re.IGNORECASE)
_BEFORE = re.compile(rf"(?P<kind>{_WORDS})[_\-. ](?P<band>.+)", re.IGNORECASE)
_LINE = re.compile(r"(?P<number>\d+) (?P<name>.*) \((?P<shape>[^()]*)\)")


def hdu_from(text: str | None) -> Hdu | None:
    """An HDU as it is typed: a number is an index, anything else a name; ``None`` where nothing was said."""
    return int(text) if text is not None and text.isdecimal() else text


def bands_of(path: Path) -> dict[str, dict[str, Hdu]]:
    """``{band: {"data": HDU, "noise_map": HDU, "psf": HDU}}`` of a file, as far as names tell; ``""`` has no name."""
    bands: dict[str, dict[str, Hdu]] = {}
    unnamed: list[int] = []
    for number, name in _images_in(path):
        if (found := _BEHIND.fullmatch(name) or _BEFORE.fullmatch(name)) is not None:
            kinds = bands.setdefault(found["band"].upper(), {})
            kinds.setdefault(_ENDINGS[found["kind"].upper()], name)
        else:
            unnamed.append(number)
    if unnamed and len(bands) == 1 and "data" not in (only := next(iter(bands.values()))):
        only["data"] = unnamed[0]  # the image of a primary HDU needs no name
    return {band: kinds for band, kinds in bands.items() if "data" in kinds}


def band_of(path: Path, hdu: Hdu) -> str:
    """The band of an image, named or counted; ``""`` in a file of one band, or where names do not tell."""
    bands = bands_of(path)
    if len(bands) < 2:
        return ""
    numbers = {name.upper(): number for number, name in reversed(_images_in(path))}
    wanted = numbers.get(hdu.upper()) if isinstance(hdu, str) else hdu
    return next((band for band, kinds in bands.items() if numbers.get(str(kinds["data"]).upper()) == wanted), "")


def _images_in(path: Path) -> list[tuple[int, str]]:
    """Numbers and names of the HDUs of a file that hold images of two axes."""
    found = [_LINE.fullmatch(line) for line in fits.hdu_names_from(path)]
    axes = [(parts, parts["shape"].rstrip(",").count(",") + 1) for parts in found if parts is not None]
    return [(int(parts["number"]), parts["name"]) for parts, number in axes if number == 2]


def hdus_of(path: Path, band: str | None, needed: tuple[str, ...]) -> dict[str, Hdu]:
    """HDUs of the image, the noise map and the PSF of a band, the first band where none is named."""
    bands = bands_of(path)
    named = ", ".join(name or "(no name)" for name in bands)
    if band is not None and band.upper() not in bands:
        raise exc.FileException(f"--band {band} is not in {path}, which has {named or 'no band that names tell'}.")
    if not bands:
        raise exc.FileException(
            f"no image is known by its name in {path}, which has: {'; '.join(fits.hdu_names_from(path))}. Name them: "
            f"--data {path} --data-hdu 0 --noise-map-hdu 1 --psf-hdu 2."
        )
    name = next(iter(bands)) if band is None else band.upper()
    for kind in needed:
        if kind not in bands[name]:
            raise exc.FileException(
                f"{path} has no {kind.replace('_', ' ')} of the band {name or '(no name)'} that its name tells: "
                f"--{kind.replace('_', '-')} {kind}.fits, or --{kind.replace('_', '-')}-hdu."
            )
    return bands[name]
