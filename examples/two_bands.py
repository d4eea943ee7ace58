"""Two images of one lens in one fit: the mass is shared, light and shift are those of each image."""

from __future__ import annotations

import autolens as al

grid = al.Grid2D.uniform(shape_native=(50, 50), pixel_scales=0.1)
psf = al.Convolver.from_gaussian(shape_native=(7, 7), pixel_scales=0.1, sigma=0.08, normalize=True)


def observed(brightness: float, radius: float, seed: int) -> al.Imaging:
    """A band in which the source has this brightness and size; of your own: al.Imaging.from_fits(...)."""
    lens = al.Galaxy(redshift=0.5, mass=al.mp.Isothermal(ell_comps=(0.1, 0.05), einstein_radius=1.2))
    disk = al.lp.ExponentialSph(centre=(0.1, 0.15), intensity=brightness, effective_radius=radius)
    simulator = al.SimulatorImaging(exposure_time=600.0, psf=psf, background_sky_level=0.1, noise_seed=seed)
    dataset = simulator.via_tracer_from(al.Tracer([lens, al.Galaxy(redshift=1.0, disk=disk)]), grid)
    return dataset.apply_mask(al.Mask2D.circular((50, 50), pixel_scales=0.1, radius=2.0))


blue = al.AnalysisImaging(observed(2.0, 0.15, seed=1), use_jax=True)
red = al.AnalysisImaging(observed(0.8, 0.25, seed=2), use_jax=True)

lens = al.Model(al.Galaxy, redshift=0.5, mass=al.mp.Isothermal)
lens.mass.einstein_radius = al.UniformPrior(0.5, 1.8)
disk = al.Model(al.lp.ExponentialSph, effective_radius=al.UniformPrior(0.05, 0.6))
model = al.Collection(galaxies=al.Collection(lens=lens, source=al.Model(al.Galaxy, redshift=1.0, disk=disk)))

both = (blue + red).named("blue", "red").with_free_parameters(disk.intensity, disk.effective_radius)
result = al.Auto(samplers=(), seed=1, show_progress=False).fit(model, both)

print(result.samples.summary)
assert abs(result.instance.blue.galaxies.lens.mass.einstein_radius - 1.2) < 0.01
assert result.instance.blue.galaxies.source.disk.intensity > result.instance.red.galaxies.source.disk.intensity
