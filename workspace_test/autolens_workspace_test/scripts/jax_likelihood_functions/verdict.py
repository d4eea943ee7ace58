"""The verdict of a fit under JAX: that of NumPy at the same place, good for the truth and not without its shear."""

from __future__ import annotations

import autolens as al
from autogalaxy.inference.verdict_checks import verdict_from
from autolens.cli.demonstration import MASK_RADIUS, PIXEL_SCALE, SHAPE, truth_and_dataset_from

truth, dataset = truth_and_dataset_from(seed=2)
dataset = dataset.apply_mask(al.Mask2D.circular(SHAPE, radius=MASK_RADIUS, pixel_scales=PIXEL_SCALE))


def model_from(with_shear: bool = True) -> al.Collection:
    """Mass, shear and the shape of the source are free, around the truth; the lens light is held."""
    lens, source = truth["lens"], truth["source"]

    def near_zero(reach: float) -> tuple[al.UniformPrior, al.UniformPrior]:
        return al.UniformPrior(-reach, reach), al.UniformPrior(-reach, reach)

    radius = al.UniformPrior(1.2, 1.6)
    mass = al.Model(al.mp.Isothermal, centre=lens.mass.centre, ell_comps=near_zero(0.4), einstein_radius=radius)
    gammas = dict(zip(("gamma_1", "gamma_2"), near_zero(0.1), strict=True))
    bent = {"shear": al.Model(al.mp.ExternalShear, **gammas)} if with_shear else {}
    light = al.Model(
        al.lp.Sersic,
        centre=near_zero(0.3),
        ell_comps=near_zero(0.4),
        intensity=al.UniformPrior(0.1, 4.0),
        effective_radius=al.UniformPrior(0.05, 0.6),
        sersic_index=al.UniformPrior(0.5, 4.0),
    )
    lens_model = al.Model(al.Galaxy, redshift=0.5, light=lens.light, mass=mass, **bent)
    source_model = al.Model(al.Galaxy, redshift=source.redshift, light=light)
    return al.Collection(galaxies=al.Collection(lens=lens_model, source=source_model))


for with_shear, grade in ((True, "good"), (False, "check")):
    model = model_from(with_shear)
    analysis = al.AnalysisImaging(dataset=dataset, use_jax=True)
    result = al.LevenbergMarquardt(show_progress=False, check_over_sampling=False).fit(model, analysis)
    numpy = verdict_from(result.search_info, result.samples, al.AnalysisImaging(dataset=dataset), model)
    assert result.verdict.to_dict() == numpy.to_dict(), "JAX and NumPy judge alike"
    assert result.verdict.grade == grade, str(result.verdict)
    shear = next((f for f in result.verdict.findings if f.name == "missing.external_shear"), None)
    assert with_shear or (shear is not None and shear.grade == "check"), "a missing shear is named"
