"""The linear part of a model: coefficients that make up the data best, given everything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree, namespace_from
from autoarray.inversion.linear_obj import LinearObj
from autoarray.inversion.solver import covariance_from, result_from
from autoarray.settings import Settings, checked_settings
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.type import Array, Namespace


class Inversion(InstancePytree):
    r"""Coefficients s that minimize chi-squared plus the regularization,

    .. math:: (d - A s)^T C^{-1} (d - A s) + s^T H s, \quad s \ge 0

    with the blurred images of the linear objects as columns of A, ``(n, k)``. Made anew for each model, and solved on
    construction, so nothing that JAX traces is cached.

    References
    ----------
    Warren & Dye (2003), ApJ 590, 673; Suyu et al. (2006), MNRAS 371, 983, eq. 19 (the evidence).
    """

    no_flatten: ClassVar[tuple[str, ...]] = ("settings", "mask", "use_jax")

    def __init__(
        self,
        dataset: Any,
        linear_obj_list: Sequence[LinearObj],
        settings: Settings | None = None,
        data: Array2D | None = None,
        xp: Namespace = np,
    ) -> None:
        self.linear_obj_list = list(linear_obj_list)
        self.settings = checked_settings(settings) or Settings()
        self.use_jax = xp is not np
        if not self.linear_obj_list:
            raise exc.InversionException("an inversion without linear objects, wanted at least one.")
        self.mask = dataset.mask
        self.images = xp.concatenate([obj.images for obj in self.linear_obj_list])
        self.design = dataset.whitened_from(self.images, xp=xp).T
        data = dataset.data if data is None else data
        self.target = dataset.whitened_from(data.array, xp=xp)
        self.solution = result_from(
            self.design,
            self.target,
            regularization_matrix=self.regularization_matrix if self.is_regularized else None,
            positive=self.settings.use_positive_only_solver,
            xp=xp,
        )

    @property
    def _xp(self) -> Namespace:
        return namespace_from(self.use_jax)

    @property
    def params(self) -> int:
        """Number of coefficients, k."""
        return sum(obj.params for obj in self.linear_obj_list)

    @property
    def is_regularized(self) -> bool:
        return any(obj.regularization is not None for obj in self.linear_obj_list)

    @property
    def reconstruction(self) -> Array:
        """The coefficients, ``(k,)``."""
        return self.solution.coefficients

    @property
    def reconstruction_covariance(self) -> Array:
        """Covariance of the coefficients that are not held at zero, ``(k, k)``; zero for those that are."""
        regularization = self.regularization_matrix if self.is_regularized else None
        return covariance_from(self.design, self.solution.passive, regularization, xp=self._xp)

    @property
    def parts(self) -> list[slice]:
        """Where the coefficients of each linear object are."""
        ends = np.cumsum([obj.params for obj in self.linear_obj_list])
        return [slice(int(end) - obj.params, int(end)) for obj, end in zip(self.linear_obj_list, ends, strict=True)]

    @property
    def reconstruction_list(self) -> list[Array]:
        """The coefficients of each linear object."""
        return [self.reconstruction[part] for part in self.parts]

    @property
    def reconstruction_by_name(self) -> dict[str, Array]:
        """Each coefficient by the name that its linear object gave it."""
        names = [name for obj in self.linear_obj_list for name in obj.names]
        return {name: self.reconstruction[i] for i, name in enumerate(names)}

    @property
    def operated_mapping_matrix(self) -> Array:
        """Blurred images of coefficient 1 as columns, ``(n, k)``."""
        return self.images.T

    @property
    def warnings(self) -> list[str]:
        """What is worth knowing about a solution that is not traced: empty, interchangeable or unfinished columns."""
        names = np.array([name for obj in self.linear_obj_list for name in obj.names])
        found = []
        if len(empty := names[np.asarray(self.solution.empty)]):
            found.append(f"No light of {', '.join(empty)} reaches the mask; the coefficients were set to 0.")
        if len(loose := names[np.asarray(self.solution.undetermined)]):
            found.append(
                f"{', '.join(loose)} can be replaced by other components without a change of the fit; their "
                "coefficients mean nothing one by one."
            )
        if self.params > self.mask.pixels_in_mask and not self.is_regularized:
            found.append(f"{self.params} coefficients for {self.mask.pixels_in_mask} pixels: the fit proves nothing.")
        if not bool(self.solution.converged):
            found.append("The linear solution reached its limit of iterations.")
        return found

    @property
    def data_vector(self) -> Array:
        """``A^T C^-1 d``, ``(k,)``."""
        return self.design.T @ self.target

    @property
    def curvature_matrix(self) -> Array:
        """``F = A^T C^-1 A``, ``(k, k)``."""
        return self.design.T @ self.design

    @property
    def regularization_matrix(self) -> Array:
        """H, block by block, ``(k, k)``."""
        rows = []
        for obj, part in zip(self.linear_obj_list, self.parts, strict=True):
            before = self._xp.zeros((obj.params, part.start))
            after = self._xp.zeros((obj.params, self.params - part.stop))
            rows.append(self._xp.concatenate((before, obj.regularization_matrix, after), axis=1))
        return self._xp.concatenate(rows)

    @property
    def mapped_reconstructed_data(self) -> Array2D:
        """The blurred image of all linear objects, ``(n,)``."""
        return self._image_from(self.reconstruction @ self.images)

    @property
    def mapped_reconstructed_data_list(self) -> list[Array2D]:
        """The blurred image of each linear object."""
        return [self._image_from(self.reconstruction[part] @ self.images[part]) for part in self.parts]

    def _image_from(self, values: Array) -> Array2D:
        return Array2D.from_raw(values, mask=self.mask, header=None)

    @property
    def regularization_term(self) -> Array:
        """``s^T H s``."""
        return self.reconstruction @ self.regularization_matrix @ self.reconstruction

    @property
    def regularization_residuals(self) -> Array:
        """``L^T s`` with ``H = L L^T``, whose squares add up to ``s^T H s``; over the regularized ones, ``(m,)``.

        Beside the residuals of the data they are what the coefficients minimize the squares of. H is positive definite.
        """
        xp = self._xp
        found = [
            coefficients @ xp.linalg.cholesky(obj.regularization_matrix)
            for obj, coefficients in zip(self.linear_obj_list, self.reconstruction_list, strict=True)
            if obj.regularization is not None
        ]
        return xp.concatenate(found) if found else xp.zeros(0)

    @property
    def log_evidence_terms(self) -> Array:
        """``s^T H s + ln det (F + H) - ln det H``, over the regularized coefficients; chi-squared is not in it.

        Coefficients that are held at zero are counted like free ones, as if the Gaussian around the maximum were not
        cut there. Coefficients without a regularization have no prior to marginalize over: they are treated as fixed.
        """
        xp = self._xp
        kept = xp.asarray(
            [
                i
                for obj, part in zip(self.linear_obj_list, self.parts, strict=True)
                if obj.regularization is not None
                for i in range(part.start, part.stop)
            ]
        )
        curvature, matrix = (m[xp.ix_(kept, kept)] for m in (self.curvature_matrix, self.regularization_matrix))
        return self.regularization_term + xp.linalg.slogdet(curvature + matrix)[1] - xp.linalg.slogdet(matrix)[1]
