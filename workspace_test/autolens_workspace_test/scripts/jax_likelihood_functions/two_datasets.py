"""One lens in two bands: shared mass, a brightness of the source and a shift of the frame of each band's own."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import parity

import autolens as al

FREE = ("galaxies.source.bulge.intensity", "dataset_model.grid_offset")
"""What each band has for itself."""


def model_from() -> al.Collection:
    """An isothermal lens of a Sersic source, priors narrowed around what is simulated."""
    lens = al.Model(al.Galaxy, redshift=0.5, mass=al.mp.Isothermal)
    lens.mass.centre = (0.0, 0.0)
    lens.mass.einstein_radius = al.UniformPrior(1.0, 1.5)
    offset = (al.UniformPrior(-0.1, 0.1), al.UniformPrior(-0.1, 0.1))
    return al.Collection(
        galaxies=al.Collection(lens=lens, source=parity.sersic_source()),
        dataset_model=al.Model(al.DatasetModel, grid_offset=offset, background_sky_level=0.0, grid_rotation_angle=0.0),
    )


def truth() -> np.ndarray:
    """The vector of the split model that is simulated: the second band is shifted."""
    values = dict(zip(split().paths, split().physical_values_from_prior_medians, strict=True))
    values["g.galaxies.lens.mass.ell_comps.ell_comps_0"] = 0.1
    values["r.dataset_model.grid_offset.grid_offset_0"] = 0.05
    return np.array(list(values.values()))


@cache
def split() -> al.Collection:
    """The model of both bands."""
    names: Any = ("g", "r")
    dummy = parity.imaging_from(al.Tracer(model_from().instance_from_prior_medians().galaxies))
    both = al.AnalysisImaging(dummy) + al.AnalysisImaging(dummy)
    return both.named(*names).with_free_parameters(*FREE).model_for(model_from())


@cache
def datasets(seed: int = 1) -> tuple[Any, Any]:
    """Images of the two bands with noise of their own."""
    made = []
    for i, band in enumerate(split().instance_from_vector(truth())):
        dataset = parity.imaging_from(al.Tracer(band.galaxies))
        exact = al.FitImaging(dataset, al.Tracer(band.galaxies), dataset_model=band.dataset_model).model_data
        noise = np.random.default_rng(seed + i).standard_normal(exact.shape)
        made.append(dataset.with_data(exact + dataset.noise_map * noise))
    return made[0], made[1]


def analysis_from(use_jax: bool, seed: int = 1) -> Any:
    """The analysis of both bands."""
    g, r = (al.AnalysisImaging(dataset, use_jax=use_jax) for dataset in datasets(seed))
    return (g + r).named("g", "r").with_free_parameters(*FREE)


def fits_cross_jit() -> None:
    """``jax.jit(analysis.fit_from)`` returns the fits of both bands."""
    import jax

    instance = split().instance_from_vector(truth())
    analysis = analysis_from(True)
    fit, wanted = jax.jit(analysis.fit_from)(instance), analysis_from(False).fit_from(instance)
    parity.check(type(fit) is type(wanted), f"jit(fit_from) returned a {type(fit).__name__}")
    parity.check(all(isinstance(leaf, jax.Array) for leaf in jax.tree.leaves(fit)), "a leaf is no jax.Array")
    parity.close(fit.figure_of_merit, wanted.figure_of_merit, "figure of merit of the returned fits")
    for name in ("g", "r"):
        parity.close(fit[name].residual_map.array, wanted[name].residual_map.array, f"residual map of {name}")
    print("fits: ok")


def parameters_of_one_band_leave_the_other_alone() -> None:
    """The residuals of g do not change with the parameters of r, and those of r do."""
    import jax

    analysis, vector = analysis_from(True), truth()

    def residuals(v: Any) -> Any:
        return analysis.residual_vector_from(split().instance_from_vector(v, xp=analysis._xp))

    jacobian = np.asarray(jax.jacfwd(residuals)(vector))
    pixels = analysis["g"].dataset.mask.pixels_in_mask
    own = [i for i, path in enumerate(split().paths) if path.startswith("r.")]
    parity.check(
        len(own) == 3 and len(jacobian) == 2 * pixels, f"{len(own)} parameters of r, {len(jacobian)} residuals"
    )
    parity.check(np.all(jacobian[:pixels, own] == 0.0), "g depends on parameters of r")
    parity.check(np.all(np.abs(jacobian[pixels:, own]).max(axis=0) > 1.0), "r does not depend on its parameters")
    print("independence: ok")


def other_data_compile_nothing() -> None:
    """A fitness of other images of the same bands equals that made for them, with what is compiled already."""
    fitness = al.Fitness(split(), analysis_from(True), dataset_as_argument=True)
    fitness._jit(truth())
    others = fitness.for_dataset(list(datasets(11)))
    parity.close(others._jit(truth()), al.Fitness(split(), analysis_from(False, 11))(truth()), "other datasets")


def fit_of_both_bands_recovers_the_truth() -> None:
    """Levenberg-Marquardt on both bands: truth within errors, which for what they share are smaller by root two."""
    search = al.LevenbergMarquardt(n_starts=4, n_screen=32, agree=2, show_progress=False, check_over_sampling=False)
    both = search.fit(model_from(), analysis_from(True))
    alone = search.fit(model_from(), analysis_from(True)["g"])
    parity.check(both.samples.names == split().paths, "the search fitted another model")
    sigma = np.sqrt(np.diag(both.samples.covariance_matrix))
    deviations = (both.samples.max_log_likelihood_vector - truth()) / sigma
    parity.check(np.all(np.abs(deviations) < 4.0), f"deviations from the truth {deviations.round(1)} sigma")
    parity.check(float(np.sum(deviations**2)) < 40.0, f"deviations of {np.sum(deviations**2):.0f} in 15 parameters")
    source = both["r"].max_log_likelihood_tracer.galaxies[1]
    wanted = both.instance.r.galaxies.source.bulge.intensity
    parity.check(source.bulge.intensity == wanted, "the tracer of r is that of another band")
    shared = [i for i, path in enumerate(model_from().paths) if not path.startswith(FREE)]
    ratios = sigma[shared] / np.sqrt(np.diag(alone.samples.covariance_matrix))[shared]
    parity.check(len(shared) == 9, f"{len(shared)} shared parameters")
    parity.check(np.all(np.abs(ratios * np.sqrt(2.0) - 1.0) < 0.1), f"errors shrink by {ratios.round(3)}")
    print("fit of both bands: ok")


if __name__ == "__main__":
    fits_cross_jit()
    parity.batch(analysis_from, split())
    parameters_of_one_band_leave_the_other_alone()
    other_data_compile_nothing()
    fit_of_both_bands_recovers_the_truth()
