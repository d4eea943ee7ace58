"""Structures and composite objects across ``jax.jit``: what is a leaf, what is compared, and when it is registered."""

from __future__ import annotations

import copy
import inspect
import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from parity import check, close, imaging_from

import autoarray as aa
import autogalaxy as ag

MASK = aa.Mask2D.circular((8, 7), radius=0.7, pixel_scales=0.2)
GRID = aa.Grid2D.from_mask(MASK, over_sample_size=2)
POINTS = aa.Grid2DIrregular([(0.3, 0.4), (-1.0, 0.2), (0.1, 1.5)])


def structures_from(xp: Any) -> list[Any]:
    """One of each, built with ``xp``."""
    n = MASK.pixels_in_mask
    grid = aa.Grid2D(GRID.array, MASK, over_sample_size=2, xp=xp)
    points = aa.Grid2DIrregular(POINTS.array, xp=xp)
    return [
        aa.Array2D(np.arange(1.0, n + 1.0), MASK, xp=xp),
        aa.ArrayIrregular(np.arange(1.0, 4.0), xp=xp),
        grid,
        points,
        aa.VectorYX2D(GRID.array, grid, xp=xp),
        aa.VectorYX2DIrregular(POINTS.array, points, xp=xp),
    ]


class Traces:
    """A jitted function that counts how often it was traced."""

    def __init__(self, function: Any) -> None:
        import jax

        self.count = 0

        def counted(*args: Any) -> Any:
            self.count += 1
            return function(*args)

        self.jitted = jax.jit(counted)

    def __call__(self, *args: Any) -> Any:
        return self.jitted(*args)


def registry() -> None:
    """The two public names and what they accept."""
    from autoarray.abstract_ndarray import _register_as_pytree, register_instance_pytree

    parameters = inspect.signature(register_instance_pytree).parameters
    check(list(parameters) == ["cls", "no_flatten"] and parameters["no_flatten"].default == (), "signature")
    for cls in (aa.Array2D, aa.ArrayIrregular, aa.VectorYX2DIrregular):
        _register_as_pytree(cls)
        register_instance_pytree(cls)  # contract E1: again costs nothing
    print("registry: ok")


def building_registers() -> None:
    """Every structure takes ``xp`` and is a pytree from then on, also as the first thing a process does."""
    import jax
    import jax.numpy as jnp

    for structure in structures_from(jnp):
        name = type(structure).__name__
        check("xp" in inspect.signature(type(structure).__init__).parameters, f"{name} takes no xp")
        leaves = jax.tree_util.tree_leaves(structure)
        check(leaves and all(isinstance(leaf, jax.Array) for leaf in leaves), f"{name} has leaves {leaves}")
        check(structure.use_jax and structure._xp is jnp, f"{name} does not know its backend")
        code = f"import autoarray as aa, jax, jax.numpy as jnp; {FIRST_CALL[name]}; print(len(jax.tree.leaves(s)))"
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        check(run.stdout.strip() in {"1", "2"}, f"{name} in a fresh process: {run.stdout} {run.stderr[-300:]}")
    print("building registers: ok")  # contract E2


MASKED = "m = aa.Mask2D.all_false((1, 2), 1.0)"
FIRST_CALL = {
    "Array2D": f"{MASKED}; s = aa.Array2D([1.0, 2.0], m, xp=jnp)",
    "ArrayIrregular": "s = aa.ArrayIrregular([1.0], xp=jnp)",
    "Grid2D": f"{MASKED}; s = aa.Grid2D.from_mask(m, xp=jnp)",
    "Grid2DIrregular": "s = aa.Grid2DIrregular([(1.0, 2.0)], xp=jnp)",
    "VectorYX2D": f"{MASKED}; s = aa.VectorYX2D([(1.0, 2.0)] * 2, aa.Grid2D.from_mask(m), xp=jnp)",
    "VectorYX2DIrregular": "s = aa.VectorYX2DIrregular([(1.0, 2.0)], aa.Grid2DIrregular([(0.0, 0.0)]), xp=jnp)",
}


def operators_stay_on_jax() -> None:
    """Indexing, arithmetic and NumPy functions of a structure held by JAX."""
    import jax
    import jax.numpy as jnp

    for structure, twin in zip(structures_from(jnp), structures_from(np), strict=True):
        name = type(structure).__name__
        raw = structure[:, 0] if structure.ndim == 2 else structure[0]
        check(isinstance(raw, jax.Array), f"{name}[:, 0] is a {type(raw).__name__}")  # contract A17
        check(type(structure[0:2]) is type(structure), f"{name}[0:2] lost its type")
        for function in (np.abs, lambda s: 2.0**s, lambda s: s // 2.0, lambda s: s % 2.0, lambda s: s + s, np.exp):
            result, wanted = function(structure), function(twin)
            check(type(result) is type(structure) and isinstance(result.array, jax.Array), f"{name} operator")
            check(np.allclose(result.array, wanted.array, rtol=1e-14), f"{name} operator value")  # contract B2
        mixed = np.ones(structure.shape) * structure
        check(type(mixed) is type(structure) and isinstance(mixed.array, jax.Array), f"ndarray * {name}")
    seen = []

    def probe(points: Any) -> Any:
        grid = aa.Grid2DIrregular(points)  # xp=np, but the buffer is a tracer
        seen.append((grid.use_jax, grid._xp is jnp, isinstance(grid[:, 0], jax.core.Tracer)))
        return grid.array

    jax.jit(probe)(POINTS.array)
    check(seen == [(True, True, True)], f"a structure around a tracer says {seen}")  # contract B6, A16, A17
    print("operators: ok")


def outputs_of_profiles() -> None:
    """Decorated methods return real structures from ``jit``."""
    import jax
    import jax.numpy as jnp

    mass, light = ag.mp.Isothermal(ell_comps=(0.1, 0.05)), ag.lp.Sersic()
    for function, on_pixels, at_points in (
        (mass.convergence_2d_from, aa.Array2D, aa.ArrayIrregular),
        (mass.deflections_yx_2d_from, aa.VectorYX2D, aa.VectorYX2DIrregular),
        (light.image_2d_from, aa.Array2D, aa.ArrayIrregular),
        (mass.transformed_to_reference_frame_grid_from, aa.Grid2D, aa.Grid2DIrregular),
    ):
        for grid, expected in ((GRID, on_pixels), (POINTS, at_points)):
            for result in (
                jax.jit(lambda function=function, grid=grid: function(grid, xp=jnp))(),
                jax.jit(lambda grid, function=function: function(grid, xp=jnp))(grid),
            ):
                check(type(result) is expected, f"{function.__qualname__} gave {type(result).__name__}")
                check(result.use_jax and isinstance(result.array, jax.Array), "no jax.Array inside")  # contract A15
                wanted = function(grid).array
                close(result.array, wanted, f"{function.__qualname__} on {type(grid).__name__}")  # contract E3
    try:
        mass.convergence_2d_from(aa.Grid2DIrregular(POINTS.array, xp=jnp))
    except aa.exc.BackendException as error:
        check("xp=jnp" in str(error), "the message does not name xp=jnp")  # contract A12
    else:
        check(False, "a grid of JAX passed with xp=np")


def structures_as_arguments() -> None:
    """Data are the only leaves; mask and flags are compared without a retrace."""
    import jax
    import jax.numpy as jnp

    equal_mask = aa.Mask2D(MASK.array, MASK.pixel_scales)
    for structure in structures_from(jnp):
        name = type(structure).__name__
        same = jax.jit(lambda s: s)(structure)
        check(type(same) is type(structure), f"jit identity of {name}")
        check(np.array_equal(same.array, structure.array), f"jit identity of {name} changed values")
        check(getattr(same, "mask", None) is getattr(structure, "mask", None), f"{name} lost its mask")
        doubled = jax.tree.map(lambda leaf: 2.0 * leaf, structure)
        check(np.array_equal(doubled.array, 2.0 * structure.array), f"tree_map of {name}")
        stacked = jax.tree.map(lambda leaf: jnp.stack([leaf, 3.0 * leaf]), structure)
        sums = jax.vmap(lambda s: jnp.sum(s.array**2), in_axes=0)(stacked)
        close(sums, (structure.array**2).sum() * np.array([1.0, 9.0]), f"vmap over {name}")
        traced = Traces(lambda s: s.array * 2.0)
        traced(structure)
        traced(structure)
        traced(structure + 1.0)
        check(traced.count == 1, f"{name}: {traced.count} traces for equal static parts")
        if hasattr(structure, "mask"):
            twin = copy.copy(structure)
            twin.mask = equal_mask
            traced(twin)
            check(traced.count <= 2, f"{name}: an equal copy of the mask costs {traced.count - 1} retraces")
    print("arguments: ok")  # contract E4


def headers_are_not_carried() -> None:
    """The header of an image is neither leaf nor static: it costs no retrace and keeps no two images apart."""
    import jax

    def image_with(header: Any) -> aa.Array2D:
        image = aa.Array2D(np.ones(MASK.pixels_in_mask), MASK, header=header)
        return image.with_new_array(jax.numpy.asarray(image.array))

    ones = np.ones(MASK.pixels_in_mask)
    first, second, bare = image_with({"DATE": "2024-01-01"}), image_with({"DATE": "2025-06-01"}), image_with(None)
    traced = Traces(lambda image: image * 2.0)
    doubled = [traced(image) for image in (first, second, bare)]
    check(traced.count == 1, f"{traced.count} traces for images of which the headers differ")
    check(all(image.header is None for image in doubled), "the header of a result of jit")
    check(len(jax.tree.leaves(first)) == 1, "leaves of an image with a header")
    for data, noise in itertools.permutations((first, second, bare), 2):
        close(jax.tree_util.tree_map(lambda a, b: a / b, data, noise).array, ones, "tree_map over two images")
        chosen = jax.lax.cond(True, lambda data=data: data * 1.0, lambda noise=noise: noise * 3.0)
        close(chosen.array, ones, "cond of two images")
        total, _ = jax.lax.scan(lambda c, _, noise=noise: (noise + c, None), data, None, length=2)
        close(total.array, 3.0 * ones, "scan over an image")
    check((first - bare).header == (bare - first).header == first.header, "the header of a difference")
    check((bare * jax.numpy.ones(bare.shape)).header is None, "the header of images without one")
    print("headers: ok")


def ray_traced_sub_pixels() -> None:
    """Sub-pixel positions that were moved travel with the grid; on the image plane they follow the pixels."""
    import jax
    import jax.numpy as jnp

    mass, light = ag.mp.Isothermal(einstein_radius=0.8), ag.lp.Sersic(centre=(0.05, 0.02))

    def source_grid_from(grid: Any, xp: Any) -> Any:
        def moved(g: Any) -> Any:
            return g.array - mass.deflections_yx_2d_from(aa.Grid2DIrregular(g.array, xp=xp), xp=xp).array

        return grid.moved_from(moved(grid), moved(grid.over_sampled))

    wanted = light.image_2d_from(source_grid_from(GRID, np)).array
    traced_grid = jax.jit(lambda grid: source_grid_from(grid, jnp))(GRID)
    check(len(jax.tree.leaves(traced_grid)) == 2, "positions and sub-pixel positions are the two leaves")
    image = jax.jit(lambda grid: light.image_2d_from(grid, xp=jnp))(traced_grid)
    close(image.array, wanted, "source image through a grid that crossed jit twice")
    check(len(jax.tree.leaves(GRID)) == 1, "an image-plane grid has one leaf")

    def total(points: Any) -> Any:
        return jnp.sum(light.image_2d_from(aa.Grid2D(points, MASK, over_sample_size=2, xp=jnp), xp=jnp).array)

    step = 1e-6 * np.eye(2)[1]
    difference = (total(GRID.array + step) - total(GRID.array - step)) / 2e-6
    gradient = jax.grad(total)(jnp.array(GRID.array))[:, 1].sum()
    close(gradient, difference, "gradient through the sub-pixels", relative=1e-6)


def model_from() -> Any:
    return ag.Collection(galaxies=ag.Collection(galaxy=ag.Model(ag.Galaxy, redshift=0.5, bulge=ag.lp.SersicSph)))


def fits() -> None:
    """Fits of one analysis share their static parts, so a function of a fit is compiled once."""
    import jax

    model = model_from()
    galaxies = ag.Galaxies(model.instance_from_prior_medians().galaxies)
    analysis = ag.AnalysisImaging(imaging_from(galaxies), use_jax=True)
    traced = Traces(analysis.fit_from)
    first, second = (traced(model.instance_from_unit_vector([u] * model.prior_count)) for u in (0.45, 0.55))
    check(traced.count == 1, f"fit_from was traced {traced.count} times for two instances")
    check(
        type(first) is ag.FitImaging and first.dataset is analysis.dataset, "jit(fit_from) gave no fit of the dataset"
    )
    likelihood = Traces(lambda fit: fit.log_likelihood)
    values = [float(likelihood(fit)) for fit in (first, second)]
    check(likelihood.count == 1, f"a function of a fit was traced {likelihood.count} times")  # contract E6
    check(values[0] != values[1], "both fits have one likelihood")
    close(values[1], second.log_likelihood, "log likelihood of a fit that crossed jit twice")
    leaves = jax.tree.leaves(first)
    check(
        leaves and all(isinstance(leaf, jax.Array) for leaf in leaves), "a leaf of the fit is no array"
    )  # contract E5


STEPS = {
    "jax": "import jax",
    "model": "instance = pytrees.model_from().instance_from_prior_medians()",
    "data": "dataset = pytrees.imaging_from(ag.Galaxies([ag.Galaxy(redshift=0.5, bulge=ag.lp.SersicSph())]))",
    "shuffle": "from autoarray import abstract_ndarray as nd; import random; items = list(nd._declared.items()); "
    "random.shuffle(items); nd._declared.clear(); nd._declared.update(items)",
}
FINISH = (
    "import jax; analysis = ag.AnalysisImaging(dataset, use_jax=True); fit = jax.jit(analysis.fit_from)(instance); "
    "wanted = ag.AnalysisImaging(dataset).fit_from(instance); "
    "print(type(fit) is ag.FitImaging, abs(float(fit.log_likelihood) / wanted.log_likelihood - 1.0) < 1e-10)"
)


def order_of_registration() -> None:
    """In a fresh process ``jit(fit_from)`` works whatever was imported or built first."""
    start = f"import sys; sys.path[:0] = [{str(Path(__file__).parent)!r}]; import pytrees, autogalaxy as ag"
    orders = list(itertools.permutations(STEPS))[::4]
    for order in orders:
        code = "\n".join([start, *(STEPS[step] for step in order), FINISH])
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        check(run.stdout.strip().endswith("True True"), f"{order}: {run.stdout} {run.stderr[-800:]}")
    print(f"{len(orders)} orders of registration: ok")  # contract E7, E8


if __name__ == "__main__":
    import jax

    jax.config.update("jax_enable_x64", True)
    registry()
    building_registers()
    operators_stay_on_jax()
    outputs_of_profiles()
    structures_as_arguments()
    headers_are_not_carried()
    ray_traced_sub_pixels()
    fits()
    order_of_registration()
    print("pytrees: ok")
