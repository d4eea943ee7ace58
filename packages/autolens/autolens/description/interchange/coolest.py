"""Template files of COOLEST: galaxies and mass fields with profiles, angles counted from the positive y-axis.

References
----------
Galan et al. (2023), JOSS 8, 5567.
"""

from __future__ import annotations

from typing import Any

from autoarray import exc
from autogalaxy import convert, lp, mp
from autolens.description.document import shown
from autolens.description.interchange import posterior, rows
from autolens.description.interchange.lens import MOST_PROFILES, Builder, Lens, NotExpressible, Row, number, part_of

_ELLIPSE = ("q", "phi", "center_x", "center_y")
_FIELDS = ("ExternalShear", "ConvergenceSheet")
"""Profiles that stand in a mass field and not in a galaxy."""


def _place(p: dict[str, float]) -> dict[str, Any]:
    e0, e1 = convert.ell_comps_from_coolest(p["q"], p["phi"])
    return {"centre": (p["center_y"], p["center_x"]), "ell_comps": (float(e0), float(e1))}


def _their_place(profile: Any) -> dict[str, Any]:
    q, phi = convert.coolest_q_phi_from(profile.ell_comps)
    return {"q": q, "phi": phi, "center_x": profile.centre[1], "center_y": profile.centre[0]}


def _pemd(p: dict[str, float], area: float) -> Any:
    radius = convert.einstein_radius_from_intermediate(p["theta_E"], p["q"], p["gamma"])
    return mp.PowerLaw(einstein_radius=float(radius), slope=p["gamma"], **_place(p))


def _pemd_of(m: Any, area: float) -> dict[str, Any]:
    place = _their_place(m)
    theta_E = convert.intermediate_einstein_radius_from(m.einstein_radius, place["q"], m.slope)
    return {"theta_E": theta_E, "gamma": m.slope, **place}


def _sie(p: dict[str, float], area: float) -> Any:
    radius = convert.einstein_radius_from_intermediate(p["theta_E"], p["q"])
    return mp.Isothermal(einstein_radius=float(radius), **_place(p))


def _sie_of(m: Any, area: float) -> dict[str, Any]:
    place = _their_place(m)
    return {"theta_E": convert.intermediate_einstein_radius_from(m.einstein_radius, place["q"]), **place}


def _shear_of(m: Any, area: float) -> dict[str, Any]:
    gamma, phi = convert.coolest_shear_from(m.gamma_1, m.gamma_2)
    return {"gamma_ext": gamma, "phi_ext": phi}


def _sheet_of(m: Any, area: float) -> dict[str, Any]:
    if tuple(m.centre) != (0.0, 0.0):
        raise NotExpressible("its centre is not (0, 0), where COOLEST has that of a convergence sheet")
    return {"kappa_s": m.kappa}


def _sersic(p: dict[str, float], area: float) -> Any:
    return lp.Sersic(intensity=p["I_eff"] * area, effective_radius=p["theta_eff"], sersic_index=p["n"], **_place(p))


def _sersic_of(index: float | None = None) -> Any:
    def write(s: Any, area: float) -> dict[str, Any]:
        n = s.sersic_index if index is None else index
        return {"I_eff": s.intensity / area, "theta_eff": s.effective_radius, "n": n, **_their_place(s)}

    return write


_LIGHT = ("I_eff", "theta_eff", "n", *_ELLIPSE)
ROWS: tuple[Row, ...] = (
    Row("SIE", mp.Isothermal, ("theta_E", *_ELLIPSE), _sie, _sie_of),
    Row("SIE", mp.IsothermalSph, ("theta_E", *_ELLIPSE), _sie, _sie_of),
    Row("PEMD", mp.PowerLaw, ("theta_E", "gamma", *_ELLIPSE), _pemd, _pemd_of),
    Row("PEMD", mp.PowerLawSph, ("theta_E", "gamma", *_ELLIPSE), _pemd, _pemd_of),
    Row(
        "ExternalShear",
        mp.ExternalShear,
        ("gamma_ext", "phi_ext"),
        lambda p, area: mp.ExternalShear(*map(float, convert.shear_from_coolest(p["gamma_ext"], p["phi_ext"]))),
        _shear_of,
    ),
    Row("ConvergenceSheet", mp.MassSheet, ("kappa_s",), lambda p, area: mp.MassSheet(kappa=p["kappa_s"]), _sheet_of),
    Row("Sersic", lp.Sersic, _LIGHT, _sersic, _sersic_of(), is_light=True),
    Row("Sersic", lp.SersicSph, _LIGHT, _sersic, _sersic_of(), is_light=True),
    Row("Sersic", lp.DevVaucouleurs, _LIGHT, _sersic, _sersic_of(4.0), is_light=True),
    Row("Sersic", lp.DevVaucouleursSph, _LIGHT, _sersic, _sersic_of(4.0), is_light=True),
    Row("Sersic", lp.Exponential, _LIGHT, _sersic, _sersic_of(1.0), is_light=True),
    Row("Sersic", lp.ExponentialSph, _LIGHT, _sersic, _sersic_of(1.0), is_light=True),
)


def is_coolest(content: Any) -> bool:
    """Whether a JSON object is a template."""
    return isinstance(content, dict) and isinstance(content.get("lensing_entities"), list)


# ---------------------------------------------------------------------- reading


def lens_from(content: dict[str, Any], pixel_scale: float | None = None) -> Lens:
    """The galaxies of a template at point estimates of their parameters; shear goes to a galaxy of its redshift."""
    entities = content["lensing_entities"]
    if len(entities) > MOST_PROFILES:
        raise exc.FileException(f"lensing_entities holds {len(entities)}, wanted at most {MOST_PROFILES}.")
    lens, builder, names = Lens({}, _pixel_scale(content, pixel_scale)), Builder(), {}
    for i, entity in enumerate(entities):
        if not isinstance(entity, dict) or entity.get("type") not in ("Galaxy", "MassField"):
            raise exc.FileException(f"lensing_entities[{i}] is {shown(entity)}, wanted a Galaxy or a MassField.")
        if entity["type"] == "Galaxy":
            redshift = number(entity, "redshift", f"lensing_entities[{i}]")
            names[i] = builder.galaxy(str(entity.get("name", "galaxy")), redshift)
    for i, entity in enumerate(entities):
        redshift = number(entity, "redshift", f"lensing_entities[{i}]")
        if i not in names:
            same = [name for name, z in builder.redshifts.items() if z == redshift]
            names[i] = same[0] if same else builder.galaxy(str(entity.get("name", "field")), redshift)
        for kind in ("light_model", "mass_model"):
            _add_profiles(entity.get(kind) or [], f"{entity.get('name', i)}.{kind}", builder, names[i], lens)
    lens.galaxies = builder.galaxies()
    return lens


def _add_profiles(models: Any, where: str, builder: Builder, galaxy: str, lens: Lens) -> None:
    if not isinstance(models, list) or len(models) > MOST_PROFILES:
        raise exc.FileException(f"{where} is {shown(models)}, wanted a list of profiles.")
    is_light = where.endswith("light_model")
    for i, model in enumerate(models):
        name = model.get("type") if isinstance(model, dict) else None
        if not isinstance(name, str):
            raise exc.FileException(f"{where}[{i}] is {shown(model)}, wanted a profile with a type.")
        table = [row for row in ROWS if row.is_light == is_light]
        key = f"{where}[{i}] ({name})"
        known = next((row for row in table if row.theirs == name), None)
        values = None if known is None else _values_of(model, known.keys, key)
        profile = rows.profile_from(name, values, key, table, lens, ())
        if profile is not None:
            builder.add(galaxy, part_of(profile), profile)


def _values_of(model: dict[str, Any], keys: tuple[str, ...], where: str) -> dict[str, Any]:
    """Point estimates of parameters; the median of the posterior where there is no point estimate."""
    parameters = model.get("parameters")
    found = {}
    for key in keys:
        content = parameters.get(key) if isinstance(parameters, dict) else None
        content = content if isinstance(content, dict) else {}
        for kind, name in (("point_estimate", "value"), ("posterior_stats", "median"), ("posterior_stats", "mean")):
            stored = content.get(kind)
            if isinstance(stored, dict) and stored.get(name) is not None:
                found[key] = stored[name]
                break
        else:
            raise exc.FileException(f"{where} has no value of {key}, wanted a point_estimate.")
    return found


def _pixel_scale(content: dict[str, Any], given: float | None) -> float | None:
    instrument = content.get("instrument")
    if given is not None or not isinstance(instrument, dict) or instrument.get("pixel_size") is None:
        return given
    size = number(instrument, "pixel_size", "instrument")
    return size if size > 0.0 else None


# ---------------------------------------------------------------------- writing


Part = tuple[rows.Written, dict[str, dict[str, float]]]
"""A profile that is written and what is known of the posterior of its parameters."""


def content_from(lens: Lens) -> tuple[dict[str, Any], list[rows.Written]]:
    """A template of the lens with point estimates, and posteriors where there are; and the profiles that are in it."""
    written = rows.written_from(lens, ROWS, "COOLEST")
    statistics = posterior.statistics_from(lens, ROWS)
    parts = [(w, statistics.get(key, {})) for w, (key, _) in zip(written, posterior.numbered(written), strict=True)]
    entities: list[dict[str, Any]] = []
    for name, galaxy in lens.galaxies.items():
        own = [part for part in parts if part[0][0].partition(".")[0] == name]
        models = {
            "light_model": [part for part in own if part[0][1].is_light],
            "mass_model": [part for part in own if not part[0][1].is_light and part[0][1].theirs not in _FIELDS],
        }
        fields = [part for part in own if part[0][1].theirs in _FIELDS]
        redshift = float(galaxy.redshift)
        if models["light_model"] or models["mass_model"] or not fields:
            entities.append(_entity(len(entities), "Galaxy", name, redshift, models))
        if fields:
            entities.append(_entity(len(entities), "MassField", f"{name} field", redshift, {"mass_model": fields}))
    return {**_surroundings(lens), "lensing_entities": entities}, written


def _entity(number_: int, kind: str, name: str, redshift: float, models: dict[str, list[Part]]) -> dict[str, Any]:
    tag = f"{number_}-{kind.lower()}"
    profiles = {
        model: [_profile(f"{tag}-{model.partition('_')[0]}-{i}", *part) for i, part in enumerate(parts)]
        for model, parts in models.items()
    }
    return {"type": kind, "name": name, "redshift": redshift, **profiles}


def _profile(tag: str, item: rows.Written, statistics: dict[str, dict[str, float]]) -> dict[str, Any]:
    _, row, values, _ = item
    tag = f"{tag}-{row.theirs}"
    parameters: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        parameters[key] = {"id": f"{tag}-{key}", "point_estimate": {"value": value}, "prior": {"type": None}}
        if key in statistics:
            parameters[key]["posterior_stats"] = statistics[key]
    return {"id": tag, "type": row.theirs, "parameters": parameters}


def _surroundings(lens: Lens) -> dict[str, Any]:
    """The parts of a template that are no lens, as far as they are known; ``None`` is null, what nobody knows."""
    pixels = {"field_of_view_x": [0.0, 0.0], "field_of_view_y": [0.0, 0.0], "num_pix_x": 0, "num_pix_y": 0}
    return {
        "standard": "COOLEST",
        "mode": "MAP" if lens.draws else "MOCK",
        "meta": {"title": lens.title} if lens.title else {},
        "coordinates_origin": {"ra": "00h00m00s", "dec": "+00d00m00s"},
        "cosmology": {"H0": 67.74, "Om0": 0.3075, "astropy_name": "FlatLambdaCDM"},
        "instrument": {
            "name": "",
            "band": "",
            "pixel_size": lens.pixel_scale,
            "readout_noise": None,
            "psf": {"type": None, "description": None},
        },
        "observation": {
            "pixels": {**pixels, "fits_file": {"path": None}},
            "exposure_time": None,
            "mag_sky_brightness": None,
            "mag_zero_point": None,
            "noise": {"type": None},
        },
    }
