"""Strange values for every argument of public constructors: each ends in an error of ours, or in something finite.

The functions stand with arguments that are good; one argument at a time is replaced by each of ``STRANGE``.
"""

import dataclasses
import inspect
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autolens as al
from autolens import exc

SHAPE = (7, 9)
ONES = np.ones(SHAPE)
MASK = al.Mask2D.circular(SHAPE, 0.3, 0.1)
GRID = al.Grid2D.uniform(SHAPE, 0.1, over_sample_size=2)
POINTS = al.Grid2DIrregular([(0.3, 1.4), (-0.9, 0.8)])
DATASET = al.Imaging(ONES, ONES, psf=np.ones((3, 3)), pixel_scales=0.1, over_sample_size_lp=2)
LENS = al.Galaxy(redshift=0.5, mass=al.mp.Isothermal(einstein_radius=0.5))
SOURCE = al.Galaxy(redshift=1.0, bulge=al.lp.Sersic(effective_radius=0.3))
TRACER = al.Tracer([LENS, SOURCE])
PLANCK = al.cosmo.Planck15()


class Quantity:
    """Numbers with a unit, as those of astropy are."""

    unit = "deg"

    def __init__(self, value: Any) -> None:
        self.value = value

    def to_value(self, unit: str) -> Any:
        return self.value

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.asarray(self.value, dtype=dtype)

    def __float__(self) -> float:
        return float(self.value)


class Table:
    """A table that NumPy sees as objects."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array([["a"] * SHAPE[1]] * SHAPE[0], dtype=object)


STRANGE: dict[str, Any] = {
    "nan": np.nan,
    "inf": np.inf,
    "-1": -1,
    "-1.5": -1.5,
    "0": 0,
    "1e308": 1e308,
    "10**30": 10**30,
    "10**400": 10**400,
    "'a'": "a",
    "'1.0'": "1.0",
    "bytes": b"1.0",
    "None": None,
    "1j": 1j,
    "complex128": np.complex128(1.0 + 1.0j),
    "True": True,
    "[]": [],
    "{}": {},
    "object": object(),
    "type": int,
    "function": abs,
    "module": np,
    "set": {1.0},
    "range": range(3),
    "path": Path("/nowhere/x.fits"),
    "date": np.datetime64("2020-01-01"),
    "Decimal": Decimal("nan"),
    "Quantity": Quantity(1.0),
    "Quantities": Quantity(ONES),
    "a table": Table(),
    "ragged": [[1.0], [1.0, 2.0]],
    "(nan, nan)": (np.nan, np.nan),
    "(None, None)": (None, None),
    "('a', 'b')": ("a", "b"),
    "(1e308, 1e308)": (1e308, 1e308),
    "(10**9, 10**9)": (10**9, 10**9),
    "(-1, -1)": (-1, -1),
    "(1, 2, 3)": (1, 2, 3),
    "strings": np.full(SHAPE, "1.0"),
    "dates": np.full(SHAPE, np.datetime64("2020-01-01")),
    "structured": np.zeros(SHAPE, dtype=[("a", "f8")]),
    "masked": np.ma.masked_all(SHAPE),
    "complex": ONES * 1j,
    "nans": np.full(SHAPE, np.nan),
    "objects": np.array([1.0, "a"], dtype=object),
    "(2, 3, 4)": np.ones((2, 3, 4)),
    "(0,)": np.ones(0),
}

CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {}


def add(name: str, function: Callable[..., Any], /, **good: Any) -> None:
    CALLS[name] = (function, good)


def with_defaults(function: Callable[..., Any], **good: Any) -> dict[str, Any]:
    found = {n: p.default for n, p in inspect.signature(function).parameters.items() if p.default is not p.empty}
    return {n: v for n, v in {**found, **good}.items() if n != "xp"}


frame = {"shape_native": SHAPE, "pixel_scales": 0.1, "origin": (0.0, 0.0)}
place = {"radius": 0.3, "centre": (0.0, 0.0), "invert": False}
add("Array2D.no_mask", al.Array2D.no_mask, values=ONES, **frame)
add("Array2D.full", al.Array2D.full, fill_value=1.0, **frame)
add("Array2D.resized_from", al.Array2D.ones(SHAPE, 0.1).resized_from, new_shape=(9, 9))
add("Grid2D.uniform", al.Grid2D.uniform, over_sample_size=2, over_sample_rule="quadrature", **frame)
add("Grid2D.no_mask", al.Grid2D.no_mask, values=np.ones((*SHAPE, 2)), over_sample_size=2, **frame)
add("Grid2D.from_extent", al.Grid2D.from_extent, extent=(-1.0, 1.0, -1.0, 1.0), shape_native=SHAPE)
add("Grid2DIrregular", al.Grid2DIrregular, values=[(0.0, 1.0)])
add("Grid2DIrregular.from_yx_1d", al.Grid2DIrregular.from_yx_1d, y=[0.0], x=[1.0])
add("VectorYX2D", al.VectorYX2D, values=np.ones((*SHAPE, 2)), grid=GRID, mask=None)
add("Mask2D", al.Mask2D, mask=np.zeros(SHAPE), pixel_scales=0.1, origin=(0.0, 0.0), invert=False)
add("Mask2D.circular", al.Mask2D.circular, **frame, **place)
add("Mask2D.combined", al.Mask2D.combined, masks=[MASK, MASK])
add("Mask2D.from_pixel_coordinates", al.Mask2D.from_pixel_coordinates, pixel_coordinates=[(1, 2)], buffer=0, **frame)
add("Convolver", al.Convolver, **with_defaults(al.Convolver, kernel=np.ones((3, 3)), pixel_scales=0.1))
gaussian = with_defaults(al.Convolver.from_gaussian, shape_native=(3, 3), pixel_scales=0.1, sigma=0.1)
add("Convolver.from_gaussian", al.Convolver.from_gaussian, **gaussian)
good = {"data": ONES, "noise_map": ONES, "psf": np.ones((3, 3)), "pixel_scales": 0.1, "over_sample_size_lp": 2}
add("Imaging", al.Imaging, **{f.name: good.get(f.name, f.default) for f in dataclasses.fields(al.Imaging)})
add("Imaging.apply_mask", DATASET.apply_mask, mask=MASK)
add("Imaging.apply_noise_scaling", DATASET.apply_noise_scaling, mask=MASK, noise_value=1e8)
add("OverSampler", al.OverSampler, **with_defaults(al.OverSampler, mask=MASK, sub_size=2))
add("SimulatorImaging", al.SimulatorImaging, **with_defaults(al.SimulatorImaging, exposure_time=10.0))
for prior in (al.UniformPrior, al.LogUniformPrior, al.GaussianPrior, al.LogGaussianPrior, al.TruncatedGaussianPrior):
    add(
        prior.__name__,
        prior,
        **with_defaults(prior, **({} if "Uniform" in prior.__name__ else {"mean": 0.1, "sigma": 1.0})),
    )
add("Galaxy", lambda redshift, bulge: al.Galaxy(redshift=redshift, bulge=bulge), redshift=0.5, bulge=al.lp.Sersic())
add("Tracer", al.Tracer, galaxies=[LENS, SOURCE], cosmology=None)
add("LensCalc.from_tracer", al.LensCalc.from_tracer, **with_defaults(al.LensCalc.from_tracer, tracer=TRACER))
add("PositionsLH", al.PositionsLH, **with_defaults(al.PositionsLH, positions=[(1.0, 0.0), (-1.0, 0.1)], threshold=0.3))
add("AnalysisImaging", al.AnalysisImaging, **with_defaults(al.AnalysisImaging, dataset=DATASET))
add("FitImaging", al.FitImaging, **with_defaults(al.FitImaging, dataset=DATASET, tracer=TRACER))
add("FlatLambdaCDM", al.cosmo.FlatLambdaCDM, **with_defaults(al.cosmo.FlatLambdaCDM))
add("kpc_per_arcsec_from", PLANCK.kpc_per_arcsec_from, redshift=0.5)
add("ell_comps_from", al.convert.ell_comps_from, axis_ratio=0.5, angle=10.0)
add("shear_gamma_1_2_from", al.convert.shear_gamma_1_2_from, magnitude=0.1, angle=10.0)
add("lens_model_from", al.lens_model_from, **with_defaults(al.lens_model_from, dataset=DATASET))
for search in ("LBFGS", "NUTS", "Auto", "DynestyStatic", "LevenbergMarquardt", "Nautilus", "SMC"):
    settings = with_defaults(getattr(al, search))
    add(search, getattr(al, search), **{n: v for n, v in settings.items() if not n.endswith("_vectors")})  # seen in fit
for profile in (
    al.lp.Sersic,
    al.mp.PowerLaw,
    al.mp.NFWMCRLudlow,
    al.mp.dPIEMass,
    al.lp_linear.Gaussian,
    al.reg.Constant,
):
    add(profile.__name__, profile, **{f.name: f.default for f in dataclasses.fields(profile) if f.init})
for light in (al.lp.Sersic(), SOURCE, TRACER):
    add(f"image of {type(light).__name__}", light.image_2d_from, grid=POINTS)


def is_finite(result: Any) -> bool:
    """Whether numbers that were computed are."""
    values = getattr(result, "array", result)
    parts = values if isinstance(values, tuple) else (values,)
    arrays = [np.asarray(part) for part in parts if isinstance(part, float | np.ndarray)]
    return all(array.dtype.kind not in "fc" or bool(np.all(np.isfinite(array))) for array in arrays)


@pytest.mark.parametrize("name", CALLS)
def test_strange_value_is_our_error_on_one_line_or_something_finite(name):
    function, good = CALLS[name]
    wrong = []
    for argument in good:
        for what, value in STRANGE.items():
            try:
                result = function(**{**good, argument: value})
            except exc.AutoException as error:
                if "\n" in str(error) or len(str(error)) > 1500:
                    wrong.append(f"{argument}={what}: {str(error)[:200]}")
            except Exception as error:
                wrong.append(f"{argument}={what}: {type(error).__name__}: {error}")
            else:
                is_container = name.startswith(("Array2D", "VectorYX2D")) and argument in ("values", "fill_value")
                if not is_container and not is_finite(result):
                    wrong.append(f"{argument}={what}: gave what is not finite")
    assert wrong == []
