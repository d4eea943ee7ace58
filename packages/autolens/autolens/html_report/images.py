"""Pictures of a fit: arrays with axes, limits, stretch, lines, and words for those who cannot see them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

import autoarray as aa
from autoarray.dataset.display_unit import BRIGHTNESS, display_unit_from
from autogalaxy import LensCalc
from autogalaxy.operate.curves_in_view import Extent, curves_in_view
from autolens.html_report.encoding import png_from, typed
from autolens.html_report.numbers import plain_from, unit_from
from autolens.lens.source_in_view import light_of_plane_from, source_extent_from, traced_from

LARGEST = 240
"""Pixels along a side beyond which means over blocks of pixels are shown."""
_PREVIEW = 120
"""Pixels along a side of the small images that are there before the scripts run."""
_RESIDUAL_LIMIT = 5.0


@dataclass(frozen=True)
class Frame:
    """Pixels on the sky: centre of the first one (top left), and their sizes [arcsec]."""

    y: float
    x: float
    step_y: float
    step_x: float

    @classmethod
    def of(cls, extent: tuple[float, float, float, float], side: int) -> Frame:
        """For ``side`` pixels over ``extent`` (x_min, x_max, y_min, y_max)."""
        x_min, x_max, y_min, y_max = extent
        dx, dy = (x_max - x_min) / side, (y_max - y_min) / side
        return cls(y_max - 0.5 * dy, x_min + 0.5 * dx, dy, dx)

    def points(self, shape: tuple[int, int]) -> np.ndarray:
        """(y, x) of every pixel, ``(n, 2)``."""
        y = self.y - self.step_y * np.arange(shape[0])
        x = self.x + self.step_x * np.arange(shape[1])
        return np.stack([np.repeat(y, shape[1]), np.tile(x, shape[0])], axis=-1)

    def extent(self, shape: tuple[int, int]) -> tuple[float, float, float, float]:
        """x_min, x_max, y_min, y_max of the edges."""
        left, top = self.x - 0.5 * self.step_x, self.y + 0.5 * self.step_y
        return left, left + shape[1] * self.step_x, top - shape[0] * self.step_y, top


class Curve(NamedTuple):
    """A line on a picture."""

    name: str
    colour: str
    points: np.ndarray
    """(y, x), ``(n, 2)``."""

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "colour": self.colour, "y": typed(self.points[:, 0]), "x": typed(self.points[:, 1])}


@dataclass(frozen=True)
class Picture:
    """One image of the page."""

    key: str
    title: str
    alt: str
    values: np.ndarray
    frame: Frame
    limits: tuple[float, float]
    unit: str = "e⁻ s⁻¹"
    kind: str = "image"
    plane: str = "image"
    """Pictures of one plane are zoomed together."""
    softening: float = 0.0
    """Where the asinh stretch turns from linear to logarithmic; none is offered for zero."""
    lines: list[Curve] = field(default_factory=list)
    note: str = ""

    def stretched(self, values: Any) -> np.ndarray:
        """What colours stand for at first sight."""
        return np.arcsinh(np.asarray(values) / self.softening) if self.softening else np.asarray(values, dtype=float)

    @property
    def thumbnail(self) -> str:
        return self.small(-(-max(self.values.shape) // _PREVIEW))

    def small(self, block: int) -> str:
        """A PNG image in means over blocks of pixels, as a ``data:`` address."""
        low, high = self.stretched(self.limits)
        values = _block_means(self.values, block) if block > 1 else self.values
        return png_from(self.stretched(values), self.kind, (float(low), float(high)))

    def to_dict(self, prefix: str) -> dict[str, Any]:
        """For the script that draws it."""
        frame = self.frame
        return {
            "id": f"{prefix}-{self.key}",
            "plane": f"{prefix}-{self.plane}",
            "z": typed(self.values),
            "frame": [frame.x, frame.step_x, frame.y, -frame.step_y],
            "extent": [float(v) for v in frame.extent(self.values.shape)],  # type: ignore[arg-type]
            "limits": [float(v) for v in self.limits],
            "unit": self.unit,
            "kind": self.kind,
            "softening": float(self.softening),
            "lines": [line.to_dict() for line in self.lines],
        }


def native_from(array: Any, largest: int = LARGEST) -> tuple[np.ndarray, Frame]:
    """The pixels of a masked array inside the box around its mask, NaN where masked, in blocks if there are many."""
    mask = array.mask
    (step_y, step_x), (origin_y, origin_x) = mask.pixel_scales, mask.origin
    native = np.where(mask.array, np.nan, np.asarray(array.native.array, dtype=float))
    rows, columns = (np.flatnonzero((~mask.array).any(axis=axis)) for axis in (1, 0))
    top, left = int(rows[0]), int(columns[0])
    native = native[top : rows[-1] + 1, left : columns[-1] + 1]
    ny, nx = mask.array.shape
    y, x = origin_y + (0.5 * (ny - 1) - top) * step_y, origin_x + (left - 0.5 * (nx - 1)) * step_x
    block = -(-max(native.shape) // largest)
    if block > 1:
        native = _block_means(native, block)
        y, x = y - 0.5 * (block - 1) * step_y, x + 0.5 * (block - 1) * step_x
    return native, Frame(y, x, block * step_y, block * step_x)


def _block_means(values: np.ndarray, block: int) -> np.ndarray:
    padded = np.pad(values, [(0, -n % block) for n in values.shape], constant_values=np.nan)
    blocks = padded.reshape(padded.shape[0] // block, block, padded.shape[1] // block, block)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a block of masked pixels has no mean
        return np.nanmean(blocks, axis=(1, 3))


def pictures_of(fit: Any, largest: int = LARGEST) -> list[Picture]:
    """Every picture of a fit, with at most ``largest`` pixels a side; of one without a tracer, those of its pixels."""
    tracer = getattr(fit, "tracer", None)
    data, frame = native_from(fit.data, largest)
    noise = float(np.median(np.asarray(fit.noise_map.array)))
    bright = (-3.0 * noise, max(float(np.nanmax(data)), 3.0 * noise))
    curves: list[Curve] = []
    if is_lens(tracer):
        curves = critical_curves_of(tracer, frame.extent(data.shape))
    shared: dict[str, Any] = {
        "frame": frame,
        "limits": bright,
        "softening": 2.0 * noise,
        "lines": curves,
        "note": _note(fit, frame),
        "unit": unit_from(display_unit_from(BRIGHTNESS, fit.dataset)),
    }
    pictures = [
        Picture("data", "Data", f"The observed image. {_range(data)}", data, **shared),
        Picture(
            "model", "Model", "The model image, blurred by the PSF.", native_from(fit.model_data, largest)[0], **shared
        ),
        _residuals(fit, frame, largest),
        _noise(fit, frame, largest),
    ]
    if tracer is None or tracer.total_planes < 2:
        return pictures
    source = fit.model_images_of_planes_list[-1]
    lensed, arcs = (native_from(a, largest)[0] for a in (source, fit.data - (fit.model_data - source)))
    top = max(float(np.nanpercentile(lensed, 99.9)), 3.0 * noise)
    shared |= {"limits": (-3.0 * noise, top)}
    pictures += [
        Picture("arcs", "Data without the lens light", "The data less the light of the lens.", arcs, **shared),
        Picture("lensed", "Lensed source", "The lensed light of the source in the model.", lensed, **shared),
    ]
    last = pictures.pop(3)
    return [*pictures, *planes_of(fit, frame.extent(data.shape), curves, 2 * largest // 3), last]


def _residuals(fit: Any, frame: Frame, largest: int) -> Picture:
    values = native_from(fit.normalized_residual_map, largest)[0]
    beyond = int(np.sum(np.abs(values[np.isfinite(values)]) > _RESIDUAL_LIMIT))
    alt = f"Data less model in units of the noise; {beyond} pixels are beyond five. {_range(values)}"
    limits = (-_RESIDUAL_LIMIT, _RESIDUAL_LIMIT)
    return Picture("residuals", "Normalized residuals", alt, values, frame, limits, unit="σ", kind="residual")


def _noise(fit: Any, frame: Frame, largest: int) -> Picture:
    values = native_from(fit.noise_map, largest)[0]
    limits = (float(np.nanmin(values)), float(np.nanpercentile(values, 99.5)))
    limits = limits if limits[1] > limits[0] else (0.0, 2.0 * limits[1])
    unit = unit_from(display_unit_from(BRIGHTNESS, fit.dataset))
    return Picture("noise", "Noise", f"The noise map. {_range(values)}", values, frame, limits, unit)


def planes_of(fit: Any, extent: Extent, curves: list[Curve], side: int) -> list[Picture]:
    """The source in its plane with the caustics, convergence and magnification, ``side`` pixels a side."""
    tracer = solved_tracer_of(fit)
    caustics = caustics_of(tracer, curves)
    around = source_extent_from(tracer, extent, [curve.points for curve in caustics])
    frame = Frame.of(around, side)
    light = light_of_plane_from(tracer, frame.points((side, side)))
    found = [
        Picture(
            "source",
            "Source plane",
            "The source as it would look without lensing, with the caustics.",
            light,
            frame,
            (0.0, float(light.max()) or 1.0),
            plane="source",
            softening=0.02 * float(light.max()),
            lines=caustics,
            unit=unit_from(display_unit_from(BRIGHTNESS, fit.dataset)),
        )
    ]
    if not is_lens(tracer):
        return found
    return [*found, *_maps_of(tracer, extent, curves, side)]


def _maps_of(tracer: Any, extent: Extent, curves: list[Curve], side: int) -> list[Picture]:
    """Convergence and magnification in the image plane."""
    frame = Frame.of(extent, side)
    grid = aa.Grid2DIrregular(frame.points((side, side)))
    kappa = np.asarray(tracer.convergence_2d_from(grid).array)
    mu = np.abs(np.asarray(LensCalc.from_tracer(tracer).magnification_2d_from(grid).array))
    values, sizes = (np.where(np.isfinite(a), a, np.nan).reshape(side, side) for a in (kappa, mu))
    limits = (min(0.0, float(np.nanmin(values))), float(np.nanpercentile(values, 99.5)) or 1.0)
    alt = "Convergence of the lens with the critical curves."
    of_mu = "Absolute magnification of a small source, infinite on the critical curves."
    return [
        Picture("convergence", "Convergence", alt, values, frame, limits, unit="", lines=curves),
        Picture("magnification", "Magnification", of_mu, sizes, frame, (0.0, 30.0), unit="", softening=1.0),
    ]


def is_lens(tracer: Any) -> bool:
    """Whether there is mass in front of something."""
    return tracer is not None and any(plane.has_mass for plane in tracer.planes[:-1])


def solved_tracer_of(fit: Any) -> Any:
    """The tracer of a fit; linear light with the intensities that were solved for."""
    if any(profile.is_linear for profile in fit.tracer.light_profile_list):
        return fit.tracer_linear_light_profiles_to_light_profiles
    return fit.tracer


def critical_curves_of(tracer: Any, extent: Extent) -> list[Curve]:
    """Those that reach into ``extent``, closed, with few enough points for a page."""
    lines = []
    for name, colour, points in curves_in_view(LensCalc.from_tracer(tracer), extent):
        points = points[:: max(len(points) // 400, 1)]
        lines.append(Curve(name, colour, np.vstack([points, points[:1]])))
    return lines


def caustics_of(tracer: Any, curves: list[Curve]) -> list[Curve]:
    """Critical curves traced to the last plane."""
    return [curve._replace(points=traced_from(tracer, curve.points)) for curve in curves]


def _range(values: np.ndarray) -> str:
    low, high = plain_from(np.nanmin(values), 3), plain_from(np.nanmax(values), 3)
    return f"{values.shape[0]} by {values.shape[1]} pixels, from {low} to {high}."


def _note(fit: Any, frame: Frame) -> str:
    block = round(frame.step_x / fit.mask.pixel_scales[1])
    return f"shown in means over {block} × {block} pixels" if block > 1 else ""
