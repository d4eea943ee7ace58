import inspect
import json
import subprocess
import sys

import numpy as np
import pytest

import autolens as al

WORKFLOW = """
import json, os, sys
before = dict(os.environ)
sys.modules["jax"] = None
sys.modules["jaxlib"] = None
import numpy as np
import autolens as al

lens = al.Galaxy(redshift=0.5, mass=al.mp.Isothermal(einstein_radius=1.2, ell_comps=(0.1, 0.05)))
source = al.Galaxy(redshift=1.0, bulge=al.lp.Sersic(centre=(0.1, 0.05), intensity=1.0, effective_radius=0.3))
tracer = al.Tracer([lens, source])
grid = al.Grid2D.uniform((30, 30), 0.1, over_sample_size=2)
y = grid[:, 0]
image = tracer.image_2d_from(grid)
noise = np.full((30, 30), 0.1)
kernel = np.outer([1.0, 2.0, 1.0], [1.0, 2.0, 1.0]) / 16.0
psf = al.Convolver(kernel, pixel_scales=0.1)
data = image.native.array.copy()
dataset = al.Imaging(data=data, noise_map=noise, psf=psf, pixel_scales=0.1)
dataset = dataset.apply_mask(al.Mask2D.circular((30, 30), 1.3, 0.1))
model = al.Collection(galaxies=al.Collection(lens=lens, source=al.Model(al.Galaxy, redshift=1.0, bulge=al.lp.Sersic)))
analysis = al.AnalysisImaging(dataset)
fit = al.FitImaging(dataset, tracer)
fitness = al.Fitness(model, analysis)
calc = al.LensCalc.from_tracer(tracer)
points = al.Grid2DIrregular([(0.3, 1.4), (-0.9, 0.8)])
print(json.dumps({
    "image": float(image.sum()),
    "y": type(y).__name__,
    "log_likelihood": float(fit.log_likelihood),
    "fitness": float(fitness(model.physical_values_from_prior_medians)),
    "magnification": [float(m) for m in calc.magnification_2d_from(points)],
    "fermat": [float(m) for m in calc.fermat_potential_from(points)],
    "days": [float(d) for d in tracer.time_delays_from(points)],
    "kpc": float(tracer.cosmology.kpc_per_arcsec_from(0.5)),
    "environment": dict(os.environ) == before,
    "jax": sys.modules["jax"] is None,
}))
"""


@pytest.fixture(scope="module")
def workflow():
    run = subprocess.run([sys.executable, "-W", "error", "-c", WORKFLOW], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_every_step_from_grid_to_likelihood_runs_where_jax_cannot_be_imported(workflow):
    assert workflow["jax"] and workflow["y"] == "ndarray"  # contract C3
    numbers = [workflow[name] for name in ("image", "log_likelihood", "fitness", "kpc")]
    numbers += workflow["magnification"] + workflow["fermat"] + workflow["days"]
    assert np.all(np.isfinite(numbers))
    assert workflow["kpc"] == pytest.approx(6.295, rel=2e-3)  # Planck 2015 at z = 0.5


def test_magnification_without_jax_is_that_of_the_isothermal_ellipsoid(workflow):
    # 1 / (1 - 2 kappa), kappa of Kormann et al. (1994)
    lens = al.mp.Isothermal(einstein_radius=1.2, ell_comps=(0.1, 0.05))
    q, angle = lens.axis_ratio(), np.radians(lens.angle())
    points = np.array([(0.3, 1.4), (-0.9, 0.8)])
    along = points[:, 1] * np.cos(angle) + points[:, 0] * np.sin(angle)
    across = points[:, 0] * np.cos(angle) - points[:, 1] * np.sin(angle)
    kappa = q / (1.0 + q) * 1.2 / np.sqrt(q**2 * along**2 + across**2)

    assert workflow["magnification"] == pytest.approx(1.0 / (1.0 - 2.0 * kappa), rel=1e-7)


def test_importing_and_using_the_packages_changes_no_environment_variable(workflow):
    assert workflow["environment"]  # contract C3


@pytest.mark.parametrize("package", ["autoarray", "autogalaxy", "autolens"])
def test_importing_a_package_loads_neither_jax_nor_matplotlib_nor_a_sampler(package):
    heavy = {"jax", "jaxlib", "matplotlib", "nautilus", "dynesty", "emcee", "blackjax", "optax", "optimistix"}
    code = f"import sys, {package}; print(sorted({heavy!r} & set(sys.modules)))"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"  # contract C2


def public_methods_of_grids():
    profiles = [
        cls
        for namespace in (al.lp, al.mp)
        for _, cls in inspect.getmembers(namespace, inspect.isclass)
        if issubclass(cls, al.EllProfile)
    ]
    for cls in [*profiles, al.Galaxy, al.Galaxies, al.Tracer, al.LensCalc, al.cosmo.FlatLambdaCDM]:
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            if name.endswith("_from") and not name.startswith("_"):
                parameters = inspect.signature(method).parameters
                if {"grid", "radii", "redshift", "redshift_0"} & set(parameters):
                    yield f"{cls.__name__}.{name}", parameters


def test_public_methods_of_grids_and_redshifts_are_numpy_by_default():
    signatures = dict(public_methods_of_grids())

    assert len(signatures) > 100
    wrong = [name for name, p in signatures.items() if "xp" not in p or p["xp"].default is not np]
    # planes of a tracer at a redshift are looked up, not computed; curves are found with NumPy alone
    on_host = ("plane_index", "critical_curve", "caustic", "einstein_", "contour_list")
    assert [name for name in wrong if not any(part in name for part in on_host)] == []  # contract C1, C5
