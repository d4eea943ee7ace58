"""Sub-pixels: a profile is evaluated at several points of a pixel and their mean is the pixel's value.

Where the points are is the rule: ``"uniform"`` puts them at the centres of equal squares, with an error that falls as
the square of their distance. ``"quadrature"`` puts them at the nodes of Chebyshev's quadrature, whose weights are
equal too, with an error of fourth to tenth order for the same number of points.

References
----------
Chebyshev (1874), J. Math. Pures Appl. 19, 19; Abramowitz & Stegun (1964), table 25.5: nodes of equal weight exist for 1
to 7 and 9 points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autoarray.concrete import real_array_from
from autoarray.mask.mask_2d import Mask2D
from autoarray.type import Array, Namespace

LARGEST_SIZE = 4096
"""Sub-pixels along the side of a pixel, beyond which one pixel fills the memory."""


def sub_size_array_from(sub_size: Any, mask: Mask2D) -> np.ndarray:
    """Whole sub-sizes of at least 1 for each unmasked pixel, ``(n,)``; a number, slim or native values."""
    sizes = None if isinstance(sub_size, bool | np.bool_) else real_array_from(getattr(sub_size, "array", sub_size))
    if sizes is None:
        sizes = np.array(0)
    if sizes.shape == mask.shape_native:
        sizes = sizes[~mask.array]
    if sizes.ndim > 1 or (sizes.ndim == 1 and sizes.shape != (mask.pixels_in_mask,)):
        raise exc.GridException(
            f"over_sample_size of shape {sizes.shape}, wanted one whole number or one per unmasked pixel "
            f"({mask.pixels_in_mask},)."
        )
    if not np.all((sizes >= 1) & (sizes <= LARGEST_SIZE)) or np.any(sizes % 1):
        raise exc.GridException(
            f"over_sample_size={exc.shown(sub_size)}, wanted whole numbers of at least 1 and at most {LARGEST_SIZE}: "
            "over_sample_size=4 divides a pixel into 4 x 4 sub-pixels."
        )
    return np.broadcast_to(sizes.astype(int), (mask.pixels_in_mask,))


def over_sample_size_via_radial_bins_from(
    grid: Any, sub_size_list: Sequence[int], radial_list: Sequence[float], centre_list: Any = ((0.0, 0.0),)
) -> Any:
    """Sub-size of each pixel by its distance from a centre, an ``Array2D`` ``(n,)``.

    The first size holds within the first radius [arcsec] and the last one, which needs no radius, beyond all others:
    ``sub_size_list=[16, 4, 1], radial_list=[0.3, 1.0]``. With several centres (y,x) a pixel has its largest size.
    """
    from autoarray.structures.arrays.uniform_2d import Array2D
    from autoarray.structures.grids.uniform_2d import Grid2D

    given = [real_array_from(numbers) for numbers in (sub_size_list, radial_list, centre_list)]
    sizes, radii, centres = (np.full(1, np.nan) if numbers is None else numbers for numbers in given)
    if not isinstance(grid, Grid2D) or centres.ndim != 2 or centres.shape[1] != 2 or not np.all(np.isfinite(centres)):
        raise exc.GridException(
            f"got a {type(grid).__name__} and centre_list={exc.shown(centre_list)}, wanted a Grid2D and (y,x) pairs: "
            "over_sample_size_via_radial_bins_from(grid, [16, 4, 1], [0.3, 1.0], centre_list=[(0.0, 0.0)])."
        )
    if (
        sizes.ndim != 1
        or radii.shape != (len(sizes) - 1,)
        or len(sizes) == 0
        or not np.all(np.diff(radii, prepend=0.0) > 0.0)
    ):
        raise exc.GridException(
            f"sub_size_list={exc.shown(sub_size_list)} and radial_list={exc.shown(radial_list)}, wanted radii "
            f"that rise from above zero "
            "and one size more than radii: sub_size_list=[16, 4, 1], radial_list=[0.3, 1.0]."
        )
    distances = np.sqrt(((grid.array[:, None, :] - centres) ** 2).sum(axis=-1))
    by_centre = sizes[np.searchsorted(radii, distances, side="left")]
    return Array2D(sub_size_array_from(by_centre.max(axis=1), grid.mask), grid.mask)


RULES = ("quadrature", "uniform")
_LARGEST_QUADRATURES = (9, 7, 6, 5, 4, 3, 2, 1)


def rule_from(rule: Any) -> str:
    """A rule that is known, or our error."""
    if not isinstance(rule, str) or rule not in RULES:
        raise exc.GridException(f"over_sample_rule={exc.shown(rule)}, wanted one of {RULES}.")
    return str(rule)


@lru_cache(maxsize=64)
def steps_from(size: int, rule: str) -> np.ndarray:
    """Positions of ``size`` points along a side of a pixel, in pixels from its centre, ascending, ``(size,)``.

    A size without a quadrature of its own is made of equal cells that have one: 8 of two cells of 4 points.
    """
    nodes = next(n for n in _LARGEST_QUADRATURES if size % n == 0) if rule == "quadrature" else 1
    cells = size // nodes
    centres = (np.arange(cells) + 0.5) / cells - 0.5
    steps = (centres[:, None] + _chebyshev_nodes(nodes) / (2.0 * cells)).ravel()
    steps.flags.writeable = False
    return steps


@lru_cache(maxsize=16)
def _chebyshev_nodes(number: int) -> np.ndarray:
    """The points on [-1, 1] whose plain mean integrates every polynomial of degree ``number`` exactly.

    Their power sums are those of the integrals, and Newton's identities make a polynomial of power sums.
    """
    sums = [number / (k + 1.0) if k % 2 == 0 else 0.0 for k in range(number + 1)]
    coefficients = [1.0]
    for k in range(1, number + 1):
        coefficients.append(-sum(coefficients[k - i] * sums[i] for i in range(1, k + 1)) / k)
    nodes = np.sort(np.roots(coefficients).real)
    return 0.5 * (nodes - nodes[::-1])  # symmetric to the last digit


class OverSampler:
    """Where the sub-pixels of each pixel are, and how their values become one value a pixel.

    Sub-pixels are ordered in blocks of equal sub-size, largest first, so that a mean over a pixel is a reshape.
    """

    @checked(exc.GridException)
    def __init__(
        self,
        mask: Mask2D,
        sub_size: Any,
        rule: str = "quadrature",
        convolve_over_sample_size: int = 1,
        multiple: int = 1,
    ) -> None:
        if convolve_over_sample_size < 1 or multiple < 1:
            raise exc.GridException(
                f"OverSampler got convolve_over_sample_size={convolve_over_sample_size} and multiple={multiple}, "
                "wanted whole numbers of at least 1: OverSampler(mask, sub_size=4)."
            )
        self.mask = mask
        self.convolve_over_sample_size = convolve_over_sample_size
        """How many pixels of the mask fit along a side of a pixel of the image that is made in the end."""
        self.rule = rule_from(rule)
        """Whether sub-pixels are at the nodes of a ``"quadrature"`` or ``"uniform"``."""
        self.sub_size = sub_size_array_from(sub_size, mask)
        """Side of each pixel's square of sub-pixels, ``(n,)``."""
        sizes = np.unique(self.sub_size)[::-1]
        self.blocks = tuple((int(s), np.flatnonzero(self.sub_size == s)) for s in sizes)
        """(sub-size, indexes of the pixels that have it)."""
        order = np.concatenate([pixels for _, pixels in self.blocks]) if self.blocks else np.zeros(0, dtype=int)
        self.slim_for_block_order = np.argsort(order)
        """Position of each pixel in block order, ``(n,)``."""
        self.padding = 0 if self.is_trivial else -self.sub_pixels % multiple
        """Copies of the last sub-pixel behind it that nothing counts: XLA divides a loop over equal shares in vectors
        of known length, and over unequal ones it takes twice as long."""
        digest = hashlib.blake2b(np.ascontiguousarray(self.sub_size).tobytes(), digest_size=16).hexdigest()
        self.static_key = ("OverSampler", mask.static_key, rule, convolve_over_sample_size, self.padding, digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OverSampler) and self.static_key == other.static_key

    def __hash__(self) -> int:
        return hash(self.static_key)

    def __deepcopy__(self, memo: dict) -> OverSampler:
        return self  # immutable

    @property
    def is_uniform(self) -> bool:
        """Whether every pixel has the same sub-size."""
        return len(self.blocks) <= 1

    @property
    def is_trivial(self) -> bool:
        """Whether every pixel is one sub-pixel."""
        return all(size == 1 for size, _ in self.blocks)

    @property
    def sub_pixels(self) -> int:
        """Number of sub-pixels of all pixels."""
        return int((self.sub_size.astype(int) ** 2).sum())

    def padded_sub_size_from(self, kernel_shape_native: tuple[int, int]) -> Array:
        """Sub-sizes of a frame with half a kernel more on every side, none masked, ``(ny + ky - 1, nx + kx - 1)``.

        A further or masked pixel has the sub-size of the unmasked pixel next to it.
        """
        left_out = self.mask.array
        sizes = np.ones(self.mask.shape_native, dtype=int)
        sizes[~left_out] = self.sub_size
        if self.is_uniform:
            sizes[:] = sizes[~left_out][0] if self.blocks else 4
        elif left_out.any():
            from scipy.ndimage import distance_transform_edt

            sizes = sizes[tuple(distance_transform_edt(left_out, return_distances=False, return_indices=True))]
        return np.pad(sizes, [(k // 2, k - 1 - k // 2) for k in kernel_shape_native], mode="edge")

    def offsets_from(self, size: int) -> Array:
        """Offsets (y,x) [arcsec] of the sub-pixels from their pixel's centre, ``(size^2, 2)``, in reading order."""
        steps = steps_from(size, self.rule)
        y, x = np.meshgrid(-steps * self.mask.pixel_scales[0], steps * self.mask.pixel_scales[1], indexing="ij")
        return np.stack((y.ravel(), x.ravel()), axis=-1)

    def sub_grid_from(self, centres: Array, xp: Namespace = np) -> Array:
        """Sub-pixel positions of a grid of pixel centres, ``(n, 2) -> (sub_pixels, 2)`` in block order."""
        parts = []
        for size, pixels in self.blocks:
            block = centres if self.is_uniform else centres[pixels]
            parts.append((block[:, None, :] + self.offsets_from(size)).reshape(-1, 2))
        if self.padding:
            parts.append(xp.broadcast_to(parts[-1][-1:], (self.padding, 2)))
        return parts[0] if len(parts) == 1 else xp.concatenate(parts)

    def sub_sizes_of_sub_pixels_from(self) -> Array:
        """Side of the square of sub-pixels that each sub-pixel belongs to, ``(sub_pixels,)`` in block order."""
        sizes = np.concatenate([np.full(len(pixels) * size**2, size) for size, pixels in self.blocks])
        return np.pad(sizes, (0, self.padding), mode="edge")

    def cell_centres_from(self) -> Array:
        """What takes each sub-pixel to the middle of the square it stands for, ``(sub_pixels, 2)`` [arcsec].

        Every one of the equal squares of a pixel holds one sub-pixel, under each rule.
        """
        uniform = OverSampler(self.mask, self.sub_size, rule="uniform")
        steps = [
            np.tile(uniform.offsets_from(size) - self.offsets_from(size), (len(pixels), 1))
            for size, pixels in self.blocks
        ]
        return np.pad(np.concatenate(steps), ((0, self.padding), (0, 0)), mode="edge")

    def binned_array_2d_from(self, array: Array, xp: Namespace = np) -> Array:
        """Mean over each pixel's sub-pixels, ``(..., sub_pixels) -> (..., n)``; what pads them is left out."""
        parts, start, leading = [], 0, array.shape[:-1]
        for size, pixels in self.blocks:
            stop = start + len(pixels) * size**2
            parts.append(array[..., start:stop].reshape(*leading, len(pixels), size**2).mean(axis=-1))
            start = stop
        if len(parts) == 1:
            return parts[0]
        return xp.concatenate(parts, axis=-1)[..., self.slim_for_block_order]


def over_sample(function: Callable) -> Callable:
    """Evaluate a method on the sub-pixels of a ``Grid2D`` and return the mean of each pixel.

    The outermost decorator of a scalar method: ``over_sample > to_array > transform``. Irregular grids pass through;
    ``binned=False`` returns the sub-pixel values.
    """

    @wraps(function)
    def wrapper(obj: Any, grid: Any, xp: Namespace = np, *args: Any, binned: bool = True, **kwargs: Any) -> Any:
        from autoarray.structures.arrays.irregular import ArrayIrregular
        from autoarray.structures.arrays.uniform_2d import Array2D
        from autoarray.structures.grids.uniform_2d import Grid2D

        if not isinstance(grid, Grid2D) or grid.over_sampler.is_trivial:
            return function(obj, grid, xp, *args, **kwargs)

        def binned_from(values: ArrayIrregular) -> Array2D | ArrayIrregular:
            if not binned:
                return values
            pixels = grid.over_sampler.binned_array_2d_from(values.array, xp=xp)
            return Array2D.from_raw(pixels, mask=grid.mask, header=None)

        result = function(obj, grid.over_sampled, xp, *args, **kwargs)
        return [binned_from(r) for r in result] if isinstance(result, list) else binned_from(result)

    return wrapper
