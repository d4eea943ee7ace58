"""The lens that ``autolens demo`` simulates."""

from __future__ import annotations

import autoarray as aa
from autogalaxy import Galaxy, lp, mp
from autolens.imaging.simulator import SimulatorImaging
from autolens.lens.tracer import Tracer

PIXEL_SCALE = 0.1
SHAPE = (100, 100)
MASK_RADIUS = 3.0
PSF_SIGMA = 0.1
PSF_PIXELS = 21
REDSHIFT_LENS, REDSHIFT_SOURCE = 0.5, 1.0


def truth_and_dataset_from(seed: int) -> tuple[dict[str, Galaxy], aa.Imaging]:
    """The galaxies ``lens`` and ``source``, and an observation of them with Poisson noise."""
    truth = {
        "lens": Galaxy(
            redshift=REDSHIFT_LENS,
            light=lp.Sersic(
                centre=(0.02, -0.01),
                ell_comps=(0.05, 0.1),
                intensity=1.0,
                effective_radius=0.8,
                sersic_index=3.0,
            ),
            mass=mp.Isothermal(centre=(0.01, 0.02), ell_comps=(0.08, 0.12), einstein_radius=1.4),
            shear=mp.ExternalShear(gamma_1=0.03, gamma_2=-0.04),
        ),
        "source": Galaxy(
            redshift=REDSHIFT_SOURCE,
            light=lp.Sersic(
                centre=(0.12, 0.06),
                ell_comps=(0.1, -0.1),
                intensity=1.5,
                effective_radius=0.2,
                sersic_index=1.5,
            ),
        ),
    }
    psf = aa.Convolver.from_gaussian((PSF_PIXELS, PSF_PIXELS), PIXEL_SCALE, sigma=PSF_SIGMA, normalize=True)
    simulator = SimulatorImaging(exposure_time=300.0, background_sky_level=0.3, psf=psf, noise_seed=seed)
    grid = aa.Grid2D.uniform(shape_native=SHAPE, pixel_scales=PIXEL_SCALE)
    return truth, simulator.via_tracer_from(Tracer(truth.values()), grid)
