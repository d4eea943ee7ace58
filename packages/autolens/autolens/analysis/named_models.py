"""Lens models by name, with priors scaled to an image: nothing is set by hand for one lens."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from collections.abc import Collection as Names

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.arguments import checked
from autogalaxy import Galaxy, lp, lp_linear, mge_model_from, mp
from autogalaxy.inference.model import Collection, Model

CENTRE_REACH = 0.3
"""Distance [arcsec] of the lens from the brightest place, at most, in y and in x."""
SOURCE_REACH = 1.0
ELL_COMPS_LIMIT = 0.5
SHEAR_LIMIT = 0.3
FLUX_FACTOR = 5.0
"""Upper limit of an intensity in units of the brightest pixel: a PSF hides the peak of a compact source."""
LEAST_EINSTEIN_RADIUS = 0.3
SERSICS = 2
"""Sersics of the light of the lens where no number is asked for."""
LIGHTS = ("sersic", "mge")
"""Kinds of light of the lens: Sersics, or a multi-Gaussian expansion with linear intensities."""

_Point = tuple[float, float]


def _near(centre: _Point, reach: float) -> tuple[aa.UniformPrior, aa.UniformPrior]:
    y, x = (aa.UniformPrior(lower_limit=c - reach, upper_limit=c + reach) for c in centre)
    return y, x


def _ell_comps() -> tuple[aa.UniformPrior, aa.UniformPrior]:
    return _near((0.0, 0.0), ELL_COMPS_LIMIT)


def _einstein_radius(radius: float) -> aa.UniformPrior:
    if 0.9 * radius <= LEAST_EINSTEIN_RADIUS:
        raise exc.ModelException(
            f"the pixels that are fitted reach {radius:.3g} arcsec from the lens, wanted at least "
            f"{LEAST_EINSTEIN_RADIUS / 0.9:.3g}: choose a larger mask, e.g. --mask-radius 3.0."
        )
    return aa.UniformPrior(lower_limit=LEAST_EINSTEIN_RADIUS, upper_limit=0.9 * radius)


def _shear() -> Model:
    gamma_1, gamma_2 = _near((0.0, 0.0), SHEAR_LIMIT)
    return Model(mp.ExternalShear, gamma_1=gamma_1, gamma_2=gamma_2)


def _sie(centre: _Point, radius: float) -> dict[str, Model]:
    mass = Model(
        mp.Isothermal,
        centre=_near(centre, CENTRE_REACH),
        ell_comps=_ell_comps(),
        einstein_radius=_einstein_radius(radius),
    )
    return {"mass": mass}


def _power_law(centre: _Point, radius: float) -> dict[str, Model]:
    mass = Model(
        mp.PowerLaw,
        centre=_near(centre, CENTRE_REACH),
        ell_comps=_ell_comps(),
        einstein_radius=_einstein_radius(radius),
        slope=aa.UniformPrior(lower_limit=1.5, upper_limit=2.6),
    )
    return {"mass": mass}


def _gaussians(centre: _Point, radius: float, least: float) -> Model:
    return mge_model_from(
        mask_radius=radius,
        total_gaussians=15,
        gaussian_per_basis=2,
        centre=centre,
        centre_per_basis=True,
        sigma_min=least,
        ell_comps_prior_is_uniform=True,
        ell_comps_uniform_width=ELL_COMPS_LIMIT,
    )


NAMED: dict[str, Callable[[_Point, float], dict[str, Model]]] = {
    "sie+shear": lambda centre, radius: {**_sie(centre, radius), "shear": _shear()},
    "sie": _sie,
    "power-law+shear": lambda centre, radius: {**_power_law(centre, radius), "shear": _shear()},
    "power-law": _power_law,
}
"""The mass of the lens by name, from the centre (y, x) of its light and the radius of what is fitted [arcsec]."""


def _check_name(what: str, name: str, known: Names[str], example: str) -> None:
    """Raise where ``name`` is not among what is known."""
    if name not in known:
        raise exc.ModelException(
            f"there is no {what} {exc.shown(name)}{_meant(name, known)}; wanted one of {', '.join(known)}: "
            f"--{what} {example}."
        )


@checked(exc.ModelException)
def model_from(
    dataset: aa.Imaging,
    name: str = "sie+shear",
    redshift_lens: float = 0.5,
    redshift_source: float = 1.0,
    centre: tuple[float, float] | None = None,
    lens_sersics: int | None = None,
    light: str = "sersic",
) -> Collection:
    """The model ``name`` of a masked ``dataset``: the lens with ``lens_sersics`` Sersics (2) of light, a Sersic source.

    With ``light="mge"`` the light of the lens is a basis of two sets of 15 Gaussians, each set with its own centre and
    shape, and the intensities of all light are linear.
    ``centre`` (y, x) [arcsec] is where the lens is, the brightest place where it is not given.
    """
    _check_name("model", name, NAMED, "sie+shear")
    _check_name("light", light, LIGHTS, "mge")
    if light == "mge" and lens_sersics is not None:
        raise exc.ModelException(
            f"lens_sersics={lens_sersics} with light='mge', whose light is Gaussians and no Sersics; wanted one of the "
            "two: --light mge, or --lens-sersics 2."
        )
    if not 0.0 <= redshift_lens < redshift_source:
        raise exc.ModelException(
            f"redshifts {redshift_lens} of the lens and {redshift_source} of the source; the source must lie behind "
            "the lens: --redshift-lens 0.5 --redshift-source 1.0."
        )
    centre = brightest_place_from(dataset.data) if centre is None else centre
    radius = float(np.sqrt(np.max(np.sum((dataset.mask.grid_slim - np.array(centre)) ** 2, axis=1))))
    peak = float(np.max(np.asarray(dataset.data.array)))
    if peak <= 0.0:
        raise exc.DatasetException(f"the brightest pixel is {peak:.3g}, wanted an image with light in it.")

    def sersic(place: _Point, reach: float, is_linear: bool = False) -> Model:
        limits = {} if is_linear else {"intensity": aa.UniformPrior(lower_limit=0.0, upper_limit=FLUX_FACTOR * peak)}
        return Model(
            lp_linear.Sersic if is_linear else lp.Sersic,
            centre=_near(place, reach),
            ell_comps=_ell_comps(),
            effective_radius=aa.UniformPrior(lower_limit=0.01, upper_limit=radius),
            sersic_index=aa.UniformPrior(lower_limit=0.5, upper_limit=6.0),
            **limits,
        )

    if light == "mge":
        parts = {"light": _gaussians(centre, radius, least=min(dataset.mask.pixel_scales) / 5.0)}
    else:
        number = SERSICS if lens_sersics is None else lens_sersics
        names = ["light"] if number == 1 else [f"light_{i}" for i in range(number)]
        parts = {key: sersic(centre, CENTRE_REACH) for key in names}
    lens = Model(Galaxy, redshift=redshift_lens, **parts, **NAMED[name](centre, radius))
    source = Model(Galaxy, redshift=redshift_source, light=sersic(centre, SOURCE_REACH, is_linear=light == "mge"))
    return Collection(galaxies=Collection(lens=lens, source=source))


def _meant(name: object, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(str(name).lower(), list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""


def brightest_place_from(data: aa.Array2D, near: _Point | None = None, within: float = np.inf) -> _Point:
    """Centre (y, x) [arcsec] of the unmasked pixel with the brightest 3 x 3 mean, ``within`` a distance of ``near``.

    Pixels that are not finite count as zero.
    """
    native = np.nan_to_num(np.asarray(data.native.array), nan=0.0, posinf=0.0, neginf=0.0)
    padded = np.pad(native, 1)
    (ny, nx), offsets = native.shape, range(3)
    smooth = np.mean([padded[i : i + ny, j : j + nx] for i in offsets for j in offsets], axis=0)
    places = data.mask.grid_slim
    allowed = np.ones(len(places), dtype=bool)
    if near is not None:
        allowed = np.sum((places - np.array(near)) ** 2, axis=1) <= within**2
    if not allowed.any():
        raise exc.MaskException(f"no pixel of the image lies within {within} arcsec of {near} (y, x).")
    values = np.where(allowed, smooth[tuple(data.mask.native_for_slim.T)], -np.inf)
    y, x = places[int(np.argmax(values))]
    return float(y), float(x)
