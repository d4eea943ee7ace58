"""Simulated lenses drawn from seeds, and models of them that are right or wrong on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

SHAPE, PIXEL_SCALE, MASK_RADIUS = (100, 100), 0.1, 3.0
PSF_SIGMA, PSF_PIXELS = 0.1, 21
EXPOSURE_TIME, SKY = 300.0, 0.3
REDSHIFTS = (0.5, 1.0)
PSF_FACTOR = 1.2
"""How much wider the wrong PSF is."""
WRONG = ("no shear", "spherical source", "wide PSF", "wrong basin")


@dataclass(frozen=True, eq=False)
class Lens:
    """A lens that was drawn, its masked image, and the same image with a PSF that is too wide."""

    seed: int
    galaxies: tuple[Any, Any]
    dataset: Any
    dataset_with_wide_psf: Any


def psf_from(sigma: float) -> Any:
    import autolens as al

    return al.Convolver.from_gaussian((PSF_PIXELS, PSF_PIXELS), PIXEL_SCALE, sigma=sigma, normalize=True)


def galaxies_from(rng: np.random.Generator) -> tuple[Any, Any]:
    """A singular isothermal ellipsoid with shear and a Sersic, and an elliptical Sersic behind it."""
    import autolens as al

    def ell_comps(low: float, high: float) -> tuple[float, float]:
        return al.convert.ell_comps_from(axis_ratio=rng.uniform(low, high), angle=rng.uniform(0.0, 180.0))

    centre = tuple(rng.normal(0.0, 0.02, size=2))
    gamma, angle = rng.uniform(0.02, 0.08), rng.uniform(0.0, 2.0 * np.pi)
    lens = al.Galaxy(
        redshift=REDSHIFTS[0],
        light=al.lp.Sersic(
            centre=tuple(np.add(centre, rng.normal(0.0, 0.01, size=2))),
            ell_comps=ell_comps(0.7, 0.95),
            intensity=rng.uniform(0.7, 1.4),
            effective_radius=rng.uniform(0.6, 1.0),
            sersic_index=rng.uniform(2.5, 4.0),
        ),
        mass=al.mp.Isothermal(centre=centre, ell_comps=ell_comps(0.65, 0.9), einstein_radius=rng.uniform(1.2, 1.6)),
        shear=al.mp.ExternalShear(gamma_1=gamma * np.cos(angle), gamma_2=gamma * np.sin(angle)),
    )
    distance, direction = 0.2 * np.sqrt(rng.random()), rng.uniform(0.0, 2.0 * np.pi)
    source = al.Galaxy(
        redshift=REDSHIFTS[1],
        light=al.lp.Sersic(
            centre=(distance * np.sin(direction), distance * np.cos(direction)),
            ell_comps=ell_comps(0.5, 0.8),
            intensity=rng.uniform(0.8, 2.0),
            effective_radius=rng.uniform(0.12, 0.3),
            sersic_index=rng.uniform(1.0, 2.5),
        ),
    )
    return lens, source


def lens_from(seed: int) -> Lens:
    """The lens of a seed."""
    import autolens as al

    galaxies = galaxies_from(np.random.default_rng([seed, 2026]))
    simulator = al.SimulatorImaging(
        exposure_time=EXPOSURE_TIME, background_sky_level=SKY, psf=psf_from(PSF_SIGMA), noise_seed=seed
    )
    whole = simulator.via_tracer_from(al.Tracer(galaxies), al.Grid2D.uniform(SHAPE, pixel_scales=PIXEL_SCALE))
    mask = al.Mask2D.circular(SHAPE, radius=MASK_RADIUS, pixel_scales=PIXEL_SCALE)
    wide = al.Imaging(data=whole.data, noise_map=whole.noise_map, psf=psf_from(PSF_FACTOR * PSF_SIGMA))
    return Lens(seed, galaxies, whole.apply_mask(mask), wide.apply_mask(mask))


def model_from(shear: bool = True, spherical_source: bool = False) -> Any:
    """The model that was drawn from, with broad priors, or one that lacks something."""
    import autolens as al

    def near(reach: float, centre: float = 0.0) -> tuple[Any, Any]:
        return tuple(al.UniformPrior(centre - reach, centre + reach) for _ in range(2))

    def sersic(cls: Any, reach: float, radii: tuple[float, float], intensity: float) -> Any:
        shape = {} if cls is al.lp.SersicSph else {"ell_comps": near(0.5)}
        return al.Model(
            cls,
            centre=near(reach),
            intensity=al.UniformPrior(0.0, intensity),
            effective_radius=al.UniformPrior(*radii),
            sersic_index=al.UniformPrior(0.5, 6.0),
            **shape,
        )

    mass = al.Model(al.mp.Isothermal, centre=near(0.15), ell_comps=near(0.4), einstein_radius=al.UniformPrior(0.6, 2.2))
    bent = {"shear": al.Model(al.mp.ExternalShear, gamma_1=near(0.15)[0], gamma_2=near(0.15)[0])} if shear else {}
    light = sersic(al.lp.Sersic, 0.15, (0.2, 3.0), 10.0)
    lens = al.Model(al.Galaxy, redshift=REDSHIFTS[0], light=light, mass=mass, **bent)
    of_source = sersic(al.lp.SersicSph if spherical_source else al.lp.Sersic, 0.4, (0.02, 1.0), 20.0)
    source = al.Model(al.Galaxy, redshift=REDSHIFTS[1], light=of_source)
    return al.Collection(galaxies=al.Collection(lens=lens, source=source))


def truth_vector_from(lens: Lens, model: Any) -> np.ndarray:
    """The parameters of ``model`` in the galaxies of a lens, ``(p,)``."""
    from autogalaxy.analysis.score_tests import vector_of_instance
    from autogalaxy.inference.instance import ModelInstance

    named = dict(zip(("lens", "source"), lens.galaxies, strict=True))
    return vector_of_instance(model, ModelInstance({"galaxies": ModelInstance(named)}))
