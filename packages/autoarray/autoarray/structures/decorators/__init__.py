"""Decorators of every function of a grid: the type of the output follows the type of the grid."""

from autoarray.structures.decorators.abstract import AbstractMaker
from autoarray.structures.decorators.to_array import ArrayMaker, to_array
from autoarray.structures.decorators.to_grid import GridMaker, to_grid
from autoarray.structures.decorators.to_vector_yx import VectorYXMaker, to_vector_yx
from autoarray.structures.decorators.transform import transform

__all__ = [
    "AbstractMaker",
    "ArrayMaker",
    "GridMaker",
    "VectorYXMaker",
    "to_array",
    "to_grid",
    "to_vector_yx",
    "transform",
]
