"""Lenses between our files and those of other codes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from autoarray import exc
from autogalaxy.inference.output import write_atomic
from autolens.description.interchange.converting import FORMATS, Converted, converted_from
from autolens.description.interchange.reading import lens_from

STRICT = 2
"""Exit code where parts were left out and none may be."""


def run(
    source: Path,
    output: Path | None,
    to: str | None,
    pixel_scale: float | None,
    redshifts: tuple[float | None, float | None],
    strict: bool,
    json: bool,
) -> int:
    """Convert, say what could not be expressed, and return the exit code."""
    to = to if to is not None else _format_of(output)
    if pixel_scale is not None and not 0.0 < pixel_scale < float("inf"):
        raise exc.FileException(f"--pixel-scale {pixel_scale}, wanted a positive number of arc-seconds.")
    if output is not None and output.is_dir():
        raise exc.FileException(f"{output} is a folder, wanted a file to write.")
    lens, kind = lens_from(source, pixel_scale, redshifts)
    converted = converted_from(lens, to)
    refused = strict and bool(converted.left_out)
    if output is not None and not refused:
        write_atomic(output, converted.text.encode())
    if json:
        from autolens.cli.json_answer import print_json

        print_json(_answer(source, kind, None if refused else output, to, converted))
    elif output is None and not refused:
        sys.stdout.write(converted.text)
    _say(source, kind, output, to, converted, refused)
    return STRICT if refused else 0


def _format_of(output: Path | None) -> str:
    if output is not None and output.suffix.lower() == ".toml":
        return "autolens"
    raise exc.FileException(f"to which format is not said, wanted --to {', --to '.join(FORMATS)}.")


def _answer(source: Path, kind: str, output: Path | None, to: str, converted: Converted) -> dict[str, Any]:
    check = converted.check
    return {
        "input": source,
        "input_kind": kind,
        "output": output,
        "to": to,
        "left_out": [{"part": each.part, "why": each.why} for each in converted.left_out],
        "notes": converted.notes,
        "check": {
            "max_deflection_difference_arcsec": check.deflection,
            "max_light_difference_of_peak": check.light,
            "max_deflection_left_out_arcsec": check.deflection_left_out,
            "within_arcsec": check.reach,
        },
        "text": converted.text if output is None else None,
    }


def _say(source: Path, kind: str, output: Path | None, to: str, converted: Converted, refused: bool) -> None:
    """What a person wants to know, on the error stream."""

    def say(text: str) -> None:
        print(text, file=sys.stderr)

    say(f"{source} ({kind}) -> {output if output is not None else 'standard output'} ({to})")
    for each in converted.left_out:
        say(f"left out: {each}")
    for note in converted.notes:
        say(f"note: {note}")
    say(str(converted.check))
    if refused:
        say(f"nothing was written: {len(converted.left_out)} parts cannot be expressed and --strict wants all of them")
