"""What stands in the panels of a figure once it is drawn; matplotlib is needed by tests of figures only."""

from __future__ import annotations

from typing import Any

import numpy as np


def images_of(figure: Any) -> dict[str, np.ndarray]:
    """The arrays that a figure shows, by title, masked pixels with what they hold."""
    return {a.get_title(): np.ma.getdata(a.images[0].get_array()) for a in figure.axes if a.images}


def axes_of(figure: Any, title: str) -> Any:
    """The axes with this title."""
    return next(axes for axes in figure.axes if axes.get_title() == title)


def drawn_pixels(figure: Any) -> np.ndarray:
    """The drawing as red, green and blue from 0 to 255, row 0 at the top."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(float)


def pixels_in(figure: Any, axes: Any) -> np.ndarray:
    """The part of the drawing inside axes."""
    pixels, box = drawn_pixels(figure), axes.get_window_extent()
    height = pixels.shape[0]
    return pixels[height - int(box.y1) + 2 : height - int(box.y0) - 2, int(box.x0) + 2 : int(box.x1) - 2]


def blank_panels(figure: Any) -> list[str]:
    """Titles of axes in which the drawing is of one colour."""
    pixels = drawn_pixels(figure)
    blank = []
    for axes in figure.axes:
        box, height = axes.get_window_extent(), pixels.shape[0]
        inside = pixels[height - int(box.y1) + 2 : height - int(box.y0) - 2, int(box.x0) + 2 : int(box.x1) - 2]
        if inside.size == 0 or inside.std() < 2.0:
            blank.append(axes.get_title())
    return blank
