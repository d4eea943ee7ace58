"""Special functions of the backend."""

from __future__ import annotations

from types import ModuleType

import numpy as np


def special_functions_from(xp: ModuleType) -> ModuleType:
    """``scipy.special`` or ``jax.scipy.special``, imported on first use: SciPy's doubles the import time."""
    if xp is np:
        import scipy.special as special
    else:
        import jax.scipy.special as special  # type: ignore[no-redef]
    return special
