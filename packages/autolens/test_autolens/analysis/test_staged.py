import json

import numpy as np
import pytest

import autolens as al
from autolens.analysis import staged, stand_ins
from autolens.analysis.arcs import arc_pixels_from, candidate_vectors_from, weighted_median
from autolens.analysis.staged import fit_in_stages, parts_of


def model():
    lens = al.Model(
        al.Galaxy,
        redshift=0.5,
        bulge=al.lp.Sersic,
        disks=[al.lp.Exponential],
        mass=al.mp.Isothermal,
        dark=al.mp.IsothermalSph,
    )
    source = al.Model(al.Galaxy, redshift=1.0, bulge=al.lp.SersicSph)
    return al.Collection(galaxies=al.Collection(lens=lens, source=source))


def test_parts_share_the_priors_of_the_model_and_split_light_from_mass_and_source():
    whole = model()

    light, lensed = parts_of(whole)

    assert [path for path, _ in light.galaxies.lens.items()] == ["redshift", "bulge", "disks"]
    assert [path for path, _ in lensed.galaxies.lens.items()] == ["redshift", "mass", "dark"]
    assert "source" not in dict(light.galaxies.items())
    assert {id(p) for p in light.priors} | {id(p) for p in lensed.priors} == {id(p) for p in whole.priors}
    assert light.prior_count + lensed.prior_count == whole.prior_count


def test_basis_of_light_is_light_and_one_with_mass_is_not():
    whole = model()
    gaussians = [al.Model(al.lp.Gaussian), al.Model(al.lp.Gaussian)]
    whole.galaxies.lens.bulge = al.Model(al.lp_basis.Basis, profile_list=gaussians)
    whole.galaxies.lens.dark = al.Model(al.lp_basis.Basis, profile_list=[al.Model(al.lmp.Gaussian)])

    light, lensed = parts_of(whole)

    assert [path for path, _ in light.galaxies.lens.items()] == ["redshift", "bulge", "disks"]
    assert [path for path, _ in lensed.galaxies.lens.items()] == ["redshift", "mass", "dark"]


def test_weighted_median_leaves_half_of_the_weight_on_either_side():
    values = np.array([5.0, 1.0, 2.0, 9.0])

    assert weighted_median(values, np.array([1.0, 1.0, 1.0, 10.0])) == 9.0
    assert weighted_median(values, np.array([1.0, 4.0, 1.0, 1.0])) == 1.0


def sphere_and_source(noise=0.01, shape=(40, 40), scale=0.1, size=0.2):
    lens = al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(einstein_radius=1.2))
    source = al.Galaxy(
        redshift=1.0, bulge=al.lp.SersicSph(centre=(0.15, -0.1), intensity=1.0, effective_radius=size, sersic_index=1.0)
    )
    tracer = al.Tracer([lens, source])
    image = tracer.image_2d_from(al.Grid2D.uniform(shape, scale, over_sample_size=2)).native.array
    data = image + noise * np.random.default_rng(3).standard_normal(shape)
    dataset = al.Imaging(data=data, noise_map=np.full(shape, noise), pixel_scales=scale, over_sample_size_lp=2)
    return dataset.apply_mask(al.Mask2D.circular(shape, 1.9, scale))


def sphere_model():
    lens = al.Model(al.Galaxy, redshift=0.5, mass=al.mp.IsothermalSph)
    lens.mass.centre = (0.0, 0.0)
    lens.mass.einstein_radius = al.UniformPrior(1.199, 1.201)
    source = al.Model(al.Galaxy, redshift=1.0, bulge=al.lp.SersicSph)
    source.bulge.centre = (al.UniformPrior(-1.0, 1.0), al.UniformPrior(-1.0, 1.0))
    source.bulge.effective_radius = al.UniformPrior(0.01, 1.0)
    return al.Collection(galaxies=al.Collection(lens=lens, source=source))


def test_candidates_put_the_source_where_the_right_mass_traces_the_arcs_to():
    whole, arcs = sphere_model(), sphere_and_source(noise=0.05, size=0.03)

    vectors = candidate_vectors_from(whole, arcs, lambda i: al.Tracer(i.galaxies), number=5, seed=1)

    paths = whole.paths
    y = vectors[:, paths.index("galaxies.source.bulge.centre.centre_0")]
    x = vectors[:, paths.index("galaxies.source.bulge.centre.centre_1")]
    size = vectors[:, paths.index("galaxies.source.bulge.effective_radius")]
    assert y == pytest.approx(np.full(5, 0.15), abs=0.04)
    assert x == pytest.approx(np.full(5, -0.1), abs=0.04)
    assert np.all((size > 0.01) & (size < 0.2))


def test_arc_pixels_stand_out_of_the_noise_and_their_weights_saturate():
    points, weights = arc_pixels_from(sphere_and_source(noise=0.05), np.random.default_rng(1))

    assert len(points) == len(weights) <= 400
    assert weights.min() > 3.0 and weights.max() == 9.0
    assert np.median(np.linalg.norm(points, axis=1)) == pytest.approx(1.2, abs=0.15)


def test_model_without_lens_light_is_fitted_in_one_stage_to_the_truth():
    dataset = sphere_and_source(shape=(40, 40))
    whole = sphere_model()
    whole.galaxies.lens.mass.einstein_radius = al.UniformPrior(1.1, 1.3)
    whole.galaxies.source.bulge.sersic_index = 1.0
    whole.galaxies.source.bulge.effective_radius = 0.2
    whole.galaxies.source.bulge.centre = (al.UniformPrior(0.1, 0.2), al.UniformPrior(-0.15, -0.05))
    whole.galaxies.source.bulge.intensity = al.UniformPrior(0.5, 1.5)

    result = fit_in_stages(whole, al.AnalysisImaging(dataset), seed=1, show_progress=False)

    found = result.max_log_likelihood_tracer.galaxies
    assert found[0].mass.einstein_radius == pytest.approx(1.2, abs=0.003)
    assert found[1].bulge.centre == pytest.approx((0.15, -0.1), abs=0.003)
    assert found[1].bulge.intensity == pytest.approx(1.0, abs=0.02)
    chi_squared_per_pixel = result.max_log_likelihood_fit.chi_squared / dataset.mask.pixels_in_mask
    assert chi_squared_per_pixel == pytest.approx(1.0, abs=0.15)


def test_interruption_before_the_joint_fit_is_raised_and_after_it_ends_with_the_best(monkeypatch):
    dataset, whole = sphere_and_source(noise=0.002), sphere_model()
    whole.galaxies.source.bulge.sersic_index = 2.0  # the wrong one: what is left is more than noise
    whole.galaxies.source.bulge.effective_radius = 0.2
    calls = []

    def fit(self, name, part, dataset, start=None, **settings):
        calls.append(name)
        if len(calls) == interrupted_call:
            raise KeyboardInterrupt
        return original(self, name, part, dataset, start, **{**settings, "n_starts": 1, "candidate_vectors": [truth]})

    original = staged._Staged._fit
    truth = [1.2, 0.15, -0.1, 1.0]
    monkeypatch.setattr(staged._Staged, "_fit", fit)
    interrupted_call = 1
    with pytest.raises(KeyboardInterrupt):
        fit_in_stages(whole, al.AnalysisImaging(dataset), show_progress=False)

    calls.clear()
    interrupted_call = 2
    result = fit_in_stages(whole, al.AnalysisImaging(dataset), show_progress=False)

    assert calls == ["mass and source", "mass and source"]
    assert result.search_info["interrupted"]
    assert result.max_log_likelihood_instance.galaxies.source.bulge.centre == pytest.approx((0.15, -0.1), abs=0.02)


def test_fixed_further_galaxies_stay_with_the_lensed_part_and_conditions_keep_the_model_whole():
    whole = model()
    whole.extra_galaxies = al.Collection(one=al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(einstein_radius=0.7)))

    light, lensed = parts_of(whole)

    assert [name for name, _ in light.items()] == ["galaxies"]
    assert lensed.instance_from_prior_medians().extra_galaxies.one.mass.einstein_radius == 0.7
    analysis = al.AnalysisImaging(sphere_and_source())
    assert staged._Staged(whole, analysis, 1, False).can_be_split
    lens, source = whole.galaxies.lens, whole.galaxies.source
    lens.add_assertion(lens.bulge.sersic_index < 4.0)
    whole.add_assertion(source.bulge.effective_radius < lens.mass.einstein_radius)
    light, lensed = parts_of(whole)
    assert (light.assertions, lensed.assertions) == ([lens.assertions[0]], [whole.assertions[0]])
    assert staged._Staged(whole, analysis, 1, False).can_be_split
    lens.bulge.add_assertion(source.bulge.sersic_index < 5.0)  # stays with the bulge, which is light
    assert not staged._Staged(whole, analysis, 1, False).can_be_split
    whole = model()
    lens, source = whole.galaxies.lens, whole.galaxies.source
    whole.add_assertion(lens.bulge.sersic_index < source.bulge.sersic_index)
    assert not staged._Staged(whole, analysis, 1, False).can_be_split


def test_source_of_free_redshift_is_placed_where_the_arcs_are_traced_to():
    whole, arcs = sphere_model(), sphere_and_source(noise=0.05, size=0.03)
    whole.galaxies.source.redshift = al.UniformPrior(0.9, 1.5)

    vectors = candidate_vectors_from(whole, arcs, lambda i: al.Tracer(i.galaxies), number=3, seed=1)

    y = vectors[:, whole.paths.index("galaxies.source.bulge.centre.centre_0")]
    assert y == pytest.approx(np.full(3, 0.15), abs=0.04)


def linear_sphere_model():
    whole = sphere_model()
    source = al.Model(al.lp_linear.SersicSph, sersic_index=2.0, effective_radius=0.2)
    source.centre = (al.UniformPrior(-1.0, 1.0), al.UniformPrior(-1.0, 1.0))
    whole.galaxies.source.bulge = source
    return whole


def test_interruption_of_the_ordinary_run_ends_the_fit_of_linear_light_too(monkeypatch, tmp_path):
    def interrupted(*args, **settings):
        raise KeyboardInterrupt

    joint, names = staged._Staged.joint, []

    def counted(self, *args, **settings):
        names.append(settings.get("name"))
        return joint(self, *args, **settings)

    monkeypatch.setattr(staged._Staged, "starts", lambda self: [np.array([1.2, 0.15, -0.1, 1.0])])
    monkeypatch.setattr(staged._Staged, "redrawn", interrupted)
    monkeypatch.setattr(staged._Staged, "joint", counted)
    whole, analysis = linear_sphere_model(), al.AnalysisImaging(sphere_and_source(noise=0.002))

    result = fit_in_stages(whole, analysis, output_path=tmp_path / "fit", show_progress=False)

    assert names == [None, "final", "final"]
    assert result.search_info["interrupted"] and result.search_info["jacobians"] <= 2
    assert json.loads((tmp_path / "fit" / "result.json").read_text())["search"]["interrupted"]
    assert result.original_model is whole
    assert result.max_log_likelihood_instance.galaxies.source.bulge.centre == pytest.approx((0.15, -0.1), abs=0.02)


def test_linear_light_with_mass_is_fitted_without_a_stand_in(monkeypatch):
    monkeypatch.setattr(stand_ins, "ordinary_model_from", None)
    stars = al.Model(al.lmp_linear.SersicSph, centre=(0.0, 0.0), effective_radius=0.5, sersic_index=1.0)
    stars.mass_to_light_ratio = al.UniformPrior(2.0, 6.0)
    lens = al.Galaxy(redshift=0.5, stars=al.lmp.SersicSph((0.0, 0.0), 1.0, 0.5, 1.0, mass_to_light_ratio=3.0))
    light = al.lp_linear.SersicSph(centre=(0.15, -0.1), effective_radius=0.2, sersic_index=1.0)
    source = al.lp.SersicSph(centre=(0.15, -0.1), intensity=1.0, effective_radius=0.2, sersic_index=1.0)
    tracer = al.Tracer([lens, al.Galaxy(redshift=1.0, light=source)])
    dataset = sphere_and_source()
    dataset = dataset.with_data(tracer.image_2d_from(dataset.grids.lp))
    galaxies = al.Collection(
        lens=al.Model(al.Galaxy, redshift=0.5, stars=stars), source=al.Galaxy(redshift=1.0, light=light)
    )

    result = fit_in_stages(al.Collection(galaxies=galaxies), al.AnalysisImaging(dataset), show_progress=False)

    assert result.samples.max_log_likelihood_vector == pytest.approx([3.0], abs=1e-3)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("lens light", "stage 1 of 4: lens light"),
        ("mass and source", "stage 2 of 4: mass and source"),
        ("all", "stage 3 of 4: everything"),
        ("lens light anew", "stage 3 of 4, again: lens light anew"),
        ("final", "stage 4 of 4: final"),
    ],
)
def test_stages_say_how_many_there_are(name, title):
    assert staged.title_of(name) == title
