"""What is often left out of a model of light, and what it would gain: shape, size and concentration, and the PSF."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

import autoarray as aa
from autoarray.type import Array
from autogalaxy.analysis.score_tests import Change, derivatives_from
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.profiles.basis import Basis
from autogalaxy.profiles.geometry import EllProfile

STEP = 1e-5
"""Step of a difference: of elliptical components, and of other parameters in units of their value."""
_FIRST_ORDER = 0.5
"""Part of a width up to which a number from a derivative means something."""
_SIZES = ("effective_radius", "sigma")
_EXPONENTS = ("sersic_index",)

ResidualsOf = Callable[..., Array]
"""Whitened residuals, ``(n,)``, of an instance, and of a dataset where one is given."""


def light_changes_from(
    residuals_of: ResidualsOf, start: Array, instance: Any, groups: Mapping[str, Sequence[Any]]
) -> Iterator[Change]:
    """Changes of all profiles of a group at once, ``{"source": [profile, ...]}``; each must be in the instance."""
    for name, profiles in groups.items():
        for what, steps, changed in _changes_of(list(profiles)):

            def residuals(i: int, step: float, changed: Any = changed, profiles: Any = profiles) -> Array:
                return residuals_of(replaced(instance, profiles, lambda p: changed(p, i, step)))

            derivatives = derivatives_from(residuals, start, steps)
            if derivatives is not None:
                yield Change(f"{what} of the {name}", derivatives, partial(_SENTENCES[what], name))


def _changes_of(profiles: list[Any]) -> Iterator[tuple[str, tuple[float, ...], Callable[[Any, int, float], Any]]]:
    """Name, steps and function of each change of profiles."""
    yield "ellipticity", (STEP, STEP), partial(_moved, "ell_comps")
    yield "centre", (STEP, STEP), partial(_moved, "centre")
    for what, names in (("size", _SIZES), ("concentration", _EXPONENTS)):
        if any(hasattr(p, name) for p in profiles for name in names):
            yield what, (STEP,), partial(_scaled, names)


def _moved(name: str, profile: Any, i: int, step: float) -> Any:
    """A copy with one component of a pair moved."""
    pair = list(getattr(profile, name))
    pair[i] = pair[i] + step
    return _copy_with(profile, **{name: tuple(pair)})


def _scaled(names: Sequence[str], profile: Any, i: int, step: float) -> Any:
    """A copy with parameters larger by a part ``step``."""
    return _copy_with(profile, **{n: getattr(profile, n) * (1.0 + step) for n in names if hasattr(profile, n)})


def _copy_with(profile: Any, **values: Any) -> Any:
    """A copy with other values, of parameters too that its class fixes."""
    new = copy.copy(profile)
    vars(new).update(values)
    return new


_SENTENCES: dict[str, Callable[[str, Array], str]] = {
    "ellipticity": lambda name, v: (
        f"The light of the {name} would fit better with elliptical components changed by ({v[0]:+.2f}, {v[1]:+.2f}): "
        "make them free, or add a component"
    ),
    "centre": lambda name, v: (
        f"The light of the {name} would fit better moved by ({v[0]:+.3f}, {v[1]:+.3f}) arcsec (y, x): make its centre "
        "free, or add a component"
    ),
    "size": lambda name, v: (
        f"The light of the {name} would fit better with sizes changed by {100.0 * v[0]:+.0f} %: make them free"
    ),
    "concentration": lambda name, v: (
        f"The light of the {name} would fit better with a Sersic index changed by {100.0 * v[0]:+.0f} %: make it free, "
        "or add a component"
    ),
}


def psf_change_from(residuals_of: Callable[[aa.Imaging], Array], start: Array, dataset: aa.Imaging) -> Iterator[Change]:
    """A wider or narrower PSF: the kernel plus c times its Laplacian of five points, which adds 2 c [pixels^2] to the
    variance of each axis, so that with c a part of the variance the width changes by that part.

    ``residuals_of(dataset)`` are whitened residuals of the best instance.
    """
    if dataset.psf is None:
        return
    kernel = np.asarray(dataset.psf.kernel.native.array, dtype=float)
    variance = _variance_of(kernel)
    if variance <= 0.0:
        return
    padded = np.pad(kernel, 1)
    laplacian = padded[2:, 1:-1] + padded[:-2, 1:-1] + padded[1:-1, 2:] + padded[1:-1, :-2] - 4.0 * kernel
    laplacian -= laplacian.sum() * kernel / kernel.sum()

    def wider(i: int, step: float) -> Array:
        return residuals_of(_with_kernel(dataset, kernel + variance * step * laplacian))

    derivatives = derivatives_from(wider, start, (1e-4,))
    if derivatives is not None:
        yield Change("width of the PSF", derivatives, _psf_sentence)


def _variance_of(kernel: Array) -> float:
    """Variance of a kernel along one axis [pixels^2], of its core: half of a Gaussian's width at half maximum."""
    area = float(np.sum(kernel >= 0.5 * kernel.max()))
    smooth = float(kernel.sum() / (2.0 * np.pi * kernel.max()))  # of the Gaussian with this peak and sum
    return min(smooth, max(area, 1.0) / (2.0 * np.pi * np.log(2.0)))


def _with_kernel(dataset: aa.Imaging, kernel: Array) -> aa.Imaging:
    """The dataset with another PSF of the same shape; grids depend on the shape alone."""
    assert dataset.psf is not None
    new = copy.copy(dataset)
    changes = {"psf": aa.Convolver(kernel, pixel_scales=dataset.psf.pixel_scales), "grids": dataset.grids}
    for name, value in changes.items():
        object.__setattr__(new, name, value)
    return new


def _psf_sentence(values: Array) -> str:
    part = float(values[0])
    how_much = f"about {100.0 * abs(part):.0f} %" if abs(part) <= _FIRST_ORDER else "much"
    return (
        f"The image would fit better with a PSF {how_much} {'wider' if part > 0.0 else 'narrower'}: check the PSF, and "
        "whether it is that of this exposure and place"
    )


# ------------------------------------------------------------------ pieces


def replaced(value: Any, old: Sequence[Any], new_of: Callable[[Any], Any]) -> Any:
    """A copy of what a model is made of with ``new_of(profile)`` in place of each of the ``old`` profiles."""
    if any(value is item for item in old):
        return new_of(value)
    if isinstance(value, ModelInstance):
        return ModelInstance({name: replaced(item, old, new_of) for name, item in value.items()})
    if type(value) in (list, tuple):
        return type(value)(replaced(item, old, new_of) for item in value)
    if isinstance(value, Galaxy | Basis) and not isinstance(value, EllProfile):
        made = copy.copy(value)
        for name, item in vars(value).items():
            vars(made)[name] = replaced(item, old, new_of)
        return made
    return value
