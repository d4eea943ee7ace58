"""The parts that an image is made of: light profiles that shine through the same lensing, and where they are seen.

Each part carries the points of its plane, so that light behind a lens may have other sub-pixels than light before it,
and every image is evaluated once: what has numbers is added up before the PSF, what is linear goes through it side by
side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.profiles.basis import Basis
from autogalaxy.profiles.light.abstract import LightProfile

_LEAST_STACKED = 3
"""Profiles of one class from which on they are evaluated as one under JAX."""


@dataclass(frozen=True, eq=False)
class LightPart:
    """Light profiles, or bases of some, on the pixels of a grid."""

    components: list[Any]
    grid: aa.Grid2D
    """The pixels as they are seen."""
    lensed_points: Any = None
    """Where the rays of ``points_of(grid)`` cross the plane of the components; ``None`` where nothing bends them."""

    @property
    def points(self) -> Any:
        """Where the components are evaluated."""
        return points_of(self.grid) if self.lensed_points is None else self.lensed_points


def points_of(grid: aa.Grid2D) -> Any:
    """The sub-pixels of a grid, or the pixels themselves where they are not divided: no other point is evaluated."""
    return grid if grid.over_sampler.is_trivial else grid.over_sampled


def profiles_of(components: Iterable[Any]) -> list[LightProfile]:
    """The light profiles among components, those inside a basis too."""
    return [p for c in components for p in (c.light_profile_list if isinstance(c, Basis) else [c])]


def sum_of_parts(parts: list[LightPart], operated: bool, xp: Namespace = np) -> Array | None:
    """Sum of the light whose intensities are numbers, operated or not, on the pixels of the parts' grids, ``(n,)``.

    ``None`` where there is none. Parts with the same sub-pixels are added up before the mean over each pixel is taken.
    """
    sums: dict[aa.OverSampler, Array] = {}
    for part in parts:
        sampler = part.grid.over_sampler
        profiles = [p for p in profiles_of(part.components) if not p.is_linear and bool(p.is_operated) == operated]
        for group in _groups_of(profiles, xp=xp):
            points = part.points
            image = group[0].image_on(points, xp=xp) if len(group) == 1 else _stacked(group, points, xp=xp).sum(axis=0)
            sums[sampler] = sums[sampler] + image if sampler in sums else image
    if not sums:
        return None
    binned = [_binned(total, sampler, xp=xp) for sampler, total in sums.items()]
    return sum(binned[1:], start=binned[0])


def images_of(profiles: list[LightProfile], part: LightPart, xp: Namespace = np) -> Array:
    """The image of each profile on the pixels of ``part``, ``(k, n)``."""
    points, sampler = part.points, part.grid.over_sampler
    parts, order = [], []
    for group in _groups_of(profiles, xp=xp):
        if len(group) == 1:
            parts.append(_binned(group[0].image_on(points, xp=xp), sampler, xp=xp)[None])
        else:
            parts.append(_binned(_stacked(group, points, xp=xp), sampler, xp=xp))
        order += [i for i, profile in enumerate(profiles) if any(profile is member for member in group)]
    images = parts[0] if len(parts) == 1 else xp.concatenate(parts)
    return images if order == sorted(order) else images[xp.asarray(sorted(range(len(order)), key=order.__getitem__))]


def _binned(values: Array, sampler: aa.OverSampler, xp: Namespace = np) -> Array:
    return values if sampler.is_trivial else sampler.binned_array_2d_from(values, xp=xp)


def _groups_of(profiles: list[LightProfile], xp: Namespace = np) -> list[list[LightProfile]]:
    """Profiles that are evaluated as one: under JAX those of one structure, if there are a few; else one by one."""
    if xp is np:
        return [[profile] for profile in profiles]
    import jax

    groups: dict[Any, list[LightProfile]] = {}
    for profile in profiles:
        leaves, structure = jax.tree.flatten(profile)
        groups.setdefault((structure, tuple(getattr(leaf, "shape", ()) for leaf in leaves)), []).append(profile)
    return [
        part
        for group in groups.values()
        for part in ([group] if len(group) >= _LEAST_STACKED else [[profile] for profile in group])
    ]


def _stacked(profiles: list[LightProfile], points: Any, xp: Namespace = np) -> Array:
    """Images of profiles of one structure by one compiled function, ``(k, n)``; a parameter they share stays one."""
    import jax

    structure = jax.tree.structure(profiles[0])
    columns = list(zip(*(jax.tree.leaves(profile) for profile in profiles), strict=True))
    shared = [all(leaf is column[0] or _same_number(leaf, column[0]) for leaf in column) for column in columns]
    leaves = [
        column[0] if same else xp.stack([xp.asarray(leaf) for leaf in column])
        for column, same in zip(columns, shared, strict=True)
    ]

    def image_of(*leaves: Any) -> Array:
        return jax.tree.unflatten(structure, leaves).image_on(points, xp=xp)

    if all(shared):
        return xp.stack([image_of(*leaves)] * len(profiles))
    return jax.vmap(image_of, in_axes=tuple(None if same else 0 for same in shared))(*leaves)


def _same_number(a: Any, b: Any) -> bool:
    return isinstance(a, int | float | np.number) and isinstance(b, int | float | np.number) and a == b
