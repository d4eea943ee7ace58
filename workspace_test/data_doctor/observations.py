"""Simulated observations that are clean: lenses drawn at random, seen by telescopes drawn at random."""

from __future__ import annotations

import numpy as np

import autolens as al
from autolens.data_doctor.images import Images


def psf_from(rng: np.random.Generator, pixels: int = 25) -> np.ndarray:
    """A slightly elongated Gaussian core with a little wider one under it: no light at the edge, sum 1."""
    y, x = np.indices((pixels, pixels)) - pixels // 2
    width, ratio, angle = rng.uniform(0.8, 1.6), rng.uniform(0.85, 1.0), rng.uniform(0.0, np.pi)
    u, v = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
    squared = u**2 + (v / ratio) ** 2
    psf = np.exp(-0.5 * squared / width**2) + 0.05 * np.exp(-0.5 * squared / (2.2 * width) ** 2)
    return psf / psf.sum()


def galaxies_from(rng: np.random.Generator, brightness: float) -> list[al.Galaxy]:
    """A lens with its light, shear, and a source that is lensed into arcs; at times a neighbour."""

    def shape(most: float) -> tuple[float, float]:
        size, angle = rng.uniform(0.0, most), rng.uniform(0.0, 2.0 * np.pi)
        return float(size * np.sin(angle)), float(size * np.cos(angle))

    centre = tuple(rng.uniform(-0.05, 0.05, 2))
    radius = rng.uniform(0.9, 1.7)
    lens = al.Galaxy(
        redshift=0.5,
        light=al.lp.Sersic(
            centre=centre,
            ell_comps=shape(0.2),
            intensity=brightness * rng.uniform(0.3, 2.0),
            effective_radius=rng.uniform(0.4, 1.2),
            sersic_index=rng.uniform(1.5, 4.5),
        ),
        mass=al.mp.Isothermal(centre=centre, ell_comps=shape(0.15), einstein_radius=radius),
        shear=al.mp.ExternalShear(*shape(0.06)),
    )
    source = al.Galaxy(
        redshift=1.0,
        light=al.lp.Sersic(
            centre=tuple(rng.uniform(-0.25, 0.25, 2)),
            ell_comps=shape(0.2),
            intensity=brightness * rng.uniform(0.5, 2.0),
            effective_radius=rng.uniform(0.1, 0.3),
            sersic_index=rng.uniform(0.8, 2.0),
        ),
    )
    galaxies = [lens, source]
    if rng.random() < 0.3:
        turn = rng.uniform(0.0, 2.0 * np.pi)
        place = 4.5 * np.sin(turn), 4.5 * np.cos(turn)
        light = al.lp.Sersic(
            centre=place,
            ell_comps=shape(0.2),
            intensity=0.5 * brightness,
            effective_radius=0.3,
            sersic_index=1.5,
        )
        galaxies.append(al.Galaxy(redshift=0.5, light=light))
    return galaxies


def clean_from(seed: int) -> Images:
    """A clean observation; its header ``truth`` holds the Einstein radius [arcsec]."""
    rng = np.random.default_rng(seed)
    pixel, sky = rng.choice([0.05, 0.06, 0.08, 0.1]), rng.uniform(0.1, 0.6)
    time = rng.choice([300.0, 1000.0, 3000.0])
    side = int(np.ceil(12.0 / pixel)) | 1
    galaxies = galaxies_from(rng, brightness=0.7)
    psf = psf_from(rng)
    simulator = al.SimulatorImaging(
        exposure_time=time,
        background_sky_level=sky,
        psf=al.Convolver(psf, pixel),
        noise_seed=seed,
    )
    grid = al.Grid2D.uniform(shape_native=(side, side), pixel_scales=pixel)
    dataset = simulator.via_tracer_from(al.Tracer(galaxies), grid)
    images = Images(
        data=np.array(dataset.data.native.array),
        noise_map=np.array(dataset.noise_map.native.array),
        psf=psf,
        pixel_scale=float(pixel),
        known=np.ones((side, side), dtype=bool),
        exposure_time=float(time),
        headers={"truth": {"RADIUS": float(galaxies[0].mass.einstein_radius)}},
    )
    mask = al.Mask2D.circular((side, side), radius=3.0, pixel_scales=pixel)
    return images.with_mask(mask.array)


def clean_model_of(images: Images) -> np.ndarray:
    """The image without noise: that of the noise map, whose variance is (model + sky) / t."""
    assert images.exposure_time is not None
    variance = images.noise_map**2 * images.exposure_time
    return variance - variance.min()


def radius_of(images: Images) -> float:
    """The Einstein radius that was put into an observation."""
    return float(images.headers["truth"]["RADIUS"])
