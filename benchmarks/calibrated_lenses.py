"""Lenses drawn from the priors of a model, with data drawn from its likelihood, and fits of them by the default search.

The images are simulated by the likelihood that is fitted: the same sub-pixels, PSF and noise map. What is tested is the
inference, not the sub-sampling of images.
"""

from __future__ import annotations

import time
import traceback
from typing import Any

import numpy as np

PIXEL_SCALE, PSF_SIGMA, PSF_PIXELS, SUB_SIZE = 0.1, 0.08, 9, 2
REDSHIFTS = (0.5, 1.0)
SKY = 1.0
"""Of the noise map: ``sqrt((SKY + light of the lens) / exposure)``, with the light at the median of its prior."""
_FACTS = ("pareto_k", "efficiency", "learnt_from", "r_hat", "divergences")
"""What is kept of how a posterior was sampled."""


def model_from(with_shapes: bool = True) -> Any:
    """SIE and shear, a Sersic source, and lens light of a held shape: 13 free parameters, each from its prior.

    Without shapes the ellipticity and the index of the source are held, which leaves 10.
    """
    import autolens as al

    mass = al.Model(
        al.mp.Isothermal,
        centre=(0.0, 0.0),
        ell_comps=(al.GaussianPrior(0.0, 0.12), al.GaussianPrior(0.0, 0.12)),
        einstein_radius=al.UniformPrior(0.9, 1.3),
    )
    shear = al.Model(al.mp.ExternalShear, gamma_1=al.GaussianPrior(0.0, 0.04), gamma_2=al.GaussianPrior(0.0, 0.04))
    light = al.Model(
        al.lp.Sersic,
        centre=(0.0, 0.0),
        ell_comps=(0.05, 0.1),
        intensity=al.UniformPrior(0.5, 2.0),
        effective_radius=0.6,
        sersic_index=3.0,
    )
    shapes: dict[str, Any] = {"ell_comps": (0.1, -0.15), "sersic_index": 1.0}
    if with_shapes:
        ell_comps = tuple(al.TruncatedGaussianPrior(0.0, 0.2, -0.5, 0.5) for _ in range(2))
        shapes = {"ell_comps": ell_comps, "sersic_index": al.UniformPrior(0.6, 3.0)}
    source = al.Model(
        al.lp.Sersic,
        centre=(al.UniformPrior(-0.2, 0.2), al.UniformPrior(-0.2, 0.2)),
        intensity=al.LogUniformPrior(0.3, 3.0),
        effective_radius=al.UniformPrior(0.1, 0.4),
        **shapes,
    )
    lens = al.Model(al.Galaxy, redshift=REDSHIFTS[0], light=light, mass=mass, shear=shear)
    return al.Collection(
        galaxies=al.Collection(lens=lens, source=al.Model(al.Galaxy, redshift=REDSHIFTS[1], light=source))
    )


class CalibratedLenses:
    """Draws of a seed, and their fits with one compilation.

    Parameters
    ----------
    pixels, radius
        Pixels along a side, and the radius of the mask [arcsec].
    exposure
        Time [s] of the noise map.
    with_shapes
        Of the model, see :func:`model_from`.
    """

    def __init__(
        self, seed: int, pixels: int = 44, radius: float = 2.1, exposure: float = 25.0, with_shapes: bool = True
    ) -> None:
        import autolens as al

        self.seed, self.model = seed, model_from(with_shapes)
        shape = (pixels, pixels)
        psf = al.Convolver.from_gaussian((PSF_PIXELS, PSF_PIXELS), PIXEL_SCALE, sigma=PSF_SIGMA, normalize=True)
        mask = al.Mask2D.circular(shape, radius=radius, pixel_scales=PIXEL_SCALE)
        empty = al.Imaging(
            data=al.Array2D(np.zeros(shape), al.Mask2D.all_false(shape, PIXEL_SCALE)),
            noise_map=al.Array2D(np.ones(shape), al.Mask2D.all_false(shape, PIXEL_SCALE)),
            psf=psf,
            over_sample_size_lp=SUB_SIZE,
        ).apply_mask(mask)
        middle = self.model.instance_from_prior_medians()
        light = al.AnalysisImaging(empty).fit_from(middle).galaxy_model_image_dict[middle.galaxies.lens]
        noise = al.Array2D(np.sqrt((SKY + light.array) / exposure), mask)
        self.dataset = al.Imaging(
            data=al.Array2D(np.zeros(mask.pixels_in_mask), mask),
            noise_map=noise,
            psf=psf,
            over_sample_size_lp=SUB_SIZE,
        )
        self.in_numpy = al.AnalysisImaging(self.dataset)
        self.analysis = al.AnalysisImaging(self.dataset, use_jax=True)

    def drawn(self, number: int) -> tuple[np.ndarray, Any]:
        """The true vector and the dataset of a number; every draw of the priors counts."""
        rng = np.random.default_rng([self.seed, number])
        vector = self.model.vector_from_unit_vector(rng.random(self.model.prior_count))
        image = self.in_numpy.fit_from(self.model.instance_from_vector(vector)).model_data
        noise = rng.standard_normal(image.shape) * self.dataset.noise_map.array
        return vector, self.dataset.with_data(image.with_new_array(image.array + noise))

    def row(self, number: int, draws: int, **settings: Any) -> dict[str, Any]:
        """How one fit went and what it adds to the calibration; the error where it raised one."""
        import autolens as al
        from autogalaxy.inference.calibration import equal_draws_from, row_from

        truth, dataset = self.drawn(number)
        begin = time.perf_counter()
        row: dict[str, Any] = {"number": number, "truth": truth.tolist()}
        analysis = self.analysis.for_dataset(dataset)
        search = al.Auto(seed=number + 1, show_progress=False, check_over_sampling=False, **settings)
        try:
            result = search.fit(self.model, analysis)
        except Exception:  # counted as a failure, with its reason
            return {**row, "error": traceback.format_exc(limit=-3), "seconds": time.perf_counter() - begin}
        vars(self.analysis)["_kernels"] = vars(analysis)["_kernels"]  # what the first of them compiled
        sampling, samples = result.search_info["sampling"], result.samples
        at_truth = self.in_numpy.for_dataset(dataset).log_likelihood_function(self.model.instance_from_vector(truth))
        return {
            **row,
            **row_from(
                truth, equal_draws_from(samples, draws, np.random.default_rng([self.seed, number, 1])), self.model
            ),
            "seconds": time.perf_counter() - begin,
            "method": sampling["method"],
            "accepted": bool(sampling["accepted"]),
            "rejected": list(sampling["rejected"]),
            "modes": sampling["modes"],
            **{key: sampling[key] for key in _FACTS if key in sampling},
            "effective_samples": float(result.search_info.get("effective_samples") or 0.0),
            "below_truth": float(at_truth - result.log_likelihood),
            "agreeing": [result.search_info.get("starts_agreeing"), result.search_info.get("starts_followed")],
            "verdict": result.verdict.grade,
            "not_good": [f.name for f in result.verdict.findings if f.grade != "good"],
        }
