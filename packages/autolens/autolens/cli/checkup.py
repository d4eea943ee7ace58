"""What the doctor says of the data before they are fitted."""

from __future__ import annotations

import sys
from pathlib import Path

from autoarray import exc
from autogalaxy.inference.output import write_json
from autolens.cli.json_answer import plain_from
from autolens.cli.observation import Seen
from autolens.cli.wanted import wrapped
from autolens.data_doctor.diagnosis import Diagnosis

FILE = "doctor.json"


def examined(seen: Seen) -> Diagnosis | None:
    """What was found in an observation; ``None`` where it could not be examined, which is said and ends no fit."""
    from autolens.cli.doctor import images_from
    from autolens.data_doctor.examination import examined as diagnosis_from

    try:
        return diagnosis_from(images_from(seen.files, seen.facts, seen.centre))
    except Exception as error:  # whatever a check stumbles over, the fit does not need it
        _say(f"the doctor could not examine the data ({type(error).__name__}: {error}); they are fitted all the same")
        return None


def say_and_judge(diagnosis: Diagnosis | None, name: str, force: bool) -> None:
    """Print what biases a fit; our error where one would mean nothing, unless it is wanted all the same."""
    if diagnosis is None:
        return
    errors = [finding for finding in diagnosis.findings if finding.severity == "error"]
    if errors and not force:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise exc.DatasetException(
            f"the doctor found an error{more}: {errors[0].what} {errors[0].effect} To mend it: {errors[0].mend}. "
            f"autolens doctor says more of {name}; --force fits it as it is."
        )
    told = [finding for finding in diagnosis.findings if finding.severity != "note"]
    for finding in told:
        _say(wrapped(f"doctor: {finding.severity}: {finding.what} To mend it: {finding.mend}."))
    if not told:
        _say("doctor: nothing is wrong with the data")


def write(diagnosis: Diagnosis | None, folder: Path) -> None:
    """Keep what was found beside the results, where the report finds it."""
    if diagnosis is not None:
        write_json(folder / FILE, plain_from(diagnosis.to_dict()))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
