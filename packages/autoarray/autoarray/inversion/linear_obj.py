"""What a linear inversion solves for: images whose normalizations are unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from autoarray.abstract_ndarray import InstancePytree, namespace_from
from autoarray.type import Array, Namespace


class LinearObj(InstancePytree):
    """A set of images, blurred by the PSF, each with one coefficient that is solved for."""

    no_flatten: ClassVar[tuple[str, ...]] = ("names", "use_jax")

    def __init__(self, images: Array, names: Sequence[str], regularization: Any = None, xp: Namespace = np) -> None:
        self.images = images
        """Blurred images of coefficient 1 on the pixels of the mask, ``(k, n)``."""
        self.names = tuple(names)
        self.regularization = regularization
        self.use_jax = xp is not np

    @property
    def _xp(self) -> Namespace:
        return namespace_from(self.use_jax)

    @property
    def params(self) -> int:
        """Number of coefficients, k."""
        return len(self.names)

    @property
    def operated_mapping_matrix(self) -> Array:
        """Blurred images as columns, ``(n, k)``."""
        return self.images.T

    @property
    def regularization_matrix(self) -> Array:
        """The matrix H of the term ``s^T H s`` that is added to chi-squared, ``(k, k)``; zero without one."""
        if self.regularization is None:
            return self._xp.zeros((self.params, self.params))
        return self.regularization.regularization_matrix_from(self, xp=self._xp)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.params} images, regularization={self.regularization!r})"
