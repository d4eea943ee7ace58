"""What the preparation of a frame gives, and its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoarray import exc
from autoarray.dataset import fits
from autoarray.dataset.imaging import Imaging
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D

FILES = ("data.fits", "noise_map.fits", "psf.fits", "mask_extra_galaxies.fits", "info.json")


@dataclass(frozen=True, eq=False)
class Prepared:
    """A cut-out that can be fitted, and how it was made."""

    dataset: Imaging
    flags: Mask2D
    """True where a pixel has no data or was flagged."""
    values: dict[str, Any]
    """Numbers by name."""
    origins: dict[str, str]
    """Where each of them comes from."""
    notes: list[str]
    """What else is to be known."""

    @property
    def info(self) -> dict[str, Any]:
        """What ``info.json`` holds."""
        return {**self.values, "origins": self.origins, "notes": self.notes}

    def write(self, folder: str | Path) -> Path:
        """Write the folder that ``autolens fit`` reads; files that are there already are an error."""
        folder = Path(folder)
        check_free(folder)
        folder.mkdir(parents=True, exist_ok=True)
        psf = None if self.dataset.psf is None else folder / "psf.fits"
        header = {} if self.values["unit"] == "unknown" else {"BUNIT": self.values["unit"]}
        data, noise = self.dataset.data, self.dataset.noise_map
        fits.write_images({"DATA": data}, folder / "data.fits", header=header)
        own = {} if data.header is None else dict(data.header.of_wcs)
        fits.write_images({"NOISE_MAP": noise}, folder / "noise_map.fits", header={**own, **header})
        if psf is not None:
            fits.write_array_2d(self.dataset.psf.kernel, psf)  # type: ignore[union-attr]
        if self.flags.array.any():
            bad = Array2D.no_mask(self.flags.array.astype(float), self.flags.pixel_scales)
            fits.write_array_2d(bad, folder / "mask_extra_galaxies.fits", header=own)
        (folder / "info.json").write_text(json.dumps(self.info, indent=2) + "\n")
        return folder

    def __str__(self) -> str:
        width = max(len(name) for name in self.values)
        lines = [f"{n:{width}}  {_in_words(v):>24}  {self.origins[n]}" for n, v in self.values.items()]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def check_free(folder: Path) -> None:
    """Our error where the folder holds a file that would be written over."""
    if folder.exists() and not folder.is_dir():
        raise exc.FileException(f"{folder} is a file, wanted a folder: output='my_lens' (--output my_lens).")
    if found := [name for name in FILES if (folder / name).exists()]:
        raise exc.FileException(f"{folder} holds {', '.join(found)} already: choose another folder (--output).")


def _in_words(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
