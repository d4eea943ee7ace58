"""What is often left out of the mass of a lens, and what it would gain: external shear, boxiness, another slope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autoarray.type import Array
from autogalaxy.analysis.light_changes import STEP, replaced
from autogalaxy.analysis.score_tests import Change, derivatives_from
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.profiles import mass_profiles as mp
from autolens.lens.tracer import Tracer

ResidualsOf = Callable[[Any], Array]
"""Whitened residuals, ``(n,)``, of an instance."""


def mass_changes_from(residuals_of: ResidualsOf, start: Array, instance: Any, tracer: Tracer) -> Iterator[Change]:
    """Further mass beside that of the nearest plane with mass; the free parameters of the model may contain some."""
    galaxies = [g for g in tracer.galaxies if g.mass_profiles]
    if not galaxies or tracer.total_planes < 2:
        return
    redshift = galaxies[0].redshift

    def beside(profile: Any) -> Array:
        extra = [*(getattr(instance, "extra_galaxies", None) or ()), Galaxy(redshift=redshift, mass=profile)]
        return residuals_of(ModelInstance({**dict(instance.items()), "extra_galaxies": extra}))

    def shear(i: int, step: float) -> Array:
        return beside(mp.ExternalShear(**{("gamma_1", "gamma_2")[i]: step}))

    yield from _change("external shear", derivatives_from(shear, start, (STEP, STEP)), _shear_sentence)
    main = max(galaxies[0].mass_profiles, key=lambda p: float(getattr(p, "einstein_radius", 0.0)))
    radius = float(getattr(main, "einstein_radius", 0.0))
    if radius <= 0.0:
        return

    def wave(i: int, step: float) -> Array:
        comps = (step, 0.0) if i == 0 else (0.0, step)
        return beside(
            mp.PowerLawMultipole(m=4, centre=main.centre, einstein_radius=radius, slope=2.0, multipole_comps=comps)
        )

    yield from _change("boxy or disky mass", derivatives_from(wave, start, (STEP, STEP)), _wave_sentence)
    if type(main) not in (mp.Isothermal, mp.IsothermalSph):
        return

    def steeper(i: int, step: float) -> Array:
        mass = mp.PowerLaw(
            centre=main.centre, ell_comps=main.ell_comps, einstein_radius=main.einstein_radius, slope=2.0 + step
        )
        return residuals_of(replaced(instance, [main], lambda _: mass))

    yield from _change("slope of the mass", derivatives_from(steeper, start, (STEP,)), _slope_sentence)


def _change(name: str, derivatives: Array | None, sentence: Callable[[Array], str]) -> Iterator[Change]:
    if derivatives is not None:
        yield Change(name, derivatives, sentence)


def _shear_sentence(values: Array) -> str:
    gamma = float((values**2).sum() ** 0.5)
    return (
        f"A further external shear of {gamma:.3f} (gamma_1 {values[0]:+.3f}, gamma_2 {values[1]:+.3f}) would fit "
        "better: add al.mp.ExternalShear, or free the one there is"
    )


def _wave_sentence(values: Array) -> str:
    return (
        f"A boxy or disky mass (m = 4, amplitude {float((values**2).sum() ** 0.5):.3f}) would fit better: add "
        "al.mp.PowerLawMultipole(m=4), or a neighbour's mass"
    )


def _slope_sentence(values: Array) -> str:
    return (
        f"A mass of slope {2.0 + float(values[0]):.2f} in place of 2 would fit better: fit al.mp.PowerLaw in place of "
        "the isothermal profile"
    )
