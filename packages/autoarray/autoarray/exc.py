"""Exceptions of the three layers: every message names the value got, the value wanted and the call to write."""

from __future__ import annotations


class AutoException(ValueError):
    """Base of every error that is raised on purpose; a ``ValueError``, so generic handlers see it too."""


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
