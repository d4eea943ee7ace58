"""Vocabulary of the type hints.

``n`` pixels, ``b`` batch, ``p`` parameters. ``Array`` is a raw NumPy or JAX array; ``Namespace`` is the module
(``numpy`` or ``jax.numpy``) that computes with it.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

Array = Any
"""Raw ``numpy.ndarray`` or ``jax.Array``."""
ArrayLike = Any
"""Anything that ``xp.asarray`` takes, or one of our structures."""
GridLike = Any
"""``Grid2D``, ``Grid2DIrregular`` or a raw array of shape ``(n, 2)`` in (y,x) order."""
Namespace = ModuleType
"""``numpy`` or ``jax.numpy``."""
PixelScales = float | tuple[float, float]
"""Size of a pixel [arcsec], one number or (y, x)."""
