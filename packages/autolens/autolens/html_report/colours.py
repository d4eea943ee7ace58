"""The colour maps of pictures, for the browser and for small images made here; those of ``al.plot``."""

from __future__ import annotations

import numpy as np

VIRIDIS = ("440154", "482878", "3e4989", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725")
RED_BLUE = (
    *("053061", "2166ac", "4393c3", "92c5de", "d1e5f0", "f7f7f7"),
    *("fddbc7", "f4a582", "d6604d", "b2182b", "67001f"),
)
"""Blue below zero, red above; readable with every common colour-vision deficiency."""
MAPS = {"image": VIRIDIS, "residual": RED_BLUE}
MASKED = 255
"""Index of pixels that are left out."""
_GREY = (0xC7, 0xC7, 0xC7)


def scale_from(kind: str) -> list[list[object]]:
    """A colour map as Plotly wants it."""
    colours = MAPS[kind]
    return [[round(i / (len(colours) - 1), 4), f"#{colour}"] for i, colour in enumerate(colours)]


def palette_from(kind: str) -> np.ndarray:
    """256 colours, ``(256, 3)``; the last one is of masked pixels."""
    anchors = np.array([[int(colour[i : i + 2], 16) for i in (0, 2, 4)] for colour in MAPS[kind]], dtype=float)
    places = np.linspace(0.0, len(anchors) - 1.0, MASKED)
    channels = [np.interp(places, np.arange(len(anchors)), anchors[:, i]) for i in range(3)]
    return np.vstack([np.round(np.stack(channels, axis=-1)), [_GREY]]).astype(np.uint8)
