"""A lens of stars, dark matter and a neighbour in another plane: image, critical curves, and the model of a fit."""

from __future__ import annotations

import autolens as al

stars = al.lmp.Sersic(
    ell_comps=(0.05, 0.1), intensity=0.5, effective_radius=0.9, sersic_index=3.5, mass_to_light_ratio=0.9
)
halo = al.mp.NFW(ell_comps=(0.03, 0.05), kappa_s=0.12, scale_radius=12.0)
lens = al.Galaxy(redshift=0.3, stars=stars, halo=halo, shear=al.mp.ExternalShear(gamma_1=0.02, gamma_2=0.03))
neighbour = al.Galaxy(
    redshift=0.5,
    light=al.lp.SersicSph(centre=(2.2, -1.0), intensity=0.3, effective_radius=0.3, sersic_index=2.0),
    mass=al.mp.IsothermalSph(centre=(2.2, -1.0), einstein_radius=0.15),
)
source = al.Galaxy(redshift=1.5, light=al.lp.Exponential(centre=(0.05, 0.1), intensity=1.0, effective_radius=0.2))

tracer = al.Tracer([lens, neighbour, source])
grid = al.Grid2D.uniform(shape_native=(120, 120), pixel_scales=0.06)
print("planes at redshifts", [round(float(redshift), 2) for redshift in tracer.plane_redshifts])
al.plot.subplot_tracer(tracer, grid=grid, path="tracer.png")

# As an observation.
psf = al.Convolver.from_gaussian(shape_native=(15, 15), pixel_scales=0.06, sigma=0.05, normalize=True)
simulator = al.SimulatorImaging(exposure_time=1000.0, background_sky_level=0.2, psf=psf, noise_seed=1)
dataset = simulator.via_tracer_from(tracer, grid)
dataset.output_to_fits("observed/data.fits", "observed/noise_map.fits", "observed/psf.fits", overwrite=True)

# A model of it: the halo about the stars, the neighbour's mass at its light, a scale radius that no image tells.
model = al.Collection(
    galaxies=al.Collection(
        lens=al.Model(al.Galaxy, redshift=0.3, stars=al.lmp.Sersic, halo=al.mp.NFW, shear=al.mp.ExternalShear),
        neighbour=al.Model(al.Galaxy, redshift=0.5, light=al.lp.SersicSph, mass=al.mp.IsothermalSph),
        source=al.Model(al.Galaxy, redshift=1.5, light=al.lp.Sersic),
    )
)
model.galaxies.lens.halo.centre = model.galaxies.lens.stars.centre
model.galaxies.lens.halo.scale_radius = 12.0
model.galaxies.neighbour.light.centre = (al.GaussianPrior(2.2, 0.1), al.GaussianPrior(-1.0, 0.1))
model.galaxies.neighbour.mass.centre = model.galaxies.neighbour.light.centre
print(model.info)
