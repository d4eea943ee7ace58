"""From a lens to the text of another format, checked by reading it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autoarray import exc
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.inference.output import json_bytes
from autolens.description.document import table_from
from autolens.description.interchange import coolest, lenstronomy, reading, rows
from autolens.description.interchange.lens import LeftOut, Lens
from autolens.description.model import collection_from
from autolens.description.registry import nearest
from autolens.description.writing import text_from
from autolens.lens.tracer import Tracer

FORMATS = ("autolens", "coolest", "lenstronomy")
REACH = 5.0
"""Half width [arcsec] of the grid on which lenses are compared, at least; twice that of its mass profiles."""
POINTS = 48


@dataclass(frozen=True)
class Check:
    """What was written against what reading it gives, on a grid of the image plane."""

    deflection: float
    """Largest difference of a deflection [arcsec], of the parts that were written."""
    light: float
    """Largest difference of the light, over the brightest point."""
    deflection_left_out: float
    """Largest deflection [arcsec] of the parts that were left out."""
    reach: float

    def __str__(self) -> str:
        text = (
            f"read back: deflections differ by at most {self.deflection:.1e} arcsec within {self.reach:g} arcsec, "
            f"light by {self.light:.1e} of its peak"
        )
        if self.deflection_left_out > 0.0:
            text += f"; the parts left out deflect by up to {self.deflection_left_out:.3g} arcsec"
        return text


@dataclass(frozen=True)
class Converted:
    """The text of the other format and what was lost on the way."""

    text: str
    left_out: list[LeftOut]
    notes: list[str]
    check: Check


def converted_from(lens: Lens, to: str) -> Converted:
    """The lens in the format ``to``, one of ``FORMATS``."""
    if to not in FORMATS:
        raise exc.FileException(f"there is no format {to!r}: {nearest(to, list(FORMATS))}")
    if not any(True for _ in lens.parts()):
        lost = "; ".join(str(part) for part in lens.left_out[:5])
        raise exc.FileException(f"nothing of the lens can be expressed here ({lost or 'it has no profiles'}).")
    text, kept, again = {"autolens": _to_autolens, "coolest": _to_coolest, "lenstronomy": _to_lenstronomy}[to](lens)
    return Converted(text, lens.left_out, lens.notes, _check(lens, kept, again))


def _to_autolens(lens: Lens) -> tuple[str, Lens, Lens]:
    text = text_from(ModelInstance({"galaxies": ModelInstance(lens.galaxies)}), lens.title, lens.pixel_scale)
    instance = collection_from(table_from(text, "text")).instance_from_prior_medians()
    return text, lens, Lens(reading.named_galaxies(instance))


def _to_coolest(lens: Lens) -> tuple[str, Lens, Lens]:
    return _json(lens, coolest.content_from, lambda content: coolest.lens_from(content, lens.pixel_scale))


def _to_lenstronomy(lens: Lens) -> tuple[str, Lens, Lens]:
    return _json(lens, lenstronomy.content_from, lambda content: lenstronomy.lens_from(content, lens.pixel_scale))


def _json(
    lens: Lens,
    content_from: Callable[[Lens], tuple[dict[str, Any], list[rows.Written]]],
    lens_from: Callable[[dict[str, Any]], Lens],
) -> tuple[str, Lens, Lens]:
    content, written = content_from(lens)
    text = json_bytes(content).decode()
    return text, rows.kept_from(lens, written), lens_from(json.loads(text))


def _check(lens: Lens, kept: Lens, again: Lens) -> Check:
    centres = [abs(c) for _, _, p in lens.parts() for c in getattr(p, "centre", ()) if np.isfinite(c)]
    reach = max(REACH, 2.0 * max(centres, default=0.0))
    side = np.linspace(-reach, reach, POINTS)  # an even number of points, none of which is a centre at (0, 0)
    grid = np.stack([axis.ravel() for axis in np.meshgrid(-side, side, indexing="ij")], axis=-1)
    whole, written, read = (Tracer(list(each.galaxies.values())) for each in (lens, kept, again))
    images = [_light(tracer, grid) for tracer in (written, read)]
    peak = float(np.max(np.abs(images[0])))
    alphas = [_deflections(tracer, grid) for tracer in (whole, written, read)]
    return Check(
        deflection=float(np.max(np.abs(alphas[1] - alphas[2]))),
        light=float(np.max(np.abs(images[0] - images[1]))) / peak if peak > 0.0 else 0.0,
        deflection_left_out=float(np.max(np.abs(alphas[0] - alphas[1]))) if lens.left_out else 0.0,
        reach=reach,
    )


def _deflections(tracer: Tracer, grid: np.ndarray) -> np.ndarray:
    return np.asarray(tracer.deflections_yx_2d_from(grid))


def _light(tracer: Tracer, grid: np.ndarray) -> np.ndarray:
    return np.asarray(tracer.image_2d_from(grid))
