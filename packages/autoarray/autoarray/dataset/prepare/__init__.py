"""From the frame of a telescope to a dataset that can be fitted."""

from autoarray.dataset.prepare.preparation import RawFrame
from autoarray.dataset.prepare.prepared import Prepared

__all__ = ["Prepared", "RawFrame"]
