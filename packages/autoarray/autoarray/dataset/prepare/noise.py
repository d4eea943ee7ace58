"""The image without its sky, and the noise map."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from autoarray import exc
from autoarray.dataset.prepare import sky
from autoarray.dataset.prepare.ledger import Ledger
from autoarray.dataset.prepare.units import Units
from autoarray.type import Array

SOURCE_NOISE = ("auto", "included", "add")


@dataclass(frozen=True, eq=False)
class Maps:
    """A region of a frame and what belongs to it, ``(ny, nx)`` each."""

    image: Array
    weight: Array | None
    weight_kind: str | None
    bad: Array
    """True where a pixel cannot be used."""

    def without_saturated(self, level: float | None, ledger: Ledger) -> Maps:
        """With pixels at or above the saturation level marked."""
        if level is None:
            return self
        with np.errstate(invalid="ignore"):
            saturated = self.image >= level
        ledger.say("saturated_pixels", int(saturated.sum()), f"header, SATURATE = {level:.6g}, around the cut-out too")
        return replace(self, bad=self.bad | saturated)


def noise_from(
    maps: Maps,
    units: Units,
    pixel_scales: tuple[float, float],
    background: str | float,
    source_noise: str,
    ledger: Ledger,
) -> tuple[Array, Array]:
    r"""Image without sky and its noise map, which is inf in bad pixels.

    .. math:: \sigma_i^2 = \sigma_{sky,i}^2 + \max(s_i, 0) / t_i

    with the light s of sources in electrons per second and the exposure time t. The noise of the sky is that of the
    map, or its scatter in empty pixels, which has the photons of the sky and the read noise in it.
    """
    if source_noise not in SOURCE_NOISE:
        raise exc.DatasetException(f"source_noise={source_noise!r}, wanted one of {', '.join(SOURCE_NOISE)}.")
    kind = maps.weight_kind
    if maps.weight is not None and kind is None:
        kind = sky.kind_of_weight_from(maps.weight, units.exposure_time, ledger)
    image = np.where(maps.bad, 0.0, maps.image) * units.factor
    shape, good = np.ones(image.shape), np.ones(image.shape, dtype=bool)
    if maps.weight is not None:
        shape, good = sky.noise_of_weight_from(maps.weight, str(kind))
    good &= ~maps.bad
    is_absolute = maps.weight is not None and kind in ("rms", "variance", "inverse-variance")
    noise = np.where(good, shape * units.factor if is_absolute else shape, np.inf)
    needs_sky = not is_absolute or not (background == "none" or not isinstance(background, str))
    empty = sky.empty_from(image, np.where(good, noise, 1.0), good, pixel_scales) if needs_sky else good
    level = background if isinstance(background, str) else background * units.factor
    under, empty, how = sky.background_from(image, np.where(good, noise, 1.0), empty, level)
    ledger.say("background", float(np.mean(under)), f"{units.result}, {how}")
    image = image - under
    noise = np.where(good, noise, np.inf)
    if not is_absolute:
        scatter, error = sky.scatter_from(image, np.where(good, noise, 1.0), empty)
        noise = noise * scatter
        ledger.say(
            "sky_noise", float(np.median(noise[empty])), f"{units.result}, scatter of empty pixels +- {error:.1%}"
        )
    else:
        ledger.say("sky_noise", float(np.median(noise[empty])), f"{units.result}, of the map ({kind})")
    times = _times_from(maps, units, kind)
    return image, _with_sources(image, noise, empty, good, times, is_absolute, source_noise, ledger)


def _times_from(maps: Maps, units: Units, kind: str | None) -> Array | None:
    """Exposure time [s] of every pixel where the image is in electrons per second; ``None`` if it is not known."""
    if not units.electrons:
        return None
    if kind == "exposure-time" and maps.weight is not None:
        return np.where(np.isfinite(maps.weight) & (maps.weight > 0.0), maps.weight, np.inf)
    return None if units.exposure_time is None else np.full(maps.image.shape, units.exposure_time)


def _with_sources(
    image: Array,
    noise: Array,
    empty: Array,
    good: Array,
    times: Array | None,
    is_map: bool,
    source_noise: str,
    ledger: Ledger,
) -> Array:
    """The noise with that of the photons of sources, unless a map has it already."""
    origin = "given"
    if source_noise == "auto":
        included = sky.has_source_noise(image, noise, empty, good, times) if is_map else False
        origin = "the noise is that of the sky" if not is_map else "the map does not rise where sources shine"
        if included:
            origin = "the map rises where sources shine"
        if included is None:
            origin = "no source is bright enough to tell"
        source_noise = "included" if included or (included is None and times is None) else "add"
    if source_noise == "included":
        ledger.say("source_noise", "included", origin)
        return noise
    if times is None:
        what = "photon noise of sources cannot be added: the image is not in electrons per second with an exposure time"
        if origin == "given":
            raise exc.DatasetException(f"{what}. Write gain=1.5, exposure_time=1000.0 (--gain, --exposure-time).")
        ledger.say("source_noise", "missing", origin)
        ledger.note(f"{what}; bright pixels are noisier than the map says")
        return noise
    ledger.say("source_noise", "added", f"{origin}: smoothed light over the exposure time")
    return np.sqrt(noise**2 + np.where(good, sky.source_variance_from(image, times), 0.0))
