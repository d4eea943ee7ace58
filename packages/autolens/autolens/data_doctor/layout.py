"""Shapes, units and pixel scales: what headers say against what was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autoarray.structures.header import Header
from autolens.data_doctor.diagnosis import DataFinding
from autolens.data_doctor.images import LARGEST, Images

SCALE_LIMIT = 0.01
"""Relative difference of two pixel scales that is no rounding: headers give four digits or more."""
_ELECTRON_RATES = ("ELECTRONS/S", "ELECTRON/S", "E-/S", "E/S", "ELECTRONSPERSECOND", "E-S^-1", "ES-1", "ELECTRONS/SEC")
_COUNTS = ("ADU", "DN", "COUNTS", "COUNT", "ELECTRONS", "ELECTRON", "E-", "DN/S", "ADU/S", "COUNTS/S", "CPS")


def findings_from(images: Images) -> Iterator[DataFinding]:
    """What shapes and headers say."""
    yield from _shapes_from(images)
    yield from _scales_from(images)
    yield from _sides_from(images)
    yield from _units_from(images)


def _shapes_from(images: Images) -> Iterator[DataFinding]:
    shape = images.data.shape
    others = {"noise_map": images.noise_map, "mask_extra_galaxies": images.extra_galaxies, "mask": images.mask}
    for name, image in others.items():
        if image is not None and image.shape != shape:
            yield DataFinding(
                name="shape",
                severity="error",
                what=f"{name} has {image.shape} pixels and the data have {shape}.",
                value=float(image.size),
                limit=float(images.data.size),
                effect="No fit can be made: pixels do not belong to each other.",
                mend=f"cut both from the same frame, or choose another HDU: --{name.replace('_', '-')}-hdu",
            )
    if images.psf is not None and any(k > n for k, n in zip(images.psf.shape, shape, strict=True)):
        yield DataFinding(
            name="psf_shape",
            severity="error",
            what=f"The PSF of {images.psf.shape} pixels is larger than the image of {shape}.",
            value=float(max(images.psf.shape)),
            limit=float(min(shape)),
            effect="No fit can be made.",
            mend="psf.resized_from((21, 21)) trims an Array2D about its centre",
        )


def cut_findings_from(whole: Images, cut: Images) -> Iterator[DataFinding]:
    """What was not examined of a large image."""
    if cut.data.shape == whole.data.shape:
        return
    (ny, nx), (rows, columns), (y, x) = whole.data.shape, cut.data.shape, cut.middle
    fitted, examined = int(whole.used.sum()), int(cut.used.sum())
    beyond = "" if examined == fitted else f" {fitted - examined} of the {fitted} pixels that are fitted lie beyond."
    yield DataFinding(
        name="cut_out",
        severity="note",
        what=f"Of {ny} x {nx} pixels {rows} x {columns} about (y, x) = ({y:.2f}, {x:.2f}) arcsec are examined.{beyond}",
        value=float(max(ny, nx)),
        limit=float(LARGEST),
        effect="None by itself: faults elsewhere are not found, but for values that are no numbers.",
        mend="a mask, about whose middle it is cut; or a cut-out about the lens: autolens prepare --ra --dec --size 20",
    )


def scale_of_header(header: Mapping[str, Any]) -> float | None:
    """Size of a pixel [arcsec] that a header states first, the mean of both axes; ``None`` where it says nothing."""
    return next(iter(_scales_of_header(header)), None)


def _scales_of_header(header: Mapping[str, Any]) -> list[float]:
    """Every size of a pixel that a header states."""
    plain = Header.of(header)
    return [] if plain is None else [float(np.mean(sides)) for sides, _ in plain.stated_pixel_scales()]


def _scales_from(images: Images) -> Iterator[DataFinding]:
    given = images.pixel_scale
    for name, header in images.headers.items():
        scales = _scales_of_header(header)
        if not scales or any(abs(scale / given - 1.0) <= SCALE_LIMIT for scale in scales):
            continue
        stated = scales[0]
        lengths = name in ("data", "noise_map")
        if name == "psf" and abs(given / stated - round(given / stated)) < SCALE_LIMIT and given > stated:
            effect = "The PSF is on finer pixels than the data: read as it is, the model is blurred too much."
            mend = f"Imaging.from_fits(..., psf_pixel_scales={stated:g})"
        else:
            effect = (
                f"Every length of a fit - Einstein radius, effective radii - is off by a factor {given / stated:.4g}, "
                "masses by its square."
                if lengths
                else "One of the two is wrong: the file may have been made for another image, or its header copied."
            )
            mend = f"--pixel-scale {stated:.4g} if the header is right; else correct the header of {name}"
        yield DataFinding(
            name="pixel_scale",
            severity="error" if lengths else "warning",
            what=(
                f"The header of {name} says {stated:.4g} arcsec per pixel, {given:.4g} was given "
                f"({100.0 * (given / stated - 1.0):+.3g} per cent)."
            ),
            value=given,
            limit=stated,
            effect=effect,
            mend=mend,
        )


def _sides_from(images: Images) -> Iterator[DataFinding]:
    plain = Header.of(images.headers.get("data"))
    found = None if plain is None else plain.pixel_scales()
    if found is None or abs(found[0][0] / found[0][1] - 1.0) <= SCALE_LIMIT:
        return
    (y, x), keywords = found
    yield DataFinding(
        name="pixel_sides",
        severity="warning",
        what=f"Pixels are not square: {y:.4g} arcsec in y and {x:.4g} in x, as {keywords} say.",
        value=y / x,
        limit=1.0 + SCALE_LIMIT,
        effect="With one scale for both every ellipse is stretched, and a round lens gets a shear.",
        mend=f"Imaging.from_fits(..., pixel_scales=({y:.4g}, {x:.4g}))",
    )


def _units_from(images: Images) -> Iterator[DataFinding]:
    unit = str(images.headers.get("data", {}).get("BUNIT", "")).strip()
    plain = unit.upper().replace(" ", "").replace("SECOND", "S")
    if not plain or plain in _ELECTRON_RATES:
        return
    is_count = plain in _COUNTS
    yield DataFinding(
        name="units",
        severity="warning" if is_count else "note",
        what=f"The header says that the data are in {unit}, not electrons per second.",
        value=None,
        limit=None,
        effect=(
            "Poisson noise made from such values is wrong by the gain and the exposure time; intensities are in this "
            "unit. With a noise map in the same unit the lens itself is not changed."
        ),
        mend="aa.preprocess.array_adus_to_eps(data, exposure_time, gain), the noise map likewise; or autolens prepare",
    )
