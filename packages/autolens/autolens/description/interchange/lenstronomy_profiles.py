"""Profiles of lenstronomy beside ours. Their amplitudes are per square arc-second, ours per pixel."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autogalaxy import convert, lp, mp
from autolens.description.interchange.lens import NotExpressible, Row

_ELLIPSE = ("e1", "e2", "center_x", "center_y")
_CENTRE = ("center_x", "center_y")


def _place(p: dict[str, float]) -> dict[str, Any]:
    """``centre``, and ``ell_comps`` where there are some."""
    shape = {"ell_comps": convert.ell_comps_from_lenstronomy(p["e1"], p["e2"])} if "e1" in p else {}
    return {"centre": (p["center_y"], p["center_x"]), **shape}


def _their_place(profile: Any, ellipse: bool = True) -> dict[str, float]:
    e1, e2 = convert.lenstronomy_e1_e2_from(profile.ell_comps)
    shape = {"e1": e1, "e2": e2} if ellipse else {}
    return {**shape, "center_x": profile.centre[1], "center_y": profile.centre[0]}


def _ratio(p: dict[str, float]) -> float:
    return float(convert.axis_ratio_from(convert.ell_comps_from_lenstronomy(p["e1"], p["e2"])))


def _axis_ratio(profile: Any) -> float:
    return float(convert.axis_ratio_from(profile.ell_comps))


# ---------------------------------------------------------------------- mass


def _epl(p: dict[str, float], area: float) -> Any:
    radius = convert.einstein_radius_from_intermediate(p["theta_E"], _ratio(p), p["gamma"])
    return mp.PowerLaw(einstein_radius=float(radius), slope=p["gamma"], **_place(p))


def _epl_of(m: Any, area: float) -> dict[str, float]:
    radius = convert.intermediate_einstein_radius_from(m.einstein_radius, _axis_ratio(m), m.slope)
    return {"theta_E": radius, "gamma": m.slope, **_their_place(m)}


def _sie(p: dict[str, float], area: float) -> Any:
    radius = convert.einstein_radius_from_intermediate(p["theta_E"], _ratio(p))
    return mp.Isothermal(einstein_radius=float(radius), **_place(p))


def _sie_of(m: Any, area: float) -> dict[str, float]:
    radius = convert.intermediate_einstein_radius_from(m.einstein_radius, _axis_ratio(m))
    return {"theta_E": radius, **_their_place(m)}


def _nfw(cls: Any, ellipse: bool) -> tuple[Callable[..., Any], Callable[..., Any]]:
    def read(p: dict[str, float], area: float) -> Any:
        kappa_s, radius = convert.nfw_from_lenstronomy(p["alpha_Rs"], p["Rs"], _ratio(p) if ellipse else 1.0)
        return cls(kappa_s=float(kappa_s), scale_radius=float(radius), **_place(p))

    def write(m: Any, area: float) -> dict[str, float]:
        alpha, radius = convert.lenstronomy_nfw_from(m.kappa_s, m.scale_radius, _axis_ratio(m) if ellipse else 1.0)
        return {"Rs": radius, "alpha_Rs": alpha, **_their_place(m, ellipse)}

    return read, write


def _tnfw(p: dict[str, float], area: float) -> Any:
    kappa_s, radius = convert.nfw_from_lenstronomy(p["alpha_Rs"], p["Rs"])
    return mp.NFWTruncatedSph(
        kappa_s=float(kappa_s), scale_radius=float(radius), truncation_radius=p["r_trunc"], **_place(p)
    )


def _tnfw_of(m: Any, area: float) -> dict[str, float]:
    alpha, radius = convert.lenstronomy_nfw_from(m.kappa_s, m.scale_radius)
    return {"Rs": radius, "alpha_Rs": alpha, "r_trunc": m.truncation_radius, **_their_place(m, False)}


def _multipole(p: dict[str, float], area: float) -> Any:
    radius, m = p.get("r_E", 1.0), round(p["m"])
    if m < 2:
        raise NotExpressible(f"a multipole of m = {m}, autolens reads m >= 2")
    first, second = convert.multipole_comps_from(p["a_m"] / radius, phi_m=math.degrees(p["phi_m"]), m=m)
    return mp.PowerLawMultipole(
        m=m, einstein_radius=radius, slope=2.0, multipole_comps=(float(first), float(second)), **_place(p)
    )


def _multipole_of(m: Any, area: float) -> dict[str, float]:
    if m.slope != 2.0 or m.m < 2:
        raise NotExpressible(f"a multipole of m = {m.m} and slope {m.slope:g}, lenstronomy knows m >= 2 and slope 2")
    strength, angle = convert.multipole_k_m_and_phi_m_from(m.multipole_comps, m.m)
    place = {"center_x": m.centre[1], "center_y": m.centre[0]}
    phi_m = math.radians(float(angle))
    return {"m": m.m, "a_m": strength * m.einstein_radius, "phi_m": phi_m, "r_E": m.einstein_radius, **place}


def _pjaffe(p: dict[str, float], area: float) -> Any:
    return mp.dPIEMassB0Sph(ra=p["Ra"], rs=p["Rs"], b0=2.0 * p["sigma0"] * p["Ra"], **_place(p))


def _pjaffe_of(m: Any, area: float) -> dict[str, float]:
    if not 0.0 < m.ra < m.rs:
        raise NotExpressible("its core radius is 0, lenstronomy wants one above 0")
    return {"sigma0": m.b0 / (2.0 * m.ra), "Ra": m.ra, "Rs": m.rs, **_their_place(m, False)}


MASS: tuple[Row, ...] = (
    Row("EPL", mp.PowerLaw, ("theta_E", "gamma", *_ELLIPSE), _epl, _epl_of),
    Row("SIE", mp.Isothermal, ("theta_E", *_ELLIPSE), _sie, _sie_of),
    Row(
        "SIS",
        mp.IsothermalSph,
        ("theta_E", *_CENTRE),
        lambda p, area: mp.IsothermalSph(einstein_radius=p["theta_E"], **_place(p)),
        lambda m, area: {"theta_E": m.einstein_radius, **_their_place(m, False)},
    ),
    Row(
        "SPP",
        mp.PowerLawSph,
        ("theta_E", "gamma", *_CENTRE),
        lambda p, area: mp.PowerLawSph(einstein_radius=p["theta_E"], slope=p["gamma"], **_place(p)),
        lambda m, area: {"theta_E": m.einstein_radius, "gamma": m.slope, **_their_place(m, False)},
    ),
    Row("NFW", mp.NFWSph, ("Rs", "alpha_Rs", *_CENTRE), *_nfw(mp.NFWSph, False)),
    Row("NFW_ELLIPSE_CSE", mp.NFW, ("Rs", "alpha_Rs", *_ELLIPSE), *_nfw(mp.NFW, True)),
    Row("TNFW", mp.NFWTruncatedSph, ("Rs", "alpha_Rs", "r_trunc", *_CENTRE), _tnfw, _tnfw_of),
    Row("PJAFFE", mp.dPIEMassB0Sph, ("sigma0", "Ra", "Rs", *_CENTRE), _pjaffe, _pjaffe_of),
    Row(
        "POINT_MASS",
        mp.PointMass,
        ("theta_E", *_CENTRE),
        lambda p, area: mp.PointMass(einstein_radius=p["theta_E"], **_place(p)),
        lambda m, area: {"theta_E": m.einstein_radius, **_their_place(m, False)},
    ),
    Row("MULTIPOLE", mp.PowerLawMultipole, ("m", "a_m", "phi_m", *_CENTRE), _multipole, _multipole_of),
    Row(
        "SHEAR",
        mp.ExternalShear,
        ("gamma1", "gamma2"),
        lambda p, area: mp.ExternalShear(gamma_1=p["gamma1"], gamma_2=p["gamma2"]),
        lambda m, area: {"gamma1": m.gamma_1, "gamma2": m.gamma_2, "ra_0": 0.0, "dec_0": 0.0},
    ),
    Row(
        "SHEAR_GAMMA_PSI",
        mp.ExternalShear,
        ("gamma_ext", "psi_ext"),
        lambda p, area: mp.ExternalShear(
            *map(float, convert.shear_from_lenstronomy_polar(p["gamma_ext"], p["psi_ext"]))
        ),
    ),
    Row(
        "CONVERGENCE",
        mp.MassSheet,
        ("kappa",),
        lambda p, area: mp.MassSheet(centre=(p.get("dec_0", 0.0), p.get("ra_0", 0.0)), kappa=p["kappa"]),
        lambda m, area: {"kappa": m.kappa, "ra_0": m.centre[1], "dec_0": m.centre[0]},
    ),
)


# ---------------------------------------------------------------------- light


def _sersic(p: dict[str, float], area: float) -> Any:
    cls = lp.Sersic if "e1" in p else lp.SersicSph
    radius, index = p["R_sersic"], p["n_sersic"]
    return cls(intensity=p["amp"] * area, effective_radius=radius, sersic_index=index, **_place(p))


def _sersic_of(index: float | None = None, ellipse: bool = True) -> Callable[[Any, float], dict[str, float]]:
    def write(s: Any, area: float) -> dict[str, float]:
        n = s.sersic_index if index is None else index
        amp = s.intensity / area
        return {"amp": amp, "R_sersic": s.effective_radius, "n_sersic": n, **_their_place(s, ellipse)}

    return write


def _gaussian(p: dict[str, float], area: float) -> Any:
    """Their amplitude is the total light, their sigma is measured on the intermediate axis."""
    intensity = p["amp"] * area / (2.0 * math.pi * p["sigma"] ** 2)
    if "e1" not in p:
        return lp.GaussianSph(intensity=intensity, sigma=p["sigma"], **_place(p))
    return lp.Gaussian(intensity=intensity, sigma=p["sigma"] * math.sqrt(_ratio(p)), **_place(p))


def _gaussian_of(ellipse: bool) -> Callable[[Any, float], dict[str, float]]:
    def write(g: Any, area: float) -> dict[str, float]:
        sigma = g.sigma / math.sqrt(_axis_ratio(g)) if ellipse else g.sigma
        return {"amp": g.intensity / area * 2.0 * math.pi * sigma**2, "sigma": sigma, **_their_place(g, ellipse)}

    return write


_S = ("amp", "R_sersic", "n_sersic")
LIGHT: tuple[Row, ...] = (
    Row("SERSIC_ELLIPSE", lp.Sersic, (*_S, *_ELLIPSE), _sersic, _sersic_of(), is_light=True),
    Row("SERSIC", lp.SersicSph, (*_S, *_CENTRE), _sersic, _sersic_of(ellipse=False), is_light=True),
    Row("SERSIC_ELLIPSE", lp.DevVaucouleurs, (*_S, *_ELLIPSE), _sersic, _sersic_of(4.0), is_light=True),
    Row("SERSIC", lp.DevVaucouleursSph, (*_S, *_CENTRE), _sersic, _sersic_of(4.0, False), is_light=True),
    Row("SERSIC_ELLIPSE", lp.Exponential, (*_S, *_ELLIPSE), _sersic, _sersic_of(1.0), is_light=True),
    Row("SERSIC", lp.ExponentialSph, (*_S, *_CENTRE), _sersic, _sersic_of(1.0, False), is_light=True),
    Row("GAUSSIAN_ELLIPSE", lp.Gaussian, ("amp", "sigma", *_ELLIPSE), _gaussian, _gaussian_of(True), is_light=True),
    Row("GAUSSIAN", lp.GaussianSph, ("amp", "sigma", *_CENTRE), _gaussian, _gaussian_of(False), is_light=True),
)
