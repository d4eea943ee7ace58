"""Unit tests are NumPy only: importing jax fails them (see tools/numpy_only.py)."""

from numpy_only import pytest_sessionfinish  # noqa: F401
