"""The elliptical NFW deflection where its closed form is a quotient of small numbers, against quadratures."""

from __future__ import annotations

import numpy as np
import pytest

import autoarray as aa
import autogalaxy as ag

FLAT, FLAT_TURNED = (0.6264617471906057, 0.22801342888377923), (-0.42852507312435956, 0.510696295412652)
"""Both with q = 0.2."""
HALF = (0.11400671444188956, 0.3132308735953028)

# (y, x), elliptical components and the (y, x) deflection of kappa_s = 1 and a scale radius of 1: the line integrals of
# Schramm (1990) with 30 digits by mpmath 1.3.
REFERENCES = {
    "tip, outside": ((0.5745676613262403, 0.8188242134659275), FLAT, (0.2038847036412114, 0.28886846917115205)),
    "tip, inside": ((0.5751573827959889, 0.8179229762118608), FLAT, (0.20496733275579038, 0.2881035763709583)),
    "focus, flat": (
        (-0.33510933548810573, 0.9207082561064143),
        FLAT_TURNED,
        (-0.12085910139497005, 0.3320616144471477),
    ),
    "focus": (
        (0.8137976813493395, -0.2961981327261178),
        (-0.21426253656217975, -0.25534814770632597),
        (0.7030326913075237, -0.255882973352157),
    ),
    "near the centre": (
        (-1.448670973023625e-07, 3.301719614370485e-07),
        HALF,
        (-6.666573629906762e-06, 7.1981858144667825e-06),
    ),
    "far out": ((302.3882530103396, -12.702143179590784), HALF, (0.03505515664618769, -0.001905624858583721)),
    "scale radius": (
        (0.8396152422706632, -0.2542562584220407),
        (0.0962250448649376, -0.05555555555555551),
        (1.0223117182249206, -0.40311752125136713),
    ),
}


@pytest.mark.parametrize("name", REFERENCES)
def test_deflection_where_digits_cancel(name: str) -> None:
    """To 5e-15, also where z and W have lost a digit to the flatness; alone and in a grid with points of both forms."""
    point, ell_comps, expected = REFERENCES[name]
    lens = ag.mp.NFW(ell_comps=ell_comps, kappa_s=1.0, scale_radius=1.0)
    for others in ([], [(0.1, 0.1), (3.0, -2.0)]):
        found = lens.deflections_yx_2d_from(aa.Grid2DIrregular([point, *others])).array[0]
        assert np.linalg.norm(found - expected) < 5e-15 * np.linalg.norm(expected)


@pytest.mark.parametrize("ell_comps", [(0.0, 0.0), FLAT])
def test_deflection_vanishes_at_the_centre(ell_comps: tuple[float, float]) -> None:
    """Exactly there, and to less than its value at 1e-10 nearer than that."""
    lens = ag.mp.NFW(ell_comps=ell_comps, kappa_s=1.0, scale_radius=1.0)
    points = aa.Grid2DIrregular([(0.0, 0.0), (1e-13, 1e-13), (0.0, 1e-200), (1e-10, 0.0), (2.0, 1.0)])
    sizes = np.linalg.norm(lens.deflections_yx_2d_from(points).array, axis=1)
    assert sizes[0] == 0.0
    assert np.all(sizes[1:3] < sizes[3])
    assert sizes[3] < 1e-7
