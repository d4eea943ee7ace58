"""Exceptions of the three layers: every message names the value got, the value wanted and the call to write."""

from __future__ import annotations

import reprlib
from typing import Any

_LONGEST_VALUE = 120
_LONGEST_MESSAGE = 4000


def shown(value: Any) -> str:
    """A value as it stands in a message: one line, however large, deep or strange the value is.

    Arrays of more than three elements are told by type and shape.
    """
    shape = getattr(value, "shape", None)
    try:
        if isinstance(shape, tuple) and len(shape) > 0 and not (len(shape) == 1 and shape[0] <= 3):
            return f"{type(value).__name__} of shape {shape} and type {getattr(value, 'dtype', 'unknown')}"
        # NumPy's own repr of a scalar is np.float64(...), of which the number alone says what was given.
        value = (
            value.item() if type(value).__module__ == "numpy" and shape == () and value.dtype.kind in "biuf" else value
        )
        text = _REPR.repr(value) if isinstance(value, list | tuple | dict | set | frozenset | int) else repr(value)
    except Exception:  # an object whose repr fails is still named
        text = f"<{type(value).__name__}>"
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 4]} ..."


_REPR = reprlib.Repr()
_REPR.maxlist = _REPR.maxtuple = _REPR.maxdict = _REPR.maxset = 6
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = 60
_REPR.maxlevel = 4


class AutoException(ValueError):
    """Base of every error that is raised on purpose; a ``ValueError``, so generic handlers see it too.

    The message is one line, whatever was quoted in it.
    """

    def __init__(self, message: Any = "", *others: Any) -> None:
        text = " ".join(str(message).split("\n")) if "\n" in str(message) else str(message)
        super().__init__(text[:_LONGEST_MESSAGE], *others)


class ArrayException(AutoException):
    """An array on the sky has the wrong shape, type or values."""


class GridException(AutoException):
    """A grid of (y,x) coordinates has the wrong shape or values."""


class MaskException(AutoException):
    """A mask has the wrong shape, pixel scale or leaves nothing to fit."""


class DatasetException(AutoException):
    """A dataset is inconsistent or holds values that cannot be fitted."""


class KernelException(AutoException):
    """A PSF kernel cannot be used for a convolution."""


class FileException(AutoException):
    """A file is missing, damaged or holds something else than asked for."""


class FitException(AutoException):
    """A fit was asked for something its dataset or model does not have."""


class InversionException(AutoException):
    """The matrices of a linear fit have the wrong shapes or values."""


class BackendException(AutoException):
    """NumPy and JAX were mixed, or JAX was asked for where it is not installed."""


class PriorException(AutoException):
    """The limits or widths of a prior make no sense."""


class ModelException(AutoException):
    """A model is composed of parts or names that do not exist."""


class ProfileException(AutoException):
    """A light or mass profile was given parameters outside their domain."""


class GalaxyException(AutoException):
    """A galaxy was given a redshift or profile that makes no sense."""


class TracerException(AutoException):
    """Galaxies cannot be ordered into planes, or a plane that does not exist was asked for."""


class CosmologyException(AutoException):
    """A cosmological parameter or redshift is outside its domain."""


class SearchException(AutoException):
    """A non-linear search cannot run, or ran into likelihoods without a finite value."""


class PlotException(AutoException):
    """A figure was asked for that cannot be drawn."""
