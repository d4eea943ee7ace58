"""The cases in lenstronomy's convention, which jaxtronomy and herculens share, on a square image that ascends in y."""

from __future__ import annotations

from typing import Any

import numpy as np
from problem import PIXEL_SCALE, SLOPE, SUB_SIZE, Problem, sigmas

SERSIC = ("amp", "R_sersic", "n_sersic", "e1", "e2", "center_x", "center_y")
LENS_MODELS = {"c1": ["SIE", "SHEAR"], "c2": ["EPL", "SHEAR"], "c3": ["SIE", "SHEAR"]}
LIGHT_MODELS = {"c1": ["SERSIC_ELLIPSE"], "c2": ["SERSIC_ELLIPSE"], "c3": ["MULTI_GAUSSIAN_ELLIPSE"]}
NUMERICS = {"supersampling_factor": SUB_SIZE, "supersampling_convolution": False}


def truth_from(problem: Problem, case: str) -> np.ndarray:
    """The free parameters: 21, the slope after them in C2, and without the three that are solved or gone in C3."""
    truth = np.array(problem.truth, dtype=float)
    # the file states flux per pixel, these tools want it per square arcsec
    truth[[7, 14]] /= PIXEL_SCALE**2
    if case == "c2":
        return np.append(truth, SLOPE)
    return np.delete(truth, [7, 8, 9, 14]) if case == "c3" else truth


def keywords_from(vector: Any, case: str, ones: Any = None) -> tuple[list[Any], list[Any], list[Any]]:
    """``(kwargs_lens, kwargs_source, kwargs_lens_light)`` of a vector; amplitudes that are solved for are 1."""
    lens = dict(zip(("theta_E", "e1", "e2", "center_x", "center_y"), vector[:5], strict=True))
    shear = {"gamma1": vector[5], "gamma2": vector[6], "ra_0": 0.0, "dec_0": 0.0}
    if case == "c2":
        lens["gamma"] = vector[21]
    if case == "c3":
        light = dict(zip(SERSIC[3:], vector[7:11], strict=True)) | {"amp": ones, "sigma": sigmas()}
        source = dict(zip(SERSIC[1:], vector[11:17], strict=True)) | {"amp": 1.0}
    else:
        light, source = (dict(zip(SERSIC, vector[i : i + 7], strict=True)) for i in (7, 14))
    return [lens, shear], [source], [light]


def frame_from(problem: Problem) -> dict[str, Any]:
    """Where the pixels of a square image are, the image's centre at the origin."""
    corner = -0.5 * PIXEL_SCALE * (len(problem.data) - 1)
    return {"transform_pix2angle": PIXEL_SCALE * np.eye(2), "ra_at_xy_0": corner, "dec_at_xy_0": corner}
