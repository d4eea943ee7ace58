import numpy as np
import pytest

import autogalaxy as ag
from autogalaxy.plot import subplot_fit


def fit_of(*intensities: float) -> ag.FitImaging:
    image = np.ones((9, 9))
    dataset = ag.Imaging(data=image, noise_map=image, pixel_scales=0.2)
    galaxies = [ag.Galaxy(redshift=0.5, light=ag.lp.Gaussian(intensity=i, sigma=0.3)) for i in intensities]
    return ag.FitImaging(dataset, galaxies)


def test_images_of_galaxies_add_up_to_the_model(tmp_path):
    figure = subplot_fit(fit_of(1.0, 2.0), tmp_path / "fit.png")
    images = {a.get_title(): np.asarray(a.images[0].get_array()) for a in figure.axes if a.images}
    assert images["Galaxy 0"] + images["Galaxy 1"] == pytest.approx(images["Model"])
    assert (tmp_path / "fit.png").stat().st_size > 10_000


def test_one_galaxy_is_not_drawn_twice():
    assert sum(bool(axes.images) for axes in subplot_fit(fit_of(1.0)).axes) == 4
