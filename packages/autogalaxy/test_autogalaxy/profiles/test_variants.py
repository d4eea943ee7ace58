"""Linear light, light that is blurred already and light of a given signal to noise: what the marks do."""

from __future__ import annotations

import importlib
import inspect
import json

import numpy as np
import pytest

import autogalaxy as ag
from autoarray import exc
from autogalaxy.profiles.light.variants import ordinary_class_of

FAMILIES = {
    "lp_linear": ag.lp_linear,
    "lp_operated": ag.lp_operated,
    "lp_linear_operated": ag.lp_linear_operated,
    "lp_snr": ag.lp_snr,
}
CLASSES = [
    pytest.param(family, name, id=f"{family}.{name}")
    for family, module in FAMILIES.items()
    for name in module.__all__
    if not name.startswith("LightProfile")
]
ORDERS = {"ShapeletCartesian": (1, 2), "ShapeletPolar": (2, 0), "ShapeletExponential": (2, 1)}
GRID = ag.Grid2D.uniform((21, 21), pixel_scales=0.2, over_sample_size=2)
KERNEL = np.array([[0.0, 0.1, 0.0], [0.2, 0.4, 0.1], [0.0, 0.2, 0.0]])
PSF = ag.Convolver(ag.Array2D.no_mask(KERNEL, pixel_scales=0.2))


def orders_of(name: str) -> tuple[int, ...]:
    return ORDERS.get(name.removesuffix("Sph"), ())


@pytest.mark.parametrize(("family", "name"), CLASSES)
def test_variant_is_a_class_of_its_module_with_the_parameters_of_the_profile(family, name):
    cls, base = getattr(FAMILIES[family], name), getattr(ag.lp, name)
    dropped = {"intensity"} if family != "lp_operated" else set()
    added = ["signal_to_noise_ratio"] if family == "lp_snr" else []

    assert getattr(importlib.import_module(cls.__module__), name) is cls
    assert issubclass(cls, base)
    names = [n for n in inspect.signature(base).parameters if n not in dropped]
    assert list(inspect.signature(cls).parameters) == added + names


@pytest.mark.parametrize(("family", "name"), CLASSES)
def test_variant_is_written_into_a_model_and_read_again(family, name):
    cls = getattr(FAMILIES[family], name)
    orders = dict(zip(list(inspect.signature(cls).parameters), orders_of(name), strict=False))

    model = ag.Model.from_dict(json.loads(json.dumps(ag.Model(cls, **orders).to_dict())))

    assert model.cls is cls
    assert ("intensity" in dict(model.items())) == (family == "lp_operated")


@pytest.mark.parametrize("name", [n for n in ag.lp_linear.__all__ if n != "LightProfileLinear"])
def test_linear_light_is_the_image_of_intensity_one(name):
    light, expected = (getattr(m, name)(*orders_of(name)) for m in (ag.lp_linear, ag.lp))
    expected.intensity = 1.0

    assert light.image_2d_from(GRID).array == pytest.approx(expected.image_2d_from(GRID).array, rel=1e-14)
    assert isinstance(light, ag.lp_linear.LightProfileLinear)


@pytest.mark.parametrize(("module", "is_operated"), [(ag.lp, False), (ag.lp_linear, False), (ag.lp_operated, True)])
def test_light_is_found_where_it_is_asked_for(module, is_operated):
    light = module.Gaussian(sigma=0.4)

    images = {asked: light.image_2d_from(GRID, operated_only=asked).array for asked in (None, True, False)}

    assert np.all(images[not is_operated] == 0.0)
    assert images[is_operated] == pytest.approx(images[None], rel=1e-15)
    assert images[None].max() > 0.0


def operated_and_not() -> tuple[ag.Galaxy, ag.Array2D, ag.Array2D]:
    """A galaxy of both kinds of light, and each kind blurred, or not, by hand."""
    already, sharp = ag.lp_operated.Gaussian(sigma=0.3, intensity=2.0), ag.lp.Sersic(centre=(0.1, 0.2))
    galaxy = ag.Galaxy(redshift=0.5, star=already, bulge=sharp)
    blurred = ag.Galaxy(redshift=0.5, bulge=sharp).unmasked_blurred_image_2d_from(GRID, PSF)
    return galaxy, blurred, already.image_2d_from(GRID)


def test_operated_light_is_not_blurred_again():
    galaxy, blurred, already = operated_and_not()

    for light in (galaxy, ag.Galaxies([galaxy])):
        image = light.unmasked_blurred_image_2d_from(GRID, PSF)
        assert image.array == pytest.approx(blurred.array + already.array, rel=1e-13)


def test_operated_light_of_a_masked_image_is_not_blurred_again():
    galaxy, blurred, already = operated_and_not()
    mask = ag.Mask2D.circular((21, 21), radius=1.3, pixel_scales=0.2)
    grid = ag.Grid2D.from_mask(mask, over_sample_size=2)
    ring = ag.Grid2D.blurring_grid_from(mask, (3, 3), over_sample_size=2)
    inside = ~mask.array

    image = galaxy.blurred_image_2d_from(grid, PSF, ring)
    parts = galaxy.blurred_image_2d_list_from(grid, PSF, ring)

    expected = (blurred.native.array + already.native.array)[inside]
    assert image.array == pytest.approx(expected, rel=1e-12)
    assert parts[0].array == pytest.approx(already.native.array[inside], rel=1e-13)
    assert parts[1].array == pytest.approx(blurred.native.array[inside], rel=1e-12)


def test_simulation_does_not_blur_operated_light_and_its_fit_is_perfect():
    galaxy, blurred, already = operated_and_not()
    simulator = ag.SimulatorImaging(
        exposure_time=300.0, psf=PSF, background_sky_level=0.1, add_poisson_noise_to_data=False
    )
    coarse = ag.Grid2D.uniform((21, 21), pixel_scales=0.2, over_sample_size=1)

    data = simulator.via_galaxies_from([galaxy], GRID).data
    masked = simulator.via_galaxies_from([galaxy], coarse).apply_mask(ag.Mask2D.circular((21, 21), 1.3, 0.2))

    assert data.array == pytest.approx(blurred.array + already.array, rel=1e-12)
    assert ag.FitImaging(masked, [galaxy]).chi_squared < 1e-18


@pytest.mark.parametrize("name", ["Sersic", "Gaussian"])
def test_linear_light_cannot_be_simulated(name):
    galaxy = ag.Galaxy(redshift=0.5, bulge=getattr(ag.lp_linear, name)())
    basis = ag.Galaxy(redshift=0.5, basis=ag.lp_basis.Basis([galaxy.bulge]))

    for dark in (galaxy, basis):
        with pytest.raises(exc.FitException, match=rf"ag\.lp\.{name}\(intensity=1\.0\)"):
            ag.SimulatorImaging(exposure_time=300.0).via_galaxies_from([dark], GRID)


@pytest.mark.parametrize(("exposure_time", "sky"), [(100.0, 0.0), (100.0, 5.0), (300.0, 5.0)])
@pytest.mark.parametrize("psf", [None, PSF])
def test_brightest_pixel_has_the_signal_to_noise_that_was_asked_for(exposure_time, sky, psf):
    light = {"a": ag.lp_snr.Gaussian(signal_to_noise_ratio=10.0, sigma=0.3), "b": ag.lp_snr.SersicSph(50.0)}
    galaxy = ag.Galaxy(redshift=0.5, **light)

    galaxy.set_snr_of_snr_light_profiles(grid=GRID, exposure_time=exposure_time, background_sky_level=sky, psf=psf)

    for profile, expected in zip(light.values(), (10.0, 50.0), strict=True):
        alone = ag.Galaxy(redshift=0.5, light=profile)
        image = alone.image_2d_from(GRID) if psf is None else alone.unmasked_blurred_image_2d_from(GRID, psf)
        counts = image.array.max() * exposure_time
        assert counts / np.sqrt(counts + sky * exposure_time) == pytest.approx(expected, rel=1e-12)


def test_intensity_by_signal_to_noise_is_that_of_autolens():
    """Intensity that autogalaxy 2026.10 sets for this profile, grid, exposure, sky and uniform 3 x 3 PSF."""
    grid = ag.Grid2D.uniform((21, 21), pixel_scales=0.2, over_sample_size=4, over_sample_rule="uniform")
    psf = ag.Convolver(ag.Array2D.no_mask(np.full((3, 3), 1.0 / 9.0), pixel_scales=0.2))
    light = ag.lp_snr.Gaussian(signal_to_noise_ratio=10.0, sigma=0.3)

    ag.Galaxy(redshift=0.5, light=light).set_snr_of_snr_light_profiles(
        grid=grid, exposure_time=100.0, background_sky_level=5.0, psf=psf
    )

    assert light.intensity == pytest.approx(3.806490997838398, rel=1e-12)


def test_simulator_sets_the_signal_to_noise():
    light = ag.lp_snr.Gaussian(signal_to_noise_ratio=20.0, sigma=0.3)
    simulator = ag.SimulatorImaging(
        exposure_time=100.0, psf=PSF, background_sky_level=2.0, add_poisson_noise_to_data=False
    )

    dataset = simulator.via_galaxies_from([ag.Galaxy(redshift=0.5, light=light)], GRID)

    assert (dataset.data.array / dataset.noise_map.array).max() == pytest.approx(20.0, rel=1e-10)


def test_light_by_signal_to_noise_has_no_image_before_an_observation():
    for method, argument in (("image_2d_from", GRID), ("luminosity_within_circle_from", 1.0)):
        with pytest.raises(exc.FitException, match="has no intensity yet"):
            getattr(ag.lp_snr.Sersic(), method)(argument)


def test_light_by_signal_to_noise_that_is_dark_on_the_grid_raises():
    galaxy = ag.Galaxy(redshift=0.5, light=ag.lp_snr.Gaussian(centre=(500.0, 0.0), sigma=0.1))

    with pytest.raises(exc.ProfileException, match="dark on the grid"):
        galaxy.set_snr_of_snr_light_profiles(grid=GRID, exposure_time=100.0)
    with pytest.raises(exc.GalaxyException, match="exposure_time above 0"):
        galaxy.set_snr_of_snr_light_profiles(grid=GRID, exposure_time=0.0)


def test_the_ordinary_class_of_a_linear_profile_keeps_its_other_marks():
    assert ordinary_class_of(ag.lp_linear.Sersic) is ag.lp.Sersic
    assert ordinary_class_of(ag.lp_linear_operated.Gaussian) is ag.lp_operated.Gaussian
    assert ordinary_class_of(ag.lmp_linear.Sersic) is ag.lmp.Sersic
    assert ordinary_class_of(ag.lp.Sersic) is ag.lp.Sersic
