import numpy as np
import pytest

from autolens.data_doctor.images import Images

PIXEL = 0.1
SIDE = 121
SCATTER = 0.05
GAIN = 500.0


def gaussian(shape, width, centre=(0.0, 0.0)):
    """A Gaussian about the middle of a frame, sum 1; rows down, columns right."""
    rows, columns = (np.arange(n) - (n - 1) / 2.0 for n in shape)
    squared = (rows[:, None] - centre[0]) ** 2 + (columns[None, :] - centre[1]) ** 2
    image = np.exp(-0.5 * squared / width**2)
    return image / image.sum()


@pytest.fixture
def psf():
    return gaussian((17, 17), 1.3)


@pytest.fixture
def light():
    """A lens 0.2 arcsec above and 0.1 left of the middle, and two opposite images 1.4 and 1.0 arcsec from it."""
    y, x = np.meshgrid((60 - np.arange(SIDE)) * PIXEL, (np.arange(SIDE) - 60) * PIXEL, indexing="ij")

    def blob(at_y, at_x, width, height):
        return height * np.exp(-0.5 * ((y - at_y) ** 2 + (x - at_x) ** 2) / width**2)

    lens = blob(0.2, -0.1, 0.2, 6.0) + blob(0.2, -0.1, 0.6, 1.0)
    return lens + blob(1.6, -0.1, 0.18, 1.0) + blob(-0.8, -0.1, 0.15, 0.8)


@pytest.fixture
def images(light, psf):
    """A clean observation: Gaussian noise of variance ``s^2 + light / GAIN``, and its true map."""
    depth = 1.0 + 0.02 * np.linspace(-1.0, 1.0, light.shape[1])
    noise_map = np.sqrt((depth * SCATTER) ** 2 + light / GAIN)
    data = light + noise_map * np.random.default_rng(3).normal(size=light.shape)
    return Images(data=data, noise_map=noise_map, psf=psf, pixel_scale=PIXEL, known=np.ones(light.shape, dtype=bool))
