"""From the options of ``autolens prepare`` to the folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autoarray.dataset.prepare import RawFrame
from autoarray.dataset.prepare.prepared import check_free
from autolens.cli.extensions import hdu_from
from autolens.cli.json_answer import print_json


def run(science: Path, output: Path, options: dict[str, Any], as_json: bool) -> None:
    """Prepare a frame, write the folder and say what was done."""
    check_free(output)
    options = dict(options, science_hdu=options.pop("sci_hdu"))
    for name in ("science_hdu", "weight_hdu", "flags_hdu", "psf_hdu"):
        options[name] = hdu_from(options[name])
    prepared = RawFrame(science, **dict(options, background=_background_from(options["background"]))).prepare()
    folder = prepared.write(output)
    if as_json:
        print_json({"folder": folder, **prepared.info})
        return
    print(prepared)
    ny, nx = prepared.dataset.shape_native
    print(f"\n{ny} x {nx} pixels were written to {folder}; next: autolens doctor {folder}")


def _background_from(text: str) -> str | float:
    """A level, or the name of a shape."""
    try:
        return float(text)
    except ValueError:
        return text
