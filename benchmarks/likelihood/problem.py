"""The data of C1, C2, C3 and C7, and their truth in the conventions of autolens; NumPy and SciPy only.

C1: SIE + shear + two Sersics. C2: the same data with a power law of slope 2.1. C3: C1 with the lens light as 30 linear
Gaussians and a linear source.

The file of the data states its truth and priors in lenstronomy's convention. What the conversions rest on, for a
profile frame with x along the major axis, axis ratio q and ``m^2 = x^2 + y^2 / q^2``, so ``q x^2 + y^2 / q = q m^2``:

- isothermal: theirs ``kappa = theta / (2 sqrt(q) m)``, ours ``kappa = b / (2 q m)`` with ``b = 2 q / (1 + q) theta_E``;
  equal for ``theta_E = theta (1 + q) / (2 sqrt(q))``.
- power law of slope g: theirs ``(3 - g) / 2 (theta / (sqrt(q) m))^(g - 1)``, ours ``(3 - g) / (1 + q)
  (theta_E / m)^(g - 1)``; equal for ``theta_E = theta / sqrt(q) ((1 + q) / 2)^(1 / (g - 1))``.
- Sersic: the same radius ``sqrt(q) m``, another b_n. ``I exp(-b [(R / R_e)^(1/n) - 1])`` is unchanged by
  ``R_e -> R_e (b' / b)^n, I -> I exp(b - b')``.
- ``ell_comps = (e2, e1)``; the shear is the same; centres are (y, x).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import gammaincinv

PIXEL_SCALE = 0.1
SUB_SIZE = 4
SLOPE = 2.1
GAUSSIANS = 30
MASK_RADIUS = 3.0
CROP = slice(10, 90)
"""Rows and columns that hold the mask and half a PSF on every side: what tools without a mask have to evaluate."""
LOG_LIKELIHOOD_AT_TRUTH = {"c1": 4481.399, "c2": 2522.807}
BEST_KNOWN_LOG_LIKELIHOOD = 4489.53
DEFAULT_FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "benchmark_c1"
REDSHIFTS = {"lens": 0.5, "source": 1.0}


@dataclass(frozen=True)
class Problem:
    """The images with row 0 at the top, ``mask`` True where a pixel is left out, and the truth as the file has it."""

    data: np.ndarray
    noise_map: np.ndarray
    psf: np.ndarray
    mask: np.ndarray
    truth: np.ndarray
    images: dict[str, np.ndarray]
    """Noiseless image by lenstronomy, of C1 and of C2."""

    @property
    def cropped(self) -> Problem:
        """The square that holds the mask and half a PSF on every side; the likelihood is the same."""
        cut = {name: getattr(self, name)[CROP, CROP] for name in ("data", "noise_map", "mask")}
        images = {case: image[CROP, CROP] for case, image in self.images.items()}
        return Problem(psf=self.psf, truth=self.truth, images=images, **cut)

    @property
    def log_normalization(self) -> float:
        """What ``-chi^2 / 2`` lacks to the log likelihood."""
        return float(-0.5 * np.sum(np.log(2.0 * np.pi * self.noise_map[~self.mask] ** 2)))


def load(folder: Path = DEFAULT_FOLDER) -> Problem:
    """Read ``data.npz``, whose rows ascend in y and whose mask is True where a pixel is used."""
    with np.load(Path(folder) / "data.npz") as file:
        native = {name: np.ascontiguousarray(file[name][::-1]) for name in ("data", "noise", "psf", "mask")}
        images = {"c1": file["truth_image"][::-1].copy(), "c2": file["truth_image_epl"][::-1].copy()}
        truth = file["truth"].copy()
    return Problem(native["data"], native["noise"], native["psf"], np.logical_not(native["mask"]), truth, images)


def axis_ratio_from(e1: float, e2: float) -> float:
    """``q`` of ``(e1, e2) = (1 - q) / (1 + q) (cos 2 phi, sin 2 phi)``."""
    modulus = np.sqrt(e1**2 + e2**2)
    return float((1.0 - modulus) / (1.0 + modulus))


def einstein_radius_from(theta_e: float, q: float, slope: float = 2.0) -> float:
    """Our ``einstein_radius`` of an intermediate-axis Einstein radius."""
    return float(theta_e / np.sqrt(q) * ((1.0 + q) / 2.0) ** (1.0 / (slope - 1.0)))


def sersic_from(intensity: float, radius: float, index: float) -> tuple[float, float]:
    """``(intensity, effective_radius)`` with the exact b_n of a Sersic given with ``b_n = 1.9992 n - 0.3271``."""
    series, exact = 1.9992 * index - 0.3271, float(gammaincinv(2.0 * index, 0.5))
    return float(intensity * np.exp(series - exact)), float(radius * (exact / series) ** index)


def sigmas() -> np.ndarray:
    """Widths of the Gaussians of C3 [arcsec]."""
    return np.geomspace(0.01, MASK_RADIUS, GAUSSIANS)


def values_from(vector: np.ndarray, case: str = "c1") -> dict[str, float]:
    """Physical value of every free parameter of a case, keyed by its path in the model: 21, 22 or 17."""
    theta_e, e1, e2, x, y, gamma_1, gamma_2 = (float(value) for value in vector[:7])
    mass, slope = "galaxies.lens.mass", SLOPE if case == "c2" else 2.0
    values = {
        **_place(mass, e1, e2, x, y),
        f"{mass}.einstein_radius": einstein_radius_from(
            theta_e, axis_ratio_from(e1, e2), SLOPE if case == "c2" else 2.0
        ),
        "galaxies.lens.shear.gamma_1": gamma_1,
        "galaxies.lens.shear.gamma_2": gamma_2,
    }
    for path, sersic in (("galaxies.lens.bulge", vector[7:14]), ("galaxies.source.bulge", vector[14:21])):
        intensity, radius, index, e1, e2, x, y = (float(value) for value in sersic)
        values |= _place(path, e1, e2, x, y)
        values[f"{path}.sersic_index"] = index
        values[f"{path}.intensity"], values[f"{path}.effective_radius"] = sersic_from(intensity, radius, index)
    if case == "c2":
        values[f"{mass}.slope"] = slope
    if case == "c3":  # the shape of the Gaussians is the lens light's
        solved = ("intensity", "effective_radius", "sersic_index")
        for path in [f"galaxies.lens.bulge.{name}" for name in solved] + ["galaxies.source.bulge.intensity"]:
            del values[path]
    return values


def _place(path: str, e1: float, e2: float, x: float, y: float) -> dict[str, float]:
    return {
        f"{path}.centre.centre_0": y,
        f"{path}.centre.centre_1": x,
        f"{path}.ell_comps.ell_comps_0": e2,
        f"{path}.ell_comps.ell_comps_1": e1,
    }


def plain(path: str) -> str:
    """``path`` without the number of the Gaussian of a basis whose Gaussians share it."""
    return re.sub(r"\.profile_list\.\d+", "", path)


def vector_from(paths: list[str], values: dict[str, float]) -> np.ndarray:
    """``values`` in the order of ``paths``, which must be the same set."""
    if set(paths) != set(values):
        raise ValueError(f"paths of the model and of the problem differ: {sorted(set(paths) ^ set(values))}")
    return np.array([values[path] for path in paths])


def rows_near(centre: np.ndarray, number: int, seed: int = 1) -> np.ndarray:
    """``number`` vectors within a part in a thousand of ``centre``, so that no evaluation repeats its arguments."""
    scale = 1e-3 * np.random.default_rng(seed).uniform(-1.0, 1.0, size=(number, centre.size))
    return centre + scale * np.maximum(np.abs(centre), 0.05)


def priors_c7(truth: np.ndarray) -> dict[str, tuple[float, float]]:
    """Uniform limits of the 15 free parameters of C7, keyed by path.

    The limits of the file's theta_E are used for our ``einstein_radius`` and those of the source's intensity and
    radius for ours: the same widths of the same parameters, though q and n then move their edges by some per cent.
    The lens light's shape is held at the truth, so its intensity maps by a constant.
    """
    scale = sersic_from(1.0, truth[8], truth[9])[0]
    limits = {
        "galaxies.lens.mass.einstein_radius": (1.0, 1.8),
        "galaxies.lens.shear.gamma_1": (-0.1, 0.1),
        "galaxies.lens.shear.gamma_2": (-0.1, 0.1),
        "galaxies.lens.bulge.intensity": (0.5 * scale, 4.0 * scale),
        "galaxies.source.bulge.intensity": (0.2, 4.0),
        "galaxies.source.bulge.effective_radius": (0.05, 0.8),
        "galaxies.source.bulge.sersic_index": (0.7, 4.0),
    }
    for path, ellipticity, centre in (("lens.mass", 0.3, 0.1), ("source.bulge", 0.4, 0.3)):
        for i in range(2):
            limits[f"galaxies.{path}.ell_comps.ell_comps_{i}"] = (-ellipticity, ellipticity)
            limits[f"galaxies.{path}.centre.centre_{i}"] = (-centre, centre)
    return limits


def sersic_held_c7(truth: np.ndarray) -> dict[str, object]:
    """Constructor arguments of the lens light that C7 holds: all but its intensity."""
    _, radius, index, e1, e2, x, y = (float(value) for value in truth[7:14])
    return {
        "centre": (y, x),
        "ell_comps": (e2, e1),
        "effective_radius": sersic_from(1.0, radius, index)[1],
        "sersic_index": index,
    }
