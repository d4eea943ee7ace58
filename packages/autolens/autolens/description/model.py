"""The model of a fit from a TOML description of the lens."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.prior_arithmetic import Operand
from autogalaxy.inference.declared import declared_arguments
from autogalaxy.inference.model import Collection, Model
from autolens.description.document import Table, document_from, shown
from autolens.description.galaxies import Galaxies
from autolens.description.parameters import parameter_from

KEYS = ["title", "pixel_scale", "galaxies", "extra_galaxies", "dataset_model", "assertions", "dataset"]
_COMPARISON = re.compile(r"^\s*([\w.]+)\s*(<=|>=|<|>)\s*([\w.+-]+)\s*$")


def model_from(
    path: str | Path,
    dataset: aa.Imaging | None = None,
    redshift_lens: float | None = None,
    redshift_source: float | None = None,
) -> Collection:
    """The model that the TOML file ``path`` describes.

    Redshifts are those of the galaxies ``lens`` and ``source`` where the file does not say them, that of the lens of
    ``extra_galaxies`` too. The radius of ``dataset`` is that of an ``mge`` without ``mask_radius``.
    """
    redshifts = {"lens": redshift_lens, "source": redshift_source}
    known = {name: value for name, value in redshifts.items() if value is not None}
    radius = None
    if dataset is not None:
        places = dataset.mask.grid_slim
        radius = float(np.max(np.hypot(*(places - np.mean(places, axis=0)).T)))
    top = document_from(path)
    model = collection_from(top, redshifts=known, radius=radius)
    _check_order(model, top)
    return model


def _check_order(model: Collection, top: Table) -> None:
    """Raise where ``source`` is not behind ``lens``, as far as both redshifts are numbers."""
    found = {}
    for name in ("lens", "source"):
        galaxy = getattr(model.galaxies, name, None)
        value = getattr(galaxy, "redshift", None)
        if isinstance(value, int | float):
            found[name] = float(value)
    if len(found) == 2 and found["source"] <= found["lens"]:
        table = top.table("galaxies").table("source")
        place = table.place.at("redshift") if "redshift" in table else table.place
        raise place.error(
            f"is {found['source']:g}, not behind the lens at {found['lens']:g}; wanted galaxies.source.redshift above "
            "galaxies.lens.redshift (what the file leaves out is --redshift-lens and --redshift-source)."
        )


def stated_redshifts_of(path: str | Path) -> list[str]:
    """Names of the galaxies whose redshift the file says."""
    galaxies = document_from(path).table("galaxies")
    return [name for name in galaxies if "redshift" in galaxies.table(name)]


def collection_from(
    top: Table,
    complete: bool = False,
    redshifts: dict[str, float] | None = None,
    radius: float | None = None,
) -> Collection:
    """The model of a document; ``complete`` wants a value or a prior of every parameter."""
    top.only(KEYS)
    if "galaxies" not in top:
        raise top.place.error("has no galaxies, wanted [galaxies.lens] and [galaxies.source].")
    reader = Galaxies(top, complete, redshifts, radius)
    model = Collection(galaxies=reader.collection("galaxies"))
    if "extra_galaxies" in top:
        model.extra_galaxies = reader.collection("extra_galaxies")
    if "dataset_model" in top:
        model.dataset_model = _dataset_model(top, reader)
    for i, text in enumerate(_assertions_of(top)):
        _add_assertion(model, reader, text, top, i)
    return model


def _dataset_model(top: Table, reader: Galaxies) -> Model:
    """``[dataset_model]``: the background and the place of the model on the image."""
    table = top.table("dataset_model")
    declared = declared_arguments(aa.DatasetModel)[0]
    table.only(list(declared))
    values: dict[str, Any] = {name: declared[name].default for name in declared}
    for name in table:
        values[name] = parameter_from(table.get(name), declared[name], None, table.place.at(name), reader.lookup)
    return Model(aa.DatasetModel, **values)


def _assertions_of(top: Table) -> list[str]:
    texts = top.get("assertions", [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise top.place.at("assertions").error('wants a list of comparisons: ["galaxies.lens.mass.slope < 2.2"].')
    return texts


def _add_assertion(model: Collection, reader: Galaxies, text: str, top: Table, number: int) -> None:
    place = top.place.at("assertions", number)
    found = _COMPARISON.match(text)
    if found is None:
        raise place.error(
            f'is {shown(text)}, wanted two keys, or a key and a number: "galaxies.lens.mass.slope < 2.2".'
        )

    def side(said: str) -> Any:
        try:
            return float(said)
        except ValueError:
            value = reader.lookup(said, place)
        if isinstance(value, tuple):
            raise place.error(f"compares {said}, which has {len(value)} numbers, wanted one of them: {said}.0.")
        return value

    left, right = side(found[1]), side(found[3])
    if not (isinstance(left, Operand) or isinstance(right, Operand)):
        raise place.error(f"is {shown(text)}, which compares no free parameter.")
    comparison = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[found[2]]
    try:
        model.add_assertion(comparison, name=text)
    except exc.ModelException as error:
        raise place.error(f"is not possible: {error}") from None
