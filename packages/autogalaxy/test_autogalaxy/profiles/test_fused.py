import numpy as np

from autogalaxy.profiles.fused import held, packed


def test_numpy_values_are_themselves():
    values = (1.5, np.arange(3.0), 2)
    assert all(got is value for got, value in zip(packed(*values), values, strict=True))
    assert held(values) is values
