"""Sub-sizes chosen pixel by pixel from a model, and the error in pixels and in ln L that they leave.

Before the PSF each pixel's error is what its image changes by when its sub-pixels are refined until nothing changes any
more. Errors of small sub-sizes alternate from pixel to pixel and the PSF averages them; those of a single point in each
pixel, ``h^2 / 24`` times the Laplacian, have one sign over wide areas and add up. So there are two tolerances, one for
the smallest sub-size and one for all others, and both are lowered until the image after the PSF is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.concrete import number_from
from autoarray.type import Array
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.galaxy.light_groups import GROUPS, LightGroups

ERROR = 0.1
"""Largest error of a pixel after the PSF, in units of its noise."""
LOG_LIKELIHOOD_ERROR = 1.0
"""Largest error of ln L."""
SUB_SIZES = (1, 2, 4, 8, 16, 32, 64)
_CONVERGED = 128
_RING_SIZES = (1, 2, 4)
_SETTLED = 1e-3
"""Change of a pixel, as a part of the largest error, below which its sub-pixels are not refined further."""
_RARE = 0.01
"""Part of all sub-pixels that may be added so that there is one block of equal sub-size less."""
_COSTLY = 16
"""Sub-size from which on a pixel's neighbours have the next smaller one, not the same."""
_FAR_OFF = 5.0
"""Residuals in units of the noise are cut here: sub-pixels are chosen for models that fit, not for wrong ones."""
_MAX_STEPS = 16
_MAX_IDLE_STEPS = 3
"""Steps without a gain after which no sub-sizes to choose from are right."""


@dataclass(frozen=True)
class OverSamplingReport:
    """What adaptive sub-sizes cost, and the errors of the model they were chosen for against converged ones."""

    sub_pixels_before: int
    """Points at which light is evaluated with the dataset as it was, of both groups and with the ring."""
    sub_pixels: int
    sub_sizes: dict[str, dict[int, int]]
    """Number of pixels of each sub-size, by group."""
    over_sample_size_blurring: int
    largest_errors: dict[str, float]
    """Largest error of a pixel after the PSF by group, in units of its noise."""
    squared_error: float
    """Sum over pixels of the squared error of the whole image, in units of the noise."""
    delta_log_likelihood: float
    """ln L with these sub-sizes less the converged one, at the intensities of the model."""
    holds: bool
    """Whether all errors are as small as was asked for; ``False`` where no sub-sizes to choose from are."""

    def to_dict(self) -> dict[str, Any]:
        """Plain types for a file."""
        sizes = {group: {str(size): n for size, n in counts.items()} for group, counts in self.sub_sizes.items()}
        return {**asdict(self), "sub_sizes": sizes}


def adaptive_over_sampling_from(
    dataset: aa.Imaging,
    light: Any,
    error: float = ERROR,
    log_likelihood_error: float = LOG_LIKELIHOOD_ERROR,
    sub_sizes: Sequence[int] = SUB_SIZES,
    growth: int = 1,
    dataset_model: aa.DatasetModel | None = None,
    settings: aa.Settings | None = None,
) -> tuple[aa.Imaging, OverSamplingReport]:
    """The dataset with sub-sizes for each pixel that are as large as a model needs them, and their errors.

    With d the error of the image after the PSF in units of the noise, and r the model's residuals, every ``|d|`` is
    below ``error``, the change ``r.d - d.d / 2`` of ln L below half of ``log_likelihood_error``, and the root of
    ``d.d``, which is the scatter of that change under noise, below a third of it. Where even the largest sub-sizes are
    not enough the best ones are returned, and the report has ``holds=False``.

    Parameters
    ----------
    light
        A tracer, or galaxies: the light of the first plane and that behind it have sub-sizes of their own. Linear
        light has the intensities that fit the data.
    sub_sizes
        What to choose from, ascending; few different ones are faster.
    growth
        Pixels by which regions of large sub-size are widened, since a model moves while it is fitted.
    """
    _check(dataset, error, log_likelihood_error, sub_sizes, growth)
    light = light if hasattr(light, "light_parts_from") else _galaxies_from(light)
    groups = LightGroups(dataset, light, dataset_model=dataset_model, settings=settings)
    choice = _Choice(dataset, groups, float(error), float(log_likelihood_error), tuple(sub_sizes), int(growth))
    trial = choice.best()
    return trial.dataset, trial.report_from(dataset)


def _galaxies_from(light: Any) -> Galaxies:
    if not isinstance(light, Iterable):
        raise exc.DatasetException(
            f"got {type(light).__name__} as light, wanted a tracer or galaxies: "
            "adaptive_over_sampling_from(dataset, Tracer([lens, source]))."
        )
    return Galaxies(light)


def _check(dataset: Any, error: Any, log_likelihood_error: Any, sub_sizes: Any, growth: Any) -> None:
    if not isinstance(dataset, aa.Imaging):
        raise exc.DatasetException(
            f"got a {type(dataset).__name__} as dataset, wanted an Imaging: "
            "adaptive_over_sampling_from(dataset, Tracer([lens, source]))."
        )
    for name, value in (("error", error), ("log_likelihood_error", log_likelihood_error)):
        if not 0.0 < number_from(value) < np.inf:
            raise exc.DatasetException(f"{name}={exc.shown(value)}, wanted a finite number above zero: {name}=0.1.")
    sizes = np.asarray(sub_sizes)
    whole = sizes.ndim == 1 and sizes.size > 0 and sizes.dtype.kind in "iu"
    if not whole or sizes[0] < 1 or np.any(np.diff(sizes) <= 0) or sizes[-1] >= _CONVERGED:
        raise exc.DatasetException(
            f"sub_sizes={exc.shown(sub_sizes)}, wanted whole numbers from 1 to {_CONVERGED // 2} that rise: "
            f"sub_sizes={SUB_SIZES}."
        )
    if not isinstance(growth, int | np.integer) or growth < 0:
        raise exc.DatasetException(f"growth={exc.shown(growth)}, wanted a whole number of pixels: growth=1.")


@dataclass(frozen=True, eq=False)
class _Trial:
    """A dataset with sub-sizes, and its image's errors in units of the noise."""

    dataset: aa.Imaging
    errors: Array
    """Error of each group after the PSF over the noise map, ``(2, n)``."""
    whitened_error: Array
    """That of both groups together in units of the noise, ``(n,)``."""
    residuals: Array
    """What the converged image leaves of the data in units of the noise, ``(n,)``."""
    excess: float = np.inf
    """The largest of its errors in units of what is allowed."""

    @property
    def sub_pixels(self) -> int:
        return sub_pixels_of(self.dataset)

    @property
    def squared_error(self) -> float:
        return float(self.whitened_error @ self.whitened_error)

    def delta_log_likelihood_from(self, residuals: Array) -> float:
        return float(residuals @ self.whitened_error) - 0.5 * self.squared_error

    def excess_over(self, error: float, log_likelihood_error: float) -> float:
        """The largest of its errors in units of what is allowed."""
        residuals = np.clip(self.residuals, -_FAR_OFF, _FAR_OFF)
        return max(
            float(np.abs(self.errors).max()) / error,
            np.sqrt(self.squared_error) / (log_likelihood_error / 3.0),
            abs(self.delta_log_likelihood_from(residuals)) / (log_likelihood_error / 2.0),
        )

    def report_from(self, before: aa.Imaging) -> OverSamplingReport:
        sizes = (self.dataset.over_sample_size_lp, self.dataset.over_sample_size_lensed)
        counts = [Counter(s.array.astype(int).tolist()) for s in sizes if isinstance(s, aa.Array2D)]
        return OverSamplingReport(
            sub_pixels_before=sub_pixels_of(before),
            sub_pixels=self.sub_pixels,
            sub_sizes={group: dict(sorted(count.items())) for group, count in zip(GROUPS, counts, strict=True)},
            over_sample_size_blurring=int(self.dataset.over_sample_size_blurring),
            largest_errors={g: float(np.abs(e).max()) for g, e in zip(GROUPS, self.errors, strict=True)},
            squared_error=self.squared_error,
            delta_log_likelihood=self.delta_log_likelihood_from(self.residuals),
            holds=bool(self.excess <= 1.0),
        )


def sub_pixels_of(dataset: aa.Imaging) -> int:
    """Points at which light is evaluated, of both groups and with the ring around the mask."""
    return dataset.grids.extended.over_sampler.sub_pixels + dataset.grids.lensed.over_sampler.sub_pixels


class _Choice:
    """The search for the fewest sub-pixels with errors that are allowed."""

    def __init__(
        self,
        dataset: aa.Imaging,
        groups: LightGroups,
        error: float,
        log_likelihood_error: float,
        sub_sizes: tuple[int, ...],
        growth: int,
    ) -> None:
        self.dataset = dataset
        self.groups = groups
        self.error = error
        self.log_likelihood_error = log_likelihood_error
        self.sub_sizes = sub_sizes
        self.growth = growth
        noise = dataset.noise_map.array
        measured = tuple(sorted({*sub_sizes, *SUB_SIZES[1:], _CONVERGED}))
        images, reached = self._refined(dataset.mask, noise, measured)
        self.pixel_errors = np.abs(images[[measured.index(s) for s in sub_sizes]] - images[-1]) / noise
        """Error before the PSF of each sub-size, ``(k, 2, n)``."""
        self.ring_size = self._ring_size()
        self.converged = dataset.apply_over_sampling(
            over_sample_size_lp=reached, over_sample_size_blurring=4 * self.ring_size
        )
        self.images = groups.blurred_images_from(self.converged)
        self.residuals = dataset.whitened_from(groups.data.array - self.images.sum(axis=0))

    def best(self) -> _Trial:
        """Lower the tolerance whose halving gains most for each sub-pixel it adds until all errors are allowed."""
        tolerances = (0.2 * self.error, 2.0 * self.error)
        best = trial = self._trial(*tolerances)
        idle = 0
        for _ in range(_MAX_STEPS):
            if trial.excess <= 1.0 or idle == _MAX_IDLE_STEPS:
                break
            first, others = tolerances
            halved = [(first / 2.0, others), (first, others / 2.0), (first / 2.0, others / 2.0)]
            trials = [self._trial(*h) for h in halved[:2]]
            gains = [np.log(trial.excess / t.excess) / max(t.sub_pixels - trial.sub_pixels, 1) for t in trials]
            chosen = int(np.argmax(gains)) if max(gains) > 0.0 else 2
            tolerances, trial = halved[chosen], trials[chosen] if chosen < 2 else self._trial(*halved[2])
            idle = 0 if trial.excess < 0.95 * best.excess else idle + 1
            best = trial if idle == 0 or trial.excess <= 1.0 else best
        return best

    def _trial(self, first: float, others: float) -> _Trial:
        tolerances = np.array([first] + [others] * (len(self.sub_sizes) - 1))
        foreground, lensed = (self._sizes_from(errors, tolerances) for errors in np.moveaxis(self.pixel_errors, 1, 0))
        dataset = self.dataset.apply_over_sampling(
            over_sample_size_lp=foreground,
            over_sample_size_lensed=lensed,
            over_sample_size_blurring=self.ring_size,
        )
        difference = self.groups.blurred_images_from(dataset) - self.images
        whitened = dataset.whitened_from(difference.sum(axis=0))
        trial = _Trial(dataset, difference / dataset.noise_map.array, whitened, self.residuals)
        return replace(trial, excess=trial.excess_over(self.error, self.log_likelihood_error))

    def _sizes_from(self, errors: Array, tolerances: Array) -> Array:
        """The smallest sub-size of each pixel from which on all are good enough, widened, ``(k, n) -> (n,)``."""
        too_large = errors > tolerances[:, None]
        steps = np.where(too_large.any(axis=0), len(errors) - np.argmax(too_large[::-1], axis=0), 0)
        steps = np.minimum(steps, len(errors) - 1)
        widened = _widened(steps, self.dataset.mask, self.growth)
        sizes = np.array(self.sub_sizes)
        is_costly = (widened > steps) & (sizes[widened] >= _COSTLY)
        return _without_rare(sizes[np.where(is_costly, np.maximum(widened - 1, steps), widened)])

    def _refined(self, mask: aa.Mask2D, noise: Array, sizes: Sequence[int]) -> tuple[Array, Array]:
        """Images ``(k, 2, n)`` at rising sub-sizes, and the one of each pixel after which they stay, ``(n,)``."""
        everything = np.arange(mask.pixels_in_mask)
        images = [self.groups.pixel_images_from(mask, everything, size) for size in sizes if size <= 4]
        later = [size for size in sizes if size > 4]
        reached = np.full(mask.pixels_in_mask, 4)
        for size in later:
            change = (np.abs(images[-1] - images[-2]) / noise).max(axis=0)
            active = np.flatnonzero(_widened(change > _SETTLED * self.error, mask, 1) & (reached == reached.max()))
            image = images[-1].copy()
            image[:, active] = self.groups.pixel_images_from(mask, active, size)
            reached[active] = size
            images.append(image)
        return np.array(images), reached

    def _ring_size(self) -> int:
        """The smallest sub-size whose error in the ring is below that of the first tolerance."""
        ring = self.dataset.grids.blurring
        if ring is None or ring.mask.pixels_in_mask == 0:
            return 1
        pixels = np.arange(ring.mask.pixels_in_mask)
        images = [self.groups.pixel_images_from(ring.mask, pixels, size) for size in (*_RING_SIZES, 8)]
        noise = self.dataset.noise_map.array.min()  # the ring has none of its own
        good = [float(np.abs(image - images[-1]).max()) <= 0.2 * self.error * noise for image in images]
        return next((size for size, is_good in zip(_RING_SIZES, good, strict=False) if is_good), _RING_SIZES[-1])


def _widened(values: Array, mask: aa.Mask2D, pixels: int) -> Array:
    """The largest value within a few pixels of each, ``(n,) -> (n,)``."""
    from scipy.ndimage import maximum_filter

    native = np.zeros(mask.shape_native, dtype=values.dtype)
    native[~mask.array] = values
    return maximum_filter(native, size=2 * pixels + 1)[~mask.array]


def _without_rare(sizes: Array) -> Array:
    """Sizes that few pixels have raised to the next larger one, for fewer blocks."""
    sizes = sizes.copy()
    allowance = _RARE * float((sizes**2).sum())
    present = np.unique(sizes)
    for size, larger in zip(present[:-1], present[1:], strict=True):
        added = float((sizes == size).sum()) * float(larger**2 - size**2)
        if added <= allowance:
            sizes[sizes == size] = larger
    return sizes
